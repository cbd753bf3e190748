"""Asks for files and shows what came of them: import and export of providers. No dialog stops the program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from tray_app.control.transfers import TransfersControl
from tray_app.editing import ImportPlan, TransferDone
from tray_app.ui.dialogs.import_preview import ImportPreview
from tray_app.ui.text import translate

EXPORT_NAME: Final = "dragoman-providers.json"
# Where the other programs keep theirs; the dialog begins at the first that is there.
KNOWN_PLACES: Final = (".cc-switch", ".claude-code-router")


class Transferring(QObject):
    """Owns the dialogs; one is open at a time. `window` gives the main window, their parent."""

    def __init__(self, transfers: TransfersControl, window: Callable[[], QWidget | None], parent: QObject) -> None:
        super().__init__(parent)
        self._transfers = transfers
        self._window = window
        self.dialog: QFileDialog | ImportPreview | QMessageBox | None = None
        transfers.planned.connect(self._show_plan)
        transfers.done.connect(self._show_done)

    def ask_import(self) -> None:
        """Which file?"""
        dialog = QFileDialog(self._window(), translate("Import", "Import providers"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [
                translate("Import", "Dragoman, cc-switch, claude-code-router (*.json *.db)"),
                translate("Import", "All files (*)"),
            ]
        )
        home = Path.home()
        dialog.setDirectory(str(next((home / name for name in KNOWN_PLACES if (home / name).is_dir()), home)))
        dialog.fileSelected.connect(self._transfers.look)
        self._open(dialog)

    def ask_export(self) -> None:
        """To which file?"""
        dialog = QFileDialog(self._window(), translate("Import", "Export providers without their keys"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.selectFile(EXPORT_NAME)
        dialog.fileSelected.connect(self._transfers.export)
        self._open(dialog)

    def close(self) -> None:
        """Give up whatever is asked."""
        if self.dialog is not None:
            self.dialog.reject()

    def _show_plan(self, plan: ImportPlan) -> None:
        if plan.words:
            self._tell(plan.words)
            return
        if not plan.lines:
            self._tell("\n".join([translate("Import", "There is nothing to import in this file."), *plan.problems]))
            return
        preview = ImportPreview(plan, self._window())
        preview.wanted.connect(self._transfers.take)
        preview.rejected.connect(self._transfers.give_up)
        self._open(preview)

    def _show_done(self, done: TransferDone) -> None:
        if done.words:
            self._tell(done.words)
        elif done.path:
            words = translate("Import", "%1 providers exported to %2. Keys are not in the file.")
            lines = [words.replace("%1", str(done.number)).replace("%2", done.path)]
            if done.left_out:
                lines.append(
                    translate("Import", "Left out because they may be secret:") + "\n" + "\n".join(done.left_out)
                )
            self._tell("\n\n".join(lines))

    def _tell(self, words: str) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, translate("Import", "Providers"), words, parent=self._window())
        box.addButton(QMessageBox.StandardButton.Ok)
        self._open(box)

    def _open(self, dialog: QFileDialog | ImportPreview | QMessageBox) -> None:
        self.close()  # the one before, if it is still there
        self.dialog = dialog
        dialog.finished.connect(lambda _: self._forget(dialog))
        dialog.open()

    def _forget(self, dialog: QFileDialog | ImportPreview | QMessageBox) -> None:
        if self.dialog is dialog:
            self.dialog = None
        dialog.deleteLater()
