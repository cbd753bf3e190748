"""Removes a model's own end-of-turn tokens that a local server left at the very end of the text (24.5)."""

from __future__ import annotations

from typing import Final

from tray_app.translation.answer.deltas import Delta, Text
from tray_app.translation.answer.markers import overlap

MAX_HELD: Final = 256  # characters; a longer run of tokens is no residue
TOKENS: Final = (
    "<|im_end|>",
    "<|eot_id|>",
    "<|end_of_text|>",
    "<|endoftext|>",
    "<|eom_id|>",
    "<|end|>",
    "<|return|>",
    "<|end_of_turn|>",
    "<end_of_turn>",
    "<｜end▁of▁sentence｜>",
    "</s>",
)


class TokenResidue:
    """Text in, the same text out but for tokens at its end. Never done: only the end tells which tokens are the last."""

    done: Final = False

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> list[Delta]:
        """The next piece of text."""
        text = self._held + text
        start = _residue_start(text, len(text) - overlap(text, TOKENS))
        if len(text) - start > MAX_HELD:
            start = len(text)
        text, self._held = text[:start], text[start:]
        return [Text(text)] if text else []

    def flush(self) -> list[Delta]:
        """The text ends here: its residue goes, an unfinished token stays."""
        held, self._held = self._held, ""
        return [] if not held or _residue_start(held, len(held)) == 0 else [Text(held)]


def _residue_start(text: str, end: int) -> int:
    """Where the run of tokens and white space that reaches to `end` begins; `end` if there is none."""
    start = end
    while token := next((token for token in TOKENS if text[:start].rstrip().endswith(token)), None):
        start = len(text[:start].rstrip()) - len(token)
    return start
