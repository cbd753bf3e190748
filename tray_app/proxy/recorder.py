"""Keeps what passed between client, proxy and upstream for whoever looks at a request: in memory only, and bounded.

Headers are kept of the newest requests; bodies only while the user wants it, and they are gone when the user does not. A
header that carries a credential is masked before it is kept; the rest is masked by `recorded.py`, the only way out. No event,
no log and no file ever holds any of it. Counterparts: the exchange, which writes here, and `control/recordings.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tray_app.proxy.recorded import Draft, Recorded, Side, read
from tray_app.proxy.redact import credentials_in, masked_headers

REQUESTS_MAX: Final = 200  # about 8 kB of headers each
BODY_BYTES: Final = 2 << 20
TOTAL_BYTES: Final = 64 << 20


class Recorder:
    """The newest recordings, oldest first.

    Attributes:
        bodies: whether requests that begin now are recorded with their bodies.
    """

    def __init__(self, total_bytes: int = TOTAL_BYTES, body_bytes: int = BODY_BYTES) -> None:
        self.bodies = False
        self._body_bytes = body_bytes
        self._total_bytes = total_bytes
        self._kept: dict[str, Recording] = {}
        self._held = 0

    @property
    def held(self) -> int:
        """Bytes of bodies in memory."""
        return self._held

    def open(self, request_id: str) -> Recording:
        """The recording of a request that begins."""
        made = self._kept[request_id] = Recording(self, bodies=self.bodies)
        if len(self._kept) > REQUESTS_MAX:
            self._forget(next(iter(self._kept)))
        return made

    def record_bodies(self, wanted: bool) -> None:
        """From now on, or no longer; what was recorded goes with the wish."""
        self.bodies = wanted
        if not wanted:
            self._drop_bodies()

    def clear(self) -> None:
        """Forget everything. Requests in flight go on without being recorded."""
        self._drop_bodies()
        self._kept.clear()

    def find(self, request_id: str, sides: Iterable[Side], *, bodies: bool = True) -> Found | None:
        """What is known of a request so far, to be read on any thread; None if it is not (or no longer) here."""
        recording = self._kept.get(request_id)
        return None if recording is None else Found(request_id, recording, sides, bodies=bodies)

    def make_room(self, recording: Recording, wanted: int, have: int) -> int:
        """How many of `wanted` bytes may be added to a body of `have` bytes; older bodies give way."""
        room = min(wanted, self._body_bytes - have)
        self._held += room
        for older in self._kept.values():
            if self._held <= self._total_bytes or older is recording:
                break
            self._held -= older.drop_bodies()
        return room

    def give_back(self, size: int) -> None:
        """So many bytes of a body are not needed any more."""
        self._held -= size

    def _forget(self, request_id: str) -> None:
        self._held -= self._kept.pop(request_id).drop_bodies()

    def _drop_bodies(self) -> None:
        for recording in self._kept.values():
            self._held -= recording.drop_bodies()


class Recording:
    """One request, as it goes on.

    Attributes:
        bodies: whether its bodies are kept; may become false at any time.
    """

    __slots__ = ("_parts", "_recorder", "_secrets", "bodies")

    def __init__(self, recorder: Recorder, *, bodies: bool) -> None:
        self.bodies = bodies
        self._recorder = recorder
        self._parts: dict[Side, Draft] = {}
        self._secrets: set[str] = set()

    def head(self, side: Side, line: str, headers: Mapping[str, str], secrets: Iterable[str] = ()) -> None:
        """A message's first line and its headers. They may be told after its body, as those of a streamed answer are."""
        part = self._part(side)
        part.line, part.headers = line, masked_headers(headers)
        if self.bodies:  # only they could repeat a credential
            self._secrets.update(secrets, credentials_in(headers))

    def forget(self, *sides: Side) -> None:
        """These messages are taken back: another attempt makes others."""
        for side in sides:
            part = self._parts.pop(side, None)
            if part is not None:
                self._recorder.give_back(len(part.body))

    def body(self, side: Side, data: bytes) -> None:
        """More of a message's body."""
        if not self.bodies:
            return
        part = self._part(side)
        room = self._recorder.make_room(self, len(data), len(part.body))
        part.body += data[:room]
        part.size += len(data)

    def _part(self, side: Side) -> Draft:
        part = self._parts.get(side)
        if part is None:
            part = self._parts[side] = Draft("", ())
        return part

    def drop_bodies(self) -> int:
        """Keep the heads only; returns how many bytes were freed."""
        if not self.bodies:
            return 0
        freed = sum(len(part.body) for part in self._parts.values())
        for part in self._parts.values():
            part.body = bytearray()
        self.bodies = False
        self._secrets.clear()
        return freed

    def copy(self, sides: Iterable[Side]) -> tuple[dict[Side, Draft], tuple[str, ...]]:
        """These messages as they are now, and the credentials to mask in them."""
        return {side: part.copy() for side in sides if (part := self._parts.get(side))}, tuple(self._secrets)


class Found:
    """A moment's copy of a recording; `read` masks it, which takes a while for large bodies."""

    def __init__(self, request_id: str, recording: Recording, sides: Iterable[Side], *, bodies: bool) -> None:
        self._id = request_id
        self._bodies = recording.bodies and bodies
        self._parts, self._secrets = recording.copy(sides)

    def read(self) -> Recorded:
        """What may be shown of it."""
        return read(self._id, self._parts, self._secrets, bodies=self._bodies)
