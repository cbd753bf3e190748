"""The event hub: what the proxy publishes and the screen, the ledger and the log read at their own pace.

Publishing is O(1) and never calls into a reader. Readers pull with a cursor of their own; what they were too slow for is
counted, never silently gone. Progress is not history: only the newest per running request exists. Everything here happens
in the loop's thread. Its counterpart is whoever calls `read`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Final, NamedTuple

from tray_app.proxy.events import Event, RequestFailed, RequestFinished, RequestProgress

# Unread events before the oldest are given up: two for each request, so a reader may be away for a second of two thousand.
CAPACITY: Final = 4_000
# Events that have been read and stay for whoever looks back: the diagnostics tell of 200 requests and how each began. A
# thousand cost half a megabyte.
HISTORY: Final = 1_000

_ENDS: Final = (RequestFinished, RequestFailed)


class Batch(NamedTuple):
    """What happened since a cursor: lasting events in order, then the newest progress of each running request.

    `lost` counts the lasting events that had been dropped before this reader saw them.
    """

    cursor: int
    events: tuple[Event, ...]
    lost: int


class EventHub:
    """A bounded buffer of events.

    Attributes:
        wake: called at most once between two reads, when there is something to read; set by one consumer, so that nobody
            polls while nothing happens. It must not raise and must return at once.
        wakes_for_progress: whether progress is something to read. False while nobody looks: it would wake the consumer many
            times a second, and is still there for whoever reads.
    """

    def __init__(self, clock: Callable[[], float], capacity: int = CAPACITY) -> None:
        self.now = clock  # Unix time in seconds, for the `at` of every event
        self.wake: Callable[[], None] | None = None
        self.wakes_for_progress = True
        self._lasting: deque[Event] = deque(maxlen=capacity)
        self._published = 0  # lasting events ever; a cursor is a value of this counter
        self._progress: dict[str, RequestProgress] = {}
        self._awake = False

    def publish(self, event: Event) -> None:
        """Keep `event` for the readers."""
        if isinstance(event, RequestProgress):
            self._progress[event.id] = event
            if not self.wakes_for_progress:
                return
        else:
            if isinstance(event, _ENDS):
                self._progress.pop(event.id, None)
            self._lasting.append(event)
            self._published += 1
        self._call_reader()

    def _call_reader(self) -> None:
        if not self._awake and self.wake is not None:
            self._awake = True
            self.wake()

    @property
    def cursor(self) -> int:
        """The cursor of a reader who wants only what happens from now on."""
        return self._published

    def read(self, cursor: int = 0) -> Batch:
        """Everything since `cursor` (0: all there is); the batch says where to go on.

        Whoever gives a cursor has read what comes before it: of that, only the newest `HISTORY` are kept.
        """
        self._awake = False
        new = self._published - cursor
        kept = min(new, len(self._lasting))
        lasting = islice(self._lasting, len(self._lasting) - kept, None)
        batch = Batch(self._published, (*lasting, *self._progress.values()), new - kept)
        for _ in range(len(self._lasting) - max(kept, HISTORY)):
            self._lasting.popleft()
        return batch
