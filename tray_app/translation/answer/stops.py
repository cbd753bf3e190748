"""Finish reason of the upstream -> stop reason of the answer (section 25), as a table; nothing here knows the stream.

`merge` keeps the one finish of several, `conclude` tells what it means once the blocks of the answer are known.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum, auto
from typing import Any, Final

import msgspec

from tray_app.translation.answer.deltas import Finish
from tray_app.translation.errors import ApiError, Fault
from tray_app.translation.losses import Losses


class StopClass(StrEnum):  # a key: the hash of a plain Enum is written in Python
    """What a finish reason means, whatever it is called."""

    END = auto()
    TOOL = auto()
    LENGTH = auto()
    CONTEXT = auto()  # the context window is full
    REFUSAL = auto()
    PAUSE = auto()
    OVERLOADED = auto()  # an error that another attempt may not meet
    ERROR = auto()
    UNKNOWN = auto()


_REASONS: Final[dict[StopClass, str]] = {
    StopClass.END: "stop eos eos_token end end_turn complete completed stop_sequence",
    StopClass.TOOL: "tool_calls function_call tool_use tool_call",
    StopClass.LENGTH: "length max_tokens model_length max_output_tokens token_limit",
    StopClass.CONTEXT: "model_context_window_exceeded",
    StopClass.REFUSAL: "content_filter sensitive safety recitation prohibited_content blocklist refusal",
    StopClass.PAUSE: "pause pause_turn",
    StopClass.OVERLOADED: "insufficient_system_resource engine_overloaded",
    StopClass.ERROR: "error network_error abort aborted cancelled failed malformed_function_call",
}
_CLASSES: Final = {word: stop for stop, words in _REASONS.items() for word in words.split()}
_ERRORS: Final = frozenset({StopClass.ERROR, StopClass.OVERLOADED})
# A gateway's `stop` may hide what the model's own server said (25.2); anything more telling than `stop` is believed.
_REFINED: Final = frozenset({StopClass.END, StopClass.UNKNOWN})
_REFINING: Final = frozenset(StopClass) - {StopClass.END, StopClass.TOOL, StopClass.UNKNOWN}
_STOP_REASONS: Final = {
    StopClass.LENGTH: "max_tokens",
    StopClass.CONTEXT: "model_context_window_exceeded",
    StopClass.PAUSE: "pause_turn",
}


class StopReason(msgspec.Struct, frozen=True):
    """The end of a Message; `details` is its `stop_details`, or None to leave them out."""

    stop_reason: str
    stop_sequence: str | None = None
    details: dict[str, Any] | None = None


def classify(reason: str, native: str = "") -> StopClass:
    """The meaning of a finish reason; `native` is the model's own server's word for it and may refine it (25.2)."""
    told = _CLASSES.get(reason.strip().lower(), StopClass.UNKNOWN)
    if not native:
        return told
    refined = _CLASSES.get(native.strip().lower(), StopClass.UNKNOWN)
    if told in _REFINED and refined in _REFINING:
        return refined
    return refined if told is StopClass.UNKNOWN else told


def merge(old: Finish | None, new: Finish) -> Finish:
    """The finish that counts: the first, unless a tool call comes after a stop, or an error after anything (R-STM-13)."""
    if old is None:
        return new
    was, is_now = classify(old.reason, old.native), classify(new.reason, new.native)
    if is_now in _ERRORS or (was is StopClass.END and is_now is StopClass.TOOL):
        return new
    if old.stop_sequence is None and was is is_now:
        return msgspec.structs.replace(old, stop_sequence=new.stop_sequence)
    return old


def conclude(
    finish: Finish,
    *,
    tools: bool,
    refused: bool,
    stop_sequences: Collection[str] = (),
    provider: str = "",
    losses: Losses | None = None,
) -> StopReason:
    """The end of the Message. `tools`: it has a tool_use block; `refused`: the upstream called its text a refusal.

    `stop_sequences` are the client's: another string cannot have been the one that matched. An empty finish reason is one
    that the caller may infer (22.7).

    Raises:
        ApiError: the finish reason reports a failure.
    """
    stop = classify(finish.reason, finish.native)
    if stop in _ERRORS:
        raise _error(stop, finish, provider)
    if stop is StopClass.REFUSAL or refused:
        return StopReason("refusal", None, {"type": "refusal", "category": None, "explanation": None})
    if stop in _STOP_REASONS:
        return StopReason(_STOP_REASONS[stop])
    if stop is StopClass.UNKNOWN and finish.reason and losses is not None:
        losses.add("finish_reason", f"{finish.reason[:40]} is unknown, taken as stop")
    if tools:
        return StopReason("tool_use")  # agent loops key on it, whatever else was said (25.5, P-78)
    if finish.stop_sequence in stop_sequences:
        return StopReason("stop_sequence", finish.stop_sequence)
    return StopReason("end_turn")


def _error(stop: StopClass, finish: Finish, provider: str) -> ApiError:
    reason = finish.reason if classify(finish.reason) in _ERRORS else finish.native
    message = f"{provider or 'the upstream'} ended its answer with the finish reason {reason!r}"
    if stop is StopClass.OVERLOADED:
        return ApiError("overloaded_error", message, status=503, fault=Fault.UPSTREAM, upstream_text=reason)
    return ApiError("api_error", message, status=502, fault=Fault.UPSTREAM, upstream_text=reason)
