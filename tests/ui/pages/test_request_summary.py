"""One request at a glance."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from helpers.ui_values import NOON, REJECTED, WORDS, failed, finished, started
from tray_app.proxy.events import ErrorInfo, RequestRefused
from tray_app.translation.usage import Usage
from tray_app.ui import text
from tray_app.ui.models.request_log import RequestLog
from tray_app.ui.pages.request_summary import RequestSummary, facts


@pytest.fixture
def detail(qtbot: QtBot) -> RequestSummary:
    """The pane."""
    made = RequestSummary()
    qtbot.addWidget(made)
    return made


def log_of(*events: object) -> RequestLog:
    """A log after these events."""
    log = RequestLog()
    log.feed(events)  # type: ignore[arg-type]
    return log


def read(detail: RequestSummary) -> str:
    """Every word that is shown."""
    from PySide6.QtWidgets import QLabel

    labels = [label for label in detail.findChildren(QLabel) if label.isVisibleTo(detail)]
    return "\n".join(label.text().replace("\u200b", "") for label in labels)


def test_an_error_has_meaning_advice_words_and_count(detail: RequestSummary) -> None:
    """The four parts, and the provider's words are exactly its own."""
    log = log_of(started("a"), failed("a"), started("b"), failed("b"))
    detail.show_row(log[0], log.same_errors(log[0]))
    shown = read(detail)
    explanation = text.explain(REJECTED)
    for part in (explanation.title, explanation.meaning, explanation.advice, WORDS, "In the words of One (401)"):
        assert part in shown
    assert f"2 times since {text.clock_time(NOON)}" in shown


def test_without_words_of_the_provider_ours_are_shown(detail: RequestSummary) -> None:
    """And called ours."""
    local = ErrorInfo(type="api_error", message="the keyring is locked", status=500, fault="local")
    log = log_of(started("a"), failed("a", local))
    detail.show_row(log[0], log.same_errors(log[0]))
    assert "In Dragoman's words" in read(detail)
    assert "the keyring is locked" in read(detail)


def test_words_are_never_rendered(detail: RequestSummary) -> None:
    """A provider's HTML stays text."""
    markup = "<b>bold</b><img src='http://example.com/x.png'>"
    log = log_of(started("a"), failed("a", ErrorInfo(type="api_error", message=markup, status=500, fault="upstream")))
    detail.show_row(log[0], [])
    assert markup in read(detail)


def test_a_good_request_shows_no_error_and_its_losses(detail: RequestSummary) -> None:
    """Also after a bad one was shown."""
    log = log_of(started("a"), failed("a"), started("b"), finished("b", losses=("tools.web: dropped",)))
    detail.show_row(log[1], [])
    detail.show_row(log[0], [])
    shown = read(detail)
    assert "Key rejected" not in shown
    assert "Tools (web): dropped" in shown
    assert "claude-x" in shown


def test_facts_are_what_is_known() -> None:
    """Numbers with their source; the unknown is left out."""
    log = log_of(started("a"), finished("a", attempts=2), started("b"))
    names = dict(facts(log[1]))
    assert names["Model"] == "claude-x → up-x"
    assert names["Token counts"] == "reported by the provider"
    assert (names["Input"], names["Input from cache"], names["Output"]) == ("1.0k", "3.0k", "200")
    assert names["Attempts"] == "2"
    assert dict(facts(log[0])).keys() == {"Provider", "Model", "Client", "Request"}


def test_unknown_usage_claims_nothing() -> None:
    """No zero that nobody counted."""
    log = log_of(started("a"), finished("a", usage=Usage()))
    assert not {"Input", "Output", "Token counts"} & dict(facts(log[0])).keys()


def test_a_refused_request_says_which_lock(detail: RequestSummary) -> None:
    """There is no model to be its title."""
    log = log_of(RequestRefused(at=NOON, id="x", status=403, reason="this Host is not loopback", client="curl/8"))
    detail.show_row(log[0], log.same_errors(log[0]))
    shown = read(detail)
    assert "Refused at the door" in shown
    assert "this Host is not loopback" in shown


def test_a_cancelled_request_asks_for_nothing(detail: RequestSummary) -> None:
    """The client went away."""
    log = log_of(started("a"), failed("a", cancelled=True))
    detail.show_row(log[0], [])
    assert "Nothing to do." in read(detail)
