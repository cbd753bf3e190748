"""Images and documents: what they become for an upstream, without decoding them (spec section 8).

Base64 is cleaned and its first bytes are sniffed; the rest stays the string it came as. What cannot be sent turns into a
placeholder the model can read, and a note in the ledger.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tray_app.translation.errors import invalid
from tray_app.translation.request.admission import Block
from tray_app.translation.request.conversion import Conversion, Message, Part

PDF: Final = "application/pdf"
NO_IMAGES: Final = "the model does not accept images"
_OMITTED_IMAGE: Final = "[image omitted: "
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", PDF),
)
_SNIFFED_CHARS: Final = 24  # 18 bytes, enough for every magic number
_WHITE_SPACE: Final = ("\n", "\r", " ", "\t")
_TO_STANDARD_ALPHABET: Final = str.maketrans("-_", "+/")
_FILENAME_UNSAFE: Final = re.compile(r"[^\w .()-]+")
_FILENAME_MAX_CHARS: Final = 80


def text_part(text: str) -> Part:
    """A text part; never made of an empty text (R-BLK-4)."""
    return {"type": "text", "text": text}


def image_parts(block: Block, conversion: Conversion) -> list[Part]:
    """An image block as one part: the image, or a placeholder (R-BLK-2, R-BLK-6)."""
    source = block["source"]
    url = _image_url(source, conversion)
    if url is None:
        reason = NO_IMAGES if conversion.capabilities.images == "none" else "this upstream cannot be given this source"
        conversion.note("image", reason)
        return [text_part(f"{_OMITTED_IMAGE}{reason}]")]
    detail = conversion.capabilities.image_detail
    return [{"type": "image_url", "image_url": {"url": url, "detail": detail} if detail else {"url": url}}]


def _image_url(source: Mapping[str, Any], conversion: Conversion) -> str | None:
    """The URL to send, or None if the upstream takes no such image."""
    kind = source.get("type")
    _refuse_file(kind, "image", conversion)
    if conversion.capabilities.images == "none":
        return None
    if kind == "base64":
        return data_url(source, default="image/png")
    return source["url"] if kind == "url" and conversion.capabilities.images == "url+data" else None


def document_parts(
    block: Block, conversion: Conversion, convert: Callable[[Sequence[Block]], list[Part]]
) -> list[Part]:
    """A document block as parts; `convert` turns blocks inside it into parts."""
    source = block["source"]
    kind = source.get("type")
    _refuse_file(kind, "document", conversion)
    if kind == "text":
        return [text_part(_wrapped(block, source["data"]))]
    if kind == "content":
        return _content_document(block, source["content"], convert)
    conversion.documents += 1
    part = _binary_document(block, source, conversion)
    return [part if part is not None else _omitted_document(block, conversion)]


def _content_document(block: Block, content: Any, convert: Callable[[Sequence[Block]], list[Part]]) -> list[Part]:
    inner = [text_part(content)] if isinstance(content, str) else convert(content)
    text = "\n\n".join(part["text"] for part in inner if part["type"] == "text")
    return [text_part(_wrapped(block, text)), *(part for part in inner if part["type"] != "text")]


def _binary_document(block: Block, source: Mapping[str, Any], conversion: Conversion) -> Part | None:
    """The part in the upstream's dialect, or None if it takes no such document."""
    dialect = conversion.capabilities.documents
    if source.get("type") == "url":
        return {"type": "document_url", "document_url": source["url"]} if dialect == "document_url" else None
    if source.get("type") != "base64" or dialect in {"text", "none"}:
        return None
    url = data_url(source, default=PDF)
    if dialect == "document_url":
        return {"type": "document_url", "document_url": url}
    if dialect == "image_url":
        return {"type": "image_url", "image_url": {"url": url}}
    return {"type": "file", "file": {"filename": _filename(block, conversion.documents), "file_data": url}}


def _omitted_document(block: Block, conversion: Conversion) -> Part:
    conversion.note("document", "the upstream does not accept this document")
    title = block.get("title") or block["source"].get("url") or f"document {conversion.documents}"
    return text_part(f"[document omitted: {title} (the model does not accept such documents)]")


