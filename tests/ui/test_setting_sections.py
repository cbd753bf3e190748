"""The cards of the Settings page."""

from __future__ import annotations

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from helpers.ui_values import app_state
from tray_app.profiles.settings import Settings
from tray_app.state import AppState, SettingResult, TokenStatus
from tray_app.ui.setting_sections import (
    HIDDEN_TOKEN,
    AppearanceSection,
    EndpointSection,
    NotificationsSection,
    PrivacySection,
    Section,
    StartSection,
    TokenSection,
    UsageSection,
)

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
SECTIONS = (
    EndpointSection,
    TokenSection,
    StartSection,
    NotificationsSection,
    UsageSection,
    AppearanceSection,
    PrivacySection,
)


def state_with(**settings: object) -> AppState:
    """A state with these settings."""
    return app_state(token=TokenStatus.STORED, settings=msgspec.structs.replace(Settings(), **settings))


def test_every_setting_has_a_place(qtbot: QtBot) -> None:
    """And one only."""
    made = [kind() for kind in SECTIONS]
    for section in made:
        qtbot.addWidget(section)
    names = [name for section in made for name in section.fields]
    assert sorted(names) == sorted(Settings.__struct_fields__)


def test_a_section_shows_what_is_set_and_says_what_is_wanted(qtbot: QtBot) -> None:
    """By the setting's name."""
    section = AppearanceSection()
    qtbot.addWidget(section)
    section.render_state(state_with(language="zh_CN", theme="dark"))
    assert section.fields["language"].list.currentText() == "简体中文"
    with qtbot.waitSignal(section.changed) as caught:
        section.fields["theme"].changed.emit("theme", "light")
    assert caught.args == ["theme", "light"]


def test_an_answer_goes_to_its_field(qtbot: QtBot) -> None:
    """The others stay as they are."""
    section = EndpointSection()
    qtbot.addWidget(section)
    section.show_result(SettingResult("host", "open"))
    assert section.fields["host"]._problem.text()
    assert not section.fields["port"]._problem.text()
    section.show_result(SettingResult("theme", "invalid"))


@pytest.mark.parametrize(
    ("host", "warned"), [("127.0.0.1", False), ("::1", False), ("0.0.0.0", True), ("10.0.0.2", True)]
)
def test_an_open_address_is_warned_of_for_as_long_as_it_is_open(qtbot: QtBot, host: str, warned: bool) -> None:
    """In red, beside it."""
    section = EndpointSection()
    qtbot.addWidget(section)
    section.render_state(state_with(host=host))
    assert section.exposed.isHidden() is not warned
    assert section.exposed.objectName() == "problem"


def test_the_token_is_shown_to_who_asks_and_hidden_again(qtbot: QtBot) -> None:
    """Until then it is not in the widget at all."""
    section = TokenSection()
    qtbot.addWidget(section)
    section.revealRequested.connect(lambda: section.show_token("the-token"))
    section.render_state(state_with())
    assert (section.line.text(), section.reveal.text()) == (HIDDEN_TOKEN, "&Show")
    section.reveal.click()
    assert (section.line.text(), section.reveal.text()) == ("the-token", "&Hide")
    section.reveal.click()
    assert section.line.text() == HIDDEN_TOKEN
    section.reveal.click()
    section.cover()
    assert section.line.text() == HIDDEN_TOKEN


@pytest.mark.parametrize("status", list(TokenStatus))
def test_where_the_token_is_kept_is_said(qtbot: QtBot, status: TokenStatus) -> None:
    """Where there is none, there is nothing to show."""
    section = TokenSection()
    qtbot.addWidget(section)
    section.render_state(app_state(token=status))
    there = status in {TokenStatus.STORED, TokenStatus.SESSION}
    assert [w.isEnabled() for w in (section.line, section.reveal, section.copy, section.renew)] == [there] * 4
    assert bool(section._where.text()) is (status is not TokenStatus.UNKNOWN)


def test_autostart_is_what_the_system_says(qtbot: QtBot) -> None:
    """Not what the file remembers."""
    section = StartSection()
    qtbot.addWidget(section)
    section.render_state(app_state(autostart=True, settings=Settings(autostart=False)))
    assert section.fields["autostart"].box.isChecked()


def test_a_section_is_a_card_with_a_title(qtbot: QtBot) -> None:
    """So that the style sheet finds it."""
    section = Section("Title")
    qtbot.addWidget(section)
    assert section.objectName() == "card"
