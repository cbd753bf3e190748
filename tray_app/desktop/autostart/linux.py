"""Start on login by the XDG autostart specification: one desktop entry in the user's autostart folder.

The counterpart is the session manager of the desktop. Inside Flatpak the entry must name `flatpak run`, because nothing
of the sandbox exists outside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tray_app.desktop.autostart import AutostartError

FILE_NAME: Final = "dragoman.desktop"
_ENTRY: Final = """\
[Desktop Entry]
Type=Application
Version=1.0
Name=Dragoman
Comment=Lets Anthropic clients talk to any provider
Exec={exec}
Icon=dragoman
Terminal=false
Categories=Development;
StartupNotify=false
X-GNOME-Autostart-enabled=true
"""


def quote(argument: str) -> str:
    """One argument of an `Exec` line: quoted, with the characters escaped that the specification names."""
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`").replace("$", "\\$")
    # A string value is unescaped once more when the file is read, and % would start a field code.
    return '"' + escaped.replace("\\", "\\\\").replace("%", "%%") + '"'


class DesktopEntry:
    """Implements `Autostart` with a file in `folder`."""

    def __init__(self, argv: tuple[str, ...], folder: Path, *, flatpak_id: str = "") -> None:
        self._argv = ("flatpak", "run", flatpak_id, "--minimized") if flatpak_id else argv
        self._path = folder / FILE_NAME

    def text(self) -> str:
        """The content of the file."""
        return _ENTRY.format(exec=" ".join(map(quote, self._argv)))

    def is_enabled(self) -> bool:
        """A file that desktops have switched off (`Hidden`, GNOME's own key) counts as not there."""
        try:
            lines = {line.strip().lower() for line in self._path.read_text(encoding="utf-8").splitlines()}
        except OSError:
            return False
        return not lines & {"hidden=true", "x-gnome-autostart-enabled=false"}

    def enable(self) -> None:
        """Write the entry; a half-written file is never seen."""
        temporary = self._path.with_suffix(".tmp")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(self.text(), encoding="utf-8")
            temporary.replace(self._path)
        except OSError as error:
            raise AutostartError(str(error)) from error

    def disable(self) -> None:
        """Remove the entry."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise AutostartError(str(error)) from error
