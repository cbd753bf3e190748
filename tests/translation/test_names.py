"""Tool names in both directions (spec 12.3)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.translation.capabilities import Capabilities
from tray_app.translation.names import ToolNames, legal_label, resolve_client_name

LEGAL = re.compile(r"[a-zA-Z0-9_-]{1,64}")
LONG = "mcp__" + "a" * 40 + "__" + "b" * 40


def table(*names: str, **capabilities: object) -> ToolNames:
    return ToolNames(names, Capabilities(**capabilities))  # type: ignore[arg-type]


def test_r_nam_1_a_legal_name_stays() -> None:
    """A name that every upstream takes is sent as it is."""
    assert table("Bash").upstream("Bash") == "Bash"


def test_r_nam_1_illegal_characters_become_underscores() -> None:
    """Dots, spaces and other scripts are not allowed upstream."""
    assert table("a.b c/é").upstream("a.b c/é") == "a_b_c__"


def test_r_nam_1_a_long_name_keeps_its_beginning_and_gets_a_hash() -> None:
    """55 characters of the name, an underscore, 8 hex digits."""
    assert re.fullmatch(re.escape(LONG[:55]) + "_[0-9a-f]{8}", table(LONG).upstream(LONG))


def test_r_nam_1_gemini_wants_a_letter_or_underscore_first() -> None:
    """Digits and dashes at the front are refused there; letters of other scripts were replaced before."""
    names = table("1st", "-x", "_ok", "fine", tool_name_letter_first=True)
    assert [names.upstream(name) for name in ("1st", "-x", "_ok", "fine")] == ["_1st", "_-x", "_ok", "fine"]


def test_r_nam_1_a_legal_name_wins_a_collision_wherever_it_stands() -> None:
    """The illegal name gives way although it came first."""
    names = table("a.b", "a_b")
    assert names.upstream("a_b") == "a_b"
    assert re.fullmatch("a_b_[0-9a-f]{8}", names.upstream("a.b"))


def test_p_22_two_long_names_with_one_beginning_stay_apart() -> None:
    """Names equal in the first 55 characters differ upstream and map back to themselves."""
    names = table(LONG, LONG + "2")
    sent = {names.upstream(LONG), names.upstream(LONG + "2")}
    assert len(sent) == 2
    assert {resolve_client_name(name, names.client) for name in sent} == {LONG, LONG + "2"}


def test_r_nam_2_a_name_of_the_history_gets_the_same_treatment() -> None:
    """A name that was not given in advance is placed when it is asked for, and maps back."""
    names = table("Bash")
    assert names.upstream("old.tool") == "old_tool"
    assert names.client["old_tool"] == "old.tool"


@given(st.lists(st.text(min_size=1, max_size=90), unique=True, max_size=12))
def test_r_nam_1_every_name_is_legal_unique_and_maps_back(originals: list[str]) -> None:
    """Whatever the client calls its tools, the table is one to one and deterministic."""
    names = table(*originals)
    sent = [names.upstream(name) for name in originals]
    assert all(LEGAL.fullmatch(name) for name in sent)
    assert [resolve_client_name(name, names.client) for name in sent] == originals
    assert sent == [table(*originals).upstream(name) for name in originals]


@pytest.mark.parametrize(
    ("called", "meant"),
    [
        ("Bash", "Bash"),
        ("bash", "Bash"),
        ("BASH", "Bash"),
        ("functions.Bash", "Bash"),
        ("default_api:Bash", "Bash"),
        ("default_api.bash", "Bash"),
        ("tool.Read", "Read"),
        ("Bash<|channel|>commentary", "Bash"),
        (" functions.read<|end|>", "Read"),
        ("a_b", "a.b"),
        ("functions.a_b", "a.b"),
        ("Launch", "Launch"),
        ("functions.Launch", "functions.Launch"),
        ("edit", "edit"),
        ("", ""),
    ],
)
def test_r_nam_3_p_54_what_models_make_of_a_name_is_understood(called: str, meant: str) -> None:
    """Namespaces, template tokens and case are forgiven; an unknown or ambiguous name comes back as it was (R-NAM-3)."""
    assert resolve_client_name(called, table("Bash", "Read", "a.b", "Edit", "EDIT").client) == meant


def test_r_str_5_a_label_is_legal_or_the_default() -> None:
    """Labels are cut and cleaned; an empty one is replaced."""
    assert legal_label("my schema" * 10, "response") == ("my_schema" * 10)[:64]
    assert legal_label("", "response") == "response"
