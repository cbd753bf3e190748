"""Self-healing (R-PRO-1): an upstream's refusal of one parameter becomes capability values to translate again with.

Pure: it reads the refusal and what was sent. How often a request is tried again, what is remembered and for how long is the
proxy's business. The wordings are data, in `data/healing.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import msgspec

from tray_app.translation.capabilities import Capabilities
from tray_app.translation.request.reasoning import EFFORTS

TEXT_CHARACTERS_MAX: Final = 4000  # refusals are short; what follows is the request, quoted back
NEAR_CHARACTERS: Final = 120  # between a parameter's name and the word that refuses it
WINDOW_MARGIN_TOKENS: Final = 64
OUTPUT_MIN_TOKENS: Final = 1024  # less room than this is not worth an answer (R-OVF-3) …
OUTPUT_SHARE: Final = 8  # … unless it is at least this part of what was asked
_LIMIT_FIELDS: Final = ("max_completion_tokens", "max_tokens")
_BUDGET_FIELDS: Final = ("thinking_budget", "thinking_token_budget", "thinking_budget_tokens")
_REASONING_FIELDS: Final = (
    "reasoning_effort", "reasoning", "thinking", "enable_thinking", "reasoning_format", "chat_template_kwargs",
    "chat_template_args", "disable_reasoning", "extra_body", *_BUDGET_FIELDS,
)  # fmt: skip
_EFFORT_LIST: Final = re.compile(
    r"(?:one of|values?(?: are| is)?:?|options?(?: are)?:?|expected)([^.]{3,160})", re.IGNORECASE
)
_WORD: Final = re.compile(r"[a-z]+")

Body = Mapping[str, Any]
Learned = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Healing:
    """Capability values to use from now on for this upstream and model, and a note for the log."""

    learned: Mapping[str, Any]
    note: str


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way of refusing; `data/healing.toml` describes the fields."""

    name: str
    sent: str
    parameter: str = ""
    says: tuple[str, ...] = ()
    statuses: tuple[int, ...] = (400, 422)
    learn: dict[str, Any] = {}
    work: str = ""


