"""What a file would bring, before anything is imported."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tray_app.editing import Arrival, ArrivingKey, ImportLine, ImportPlan
from tray_app.ui.dialogs import import_preview
from tray_app.ui.dialogs.import_preview import ImportPreview

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
ADDED = ImportLine(id="a", name="A", address="https://a.example", arrival=Arrival.ADDED, key=ArrivingKey.INCLUDED)
SAME = ImportLine(
    id="b", name="B", address="https://b.example", arrival=Arrival.SAME, key=ArrivingKey.HERE, wanted=False
)
COMMAND = ImportLine(
    id="c",
    name="C",
    address="https://c.example",
    arrival=Arrival.CONFLICT,
    key=ArrivingKey.COMMAND,
    key_source="rm -rf /",
    wanted=False,
)
PLAN = ImportPlan(program="cc-switch", lines=(ADDED, SAME, COMMAND), problems=("X: has no address",))


@pytest.fixture
def preview(qtbot: QtBot) -> ImportPreview:
    """On the screen."""
    made = ImportPreview(PLAN)
    qtbot.addWidget(made)
    made.open()
    return made


def test_everything_is_shown_before_it_happens(preview: ImportPreview) -> None:
    """Where it comes from, where keys go, which command would run, what is left out."""
    words = "\n".join(label.text() for label in preview.findChildren(QLabel))
    assert "From cc-switch" in words
    assert "X: has no address" in words
    item = preview.list.topLevelItem(2)
    assert item is not None
    assert (item.text(2), item.text(3)) == ("Runs a command: rm -rf /", "Added under another name")


def test_only_what_is_ticked_is_wanted(preview: ImportPreview, qtbot: QtBot) -> None:
    """The proposal can be changed; what is here already cannot be ticked; nothing ticked, nothing to import."""
    with qtbot.waitSignal(preview.wanted) as caught:
        qtbot.mouseClick(preview.take, Qt.MouseButton.LeftButton)
    assert caught.args == [frozenset({"a"})]
    first, second = preview.list.topLevelItem(0), preview.list.topLevelItem(1)
    assert first is not None
    assert second is not None
    assert not second.flags() & Qt.ItemFlag.ItemIsUserCheckable
    first.setCheckState(0, Qt.CheckState.Unchecked)
    assert not preview.take.isEnabled()


@pytest.mark.parametrize("arrival", list(Arrival))
@pytest.mark.parametrize("key", list(ArrivingKey))
def test_every_case_has_words(arrival: Arrival, key: ArrivingKey) -> None:
    """A problem stands in their place."""
    line = ImportLine(id="a", name="A", address="", arrival=arrival, key=key, key_source="K")
    assert import_preview.arrival(line)
    assert "%1" not in import_preview.key(line)
    assert "without keys" in import_preview.introduction(ImportPlan())
