"""Estimates how many tokens a text or a request has, without asking anybody (section 30).

Every character has a weight by its class, and the estimate is the sum: deterministic, monotone, linear, about 3 ms per
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
    (b" ", 100),
    (range(ord("0"), ord("9") + 1), 650),
    (b"\n\r\t", 500),
    (range(ord("A"), ord("Z") + 1), 400),
    (range(0x80, 0xC0), 0),  # continuation bytes
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


def _classes() -> tuple[tuple[bytes, int], ...]:
    """The bytes of each class and their weight, the frequent ones first."""
    classes = [(bytes(members), weight) for members, weight in _WEIGHTS]
    named = b"".join(members for members, _ in classes)
    punctuation = bytes(byte for byte in range(0x80) if byte not in named)
    return (*classes[:2], (punctuation, _PUNCTUATION), *classes[2:])


_CLASSES: Final = _classes()
_WEIGHT_OF: Final = tuple(next((weight for members, weight in _CLASSES if byte in members), 0) for byte in range(256))
_FEW_BYTES: Final = 24  # fewer are looked up one by one sooner than taken out class by class


def count_text(text: str) -> int:
    """Estimated tokens of `text`, at least 1."""
    return _rounded(_weight(_utf8(text)))


def estimate_request(body: Mapping[str, Any], ratio: float = 1.0) -> int:
    """Estimated input tokens of a Messages (or count_tokens) request, at least 1 (R-CNT-3, D19, P-64).

    `ratio` is what the model was found to count per estimated token (R-USE-10). Reads any shape: what it does not know is
    weighed as JSON.
    """
    load = _Load()
    load.content(body.get("system"))
    load.messages(body.get("messages"))
    load.tools(body.get("tools"))
    return _rounded(int(load.weight() * ratio))


class PromptEstimate:
    """`estimate_request` of one request, worked out when it is first asked for.

    Weighing a long prompt takes a quarter of its translation's time, and nobody needs to know where the upstream reports
    its own count and the answer is not streamed.
    """

    __slots__ = ("_body", "_ratio", "_tokens")

    def __init__(self, body: Mapping[str, Any], ratio: float = 1.0) -> None:
        self._body = body
        self._ratio = ratio
        self._tokens = 0

    @property
    def known(self) -> bool:
        """Somebody has asked."""
        return self._tokens > 0

    @property
    def unscaled(self) -> float:
        """The tokens before the ratio."""
        return self() / self._ratio

    def __call__(self) -> int:
        """The estimated input tokens, at least 1."""
        if not self._tokens:
            self._tokens = estimate_request(self._body, self._ratio)
        return self._tokens


def _rounded(thousandths: int) -> int:
    return max(-(-thousandths // 1000), 1)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _weight(data: bytes) -> int:
    """The thousandths of all bytes. Each class is taken out in turn, so that the rare ones look at little."""
    total = 0
    for members, weight in _CLASSES:
        if len(data) < _FEW_BYTES:
            return total + sum(map(_WEIGHT_OF.__getitem__, data))
        rest = data.translate(None, members)
        total += weight * (len(data) - len(rest))
        data = rest
    return total


class _Load:
    """What is to be weighed: texts, put aside to go on the scales together, and what has a weight of its own."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._values: list[Any] = []  # to be weighed as JSON
        self._fixed = 0

    def weight(self) -> int:
        """The thousandths of everything."""
        # Encoded one by one: a single sign beyond Latin-1 would widen all of them in a joined string.
        try:
            encoded = [*map(str.encode, self._texts)]
        except UnicodeEncodeError:  # a lone surrogate
            encoded = [*map(_utf8, self._texts)]
        frame = (
            max(len(self._values), 1) + 1
        ) * _PUNCTUATION  # the list around the values, which are encoded in one go
        return self._fixed - frame + _weight(b"".join((*encoded, codec.dumps(self._values))))

    def messages(self, messages: Any) -> None:
        """The conversation."""
        if not isinstance(messages, list):
            self.content(messages)
            return
        for message in messages:
            self._fixed += _PER_MESSAGE
            self.content(message.get("content") if isinstance(message, dict) else message)

    def tools(self, tools: Any) -> None:
        """The tool definitions."""
        for tool in tools if isinstance(tools, list) else ():
            self._fixed += _PER_TOOL
            self.json(tool)

    def content(self, content: Any) -> None:
        """A string, a block, or a list of them."""
        if isinstance(content, str):
            self._texts.append(content)
        elif isinstance(content, list):
            for item in content:
                if isinstance(item, dict):
                    kind = item.get("type")
                    if kind == "text" and isinstance(text := item.get("text"), str):
                        self._texts.append(text)  # nearly always
                    else:
                        _BLOCKS.get(str(kind), _AS_JSON)(self, item)
                else:
                    self.content(item)
        elif isinstance(content, dict):
            _BLOCKS.get(str(content.get("type")), _AS_JSON)(self, content)
        elif content is not None:
            self.json(content)

    def json(self, value: Any) -> None:
        self._values.append(value)

    def text(self, block: Mapping[str, Any]) -> None:
        text = block.get("text")
        if isinstance(text, str):
            self._texts.append(text)
        else:
            self.content(text)

    def thinking(self, block: Mapping[str, Any]) -> None:
        """The signature is not weighed: it is either ours and stays here, or means nothing to the upstream."""
        self.content(block.get("thinking"))

    def tool_use(self, block: Mapping[str, Any]) -> None:
        self._fixed += _PER_TOOL
        self.json([block.get("name"), block.get("input")])

    def tool_result(self, block: Mapping[str, Any]) -> None:
        self._fixed += _PER_MESSAGE
        self.content(block.get("content"))

    def image(self, block: Mapping[str, Any]) -> None:
        data = _source(block).get("data")
        size = image_size(data) if isinstance(data, str) else None
        known = size and min(size[0] * size[1] * 1000 // _PIXELS_PER_TOKEN, _IMAGE_MOST)
        self._fixed += _IMAGE_UNKNOWN if known is None else known

    def document(self, block: Mapping[str, Any]) -> None:
        source = _source(block)
        data = source.get("data")
        self.content([block.get("title"), block.get("context")])
        if source.get("type") == "base64" and isinstance(data, str):
            self._fixed += pdf_pages(data) * _PER_PDF_PAGE
        elif source.get("type") in ("text", "content"):
            self.content([data, source.get("content")])
        else:
            self._fixed += _PER_PDF_PAGE


def _source(block: Mapping[str, Any]) -> Mapping[str, Any]:
    source = block.get("source")
    return source if isinstance(source, dict) else {}


_BLOCKS: Final[dict[str, Callable[[_Load, Mapping[str, Any]], None]]] = {
    "text": _Load.text,
    "thinking": _Load.thinking,
    "redacted_thinking": _Load.thinking,
    "tool_use": _Load.tool_use,
    "tool_result": _Load.tool_result,
    "image": _Load.image,
    "document": _Load.document,
}
_AS_JSON: Final[Callable[[_Load, Mapping[str, Any]], None]] = _Load.json
