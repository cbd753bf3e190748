"""Changes single values in the text of a JSON file and leaves every other character as its owner wrote it.

Pure text in, text out. Parsing and writing the whole file again would reformat it, which people notice in their dotfiles.
A path is a tuple of object keys; arrays are not entered. Of a key given twice the last counts, as for any JSON parser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

Path = tuple[str, ...]
ABSENT: Final = object()
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_decoder: Final = json.JSONDecoder()


class JSONEditError(ValueError):
    """The text is no JSON object, or a path leads through something that is none."""


@dataclass(frozen=True, slots=True)
class _Member:
    """One ``"key": value`` of an object, as positions in the text."""

    key: str
    start: int
    value: int
    end: int


def get_value(text: str, path: Path) -> Any:
    """The value at `path`, or `ABSENT`.

    Raises:
        JSONEditError: the text is no JSON object.
    """
    found: Any = _parse(text)
    for key in path:
        if not isinstance(found, dict) or key not in found:
            return ABSENT
        found = found[key]
    return found


def set_value(text: str, path: Path, value: Any) -> str:
    """The text with `value` at `path`; objects on the way are made where they are missing.

    Raises:
        JSONEditError: the text is no JSON object, or a part of the path is something else.
    """
    _parse(text)
    return _set(text, _skip(text, 0), path, value)


def remove_value(text: str, path: Path) -> str:
    """The text without the value at `path`; unchanged if there is none.

    Raises:
        JSONEditError: the text is no JSON object.
    """
    if get_value(text, path) is ABSENT:
        return text
    position = _skip(text, 0)
    for key in path[:-1]:
        position = _require(text, position, key).value
    return _cut(text, position, path[-1])


def _parse(text: str) -> dict[str, Any]:
    try:
        parsed = json.loads(text)
    except json.JSONDecodeError as error:
        raise JSONEditError(f"it is not valid JSON ({error.msg}, line {error.lineno} column {error.colno})") from None
    except RecursionError:
        raise JSONEditError("it is nested too deeply") from None
    if not isinstance(parsed, dict):
        raise JSONEditError("it is not a JSON object")
    return parsed


def _skip(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    assert found is not None
    return found.end()


def _members(text: str, start: int) -> Iterator[_Member]:
    """The members of the object whose brace is at `start`. The text has been parsed, so it is well formed."""
    position = _skip(text, start + 1)
    while text[position] != "}":
        key, after = _decoder.raw_decode(text, position)
        value = _skip(text, _skip(text, after) + 1)
        _, end = _decoder.raw_decode(text, value)
        yield _Member(key, position, value, end)
        position = _skip(text, end)
        if text[position] == ",":
            position = _skip(text, position + 1)


def _find(text: str, start: int, key: str) -> _Member | None:
    found = None
    for member in _members(text, start):
        if member.key == key:
            found = member
    return found


def _require(text: str, start: int, key: str) -> _Member:
    found = _find(text, start, key)
    assert found is not None
    return found


def _set(text: str, start: int, path: Path, value: Any) -> str:
    key, *rest = path
    member = _find(text, start, key)
    if member is None:
        return _insert(text, start, key, _nested(rest, value))
    if not rest:
        return text[: member.value] + _dump(value) + text[member.end :]
    if text[member.value] != "{":
        raise JSONEditError(f"{key} is not an object")
    return _set(text, member.value, tuple(rest), value)


def _nested(path: list[str], value: Any) -> Any:
    for key in reversed(path):
        value = {key: value}
    return value


def _insert(text: str, start: int, key: str, value: Any) -> str:
    members = list(_members(text, start))
    if not members:
        end = text.index("}", start)
        outer = _indent_at(text, start)
        unit = _unit(text)
        gap = _newline(text) + outer
        lines = _lines(key, value, unit, gap + unit)
        return f"{text[: start + 1]}{gap}{unit}{lines}{gap}{text[end:]}"
    last = members[-1]
    # What stands before the first member is how this object is laid out: a new line and an indent, or a space.
    lead = text[start + 1 : members[0].start]
    inner = lead if "\n" in lead else ""
    entry = _lines(key, value, _unit(text) if inner else "", inner)
    return f"{text[: last.end]},{lead or ' '}{entry}{text[last.end :]}"


def _lines(key: str, value: Any, unit: str, gap: str) -> str:
    """``"key": value``, over several lines if the surroundings are."""
    dumped = json.dumps({key: value}, ensure_ascii=False, indent=unit)[1:-1].strip() if unit else ""
    if not unit:
        return f"{_dump(key)}: {_dump(value)}"
    lines = [line.removeprefix(unit) for line in dumped.split("\n")]  # splitlines() would break strings at U+0085
    return gap.join(lines)


def _cut(text: str, start: int, key: str) -> str:
    """Without every member of that name: an earlier duplicate must not come to light."""
    while (member := _find(text, start, key)) is not None:
        members = list(_members(text, start))
        number = members.index(member)
        if len(members) == 1:
            closing = _skip(text, member.end)
            text = text[: start + 1] + text[closing:]
        elif number == 0:
            text = text[: member.start] + text[members[1].start :]
        else:
            text = text[: members[number - 1].end] + text[member.end :]
    return text


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _unit(text: str) -> str:
    """One step of indentation as this file has it; two spaces where nothing is indented."""
    found = re.search(r"\n([ \t]+)\S", text)
    return found[1] if found else "  "


def _indent_at(text: str, position: int) -> str:
    """The indentation of the line `position` is in."""
    line = text[text.rfind("\n", 0, position) + 1 : position]
    return line[: len(line) - len(line.lstrip(" \t"))]
