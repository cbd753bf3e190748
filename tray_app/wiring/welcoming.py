"""Connects the welcome of the first start with those who act."""

from __future__ import annotations

from tray_app.control.proxy import ProxyControl
from tray_app.ui.welcome import Welcome
from tray_app.wiring.clipboard import Clipboard
from tray_app.wiring.editing import Editing


def connect_welcome(welcome: Welcome, proxy: ProxyControl, editing: Editing, clipboard: Clipboard) -> None:
    """For as long as the welcome lives."""
    welcome.testMessageRequested.connect(proxy.send_test_message)
    welcome.addRequested.connect(editing.add)
    welcome.setupCopyRequested.connect(clipboard.copy_setup)
    proxy.testMessageChanged.connect(welcome.show_message)
