"""Slots and names of tool calls."""

from __future__ import annotations

import pytest

from tray_app.translation.answer.call_text import Ending
from tray_app.translation.answer.deltas import ToolDelta
from tray_app.translation.answer.toolcalls import MAX_SLOTS, Slot, ToolSlots
from tray_app.translation.errors import ApiError


def assemble(*deltas: ToolDelta, mode: str = "stream") -> list[tuple[str | None, str, str]]:
    """(id, name, arguments) of every slot after the deltas."""
    slots = ToolSlots(mode)  # type: ignore[arg-type]
    for delta in deltas:
        slots.find(delta)[0].take(delta)
    return [(slot.upstream_id, slot.name, slot.arguments.finish(Ending.NORMAL)) for slot in slots]


def piece(
    arguments: str | None = None,
    *,
    index: int | None = 0,
    id: str | None = None,  # noqa: A002
    name: str | None = None,
    whole: bool = False,
) -> ToolDelta:
    return ToolDelta(index=index, id=id, name=name, arguments=arguments, whole=whole)


A = ("a", "Bash", '{"x":1}')
B = ("b", "Read", '{"y":2}')


@pytest.mark.parametrize(
    ("deltas", "calls"),
    [
        pytest.param([piece(id="a", name="Bash"), piece('{"x":'), piece("1}")], [A], id="plain"),
        pytest.param(
            [piece(id="a", name="Bash"), piece('{"x":', id="a"), piece("1}", id="a")], [A], id="P-42 id repeated"
        ),
        pytest.param(
            [piece('{"x":1}', id="a", name="Bash"), piece('{"y":2}', id="b", name="Read")], [A, B], id="P-43 one index"
        ),
        pytest.param([piece('{"x":1}', index=None, id="a", name="Bash")], [A], id="P-44 no index"),
        pytest.param([piece('{"x":1}', name="Bash")], [(None, "Bash", '{"x":1}')], id="P-44 no id"),
        pytest.param([piece('{"x":1}', index=None, name="Bash")], [(None, "Bash", '{"x":1}')], id="P-44 neither"),
        pytest.param(
            [piece('{"x":1}', index=None, name="Bash"), piece('{"y":2}', index=None, name="Read")],
            [(None, "Bash", '{"x":1}'), (None, "Read", '{"y":2}')],
            id="rule 4: a named delta after a complete call",
        ),
        pytest.param(
            [piece('{"x":', index=None, name="Bash"), piece("1}", index=None)],
            [(None, "Bash", '{"x":1}')],
            id="rule 5: the last slot",
        ),
        pytest.param(
            [piece('{"x":1}', index=None, name="Bash"), piece('{"x":1}', index=None, name="Bash")],
            [(None, "Bash", '{"x":1}')],
            id="a repeated snapshot",
        ),
        pytest.param(
            [piece('{"x":', index=None, name="Bash"), piece("1}", index=None, name="Bash")],
            [(None, "Bash", '{"x":1}')],
            id="a name on every piece",
        ),
        pytest.param(
            [piece('{"x":1}', index=None, name="Bash"), piece('{"x":2}', index=None, name="Bash")],
            [(None, "Bash", '{"x":1}'), (None, "Bash", '{"x":2}')],
            id="rule 4: one tool twice",
        ),
        pytest.param(
            [
                piece('{"x":1}', index=None, name="Bash"),
                piece("", index=None, name="Bash"),
                piece('{"x":2}', index=None),
            ],
            [(None, "Bash", '{"x":1}'), (None, "Bash", '{"x":2}')],
            id="rule 4: one tool twice, its name first",
        ),
        pytest.param(
            [piece('{"x":1}', index=None, name="Bash"), piece(" ", index=None)],
            [(None, "Bash", '{"x":1}')],
            id="rule 5: blanks after a complete call",
        ),
        pytest.param(
            [piece('{"x":1}', index=None), piece(index=None, name="Bash")],
            [(None, "Bash", '{"x":1}')],
            id="rule 5: a name after the arguments",
        ),
        pytest.param([piece(name="Bash"), piece('{"x":1}', id="a")], [A], id="late id"),
        pytest.param([piece(id="a"), piece(name="Bash"), piece('{"x":1}')], [A], id="late name"),
        pytest.param([piece(id="a", name="Bash"), piece('{"x"'), piece(":1}", id="drift")], [A], id="id drift"),
        pytest.param(
            [piece('{"x":1}', id="a", name="Bash"), piece('{"y":2}', id="b")],
            [A, ("b", "", '{"y":2}')],
            id="new id, complete",
        ),
        pytest.param(
            [piece('{"x":1}', index=0, id="a", name="Bash"), piece('{"y":2}', index=1, id="a", name="Read")],
            [A, ("a", "Read", '{"y":2}')],
            id="P-40 one id for two calls",
        ),
        pytest.param(
            [piece('{"x":', index=0, id="a", name="Bash"), piece('{"y":2}', index=1, id="a", name="Read")],
            [("a", "Bash", '{"x":'), ("a", "Read", '{"y":2}')],
            id="P-40 one id, the first call not complete",
        ),
        pytest.param(
            [piece('{"x":', index=0, id="a", name="Bash"), piece("1}", index=None, id="a", name="Bash")],
            [A],
            id="an index that is left out later",
        ),
        pytest.param(
            [piece('{"x":', index=None, id="a", name="Bash"), piece("1}", index=0, id="a", name="Bash")],
            [A],
            id="an index that comes later",
        ),
        pytest.param(
            [piece('{"x":', index=0, id="a", name="Bash"), piece("1}", index=1, id="a")],
            [A],
            id="an index that changes on the way",
        ),
        pytest.param(
            [piece('{"x":1}', index=None, id="a", name="Bash"), piece('{"x":2}', index=None, id="a", name="Bash")],
            [A, ("a", "Bash", '{"x":2}')],
            id="P-40 one id, no index",
        ),
        pytest.param(
            [piece('{"x":1}', name="Bash"), piece('{"y":2}', name="Read")],
            [(None, "Bash", '{"x":1}'), (None, "Read", '{"y":2}')],
            id="one index, no ids",
        ),
        pytest.param(
            [piece("{}", name="Bash"), piece('{"y":2}', name="Read")],
            [(None, "Bash", "{}"), (None, "Read", '{"y":2}')],
            id="one index, no ids, no arguments",
        ),
        pytest.param(
            [piece("{}", index=None, name="Bash"), piece("{}", index=None, name="Read")],
            [(None, "Bash", "{}"), (None, "Read", "{}")],
            id="no index, no ids, no arguments",
        ),
        pytest.param(
            [piece('{"x":1}', name="Bash"), piece("", name="Read"), piece('{"y":2}')],
            [(None, "Bash", '{"x":1}'), (None, "Read", '{"y":2}')],
            id="one index, no ids, another name before its arguments",
        ),
        pytest.param([piece(id="a", name="Ba"), piece(name="sh"), piece('{"x":1}')], [A], id="split name"),
        pytest.param([piece(id="a", name="Ba"), piece(name="Bash"), piece('{"x":1}')], [A], id="cumulative name"),
        pytest.param(
            [piece(id="a", name="sort"), piece(name="_all"), piece("{}")],
            [("a", "sort_all", "{}")],
            id="any split name",
        ),
        pytest.param([piece(id="a", name="Bash"), piece('{"x":1}', name="Bash")], [A], id="repeated name"),
        pytest.param([piece(id="a", name="Bash"), piece("{}"), piece('{"x":1}')], [A], id="P-52 placeholder"),
        pytest.param([piece(id="a", name="Bash"), piece("{}")], [("a", "Bash", "{}")], id="an empty object stays"),
        pytest.param([piece(id="a", name="Bash")], [("a", "Bash", "{}")], id="no arguments"),
        pytest.param([piece(id="a", name="Bash"), piece(" ")], [("a", "Bash", "{}")], id="blank arguments"),
        pytest.param([piece('{"x":1}', id="a", name="Bash", whole=True)], [A], id="object arguments"),
        pytest.param(
            [piece(id="a", name="Bash"), piece('{"x":1}'), piece('{"x":1}', id="a", name="Bash", whole=True)],
            [A],
            id="final snapshot",
        ),
    ],
)
def test_p_42_p_43_p_44_p_52_deltas_find_their_slot(
    deltas: list[ToolDelta], calls: list[tuple[str | None, str, str]]
) -> None:
    """23.1: every documented way of telling calls apart ends in the calls that were meant."""
    assert assemble(*deltas) == calls


