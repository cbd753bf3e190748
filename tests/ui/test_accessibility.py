"""The whole window and every dialog for those who hear it and those who have no mouse: names, the way of Tab, the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QTabWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from helpers import accessible
from helpers.readings import reading
from helpers.ui_values import DEMO, app_state, failed, finished, last_error, started
from tray_app.control.provider_lines import preset_choices
from tray_app.editing import PriceDraft
from tray_app.history.prices import Price
from tray_app.profiles.presets import presets
from tray_app.state import ClientLink, ClientPreview, DiagnosticPart, Problem, ProblemKind
from tray_app.ui import language
from tray_app.ui.dialogs.connect_claude import ConnectClaude
from tray_app.ui.dialogs.diagnostics import DiagnosticsDialog
from tray_app.ui.dialogs.price_form import PriceForm
from tray_app.ui.dialogs.prices import PricesDialog
from tray_app.ui.dialogs.provider_editor import ProviderEditor
from tray_app.ui.main_window import MainWindow
from tray_app.ui.models.requests import RequestsModel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)")
OWN = Price(model="glm-*", since=date(2026, 1, 2), input=0.5, output=2.0)


@pytest.fixture(params=["en", "zh_CN"], autouse=True)
def _language(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[None]:
    language.use(request.param)
    yield
    language.use("en")


def problems(window: QWidget) -> dict[str, object]:
    """What a person without eyes or mouse would stumble over."""
    shared = {key: what for key, what in accessible.mnemonics(window).items() if len(what) > 1}
    found = {
        "no name": accessible.nameless(window),
        "not reached by Tab": accessible.unreachable(window),
        "one key for several things": shared,
    }
    return {what: where for what, where in found.items() if where}


def shown(widget: QWidget, qtbot: QtBot) -> None:
    """It is on the screen and has the keyboard."""
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)


def busy(qtbot: QtBot) -> MainWindow:
    """A window with a bit of everything."""
    requests = RequestsModel()
    window = MainWindow(requests)
    qtbot.addWidget(window)
    requests.feed((started("a"), failed("a"), started("b"), finished("b"), started("c")))
    problem = Problem(ProblemKind.NO_KEYRING, "locked")
    window.render_state(app_state(claude=ClientLink.CHANGED, last_error=last_error(), problems=(problem,)))
    window.overview.show_reading(reading())
    shown(window, qtbot)
    return window


def fresh(qtbot: QtBot) -> MainWindow:
    """The window of somebody who has just begun."""
    window = MainWindow(RequestsModel())
    qtbot.addWidget(window)
    window.render_state(app_state(providers=(DEMO,), active_id="demo"))
    shown(window, qtbot)
    return window


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("make", [busy, fresh])
def test_every_page(qtbot: QtBot, make: Callable[[QtBot], MainWindow], number: int) -> None:
    """All that can be acted on has a name, is reached by Tab, and no two things answer to one key."""
    window = make(qtbot)
    window.sidebar.setCurrentRow(number)
    window.sidebar.setFocus()
    assert len(accessible.interactive(window)) > 3
    assert problems(window) == {}


def test_the_details_of_a_request(qtbot: QtBot) -> None:
    """With an error, which has the most to say."""
    window = busy(qtbot)
    window.show_request("a")
    assert problems(window) == {}


def _prices() -> QDialog:
    dialog = PricesDialog()
    dialog.show_prices((OWN,), (OWN,), {})
    dialog.table.selectRow(0)
    return dialog


def _price_form() -> QDialog:
    return PriceForm(PriceDraft(number=2, model="glm-*", input="1", output="2", since="2026-01-01"), (("one", "One"),))


DIALOGS: dict[str, Callable[[], QDialog]] = {
    "editor": lambda: ProviderEditor(None, preset_choices(presets())),
    "connect": lambda: ConnectClaude(ClientPreview(path="x", changes=(("a", "b", "c"),), warnings=("apiKeyHelper",))),
    "prices": _prices,
    "price": _price_form,
    "diagnostics": lambda: DiagnosticsDialog((DiagnosticPart("system.txt", "Qt 6"),)),
}


@pytest.mark.parametrize("name", DIALOGS)
def test_every_dialog(qtbot: QtBot, name: str) -> None:
    """On each of its tabs."""
    dialog = DIALOGS[name]()
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    shown(dialog, qtbot)
    tabs = dialog.findChild(QTabWidget)
    for number in range(tabs.count() if tabs is not None else 1):
        if tabs is not None:
            tabs.setCurrentIndex(number)
        assert problems(dialog) == {}, number


def test_the_tree_tells_what_is_there(qtbot: QtBot) -> None:
    """Roles, names and states of everything, as a screen reader walks through it."""
    tree = accessible.tree(busy(qtbot))
    stop = {"en": "Stop proxy", "zh_CN": "停止代理"}[language.current()]
    assert f"Button {stop!r} focusable" in tree
    assert "ListItem" in tree
    assert len(tree.splitlines()) > 50


def test_the_check_finds_what_is_wrong(qtbot: QtBot) -> None:
    """A button without words, one that Tab passes by, and a key given twice."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    silent, hidden, twin = QPushButton(""), QPushButton("&One"), QPushButton("An&other")
    hidden.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    for button in (silent, hidden, twin):
        column.addWidget(button)
    shown(window, qtbot)
    assert accessible.nameless(window) == ["QPushButton '' in QWidget"]
    assert accessible.unreachable(window) == ["QPushButton 'One' in QWidget"]
    assert len(accessible.mnemonics(window)["o"]) == 2
