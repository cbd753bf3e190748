"""The way to the provider."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from tray_app.editing import ProfileDraft
from tray_app.ui.dialogs.connection_tab import ConnectionTab

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
DRAFT = ProfileDraft(
    headers=(("X-Team", "7"),),
    outbound_proxy="socks5://127.0.0.1:9",
    connect_s="3",
    first_byte_s="4",
    idle_s="5",
    silence_s="6",
    connect_retries=2,
    status_retries=1,
    fallback=("b",),
)


@pytest.mark.parametrize("network", ["system", "direct", "socks5://127.0.0.1:9"])
def test_a_draft_goes_in_and_out(qtbot: QtBot, network: str) -> None:
    """Whether the proxy is a word of ours or an address."""
    tab = ConnectionTab((("a", "Alpha"), ("b", "Beta")))
    qtbot.addWidget(tab)
    draft = replace(DRAFT, outbound_proxy=network)
    tab.show_draft(draft)
    assert tab.apply(ProfileDraft()) == draft


def test_every_field_can_show_a_problem(qtbot: QtBot) -> None:
    """Under the names the draft has for them."""
    tab = ConnectionTab(())
    wanted = "outbound_proxy headers connect_s first_byte_s idle_s silence_s connect_retries status_retries fallback"
    assert set(tab.fields) == set(wanted.split())
