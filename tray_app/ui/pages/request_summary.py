"""One request at a glance: how long it took, what it cost in tokens, what was lost, what went wrong.

An error is shown in four parts: what it means, what to do, the provider's own words, and how often it happened.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tray_app.ui import text, theme
from tray_app.ui.loss_text import loss
from tray_app.ui.models.request_log import RUNNING, RequestRow, RowState
from tray_app.ui.models.request_words import client_name, cost, model_pair, output_tokens, speed, tokens
from tray_app.ui.text import translate
from tray_app.ui.timeline import Timeline
from tray_app.ui.widgets import Panel, Quote, clear, facts_layout, show_facts, wrapped


class FailureCard(Panel):
    """Explains an error."""

    def __init__(self) -> None:
        super().__init__("failure", pad=12)
        self._title = theme.heading("", 1.1)
        self._title.setWordWrap(True)
        self._often = theme.muted()
        self._meaning = wrapped()
        self._advice = wrapped()
        self._label = theme.muted()
        self.words = Quote()
        for widget in (self._title, self._meaning, self._advice, self._label, self.words, self._often):
            self.box.addWidget(widget)

    def show_row(self, request: RequestRow, same: list[RequestRow]) -> None:
        """Show the error of a failed request; `same` are the requests that failed alike, itself included."""
        error = request.error
        self.setVisible(error is not None)
        if error is None:
            return
        cancelled = request.state is RowState.CANCELLED
        explanation = text.explain(error, cancelled=cancelled)
        self._title.setText(explanation.title)
        self._meaning.setText(explanation.meaning)
        self._advice.setText(explanation.advice)
        self._label.setText(_origin(request))
        self.words.show_words(error.upstream_text or error.message)
        first_at = same[0].started.at if same else request.started.at
        self._often.setText(text.how_often(max(1, len(same)), first_at))


class RequestSummary(QScrollArea):
    """What happened at the left, the figures at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(translate("Requests", "Summary of the request"))
        self.failure = FailureCard()
        self.timeline = Timeline()
        self._waiting = theme.muted()
        self._facts = facts_layout()
        self._losses = QVBoxLayout()
        self._shown_losses: tuple[str, ...] = ()
        self._build()

    def show_row(self, request: RequestRow, same: list[RequestRow]) -> None:
        """Show this request; `same` are those that failed alike."""
        self.failure.show_row(request, same)
        self._waiting.setText(_present(request))
        self._waiting.setVisible(request.state in RUNNING)
        self.timeline.show_times(request.headers_s, request.first_token_s, request.total_s)
        show_facts(self._facts, facts(request))
        if request.losses != self._shown_losses:
            self._shown_losses = request.losses
            self._show_losses(request.losses)

    def _build(self) -> None:
        body = QWidget()
        body.setObjectName("plain")
        column = QVBoxLayout()
        column.setSpacing(theme.GAP)
        column.addWidget(self._waiting)
        column.addWidget(self.timeline)
        column.addWidget(self.failure)
        column.addLayout(self._losses)
        column.addStretch(1)
        sides = QHBoxLayout(body)
        sides.setContentsMargins(0, theme.GAP, theme.GAP, 0)
        sides.setSpacing(2 * theme.PAD)
        sides.addLayout(column, 3)
        figures = QVBoxLayout()
        figures.addLayout(self._facts)
        figures.addStretch(1)
        sides.addLayout(figures, 2)
        self.setWidget(body)

    def _show_losses(self, losses: tuple[str, ...]) -> None:
        clear(self._losses)
        if losses:
            self._losses.addWidget(theme.heading(translate("Requests", "Not carried over in translation")))
        for note in losses:
            line = wrapped("•  " + loss(note))
            line.setToolTip(note)
            self._losses.addWidget(line)


def facts(request: RequestRow) -> list[tuple[str, str]]:
    """Names and values for the list of facts; what is not known is left out."""
    usage, started = request.usage, request.started
    known = usage.source.value != "unknown"
    source = {
        "reported": translate("Requests", "reported by the provider"),
        "estimated": translate("Requests", "estimated"),
    }.get(usage.source.value, "")
    written = tokens(request, usage.cache_creation_input_tokens) if usage.cache_creation_input_tokens else ""
    thinking = tokens(request, usage.thinking_tokens) if usage.thinking_tokens else ""
    pairs = (
        (translate("Requests", "Provider"), started.profile_name),
        (translate("Requests", "Model"), model_pair(request)),
        (translate("Requests", "Client"), client_name(started.client)),
        (translate("Requests", "Tokens per second"), speed(request)),
        (translate("Requests", "Input"), tokens(request, usage.input_tokens)),
        (translate("Requests", "Input from cache"), tokens(request, usage.cache_read_input_tokens)),
        (translate("Requests", "Input written to cache"), written),
        (translate("Requests", "Output"), output_tokens(request)),
        (translate("Requests", "Output that was thinking"), thinking),
        (translate("Requests", "Token counts"), source if known else ""),
        (translate("Requests", "Cost"), cost(request)),
        (translate("Requests", "Stop reason"), request.stop_reason or ""),
        (translate("Requests", "Attempts"), str(request.attempts) if request.attempts > 1 else ""),
        (translate("Requests", "Tried again because"), "\n".join(request.retries)),
        (translate("Requests", "Request"), started.id),
    )
    return [(name, value) for name, value in pairs if value not in {"", text.NOTHING}]


def error_report(request: RequestRow) -> str:
    """The error as plain text, to be sent to somebody who can help: no key, no prompt."""
    error = request.error
    if error is None:
        return ""
    explanation = text.explain(error, cancelled=request.state is RowState.CANCELLED)
    lines = [explanation.title, explanation.meaning, explanation.advice, "", _origin(request) + ":"]
    lines += [error.upstream_text or error.message, ""]
    return "\n".join(lines + [f"{name}: {value}" for name, value in facts(request)])


def _present(request: RequestRow) -> str:
    """What a running request waits for."""
    if request.state is RowState.STREAMING:
        return translate("Requests", "The answer is being written.")
    if request.headers_s is not None:
        return translate("Requests", "%1 has accepted the request; the first token has not come yet.").replace(
            "%1", request.started.profile_name
        )
    return translate("Requests", "Sent to %1; nothing has come back yet.").replace("%1", request.started.profile_name)


def _origin(request: RequestRow) -> str:
    error = request.error
    if error is not None and error.upstream_text:
        words = translate("Requests", "In the words of %1").replace("%1", request.started.profile_name)
        return f"{words} ({error.upstream_status})" if error.upstream_status else words
    return translate("Requests", "In Dragoman's words")
