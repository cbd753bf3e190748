"""The form of the provider editor: its tabs as one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from tray_app.editing import FieldProblem, ModelList, PresetChoice, ProfileDraft
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
OLD = ProfileDraft(
    id="old",
    preset="first",
    name="Old",
    color="#222222",
    api=ApiKind.ANTHROPIC,
    base_url="https://old.example",
    key_kind=KeyKind.COMMAND,
    key_source="pass show old",
    key_ttl_s="7",
    key_timeout_s="8",
    default_model="d",
    opus="o",
    sonnet="s",
    haiku="h",
    aliases=(("a", "b"), ("c-*", "d")),
    headers=(("X-Team", "7"),),
    outbound_proxy="socks5://x:1",
    connect_s="1",
    first_byte_s="2",
    idle_s="3",
    silence_s="4",
    connect_retries=0,
    status_retries=3,
    fallback=("other",),
    overrides="max_tools = 3\n",
    notes="mine",
)


def form(qtbot: QtBot, draft: ProfileDraft | None = None) -> ProviderForm:
    """A form on the screen."""
    made = ProviderForm(draft, PRESETS, (("other", "Other"),))
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    return made


def test_a_new_provider_starts_from_the_first_preset(qtbot: QtBot) -> None:
    """Another one refills the fields, which is no change of the user's."""
    made = form(qtbot)
    assert made.draft() == FIRST
    made.basics.preset.setCurrentIndex(1)
    assert made.draft() == LOCAL
    assert not made.is_touched()


def test_an_old_provider_comes_back_as_it_was(qtbot: QtBot) -> None:
    """Every field of it, on whichever tab."""
    made = form(qtbot, OLD)
    assert made.draft() == OLD
    assert not made.is_touched()


def test_a_change_and_a_key_would_be_lost_by_closing(qtbot: QtBot) -> None:
    """A change that was taken back would not."""
    made = form(qtbot, OLD)
    made.line("name").setText("New")
    assert made.is_touched()
    made.line("name").setText("Old")
    assert not made.is_touched()
    new = form(qtbot)
    new.basics.keys.key.setText("sk-1")
    assert new.is_touched()
    assert new.secret() == "sk-1"
    new.wipe_secret()
    assert not new.is_touched()


def problem_of(made: ProviderForm, name: str) -> str:
    """What stands beside a field."""
    tab = next(tab for tab, _ in made._tabs if name in tab.fields)
    return tab.fields[name]._problem.text()


def test_problems_stand_beside_their_fields(qtbot: QtBot) -> None:
    """The first gets the cursor; what has no field stands below; none clears them."""
    made = form(qtbot)
    made.show_problems((FieldProblem("base_url", "empty"), FieldProblem("file", "invalid", "the disk is full")))
    assert problem_of(made, "base_url") == "Needed"
    assert problem_of(made, "name") == ""
    assert made._rest.text() == "the disk is full"
    assert made.focusWidget() is made.basics.address
    made.show_problems(())
    assert problem_of(made, "base_url") == ""
    assert not made._rest.isVisible()


def test_a_problem_on_another_tab_brings_it_forward(qtbot: QtBot) -> None:
    """Every tab with a problem is marked, until it is gone."""
    made = form(qtbot, OLD)
    made.show_problems((FieldProblem("overrides", "toml", "x"), FieldProblem("idle_s", "number")))
    titles = [made.tabs.tabText(number) for number in range(4)]
    assert [title.endswith("⚠") for title in titles] == [False, False, True, True]
    assert made.tabs.currentWidget() is made.connection
    assert made.focusWidget() is made.line("idle_s")
    made.show_problems(())
    assert not any(made.tabs.tabText(number).endswith("⚠") for number in range(4))


def test_every_change_is_told(qtbot: QtBot) -> None:
    """On whichever tab; and a wish for models goes out, a list comes in."""
    made = form(qtbot)
    with qtbot.waitSignal(made.changed):
        qtbot.keyClicks(made.line("name"), "x")
    with qtbot.waitSignal(made.changed):
        made.expert.notes.setPlainText("x")
    with qtbot.waitSignal(made.listRequested):
        made.basics.models.fetch.click()
    made.show_models(ModelList(models=("a",)))
    assert made.basics.models.boxes["opus"].count() == 1


def test_fields_are_reached_by_their_labels_letter(qtbot: QtBot) -> None:
    """Alt and the underlined letter, for who uses no mouse."""
    made = form(qtbot)
    qtbot.waitUntil(made.isActiveWindow)
    wanted: tuple[tuple[Qt.Key, QLineEdit | QComboBox], ...] = (
        (Qt.Key.Key_K, made.basics.keys.key),
        (Qt.Key.Key_B, made.basics.address),
        (Qt.Key.Key_N, made.line("name")),
        (Qt.Key.Key_O, made.basics.models.boxes["opus"]),
    )
    for letter, widget in wanted:
        qtbot.keyClick(made, letter, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda widget=widget: made.focusWidget() is widget)


def test_tab_reaches_every_field(qtbot: QtBot) -> None:
    """In the order in which they stand; a field must not hand its own focus policy to what is typed into."""
    made = form(qtbot)
    made.line("name").setFocus()
    visited = [made.focusWidget()]
    last = made.basics.models.boxes["haiku"]
    while visited[-1] is not last and len(visited) < 20:
        qtbot.keyClick(visited[-1], Qt.Key.Key_Tab)
        visited.append(made.focusWidget())
    basics = made.basics
    wanted = (
        basics.color,
        basics.address,
        basics.api,
        basics.keys.kind,
        basics.keys.key,
        basics.models.boxes["opus"],
        last,
    )
    assert [widget for widget in wanted if widget not in visited] == []
