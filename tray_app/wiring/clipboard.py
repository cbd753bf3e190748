"""Puts what the user asks for into the clipboard: the endpoint, the setup of a shell, a command, a request as a curl line."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from tray_app.control.proxy import ProxyControl
from tray_app.ui.models.request_log import RequestRow


class Clipboard:
    """Copies. The setup and the command hold the local token, the curl line holds no key."""

    def __init__(self, proxy: ProxyControl) -> None:
        self._proxy = proxy

    def copy_endpoint(self) -> None:
        """The address for clients."""
        self._copy(self._proxy.endpoint())

    def copy_token(self) -> None:
        """The local token alone."""
        self._copy(self._proxy.token())

    def copy_setup(self, shell: str) -> None:
        """Lines for a shell out of `tray_menu.SHELLS`."""
        self._copy(self._proxy.setup_text(shell))  # type: ignore[arg-type]  # from SHELLS

    def copy_command(self, profile_id: str, shell: str) -> None:
        """A line that starts Claude Code on one provider."""
        self._copy(self._proxy.command_text(profile_id, shell))  # type: ignore[arg-type]  # from SHELLS

    def copy_curl(self, row: RequestRow) -> None:
        """A request that can be pasted into a shell."""
        started = row.started
        self._copy(self._proxy.curl_text(started.profile_id, started.asked_model, stream=started.stream))

    def _copy(self, words: str) -> None:
        QGuiApplication.clipboard().setText(words)
