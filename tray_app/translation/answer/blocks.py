"""The content blocks of one answer, strictly one after another (R-STM-2, R-STM-3), whatever the order the upstream mixes them in.

Items wait in the order of their first appearance; the first one is *open* and streams live, the others buffer. An item gives
way to the next one when it is complete: text and thinking always are, a tool call when its JSON is balanced (23.4). At the
end of the answer every item is shown in turn. Nothing here knows the upstream; `stream.py` decides what becomes an item.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

from tray_app.translation.answer.call_text import Ending
from tray_app.translation.answer.sinks import Sink
from tray_app.translation.answer.toolcalls import UNKNOWN_TOOL, Slot

MAX_HIDDEN_CHARS: Final = 1_000_000  # of a thinking block kept for its envelope, which has a smaller cap of its own


class Seal(Protocol):
    """Makes the envelope of a thinking block."""

    def __call__(self, text: str, opaque: list[Any], field: str, *, hidden: bool) -> str: ...


class Item(Protocol):
    """A content block to be."""

    def openable(self, followed: bool) -> bool:
        """It has something to show; `followed` says that another item waits behind it."""

    def empty(self) -> bool:
        """It has nothing to show and never will once another item has appeared."""

    def start(self) -> dict[str, Any]:
        """Its start object."""

    def flush(self, sink: Sink) -> None:
        """Show what has come since the last time."""

    def complete(self) -> bool:
        """It may end if another item waits."""

    def end(self, sink: Sink, ending: Ending) -> None:
        """Show what belongs to its end; the stop event itself is the queue's."""


class TextItem:
    """Text; not shown before it holds more than white space (22.4)."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._solid = False

    def add(self, text: str) -> None:
        """Append a piece."""
        self._pieces.append(text)
        self._solid = self._solid or not text.isspace()

    def openable(self, followed: bool) -> bool:
        return self._solid

    def empty(self) -> bool:
        return not self._solid

    def start(self) -> dict[str, Any]:
        return {"type": "text", "text": ""}

    def flush(self, sink: Sink) -> None:
        for piece in self._pieces:
            sink.add(piece)
        self._pieces.clear()

    def complete(self) -> bool:
        return True

    def end(self, sink: Sink, ending: Ending) -> None:
        """Text has no end of its own."""


class ThinkingItem:
    """Thinking; `seal` makes the envelope that ends it (R-STM-8) or, without any text, stands for it."""

    def __init__(self, seal: Seal, *, hidden: bool) -> None:
        self._seal = seal
        self._hidden = hidden
        self._pieces: list[str] = []
        self._kept = 0  # characters in the pieces of a hidden item
        self._solid = False
        self._redacted = False
        self.field = ""
        self.opaque: list[Any] = []

    def add(self, text: str, field: str) -> None:
        """Append a piece that came in the upstream's `field`."""
        self.field = self.field or field
        self._solid = self._solid or not text.isspace()
        if self._hidden:
            self._kept += len(text)
        if self._kept <= MAX_HIDDEN_CHARS:
            self._pieces.append(text)

    def openable(self, followed: bool) -> bool:
        return self._solid or (followed and bool(self.opaque))

    def empty(self) -> bool:
        return not self._solid and not self.opaque

    def start(self) -> dict[str, Any]:
        self._redacted = not self._solid
        if self._redacted:
            return {"type": "redacted_thinking", "data": self._seal("", self.opaque, self.field, hidden=True)}
        return {"type": "thinking", "thinking": "", "signature": ""}

    def flush(self, sink: Sink) -> None:
        if not self._hidden and not self._redacted:
            for piece in self._pieces:
                sink.add(piece)
            self._pieces.clear()

    def complete(self) -> bool:
        return True

    def end(self, sink: Sink, ending: Ending) -> None:
        if not self._redacted:
            sink.sign(self._seal("".join(self._pieces), self.opaque, self.field, hidden=self._hidden))


class ToolItem:
    """A tool call; `name_of` maps the upstream's name to the client's, `id_of` gives the id the client sees."""

    def __init__(self, slot: Slot, name_of: Callable[[str], str], id_of: Callable[[Slot], str]) -> None:
        self.slot = slot
        self._name_of = name_of
        self._id_of = id_of

    def openable(self, followed: bool) -> bool:
        return self.slot.name != "" and (followed or self.slot.arguments.received)

    def empty(self) -> bool:
        return False  # its name or its arguments may still come

    def start(self) -> dict[str, Any]:
        self.slot.shown = True
        name = self._name_of(self.slot.name) or UNKNOWN_TOOL
        return {"type": "tool_use", "id": self._id_of(self.slot), "name": name, "input": {}}

    def flush(self, sink: Sink) -> None:
        text = self.slot.arguments.take()
        if text:
            sink.add(text)

    def complete(self) -> bool:
        return self.slot.arguments.complete

    def end(self, sink: Sink, ending: Ending) -> None:
        self.slot.closed = True
        text = self.slot.arguments.finish(ending)
        if text:
            sink.add(text)


class BlockQueue:
    """Shows items one at a time on a sink. The youngest stays in the queue until another follows or the answer ends."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._items: deque[Item] = deque()
        self._open = False
        self._shown = 0

    @property
    def last(self) -> Item | None:
        """The youngest item, which may still grow."""
        return self._items[-1] if self._items else None

    def extend_text(self, texts: Iterable[str]) -> bool:
        """Show pieces of text at once if they go on with the open block, as nearly all do; else nothing happens: False."""
        if not self._open or len(self._items) > 1 or not isinstance(self._items[0], TextItem):
            return False
        self._sink.add_all(texts)
        return True

    def add_text(self, text: str) -> None:
        """Append `text` to the youngest item if that is text, else to a new one; and show what can be shown."""
        last = self.last
        if not isinstance(last, TextItem):
            last = TextItem()
            self.push(last)
        last.add(text)
        self.pump()

    def push(self, item: Item) -> None:
        """Let an item wait behind the others."""
        self._items.append(item)

    def pump(self) -> None:
        """Show everything that can be shown now."""
        while self._items:
            item = self._items[0]
            followed = len(self._items) > 1
            if not self._open:
                if followed and item.empty():
                    self._items.popleft()
                    continue
                if not item.openable(followed):
                    return
                self._start(item)
            item.flush(self._sink)
            if not followed or not item.complete():
                return
            self._stop(Ending.NORMAL)

    def finish(self, ending: Ending) -> None:
        """Show what is left, in order; a tool call that has neither name nor arguments is dropped (23.2)."""
        while self._items:
            item = self._items[0]
            if not self._open:
                nameless = isinstance(item, ToolItem) and not item.slot.name and not item.slot.arguments.received
                if item.empty() or nameless:
                    self._items.popleft()
                    continue
                self._start(item)
            item.flush(self._sink)
            self._stop(ending)

    def close_text(self) -> None:
        """End an open text block, so that a client that sees an error next can keep the text (R-ERR-9)."""
        if self._open and isinstance(self._items[0], TextItem):
            self._stop(Ending.CUT)

    def _start(self, item: Item) -> None:
        self._sink.start_block(self._shown, item.start())
        self._shown += 1
        self._open = True

    def _stop(self, ending: Ending) -> None:
        self._items[0].end(self._sink, ending)  # may raise: the block stays open then
        self._items.popleft()
        self._sink.stop_block()
        self._open = False
