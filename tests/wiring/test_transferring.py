"""Files are asked for and looked at; the program never waits for a dialog."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from helpers.app_services import DRAFT, KEY
from helpers.signals import Listener
from helpers.wired import Wired
from tray_app.editing import ImportPlan, TransferDone
from tray_app.ui.dialogs.import_preview import ImportPreview

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")
ROUTER = {"Providers": [{"name": "one", "api_base_url": "https://one.example/v1", "api_key": "sk-foreign"}]}


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)


async def test_an_import_goes_from_the_page_to_the_list(wired: Wired, tmp_path: Path) -> None:
    """File, preview, provider; its key is in the keyring."""
    path = tmp_path / ".claude-code-router" / "config.json"
    path.parent.mkdir()
    path.write_text(json.dumps(ROUTER))
    wired.wiring.open_window()
    transferring, transfers = wired.wiring._transferring, wired.parts.controller.transfers
    plans, dones = Listener(transfers.planned), Listener(transfers.done)
    wired.window.providers.importRequested.emit()
    assert isinstance(transferring.dialog, QFileDialog)
    assert transferring.dialog.directory().absolutePath() == str(path.parent)
    transferring.dialog.fileSelected.emit(str(path))
    await plans.until()
    preview = transferring.dialog
    assert isinstance(preview, ImportPreview)
    preview.take.click()
    assert (await dones.until()).number == 1
    assert wired.parts.controller.state.providers[1].name == "one"
    assert await wired.parts.secrets.get("one") == "sk-foreign"


async def test_an_import_that_is_given_up_forgets_the_keys(wired: Wired, tmp_path: Path) -> None:
    """Nothing is taken over."""
    path = tmp_path / "config.json"
    path.write_text(json.dumps(ROUTER))
    transfers = wired.parts.controller.transfers
    plans = Listener(transfers.planned)
    transfers.look(str(path))
    await plans.until()
    assert transfers._secrets
    preview = wired.wiring._transferring.dialog
    assert isinstance(preview, ImportPreview)
    preview.reject()
    assert (transfers._secrets, transfers._entries) == ({}, ())


async def test_an_export_says_that_keys_are_not_in_it(wired: Wired, tmp_path: Path) -> None:
    """And where it is."""
    await wired.parts.library.save(DRAFT, KEY)
    wired.wiring.open_window()
    transferring, dones = wired.wiring._transferring, Listener(wired.parts.controller.transfers.done)
    wired.window.providers.exportRequested.emit()
    assert isinstance(transferring.dialog, QFileDialog)
    transferring.dialog.fileSelected.emit(str(tmp_path / "out.json"))
    await dones.until()
    box = transferring.dialog
    assert isinstance(box, QMessageBox)
    assert "Keys are not in the file" in box.text()
    assert KEY not in (tmp_path / "out.json").read_text()
    transferring.close()


async def test_whatever_goes_wrong_is_said(wired: Wired) -> None:
    """In a box that waits for nobody."""
    wired.wiring.open_window()
    transferring = wired.wiring._transferring
    for show, value, words in (
        (transferring._show_plan, ImportPlan(words="damaged"), "damaged"),
        (transferring._show_plan, ImportPlan(problems=("X: has no address",)), "X: has no address"),
        (transferring._show_done, TransferDone(words="the disk is full"), "the disk is full"),
        (transferring._show_done, TransferDone(path="p", number=1, left_out=("a: header X",)), "a: header X"),
    ):
        show(value)  # type: ignore[operator]
        assert isinstance(transferring.dialog, QMessageBox)
        assert words in transferring.dialog.text()
        transferring.close()
    assert transferring.dialog is None
