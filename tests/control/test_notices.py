"""Which events deserve a notification."""

from __future__ import annotations

from msgspec import structs

from helpers.ui_values import NOON, REJECTED, UNREACHABLE, WORDS, failed, finished, started
from tray_app.control.cache_watch import RECENT
from tray_app.control.notices import BURST, BURST_WINDOW_S, BudgetWatch, NoticePolicy
from tray_app.proxy.events import ErrorInfo, Event, RequestRetried, ServerState, ServerStateChanged
from tray_app.state import NoticeKind, Totals
from tray_app.translation.usage import Usage, UsageSource

BUSY = ErrorInfo(type="rate_limit_error", message="slow down", status=429, fault="upstream", upstream_status=429)


def failures(error: ErrorInfo, *times: float) -> list[Event]:
    """Requests that failed at these times."""
    events: list[Event] = []
    for number, at in enumerate(times):
        events += [started(f"r{number}", at=at), failed(f"r{number}", error, at=at)]
    return events


def test_a_rejected_key_is_said_at_once_in_the_providers_words() -> None:
    """One is enough, for it will not get better by itself."""
    (notice,) = NoticePolicy().feed(failures(REJECTED, NOON))
    assert (notice.kind, notice.provider_name, notice.detail) == (NoticeKind.KEY_REJECTED, "One", WORDS)


def test_one_lost_connection_is_bad_luck_two_are_an_outage() -> None:
    """A success in between begins the count anew."""
    policy = NoticePolicy()
    assert policy.feed(failures(UNREACHABLE, NOON)) == ()
    assert policy.feed([started("ok"), finished("ok")]) == ()
    assert policy.feed(failures(UNREACHABLE, NOON + 1)) == ()
    (notice,) = policy.feed(failures(UNREACHABLE, NOON + 2))
    assert (notice.kind, notice.detail) == (NoticeKind.UPSTREAM_DOWN, "connection refused")


def test_many_errors_within_a_minute_are_a_burst() -> None:
    """The same number spread over more time is not."""
    (notice,) = NoticePolicy().feed(failures(BUSY, *(NOON + second for second in range(BURST))))
    assert (notice.kind, notice.count) == (NoticeKind.ERROR_BURST, BURST)
    assert NoticePolicy().feed(failures(BUSY, *(NOON + n * BURST_WINDOW_S / 2 for n in range(BURST + 3)))) == ()


def test_the_clients_own_doing_is_no_news() -> None:
    """Neither its mistakes nor its leaving."""
    mistake = ErrorInfo(type="invalid_request_error", message="no messages", status=400, fault="client")
    policy = NoticePolicy()
    assert policy.feed(failures(mistake, *[NOON] * 10)) == ()
    assert policy.feed([started("gone"), failed("gone", cancelled=True)]) == ()
    assert policy.feed([failed("never started")]) == ()


def test_a_server_that_cannot_listen_is_said() -> None:
    """With the reason; a stop that was asked for is not news."""
    policy = NoticePolicy()
    (notice,) = policy.feed([ServerStateChanged(at=NOON, state=ServerState.FAILED, error="taken")])
    assert (notice.kind, notice.detail) == (NoticeKind.SERVER_FAILED, "taken")
    assert policy.feed([ServerStateChanged(at=NOON, state=ServerState.STOPPED)]) == ()


def test_prompts_that_are_cached_no_longer_are_said() -> None:
    """Once the requests have shown it; see test_cache_watch.py."""
    hit = Usage(input_tokens=1_000, cache_read_input_tokens=9_000, source=UsageSource.REPORTED)
    miss = Usage(input_tokens=10_000, source=UsageSource.REPORTED)
    policy = NoticePolicy()
    for number in range(RECENT + 1):
        assert policy.feed([started(f"h{number}"), finished(f"h{number}", usage=hit)]) == ()
    said = [policy.feed([started(f"m{n}"), finished(f"m{n}", usage=miss)]) for n in range(RECENT)]
    assert [notice.kind for notices in said for notice in notices] == [NoticeKind.CACHE_COLLAPSED]


def test_the_budget_is_said_once_a_day() -> None:
    """When it is reached, not before; no budget is never reached."""
    watch = BudgetWatch()
    assert watch.judge(Totals(since=NOON, cost_usd=4.99), 5.0) is None
    notice = watch.judge(Totals(since=NOON, cost_usd=5.0), 5.0)
    assert notice is not None
    assert (notice.kind, notice.amount, notice.reference) == (NoticeKind.BUDGET_REACHED, 5.0, 5.0)
    assert watch.judge(Totals(since=NOON, cost_usd=6.0), 5.0) is None
    assert watch.judge(Totals(since=NOON + 86_400, cost_usd=5.0), 5.0) is not None
    assert watch.judge(Totals(since=NOON, cost_usd=6.0), 0.0) is None


def test_another_provider_that_takes_over_is_said() -> None:
    """With both ids and the reason; another attempt at the same provider is no news."""
    policy = NoticePolicy()
    again = RequestRetried(at=NOON, id="r", attempt=2, profile_id="one", reason="closed")
    (notice,) = policy.feed([started("r"), again, structs.replace(again, attempt=3, profile_id="two", reason="503")])
    assert (notice.kind, notice.provider_id, notice.substitute_id) == (NoticeKind.FAILED_OVER, "one", "two")
    assert (notice.request_id, notice.detail) == ("r", "503")
    assert policy.feed([RequestRetried(at=NOON, id="unknown", attempt=2, profile_id="two", reason="")]) == ()
