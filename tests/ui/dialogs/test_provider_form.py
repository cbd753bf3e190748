"""The form of the provider editor."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tray_app.editing import FieldProblem, PresetChoice, ProfileDraft
from tray_app.profiles.model import ApiKind
from tray_app.state import KeyKind
from tray_app.ui.dialogs.provider_form import ProviderForm

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
FIRST = ProfileDraft(
    preset="first", name="First", base_url="https://first.example/v1", default_model="m", color="#111111"
)
LOCAL = ProfileDraft(preset="local", name="Local", base_url="http://127.0.0.1:1234/v1", key_kind=KeyKind.NONE)
PRESETS = (
    PresetChoice(id="first", name="First", draft=FIRST, key_page="https://first.example/keys"),
    PresetChoice(id="local", name="Local", draft=LOCAL),
)
OLD = replace(FIRST, id="old", api=ApiKind.ANTHROPIC, key_kind=KeyKind.ENVIRONMENT, key_source="MY_KEY", notes="mine")


def form(qtbot: QtBot, draft: ProfileDraft | None = None) -> ProviderForm:
    """A form on the screen."""
    made = ProviderForm(draft, PRESETS)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_new_provider_starts_from_the_first_preset(qtbot: QtBot) -> None:
    """Another one refills the fields, and shows what it needs."""
    made = form(qtbot)
    assert made.draft() == FIRST
    assert (made.key.isVisible(), made._key_page.isVisible()) == (True, True)
    made.preset.setCurrentIndex(1)
    made.preset.activated.emit(1)
    assert made.draft() == LOCAL
    assert (made.key.isVisible(), made._key_page.isVisible()) == (False, False)


@pytest.mark.parametrize(
    "draft", [OLD, replace(OLD, outbound_proxy="direct"), replace(OLD, outbound_proxy="socks5://x:1")]
)
def test_an_old_provider_comes_back_as_it_was(qtbot: QtBot, draft: ProfileDraft) -> None:
    """Nothing is lost in the form, shown or not."""
    assert form(qtbot, draft).draft() == draft


def test_only_the_fields_of_the_chosen_source_are_shown(qtbot: QtBot) -> None:
    """A key, a name or command, or nothing."""
    made = form(qtbot, OLD)
    shown = {}
    for kind in KeyKind:
        made.key_kind.setCurrentIndex(made.key_kind.findData(kind.value))
        shown[kind] = (made.key.isVisible(), made.line("key_source").isVisible())
        assert made.draft().key_kind is kind
    assert shown == {
        KeyKind.KEYRING: (True, False),
        KeyKind.ENVIRONMENT: (False, True),
        KeyKind.COMMAND: (False, True),
        KeyKind.NONE: (False, False),
    }


def test_a_stored_key_is_never_shown(qtbot: QtBot) -> None:
    """Only that there is one; the field is a password field either way."""
    made = form(qtbot, replace(OLD, key_kind=KeyKind.KEYRING))
    assert made.key.text() == ""
    assert "keep" in made.key.placeholderText()
    assert made.key.echoMode() is QLineEdit.EchoMode.Password
    assert "Paste" in form(qtbot).key.placeholderText()


def test_the_secret_is_trimmed_and_given_only_where_it_belongs(qtbot: QtBot) -> None:
    """Copying brings blanks along; another source needs no key."""
    made = form(qtbot)
    made.key.setText("  sk-1 \n")
    assert made.secret() == "sk-1"
    made.key_kind.setCurrentIndex(made.key_kind.findData(KeyKind.NONE.value))
    assert made.secret() == ""
    made.wipe_secret()
    assert made.key.text() == ""


def test_problems_stand_beside_their_fields(qtbot: QtBot) -> None:
    """The first gets the cursor; those of fields that are not shown stand below; none clears them."""
    made = form(qtbot)
    made.show_problems((FieldProblem("base_url", "empty"), FieldProblem("headers", "invalid", "is given twice")))
    assert made._fields["base_url"]._problem.text() == "Needed"
    assert not made._fields["name"]._problem.isVisible()
    assert made._rest._problem.text() == "headers: is given twice"
    assert made.focusWidget() is made.line("base_url")
    made.show_problems(())
    assert not made._fields["base_url"]._problem.isVisible()
    assert not made._rest._problem.isVisible()


def test_every_change_is_told(qtbot: QtBot) -> None:
    """Typing and choosing alike."""
    made = form(qtbot)
    with qtbot.waitSignal(made.changed):
        qtbot.keyClicks(made.line("name"), "x")
    with qtbot.waitSignal(made.changed):
        made.api.setCurrentIndex(1)
    with qtbot.waitSignal(made.changed):
        made.network.setEditText("http://127.0.0.1:7890")
    assert made.draft().outbound_proxy == "http://127.0.0.1:7890"


def test_fields_are_reached_by_their_labels_letter(qtbot: QtBot) -> None:
    """Alt and the underlined letter, for who uses no mouse."""
    made = form(qtbot)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    for letter, widget in (
        (Qt.Key.Key_K, made.key),
        (Qt.Key.Key_B, made.line("base_url")),
        (Qt.Key.Key_C, made.network),
    ):
        qtbot.keyClick(made, letter, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda widget=widget: made.focusWidget() is widget)


def test_tab_reaches_every_field(qtbot: QtBot) -> None:
    """In the order in which they stand; a field must not hand its own focus policy to what is typed into."""
    made = form(qtbot)
    made.line("name").setFocus()
    visited = [made.focusWidget()]
    while visited[-1] is not made.network and len(visited) < 20:
        qtbot.keyClick(visited[-1], Qt.Key.Key_Tab)
        visited.append(made.focusWidget())
    wanted = (made.line("base_url"), made.api, made.key, made.line("haiku"), made.network)
    assert [widget for widget in wanted if widget not in visited] == []
