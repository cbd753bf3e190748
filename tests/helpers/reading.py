"""Upstream bytes through the readers, and the gist of the deltas that come out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from tray_app.translation.answer import deltas as d
from tray_app.translation.answer.body import BodyReader, JSONBody
from tray_app.translation.answer.chunks import ChunkReader
from tray_app.translation.answer.sse import SSEEvent, SSEReader
from tray_app.translation.capabilities import Capabilities
from tray_app.translation.context import AnswerContext, Target
from tray_app.translation.errors import ApiError
from tray_app.translation.usage import UsageMeter

STREAMS: Final = Path(__file__).parent.parent / "translation" / "streams"


def context(caps: dict[str, Any] | None = None, **fields: Any) -> AnswerContext:
    """An answer context for an upstream with the given capabilities."""
    target = Target(provider="p", model="m", capabilities=Capabilities(**(caps or {})))
    return AnswerContext(client_model="claude-x", target=target, **fields)


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    """`data` in reads of `size` bytes."""
    return (data[at : at + size] for at in range(0, len(data), size))


def events(reads: Iterable[bytes]) -> list[tuple[str, bytes]]:
    """What an SSE reader makes of the reads, its end included."""
    reader = SSEReader()
    found = [event for read in reads for event in reader.feed(read)] + reader.close()
    return [(event.event, event.data) for event in found]


def read(reads: Iterable[bytes], answer: AnswerContext | None = None) -> list[d.Delta]:
    """The neutral deltas of a body, its end included; an error of the body is a `Failed` at the end."""
    body, chunks = BodyReader(), ChunkReader(answer or context())
    found: list[d.Delta] = []
    try:
        for data in reads:
            found += _deltas(chunks, body.feed(data))
        rest = body.close()
        found += chunks.read_whole(rest) if isinstance(rest, JSONBody) else _deltas(chunks, rest)
    except ApiError as error:
        found.append(d.Failed(error))
    return found + chunks.close()


def _deltas(chunks: ChunkReader, found: Iterable[SSEEvent]) -> list[d.Delta]:
    return [delta for event in found for delta in read_event(chunks, event)]


def read_event(chunks: ChunkReader, event: SSEEvent) -> list[d.Delta]:
    """The deltas of one event; one that is only text comes without an object."""
    found = chunks.read(event)
    return [d.Text(found)] if isinstance(found, str) else found


def gist(deltas: Iterable[d.Delta], answer: AnswerContext | None = None) -> dict[str, Any]:
    """What an answer says, however it was cut: only the fields that occur."""
    found: dict[str, Any] = {}
    meter = UsageMeter()
    for delta in deltas:
        if isinstance(delta, d.UsageReport):
            meter.add(delta.value)
            found["usage"] = meter
        else:
            _GIST[type(delta)](found, delta)
    found.pop("_by_index", None)
    if "usage" in found:
        found |= _usage(meter, answer or context())
    return found


def _usage(meter: UsageMeter, answer: AnswerContext) -> dict[str, Any]:
    total = meter.total(answer.target.capabilities, input_estimate=int, output_estimate=0)
    counts = [
        total.input_tokens,
        total.output_tokens,
        total.cache_read_input_tokens,
        total.cache_creation_input_tokens,
    ]
    thinking = {"thinking_tokens": total.thinking_tokens} if total.thinking_tokens else {}
    return {"usage": counts, **thinking}


def _meta(found: dict[str, Any], delta: d.Meta) -> None:
    found |= {"id": delta.id, "model": delta.model}


def _text(found: dict[str, Any], delta: d.Text) -> None:
    found["text"] = found.get("text", "") + delta.text


def _reasoning(found: dict[str, Any], delta: d.Reasoning) -> None:
    found["reasoning"] = found.get("reasoning", "") + delta.text
    found["field"] = delta.field


def _opaque(found: dict[str, Any], delta: d.ReasoningOpaque) -> None:
    found.setdefault("opaque", []).append(delta.value)


def _tool(found: dict[str, Any], delta: d.ToolDelta) -> None:
    calls = found.setdefault("tools", [])
    if delta.id or not calls:
        calls.append({"id": delta.id, "name": delta.name, "arguments": ""})
        found.setdefault("_by_index", {})[delta.index] = calls[-1]
    call = found["_by_index"].get(delta.index, calls[-1])
    call["arguments"] += delta.arguments or ""
    if delta.opaque:
        call["opaque"] = delta.opaque


def _refusal(found: dict[str, Any], delta: d.Refusal) -> None:
    found["refusal"] = found.get("refusal", "") + delta.text


def _finish(found: dict[str, Any], delta: d.Finish) -> None:
    found["finish"] = delta.reason
    if delta.native:
        found["native"] = delta.native
    if delta.stop_sequence:
        found["stop_sequence"] = delta.stop_sequence


def _failed(found: dict[str, Any], delta: d.Failed) -> None:
    found["error"] = delta.error.type


def _ended(found: dict[str, Any], delta: d.Ended) -> None:
    found["ended"] = True


_GIST: Final[dict[type, Any]] = {
    d.Meta: _meta,
    d.Text: _text,
    d.Reasoning: _reasoning,
    d.ReasoningOpaque: _opaque,
    d.ToolDelta: _tool,
    d.Refusal: _refusal,
    d.Finish: _finish,
    d.Failed: _failed,
    d.Ended: _ended,
}


class RecordedStream:
    """A provider's stream in `tests/translation/streams` and what it says."""

    def __init__(self, name: str) -> None:
        self.data = (STREAMS / f"{name}.sse").read_bytes()
        said = tomllib.loads((STREAMS / f"{name}.toml").read_text(encoding="utf-8"))
        self._caps = said.pop("capabilities", {})
        self._stops = tuple(said.pop("stop_sequences", ()))
        self.comments = said.pop("comments", 0)
        self.usage = said.get("usage")
        self.said = {field: value for field, value in said.items() if value != []}

    def context(self) -> AnswerContext:
        """A fresh context for this provider."""
        return context(self._caps, stop_sequences=self._stops)


def stream_names() -> list[str]:
    """Every recorded stream."""
    return sorted(path.stem for path in STREAMS.glob("*.sse"))
