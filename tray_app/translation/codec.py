"""JSON in and out, with the tolerance and the strictness the protocol asks for.

msgspec does the work. Two things it does not do are added here: unpaired surrogate escapes are repaired instead of refused
(R-ADM-6, P-112), and text that goes into an SSE line is kept free of the three characters that line-splitting clients
mistake for a line end (R-SSE-13).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from math import isfinite
from typing import Any, Final, NoReturn

import msgspec

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_encode_lines = msgspec.json.Encoder().encode_lines

BOM: Final = b"\xef\xbb\xbf"
UNICODE_ESCAPE: Final = b"\\u"  # without it no string can hold half of a surrogate pair
MAX_DIGITS: Final = 4000  # of an integer; Python itself refuses a few more, because reading them takes quadratic time
_SURROGATE_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_WITHOUT_CONTROLS: Final = dict.fromkeys((*range(0x20), 0x7F))
_LINE_ENDS: Final = (
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
    ("\u0085".encode(), b"\\u0085"),
)


class JSONError(ValueError):
    """The bytes are not JSON; the message says where and never quotes the content."""


def loads(data: bytes | str) -> Any:
    """Decode UTF-8 JSON. A BOM is tolerated, big integers are kept, NaN and Infinity are refused (R-ADM-1, R-ADM-5).

    Numbers beyond any use, of thousands of digits or too large for a float, are refused too.

    Raises:
        JSONError: malformed, not UTF-8, or nested too deeply.
    """
    try:
        return _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _loads_tolerant(data)


def _loads_tolerant(data: bytes | str) -> Any:
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        return mend(json.loads(text, parse_int=_integer, parse_float=_real, parse_constant=_refuse_constant))
    except UnicodeDecodeError as error:
        raise JSONError(f"invalid UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise JSONError(f"{error.msg} at line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise JSONError("nested too deeply") from None


def loads_keeping_surrogates(data: bytes | bytearray) -> Any:
    """Decode JSON that an upstream made, as leniently as nothing is lost by it (R-SSE-9, R-SSE-12, D53).

    Unpaired surrogates stay, because the other half may come in the next event. Invalid UTF-8 is replaced, control
    characters may stand in strings or are left out between tokens, NaN and Infinity (log probabilities) become null, an
    integer of thousands of digits becomes infinite.

    Raises:
        JSONError: it is not JSON nevertheless.
    """
    try:
        return _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        text = data.decode("utf-8-sig", "replace")
    try:
        return _loads_lenient(text)
    except json.JSONDecodeError as error:
        raise JSONError(f"{error.msg} at line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise JSONError("nested too deeply") from None


def _loads_lenient(text: str) -> Any:
    try:
        return json.loads(text, strict=False, parse_int=_any_integer, parse_constant=_null)
    except json.JSONDecodeError:
        return json.loads(text.translate(_WITHOUT_CONTROLS), parse_int=_any_integer, parse_constant=_null)


def _null(name: str) -> None:
    """What a constant that is not JSON stands for."""


def _refuse_constant(name: str) -> NoReturn:
    raise JSONError(f"{name} is not JSON")


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise JSONError(f"a number of {len(digits)} digits")
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits)
    if not isfinite(value):
        raise JSONError("a number out of range")
    return value


def _any_integer(digits: str) -> float:
    return int(digits) if len(digits) <= MAX_DIGITS else float(digits)


def mend(value: Any) -> Any:
    """`mend_surrogates` for every string of a decoded value."""
    if isinstance(value, str):
        return mend_surrogates(value)
    if isinstance(value, list):
        return [mend(item) for item in value]
    if isinstance(value, dict):
        return {mend_surrogates(key): mend(item) for key, item in value.items()}
    return value


def mend_surrogates(text: str) -> str:
    """Join surrogate pairs that arrived as two escapes, replace unpaired ones by U+FFFD (R-ADM-6)."""
    if not _SURROGATE.search(text):
        return text
    joined = _SURROGATE_PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return _SURROGATE.sub("\ufffd", joined)


def dumps(value: Any) -> bytes:
    """Compact UTF-8 JSON with insertion order kept: equal values give equal bytes (spec section 6, step 12)."""
    return _encode(value)


def dumps_text(value: Any) -> str:
    """`dumps` as a string, for JSON carried inside JSON (tool arguments)."""
    return _encode(value).decode()


def dumps_line(value: Any) -> bytes:
    """`dumps` for one SSE data line: U+2028, U+2029 and U+0085 are escaped (R-SSE-13)."""
    return _on_one_line(_encode(value))


def dumps_lines(values: Iterable[Any]) -> bytes:
    """`dumps_line` of each value, each with an LF after it: JSON has none inside."""
    return _on_one_line(_encode_lines(values))


def _on_one_line(data: bytes) -> bytes:
    if not data.isascii():
        for raw, escaped in _LINE_ENDS:
            data = data.replace(raw, escaped)
    return data