def _refuse_file(kind: object, name: str, conversion: Conversion) -> None:
    if kind == "file":
        raise invalid(f"{conversion.path}.{name}.source", "file sources need an upstream that speaks the Anthropic API")


def _filename(block: Block, number: int) -> str:
    """R-BLK-1: the title if there is one, always ending in ``.pdf``."""
    title = _FILENAME_UNSAFE.sub("_", block.get("title") or "").strip(" ._")[:_FILENAME_MAX_CHARS]
    if not title:
        return f"document-{number}.pdf"
    return title if title.lower().endswith(".pdf") else f"{title}.pdf"


def _wrapped(block: Block, text: str) -> str:
    attributes = f' title="{escape_attribute(block["title"])}"' if block.get("title") else ""
    context = f"{block['context']}\n" if block.get("context") else ""
    return f"<document{attributes}>\n{context}{text}\n</document>"


def escape_attribute(text: str) -> str:
    """Text made safe between the quotes of an attribute."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def data_url(source: Mapping[str, Any], *, default: str) -> str:
    """A base64 source as a data URL with clean base64 and the media type its first bytes show (R-BLK-2)."""
    data = _clean_base64(source["data"])
    declared = source.get("media_type")
    declared = declared if isinstance(declared, str) and "/" in declared else default
    media_type = _sniff(data) or ("image/jpeg" if declared == "image/jpg" else declared)
    return f"data:{media_type};base64,{data}"


def _clean_base64(data: str) -> str:
    """Standard base64 without prefix or white space; untouched, not even copied, when it is that already."""
    if data.startswith("data:"):
        data = data[data.find(",") + 1 :]
    if any(char in data for char in _WHITE_SPACE):
        data = "".join(data.split())
    if "-" in data or "_" in data:
        data = data.translate(_TO_STANDARD_ALPHABET)
    return data + "=" * (-len(data) % 4)


def _sniff(data: str) -> str:
    try:
        head = base64.b64decode(data[:_SNIFFED_CHARS])
    except ValueError:  # not base64, or not even ASCII
        return ""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((media_type for magic, media_type in _MAGIC if head.startswith(magic)), "")


def collapse_placeholders(parts: list[Part]) -> list[Part]:
    """Neighbouring placeholders of the same kind become one with a count (R-BLK-6)."""
    if len(parts) < 2 or not any(_is_placeholder(part) for part in parts):
        return parts
    collapsed: list[Part] = []
    runs: list[int] = []
    for part in parts:
        if collapsed and _is_placeholder(part) and collapsed[-1].get("text") == part["text"]:
            runs[-1] += 1
            continue
        collapsed.append(part)
        runs.append(1 if part["type"] == "text" else 0)
    return [_counted(part, run) for part, run in zip(collapsed, runs, strict=True)]


def _is_placeholder(part: Part) -> bool:
    return part["type"] == "text" and str(part["text"]).startswith(_OMITTED_IMAGE)


def _counted(part: Part, count: int) -> Part:
    if count < 2:
        return part
    return {**part, "text": part["text"].replace("[image omitted: ", f"[{count} images omitted: ", 1)}


def limit_images(messages: list[Message], newest: int, conversion: Conversion) -> None:
    """Replace the oldest images beyond the upstream's caps, in place; those from message `newest` on stay (R-BLK-7)."""
    most, most_bytes = conversion.capabilities.max_images, conversion.capabilities.max_image_bytes
    if not most and not most_bytes:
        return
    count = size = 0
    for index in range(len(messages) - 1, -1, -1):
        parts = message_parts(messages[index])
        for place in _image_places(parts):
            count += 1
            size += len(parts[place]["image_url"]["url"])
            over = (most and count > most) or (most_bytes and size > most_bytes)
            if over and index < newest:
                conversion.losses.add("images", "the oldest were left out: the upstream takes no more")
                parts[place] = text_part(f"{_OMITTED_IMAGE}the request holds more than the upstream takes]")


def message_parts(message: Message) -> list[Part]:
    """A message's content parts; none where its content is a string or null."""
    content = message.get("content")
    return content if isinstance(content, list) else []


def _image_places(parts: list[Part]) -> list[int]:
    return [place for place in range(len(parts) - 1, -1, -1) if parts[place]["type"] == "image_url"]
