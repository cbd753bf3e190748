"""The words for states and errors, and the formats of numbers; those for problems and notices are in `problem_text.py`.

Views ask here; nothing here knows a widget. Every sentence goes through Qt's translation, at the time it is asked for,
so that a change of language needs no restart. Error texts say what it means and what to do; the provider's own words are
never rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from tray_app.proxy.events import ErrorInfo, ServerState
from tray_app.state import AppState, Totals

translate = QCoreApplication.translate

APP_NAME: Final = "Dragoman"
SEPARATOR: Final = " · "
NOTHING: Final = "–"


# --- numbers


def count(number: int) -> str:
    """A number of tokens or requests that fits a narrow column: 999, 1.2k, 34k, 1.5M."""
    if number < 1_000:
        return str(number)
    for limit, divisor, unit in ((1_000_000, 1_000, "k"), (1_000_000_000, 1_000_000, "M")):
        if number < limit * 0.9995:
            scaled = number / divisor
            return f"{scaled:.1f}{unit}" if scaled < 9.95 else f"{scaled:.0f}{unit}"
    return f"{number / 1_000_000_000:.1f}G"


def seconds(value: float | None) -> str:
    """A duration: 340 ms, 4.2 s, 1 min 05 s."""
    if value is None:
        return NOTHING
    if value < 0.9995:
        return f"{value * 1000:.0f} ms"
    if value < 59.95:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest:02d} s"


def elapsed(value: float) -> str:
    """The age of something that goes on, calmer than `seconds`: 4 s, 1 min 05 s."""
    whole = max(0, int(value))
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02d} s"


def money(dollars: float) -> str:
    """An amount that keeps two figures however small it is: $12.40, $0.31, $0.0042."""
    if dollars >= 0.095 or dollars == 0:
        return f"${dollars:.2f}"
    return f"${dollars:.4f}" if dollars >= 0.00095 else "<$0.001"


def percent(share: float) -> str:
    """A share of 0 to 1; a little more than nothing is not shown as nothing."""
    return "<1 %" if 0 < share < 0.01 else f"{share * 100:.0f} %"


def clock_time(at: float) -> str:
    """The local time of a Unix time, to the second."""
    return datetime.fromtimestamp(at).strftime("%H:%M:%S")  # noqa: DTZ006 - shown to a person, in their own zone


# --- states


def server_state(state: ServerState) -> str:
    """One word for the state of the listener."""
    return {
        ServerState.STOPPED: translate("State", "Stopped"),
        ServerState.STARTING: translate("State", "Starting…"),
        ServerState.RUNNING: translate("State", "Running"),
        ServerState.DRAINING: translate("State", "Finishing…"),
        ServerState.FAILED: translate("State", "Not running"),
    }[state]


def status_line(state: AppState) -> str:
    """The first line of the menu: ``Running on 127.0.0.1:8417 · OpenRouter``."""
    if not state.ready:
        return server_state(ServerState.STARTING)
    parts = [server_state(state.server)]
    if state.server is ServerState.RUNNING and state.address:
        parts = [translate("State", "Running on %1").replace("%1", state.address)]
    if state.active is not None:
        parts.append(state.active.name)
    return SEPARATOR.join(parts)


def running_requests(number: int) -> str:
    """How many requests are being answered right now."""
    if number == 1:
        return translate("State", "1 request running")
    return translate("State", "%1 requests running").replace("%1", str(number))


def tooltip(state: AppState) -> str:
    """State, provider, requests running; the last error while it is unresolved."""
    lines = [APP_NAME, status_line(state)]
    if state.running:
        lines.append(running_requests(state.running))
    if state.last_error is not None and not state.last_error.resolved:
        lines.append(error_title(state.last_error.error))
    return "\n".join(lines)


def totals(today: Totals) -> str:
    """The day in one line. A tilde marks sums that contain estimates; without any price there is no cost."""
    since = translate("Totals", "Today")
    if not today.since_midnight:
        # Nothing is known of the hours before the program started: do not call it the whole day.
        start = datetime.fromtimestamp(today.since).strftime("%H:%M")  # noqa: DTZ006
        since = translate("Totals", "Since %1").replace("%1", start)
    if not today.requests:
        return since + ": " + translate("Totals", "no requests yet")
    about = "~" if today.estimated else ""
    requests = translate("Totals", "1 request") if today.requests == 1 else translate("Totals", "%1 requests")
    tokens = translate("Totals", "%1 in, %2 out")
    tokens = tokens.replace("%1", about + count(today.input_tokens)).replace("%2", about + count(today.output_tokens))
    parts = [since + ": " + requests.replace("%1", count(today.requests)), tokens]
    if today.unpriced < today.requests:
        parts.append(about + money(today.cost_usd))
        if today.unpriced:
            parts[-1] += " " + translate("Totals", "+ %1 without a price").replace("%1", count(today.unpriced))
    return SEPARATOR.join(parts)


# --- errors


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error in three parts: a short title, what it means, what to do."""

    title: str
    meaning: str
    advice: str


