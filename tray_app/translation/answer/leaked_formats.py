"""How the model families write tool calls when nobody parses them: markers and readers, one row per format (23.8).

The readers are strict: what is not exactly a call raises, and its text stays text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

import msgspec

from tray_app.translation.codec import loads


class Call(msgspec.Struct, frozen=True):
    """One call as written. `untyped` arguments came as plain text: the tool's schema tells what they are."""

    name: str
    arguments: dict[str, Any]
    id: str | None = None
    untyped: bool = False


class Format(msgspec.Struct, frozen=True):
    """Where calls may stand: from `opening` to `closing`, or to the end of the text.

    `read` gets what is between and raises LookupError, TypeError or ValueError if that is no sequence of calls.
    """

    opening: str
    closing: str | None
    read: Callable[[str], list[Call]]


def _call(value: Any) -> Call:
    """A call written as ``{"name": …, "arguments": {…}}``."""
    if not isinstance(value, dict):
        raise TypeError("no call")
    arguments = value.get("arguments", value.get("parameters")) or {}
    return _checked(value["name"], arguments, value.get("id"))


def _checked(name: Any, arguments: Any, call_id: Any = None) -> Call:
    if not (isinstance(name, str) and isinstance(arguments, dict) and isinstance(call_id, str | None)):
        raise TypeError("no call")
    return Call(name, arguments, call_id)


def _json_call(body: str) -> list[Call]:
    return [_call(loads(body))]


def _function(name: str, arguments: str, call_id: str | None = None) -> Call:
    return _checked(name.strip(), loads(arguments), call_id)


def _parameters(pattern: re.Pattern[str], text: str) -> dict[str, Any]:
    if pattern.sub("", text).strip():
        raise ValueError("text between the parameters")
    return dict(pattern.findall(text))


def _tagged(call: re.Pattern[str], parameter: re.Pattern[str]) -> Callable[[str], list[Call]]:
    """A reader of calls and parameters written as tags."""

    def read(body: str) -> list[Call]:
        if call.sub("", body).strip():
            raise ValueError("text between the calls")
        return [_tagged_call(name, text, parameter) for name, text in call.findall(body)]

    return read


def _tagged_call(name: str, text: str, parameter: re.Pattern[str]) -> Call:
    """Parameters in tags of their own, or all of them as one JSON object."""
    if text.lstrip().startswith("{"):
        return _function(name, text)
    return Call(name, _parameters(parameter, text), untyped=True)


def _kimi_calls(body: str) -> list[Call]:
    """Ids such as ``functions.Bash:0`` hold the name."""
    return [
        _function(name.removeprefix("functions.").partition(":")[0], arguments, name)
        for name, arguments in _KIMI_CALL.findall(body)
    ]


def _deepseek_calls(body: str) -> list[Call]:
    """``function<sep>NAME`` and a fenced object (V3), or ``NAME<sep>`` and the object (V3.1)."""
    calls = []
    for head, rest in _DEEPSEEK_CALL.findall(body):
        fenced = _FENCED.fullmatch(rest)
        calls.append(_function(fenced[1], fenced[2]) if fenced else _function(head, rest))
    return calls


def _mistral_calls(body: str) -> list[Call]:
    """``[{…}, …]``, or ``NAME{…}`` and ``NAME[ARGS]{…}`` in a row."""
    if body.lstrip().startswith("["):
        return [_call(value) for value in loads(body)]
    calls, at = [], 0
    while found := _MISTRAL_NAME.match(body, at):
        arguments, at = json.JSONDecoder().raw_decode(body, found.end())
        calls.append(_checked(found[1], arguments))
    if body[at:].strip():
        raise ValueError("text after the calls")
    return calls


_KIMI_CALL: Final = re.compile(
    r"<\|tool_call_begin\|>\s*(.*?)\s*<\|tool_call_argument_begin\|>(.*?)<\|tool_call_end\|>", re.DOTALL
)
_DEEPSEEK_CALL: Final = re.compile(r"<｜tool▁call▁begin｜>(.*?)<｜tool▁sep｜>(.*?)<｜tool▁call▁end｜>", re.DOTALL)
_FENCED: Final = re.compile(r"([^\n]+)\n```(?:json)?\n(.*?)\n?```\s*", re.DOTALL)
_MISTRAL_NAME: Final = re.compile(r"\s*([\w.-]+)\s*(?:\[ARGS\])?\s*(?=\{)")
_QWEN: Final = _tagged(
    re.compile(r"<function=([^>\s]+)>(.*?)</function>", re.DOTALL),
    re.compile(r"<parameter=([^>\s]+)>\n?(.*?)\n?</parameter>", re.DOTALL),
)
_INVOKE: Final = _tagged(
    re.compile(r'<invoke name="([^"]+)">(.*?)</invoke>', re.DOTALL),
    re.compile(r'<parameter name="([^"]+)">\n?(.*?)\n?</parameter>', re.DOTALL),
)


def _whole(read: Callable[[str], list[Call]], opening: str, closing: str) -> Callable[[str], list[Call]]:
    """A reader whose pattern wants the markers as well."""
    return lambda body: read(opening + body + closing)


# By the names that `Capabilities.leaked_calls` lists.
FORMATS: Final[dict[str, tuple[Format, ...]]] = {
    "hermes": (Format("<tool_call>", "</tool_call>", _json_call),),
    "qwen_coder": (
        Format("<tool_call>", "</tool_call>", _QWEN),
        Format("<function=", "</function>", _whole(_QWEN, "<function=", "</function>")),
    ),
    "kimi": (Format("<|tool_calls_section_begin|>", "<|tool_calls_section_end|>", _kimi_calls),),
    "deepseek": (Format("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", _deepseek_calls),),
    "mistral": (Format("[TOOL_CALLS]", None, _mistral_calls),),
    "invoke": (
        Format("<function_calls>", "</function_calls>", _INVOKE),
        Format("<invoke ", "</invoke>", _whole(_INVOKE, "<invoke ", "</invoke>")),
    ),
}
