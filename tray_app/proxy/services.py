"""What every exchange shares: one value, made by the server and handed on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tray_app.proxy.exchange.memo import RefusalMemo
from tray_app.proxy.exchange.watchdog import Delays
from tray_app.proxy.hub import EventHub
from tray_app.proxy.ids import IdFactory
from tray_app.proxy.recorder import Recorder
from tray_app.proxy.upstream.switchboard import Switchboard
from tray_app.translation.thinking import ThinkingMemory


@dataclass(frozen=True, kw_only=True)
class Services:
    """The surroundings of an exchange. `clock` is monotonic seconds; without a `recorder` nothing is recorded."""

    switchboard: Switchboard
    hub: EventHub
    clock: Callable[[], float]
    ids: IdFactory
    delays: Delays
    memory: ThinkingMemory = field(default_factory=ThinkingMemory)
    refusals: RefusalMemo = field(default_factory=RefusalMemo)
    recorder: Recorder | None = None
