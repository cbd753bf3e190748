"""The preview of a diagnostics bundle."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tray_app.state import DiagnosticPart
from tray_app.ui.dialogs.diagnostics import DiagnosticsDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)")
PARTS = (DiagnosticPart("system.txt", "Qt 6"), DiagnosticPart("log.txt", "a line\nanother"))


@pytest.fixture
def dialog(qtbot: QtBot) -> DiagnosticsDialog:
    """The dialog, open."""
    made = DiagnosticsDialog(PARTS)
    qtbot.addWidget(made)
    made.open()
    return made


def test_every_part_can_be_read_before(dialog: DiagnosticsDialog) -> None:
    """As it will be saved."""
    assert [dialog.list.item(row).text() for row in range(dialog.list.count())] == ["system.txt", "log.txt"]
    assert dialog.text.toPlainText() == "Qt 6"
    dialog.list.setCurrentRow(1)
    assert dialog.text.toPlainText() == "a line\nanother"
    assert dialog.text.isReadOnly()


def test_it_is_saved_where_the_user_wants(dialog: DiagnosticsDialog, qtbot: QtBot, tmp_path: Path) -> None:
    """And the outcome is said in the dialog."""
    dialog.save.click()
    assert dialog.chooser is not None
    assert dialog.chooser.selectedFiles()[0].endswith(".zip")
    with qtbot.waitSignal(dialog.saveRequested) as caught:
        dialog.chooser.fileSelected.emit(str(tmp_path / "b.zip"))
    assert caught.args == [str(tmp_path / "b.zip")]
    assert not dialog.save.isEnabled()
    dialog.show_saved("disk full")
    assert (dialog.save.isEnabled(), dialog.outcome.objectName()) == (True, "problem")
    assert "disk full" in dialog.outcome.text()
    dialog.show_saved("")
    assert str(tmp_path / "b.zip") in dialog.outcome.text()
    assert dialog.outcome.objectName() == ""
    dialog.chooser.reject()
