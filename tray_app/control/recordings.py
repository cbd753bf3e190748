"""The recorded messages of a request, for the screen: found, masked on a thread, and handed out; and the wish to keep bodies.

Only the newest question is answered: who runs down the list with the arrow keys does not wait for what they passed.
Counterparts: `proxy/recorder.py` and `ui/pages/message_view.py`.
"""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Signal

from tray_app.control.area import Area
from tray_app.control.board import Board
from tray_app.proxy.recorded import Recorded, Side
from tray_app.proxy.recorder import Recorder
from tray_app.state import AppState

Question = tuple[str, tuple[Side, ...], bool]


class Recordings(Area):
    """Follows the setting `body_capture`.

    Signals:
        found(Recorded): the answer to the newest `fetch`; without messages if nothing is kept of that request.
    """

    found = Signal(object)

    def __init__(self, board: Board, recorder: Recorder) -> None:
        super().__init__(board)
        self._recorder = recorder
        self._asked: Question | None = None
        self._reading = False
        board.stateChanged.connect(self._follow)
        self._follow(board.state)

    def fetch(self, request_id: str, sides: tuple[Side, ...], bodies: bool) -> None:
        """Ask for messages of a request, with or without their bodies."""
        self._asked = (request_id, sides, bodies)
        if not self._reading:
            self._reading = True
            self._spawn("read a recording", self._read())

    def forget(self) -> None:
        """Drop everything that was recorded."""
        self._recorder.clear()

    async def _read(self) -> None:
        try:
            while self._asked is not None:
                asked, self._asked = self._asked, None
                request_id, sides, bodies = asked
                copy = self._recorder.find(request_id, sides, bodies=bodies)
                shown = Recorded(id=request_id, messages={}) if copy is None else await asyncio.to_thread(copy.read)
                if self._asked is None:
                    self.found.emit(shown)
        finally:
            self._reading = False

    def _follow(self, state: AppState) -> None:
        if state.settings.body_capture != self._recorder.bodies:
            self._recorder.record_bodies(state.settings.body_capture)
