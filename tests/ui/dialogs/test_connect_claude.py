"""The question before Claude Code is connected."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tray_app.state import ClientPreview
from tray_app.ui.dialogs.connect_claude import ConnectClaude

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)")
CHANGES = (
    ("env.ANTHROPIC_BASE_URL", "", "http://127.0.0.1:8417"),
    ("env.ANTHROPIC_AUTH_TOKEN", "••••", "••••"),
)
PREVIEW = ClientPreview(path="/home/one/.claude/settings.json", changes=CHANGES, warnings=("apiKeyHelper",))


def opened(qtbot: QtBot, preview: ClientPreview = PREVIEW) -> ConnectClaude:
    """The dialog on screen."""
    dialog = ConnectClaude(preview)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def words(dialog: ConnectClaude) -> str:
    """All sentences in it."""
    return "\n".join(label.text().replace("\u200b", "") for label in dialog.findChildren(QLabel))


def test_every_change_and_every_obstacle_is_shown(qtbot: QtBot) -> None:
    """The file, what is there, what will be there, and what would go past us."""
    dialog = opened(qtbot)
    shown = [[dialog.table.item(line, place).text() for place in range(3)] for line in range(2)]
    assert shown == [["env.ANTHROPIC_BASE_URL", "–", "http://127.0.0.1:8417"], list(CHANGES[1])]
    assert PREVIEW.path in words(dialog)
    assert "apiKeyHelper is set" in words(dialog)
    assert "read by your user alone" in words(dialog)


@pytest.mark.parametrize("name", ["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX"])
def test_other_obstacles_are_named(qtbot: QtBot, name: str) -> None:
    """By the setting that is in the way."""
    assert f"{name} is set" in words(opened(qtbot, ClientPreview(path="x", warnings=(name,))))


def test_nothing_happens_unless_it_is_confirmed(qtbot: QtBot) -> None:
    """Cancel is a no."""
    dialog = opened(qtbot)
    dialog.confirmed.connect(lambda: pytest.fail("not confirmed"))
    with qtbot.waitSignal(dialog.rejected):
        dialog.buttons.button(dialog.buttons.StandardButton.Cancel).click()
    dialog = opened(qtbot, ClientPreview(path="x"))
    assert "Everything is set already" in words(dialog)
    with qtbot.waitSignals([dialog.confirmed, dialog.accepted]):
        dialog.accept_button.click()
