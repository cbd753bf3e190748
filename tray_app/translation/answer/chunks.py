"""Reads any provider's chunk, or whole answer, into neutral deltas (sections 19 and 21), and judges broken events (R-SSE-9).

An ordinary chunk goes through the typed decoder of `chunk_shapes.py`; everything else through `choices.py`, which accepts
what it can. Nothing is dropped without a trace: an event that cannot be read is counted, noted, or ends the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from tray_app.translation import codec
from tray_app.translation.answer import chunk_shapes
from tray_app.translation.answer import deltas as d
from tray_app.translation.answer.body import JSONBody
from tray_app.translation.answer.choices import index_of, mapping, placed, read_body, word
from tray_app.translation.answer.details import DetailMerger
from tray_app.translation.answer.snapshots import Record, numbered
from tray_app.translation.answer.sse import DONE, SSEEvent
from tray_app.translation.answer.surrogates import SurrogateJoiner
from tray_app.translation.context import AnswerContext
from tray_app.translation.errors import ApiError, Fault
from tray_app.translation.failures import not_an_answer, unreadable
from tray_app.translation.upstream_errors.mapping import from_payload, message_of

MAX_BAD_EVENTS: Final = 3

_LIFE_SIGNS: Final = frozenset({"ping", "keepalive", "keep-alive", "heartbeat"})
_LIFE_SIGN_VALUES: Final = (*_LIFE_SIGNS, "", None)
_SPECIAL_EVENTS: Final = _LIFE_SIGNS | {"error"}
_FIELD: Final = b"data:"


class ChunkReader:
    """The deltas of one answer, chunk by chunk or whole. An error is a `Failed` delta, never an exception.

    Attributes:
        ended: the `[DONE]` marker has come.
    """

    def __init__(self, context: AnswerContext) -> None:
        self._context = context
        self._fields = context.target.capabilities.reasoning_fields
        shape = chunk_shapes.shape(self._fields)
        self._decode, self._reasoning_of, self._sources = shape.decode, shape.reasoning_of, shape.sources
        self._record = Record()
        self._say = self._record.text.say
        self._joiner = SurrogateJoiner()
        self._id = self._model = ""
        self._details = DetailMerger()
        self._plain_reasoning = False  # reasoning came in a plain field
        self._clear = True  # nothing is held and nothing has ended: an ordinary chunk may go the short way
        self.ended = False
        self._finished = False
        self._calling = False  # the last thing said was a piece of a tool call
        self._bad_events = 0
        self._last_was_bad = False

    def read(self, event: SSEEvent) -> list[d.Delta] | str:
        """The deltas of one event, in the order meta, reasoning, text, tool calls, refusal, usage, finish (R-CHK-11).

        A string is the `Text` that nearly every event is, without an object around it. After `[DONE]` only a late usage
        counts (R-SSE-6).
        """
        if self._clear and not (event.event and event.event in _SPECIAL_EVENTS):
            if event.data == DONE[0]:
                self.ended, self._clear = True, False
                return [d.Ended()]
            try:
                chunk = self._decode(event.data)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                return self._read_tolerantly(event)
            if not chunk.choices:
                return self._counted(chunk) if chunk.usage else self._read_tolerantly(event)
            choice = chunk.choices[0]
            delta = choice.delta
            text = delta.content
            more = delta.tool_calls or chunk.usage or choice.finish_reason or any(self._reasoning_of(delta))
            if text and not more and chunk.id == self._id and chunk.model == self._model:
                self._calling = self._last_was_bad = False
                self._say(text)
                return text  # type: ignore[no-any-return]
            return self._ordinary(chunk)
        return self._read_tolerantly(event)

    def read_whole(self, body: JSONBody) -> list[d.Delta]:
        """The deltas of a body that was one JSON value, then `Ended` (section 19)."""
        deltas = self._whole(body.value)
        return list(self._caught(self._joiner.join(deltas) if body.escapes else deltas))

    def close(self) -> list[d.Delta]:
        """The end of the bytes: what was held back, and an error if the last event was broken and nothing finished."""
        deltas = [*self._details.merge(self._joiner.flush()), *self._details.flush()]
        if self._last_was_bad and not (self._finished or self.ended):
            deltas.append(d.Failed(unreadable("the last event is broken")))
        return deltas

    # the hot path

    def _ordinary(self, chunk: Any) -> list[d.Delta]:
        """A typed chunk with one choice and nothing unusual in it; one of the first, the last, or more than text."""
        choice = chunk.choices[0]
        delta = choice.delta
        deltas: list[d.Delta] = [*self._new_meta(chunk.id, chunk.model)]
        for text, field in zip(self._reasoning_of(delta), self._sources, strict=False):
            if text:
                self._record.reasoning.say(text)
                deltas.append(d.Reasoning(text, field))
                self._calling = False
                self._plain_reasoning = True
                break
        if text := delta.content:
            self._record.text.say(text)
            deltas.append(d.Text(text))
            self._calling = False
        if delta.tool_calls:
            self._calling = True
            calls = placed([_tool_delta(call) for call in delta.tool_calls])
            self._record.note(calls)
            deltas.extend(calls)
        if chunk.usage:
            deltas.append(d.UsageReport(chunk.usage))
        if reason := word(choice.finish_reason):
            self._finished = True
            deltas.append(d.Finish(reason))
        self._last_was_bad = False
        return deltas

    def _counted(self, chunk: Any) -> list[d.Delta]:
        """A typed chunk without a choice: the usage, which most upstreams tell when all has been said."""
        self._last_was_bad = False
        return [*self._new_meta(chunk.id, chunk.model), d.UsageReport(chunk.usage)]

    def _new_meta(self, answer_id: object, model: object) -> tuple[d.Meta, ...]:
        """What the upstream says of itself, once: some chunks leave it empty (R-CHK-1)."""
        known = self._id, self._model
        self._id, self._model = word(answer_id) or self._id, word(model) or self._model
        return () if known == (self._id, self._model) else (d.Meta(self._id, self._model),)

    # the tolerant path: events

    def _read_tolerantly(self, event: SSEEvent) -> list[d.Delta]:
        ended = self.ended
        deltas: Iterator[d.Delta] = self._event(event)
        if self._joiner.holding or codec.UNICODE_ESCAPE in event.data:
            deltas = self._joiner.join(deltas)
        found = list(self._details.merge(self._caught(deltas)))
        self._clear = not (self.ended or self._joiner.holding or self._details.holding)
        return [delta for delta in found if isinstance(delta, d.UsageReport)] if ended else found

    def _caught(self, deltas: Iterator[d.Delta]) -> Iterator[d.Delta]:
        try:
            yield from deltas
        except ApiError as error:
            yield d.Failed(error)
        except RecursionError:
            yield d.Failed(unreadable("nested too deeply"))

    def _event(self, event: SSEEvent) -> Iterator[d.Delta]:
        data = event.data.strip().removeprefix(_FIELD).strip()  # some gateways pack events into events
        if event.event == "error":
            raise self._told_error(data)
        if data in DONE:
            self.ended = True
            yield d.Ended()
        elif data and event.event not in _LIFE_SIGNS:
            yield from self._value(_value_of(data))

    def _value(self, value: Any) -> Iterator[d.Delta]:
        chunks = value if isinstance(value, list) else [value]
        if value in _LIFE_SIGN_VALUES:
            return
        if not all(isinstance(chunk, dict) for chunk in chunks):
            self._note_bad_event()
            return
        self._last_was_bad = False
        for chunk in chunks:
            yield from self._chunk(chunk)

    def _note_bad_event(self) -> None:
        """An event that is no JSON: noted, or the end of the answer where something is certainly missing (R-SSE-9, D12)."""
        self._bad_events += 1
        self._last_was_bad = True
        self._context.losses.add("stream.event", "malformed JSON skipped")
        if self._calling and not self._finished:
            raise unreadable("an event inside a tool call is broken")
        if self._bad_events > MAX_BAD_EVENTS:
            raise unreadable(f"{self._bad_events} events are broken")

    def _told_error(self, data: bytes) -> ApiError:
        """The error of an `error` event, whatever its data is (R-SSE-11)."""
        value = _value_of(data)
        error = self._error_in(value) or self._error_in({"error": value})
        return error or ApiError(
            "api_error", "the upstream reported an error without an explanation", status=502, fault=Fault.UPSTREAM
        )

    def _error_in(self, payload: Any) -> ApiError | None:
        target = self._context.target
        return from_payload(
            payload,
            provider=target.name,
            estimate=self._context.input_estimate,
            context_window=target.capabilities.context_window,
            asked_max_tokens=self._context.max_tokens,
        )

    # the tolerant path: chunks

    def _whole(self, payload: Any) -> Iterator[d.Delta]:
        chunks = payload if isinstance(payload, list) else [payload]
        if error := self._error_in(payload):
            raise error
        if not any(self._choices(mapping(chunk)) for chunk in chunks):
            raise not_an_answer(message_of(payload) or "JSON without choices")
        for chunk in chunks:
            yield from self._chunk(mapping(chunk))
        if not self._finished:
            self._context.losses.add("answer.finish_reason", "missing in a complete body, taken as stop")
            yield d.Finish("stop")
        yield d.Ended()

    def _chunk(self, chunk: Mapping[str, Any]) -> Iterator[d.Delta]:
        if word(chunk.get("type")) in _LIFE_SIGNS:
            return
        choices = self._choices(chunk)
        self._raise_error(chunk, choices)
        yield from self._new_meta(chunk.get("id"), chunk.get("model"))
        for choice in choices:
            yield from self._said(choice)
        groq = mapping(chunk.get("x_groq"))
        for value in (groq.get("usage"), *(choice.get("usage") for choice in choices), chunk.get("usage")):
            if usage := mapping(value):
                yield d.UsageReport(usage)
        for choice in choices:
            yield from self._finish(choice, chunk)

    def _choices(self, chunk: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """The choices that belong to the answer: number 0 (D26), or all of a provider that spreads it (P-113)."""
        listed = chunk.get("choices")
        choices = [choice for choice in listed if isinstance(choice, dict)] if isinstance(listed, list) else []
        if self._context.target.capabilities.merge_choices:
            return sorted(choices, key=lambda choice: index_of(choice.get("index")) or 0)
        return [choice for choice in choices if not index_of(choice.get("index"))]

    def _raise_error(self, chunk: Mapping[str, Any], choices: list[Mapping[str, Any]]) -> None:
        """Errors stand beside the choices, in a choice (OpenRouter) or in Groq's own object."""
        inner = [
            {"error": holder["error"]} for holder in (*choices, mapping(chunk.get("x_groq"))) if holder.get("error")
        ]
        for payload in (chunk, *inner):
            if error := self._error_in(payload):
                raise error

    def _said(self, choice: Mapping[str, Any]) -> Iterator[d.Delta]:
        """The choice's own words: of its `delta`, else what its snapshot adds (R-CHK-3)."""
        delta = choice.get("delta")
        deltas = list(self._read_body(mapping(delta))) if delta else []
        self._record.note(deltas)
        if not deltas:
            body = mapping(choice.get("message")) or {"content": choice.get("text")}
            deltas = list(self._record.additions(numbered(self._read_body(body))))
        for delta in deltas:
            self._calling = isinstance(delta, d.ToolDelta)
            if isinstance(delta, d.Reasoning) and delta.field in self._fields:
                self._plain_reasoning = True
        yield from deltas

    def _read_body(self, body: Mapping[str, Any]) -> Iterator[d.Delta]:
        return read_body(body, self._fields, self._context.losses, plain_seen=self._plain_reasoning)

    def _finish(self, choice: Mapping[str, Any], chunk: Mapping[str, Any]) -> Iterator[d.Finish]:
        if reason := word(choice.get("finish_reason")):
            self._finished = True
            told = (holder.get(field) for holder in (choice, chunk) for field in chunk_shapes.STOP_FIELDS)
            stop = next((text for text in told if text in self._context.stop_sequences), None)
            yield d.Finish(reason, word(choice.get("native_finish_reason")), stop)


def _tool_delta(call: chunk_shapes.Call) -> d.ToolDelta:
    function = call.function
    if function is None:
        return d.ToolDelta(index=call.index, id=call.id or None)
    return d.ToolDelta(
        index=call.index, id=call.id or None, name=function.name or None, arguments=function.arguments or None
    )


def _value_of(data: bytes) -> Any:
    """The JSON value, or the text itself."""
    try:
        return codec.loads_keeping_surrogates(data)
    except codec.JSONError:
        return data.decode("utf-8", "replace")
