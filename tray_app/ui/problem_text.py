"""The words for what the user should know before they wonder: problems in the banner, notifications, fields of a form.

Evaluated when shown, so that a change of language needs no restart. Counterpart: `text.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from tray_app.editing import FieldProblem
from tray_app.state import Notice, NoticeKind, Problem, ProblemKind, Provider
from tray_app.ui import text
from tray_app.ui.text import translate


def problem(value: Problem) -> str:
    """One or two sentences for a banner."""
    words = {
        ProblemKind.NO_TRAY: translate(
            "Problems",
            "This desktop shows no tray icons, so Dragoman keeps its window. GNOME needs the AppIndicator extension.",
        ),
        ProblemKind.PORT_TAKEN: translate("Problems", "The port is taken: %1. Settings offers a free one."),
        ProblemKind.SERVER_FAILED: translate("Problems", "The proxy could not start: %1"),
        ProblemKind.NO_KEYRING: translate("Problems", "No keyring can be used, so keys last until Dragoman quits. %1"),
        ProblemKind.PROFILES_UNREADABLE: translate("Problems", "Some providers could not be read: %1"),
        ProblemKind.SAVE_FAILED: translate("Problems", "Not saved: %1"),
        ProblemKind.ACTIVATION_FAILED: translate("Problems", "The provider could not be used: %1"),
        ProblemKind.AUTOSTART_FAILED: translate("Problems", "Start on login could not be changed: %1"),
        ProblemKind.CLIENT_FAILED: translate("Problems", "A client's settings could not be changed: %1"),
        ProblemKind.LEDGER: translate("Problems", "Usage is not recorded as it should be: %1"),
        ProblemKind.PRICES_UNREADABLE: translate("Problems", "Your own prices could not be read: %1"),
        ProblemKind.UNEXPECTED: translate("Problems", "Something unexpected went wrong: %1"),
    }
    said = words[value.kind].replace("%1", value.detail).strip()
    if value.count:
        with_count = translate("Problems", "%1 (requests not counted: %2)")
        said = with_count.replace("%2", str(value.count)).replace("%1", said)
    return said


def notice(value: Notice, providers: Iterable[Provider] = ()) -> tuple[str, str]:
    """Title and body of a notification; `providers` are those there are, for their names."""
    titles = {
        NoticeKind.KEY_REJECTED: translate("Notices", "%1 rejected the key"),
        NoticeKind.UPSTREAM_DOWN: translate("Notices", "%1 is not reachable"),
        NoticeKind.ERROR_BURST: translate("Notices", "%1: %2 errors within a minute"),
        NoticeKind.FAILED_OVER: translate("Notices", "%1 failed; %3 takes over"),
        NoticeKind.SERVER_FAILED: translate("Notices", "The proxy is not running"),
        NoticeKind.BUDGET_REACHED: translate("Notices", "Today's budget is reached"),
        NoticeKind.CACHE_COLLAPSED: translate("Notices", "%1 no longer caches the prompts"),
    }
    substitute = next((one.name for one in providers if one.id == value.substitute_id), value.substitute_id)
    title = titles[value.kind].replace("%2", str(value.count)).replace("%3", substitute)
    title = title.replace("%1", value.provider_name)
    return title, _notice_body(value)


def _notice_body(value: Notice) -> str:
    if value.kind is NoticeKind.BUDGET_REACHED:
        words = translate("Notices", "%1 so far, of %2 for the day. Requests go on as before.")
        return words.replace("%1", text.money(value.amount)).replace("%2", text.money(value.reference))
    if value.kind is NoticeKind.CACHE_COLLAPSED:
        words = translate(
            "Notices",
            "%1: the cached part of the last %2 prompts is %3, it was %4. The same work costs more now: something at the "
            "beginning of the prompts changes, or the provider has changed.",
        )
        numbers = (value.model, str(value.count), text.percent(value.amount), text.percent(value.reference))
        for place, number in enumerate(numbers, 1):
            words = words.replace(f"%{place}", number)
        return words
    return value.detail


def field_problem(value: FieldProblem) -> str:
    """What is wrong with a field of the editor."""
    words = {
        "empty": translate("Fields", "Needed"),
        "quotes": translate("Fields", "A quotation mark is not closed"),
        "placeholder": translate("Fields", "Put your own word in place of the one in < >"),
        "number": translate("Fields", "A number is needed"),
        "half": translate("Fields", "Both columns are needed: %1"),
        "twice": translate("Fields", "Stands there twice: %1"),
        "many": translate("Fields", "More than %1 rows"),
        "long": translate("Fields", "More than %1 characters"),
        "secret": translate("Fields", "This looks like a key; it belongs into the field for the key: %1"),
        "toml": translate("Fields", "This is no TOML: %1"),
        "loop": translate("Fields", "This is Dragoman's own address: requests would come back for ever"),
        "money": translate("Fields", "An amount in dollars, such as 2.50"),
        "tokens": translate("Fields", "A whole number of tokens"),
        "day": translate("Fields", "A day, such as 2026-01-31"),
        "pattern": translate("Fields", "At most 200 visible characters"),
    }
    return words.get(value.code, value.detail or value.code).replace("%1", value.detail)
