"""The state machine of one answer: neutral deltas in, content blocks and the end of the message out (spec sections 22 and 28.4).

The life of an answer:

    state      enters it                     delta                      leads to
    WAITING    at the beginning              content                    STREAMING (message_start)
                                             error, or nothing at all   FAILED, told by an HTTP status
    STREAMING  the client has been answered  content                    STREAMING
                                             error, cut                 FAILED (error event; no message_stop ever follows)
                                             end after a finish         DONE (message_delta, message_stop)
    DONE       the message is whole          anything                   ignored
    FAILED     the error has been told       anything                   ignored

*Content* is text, reasoning, a tool call or a refusal. A finish reason alone closes nothing: content, usage and a better
reason may follow until `[DONE]`, the end of the body, or the caller's patience (R-STM-12..14). An end without a finish
reason is a failure, never an `end_turn` (22.7). What is shown of each delta:

    delta      thinking asked for        otherwise
    Text       text block                same (through the text filters)
    Reasoning  thinking block            nothing; remembered for the next turn (R-THD-1)
    Opaque     envelope of the thinking  remembered
    ToolDelta  tool_use block            same
    Refusal    text block                same, and the stop reason is `refusal`
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import Any, Final

from tray_app.translation import deltas, failures
from tray_app.translation.blocks import BlockQueue, TextItem, ThinkingItem, ToolItem
from tray_app.translation.context import AnswerContext, ThinkingView
from tray_app.translation.errors import ApiError
from tray_app.translation.events import Sink
from tray_app.translation.filters import TextFilters
from tray_app.translation.ids import client_id
from tray_app.translation.names import resolve_client_name
from tray_app.translation.overflow import silent_cut
from tray_app.translation.recollection import Recollection
from tray_app.translation.stops import StopReason, conclude, merge
from tray_app.translation.thinking import ThinkingMemory
from tray_app.translation.toolcalls import ArgsMode, Ending, Slot, ToolSlots
from tray_app.translation.usage import Usage, UsageMeter, anthropic

BYTES_PER_TOKEN: Final = 4  # of an answer whose usage nobody reported (R-USE-7)


class State(Enum):
    """See the table above."""

    WAITING = auto()
    STREAMING = auto()
    DONE = auto()
    FAILED = auto()


class StreamMachine:
    """Turns the deltas of one answer into calls on a sink.

    Attributes:
        state: see the table of this module.
        begun: the client has been answered: `message_start` is out.
        failure: the error of a failed answer; not yet told to the client if `state` was WAITING when it came.
        stop: how the message ended, once it is DONE.
        output_bytes: UTF-8 bytes of everything the model wrote, shown or not.
    """

    def __init__(
        self,
        context: AnswerContext,
        sink: Sink,
        *,
        message_id: Callable[[str], str],
        new_id: Callable[[], str],
        request_id: str,
        args_mode: ArgsMode,
        memory: ThinkingMemory | None = None,
    ) -> None:
        self.state = State.WAITING
        self.begun = False
        self.failure: ApiError | None = None
        self.stop: StopReason | None = None
        self.output_bytes = 0
        self.upstream_id = ""
        self.upstream_model = ""
        self._context = context
        self._capabilities = context.target.capabilities
        self._sink = sink
        self._message_id = message_id
        self._new_id = new_id
        self._request_id = request_id
        self._queue = BlockQueue(sink)
        self._slots = ToolSlots(args_mode)
        self._filters = TextFilters(context)
        self._meter = UsageMeter()
        self._recollection = Recollection(context.target, memory)
        self._finish: deltas.Finish | None = None
        self._refused = False
        self._ids = set(context.seen_ids)
        self._shows_thinking = (
            context.thinking is not ThinkingView.OFF or self._capabilities.emit_thinking == "always"
        )

    # -- what the caller sees

    @property
    def over(self) -> bool:
        """Nothing more will be shown."""
        return self.state in (State.DONE, State.FAILED)

    @property
    def finish_seen(self) -> bool:
        """The upstream gave a finish reason; only usage and the end marker are missing."""
        return self._finish is not None

    @property
    def text_open(self) -> bool:
        """The next text delta would be appended to the open text block as it is: the way for `EventSink.add_quoted`."""
        return (
            self.state is State.STREAMING
            and isinstance(self._queue.open_item, TextItem)
            and self._queue.open_item is self._queue.last
            and not self._filters.active
            and not self._recollection.wants_text
        )

    def usage(self) -> Usage:
        """The tokens so far, estimated where nobody reported them."""
        estimate = max(1, -(-self.output_bytes // BYTES_PER_TOKEN)) if self.output_bytes else 0
        return self._meter.total(
            self._capabilities, input_estimate=self._context.input_estimate, output_estimate=estimate
        )

    # -- the caller's side

    def start(self) -> None:
        """Answer the client now (R-COM-3); nothing happens if that has been done."""
        if self.state is not State.WAITING:
            return
        self.state = State.STREAMING
        self.begun = True
        self._sink.start(
            {
                "id": self._message_id(self.upstream_id),
                "type": "message",
                "role": "assistant",
                "content": [],
                "model": self._context.client_model,
                "stop_reason": None,
                "stop_sequence": None,
                "usage": anthropic(self._first_usage()),
            }
        )

    def handle(self, items: Sequence[deltas.Delta]) -> None:
        """Take the deltas of one chunk, in order."""
        if not self.begun:  # R-STM-11: usage in the first chunk belongs into message_start
            for item in items:
                if isinstance(item, deltas.UsageReport):
                    self._on_usage(item)
        try:
            for item in items:
                if self.over:
                    return
                _HANDLERS[type(item)](self, item)
        except ApiError as error:
            self.fail(error)

    def end(self, *, marked: bool) -> None:
        """The upstream is done: its body ended, or (`marked`) it said `[DONE]` (22.7)."""
        if self.over:
            return
        try:
            self._show_all(self._filters.flush())
            if not self.over:
                self._conclude(marked)
        except ApiError as error:
            self.fail(error)

    def fail(self, error: ApiError) -> None:
        """End the answer in an error (28.4); one that has not begun is left to an HTTP status."""
        if self.over:
            return
        self.failure = error
        if self.state is State.STREAMING:
            self._queue.close_text()
            self._sink.fail(error.body(self._request_id))
        self.state = State.FAILED

    # -- one method per kind of delta

    def _on_meta(self, item: deltas.Meta) -> None:
        self.upstream_id = self.upstream_id or item.id
        self.upstream_model = self.upstream_model or item.model

    def _on_text(self, item: deltas.Text) -> None:
        self.output_bytes += len(item.text.encode())
        if self._filters.active:
            self._show_all(self._filters.feed(item.text))
        else:
            self._show_text(item.text)

    def _on_reasoning(self, item: deltas.Reasoning) -> None:
        self.output_bytes += len(item.text.encode())
        self._filters.native_reasoning()
        self._release_text()
        self._show_reasoning(item)

    def _on_opaque(self, item: deltas.ReasoningOpaque) -> None:
        self._recollection.add_opaque(item)
        if self._shows_thinking:
            self._thinking().opaque.append(item.value)

    def _on_tool(self, item: deltas.ToolDelta) -> None:
        self.output_bytes += len((item.arguments or "").encode())
        slot, new = self._slots.find(item)
        slot.take(item)
        self._release_text()
        self.start()
        if new:
            if item.opaque is not None and self._shows_thinking:  # R-GEM-1
                self._thinking().opaque.append(item.opaque)
            self._queue.push(ToolItem(slot, self._tool_name, self._tool_id))
        guard = self._capabilities.ws_guard
        if guard and slot.arguments.longest_space_run > guard:
            raise failures.whitespace_loop(slot.arguments.longest_space_run)
        self._queue.pump()

    def _on_refusal(self, item: deltas.Refusal) -> None:
        self.output_bytes += len(item.text.encode())
        self._refused = True
        self._release_text()
        self._show_text(item.text)

    def _on_finish(self, item: deltas.Finish) -> None:
        self._finish = merge(self._finish, item)

    def _on_usage(self, item: deltas.UsageReport) -> None:
        self._meter.add(item.value)

    def _on_stop(self, item: deltas.StopMatched) -> None:
        self._finish = deltas.Finish("stop", stop_sequence=item.sequence)
        self._conclude(marked=True)

    def _on_failed(self, item: deltas.Failed) -> None:
        self.fail(item.error)

    def _on_ended(self, item: deltas.Ended) -> None:
        """`response.py` ends the answer after the read that held the marker: usage may follow it there (R-SSE-6)."""

    # -- showing

    def _release_text(self) -> None:
        """Text that a filter holds back comes before what is not text."""
        if self._filters.active:
            self._show_all(self._filters.flush())

    def _show_all(self, items: Iterable[deltas.Delta]) -> None:
        """Deltas that came out of the text filters."""
        for item in items:
            if self.over:
                return
            if isinstance(item, deltas.Text):
                self._show_text(item.text)
            elif isinstance(item, deltas.Reasoning):
                self._show_reasoning(item)
            else:
                _HANDLERS[type(item)](self, item)

    def _show_text(self, text: str) -> None:
        self.start()
        self._recollection.add_text(text)
        last = self._queue.last
        if not isinstance(last, TextItem):
            last = TextItem()
            self._queue.push(last)
        last.add(text)
        self._queue.pump()

    def _show_reasoning(self, item: deltas.Reasoning) -> None:
        self.start()
        self._recollection.add_reasoning(item)
        if self._shows_thinking:
            self._thinking().add(item.text, item.field)
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
        self._ids.add(chosen)
        self._recollection.add_call(chosen, slot)
        return chosen

    # -- the end

    def _first_usage(self) -> Usage:
        """22.2: the prompt as reported by now, else as estimated; nothing has been written yet."""
        return self._meter.total(
            self._capabilities, input_estimate=self._context.input_estimate, output_estimate=0
        )

    def _conclude(self, marked: bool) -> None:
        if self._finish is None:
            if self._capabilities.finish_required or not marked or self.state is State.WAITING:
                raise self._missing_finish(marked)
            self._finish = deltas.Finish("")
        self._refuse_empty(self._finish)
        self._answer_in_reasoning()
        stop = conclude(
            self._finish,
            tools=self._queue.tool_blocks + len(self._slots) > 0,
            refused=self._refused,
            stop_sequences=self._context.stop_sequences,
            provider=self._context.target.provider,
            losses=self._context.losses,
        )
        self.start()
        self._split_calls()
        self._queue.finish(Ending.CUT if stop.stop_reason == "max_tokens" else Ending.NORMAL)
        self._finish_message(stop)

    def _missing_finish(self, marked: bool) -> ApiError:
        if self.state is State.WAITING:
            return failures.no_answer()
        return failures.truncated() if marked else failures.connection_lost()

    def _refuse_empty(self, finish: deltas.Finish) -> None:
        """Answers without any content that stand for an error."""
        if self.state is not State.WAITING:
            return
        if finish.reason == "length":
            usage = self.usage()
            prompt = usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens
            cut = silent_cut(prompt, self.output_bytes, self._capabilities.context_window)
            if cut is not None:
                raise cut.api_error()
        if self._capabilities.empty_as_error:
            raise failures.empty_answer()

    def _answer_in_reasoning(self) -> None:
        """R-THD-1: an answer of reasoning only is empty, except from an upstream that is known to answer there."""
        reasoning = self._recollection.reasoning
        if not reasoning or self._shows_thinking or self._queue.shown or self._queue.last is not None:
            return
        if self._capabilities.reasoning_as_answer:
            self._show_text(reasoning)
        else:
            self._context.losses.add("reasoning", "the answer held nothing else and the client did not ask for it")

    def _split_calls(self) -> None:
        """Whole objects that followed the first one in a slot are calls of their own (23.3)."""
        for slot in tuple(self._slots):
            for text in slot.arguments.extra_objects():
                extra = Slot(None, "stream")
                extra.take(deltas.ToolDelta(name=slot.name, arguments=text))
                self._queue.push(ToolItem(extra, self._tool_name, self._tool_id))

    def _finish_message(self, stop: StopReason) -> None:
        delta: dict[str, Any] = {"stop_reason": stop.stop_reason, "stop_sequence": stop.stop_sequence}
        if stop.details is not None:
            delta["stop_details"] = stop.details
        extra: dict[str, Any] = {}
        if self._context.applied_edits:
            extra["context_management"] = {"applied_edits": list(self._context.applied_edits)}
        self._sink.finish(delta, anthropic(self.usage()), extra)
        self._recollection.keep()
        self.stop = stop
        self.state = State.DONE


_HANDLERS: Final[Mapping[type, Callable[[StreamMachine, Any], None]]] = {
    deltas.Meta: StreamMachine._on_meta,  # noqa: SLF001 - the machine's own table
    deltas.Text: StreamMachine._on_text,  # noqa: SLF001
    deltas.Reasoning: StreamMachine._on_reasoning,  # noqa: SLF001
    deltas.ReasoningOpaque: StreamMachine._on_opaque,  # noqa: SLF001
    deltas.ToolDelta: StreamMachine._on_tool,  # noqa: SLF001
    deltas.Refusal: StreamMachine._on_refusal,  # noqa: SLF001
    deltas.Finish: StreamMachine._on_finish,  # noqa: SLF001
    deltas.UsageReport: StreamMachine._on_usage,  # noqa: SLF001
    deltas.StopMatched: StreamMachine._on_stop,  # noqa: SLF001
    deltas.Failed: StreamMachine._on_failed,  # noqa: SLF001
    deltas.Ended: StreamMachine._on_ended,  # noqa: SLF001
}
