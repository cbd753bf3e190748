"""Estimates how many tokens a text or a request has, without asking anybody (section 30).

Every character has a weight by its class, and the estimate is the sum: deterministic, monotone, linear, about 10 ms per
MB. A real byte-pair encoder (tiktoken) was measured and left out: 45 to 100 ms per MB, a vocabulary that comes from the
network, counts that fall when a letter is added (R-CNT-4), and exact for one vendor only. The learned ratio (R-USE-10)
corrects per model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tray_app.translation import codec
from tray_app.translation.media_sizes import image_size, pdf_pages

# Thousandths of a token per character, by the first byte of its UTF-8 form: fitted on prose, code, JSON, diffs, logs and
# eleven languages against o200k_base, then raised by 5 % because compacting late is worse than compacting early.
_WEIGHTS: Final = (
    (range(ord("a"), ord("z") + 1), 255),
    (range(ord("A"), ord("Z") + 1), 400),
    (range(ord("0"), ord("9") + 1), 650),
    (b" ", 100),
    (b"\n\r\t", 500),
    (range(0xC2, 0xD0), 300),  # accented Latin, Greek
    (range(0xD0, 0xE0), 320),  # Cyrillic, Hebrew, Arabic
    (range(0xE0, 0xE2), 400),  # Indic, Thai, Georgian
    (range(0xE2, 0xE3), 650),  # typographic signs, arrows, box drawing
    (range(0xE3, 0xEA), 750),  # Chinese, Japanese
    (range(0xEA, 0xEE), 650),  # Hangul
    (range(0xEE, 0xF0), 750),  # full-width signs
    (range(0xF0, 0xF5), 2700),  # emoji
)
_PUNCTUATION: Final = 380  # what is left of ASCII
_PER_MESSAGE: Final = 4_000  # role and separators
_PER_TOOL: Final = 8_000
_IMAGE_UNKNOWN: Final = 1_500_000
_IMAGE_MOST: Final = 1_600_000
_PIXELS_PER_TOKEN: Final = 750
_PER_PDF_PAGE: Final = 2_000_000


def _byte_classes() -> tuple[bytes, tuple[int, ...]]:
    """A table that maps each byte to its class, and the weight of each class; UTF-8 continuation bytes weigh nothing."""
    classes = bytearray([1]) * 0x80 + bytearray(0x80)
    weights = [0, _PUNCTUATION]
    for members, weight in _WEIGHTS:
        for byte in members:
            classes[byte] = len(weights)
        weights.append(weight)
    return bytes(classes), tuple(weights)


_CLASS_OF_BYTE, _WEIGHT_OF_CLASS = _byte_classes()


def count_text(text: str) -> int:
    """Estimated tokens of `text`, at least 1."""
    return _rounded(_text(text))


def estimate_request(body: Mapping[str, Any], ratio: float = 1.0) -> int:
    """Estimated input tokens of a Messages (or count_tokens) request, at least 1 (R-CNT-3, D19, P-64).

    `ratio` is what the model was found to count per estimated token (R-USE-10). Reads any shape: what it does not know is
    weighed as JSON.
    """
    weight = _content(body.get("system")) + _messages(body.get("messages")) + _tools(body.get("tools"))
    return _rounded(int(weight * ratio))


def _rounded(thousandths: int) -> int:
    return max(-(-thousandths // 1000), 1)


def _text(text: str) -> int:
    return _bytes(text.encode("utf-8", "surrogatepass"))


def _bytes(data: bytes) -> int:
    classes = data.translate(_CLASS_OF_BYTE)
    return sum(classes.count(number) * weight for number, weight in enumerate(_WEIGHT_OF_CLASS) if weight)


def _json(value: Any) -> int:
    return _bytes(codec.dumps(value))


def _messages(messages: Any) -> int:
    if not isinstance(messages, list):
        return _content(messages)
    return sum(_PER_MESSAGE + _content(m.get("content") if isinstance(m, dict) else m) for m in messages)


def _tools(tools: Any) -> int:
    return sum(_PER_TOOL + _json(tool) for tool in tools) if isinstance(tools, list) else 0


def _content(content: Any) -> int:
    if content is None:
        return 0
    if isinstance(content, str):
        return _text(content)
    if isinstance(content, list):
        return sum(_content(item) for item in content)
    return _block(content) if isinstance(content, dict) else _json(content)


def _block(block: Mapping[str, Any]) -> int:
    weigh = _BLOCKS.get(str(block.get("type")))
    return weigh(block) if weigh else _json(block)


def _text_block(block: Mapping[str, Any]) -> int:
    return _content(block.get("text"))


def _thinking_block(block: Mapping[str, Any]) -> int:
    """The signature is not weighed: it is either ours and stays here, or means nothing to the upstream."""
    return _content(block.get("thinking"))


def _tool_use_block(block: Mapping[str, Any]) -> int:
    return _PER_TOOL + _json([block.get("name"), block.get("input")])


def _tool_result_block(block: Mapping[str, Any]) -> int:
    return _PER_MESSAGE + _content(block.get("content"))


def _image_block(block: Mapping[str, Any]) -> int:
    data = _source(block).get("data")
    size = image_size(data) if isinstance(data, str) else None
    return min(size[0] * size[1] * 1000 // _PIXELS_PER_TOKEN, _IMAGE_MOST) if size else _IMAGE_UNKNOWN


def _document_block(block: Mapping[str, Any]) -> int:
    source = _source(block)
    data, about = source.get("data"), _content([block.get("title"), block.get("context")])
    if source.get("type") == "base64" and isinstance(data, str):
        return about + pdf_pages(data) * _PER_PDF_PAGE
    if source.get("type") in ("text", "content"):
        return about + _content(data) + _content(source.get("content"))
    return about + _PER_PDF_PAGE


def _source(block: Mapping[str, Any]) -> Mapping[str, Any]:
    source = block.get("source")
    return source if isinstance(source, dict) else {}


_BLOCKS: Final[dict[str, Callable[[Mapping[str, Any]], int]]] = {
    "text": _text_block,
    "thinking": _thinking_block,
    "redacted_thinking": _thinking_block,
    "tool_use": _tool_use_block,
    "tool_result": _tool_result_block,
    "image": _image_block,
    "document": _document_block,
}
