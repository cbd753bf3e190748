"""Notices when a provider stops serving prompts from its cache: the same work then costs several times as much.

Pure. A collapse is defined per provider and model over requests that could have hit: reported counts, a prompt long enough
to be cached, and no break before it. Twelve such requests had at least half of their prompt tokens cached, and the twelve
after them at most a twentieth. Counterpart: `notices.py`.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable
from itertools import islice
from typing import Final, NamedTuple

from tray_app.proxy.events import RequestFinished, RequestStarted
from tray_app.state import Notice, NoticeKind
from tray_app.translation.usage import UsageSource

# Coding agents start up to ten sub-agents at once, each with a first request that nothing is cached for: so more than ten
# misses in a row, and as many requests before them to tell what is usual.
RECENT: Final = 12
GOOD: Final = 0.5  # agents that cache at all have most of their prompt cached, from the second request on
GONE: Final = 0.05
MIN_PROMPT: Final = 4_096  # providers cache from 1,024 to 4,096 tokens on, according to the model
BREAK_S: Final = 300.0  # the shortest time providers keep a prompt: a miss after a pause is what everybody expects
MAX_MODELS: Final = 64  # remembered at once; the one unused for longest goes


class _Sample(NamedTuple):
    prompt: int
    cached: int


class _Past:
    """What is remembered of one provider and model."""

    def __init__(self) -> None:
        self.samples: deque[_Sample] = deque(maxlen=2 * RECENT)
        self.ended_at: float | None = None


class CacheWatch:
    """Judges one finished request after the other."""

    def __init__(self) -> None:
        self._pasts: OrderedDict[tuple[str, str], _Past] = OrderedDict()

    def judge(self, started: RequestStarted, ended: RequestFinished) -> Notice | None:
        """The notice, at the request that completes a collapse; it takes a recovery before there can be another."""
        past = self._past(started)
        after_break = past.ended_at is None or started.at - past.ended_at > BREAK_S
        past.ended_at = ended.at
        sample = _sample(ended)
        if after_break or sample is None:
            return None
        past.samples.append(sample)
        if len(past.samples) < 2 * RECENT:
            return None
        before, now = _rate(islice(past.samples, RECENT)), _rate(islice(past.samples, RECENT, None))
        if before < GOOD or now > GONE:
            return None
        past.samples.clear()
        return Notice(
            kind=NoticeKind.CACHE_COLLAPSED,
            provider_id=started.profile_id,
            provider_name=started.profile_name,
            model=started.upstream_model,
            amount=now,
            reference=before,
            count=RECENT,
        )

    def _past(self, started: RequestStarted) -> _Past:
        key = (started.profile_id, started.upstream_model)
        past = self._pasts.setdefault(key, _Past())
        self._pasts.move_to_end(key)
        if len(self._pasts) > MAX_MODELS:
            self._pasts.popitem(last=False)
        return past


def _sample(ended: RequestFinished) -> _Sample | None:
    usage = ended.usage
    prompt = usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens
    if usage.source is not UsageSource.REPORTED or prompt < MIN_PROMPT:
        return None
    return _Sample(prompt, usage.cache_read_input_tokens)


def _rate(samples: Iterable[_Sample]) -> float:
    kept = list(samples)
    return sum(sample.cached for sample in kept) / sum(sample.prompt for sample in kept)