def test_r_chk_8_the_number_of_calls_is_bounded() -> None:
    """An upstream that never stops starting calls is stopped."""
    assert MAX_SLOTS == 1000
    slots = ToolSlots("stream")
    for number in range(MAX_SLOTS):
        slots.find(piece(index=number, name="x"))
    with pytest.raises(ApiError, match="too many"):
        slots.find(piece(index=MAX_SLOTS, name="x"))


def test_23_4_a_closed_call_takes_only_what_means_nothing() -> None:
    """White space, stray brackets and fences after the end are ignored, anything else is an error."""
    slot = Slot(0, "stream")
    slot.take(piece('{"x":1}', name="Bash"))
    slot.closed = True
    slot.take(piece(" }\n```"))
    with pytest.raises(ApiError, match="goes on"):
        slot.take(piece('{"y":2}'))


def test_a_shown_name_no_longer_changes() -> None:
    """Once the client has seen the name, later pieces are ignored."""
    slot = Slot(0, "stream")
    slot.take(piece(name="Bash"))
    slot.shown = True
    slot.take(piece(name="Other"))
    assert slot.name == "Bash"


def test_gemini_state_belongs_to_its_call() -> None:
    """Opaque state of a later delta is kept with the slot."""
    slot = Slot(0, "stream")
    slot.take(ToolDelta(index=0, name="Bash"))
    slot.take(ToolDelta(index=0, opaque="SIG"))
    assert slot.opaque == "SIG"
