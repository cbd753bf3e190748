"""The list of providers."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from helpers.ui_values import DEMO, NOON, ONE, TWO, app_state
from tray_app.state import Health, HealthKind, KeyKind, Provider
from tray_app.ui.models.providers import (
    ACTIVE_ROLE,
    HEALTH_ROLE,
    PROVIDER_ROLE,
    SUBTITLE_ROLE,
    ProviderDelegate,
    ProvidersModel,
    facts,
)

WORKS = Health(kind=HealthKind.OK, since=NOON)
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def test_the_model_shows_a_state(qtbot: QtBot) -> None:
    """Names, hosts, and which one is active."""
    model = ProvidersModel()
    tester = QAbstractItemModelTester(model, FATAL)
    model.render_state(app_state(health={"one": WORKS}))
    rows = [model.index(row) for row in range(model.rowCount())]
    assert [index.data() for index in rows] == ["Demo", "One & Only", "Two"]
    assert [index.data(ACTIVE_ROLE) for index in rows] == [False, True, False]
    assert rows[0].data(SUBTITLE_ROLE) == "Built in, needs no account"
    assert rows[1].data(SUBTITLE_ROLE) == "one.example · OpenAI Chat"
    assert rows[1].data(PROVIDER_ROLE) == ONE
    assert rows[1].data(Qt.ItemDataRole.AccessibleTextRole) == "One & Only, Active, Works"
    assert rows[2].data(Qt.ItemDataRole.AccessibleTextRole) == "Two, Not tested yet"
    assert rows[1].data(HEALTH_ROLE) == WORKS
    assert rows[1].data(Qt.ItemDataRole.ToolTipRole).startswith("Answers since")
    assert rows[0].data(Qt.ItemDataRole.FontRole) is None
    assert model.data(QModelIndex(), Qt.ItemDataRole.DisplayRole) is None
    tester.deleteLater()


def test_a_switch_changes_rows_and_a_new_list_resets(qtbot: QtBot) -> None:
    """So a switch keeps the selection; and the same state says nothing at all."""
    model = ProvidersModel()
    model.render_state(app_state())
    seen: list[str] = []
    model.dataChanged.connect(lambda *_: seen.append("changed"))
    model.modelReset.connect(lambda: seen.append("reset"))
    model.render_state(app_state(running=3))
    model.render_state(app_state(active_id="two"))
    model.render_state(app_state(active_id="two", health={"two": WORKS}))
    model.render_state(app_state(providers=(DEMO, TWO), active_id="two"))
    assert seen == ["changed", "changed", "reset"]
    assert (model.row_of("two"), model.row_of("one")) == (1, None)


def test_a_provider_is_moved_among_the_users_own(qtbot: QtBot) -> None:
    """By dragging or by key; the Demo neither moves nor gives way, and nothing moves to where it is."""
    model = ProvidersModel()
    tester = QAbstractItemModelTester(model, FATAL)
    model.render_state(app_state())
    root, told = QModelIndex(), []
    model.moved.connect(lambda provider_id, place: told.append((provider_id, place)))
    for row, before in ((0, 3), (2, 0), (1, 1), (1, 2), (5, 1), (1, 9)):
        assert model.moveRow(root, row, root, before) is False
    assert model.moveRows(root, 1, 2, root, 3) is False
    assert model.moveRow(model.index(0), 1, root, 3) is False
    assert model.moveRow(root, 2, root, 1) is True
    assert model.moveRow(root, 1, root, 3) is True
    assert told == [("two", 0), ("two", 1)]
    assert [model.index(row).data() for row in range(3)] == ["Demo", "One & Only", "Two"]
    drag, drop = Qt.ItemFlag.ItemIsDragEnabled, Qt.ItemFlag.ItemIsDropEnabled
    assert [bool(model.flags(model.index(row)) & drag) for row in range(3)] == [False, True, True]
    assert (model.flags(root), model.supportedDropActions()) == (drop, Qt.DropAction.MoveAction)
    tester.deleteLater()


def test_facts_leave_out_what_is_empty(qtbot: QtBot) -> None:
    """Where it is, where its key comes from, and its models."""
    provider = Provider(
        id="x",
        name="X",
        color="#111111",
        kind=ONE.kind,
        base_url="https://x.example/v1",
        key_kind=KeyKind.COMMAND,
        models=(("default", "big"),),
    )
    assert facts(provider) == [
        ("Base URL", "https://x.example/v1"),
        ("Key", "from a command"),
        ("Default model", "big"),
    ]


def test_the_delegate_paints_every_kind_of_row(qtbot: QtBot) -> None:
    """Selected or not, active or not: something is drawn, and the two differ."""
    model, delegate = ProvidersModel(), ProviderDelegate()
    failing = Health(kind=HealthKind.FAILING, since=NOON, failures=1, words="401: bad key")
    model.render_state(app_state(health={"one": failing}))
    pictures = []
    for state in (QStyle.StateFlag.State_Enabled, QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_Selected):
        for row in range(2):
            option = QStyleOptionViewItem()
            option.state = state
            option.rect.setRect(0, 0, 300, delegate.sizeHint(option, model.index(row)).height())
            pixmap = QPixmap(300, 60)
            pixmap.fill(Qt.GlobalColor.white)
            painter = QPainter(pixmap)
            delegate.paint(painter, option, model.index(row))
            painter.end()
            pictures.append(bytes(pixmap.toImage().constBits()))
    assert len(set(pictures)) == 4
