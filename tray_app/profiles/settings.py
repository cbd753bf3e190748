"""The settings of the program itself, in a file kept like the profiles' (`files.py`). Nothing secret is in it.

One wrong value never costs the others: it is reported and the default stands in for it. Keys this version does not know
are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from tray_app.profiles.files import Envelope, EnvelopeFile, utc_now

DEFAULT_PORT: Final = 8417


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the Settings page shows. `autostart` mirrors what the operating system has been told."""

    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = DEFAULT_PORT
    host: Annotated[str, msgspec.Meta(min_length=1, max_length=255)] = "127.0.0.1"
    ipv6: bool = False  # bind ::1 as well
    require_token: bool = True
    autostart: bool = False
    show_window: bool = False  # at every start; never at login, where nobody asked for it
    start_proxy: bool = True  # begin to listen when the program starts
    language: Literal["", "en", "zh_CN"] = ""  # empty: as the system says
    theme: Literal["system", "light", "dark", "contrast"] = "system"
    retention_days: Annotated[int, msgspec.Meta(ge=1, le=3_650)] = 30
    body_capture: bool = False  # in memory only, bounded
    daily_budget_usd: Annotated[float, msgspec.Meta(ge=0)] = 0.0  # 0: none
    notify_upstream: bool = True  # upstream down or key rejected
    notify_errors: bool = True  # a burst of errors
    notify_failover: bool = True
    notify_budget: bool = True
    notify_cache: bool = True  # the cache-hit rate collapsed


class LoadedSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`revision` 0 means that nothing was ever saved: the first start. `problems` are sentences for the user."""

    settings: Settings = Settings()
    revision: int = 0
    problems: tuple[str, ...] = ()


class InvalidSettingError(ValueError):
    """A value cannot be kept; the message is `<setting>: <problem>`."""


class _Content(Envelope, kw_only=True):
    settings: dict[str, Any] = msgspec.field(default_factory=dict)


class SettingsStore:
    """Reads and writes one settings file; remembers the revision it read last, to notice other writers."""

    def __init__(self, path: Path, now: Callable[[], datetime] = utc_now) -> None:
        self._file = EnvelopeFile(path, _Content, now)
        self._seen = _Content()

    def load(self) -> LoadedSettings:
        """Read the file; never raises. Whatever is wrong is told in `problems`, with the default in its place."""
        self._seen, problems = self._file.read()
        settings, found = _decode(self._seen.settings)
        return LoadedSettings(settings=settings, revision=self._seen.revision, problems=(*problems, *found))

    def save(self, settings: Settings) -> LoadedSettings:
        """Write them; saving what is already stored changes nothing.

        Raises:
            InvalidSettingError: a value is out of range.
            ChangedElsewhereError: another process saved since `load`.
            FileError: the file cannot be written.
        """
        values = msgspec.to_builtins(settings)
        _, wrong = _decode(values)
        if wrong:
            raise InvalidSettingError(wrong[0])
        merged = self._seen.settings | values
        if merged != self._seen.settings:
            self._seen = self._file.write(_Content(revision=self._seen.revision, settings=merged))
        return LoadedSettings(settings=settings, revision=self._seen.revision)


def _decode(values: dict[str, Any]) -> tuple[Settings, list[str]]:
    good: dict[str, Any] = {}
    problems: list[str] = []
    for name in Settings.__struct_fields__:
        if name in values:
            try:
                msgspec.convert({name: values[name]}, Settings)
                good[name] = values[name]
            except msgspec.ValidationError as error:
                problems.append(f"{name}: {str(error).partition(' - at')[0]}")
    return msgspec.convert(good, Settings), problems
