"""What translation could not carry over, told to a person: what it concerns, then the reason.

A note is ``field.path: reason`` (`translation/losses.py`). One table says what the first part of the path is about; fields it
does not know keep their own name. The other has every reason the translation gives, so that it can be said in the language
of the screen; its test looks for them in the sources.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from tray_app.ui.text import translate

_SUBJECTS: Final[dict[str, object]] = {
    "answer": QT_TRANSLATE_NOOP("Losses", "The answer"),
    "cache_control": QT_TRANSLATE_NOOP("Losses", "Cache markers"),
    "container_upload": QT_TRANSLATE_NOOP("Losses", "Files of a container"),
    "context_management": QT_TRANSLATE_NOOP("Losses", "Clearing of old context"),
    "documents": QT_TRANSLATE_NOOP("Losses", "Documents"),
    "finish_reason": QT_TRANSLATE_NOOP("Losses", "Why the answer ended"),
    "images": QT_TRANSLATE_NOOP("Losses", "Images"),
    "max_tokens": QT_TRANSLATE_NOOP("Losses", "Longest answer"),
    "messages": QT_TRANSLATE_NOOP("Losses", "The conversation"),
    "metadata": QT_TRANSLATE_NOOP("Losses", "The user's id"),
    "output_config.effort": QT_TRANSLATE_NOOP("Losses", "Effort"),
    "output_config.format": QT_TRANSLATE_NOOP("Losses", "Form of the answer"),
    "prefill": QT_TRANSLATE_NOOP("Losses", "The beginning of the answer"),
    "reasoning": QT_TRANSLATE_NOOP("Losses", "Thinking"),
    "service_tier": QT_TRANSLATE_NOOP("Losses", "Priority"),
    "speed": QT_TRANSLATE_NOOP("Losses", "Priority"),
    "stream": QT_TRANSLATE_NOOP("Losses", "The answer"),
    "system": QT_TRANSLATE_NOOP("Losses", "The system prompt"),
    "thinking": QT_TRANSLATE_NOOP("Losses", "Thinking"),
    "tool_choice": QT_TRANSLATE_NOOP("Losses", "Which tool to use"),
    "tools": QT_TRANSLATE_NOOP("Losses", "Tools"),
    "usage": QT_TRANSLATE_NOOP("Losses", "Token counts"),
}

# A %1 stands for a value.
REASONS: Final[tuple[object, ...]] = (
    QT_TRANSLATE_NOOP("Losses", "%1 cut to %2"),
    QT_TRANSLATE_NOOP("Losses", "%1 is unknown, taken as stop"),
    QT_TRANSLATE_NOOP("Losses", "%1 removed"),
    QT_TRANSLATE_NOOP("Losses", "%1 sent as %2"),
    QT_TRANSLATE_NOOP("Losses", "%1 takes no reasoning parameters"),
    QT_TRANSLATE_NOOP("Losses", "a call without a name was dropped"),
    QT_TRANSLATE_NOOP("Losses", "a second tool of this name"),
    QT_TRANSLATE_NOOP("Losses", "a server tool, not available at this upstream"),
    QT_TRANSLATE_NOOP("Losses", "asked for in words: not accepted together with tools"),
    QT_TRANSLATE_NOOP("Losses", "asked for in words: the upstream cannot continue an assistant message"),
    QT_TRANSLATE_NOOP("Losses", "assistant messages hold text only"),
    QT_TRANSLATE_NOOP("Losses", "cannot be switched off for %1"),
    QT_TRANSLATE_NOOP("Losses", "cleared as the client asked"),
    QT_TRANSLATE_NOOP("Losses", "cut to %1 characters"),
    QT_TRANSLATE_NOOP("Losses", "dropped: no tools"),
    QT_TRANSLATE_NOOP("Losses", "estimated"),
    QT_TRANSLATE_NOOP("Losses", "files of a container cannot be sent to this upstream"),
    QT_TRANSLATE_NOOP("Losses", "forced choice sent as auto"),
    QT_TRANSLATE_NOOP("Losses", "forced choice sent as auto: the model thinks"),
    QT_TRANSLATE_NOOP("Losses", "its opaque state is too large to be kept"),
    QT_TRANSLATE_NOOP("Losses", "malformed JSON skipped"),
    QT_TRANSLATE_NOOP("Losses", "missing in a complete body, taken as stop"),
    QT_TRANSLATE_NOOP("Losses", "moved after the tool results"),
    QT_TRANSLATE_NOOP("Losses", "moved before the tool calls of its turn"),
    QT_TRANSLATE_NOOP("Losses", "named tool offered alone"),
    QT_TRANSLATE_NOOP("Losses", "names a tool that this upstream cannot have"),
    QT_TRANSLATE_NOOP("Losses", "no call in the turn before it"),
    QT_TRANSLATE_NOOP("Losses", "no name"),
    QT_TRANSLATE_NOOP("Losses", "no room for it within max_tokens"),
    QT_TRANSLATE_NOOP("Losses", "none asked for in words"),
    QT_TRANSLATE_NOOP("Losses", "none sent as no tools"),
    QT_TRANSLATE_NOOP("Losses", "not accepted by this model"),
    QT_TRANSLATE_NOOP("Losses", "not applied"),
    QT_TRANSLATE_NOOP("Losses", "not carried"),
    QT_TRANSLATE_NOOP("Losses", "not known to this upstream"),
    QT_TRANSLATE_NOOP("Losses", "not sent to this upstream"),
    QT_TRANSLATE_NOOP("Losses", "not taken by this upstream"),
    QT_TRANSLATE_NOOP("Losses", "not taken by this upstream for this schema"),
    QT_TRANSLATE_NOOP("Losses", "off for this turn: the reasoning of its tool calls is lost"),
    QT_TRANSLATE_NOOP("Losses", "reasoning of another model is not sent"),
    QT_TRANSLATE_NOOP("Losses", "refused while thinking is off"),
    QT_TRANSLATE_NOOP("Losses", "switched off: a tool call is forced"),
    QT_TRANSLATE_NOOP("Losses", "the Messages API has no place for it"),
    QT_TRANSLATE_NOOP("Losses", "the answer held nothing else and the client did not ask for it"),
    QT_TRANSLATE_NOOP("Losses", "the model does not accept images"),
    QT_TRANSLATE_NOOP("Losses", "the oldest were left out: the upstream takes no more"),
    QT_TRANSLATE_NOOP("Losses", "the schema is asked for in words"),
    QT_TRANSLATE_NOOP("Losses", "the upstream does not accept this document"),
    QT_TRANSLATE_NOOP("Losses", "the upstream takes no cache markers"),
    QT_TRANSLATE_NOOP("Losses", "the upstream would refuse thinking of another provider"),
    QT_TRANSLATE_NOOP("Losses", "this upstream cannot be given this source"),
    QT_TRANSLATE_NOOP("Losses", "this upstream is sent no earlier reasoning"),
    QT_TRANSLATE_NOOP("Losses", "this upstream rejects it"),
    QT_TRANSLATE_NOOP("Losses", "told as a reminder in the user's turn"),
    QT_TRANSLATE_NOOP("Losses", "too many for the description"),
    QT_TRANSLATE_NOOP("Losses", "unknown block type"),
    QT_TRANSLATE_NOOP("Losses", "unknown directive"),
    QT_TRANSLATE_NOOP("Losses", "unknown field"),
    QT_TRANSLATE_NOOP("Losses", "unknown type"),
    QT_TRANSLATE_NOOP("Losses", "unknown type %1"),
    QT_TRANSLATE_NOOP("Losses", "without thinking it would switch thinking on"),
)


def loss(note: str) -> str:
    """``Thinking: switched off: a tool call is forced``."""
    field, _, reason = note.partition(": ")
    path, said = field.split("."), _reason(reason)
    for length in (2, 1):
        subject = _SUBJECTS.get(".".join(path[:length]))
        if subject is not None:
            rest = path[length:]
            name = translate("Losses", str(subject)) + (f" ({'.'.join(rest)})" if rest else "")
            return f"{name}: {said}"
    return f"{field}: {said}"


def _reason(reason: str) -> str:
    exact, templates = _readings()
    if reason in exact:
        return translate("Losses", reason)
    for pattern, template in templates:
        if found := pattern.fullmatch(reason):
            words = translate("Losses", template)
            for number, value in enumerate(found.groups(), 1):
                words = words.replace(f"%{number}", value)
            return words
    return reason


@cache
def _readings() -> tuple[frozenset[str], list[tuple[re.Pattern[str], str]]]:
    """The reasons without values, and patterns of those with some."""
    texts = [str(reason) for reason in REASONS]
    templates = [text for text in texts if "%1" in text]
    patterns = [re.compile(re.sub(r"%\d", "(.+?)", re.escape(text)), re.DOTALL) for text in templates]
    return frozenset(texts) - frozenset(templates), list(zip(patterns, templates, strict=True))
