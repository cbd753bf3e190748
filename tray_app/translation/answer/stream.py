"""The state machine of one answer: neutral deltas in, the beginning and the end of a message out (spec sections 22 and 28.4).

    state      enters it                     delta                      leads to
    WAITING    at the beginning              content                    STREAMING (message_start)
                                             error, or nothing at all   FAILED, told by an HTTP status
    STREAMING  the client has been answered  content                    STREAMING
                                             error, cut                 FAILED (error event; no message_stop ever follows)
                                             end after a finish         DONE (message_delta, message_stop)
    DONE       the message is whole          anything                   ignored
    FAILED     the error has been told       anything                   ignored

*Content* is text, reasoning, a tool call or a refusal; `stage.py` shows it. A finish reason alone closes nothing: content,
usage and a better reason may follow until `[DONE]`, the end of the body, or the caller's patience (R-STM-12..14). An end
without a finish reason is a failure, never an `end_turn` (22.7).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from typing import Any, Final

from tray_app.translation import failures
from tray_app.translation.answer import deltas
from tray_app.translation.answer.call_text import ArgsMode, Ending
from tray_app.translation.answer.sinks import Sink
from tray_app.translation.answer.stage import Stage
from tray_app.translation.answer.stops import StopReason, conclude, merge
from tray_app.translation.context import AnswerContext
from tray_app.translation.errors import ApiError
from tray_app.translation.thinking import ThinkingMemory
from tray_app.translation.upstream_errors.overflow import silent_cut
from tray_app.translation.usage import Usage, UsageMeter, UsageSource, anthropic

BYTES_PER_TOKEN: Final = 4  # of an answer whose usage nobody reported (R-USE-7)
_WHOLE: Final = frozenset({"end_turn", "tool_use", "stop_sequence"})  # the model said all it wanted to say (R-ARG-5)


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
        failure: the error of a failed answer; not yet told to the client unless `begun`.
        over: DONE or FAILED, nothing more will be shown.
        awaiting_usage: the upstream gave a finish reason; only usage and the end marker are missing.
        stop: how the message ended, once it is DONE.
        upstream_id, upstream_model: what the upstream says of itself.
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
        self.begun = self.over = self.awaiting_usage = False
        self.failure: ApiError | None = None
        self.stop: StopReason | None = None
        self.upstream_id = ""
        self.upstream_model = ""
        self._context = context
        self._capabilities = context.target.capabilities
        self._sink = sink
        self._message_id = message_id
        self._request_id = request_id
        self._stage = Stage(context, sink, begin=self.start, new_id=new_id, args_mode=args_mode, memory=memory)
        self._meter = UsageMeter()
        self._told: Usage | None = None  # what the end of the message said
        self._finish: deltas.Finish | None = None

    # -- what the caller sees

    @property
    def output_bytes(self) -> int:
        """UTF-8 bytes of everything the model wrote, shown or not."""
        return self._stage.output_bytes

    def usage(self) -> Usage:
        """The tokens so far, estimated where nobody reported them; unknown for an answer that never began."""
        if self._told is not None:
            return self._told
        usage = self._usage(-(-self.output_bytes // BYTES_PER_TOKEN))
        return usage if self.begun or usage.source is UsageSource.REPORTED else Usage()

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
            },
            lambda: anthropic(self._usage(0)),  # 22.2: the prompt as reported by now, else as estimated
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
                show = _SHOWN_BY.get(type(item))
                if show is not None:
                    show(self._stage, item)
                else:
                    _TOLD_TO[type(item)](self, item)
                if self._stage.matched is not None:
                    self._stop_at(self._stage.matched)
        except ApiError as error:
            self.fail(error)

    def add_texts(self, texts: Sequence[str]) -> None:
        """`handle` for several `Text` in a row: the short way if they merely go on with the open block."""
        if not self._stage.extend_text(texts):
            for text in texts:
                self.handle((deltas.Text(text),))

    def end(self, *, marked: bool) -> None:
        """The upstream is done: its body ended, or (`marked`) it said `[DONE]` (22.7)."""
        if self.over:
            return
        try:
            self._stage.release_text()
            if self._stage.matched is not None:
                self._stop_at(self._stage.matched)
            else:
                self._conclude(self._finish or self._inferred_finish(marked))
        except ApiError as error:
            self.fail(error)

    def fail(self, error: ApiError) -> None:
        """End the answer in an error (28.4); one that has not begun is left to an HTTP status."""
        if self.over:
            return
        self.failure = error
        if self.begun:
            self._stage.close_text()
            self._sink.fail(error.body(self._request_id))
        self._end_as(State.FAILED)

    # -- deltas that are no content

    def _on_meta(self, item: deltas.Meta) -> None:
        self.upstream_id = self.upstream_id or item.id
        self.upstream_model = self.upstream_model or item.model

    def _on_finish(self, item: deltas.Finish) -> None:
        self._finish = merge(self._finish, item)
        self.awaiting_usage = not self.over

    def _on_usage(self, item: deltas.UsageReport) -> None:
        self._meter.add(item.value)

    def _on_failed(self, item: deltas.Failed) -> None:
        self.fail(item.error)

    def _on_ended(self, item: deltas.Ended) -> None:
        """The caller ends the answer after the read that held the marker: usage may follow it there (R-SSE-6)."""

    # -- the end

    def _usage(self, output_estimate: int) -> Usage:
        # Before the beginning only what was reported is ever told: a refusal need not wait for the prompt to be weighed.
        estimate = self._context.input_estimate if self.begun else int
        return self._meter.total(self._capabilities, input_estimate=estimate, output_estimate=output_estimate)

    def _stop_at(self, matched: deltas.StopMatched) -> None:
        """24.3: the client's stop sequence ends the answer, whatever the upstream goes on to say."""
        self._conclude(deltas.Finish("stop", stop_sequence=matched.sequence))

    def _inferred_finish(self, marked: bool) -> deltas.Finish:
        """22.7: an answer that ends without having said how it finished."""
        if self._capabilities.finish_required or not marked or self.state is State.WAITING:
            raise self._missing_finish(marked)
        return deltas.Finish("")

    def _conclude(self, finish: deltas.Finish) -> None:
        self._refuse_empty(finish)
        self._stage.answer_in_reasoning()
        stop = conclude(
            finish,
            tools=self._stage.has_tools,
            refused=self._stage.refused,
            stop_sequences=self._context.stop_sequences,
            provider=self._context.target.name,
            losses=self._context.losses,
        )
        self.start()
        self._stage.finish(Ending.NORMAL if stop.stop_reason in _WHOLE else Ending.CUT)
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

    def _finish_message(self, stop: StopReason) -> None:
        delta: dict[str, Any] = {"stop_reason": stop.stop_reason, "stop_sequence": stop.stop_sequence}
        if stop.details is not None:
            delta["stop_details"] = stop.details
        usage = self._told = self.usage()
        if usage.source is UsageSource.ESTIMATED:  # R-USE-7
            self._context.losses.add("usage", "estimated")
        edits = self._context.applied_edits
        beside = {"context_management": {"applied_edits": list(edits)}} if edits else {}
        self._sink.finish(delta, anthropic(usage), **beside)
        self.stop = stop
        self._end_as(State.DONE)

    def _end_as(self, state: State) -> None:
        self.state = state
        self.over = True
        self.awaiting_usage = False
        self._stage.let_go()


_SHOWN_BY: Final[Mapping[type, Callable[[Stage, Any], None]]] = {
    deltas.Text: Stage.text,
    deltas.Reasoning: Stage.reasoning,
    deltas.ReasoningOpaque: Stage.opaque,
    deltas.ToolDelta: Stage.tool,
    deltas.Refusal: Stage.refusal,
}
_TOLD_TO: Final[Mapping[type, Callable[[StreamMachine, Any], None]]] = {
    deltas.Meta: StreamMachine._on_meta,  # noqa: SLF001 - its own table, which needs the class
    deltas.Finish: StreamMachine._on_finish,  # noqa: SLF001
    deltas.UsageReport: StreamMachine._on_usage,  # noqa: SLF001
    deltas.Failed: StreamMachine._on_failed,  # noqa: SLF001
    deltas.Ended: StreamMachine._on_ended,  # noqa: SLF001
}
