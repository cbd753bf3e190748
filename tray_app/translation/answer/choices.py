"""One choice of a chunk or of a whole answer, in whatever dialect, becomes neutral deltas (spec section 21, tolerant path).

Accepts every shape seen of content, reasoning and tool calls; never raises on a wrong type. What was sent before and what
a repeated snapshot adds to it is `snapshots.py`; the chunk around the choice is `chunks.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from tray_app.translation.answer import deltas as d
from tray_app.translation.answer.chunk_shapes import MAX_INDEX
from tray_app.translation.codec import dumps_text
from tray_app.translation.errors import ApiError
from tray_app.translation.failures import unreadable
from tray_app.translation.losses import Losses

# What the thinking envelope calls reasoning that did not come in a plain field of its own (11.1).
MISTRAL: Final = "mistral"
DETAILS: Final = "details"
COPILOT: Final = "copilot"
GEMINI: Final = "gemini"

_DETAIL_TEXTS: Final = ("text", "summary")
_NOT_CARRIED: Final = ("annotations", "images", "audio")


def read_body(
    body: Mapping[str, Any], reasoning_fields: Sequence[str], losses: Losses, *, plain_seen: bool = False
) -> Iterator[d.Delta]:
    """The deltas of a `delta` or `message` object, in the order reasoning, text, tool calls, refusal (R-CHK-11).

    `plain_seen`: an earlier chunk had reasoning in one of the plain `reasoning_fields`.

    Raises:
        ApiError: a tool index that can only be corrupt (R-CHK-8).
    """
    content = list(_parts(body.get("content"), losses))
    plain = list(_plain_reasoning(body, reasoning_fields))
    yield from plain
    yield from _opaque_reasoning(body, shown=plain_seen or bool(plain))
    yield from content
    yield from _calls(body.get("tool_calls"))
    yield from _legacy_call(body.get("function_call"))
    if refusal := _text(body.get("refusal")):
        yield d.Refusal(refusal)
    for field in _NOT_CARRIED:
        if body.get(field):
            losses.add(f"answer.{field}", "the Messages API has no place for it")


def word(value: Any) -> str:
    """A string, or "" for anything else: providers send null, "", numbers and the string "null" for nothing (R-CHK-9)."""
    return value if isinstance(value, str) and value != "null" else ""


def mapping(value: Any) -> Mapping[str, Any]:
    """An object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def index_of(value: Any) -> int | None:
    """An index given as a number, a float or digits; None for nothing usable (R-CHK-8)."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _text(value: Any) -> str:
    """The text of a string, or of an object that wraps one."""
    for _ in range(3):
        if not isinstance(value, dict):
            break
        value = next((value[key] for key in ("text", "value", "content", "summary") if value.get(key)), None)
    return value if isinstance(value, str) else ""


def _plain_reasoning(body: Mapping[str, Any], fields: Sequence[str]) -> Iterator[d.Reasoning]:
    """The first field that holds text: several providers send the same text in two (P-27); "" opens nothing (P-28)."""
    for field in fields:
        if text := _text(body.get(field)):
            yield d.Reasoning(text, field)
            return


def _opaque_reasoning(body: Mapping[str, Any], *, shown: bool) -> Iterator[d.Delta]:
    """State to be sent back; its readable text is shown when no plain field has it (R-CHK-5)."""
    details = body.get("reasoning_details")
    for entry in details if isinstance(details, list) else ():
        if isinstance(entry, dict):
            if not shown and (text := _detail_text(entry)):
                yield d.Reasoning(text, DETAILS)
            yield d.ReasoningOpaque(entry, DETAILS)
    if opaque := body.get("reasoning_opaque"):
        yield d.ReasoningOpaque(opaque, COPILOT)
    if signature := _signature(body):
        yield d.ReasoningOpaque(signature, GEMINI)


def _detail_text(entry: Mapping[str, Any]) -> str:
    return next((text for key in _DETAIL_TEXTS if (text := _text(entry.get(key)))), "")


def _signature(holder: Mapping[str, Any]) -> str:
    return word(mapping(mapping(holder.get("extra_content")).get("google")).get("thought_signature"))


def _parts(content: Any, losses: Losses) -> Iterator[d.Delta]:
    """Content as a string, a part, or a list of either (R-CHK-4, R-RSP-4)."""
    for part in content if isinstance(content, list) else (content,):
        if isinstance(part, str):
            if part:
                yield d.Text(part)
        elif isinstance(part, dict):
            yield from _part(part, losses)


def _part(part: Mapping[str, Any], losses: Losses) -> Iterator[d.Delta]:
    kind = word(part.get("type"))
    if kind in ("thinking", "reasoning"):
        if text := "".join(_thinking_texts(part.get("thinking") or part.get("text") or part.get("summary"))):
            yield d.Reasoning(text, MISTRAL)
    elif kind == "refusal":
        if text := _text(part.get("refusal")):
            yield d.Refusal(text)
    elif text := _text(part):
        yield d.Text(text)
    elif kind not in ("", "text", "output_text"):
        losses.add(f"answer.content.{kind}", "the Messages API has no place for it")


def _thinking_texts(value: Any) -> Iterator[str]:
    return (_text(item) for item in (value if isinstance(value, list) else (value,)))


def _calls(calls: Any) -> list[d.ToolDelta]:
    """Several calls may come in one chunk; `[]` and null are none (P-47, P-84)."""
    listed = (calls,) if isinstance(calls, dict) else calls if isinstance(calls, list) else ()
    return placed([_call(call) for call in listed if isinstance(call, dict) and call])


def placed(calls: list[d.ToolDelta]) -> list[d.ToolDelta]:
    """Several pieces in one list without any index: their places are their indexes (seen at Moonshot, P-44).

    Only where all of them begin a call or all of them go on with one, for a mixed list has no common numbering.
    """
    if len(calls) < 2 or any(call.index is not None for call in calls):
        return calls
    if len({call.id is None and call.name is None for call in calls}) > 1:
        return calls
    return [msgspec.structs.replace(call, index=place) for place, call in enumerate(calls)]


def _call(call: Mapping[str, Any]) -> d.ToolDelta:
    function = mapping(call.get("function"))
    arguments, whole = _arguments(function.get("arguments"))
    return d.ToolDelta(
        index=_slot(call.get("index")),
        id=word(call.get("id")) or None,
        name=word(function.get("name")) or None,
        arguments=arguments,
        whole=whole,
        opaque=_signature(call) or None,
    )


def _slot(value: Any) -> int | None:
    index = index_of(value)
    if index is not None and index > MAX_INDEX:
        raise _corrupt(index)
    return index


def _corrupt(index: int) -> ApiError:
    return unreadable(f"a tool call has the index {index}")


def _arguments(value: Any) -> tuple[str | None, bool]:
    """Arguments as text to append, or whole when they came as a value (R-RSP-7, D25)."""
    if isinstance(value, str):
        return value or None, False
    return (None, False) if value is None else (dumps_text(value), True)


def _legacy_call(call: Any) -> Iterator[d.ToolDelta]:
    """The one call of the old interface (R-CHK-13, R-RSP-6, D24)."""
    if isinstance(call, dict) and call:
        arguments, whole = _arguments(call.get("arguments"))
        yield d.ToolDelta(name=word(call.get("name")) or None, arguments=arguments, whole=whole, legacy=True)
