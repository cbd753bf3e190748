"""What was measured, as a table for a person and as JSON for a program. Pure."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Row:
    """A line of the table; `ratio` false where a comparison would say nothing."""

    name: str
    label: str
    unit: str
    ratio: bool = True


@dataclass(frozen=True)
class Sample:
    """One measured value of a contestant in one round."""

    row: str
    contestant: str
    value: float


ROWS: Final = (
    Row("burst", "burst: 8 x 2000 events at once", "µs CPU / event"),
    Row("trickle", "trickle: 20 x 50 events/s", "µs CPU / event"),
    Row("small", "small request, no stream", "µs CPU / request"),
    Row("big", "request of 1 MB, no stream", "ms CPU / request"),
    Row("ttft", "time to the first text, median", "ms"),
    Row("memory", "memory before the first request", "MB", ratio=False),
)


def medians(samples: Iterable[Sample]) -> dict[tuple[str, str], float]:
    """The median of all rounds per row and contestant."""
    values: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for sample in samples:
        values[sample.row, sample.contestant].append(sample.value)
    return {key: statistics.median(found) for key, found in values.items()}


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of all are not above; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def number(value: float) -> str:
    """Three digits, no more than are true."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(samples: Iterable[Sample], labels: Mapping[str, str], base: str) -> str:
    """The table: medians, and their ratios to those of `base` where it was measured. `labels`: the contestants' columns."""
    found = medians(samples)
    lines = [["", "", *labels.values()]]
    lines += [
        [row.label, row.unit, *(_cell(found, row, name, base) for name in labels)]
        for row in ROWS
        if any((row.name, name) in found for name in labels)
    ]
    return aligned(lines)


def _cell(found: Mapping[tuple[str, str], float], row: Row, name: str, base: str) -> str:
    value, against = found.get((row.name, name)), found.get((row.name, base))
    if value is None:
        return "-"
    if name == base or not against or not row.ratio:
        return number(value)
    return f"{number(value)} (x{value / against:.2f})"


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Columns side by side: the first two to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]

    def shown(line: Sequence[str]) -> str:
        cells = [
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        return "  ".join(cells).rstrip()

    return "\n".join([shown(lines[0]), "-" * len(shown(lines[0])), *map(shown, lines[1:])])


def as_json(samples: Sequence[Sample], labels: Mapping[str, str], base: str) -> dict[str, Any]:
    """Every sample, and the medians."""
    found = medians(samples)
    return {
        "base": base,
        "medians": {name: {row.name: found.get((row.name, name)) for row in ROWS} for name in labels},
        "samples": [{"row": one.row, "contestant": one.contestant, "value": one.value} for one in samples],
    }
