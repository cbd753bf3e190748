"""The figures of the benchmark: medians, quantiles, the table."""

from __future__ import annotations

import pytest

from performance.report import Sample, aligned, as_json, medians, number, quantile, table

LABELS = {"relay": "byte relay", "tray": "tray, Qt loop"}
SAMPLES = [
    *(Sample("burst", "relay", value) for value in (1.0, 9.0, 2.0)),
    *(Sample("burst", "tray", value) for value in (4.0, 5.0, 3.0)),
    Sample("memory", "relay", 37.25),
    Sample("memory", "tray", 104.4),
]


def test_a_value_is_the_median_of_its_rounds() -> None:
    """One slow round moves nothing."""
    assert medians(SAMPLES)["burst", "relay"] == 2.0


def test_the_table_gives_ratios_to_the_base() -> None:
    """Only where they say something, and only rows that were measured."""
    lines = table(SAMPLES, LABELS, "relay").splitlines()
    assert lines[0].split() == ["byte", "relay", "tray,", "Qt", "loop"]
    assert lines[2].endswith("2.00   4.00 (x2.00)")
    assert lines[3].endswith("37.2            104")
    assert len(lines) == 4
    assert len({len(line) for line in lines}) == 1


def test_a_contestant_without_a_value_has_a_dash() -> None:
    """It is not left out."""
    assert table(SAMPLES[:3], LABELS, "relay").splitlines()[2].endswith("2.00              -")


@pytest.mark.parametrize(("value", "words"), [(0.123, "0.12"), (3.456, "3.46"), (34.56, "34.6"), (345.6, "346")])
def test_a_number_has_three_digits(value: float, words: str) -> None:
    """More would be noise."""
    assert number(value) == words


def test_a_quantile_is_one_of_the_values() -> None:
    """Of none it is 0."""
    values = list(range(100, 0, -1))
    assert (quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1.0)) == (51, 100, 100)
    assert quantile([], 0.99) == 0.0


def test_json_holds_every_value() -> None:
    """For a program that compares two runs."""
    found = as_json(SAMPLES, LABELS, "relay")
    assert found["medians"]["tray"]["burst"] == 4.0
    assert found["medians"]["tray"]["ttft"] is None
    assert len(found["samples"]) == len(SAMPLES)


def test_columns_stand_below_each_other() -> None:
    """Words to the left, figures to the right."""
    assert aligned([("a", "b", "head"), ("row", "unit", "1")]) == "a    b     head\n---------------\nrow  unit     1"
