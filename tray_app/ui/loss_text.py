"""What translation could not carry over, told to a person: what it concerns, then the reason.

A note is ``field.path: reason`` (`translation/losses.py`). The table says what the first part of the path is about; fields it
does not know keep their own name.
"""

from __future__ import annotations

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


def loss(note: str) -> str:
    """``Thinking: switched off: a tool call is forced``."""
    field, _, reason = note.partition(": ")
    path = field.split(".")
    for length in (2, 1):
        subject = _SUBJECTS.get(".".join(path[:length]))
        if subject is not None:
            rest = path[length:]
            name = translate("Losses", str(subject)) + (f" ({'.'.join(rest)})" if rest else "")
            return f"{name}: {reason}"
    return note
