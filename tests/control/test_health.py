"""The marks beside the providers."""

from __future__ import annotations

from dataclasses import replace

from helpers.ui_values import NOON, REJECTED, failed, finished, started
from tray_app.control.health import HealthBook
from tray_app.proxy.events import (
    RequestRetried,
    ServerState,
    ServerStateChanged,
    TrialOutcome,
    TrialReport,
    TrialStep,
)
from tray_app.state import UNTESTED, Health, HealthKind

GOOD = TrialReport(steps=(TrialStep(name="key", outcome=TrialOutcome.OK),))
BAD = TrialReport(steps=(TrialStep(name="key", outcome=TrialOutcome.FAILED, words="401: bad"), TrialStep(name="model")))


def mark(book: HealthBook, profile_id: str = "one") -> Health:
    """What the list would show."""
    return book.marks.get(profile_id, UNTESTED)


def test_requests_make_the_mark() -> None:
    """A success clears it; failures are counted from the first one on."""
    book = HealthBook()
    assert mark(book) == UNTESTED
    book.feed([started("a"), finished("a")])
    assert mark(book) == Health(kind=HealthKind.OK, since=NOON)
    book.feed([started("b"), failed("b", at=NOON + 5), started("c"), failed("c", at=NOON + 9)])
    failing = mark(book)
    assert (failing.kind, failing.since, failing.failures) == (HealthKind.FAILING, NOON + 5, 2)
    assert failing.words.startswith("401: ")
    book.feed([started("d"), finished("d", at=NOON + 20)])
    assert mark(book) == Health(kind=HealthKind.OK, since=NOON + 20)


def test_a_busy_day_changes_nothing() -> None:
    """The mark of a provider that works stays the same value."""
    book = HealthBook()
    book.feed([started("a"), finished("a")])
    before = book.marks
    book.feed([started("b"), finished("b", at=NOON + 60)])
    assert book.marks == before


def test_what_is_not_the_providers_fault_says_nothing() -> None:
    """The client's mistakes, cancelled requests, counts, and requests whose start was never seen."""
    book = HealthBook()
    book.feed([started("a"), failed("a", error=_by_client()), started("b"), failed("b", cancelled=True)])
    book.feed([started("c", route="count_tokens"), failed("c"), failed("lost"), finished("lost")])
    assert dict(book.marks) == {}


def _by_client() -> object:
    return type(REJECTED)(type="invalid_request_error", message="bad", status=400, fault="client")


def test_a_failover_speaks_for_both_providers() -> None:
    """The first one failed, the second one answered; a mere retry is not yet a failure."""
    book = HealthBook()
    again = RequestRetried(at=NOON, id="a", attempt=2, profile_id="one", reason="connection refused")
    book.feed([started("a"), again])
    assert mark(book) == UNTESTED
    book.feed([RequestRetried(at=NOON, id="a", attempt=3, profile_id="two", reason="on fire"), finished("a")])
    assert (mark(book).kind, mark(book).words) == (HealthKind.FAILING, "on fire")
    assert mark(book, "two").kind is HealthKind.OK


def test_tests_make_the_mark_too() -> None:
    """With the provider's words, or the name of the question."""
    book = HealthBook()
    book.note_trial("one", BAD, NOON)
    assert mark(book) == Health(kind=HealthKind.FAILING, tested=True, since=NOON, failures=1, words="401: bad")
    book.note_trial("one", GOOD, NOON + 1)
    assert mark(book) == Health(kind=HealthKind.OK, tested=True, since=NOON + 1)
    silent = TrialReport(steps=(TrialStep(name="reachable", outcome=TrialOutcome.FAILED),))
    book.note_trial("one", silent, NOON)
    assert mark(book).words == "reachable"
    book.forget("one")
    assert mark(book) == UNTESTED
    assert replace(mark(book), tested=True) != UNTESTED


def test_requests_that_a_stop_ended_are_forgotten() -> None:
    """Their late end is nobody's fault."""
    book = HealthBook()
    book.feed([started("a"), ServerStateChanged(at=NOON, state=ServerState.STOPPED), failed("a")])
    assert dict(book.marks) == {}
