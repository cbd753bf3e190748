"""Tool calls in the making: which slot a delta belongs to (23.1), its name (23.2) and its arguments (23.3).

Slots know nothing of blocks and events: `blocks.py` decides when a slot is shown, and asks it for the text to show.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from typing import Any, Final, Literal

from tray_app.translation import failures
from tray_app.translation.answer.arguments import ArgumentScanner
from tray_app.translation.answer.deltas import ToolDelta
from tray_app.translation.answer.repair import UNPARSED, repaired
from tray_app.translation.codec import dumps_text

UNKNOWN_TOOL: Final = (
    "unknown_tool"  # a call that never got a name: the client answers with an error the model can read
)
MAX_ARGUMENT_CHARS: Final = 16 * 1024 * 1024  # of one call; no client request could carry more back
MAX_SLOTS: Final = 1000  # calls in one answer; an index beyond it is corrupt (R-CHK-8)
_MEANINGLESS: Final = " \t\r\n}]`"  # after the end of a call: white space, stray brackets, the end of a fence

ArgsMode = Literal["stream", "buffer", "cumulative"]


class Ending(Enum):
    """How the answer ended, for a call whose JSON is not complete (R-ARG-5)."""

    NORMAL = auto()  # the upstream said it was done: brackets may be added
    CUT = auto()  # the token limit: what is there stays as it is


class Arguments:
    """The JSON text of one call: fragments in, text to show out.

    In mode ``stream`` text is ready as it comes, as long as it can become valid JSON; in ``buffer`` everything is ready at
    the end; ``cumulative`` fragments repeat what came before, and one that contradicts it makes the call wait for its end.
    """

    __slots__ = (
        "_buffered",
        "_length",
        "_passed",
        "_placeholder",
        "_scanner",
        "_sent",
        "_snapshot",
        "_taken",
        "received",
    )

    def __init__(self, mode: ArgsMode) -> None:
        self.received = False
        self._buffered = mode == "buffer"
        self._snapshot: str | None = "" if mode == "cumulative" else None
        self._placeholder = False
        self._length = 0
        self._sent: list[str] = []
        self._restart()

    def _restart(self) -> None:
        self._scanner = ArgumentScanner()
        self._passed: list[str] = []
        self._taken = 0

    @property
    def complete(self) -> bool:
        """The object is balanced and no mere placeholder."""
        return self._scanner.complete and not self._placeholder

    @property
    def longest_space_run(self) -> int:
        """The longest run of white space outside strings so far (P-50)."""
        return self._scanner.longest_space_run

    def text(self) -> str:
        """All the text that was passed on or is ready to be."""
        return "".join(self._passed)

    def add(self, fragment: str) -> None:
        """Take the next fragment.

        Raises:
            ApiError: the call grew past `MAX_ARGUMENT_CHARS`.
        """
        if self._snapshot is not None:
            fragment = self._extension(fragment, self._snapshot)
        self._length += len(fragment)
        if self._length > MAX_ARGUMENT_CHARS:
            raise failures.unreadable("a tool call is too large")
        if self._placeholder and fragment.lstrip().startswith("{"):  # P-52: the real arguments follow an empty object
            self._restart()
            self._placeholder = False
        elif not self.received and fragment.strip() == "{}":
            self._placeholder = True
        self.received = self.received or bool(fragment.strip())
        passed = self._scanner.feed(fragment)
        if passed:
            self._passed.append(passed)

    def _extension(self, fragment: str, before: str) -> str:
        self._snapshot = fragment
        if fragment.startswith(before):
            return fragment[len(before) :]
        self._restart()
        self._buffered = True
        return fragment

    def take(self) -> str:
        """The text to show now; empty when there is none yet."""
        if self._buffered or self._placeholder or self._taken == len(self._passed):
            return ""
        text = "".join(self._passed[self._taken :])
        self._taken = len(self._passed)
        self._sent.append(text)
        return text

    def finish(self, ending: Ending) -> str:
        """The text that ends the call: what was held back, repaired where nothing misleading can come of it.

        Raises:
            ApiError: a cumulative upstream contradicted what the client has already seen.
        """
        sent = "".join(self._sent)
        whole = self._whole(bool(sent), ending)
        if not whole.startswith(sent):
            raise failures.unreadable("a tool call contradicts what was sent of it before")
        return whole[len(sent) :]

    def _whole(self, shown: bool, ending: Ending) -> str:
        body = self.text()
        if self._scanner.complete:
            return body
        if not self.received:
            return "{}"
        may_close = ending is Ending.NORMAL
        if self._scanner.broken:
            return self._mended(body, shown, may_close)
        closers = self._scanner.closers() if may_close else None
        if closers is None and self._buffered:
            return dumps_text({UNPARSED: body})
        return body + (closers or "")

    def _mended(self, body: str, shown: bool, may_close: bool) -> str:
        """R-ARG-4: the repaired object if the client can still get it, else the raw text, which it reports to the model."""
        raw = body + self._scanner.tail
        mended = repaired(raw, may_close=may_close)
        text = dumps_text({UNPARSED: raw} if mended is None else mended)
        fits = text.startswith("".join(self._sent)) and (mended is not None or not shown)
        return text if fits else raw

    def extra_objects(self) -> list[str]:
        """Further whole objects that followed the first one in this slot: each is a call of its own (23.3)."""
        found: list[str] = []
        first = self.text()
        rest = self._scanner.tail.strip() if self._scanner.complete else ""
        while rest.startswith("{"):
            scanner = ArgumentScanner()
            text = scanner.feed(rest)
            if not scanner.complete:
                break
            if text != first:
                found.append(text)
            rest = scanner.tail.strip()
        return found


class Slot:
    """One call being assembled.

    Attributes:
        index: the upstream's number for it, None if it gave none.
        upstream_id: the upstream's id, None until it gives one.
        name: the upstream's name for the tool; pieces of it are joined until the call is shown.
        shown: the client has seen its start; the name no longer changes.
        closed: the client has seen its end; nothing more can be added.
        opaque: state to be sent back with this call (Gemini's thought signature).
    """

    __slots__ = ("arguments", "closed", "index", "name", "opaque", "shown", "upstream_id")

    def __init__(self, index: int | None, mode: ArgsMode) -> None:
        self.index = index
        self.upstream_id: str | None = None
        self.name = ""
        self.shown = False
        self.closed = False
        self.opaque: Any = None
        self.arguments = Arguments(mode)

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
        if self.shown or piece == self.name:
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
        return None if begins and not self._snapshot(delta, last) else last

    def _restarts(self, delta: ToolDelta, slot: Slot) -> bool:
        """A named delta with new arguments for a call whose arguments are complete."""
        named = delta.name is not None and slot.name != "" and slot.arguments.complete
        return named and (delta.arguments or "").lstrip().startswith("{") and not self._snapshot(delta, slot)

    @staticmethod
    def _snapshot(delta: ToolDelta, slot: Slot) -> bool:
        return (
            delta.name == slot.name and delta.arguments is not None and slot.arguments.text() == delta.arguments.strip()
        )

    def _add(self, index: int | None) -> Slot:
        if len(self._slots) >= MAX_SLOTS:
            raise failures.unreadable("too many tool calls in one answer")
        slot = Slot(index, self._mode)
        self._slots.append(slot)
        return slot
