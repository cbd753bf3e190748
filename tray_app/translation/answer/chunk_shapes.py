"""The shape of nearly every chunk, decoded straight into typed values: the hot path of `chunks.py`.

A field declared as null, empty or absent is one whose presence needs the slow, tolerant reading. A chunk that does not
fit is refused by the decoder, so that no odd chunk can pass as an ordinary one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec

MAX_INDEX: Final = 1000  # of a tool call; a bigger one is corrupt (R-CHK-8)

STOP_FIELDS: Final = ("stop_reason", "matched_stop", "stopping_word")  # vLLM, SGLang, llama.cpp (25.3)

_Nothing = Literal[""] | None
_NoItems = tuple[()] | None


class Function(msgspec.Struct, gc=False):
    """The function of a tool call's piece."""

    name: str | None = None
    arguments: str | None = None


class Call(msgspec.Struct, gc=False):
    """A piece of a tool call."""

    index: Annotated[int, msgspec.Meta(ge=0, le=MAX_INDEX)] | None = None
    id: str | None = None
    function: Function | None = None
    extra_content: None = None


class Delta(msgspec.Struct, gc=False):
    """What an ordinary delta may hold; `decoder` adds the reasoning fields as `r0`, `r1` and so on."""

    content: str | None = None
    tool_calls: list[Call] | None = None
    function_call: None = None
    refusal: _Nothing = None
    reasoning_details: _NoItems = None
    reasoning_opaque: _Nothing = None
    extra_content: None = None
    annotations: _NoItems = None
    images: _NoItems = None
    audio: None = None


class Shape(NamedTuple):
    """How to read the ordinary chunks of one kind of upstream.

    `decode` gives a value with `id`, `model`, `usage` and at most one choice, which has a `delta` and a `finish_reason`.
    `reasoning_of` gives the texts of the delta's reasoning fields, in the order of `sources`, which names the fields.
    """

    decode: Callable[[bytes], Any]
    reasoning_of: Callable[[Any], tuple[str | None, ...]]
    sources: tuple[str, ...]


@cache
def shape(reasoning_fields: tuple[str, ...]) -> Shape:
    """The shape of ordinary chunks whose reasoning comes in one of `reasoning_fields`."""
    own = [name for name in dict.fromkeys(reasoning_fields) if name not in Delta.__struct_fields__]
    fields = [(f"r{at}", str | None, None) for at in range(len(own))]
    names = {f"r{at}": name for at, name in enumerate(own)}
    delta = msgspec.defstruct("ReasoningDelta", fields, bases=(Delta,), rename=names, gc=False)
    choice = msgspec.defstruct(
        "Choice",
        [
            ("delta", delta),
            ("index", Literal[0] | None, None),
            ("finish_reason", str | None, None),
            ("native_finish_reason", _Nothing, None),
            *((name, None, None) for name in STOP_FIELDS),
            ("message", None, None),
            ("text", _Nothing, None),
            ("usage", None, None),
            ("error", None, None),
        ],
        gc=False,
    )
    chunk = msgspec.defstruct(
        "Chunk",
        [
            ("choices", Annotated[list[choice], msgspec.Meta(max_length=1)]),  # type: ignore[valid-type]
            ("id", str | None, None),
            ("model", str | None, None),
            ("usage", dict[str, Any] | None, None),
            ("x_groq", None, None),
            ("error", _Nothing, None),
            ("base_resp", None, None),
            *((name, None, None) for name in STOP_FIELDS),
        ],
        gc=False,
    )
    # The fillers are never more than empty here: with them the answer is a tuple, however few fields there are.
    fillers = ("refusal", "audio")[: max(2 - len(own), 0)]
    return Shape(msgspec.json.Decoder(chunk).decode, attrgetter(*names, *fillers), tuple(own))
