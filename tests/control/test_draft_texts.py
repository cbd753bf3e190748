"""Numbers, tables and TOML of a draft."""

from __future__ import annotations

import tomllib

import pytest

from tray_app.control import draft_texts
from tray_app.control.draft_texts import TextError


def code_of(error: pytest.ExceptionInfo[TextError]) -> tuple[str, str]:
    """What the editor gets to know."""
    return error.value.code, error.value.detail


@pytest.mark.parametrize(("text", "value"), [("300", 300.0), (" 0.5 ", 0.5), ("86400", 86_400.0)])
def test_numbers_are_read_and_shown_as_typed(text: str, value: float) -> None:
    """Without a needless point."""
    assert draft_texts.number(text) == value
    assert draft_texts.shown(value) == text.strip()


@pytest.mark.parametrize("text", ["", "soon", "inf", "1,5"])
def test_what_is_no_number_is_refused(text: str) -> None:
    """Whatever else it is."""
    with pytest.raises(TextError) as caught:
        draft_texts.number(text)
    assert code_of(caught) == ("number", "")


def test_rows_that_say_nothing_are_left_out() -> None:
    """The table always ends with one."""
    assert draft_texts.table((("a ", " b"), ("", " "))) == {"a": "b"}


def test_a_table_has_a_limit() -> None:
    """Nobody types two hundred rows."""
    with pytest.raises(TextError) as caught:
        draft_texts.table(tuple((str(n), "x") for n in range(draft_texts.MAX_ROWS + 1)))
    assert code_of(caught) == ("many", "200")


def test_the_long_context_ending_is_taken_off() -> None:
    """A client's request loses it too, before the names are compared."""
    assert draft_texts.aliases((("claude-x[1m]", "big"),)) == {"claude-x": "big"}
    assert [draft_texts.is_pattern(asked) for asked in ("claude-x", "claude-*", "gpt-?", "[ab]")] == [
        False,
        True,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-Note", "sk-abcdef0123456789"), ("Authorization", "Bearer abcdefgh"), ("X-Api-Key", "0123456789")],
)
def test_a_header_that_looks_like_a_key_is_refused(name: str, value: str) -> None:
    """A profile keeps no secrets."""
    with pytest.raises(TextError) as caught:
        draft_texts.headers(((name, value),))
    assert code_of(caught) == ("secret", name)
    assert draft_texts.headers((("X-Title", "Dragoman"),)) == {"X-Title": "Dragoman"}


def test_overrides_that_hold_a_key_are_refused() -> None:
    """They may set headers."""
    with pytest.raises(TextError) as caught:
        draft_texts.overrides('headers = { Authorization = "Bearer abcdefgh" }')
    assert code_of(caught) == ("secret", "headers")
    with pytest.raises(TextError) as caught:
        draft_texts.overrides("#" * (draft_texts.MAX_OVERRIDES + 1))
    assert code_of(caught)[0] == "long"


def test_toml_comes_back_as_it_was() -> None:
    """Every kind of value a capability has; what is null is left out."""
    values = {
        "a": 1,
        "b": True,
        "c": 'x"y \u00e9',
        "d": ["p", "q"],
        "e": {"x high": "h", "f": {}},
        "g": 0.5,
        "h": [0.0, 1.0],
    }
    assert tomllib.loads(draft_texts.toml({**values, "none": None})) == values
