"""Turns a reading of the ledger into what the Overview shows: figures, charts and their words.

Every number says where it comes from: a tilde where estimates are in it, a plus where something is missing from it, a dash
where nobody knows. Pure; it knows no widget. Counterparts: `pages/overview.py` and `charts/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QDate, QLocale

from tray_app.history.overview import Bucket, Overview, Span
from tray_app.history.reads import UsageTotals
from tray_app.ui import text
from tray_app.ui.charts import palette
from tray_app.ui.charts.data import ChartData, Series
from tray_app.ui.charts.shares import MOST, Share
from tray_app.ui.text import translate

HOUR_S: Final = 3600
LABELS: Final = 8  # on an axis


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that stands large, what it is, and a word about it; `source` says where it comes from."""

    name: str
    value: str
    note: str = ""
    source: str = ""


# --- numbers and where they come from


def tokens(number: int, sums: UsageTotals) -> str:
    """A sum of tokens with its mark."""
    if sums.unknown and sums.unknown == sums.requests - sums.failed:
        return text.NOTHING
    return _marked(text.count(number), estimated=bool(sums.estimated), partial=bool(sums.unknown))


def cost(sums: UsageTotals) -> str:
    """A sum of dollars with its mark."""
    if sums.unpriced and not sums.cost_usd and sums.unpriced >= sums.requests - sums.failed:
        return text.NOTHING
    return _marked(text.money(sums.cost_usd), estimated=bool(sums.estimated), partial=bool(sums.unpriced))


def share(value: float | None) -> str:
    """A part of the whole; a dash where there is no whole."""
    return text.NOTHING if value is None else text.percent(value)


def _marked(number: str, *, estimated: bool, partial: bool) -> str:
    return ("~" if estimated else "") + number + ("+" if partial else "")


def source(sums: UsageTotals) -> str:
    """Where the numbers come from, in a line for each kind of request; empty without requests."""
    told = sums.requests - sums.failed - sums.estimated - sums.unknown
    lines = (
        (translate("Overview", "Reported by the provider: %1 requests"), max(0, told)),
        (translate("Overview", "Estimated: %1 requests"), sums.estimated),
        (translate("Overview", "Not known: %1 requests"), sums.unknown),
        (translate("Overview", "Without a price: %1 requests"), sums.unpriced),
    )
    return "\n".join(words.replace("%1", str(number)) for words, number in lines if number)


def legend() -> str:
    """What the marks mean."""
    marks = (
        translate("Overview", "~ contains estimates"),
        translate("Overview", "+ something is missing: tokens nobody reported, or a model without a price"),
        translate("Overview", "– not known"),
    )
    return text.SEPARATOR.join(marks)


# --- figures


def figures(sums: UsageTotals, budget_usd: float = 0.0) -> tuple[Figure, ...]:
    """The large numbers of a span; its cost is measured against a budget if there is one."""
    told = source(sums)
    failed = translate("Overview", "%1 failed, %2 cancelled")
    failed = failed.replace("%1", text.count(sums.failed)).replace("%2", text.count(sums.cancelled))
    cached = translate("Overview", "%1 from the cache").replace("%1", tokens(sums.cache_read_tokens, sums))
    thinking = translate("Overview", "%1 of it thinking").replace("%1", text.count(sums.thinking_tokens))
    notes = []
    if budget_usd:
        notes.append(translate("Overview", "%1 of the budget").replace("%1", text.percent(sums.cost_usd / budget_usd)))
    if sums.unpriced:
        notes.append(translate("Overview", "%1 without a price").replace("%1", text.count(sums.unpriced)))
    return (
        Figure(translate("Overview", "Requests"), text.count(sums.requests), source=told),
        Figure(translate("Overview", "Tokens in"), tokens(sums.prompt_tokens, sums), cached, told),
        Figure(
            translate("Overview", "Tokens out"),
            tokens(sums.output_tokens, sums),
            thinking if sums.thinking_tokens else "",
            told,
        ),
        Figure(translate("Overview", "Cost"), cost(sums), text.SEPARATOR.join(notes), told),
        Figure(translate("Overview", "Cache hits"), share(sums.cache_hit_rate), source=told),
        Figure(translate("Overview", "Errors"), share(sums.error_rate), failed if sums.requests else ""),
    )


# --- charts


def tokens_title(span: Span) -> str:
    """The heading of the first chart."""
    if span is Span.TODAY:
        return translate("Overview", "Tokens by hour, last 24 hours")
    return translate("Overview", "Tokens by day")


def wait_title(span: Span) -> str:
    """The heading of the chart of first tokens."""
    if span is Span.TODAY:
        return translate("Overview", "Time to the first token, by hour")
    return translate("Overview", "Time to the first token, by day")


