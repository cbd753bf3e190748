"""When prompt caching has collapsed, and what only looks like it."""

from __future__ import annotations

from itertools import count

import pytest

from helpers.ui_values import NOON, finished, started
from tray_app.control.cache_watch import BREAK_S, MAX_MODELS, MIN_PROMPT, RECENT, CacheWatch
from tray_app.state import Notice, NoticeKind
from tray_app.translation.usage import Usage, UsageSource

PROMPT = 50_000


class Client:
    """A client that asks every ten seconds and looks at what the watch says."""

    def __init__(self) -> None:
        self.watch = CacheWatch()
        self.at = NOON
        self._ids = count()

    def asks(
        self, times: int, cached: float, prompt: int = PROMPT, pause_s: float = 10.0, **fields: str
    ) -> list[Notice]:
        """The notices after so many requests of which this share was cached."""
        source = UsageSource(fields.pop("source", "reported"))
        read = round(prompt * cached)
        usage = Usage(input_tokens=prompt - read, cache_read_input_tokens=read, source=source)
        said = []
        for _ in range(times):
            self.at += pause_s
            name = str(next(self._ids))
            said.append(self.watch.judge(started(name, self.at, **fields), finished(name, self.at + 5, usage=usage)))
        return [notice for notice in said if notice is not None]


def test_a_collapse_is_said_once_with_what_was_and_what_is() -> None:
    """At the request that completes it, and not again while it lasts."""
    client = Client()
    assert client.asks(RECENT + 1, 0.9) == []
    assert client.asks(RECENT - 1, 0.0) == []
    (notice,) = client.asks(1, 0.0)
    assert (notice.kind, notice.provider_name, notice.model) == (NoticeKind.CACHE_COLLAPSED, "One", "up-x")
    assert (notice.amount, notice.reference, notice.count) == (0.0, pytest.approx(0.9), RECENT)
    assert client.asks(5 * RECENT, 0.0) == []


def test_after_a_recovery_it_may_be_said_again() -> None:
    """Twelve good requests are a recovery."""
    client = Client()
    for _ in range(2):
        client.asks(RECENT + 1, 0.9)
        assert len(client.asks(RECENT, 0.0)) == 1


def test_who_never_cached_has_not_lost_anything() -> None:
    """Neither nothing nor little is a good level."""
    client = Client()
    client.asks(RECENT + 1, 0.3)
    assert client.asks(3 * RECENT, 0.0) == []


def test_ten_new_agents_at_once_are_no_collapse() -> None:
    """Their first requests hit nothing, their second ones do."""
    client = Client()
    client.asks(2 * RECENT, 0.9)
    assert client.asks(10, 0.0) == []
    assert client.asks(RECENT, 0.9) == []


def test_what_could_not_hit_says_nothing() -> None:
    """A short prompt, an estimate, and whatever comes after a break."""
    client = Client()
    client.asks(RECENT + 1, 0.9)
    assert client.asks(3 * RECENT, 0.0, prompt=MIN_PROMPT - 1) == []
    assert client.asks(3 * RECENT, 0.0, source="estimated") == []
    assert client.asks(3 * RECENT, 0.0, pause_s=BREAK_S + 6) == []
    assert len(client.asks(RECENT, 0.0)) == 1, "but these do"


def test_models_and_providers_are_judged_apart() -> None:
    """Half of the misses at each is not enough for either."""
    client = Client()
    for fields in ({}, {"upstream_model": "other"}, {"profile_id": "two"}):
        client.asks(RECENT + 1, 0.9, **fields)
    for fields in ({}, {"upstream_model": "other"}, {"profile_id": "two"}):
        assert client.asks(RECENT - 1, 0.0, **fields) == []


def test_what_is_remembered_is_bounded() -> None:
    """The model unused for longest is forgotten."""
    client = Client()
    client.asks(RECENT + 1, 0.9, pause_s=0.1)
    for number in range(MAX_MODELS):
        client.asks(1, 0.9, upstream_model=f"m{number}", pause_s=0.1)
    assert client.asks(RECENT, 0.0, pause_s=0.1) == []
