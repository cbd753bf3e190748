"""One request in words and short numbers, for the table and the detail, and where each number comes from.

A tilde marks an estimate and a dash what nobody knows; `source_of_tokens` and its like say it in a sentence, for tooltips.
"""

from __future__ import annotations

from typing import Final

from tray_app.translation.usage import UsageSource
from tray_app.ui import text
from tray_app.ui.models.request_log import RUNNING, RequestRow, RowState
from tray_app.ui.text import translate

BYTES_PER_TOKEN: Final = 4  # of an answer that is still being written; its end brings the provider's own count
ABOUT: Final = "~"


def model_pair(row: RequestRow) -> str:
    """The asked model and, where it differs, the one the provider got."""
    asked, upstream = row.started.asked_model, row.started.upstream_model
    return (asked or text.NOTHING) if asked == upstream or not upstream else f"{asked} → {upstream}"


def state_word(row: RequestRow) -> str:
    """The state in a word or two; a failed request says its status."""
    words = {
        RowState.WAITING: translate("Requests", "Waiting"),
        RowState.STREAMING: translate("Requests", "Answering"),
        RowState.DONE: translate("Requests", "Done"),
        RowState.FAILED: translate("Requests", "Failed"),
        RowState.CANCELLED: translate("Requests", "Cancelled"),
        RowState.REFUSED: translate("Requests", "Refused"),
    }
    word = words[row.state]
    return f"{word} {row.status}" if row.state in {RowState.FAILED, RowState.REFUSED} and row.status else word


def client_name(user_agent: str) -> str:
    """The first word of a user agent, which is the product and its version."""
    return user_agent.split(" ", 1)[0] or text.NOTHING


def duration(row: RequestRow, now: float) -> str:
    """From the request's arrival to its end; whole seconds while it runs. `now` is Unix time."""
    if row.state in RUNNING:
        return text.elapsed(now - row.started.at)
    return text.seconds(row.total_s)


# --- tokens and money


def prompt_tokens(row: RequestRow) -> int:
    """Everything that went in, each token once."""
    usage = row.usage
    return usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens


def tokens(row: RequestRow, number: int) -> str:
    """A token count with a tilde where the provider did not report it; a dash where nobody knows."""
    source = row.usage.source
    if source is UsageSource.UNKNOWN:
        return text.NOTHING
    return text.count(number) if source is UsageSource.REPORTED else ABOUT + text.count(number)


def output_tokens(row: RequestRow) -> str:
    """What came out; while it comes, an estimate from its length."""
    if row.state not in RUNNING:
        return tokens(row, row.usage.output_tokens)
    if not row.output_chars:
        return text.NOTHING
    return ABOUT + text.count(max(1, round(row.output_chars / BYTES_PER_TOKEN)))


def speed(row: RequestRow) -> str:
    """Output tokens per second."""
    rate = row.tokens_per_s
    if rate is None:
        return text.NOTHING
    number = text.count(round(rate)) if rate >= 9.95 else f"{rate:.1f}"
    return number if row.usage.source is UsageSource.REPORTED else ABOUT + number


def cost(row: RequestRow) -> str:
    """Dollars, with a tilde where the tokens are estimates; a dash where the price or the tokens are not known."""
    if row.cost.usd is None:
        return text.NOTHING
    return text.money(row.cost.usd) if row.cost.source == UsageSource.REPORTED else ABOUT + text.money(row.cost.usd)


# --- where they come from


def source_of_tokens(row: RequestRow) -> str:
    """Who counted."""
    if row.state in RUNNING:
        return translate("Requests", "Counted when the answer is complete")
    return {
        UsageSource.REPORTED: translate("Requests", "Reported by the provider"),
        UsageSource.ESTIMATED: translate("Requests", "Estimated: the provider did not report it"),
        UsageSource.UNKNOWN: translate("Requests", "Not known: nobody counted before the request ended"),
    }[row.usage.source]


def source_of_output(row: RequestRow) -> str:
    """The same for the output, which is shown while it grows."""
    if row.state in RUNNING and row.output_chars:
        return translate("Requests", "Estimated from the length of what has come so far")
    return source_of_tokens(row)


def source_of_speed(row: RequestRow) -> str:
    """What was divided by what."""
    meaning = translate("Requests", "Output tokens by the time from the first one to the end")
    return f"{meaning}\n{source_of_tokens(row)}"


def source_of_cost(row: RequestRow) -> str:
    """Which prices, which tokens."""
    if row.state in RUNNING or row.usage.source is UsageSource.UNKNOWN:
        return source_of_tokens(row)
    if row.cost.usd is None:
        return translate("Requests", "Not known: there is no price for this model in the table of prices")
    if row.cost.source == UsageSource.REPORTED:
        return translate("Requests", "List price of the tokens the provider reported")
    return translate("Requests", "List price of estimated tokens")