class _Book(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    refusals: tuple[str, ...]
    rule: tuple[Rule, ...]


class _Attempt(NamedTuple):
    """The request that was refused, what it was built for, and the tokens its prompt was reckoned at."""

    sent: Body
    capabilities: Capabilities
    estimate: Callable[[], int]


def heal(
    status: int, text: str, sent: Body, capabilities: Capabilities, estimate: Callable[[], int] = int
) -> Healing | None:
    """What to change so that the refused request may pass; None if `text` refuses nothing that was sent.

    `text` is the upstream's error body or message, `sent` the chat request it refused. `estimate` gives the prompt's size in
    tokens that `max_tokens` was set with and will be set with again. One parameter at a time.
    """
    attempt = _Attempt(sent, capabilities, estimate)
    words = text[:TEXT_CHARACTERS_MAX].replace('\\"', '"')
    for rule, pattern in _rules():
        if status not in rule.statuses or not _was_sent(rule.sent, sent):
            continue
        learned = next(_lessons(rule, pattern, words, attempt), None)
        if learned is not None:
            return Healing(learned, f"{rule.name} refused: going on with {_told(learned)}")
    return None


def _lessons(rule: Rule, pattern: re.Pattern[str], words: str, attempt: _Attempt) -> Iterator[Learned]:
    """What each place in the text that fits the rule teaches, as far as it is news."""
    for match in pattern.finditer(words):
        learned = _WORK[rule.work](rule, match, attempt) if rule.work else dict(rule.learn)
        if any(getattr(attempt.capabilities, key) != value for key, value in learned.items()):
            yield learned


def _told(learned: Learned) -> str:
    return ", ".join(f"{key} = {value!r}" for key, value in learned.items())


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    text = files("tray_app.translation").joinpath("data", "healing.toml").read_text(encoding="utf-8")
    return parse_rules(text)


def parse_rules(text: str) -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    """Read the rules from TOML and compile their wordings.

    Raises:
        ValueError: an unknown key, a wrong value, or a `learn` or `work` that does not exist; the message names the rule.
    """
    try:
        book = msgspec.convert(tomllib.loads(text), _Book)
    except msgspec.ValidationError as error:
        raise ValueError(f"healing rules: {error}") from None
    return tuple((_checked(rule), _pattern(rule, book.refusals)) for rule in book.rule)


def _checked(rule: Rule) -> Rule:
    try:
        msgspec.convert(rule.learn, Capabilities)
    except msgspec.ValidationError as error:
        raise ValueError(f"healing rule {rule.name}: {error}") from None
    if bool(rule.learn) == bool(rule.work) or rule.work not in {"", *_WORK}:
        raise ValueError(f"healing rule {rule.name}: needs either learn or a known work")
    return rule


def _pattern(rule: Rule, refusals: tuple[str, ...]) -> re.Pattern[str]:
    wordings = list(rule.says)
    if rule.parameter:
        named, refused = rf"(?<!\w)(?:{rule.parameter})(?!\w)", f"(?:{'|'.join(refusals)})"
        near = rf".{{0,{NEAR_CHARACTERS}}}?"
        wordings += [f"{named}{near}{refused}", f"{refused}{near}{named}"]
    return re.compile("|".join(_unnamed(wordings)), re.IGNORECASE | re.DOTALL)


def _unnamed(wordings: list[str]) -> Iterator[str]:
    """Group names must be unique within one expression: ``limit`` of the second wording becomes ``limit_1``."""
    for number, wording in enumerate(wordings):
        yield re.sub(r"\(\?P<(\w+)>", rf"(?P<\1_{number}>", wording)


def _number(match: re.Match[str], name: str) -> int | None:
    for group, text in match.groupdict().items():
        digits = re.sub(r"\D", "", text or "")
        if digits and group.rsplit("_", 1)[0] == name:
            return int(digits)
    return None


# ---- what was sent ----


def _was_sent(what: str, sent: Body) -> bool:
    trait = _TRAITS.get(what)
    return trait(sent) if trait else sent.get(what) is not None


def _messages(sent: Body) -> list[Mapping[str, Any]]:
    return [message for message in sent.get("messages") or () if isinstance(message, dict)]


def _parts(sent: Body) -> list[Mapping[str, Any]]:
    contents = (message.get("content") for message in _messages(sent))
    return [part for content in contents if isinstance(content, list) for part in content]


def _has_role(sent: Body, *roles: str, after: int = 0) -> bool:
    return any(message.get("role") in roles for message in _messages(sent)[after:])


def _has_markers(sent: Body) -> bool:
    keys = ("cache_control", "prompt_cache_breakpoint")
    marked = [*_parts(sent), *_messages(sent), *(sent.get("tools") or ())]
    return "prompt_cache_options" in sent or any(key in part for part in marked for key in keys)


_TRAITS: Final[Mapping[str, Callable[[Body], bool]]] = {
    "output limit": lambda sent: any(field in sent for field in _LIMIT_FIELDS),
    "late system message": lambda sent: _has_role(sent, "system", "developer", after=1),
    "developer role": lambda sent: _has_role(sent, "developer"),
    "system role": lambda sent: _has_role(sent, "system", "developer"),
    "tool message": lambda sent: _has_role(sent, "tool"),
    "image": lambda sent: any(part.get("type") == "image_url" for part in _parts(sent)),
    "reasoning in history": lambda sent: any(key.startswith("reasoning") for item in _messages(sent) for key in item),
    "cache marker": _has_markers,
    "strict tool": lambda sent: any(tool["function"].get("strict") for tool in sent.get("tools") or ()),
    "thinking budget": lambda sent: any(field in sent for field in _BUDGET_FIELDS),
    "reasoning parameter": lambda sent: any(field in sent for field in _REASONING_FIELDS),
    "response_format beside tools": lambda sent: "response_format" in sent and bool(sent.get("tools")),
}


# ---- what is learned; an empty result means: not this one ----


def _asked_output(sent: Body) -> int:
    return int(next(sent[field] for field in _LIMIT_FIELDS if field in sent))


def _fit_window(_: Rule, match: re.Match[str], attempt: _Attempt) -> Learned:
    """The prompt fits, the answer does not: ask for what is left beside the prompt (R-OVF-3, P-97).

    The window and the shortfall of our estimate are remembered rather than a limit: the next prompt has another length.
    """
    sent, capabilities, estimate = attempt
    limit, completion = _number(match, "limit") or 0, _number(match, "completion") or 0
    prompt = _number(match, "prompt")
    if prompt is None:
        prompt = (_number(match, "total") or 0) - completion
    asked, room = _asked_output(sent), limit - prompt - WINDOW_MARGIN_TOKENS
    if not 0 < room < asked or (room < OUTPUT_MIN_TOKENS and room * OUTPUT_SHARE < asked):
        return {}
    shortfall = max(prompt - estimate(), 0) + WINDOW_MARGIN_TOKENS
    if capabilities.context_window == limit:  # it was reckoned with, and what was asked is too much by a known amount
        shortfall = max(shortfall, capabilities.window_margin + asked - room)
    return {"context_window": limit, "window_margin": shortfall}


def _limit_output(_: Rule, match: re.Match[str], attempt: _Attempt) -> Learned:
    limit = _number(match, "limit") or 0
    return {"max_output": limit} if 0 < limit < _asked_output(attempt.sent) else {}


def _raise_output(_: Rule, match: re.Match[str], attempt: _Attempt) -> Learned:
    limit = _number(match, "limit") or 0
    return {"min_output": limit} if limit > _asked_output(attempt.sent) else {}


def _drop_named(rule: Rule, _: re.Match[str], attempt: _Attempt) -> Learned:
    return {"drop": (*attempt.capabilities.drop, rule.sent)}


def _other_effort(_: Rule, match: re.Match[str], attempt: _Attempt) -> Learned:
    """The values the refusal lists; else all but the refused one if it names it; else no effort at all."""
    value = str(attempt.sent["reasoning_effort"])
    listed = _listed_efforts(match.string[match.start() :])
    if listed and value not in listed:
        return {"effort_values": listed, "effort_map": {}}
    if re.search(rf"['\"`]{re.escape(value)}['\"`]", match.string):
        return {
            "effort_values": tuple(other for other in attempt.capabilities.effort_values if other != value),
            "effort_map": {},
        }
    return {"reasoning_request": "none"}


def _listed_efforts(text: str) -> tuple[str, ...]:
    known = {"none", "default", *EFFORTS}
    lists = [
        [word for word in _WORD.findall(found[1].lower()) if word in known] for found in _EFFORT_LIST.finditer(text)
    ]
    lists.sort(key=len)
    return tuple(dict.fromkeys(lists[-1])) if lists else ()


def _yield_to_choice(_: Rule, __: re.Match[str], attempt: _Attempt) -> Learned:
    """First thinking gives way to the forced choice; where it cannot, the choice to thinking (R-CHO-3)."""
    capabilities = attempt.capabilities
    can_stop = capabilities.reasoning_request != "none" and not capabilities.reasoning_always_on
    if capabilities.forced_choice_with_thinking == "ok" and can_stop:
        return {"forced_choice_with_thinking": "thinking_off"}
    return {"forced_choice_with_thinking": "auto"}


def _other_choice(_: Rule, __: re.Match[str], attempt: _Attempt) -> Learned:
    choice = attempt.sent["tool_choice"]
    refused = choice if isinstance(choice, str) else "named"
    return {"tool_choice_values": tuple(value for value in attempt.capabilities.tool_choice_values if value != refused)}


def _weaker_format(_: Rule, __: re.Match[str], attempt: _Attempt) -> Learned:
    refused = attempt.sent["response_format"].get("type")
    return {"structured": "json_object" if refused == "json_schema" else "prompt"}


_WORK: Final[Mapping[str, Callable[[Rule, re.Match[str], _Attempt], Learned]]] = {
    "fit_window": _fit_window,
    "limit_output": _limit_output,
    "raise_output": _raise_output,
    "drop_named": _drop_named,
    "other_effort": _other_effort,
    "yield_to_choice": _yield_to_choice,
    "other_choice": _other_choice,
    "weaker_format": _weaker_format,
}