_CONTEXT: Final = "Errors"
# (title, meaning, advice) by our error type; "unreachable" and "protocol" are told apart from it by `error_key`.
_EXPLANATIONS: Final[dict[str, tuple[object, object, object]]] = {
    "authentication_error": (
        QT_TRANSLATE_NOOP("Errors", "Key rejected"),
        QT_TRANSLATE_NOOP("Errors", "The provider does not accept the key this profile sends."),
        QT_TRANSLATE_NOOP("Errors", "Open Providers, choose Edit, paste a new key and press Test."),
    ),
    "permission_error": (
        QT_TRANSLATE_NOOP("Errors", "Not allowed"),
        QT_TRANSLATE_NOOP("Errors", "The key is valid, but it may not use this model or this region."),
        QT_TRANSLATE_NOOP("Errors", "Check what the key may do on the provider's site, or map to another model."),
    ),
    "billing_error": (
        QT_TRANSLATE_NOOP("Errors", "No credit left"),
        QT_TRANSLATE_NOOP("Errors", "The provider wants to be paid before it answers again."),
        QT_TRANSLATE_NOOP("Errors", "Add credit on the provider's site, or switch to another provider."),
    ),
    "not_found_error": (
        QT_TRANSLATE_NOOP("Errors", "Model or address not found"),
        QT_TRANSLATE_NOOP("Errors", "The provider does not know this model, or the base URL is not its API."),
        QT_TRANSLATE_NOOP("Errors", "Compare the model names and the base URL with the provider's documentation."),
    ),
    "rate_limit_error": (
        QT_TRANSLATE_NOOP("Errors", "Too many requests"),
        QT_TRANSLATE_NOOP("Errors", "The provider's limit for this key is reached for now."),
        QT_TRANSLATE_NOOP("Errors", "The client will try again by itself. If it goes on, switch to another provider."),
    ),
    "overloaded_error": (
        QT_TRANSLATE_NOOP("Errors", "Provider overloaded"),
        QT_TRANSLATE_NOOP(
            "Errors", "The provider has more requests than it can answer. Nothing is wrong on your side."
        ),
        QT_TRANSLATE_NOOP("Errors", "The client will try again by itself. If it goes on, switch to another provider."),
    ),
    "timeout_error": (
        QT_TRANSLATE_NOOP("Errors", "No answer in time"),
        QT_TRANSLATE_NOOP("Errors", "The provider accepted the request and then went silent."),
        QT_TRANSLATE_NOOP("Errors", "Try again. If it goes on, try another model or raise the profile's time limits."),
    ),
    "request_too_large": (
        QT_TRANSLATE_NOOP("Errors", "Request too large"),
        QT_TRANSLATE_NOOP("Errors", "The conversation or an attachment is larger than the provider accepts."),
        QT_TRANSLATE_NOOP("Errors", "Shorten the conversation (in Claude Code: /compact) or leave attachments out."),
    ),
    "invalid_request_error": (
        QT_TRANSLATE_NOOP("Errors", "Request refused"),
        QT_TRANSLATE_NOOP("Errors", "The provider found something in the request that it does not accept."),
        QT_TRANSLATE_NOOP("Errors", "Read its words below: often the model lacks a feature, or a field is too large."),
    ),
    "api_error": (
        QT_TRANSLATE_NOOP("Errors", "Provider failed"),
        QT_TRANSLATE_NOOP("Errors", "Something broke at the provider while it answered."),
        QT_TRANSLATE_NOOP("Errors", "Try again. If it goes on, look at the provider's status page."),
    ),
    "unreachable": (
        QT_TRANSLATE_NOOP("Errors", "Provider not reachable"),
        QT_TRANSLATE_NOOP("Errors", "No connection to the provider could be made, or it broke off."),
        QT_TRANSLATE_NOOP("Errors", "Check the network, a VPN, the profile's base URL and its network mode."),
    ),
    "protocol": (
        QT_TRANSLATE_NOOP("Errors", "Answer not understood"),
        QT_TRANSLATE_NOOP("Errors", "The provider answered with something that is not its own protocol."),
        QT_TRANSLATE_NOOP("Errors", "Check that the base URL is the provider's API and not a web page or a login."),
    ),
    "local": (
        QT_TRANSLATE_NOOP("Errors", "Trouble on this computer"),
        QT_TRANSLATE_NOOP("Errors", "Dragoman itself could not do its part; the provider was not asked."),
        QT_TRANSLATE_NOOP("Errors", "Read the message below; it names what is missing."),
    ),
    "refused": (
        QT_TRANSLATE_NOOP("Errors", "Refused at the door"),
        QT_TRANSLATE_NOOP("Errors", "One of Dragoman's own locks turned the request away; no provider was asked."),
        QT_TRANSLATE_NOOP("Errors", "If it was your own client, copy the setup from the tray menu again."),
    ),
    "cancelled": (
        QT_TRANSLATE_NOOP("Errors", "Cancelled"),
        QT_TRANSLATE_NOOP("Errors", "The client went away before the answer was complete."),
        QT_TRANSLATE_NOOP("Errors", "Nothing to do."),
    ),
}


def error_key(error: ErrorInfo) -> str:
    """Which explanation fits: by whose fault first, then by the type of the error."""
    if error.fault in {"local", "protocol"}:
        return error.fault
    if error.fault == "upstream" and error.upstream_status is None and error.type != "timeout_error":
        return "unreachable"
    return error.type if error.type in _EXPLANATIONS else "api_error"


def explain(error: ErrorInfo, *, cancelled: bool = False) -> Explanation:
    """The error for a person."""
    parts = _EXPLANATIONS["cancelled" if cancelled else error_key(error)]
    return Explanation(*(translate(_CONTEXT, str(part)) for part in parts))


def error_title(error: ErrorInfo) -> str:
    """A few words, with the provider's status if it gave one."""
    title = explain(error).title
    return title if error.upstream_status is None else f"{title} ({error.upstream_status})"


def short_error_title(error: ErrorInfo | None) -> str:
    """The title of an error without its status, for where the status stands beside it."""
    return NOTHING if error is None else explain(error).title


def how_often(number: int, first_at: float) -> str:
    """How many times the same error is in the log."""
    if number == 1:
        return translate("Errors", "Once")
    since = translate("Errors", "%1 times since %2")
    return since.replace("%1", str(number)).replace("%2", clock_time(first_at))
