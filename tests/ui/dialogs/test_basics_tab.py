"""The first tab."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tray_app.editing import PresetChoice, ProfileDraft
from tray_app.profiles.model import ApiKind
from tray_app.state import KeyKind
from tray_app.ui.dialogs.basics_tab import BasicsTab

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "grabbing the keyboard")
FIRST = ProfileDraft(preset="azure", name="First", base_url="https://<resource>.example/v1", default_model="m")
LOCAL = ProfileDraft(preset="local", name="Local", base_url="http://127.0.0.1:1234/v1", key_kind=KeyKind.NONE)
PRESETS = (
    PresetChoice(id="azure", name="First", draft=FIRST, addresses=(("deployment", "https://other.example"),)),
    PresetChoice(id="local", name="Local", draft=LOCAL),
)


def tab(qtbot: QtBot, draft: ProfileDraft | None = None) -> BasicsTab:
    """On the screen."""
    made = BasicsTab(draft, PRESETS)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.show_draft(draft or FIRST)
    return made


def test_a_draft_goes_in_and_out(qtbot: QtBot) -> None:
    """With every field of this tab."""
    draft = replace(
        FIRST, color="#123456", api=ApiKind.ANTHROPIC, key_kind=KeyKind.COMMAND, key_source="a b", haiku="h"
    )
    assert tab(qtbot, draft).apply(replace(draft, name="x", color="#000000")) == draft


def test_the_presets_are_offered_for_a_new_provider_only(qtbot: QtBot) -> None:
    """Choosing one is told."""
    assert not tab(qtbot, replace(FIRST, id="one")).preset.isVisible()
    made = tab(qtbot)
    with qtbot.waitSignal(made.presetChosen) as caught:
        qtbot.keyClicks(made.preset, "Lo")
    assert caught.args == [PRESETS[1]]


def test_only_picking_with_the_mouse_leads_on(qtbot: QtBot) -> None:
    """Who walks through the presets with the keyboard is not thrown out of them."""
    made = tab(qtbot)
    qtbot.waitUntil(made.isActiveWindow)
    made.preset.setFocus()
    qtbot.keyClick(made.preset, Qt.Key.Key_Down)
    assert (made.preset.currentIndex(), made.focusWidget()) == (1, made.preset)
    with qtbot.waitSignal(made.preset.picked):
        qtbot.mouseClick(made.preset, Qt.MouseButton.LeftButton)
        view = made.preset.view()
        qtbot.waitUntil(view.isVisible)
        view.setCurrentIndex(made.preset.model().index(0, 0))
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert made.focusWidget() is made.address


def test_other_addresses_of_a_provider_are_offered(qtbot: QtBot) -> None:
    """What they are for is told; the hint of the preset stands below."""
    made = tab(qtbot)
    assert [made.address.itemText(n) for n in range(made.address.count())] == [FIRST.base_url, "https://other.example"]
    assert "resource" in made._hint.text()
    made.show_draft(LOCAL)
    assert (made.address.count(), made._hint.isVisible()) == (1, False)
    made.show_draft(replace(LOCAL, preset=""))
    assert (made.address.count(), made.address.currentText()) == (0, LOCAL.base_url)


def test_who_chose_a_preset_goes_on_where_something_is_missing(qtbot: QtBot) -> None:
    """The gap in the address, or the key; a local server wants neither."""
    made = tab(qtbot)
    made.focus_next_step()
    assert made.focusWidget() is made.address
    made.show_draft(replace(FIRST, base_url="https://one.example"))
    made.focus_next_step()
    assert made.focusWidget() is made.keys.key
    made.show_draft(LOCAL)
    made.line("name").setFocus()
    made.focus_next_step()
    assert made.focusWidget() is made.line("name")
    assert made.line("opus") is made.models.line("opus")
