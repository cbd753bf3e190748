"""Tells what a snapshot of the answer adds to what was already said (R-CHK-3).

Some servers stream `message` objects that hold everything so far, or one at the end that repeats it all; others put
increments into the same field. Which of the two it is shows from the text itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from typing import Final

import msgspec

from tray_app.translation.answer import deltas as d

MAX_KEPT_CHARS: Final = 2**20  # of what was said; a longer answer is compared by its length alone
MAX_FRESH: Final = 256

_Spoken = d.Text | d.Reasoning | d.Refusal | d.ToolDelta
_Channel = tuple[type, object]


class _Source(Enum):
    NOTHING = auto()
    DELTAS = auto()  # a snapshot that contradicts them adds nothing
    SNAPSHOTS = auto()
    INCREMENTS = auto()  # what looked like snapshots did not repeat what came before


class Said:
    """What one channel of the answer has said so far."""

    __slots__ = ("_fresh", "_kept", "_size", "_source")

    def __init__(self) -> None:
        self._source = _Source.NOTHING
        self._size = 0
        self._kept: str | None = ""
        self._fresh: list[str] = []  # pieces not counted yet: nobody asks before a snapshot comes, and mostly none does

    def say(self, text: str) -> None:
        """Remember a piece that came as a delta, up to the bound."""
        self._fresh.append(text)
        if len(self._fresh) > MAX_FRESH:
            self._settle()

    def _settle(self) -> None:
        if self._fresh:
            text = "".join(self._fresh)
            self._fresh.clear()
            self._remember(text, _Source.DELTAS)

    def _remember(self, text: str, source: _Source) -> None:
        self._source = source
        self._size += len(text)
        if self._kept is not None:
            self._kept = self._kept + text if self._size <= MAX_KEPT_CHARS else None

    def news(self, text: str) -> str:
        """What a snapshot adds: all of it, its end, or nothing; it is remembered."""
        self._settle()
        source = self._source
        if source is _Source.NOTHING:
            source = _Source.SNAPSHOTS
        elif source is not _Source.INCREMENTS and self._is_repeated_by(text):
            text = text[self._size :]
        elif source is _Source.DELTAS:
            return ""
        else:
            source = _Source.INCREMENTS
        self._remember(text, source)
        return text

    def _is_repeated_by(self, text: str) -> bool:
        if self._kept is None:
            return len(text) >= self._size
        return text.startswith(self._kept)


class Record:
    """What the whole answer has said so far, by channel: text, reasoning, refusal and every tool call."""

    def __init__(self) -> None:
        self.text = Said()
        self.reasoning = Said()
        self._channels: dict[_Channel, Said] = {(d.Text, None): self.text, (d.Reasoning, None): self.reasoning}
        self._slots: dict[int | None, object] = {}  # tool index -> the id that was last bound to it
        self._opaque: set[str] = set()

    def note(self, deltas: Iterable[d.Delta]) -> None:
        """Remember what came as deltas."""
        for delta in deltas:
            if isinstance(delta, _Spoken):
                self._said(self._channel(delta)).say(_text(delta))
            elif isinstance(delta, d.ReasoningOpaque):
                self._opaque.add(delta.field)

    def additions(self, snapshot: Iterable[d.Delta]) -> Iterator[d.Delta]:
        """What of a snapshot's deltas is new; it is remembered."""
        known = frozenset(self._opaque)
        groups: dict[_Channel, list[_Spoken]] = {}
        for delta in snapshot:
            if isinstance(delta, _Spoken):
                groups.setdefault(self._channel(delta), []).append(delta)
            elif not isinstance(delta, d.ReasoningOpaque):
                yield delta
            elif delta.field not in known:
                self._opaque.add(delta.field)
                yield delta
        for channel, deltas in groups.items():
            yield from self._additions(channel, deltas)

    def _additions(self, channel: _Channel, deltas: Sequence[_Spoken]) -> Iterator[d.Delta]:
        """One channel: all of it as it came, the part beyond what was said, or nothing."""
        text = "".join(map(_text, deltas))
        first = channel not in self._channels
        news = self._said(channel).news(text)
        if first or (news and news == text):
            yield from deltas
        elif news:
            yield _with_text(deltas[0], news)

    def _said(self, channel: _Channel) -> Said:
        return self._channels.setdefault(channel, Said())

    def _channel(self, delta: _Spoken) -> _Channel:
        """Calls are told apart by id; a delta without one belongs to the id last seen at its index."""
        if not isinstance(delta, d.ToolDelta):
            return type(delta), None
        if delta.id:
            self._slots[delta.index] = delta.id
        return d.ToolDelta, self._slots.setdefault(delta.index, delta.index)


def _text(delta: _Spoken) -> str:
    return (delta.arguments or "") if isinstance(delta, d.ToolDelta) else delta.text


def _with_text(delta: _Spoken, text: str) -> _Spoken:
    if isinstance(delta, d.ToolDelta):
        return msgspec.structs.replace(delta, arguments=text)
    return msgspec.structs.replace(delta, text=text)


def numbered(deltas: Iterable[d.Delta]) -> Iterator[d.Delta]:
    """A message's calls by their place: they have no index, and an id that comes twice names two calls (P-40)."""
    ids: set[str] = set()
    place = 0
    for delta in deltas:
        if isinstance(delta, d.ToolDelta) and not delta.legacy:
            repeated = delta.id in ids
            ids.add(delta.id or "")
            index = place if delta.index is None else delta.index
            delta = msgspec.structs.replace(delta, index=index, id=None if repeated else delta.id)
            place += 1
        yield delta
