"""What the client sees of an answer: text, thinking and calls as items of the block queue, in the order they were said.

`stream.py` decides whether an answer goes on and how it ends; here is decided what becomes of each piece of it.

    delta      thinking asked for        otherwise
    Text       text block                same (through the text filters)
    Reasoning  thinking block            nothing; remembered for the next turn (R-THD-1)
    Opaque     envelope of the thinking  remembered
    ToolDelta  tool_use block            same
    Refusal    text block                same, and the stop reason is `refusal`
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from tray_app.translation import codec, failures
from tray_app.translation.answer import deltas
from tray_app.translation.answer.blocks import BlockQueue, ThinkingItem, ToolItem
from tray_app.translation.answer.call_text import ArgsMode, Ending
from tray_app.translation.answer.filters import TextFilters
from tray_app.translation.answer.recollection import Recollection
from tray_app.translation.answer.sinks import Sink
from tray_app.translation.answer.toolcalls import Slot, ToolSlots
from tray_app.translation.context import AnswerContext, ThinkingView
from tray_app.translation.ids import client_id
from tray_app.translation.names import resolve_client_name
from tray_app.translation.thinking import ThinkingMemory

MAX_CALLS_CHARS: Final = 32 * 2**20  # of all calls together: no request could carry more back
MAX_OPAQUE_BYTES: Final = 4 * 2**20  # of opaque reasoning state; the envelopes and the memory have bounds of their own


class Stage:
    """Shows the pieces of one answer on a sink. `begin` is called before the first of them, and again before others.

    Attributes:
        output_bytes: UTF-8 bytes of everything the model wrote, shown or not.
        refused: the model called its text a refusal.
        matched: the stop sequence the local scanner found; nothing is shown after it.
    """

    def __init__(
        self,
        context: AnswerContext,
        sink: Sink,
        *,
        begin: Callable[[], None],
        new_id: Callable[[], str],
        args_mode: ArgsMode,
        memory: ThinkingMemory | None,
    ) -> None:
        self.output_bytes = 0
        self.refused = False
        self.matched: deltas.StopMatched | None = None
        self._context = context
        self._begin = begin
        self._new_id = new_id
        self._queue = BlockQueue(sink)
        self._slots = ToolSlots(args_mode)
        self._filters = TextFilters(context)
        self._recollection = Recollection(context.target, memory)
        self._ids = context.seen_ids
        self._calls_chars = self._opaque_bytes = 0
        always = context.target.capabilities.emit_thinking == "always"
        self._shows_thinking = always or context.thinking is not ThinkingView.OFF

    @property
    def has_tools(self) -> bool:
        """The answer holds a tool call, shown or about to be."""
        return any(slot.name or slot.arguments.received for slot in self._slots)

    # -- one method per kind of delta

    def extend_text(self, texts: Sequence[str]) -> bool:
        """Pieces of text, if they go on with the open block and no filter has to see them; else nothing happens: False."""
        if self._filters.active or not self._queue.extend_text(texts):
            return False
        whole = "".join(texts)
        self.output_bytes += len(whole.encode())
        self._recollection.add_text(whole)
        return True

    def text(self, item: deltas.Text) -> None:
        """A piece of text."""
        self.output_bytes += len(item.text.encode())
        if self._filters.active:
            self._show_all(self._filters.feed(item.text))
        else:
            self._show_text(item.text)

    def reasoning(self, item: deltas.Reasoning) -> None:
        """A piece of reasoning that came in a field of its own."""
        self.output_bytes += len(item.text.encode())
        self._filters.native_reasoning()
        if self._filters.active:
            self._show_all(self._filters.feed_reasoning(item))
        else:
            self._show_reasoning(item)

    def opaque(self, item: deltas.ReasoningOpaque) -> None:
        """Opaque reasoning state, as far as it can be kept."""
        self._opaque_bytes += len(codec.dumps(item.value))
        if self._opaque_bytes > MAX_OPAQUE_BYTES:
            self._context.losses.add("reasoning", "its opaque state is too large to be kept")
            return
        self._recollection.add_opaque(item)
        if self._shows_thinking:
            self._thinking().opaque.append(item.value)

    def tool(self, item: deltas.ToolDelta) -> None:
        """A piece of a tool call.

        Raises:
            ApiError: all calls together grew past `MAX_CALLS_CHARS`, or blank characters never end (P-50).
        """
        self.output_bytes += len((item.arguments or "").encode())
        self._calls_chars += len(item.arguments or "")
        if self._calls_chars > MAX_CALLS_CHARS:
            raise failures.unreadable("the tool calls are too large")
        self.release_text()
        self._show_tool(item)

    def refusal(self, item: deltas.Refusal) -> None:
        """A piece of a refusal."""
        self.output_bytes += len(item.text.encode())
        self.refused = True
        self.release_text()
        self._show_text(item.text)

    # -- the end

    def release_text(self) -> None:
        """Text that a filter holds back is shown before what is not text, and at the end."""
        if self._filters.active:
            self._show_all(self._filters.flush())

    def close_text(self) -> None:
        """End an open text block before an error is told (R-ERR-9)."""
        self._queue.close_text()

    def answer_in_reasoning(self) -> None:
        """R-THD-1: an answer of reasoning only is empty, except from an upstream that is known to answer there."""
        reasoning = self._recollection.reasoning
        if not reasoning or self._queue.last is not None:
            return
        if self._context.target.capabilities.reasoning_as_answer:
            self._show_text(reasoning)
        else:
            self._context.losses.add("reasoning", "the answer held nothing else and the client did not ask for it")

    def finish(self, ending: Ending) -> None:
        """Show what is left, and remember the reasoning."""
        self._split_calls()
        self._queue.finish(ending)
        self._recollection.keep()

    def let_go(self) -> None:
        """Nothing more is shown: forget who begins the message, or the two would keep each other and the whole request."""
        self._begin = _nothing

    def _split_calls(self) -> None:
        """Whole objects that followed the first one in a slot are calls of their own (23.3)."""
        for slot in tuple(self._slots):
            for text in slot.arguments.extra_objects():
                extra = Slot(None, "stream")
                extra.take(deltas.ToolDelta(name=slot.name, arguments=text))
                self._queue.push(ToolItem(extra, self._tool_name, self._tool_id))

    # -- showing

    def _show_all(self, items: Iterable[deltas.Delta]) -> None:
        """Deltas that came out of the text filters."""
        for item in items:
            if isinstance(item, deltas.Text):
                self._show_text(item.text)
            elif isinstance(item, deltas.Reasoning):
                self._show_reasoning(item)
            elif isinstance(item, deltas.ToolDelta):
                self._show_tool(item)
            else:
                assert isinstance(item, deltas.StopMatched)  # the last thing that filters can say
                self.matched = item
                return

    def _show_text(self, text: str) -> None:
        self._begin()
        self._recollection.add_text(text)
        self._queue.add_text(text)

    def _show_reasoning(self, item: deltas.Reasoning) -> None:
        self._begin()
        self._recollection.add_reasoning(item)
        if self._shows_thinking:
            self._thinking().add(item.text, item.field)
            self._queue.pump()

    def _show_tool(self, item: deltas.ToolDelta) -> None:
        slot, new = self._slots.find(item)
        slot.take(item)
        self._begin()
        if new:
            if item.opaque is not None and self._shows_thinking:  # R-GEM-1
                self._thinking().opaque.append(item.opaque)
            self._queue.push(ToolItem(slot, self._tool_name, self._tool_id))
        guard = self._context.target.capabilities.ws_guard
        if guard and slot.arguments.longest_space_run > guard:
            raise failures.whitespace_loop(slot.arguments.longest_space_run)
        self._queue.pump()

    def _thinking(self) -> ThinkingItem:
        last = self._queue.last
        if not isinstance(last, ThinkingItem):
            hidden = self._context.thinking is ThinkingView.HIDDEN
            last = ThinkingItem(self._recollection.seal, hidden=hidden)
            self._queue.push(last)
        return last

    def _tool_name(self, upstream_name: str) -> str:
        return resolve_client_name(upstream_name, self._context.tool_names)

    def _tool_id(self, slot: Slot) -> str:
        chosen = client_id(slot.upstream_id or "", self._ids, self._new_id)
        self._ids |= {chosen}
        self._recollection.add_call(chosen, slot)
        return chosen


def _nothing() -> None:
    """The message has ended; it cannot begin."""