def tokens_chart(reading: Overview) -> ChartData:
    """In, out of the cache and out, for every hour or day."""
    rows = (
        (
            translate("Overview", "Input from the cache"),
            palette.CACHED,
            [b.totals.cache_read_tokens for b in reading.buckets],
        ),
        (
            translate("Overview", "New input"),
            palette.FRESH,
            [b.totals.input_tokens + b.totals.cache_write_tokens for b in reading.buckets],
        ),
        (translate("Overview", "Output"), palette.OUT, [b.totals.output_tokens for b in reading.buckets]),
    )
    return ChartData(
        summary=_tokens_summary(reading),
        places=_places(reading),
        labels=_labels(reading),
        series=tuple(Series(name, color, tuple(map(float, values))) for name, color, values in rows),
        show=_tokens,
        total=translate("Overview", "Together"),
    )


def wait_chart(reading: Overview) -> ChartData:
    """Median and 95th percentile, for every hour or day that has any."""
    waits = [bucket.wait for bucket in reading.buckets]
    median = tuple(None if wait is None else wait.median_s for wait in waits)
    high = tuple(None if wait is None else wait.p95_s for wait in waits)
    known = [value for value in median if value is not None]
    summary = translate("Overview", "No first token in this time.")
    if known:
        summary = translate("Overview", "Median between %1 and %2, 95 % within %3 at worst.")
        summary = summary.replace("%1", text.seconds(min(known))).replace("%2", text.seconds(max(known)))
        summary = summary.replace("%3", text.seconds(max(value for value in high if value is not None)))
    return ChartData(
        summary=summary,
        places=_places(reading),
        labels=_labels(reading),
        series=(
            Series(translate("Overview", "Median"), palette.FRESH, median),
            Series(translate("Overview", "95 % within"), palette.OUT, high),
        ),
        show=_seconds,
    )


def cost_shares(reading: Overview) -> tuple[Share, ...]:
    """What each provider cost, the dearest first; the small ones are summed up."""
    sums: dict[str, tuple[str, list[UsageTotals]]] = {}
    for line in reading.models:
        sums.setdefault(line.sums.profile_id, (line.sums.profile_name, []))[1].append(line.sums.totals)
    shares = sorted((_share(name, parts) for name, parts in sums.values()), key=lambda share: -(share.value or -1.0))
    if len(shares) <= MOST:
        return tuple(shares)
    rest = sum(share.value or 0.0 for share in shares[MOST - 1 :])
    others = translate("Overview", "%1 others").replace("%1", str(len(shares) - MOST + 1))
    return (*shares[: MOST - 1], Share(others, rest, text.money(rest)))


def cost_summary(shares: tuple[Share, ...]) -> str:
    """The shares as a sentence."""
    if not shares:
        return translate("Overview", "No requests in this time.")
    return "; ".join(f"{share.name}: {share.words}" for share in shares)


def _share(name: str, parts: list[UsageTotals]) -> Share:
    together = UsageTotals(*(sum(values) for values in zip(*map(_numbers, parts), strict=True)))
    words = cost(together)
    return Share(name, None if words == text.NOTHING else together.cost_usd, words)


def _numbers(sums: UsageTotals) -> tuple[float, ...]:
    return tuple(getattr(sums, name) for name in UsageTotals.__struct_fields__)


def _seconds(value: float) -> str:
    return text.seconds(value) if value else "0 s"


def _tokens(value: float) -> str:
    return text.count(round(value))


def _tokens_summary(reading: Overview) -> str:
    busiest = max(range(len(reading.buckets)), key=lambda n: _all_tokens(reading.buckets[n]))
    if not _all_tokens(reading.buckets[busiest]):
        return translate("Overview", "No requests in this time.")
    together = sum(map(_all_tokens, reading.buckets))
    words = translate("Overview", "%1 tokens together; the most, %2, at %3.")
    numbers = (text.count(together), text.count(_all_tokens(reading.buckets[busiest])), _places(reading)[busiest])
    for place, number in enumerate(numbers, 1):
        words = words.replace(f"%{place}", number)
    return words


def _all_tokens(bucket: Bucket) -> int:
    return bucket.totals.prompt_tokens + bucket.totals.output_tokens


def _places(reading: Overview) -> tuple[str, ...]:
    if reading.span is Span.TODAY:
        return tuple(f"{_hour(bucket.start)} – {_hour(bucket.start + HOUR_S)}" for bucket in reading.buckets)
    return tuple(QLocale().toString(_day(bucket.start), "dddd, d MMM") for bucket in reading.buckets)


def _labels(reading: Overview) -> tuple[str, ...]:
    """A label for the last column, and before it for as many as there is room for."""
    number = len(reading.buckets)
    every = max(1, -(-number // LABELS))
    return tuple(
        _label(reading.span, bucket.start) if (number - 1 - place) % every == 0 else ""
        for place, bucket in enumerate(reading.buckets)
    )


def _label(span: Span, start: float) -> str:
    if span is Span.TODAY:
        return _hour(start)
    return QLocale().toString(_day(start), "ddd d" if span is Span.WEEK else "d MMM")


def _hour(at: float) -> str:
    return datetime.fromtimestamp(at).strftime("%H:%M")  # noqa: DTZ006 - shown to a person, in their own zone


def _day(at: float) -> QDate:
    day = datetime.fromtimestamp(at)  # noqa: DTZ006 - likewise
    return QDate(day.year, day.month, day.day)
