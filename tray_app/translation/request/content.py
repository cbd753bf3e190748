"""User content: Anthropic blocks to OpenAI content parts, order kept (spec section 8), and parts to their final form.

Tool results are not its business (`toolresults.py`); images and documents are in `media.py`. Nothing is dropped without
a note, and no text is trimmed or normalised inside (R-BLK-5).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from tray_app.translation import codec
from tray_app.translation.request.admission import Block, content_blocks
from tray_app.translation.request.conversion import Conversion, Message, Part
from tray_app.translation.request.media import (
    collapse_placeholders,
    document_parts,
    escape_attribute,
    image_parts,
    text_part,
)

PARAGRAPH: Final = "\n\n"
_DUMP_MAX_BYTES: Final = 8 * 1024


def block_parts(blocks: Sequence[Block], conversion: Conversion) -> list[Part]:
    """The parts of some blocks; a block with nothing in it has none (R-BLK-4)."""
    parts: list[Part] = []
    for block in blocks:
        found = _HANDLERS.get(block.get("type", ""), _unknown)(block, conversion)
        if found and "cache_control" in block:
            mark(found[-1], block, conversion)
        parts += found
    return collapse_placeholders(parts)


def mark(target: dict[str, Any], block: Block, conversion: Conversion) -> None:
    """Let a part or message carry its block's cache marker, if the upstream knows any (17.2)."""
    marker = block.get("cache_control")
    if not isinstance(marker, dict):
        return
    if conversion.capabilities.cache_control == "none":
        conversion.losses.add("cache_control", "the upstream takes no cache markers")
        return
    target["cache_control"] = marker


def _text(block: Block, conversion: Conversion) -> list[Part]:
    return [text_part(block["text"])] if block["text"] else []


def _document(block: Block, conversion: Conversion) -> list[Part]:
    return document_parts(block, conversion, lambda blocks: block_parts(blocks, conversion))


def _search_result(block: Block, conversion: Conversion) -> list[Part]:
    inner = block_parts(content_blocks(block.get("content")), conversion)
    text = "\n".join(part["text"] for part in inner if part["type"] == "text")
    source, title = (escape_attribute(block.get(key) or "") for key in ("source", "title"))
    wrapped = text_part(f'<search_result source="{source}" title="{title}">\n{text}\n</search_result>')
    return [wrapped, *(part for part in inner if part["type"] != "text")]


def _container_upload(block: Block, conversion: Conversion) -> list[Part]:
    conversion.note("container_upload", "files of a container cannot be sent to this upstream")
    return [text_part(f"[uploaded file: {block.get('file_id', 'unknown')}]")]


def _tool_reference(block: Block, conversion: Conversion) -> list[Part]:
    return [text_part(f"Tool available: {conversion.upstream_name(block['tool_name'])}")]


def _unknown(block: Block, conversion: Conversion) -> list[Part]:
    """R-BLK-9: its text, else what its content list holds, else its JSON."""
    name = block.get("type")
    conversion.note(str(name), "unknown block type")
    text, content = block.get("text"), block.get("content")
    if isinstance(text, str):
        return [text_part(text)] if text else []
    if isinstance(content, list) and content and all(isinstance(item, dict) for item in content):
        return block_parts(content, conversion)
    dump = codec.dumps(block)[:_DUMP_MAX_BYTES].decode(errors="ignore")
    return [text_part(f'<block type="{escape_attribute(str(name))}">{dump}</block>')]


_HANDLERS: Final[dict[Any, Callable[[Block, Conversion], list[Part]]]] = {
    "text": _text,
    "image": image_parts,
    "document": _document,
    "search_result": _search_result,
    "container_upload": _container_upload,
    "tool_reference": _tool_reference,
}


def settle(messages: list[Message], conversion: Conversion) -> None:
    """Bring every content list into its final form, in place: text alone becomes a string (R-BLK-3, P-24).

    A list stays where it carries media, reasoning parts or cache markers, or where the upstream wants lists.
    """
    for message in messages:
        content = message.get("content")
        if not isinstance(content, list):
            continue
        if message["role"] == "user" and not conversion.capabilities.text_only_string:
            continue
        if len(content) == 1:  # nearly always
            (part,) = content
            if part["type"] == "text" and len(part) == 2:
                message["content"] = part["text"]
            continue
        texts = [part["text"] for part in content if part["type"] == "text" and len(part) == 2]
        if len(texts) == len(content):
            message["content"] = PARAGRAPH.join(texts)


def without_nul(value: Any) -> Any:
    """A request without NUL characters, which some servers refuse: before it is converted, for arguments are text then."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [without_nul(item) for item in value]
    return {key: without_nul(item) for key, item in value.items()} if isinstance(value, dict) else value
