"""Every rule of the specification is shown by a test, exempt for a reason, or openly waiting."""

from __future__ import annotations

from architecture.rules import NAME, load, rule_of


def test_every_rule_has_a_test_or_a_reason() -> None:
    """No rule is forgotten: a test's name begins with it, or rules.toml says why not."""
    rules = load()
    assert [rule for rule in rules.missing if rule not in rules.todo] == []


def test_the_lists_are_not_stale() -> None:
    """What has a test neither waits for one nor needs an exemption; the lists name only rules that exist."""
    rules = load()
    listed = [*rules.exempt, *rules.todo]
    assert [rule for rule in listed if rule in rules.shown] == []
    assert [rule for rule in listed if rule not in rules.all] == []
    assert [rule for rule, reason in (rules.exempt | rules.todo).items() if not reason.strip()] == []


def test_tests_name_only_rules_that_exist() -> None:
    """A mistyped rule in the name of a test is found."""
    rules = load()
    assert {rule: places for rule, places in rules.shown.items() if rule not in rules.all} == {}


def test_names_are_read_as_rules() -> None:
    """Ids at the beginning of a test's name count, in all three forms; ids elsewhere do not."""
    assert NAME.match("test_r_ord_1_p_9_d8_order")[1] == "_r_ord_1_p_9_d8"
    assert NAME.match("test_order_p_9") is None
    assert [rule_of(found) for found in ("r_ord_1", "p_9", "p_125", "d8")] == ["R-ORD-1", "P-09", "P-125", "D8"]
