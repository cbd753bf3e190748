"""The settings of the program: checked, in effect at once, and kept.

Whether Dragoman starts on login is the operating system's to know, and where the endpoint listens is the server's. A setting
takes effect before it is saved: what cannot be done is refused and nothing is written. What cannot be written stays in effect
until Dragoman quits, and is said. Counterpart: `ui/pages/settings.py`.
"""

from __future__ import annotations

import asyncio
from ipaddress import ip_address

import msgspec
from PySide6.QtCore import Signal

from tray_app.control.area import Area
from tray_app.control.board import Board
from tray_app.control.proxy import ProxyControl
from tray_app.desktop.autostart import Autostart
from tray_app.profiles.files import ChangedElsewhereError
from tray_app.profiles.settings import Settings, SettingsStore
from tray_app.proxy.endpoint.guard import OpenBindError
from tray_app.proxy.endpoint.ports import PortTakenError
from tray_app.state import SettingResult


class SettingsControl(Area):
    """Changes settings, one after the other.

    Signals:
        changeFinished(SettingResult): the answer to `change`.
    """

    changeFinished = Signal(object)

    def __init__(self, board: Board, store: SettingsStore, autostart: Autostart, proxy: ProxyControl) -> None:
        super().__init__(board)
        self._store = store
        self._autostart = autostart
        self._proxy = proxy
        self._one_at_a_time = asyncio.Lock()

    def change(self, setting: str, value: object) -> None:
        """Set an attribute of `Settings`; answered by `changeFinished`."""
        self._spawn("change setting", self._change(setting, value))

    def set_autostart(self, enabled: bool) -> None:
        """Start with the session, or not."""
        self.change("autostart", enabled)

    async def open(self) -> None:
        """Ask the operating system what it was told."""
        self._board.publish(autostart=await asyncio.to_thread(self._autostart.is_enabled))

    async def _change(self, setting: str, value: object) -> None:
        result = SettingResult(setting, "failed")
        try:
            async with self._one_at_a_time:
                await self._take_or_merge(setting, value)
            result = SettingResult(setting)
        except msgspec.ValidationError:
            result = SettingResult(setting, "invalid")
        except PortTakenError as error:
            result = SettingResult("port", "taken", error.owner, error.free_port)
        except OpenBindError:
            result = SettingResult(setting, "open")
        except OSError as error:
            result = SettingResult(setting, "unavailable", error.strerror or str(error))
        finally:
            self.changeFinished.emit(result)

    async def _take_or_merge(self, setting: str, value: object) -> None:
        try:
            await self._take(self._with(self._board.state.settings, setting, value))
        except ChangedElsewhereError:  # another process saved: its changes count, and this one on top of them
            loaded = await asyncio.to_thread(self._store.load)
            await self._take(self._with(loaded.settings, setting, value))

    async def _take(self, settings: Settings) -> None:
        await self._proxy.adopt(settings)
        if settings.autostart != self._board.state.autostart:
            await self._set_autostart(settings.autostart)
        self._board.publish(settings=settings)
        await asyncio.to_thread(self._store.save, settings)

    async def _set_autostart(self, enabled: bool) -> None:
        await asyncio.to_thread(self._autostart.enable if enabled else self._autostart.disable)
        await self.open()

    def _with(self, settings: Settings, setting: str, value: object) -> Settings:
        """The settings with one changed, checked. Raises msgspec.ValidationError."""
        if setting == "host":
            _check_address(str(value))
        # What was changed with the system's own means stays so: only its own check box turns it over.
        known = msgspec.to_builtins(settings) | {"autostart": self._board.state.autostart}
        return msgspec.convert(known | {setting: value}, Settings)


def _check_address(host: str) -> None:
    # A name would be looked up at every start, and what it means could change between two of them.
    try:
        ip_address(host)
    except ValueError as error:
        raise msgspec.ValidationError(str(error)) from error
