"""The memory of refusals."""

from __future__ import annotations

from yarl import URL

from tray_app.proxy.exchange.memo import ENTRIES_MAX, KEEP_S, RefusalMemo
from tray_app.translation.errors import ApiError, invalid

ENDPOINT = URL("http://h/v1")


def test_r_err_11_a_400_is_remembered_for_its_very_request_and_not_for_long() -> None:
    """Another body, another URL or ten seconds later: asked again."""
    memo, error = RefusalMemo(), invalid("", "no")
    memo.remember(ENDPOINT, b"body", error, now=100.0)
    assert memo.recall(ENDPOINT, b"body", now=100.0 + KEEP_S - 0.1) is error
    assert memo.recall(ENDPOINT, b"other", now=100.0) is None
    assert memo.recall(URL("http://h/v2"), b"body", now=100.0) is None
    assert memo.recall(ENDPOINT, b"body", now=100.0 + KEEP_S) is None


def test_only_a_400_is_remembered() -> None:
    """Anything else may pass the next time."""
    memo = RefusalMemo()
    memo.remember(ENDPOINT, b"body", ApiError("rate_limit_error", "slow"), now=0.0)
    assert memo.recall(ENDPOINT, b"body", now=0.0) is None


def test_the_memory_is_bounded() -> None:
    """The oldest goes first."""
    memo = RefusalMemo()
    for number in range(ENTRIES_MAX + 1):
        memo.remember(ENDPOINT, b"%d" % number, invalid("", "no"), now=0.0)
    assert memo.recall(ENDPOINT, b"0", now=0.0) is None
    assert memo.recall(ENDPOINT, b"1", now=0.0) is not None
