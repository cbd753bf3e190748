"""Tool calls in the making: which slot a delta belongs to (23.1) and its name (23.2); the arguments are `call_text.py`.

Slots know nothing of blocks and events: `blocks.py` decides when a slot is shown, and asks it for the text to show.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tray_app.translation import failures
from tray_app.translation.answer.call_text import ArgsMode, CallText
from tray_app.translation.answer.deltas import ToolDelta

# A call that never got a name: the client answers with an error the model can read.
UNKNOWN_TOOL: Final = "unknown_tool"
MAX_SLOTS: Final = 1000  # calls in one answer; an index beyond it is corrupt (R-CHK-8)
_MEANINGLESS: Final = " \t\r\n}]`"  # after the end of a call: white space, stray brackets, the end of a fence


class Slot:
    """One call being assembled.

    Attributes:
        index: the upstream's number for it, None if it gave none.
        upstream_id: the upstream's id, None until it gives one.
        name: the upstream's name for the tool; pieces of it are joined until the call is shown.
        shown: the client has seen its start; the name no longer changes.
        closed: the client has seen its end; nothing more can be added.
        successor: another name that came at this index after the arguments; the next object there is that call's.
        opaque: state to be sent back with this call (Gemini's thought signature).
    """

    __slots__ = ("arguments", "closed", "index", "name", "opaque", "shown", "successor", "upstream_id")

    def __init__(self, index: int | None, mode: ArgsMode) -> None:
        self.index = index
        self.upstream_id: str | None = None
        self.name = ""
        self.shown = False
        self.closed = False
        self.successor = ""
        self.opaque: Any = None
        self.arguments = CallText(mode)

    def take(self, delta: ToolDelta) -> None:
        """Add a delta to this call.

        Raises:
            ApiError: a real fragment for a call that has already been closed; it cannot be told to the client any more.
        """
        if delta.id and self.upstream_id is None:
            self.upstream_id = delta.id
        if delta.opaque is not None:
            self.opaque = delta.opaque
        if delta.name:
            self._take_name(delta.name)
        if delta.arguments:
            self._take_arguments(delta)

    def _take_name(self, piece: str) -> None:
        if self.shown or (self.name and self.arguments.balanced):
            return
        self.name = piece if piece.startswith(self.name) else self.name + piece

    def _take_arguments(self, delta: ToolDelta) -> None:
        assert delta.arguments is not None
        if self.closed:
            if delta.arguments.strip(_MEANINGLESS):
                raise failures.unreadable("a tool call goes on after its end")
            return
        if delta.whole and self.arguments.received:  # a snapshot of what has been streamed
            return
        self.arguments.add(delta.arguments)


class ToolSlots:
    """All calls of one answer, and the rules by which a delta finds its slot (23.1)."""

    def __init__(self, mode: ArgsMode) -> None:
        self._mode = mode
        self._slots: list[Slot] = []
        self._by_index: dict[int, Slot] = {}
        self._by_id: dict[str, Slot] = {}

    def __len__(self) -> int:
        return len(self._slots)

    def __iter__(self) -> Iterator[Slot]:
        return iter(self._slots)

    def find(self, delta: ToolDelta) -> tuple[Slot, bool]:
        """The slot a delta belongs to, and whether it was made just now.

        Raises:
            ApiError: more than `MAX_SLOTS` calls.
        """
        slot = self._known_id(delta) if delta.id else self._without_id(delta)
        new = slot is None
        if slot is None:
            slot = self._add(delta.index)
        elif self._renames(delta, slot):
            slot.successor = delta.name or ""
        if delta.index is not None:
            self._by_index[delta.index] = slot
        if delta.id:
            self._by_id[delta.id] = slot
        return slot, new

    def _known_id(self, delta: ToolDelta) -> Slot | None:
        """Rules 1 and 2: the id decides, unless it is the second name of a call in the making."""
        assert delta.id is not None
        known = self._by_id.get(delta.id)
        if known is not None:
            return None if self._repeats_id(delta, known) else known
        at_index = self._by_index.get(delta.index) if delta.index is not None else None
        if at_index is None:
            return None
        late_id = at_index.upstream_id is None and (delta.name is None or at_index.name in ("", delta.name))
        drifting = delta.name is None and at_index.arguments.received and not at_index.arguments.complete
        return at_index if (late_id and not self._restarts(delta, at_index)) or drifting else None

    def _repeats_id(self, delta: ToolDelta, known: Slot) -> bool:
        """An upstream that gives the same id to different calls (P-40): another index with a name, or a new whole call."""
        if delta.index is not None and known.index is not None and delta.index != known.index:
            return delta.name is not None
        return self._restarts(delta, known)

    def _without_id(self, delta: ToolDelta) -> Slot | None:
        """Rules 3 to 5: the index, else the last slot, unless a named delta clearly begins another call."""
        if delta.index is not None:
            at_index = self._by_index.get(delta.index)
            return None if at_index is not None and self._restarts(delta, at_index) else at_index
        if not self._slots:
            return None
        last = self._slots[-1]
        begins = delta.name is not None and last.name != "" and last.arguments.complete
        return None if self._renames(delta, last) or (begins and not self._snapshot(delta, last)) else last

    def _restarts(self, delta: ToolDelta, slot: Slot) -> bool:
        """A named delta with new arguments for a call that has all its arguments."""
        if not (delta.arguments or "").lstrip().startswith("{") or self._snapshot(delta, slot):
            return False
        if delta.name is None:
            return slot.successor != ""
        return self._renames(delta, slot) or (slot.name != "" and slot.arguments.complete)

    @staticmethod
    def _renames(delta: ToolDelta, slot: Slot) -> bool:
        """Names come in pieces only before the arguments: another name after them is another call's, even after ``{}``."""
        return slot.arguments.balanced and slot.name != "" and delta.name not in (None, slot.name)

    @staticmethod
    def _snapshot(delta: ToolDelta, slot: Slot) -> bool:
        return (
            delta.name == slot.name and delta.arguments is not None and slot.arguments.text() == delta.arguments.strip()
        )

    def _add(self, index: int | None) -> Slot:
        if len(self._slots) >= MAX_SLOTS:
            raise failures.unreadable("too many tool calls in one answer")
        slot = Slot(index, self._mode)
        before = self._by_index.get(index) if index is not None else None
        slot.name = before.successor if before else ""
        self._slots.append(slot)
        return slot
