"""Every rule of the specification is shown by a test, exempt for a reason, or openly waiting."""

from __future__ import annotations

from architecture.rules import MISSING, NAME, as_markdown, load, rule_of


def test_every_rule_has_a_test_or_a_reason() -> None:
    """No rule is forgotten: a test's name begins with it, or rules.toml says why none is needed."""
    assert load().missing == []


def test_the_lists_are_not_stale() -> None:
    """What has a test needs no exemption, what is decided is shown by one; the lists name only rules, with a reason."""
    rules = load()
    assert [rule for rule in rules.exempt if rule in rules.shown] == []
    assert [rule for rule in rules.decided if rule not in rules.shown] == []
    assert [rule for rule in (*rules.exempt, *rules.decided) if rule not in rules.all] == []
    assert [rule for rule, reason in (rules.exempt | rules.decided).items() if not reason.strip()] == []


def test_the_table_shows_every_rule_with_its_tests_and_its_remark() -> None:
    """One row per rule; a rule without a test would stand out."""
    rules = load()
    rows = as_markdown(rules).splitlines()[4:]
    assert [row.split(" | ")[0] for row in rows] == [f"| {rule}" for rule in rules.all]
    assert not [row for row in rows if MISSING in row]
    assert sum(remark in row for row in rows for remark in rules.decided.values()) == len(rules.decided)


def test_tests_name_only_rules_that_exist() -> None:
    """A mistyped rule in the name of a test is found."""
    rules = load()
    assert {rule: places for rule, places in rules.shown.items() if rule not in rules.all} == {}


def test_names_are_read_as_rules() -> None:
    """Ids at the beginning of a test's name count, in all three forms; ids elsewhere do not."""
    assert NAME.match("test_r_ord_1_p_9_d8_order")[1] == "_r_ord_1_p_9_d8"
    assert NAME.match("test_r_eff_4b_effort")[1] == "_r_eff_4b"
    assert NAME.match("test_order_p_9") is None
    assert [rule_of(found) for found in ("r_ord_1", "r_eff_4b", "p_9", "p_125", "d8")] == [
        "R-ORD-1", "R-EFF-4b", "P-09", "P-125", "D8",
    ]  # fmt: skip
