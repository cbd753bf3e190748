"""Tool-call ids: legal and unique for the client, stable and acceptable for the upstream."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.builders import target
from tray_app.translation.ids import UpstreamIds, client_id, original_id

LEGAL = re.compile(r"[A-Za-z0-9_-]{1,64}")
LONG_ENOUGH = "call_abcdefghijklmnop"
FRESH = "0123456789ABCDEFGHIJKL"


def upstream_ids(**capabilities: object) -> UpstreamIds:
    return UpstreamIds(target(**capabilities).capabilities)


def test_r_id_1_good_ids_are_kept() -> None:
    """An id of legal characters, long enough to be unique, is shown as it is."""
    assert client_id(LONG_ENOUGH, frozenset(), lambda: FRESH) == LONG_ENOUGH


@pytest.mark.parametrize("upstream_id", ["call_0", "functions.Bash:0", "7", "ü", "a" * 19])
def test_r_id_1_short_or_odd_ids_are_wrapped(upstream_id: str) -> None:
    """The original travels inside and comes back."""
    shown = client_id(upstream_id, frozenset(), lambda: FRESH)
    assert LEGAL.fullmatch(shown)
    assert shown.startswith("toolu_0123456789_")
    assert original_id(shown) == upstream_id


def test_r_id_1_seen_ids_are_not_repeated() -> None:
    """A repeated id would make the new call vanish in the client (P-40)."""
    shown = client_id(LONG_ENOUGH, {LONG_ENOUGH}, lambda: FRESH)
    assert shown != LONG_ENOUGH
    assert original_id(shown) == LONG_ENOUGH


@pytest.mark.parametrize("upstream_id", ["", "x" * 65, "é" * 30])
def test_r_id_1_what_does_not_fit_is_replaced(upstream_id: str) -> None:
    """No id, or one too long to wrap: a fresh one."""
    assert client_id(upstream_id, frozenset(), lambda: FRESH) == f"toolu_{FRESH}"


def test_r_id_1_an_id_that_looks_wrapped_comes_back_whole() -> None:
    """An upstream that is a proxy like us sends such ids; unwrapping once must give its own id."""
    inner = client_id("call_0", frozenset(), lambda: FRESH)
    assert original_id(client_id(inner, frozenset(), lambda: FRESH)) == inner


@given(st.text(max_size=80))
def test_r_id_1_every_id_is_legal(upstream_id: str) -> None:
    """Whatever the upstream sends."""
    upstream_id = upstream_id.encode("utf-8", "replace").decode()
    assert LEGAL.fullmatch(client_id(upstream_id, frozenset(), lambda: FRESH))


@pytest.mark.parametrize(
    "tool_use_id", ["toolu_01ABCDEFGHIJKLMNOP", "toolu_0123456789_!", "toolu_0123456789_a", "toolu_0123456789__w"]
)
def test_r_id_2_other_ids_hold_no_original(tool_use_id: str) -> None:
    """Anthropic's own ids and damaged wraps are not decoded."""
    assert original_id(tool_use_id) is None


def test_r_id_2_own_ids_are_given_back() -> None:
    """Upstreams that like their own ids get them, as often as they used them, but not twice in one turn."""
    wrapped = client_id("call_0", frozenset(), lambda: FRESH)
    ids = upstream_ids(tool_id_rule="own")
    assert [ids.allocate(wrapped), ids.allocate(wrapped)] == ["call_0", "call_0_2"]
    ids.next_turn()
    assert ids.allocate(wrapped) == "call_0"
    assert ids.allocate("toolu_plain") == "toolu_plain"
    assert ids.allocate("").startswith("call_")


def test_r_id_2_client_ids_are_used_elsewhere() -> None:
    """By default the wrapped form goes upstream, which is unique over the conversation."""
    wrapped = client_id("call_0", frozenset(), lambda: FRESH)
    assert upstream_ids().allocate(wrapped) == wrapped


def test_r_id_3_length_limit() -> None:
    """OpenAI takes 40 characters; a longer or odd id is hashed, always to the same."""
    long = "toolu_" + "x" * 40
    hashed = upstream_ids(tool_id_max=40).allocate(long)
    assert hashed == upstream_ids(tool_id_max=40).allocate(long)
    assert re.fullmatch(r"call_[0-9A-Za-z]{24}", hashed)
    assert all(LEGAL.fullmatch(upstream_ids().allocate(odd)) for odd in ("functions.Bash:0", "toolu_é", ""))
    assert all(upstream_ids().allocate(legal) == legal for legal in ("toolu_01A", "call-1", "01A"))
    assert len(upstream_ids(tool_id_max=12).allocate(long)) == 12


def test_r_id_3_p_26_mistral_ids() -> None:
    """Nine letters and digits, the same on every turn, different for different calls."""
    first, again = upstream_ids(tool_id_rule="mistral9"), upstream_ids(tool_id_rule="mistral9")
    names = [f"toolu_{number}" for number in range(50)]
    chosen = [first.allocate(name) for name in names]
    assert chosen == [again.allocate(name) for name in names]
    assert len(set(chosen)) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9]{9}", one) for one in chosen)


def test_r_id_3_collisions_are_resolved() -> None:
    """The same id again gets another upstream id under every rule, also at the length limit."""
    for rule, maximum in itertools.product(["openai", "mistral9", "own"], [64, 8]):
        ids = upstream_ids(tool_id_rule=rule, tool_id_max=maximum)
        assert len({ids.allocate("toolu_1") for _ in range(4)}) == 4


def test_r_ast_5_second_occurrence_is_renamed() -> None:
    """By default the number is appended."""
    ids = upstream_ids()
    assert [ids.allocate("call_0") for _ in range(3)] == ["call_0", "call_0_2", "call_0_3"]
