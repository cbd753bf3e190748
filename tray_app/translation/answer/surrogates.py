"""Joins characters that a provider cut in two: half of a surrogate pair at the end of one delta, half in the next.

A trailing high half is held back until its channel goes on; whatever stays alone becomes U+FFFD (R-SSE-12, P-112, D53).
Used for the rare events that hold such halves at all: see `chunks.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from tray_app.translation.answer import deltas as d
from tray_app.translation.codec import mend, mend_surrogates

_Spoken = d.Text | d.Reasoning | d.Refusal | d.ToolDelta
_Channel = tuple[type, object]
_ENDS: Final = (d.Finish, d.Ended, d.Failed)


class SurrogateJoiner:
    """Deltas in, the same deltas with whole characters out."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: dict[_Channel, _Spoken] = {}  # the delta whose text ended in the high half, with that half only

    @property
    def holding(self) -> bool:
        """Something is held back, so that every delta has to come by."""
        return bool(self._held)

    def join(self, deltas: Iterable[d.Delta]) -> Iterator[d.Delta]:
        """The deltas, mended; those of the same channel are joined at the cut."""
        for delta in deltas:
            if isinstance(delta, _Spoken):
                yield from self._flush_others(_channel(delta))
                yield from self._join(delta)
            else:
                if isinstance(delta, _ENDS):
                    yield from self.flush()
                yield _mended(delta)

    def flush(self) -> Iterator[d.Delta]:
        """The halves that stayed alone, as U+FFFD."""
        while self._held:
            yield _mended(self._held.pop(next(iter(self._held))))

    def _flush_others(self, channel: _Channel) -> Iterator[d.Delta]:
        """Text cannot go on once something else was said; parallel calls can (23.4)."""
        for held in [held for held in self._held if held != channel and held[0] is not d.ToolDelta]:
            yield _mended(self._held.pop(held))

    def _join(self, delta: _Spoken) -> Iterator[d.Delta]:
        channel = _channel(delta)
        text = _text(delta)
        if channel in self._held:
            text = _text(self._held.pop(channel)) + text
        if "\ud800" <= text[-1:] <= "\udbff":
            self._held[channel] = _only(delta, text[-1])
            text = text[:-1]
        text = mend_surrogates(text)
        if isinstance(delta, d.ToolDelta):
            yield _mended(msgspec.structs.replace(delta, arguments=text or None))
        elif text:
            yield msgspec.structs.replace(delta, text=text)


def _channel(delta: _Spoken) -> _Channel:
    if isinstance(delta, d.ToolDelta):
        return d.ToolDelta, delta.index
    return type(delta), None


def _text(delta: _Spoken) -> str:
    return (delta.arguments or "") if isinstance(delta, d.ToolDelta) else delta.text


def _only(delta: _Spoken, half: str) -> _Spoken:
    if isinstance(delta, d.ToolDelta):
        return d.ToolDelta(index=delta.index, arguments=half, legacy=delta.legacy)
    return msgspec.structs.replace(delta, text=half)


def _mended(delta: d.Delta) -> d.Delta:
    if isinstance(delta, d.Failed):
        return delta
    return msgspec.structs.replace(delta, **{name: mend(getattr(delta, name)) for name in delta.__struct_fields__})
