"""Tool results: one answered call to one chat message of role `tool`, media lifted out of it (spec 10.1, 10.2).

A result is never empty and never dropped (P-14); an error says so in its first word (P-15). Which result belongs to which
call is decided in `pairing.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tray_app.translation import codec
from tray_app.translation.request.admission import Block
from tray_app.translation.request.assistant import Call
from tray_app.translation.request.content import PARAGRAPH, block_parts, mark
from tray_app.translation.request.conversation import plain_output
from tray_app.translation.request.conversion import Conversion, Message, Part
from tray_app.translation.request.media import text_part

NO_OUTPUT: Final = "(no output)"
INTERRUPTED: Final = "(no result: the call was interrupted)"
_ERROR_WORDS: Final = ("error", "<tool_use_error>")
_MEDIA_NAMES: Final = {"image_url": "image"}  # every other part that is not text is a document


def tool_message(call: Call, conversion: Conversion) -> tuple[Message, list[Part]]:
    """The message that answers `call`, and the labelled media that go into the user message after it (R-ORD-2).

    No result: the call was interrupted (R-PAIR-2). Several: one message, joined (R-PAIR-3, P-114).
    """
    plain = plain_output(call.results[0]) if len(call.results) == 1 else ""
    if plain and not conversion.capabilities.tool_result_name:
        return {"role": "tool", "tool_call_id": call.upstream_id, "content": plain}, []
    outputs = [_output_parts(block, conversion) for block in call.results]
    media = [part for parts in outputs for part in parts if part["type"] != "text"]
    message: Message = {"role": "tool", "tool_call_id": call.upstream_id}
    if conversion.capabilities.tool_result_name:
        message["name"] = call.name
    inside = conversion.capabilities.tool_result_parts
    if inside and media:
        message["content"] = [part for parts in outputs for part in parts]
    else:
        message["content"] = [text_part(PARAGRAPH.join(map(_text_with_hints, outputs)) or INTERRUPTED)]
    for block in call.results:
        if "cache_control" not in block:
            continue
        mark(message["content"][-1] if inside else message, block, conversion)
    return message, [] if inside else _labelled(media, call)


def orphan_parts(block: Block, conversion: Conversion) -> list[Part]:
    """A result without its call, told as user content (R-PAIR-1, R-PAIR-4)."""
    conversion.note("tool_result", "no call in the turn before it")
    parts = _output_parts(block, conversion)
    text = "\n".join(part["text"] for part in parts if part["type"] == "text")
    head = text_part(f"[result of an earlier tool call {block['tool_use_id']}]\n{text}")
    mark(head, block, conversion)
    return [head, *(part for part in parts if part["type"] != "text")]


def _output_parts(block: Block, conversion: Conversion) -> list[Part]:
    """The parts of one result, never none; an error begins with the word (R-TRS-1, R-TRS-2)."""
    parts = _content_parts(block.get("content"), conversion)
    if not parts:
        parts = [text_part(NO_OUTPUT)]
    if not block.get("is_error"):
        return parts
    first = next((part for part in parts if part["type"] == "text"), None)
    if first is None:
        return [text_part("Error: the output is attached"), *parts]
    if not first["text"].lower().startswith(_ERROR_WORDS):
        first["text"] = f"Error: {first['text']}"
    return parts


def _content_parts(content: Any, conversion: Conversion) -> list[Part]:
    if content is None or isinstance(content, str):
        return [text_part(content)] if content else []
    if isinstance(content, list):
        return block_parts(content, conversion)
    return [text_part(codec.dumps_text(content))]  # R-TRS-4


def _text_with_hints(parts: Sequence[Part]) -> str:
    """The text of one result; what was lifted out of it is announced at the end."""
    if len(parts) == 1 and parts[0]["type"] == "text":  # nearly always
        return str(parts[0]["text"])
    lines = [part["text"] for part in parts if part["type"] == "text"]
    names = dict.fromkeys(_media_name(part) for part in parts if part["type"] != "text")
    return "\n".join([*lines, *(f"[{name} attached below]" for name in names)])


def _labelled(media: list[Part], call: Call) -> list[Part]:
    labelled = []
    for part in media:
        labelled += [text_part(f"[{_media_name(part)} from tool result {call.name} {call.upstream_id}]"), part]
    return labelled


def _media_name(part: Part) -> str:
    return _MEDIA_NAMES.get(part["type"], "document")
