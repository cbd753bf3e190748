"""What a person does with the program all day, with a real mouse, keyboard, clipboard, keyring and tray host."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

from helpers.desktop import Desktop
from helpers.fake_upstream import HELLO, answers, streams
from helpers.tray_program import (
    IDLE,
    STOPPED,
    TROUBLE,
    TrayProgram,
    active_window,
    local_profile,
    quit_by_menu,
    upstream,
)
from helpers.waiting import until
from tray_app.ui.models.request_log import RowState
from tray_app.ui.models.requests import STATE_COLORS

MakeDesktop = Callable[..., Desktop]
KEY = "sk-made-up-0123456789abcdef"
WORDS = "Your key has been revoked on Tuesday"
CLAUDE = '{\n  "model": "opus"\n}\n'


def open_window(desktop: Desktop, dragoman: TrayProgram) -> None:
    """From the tray; it has the keyboard."""
    dragoman.item().choose("Open Dragoman")
    until(lambda: "Dragoman" in active_window(desktop), "the window to have the keyboard")


def test_a_provider_is_chosen_with_the_mouse(make_desktop: MakeDesktop) -> None:
    """On an XEmbed tray: the icon is on the screen, a click opens the menu, another one switches."""
    with upstream(streams(*HELLO)) as url:
        desktop = make_desktop(tray="xembed")
        profiles = (local_profile("alpha", url, "#ab12cd"), local_profile("beta", url, "#12cdab"))
        dragoman = TrayProgram(desktop, profiles=profiles)
        program = dragoman.start()
        icon = desktop.wait_for_color(IDLE)
        desktop.click(icon.center, button=3)
        desktop.click(desktop.wait_for_color("#12cdab", at_least=12).center)
        until(lambda: '"beta"' in (dragoman.config / "profiles.json").read_text(), "the switch to be remembered")
        until(lambda: '"active":"beta"' in _active(dragoman), "the active provider in the file")
        program.signal(signal.SIGTERM)
        assert program.wait() == 0


def _active(dragoman: TrayProgram) -> str:
    return (dragoman.config / "profiles.json").read_text().replace(" ", "")


def test_switching_by_the_menu_sends_the_next_request_elsewhere(make_desktop: MakeDesktop) -> None:
    """The radio mark follows, and so does the answer."""
    with upstream(streams(*HELLO)) as hello, upstream(answers(503, {"error": {"message": "closed"}})) as closed:
        desktop = make_desktop(tray="sni")
        dragoman = TrayProgram(desktop, profiles=(local_profile("alpha", closed), local_profile("beta", hello)))
        program = dragoman.start("--minimized")
        item = dragoman.item()
        token = dragoman.token(item)
        assert dragoman.ask(token)[0] == 503
        assert item.menu().child("Alpha").checked is True
        item.choose("Beta")
        until(lambda: "Beta" in item.tooltip(), "Beta in the tooltip")  # the click moves the marks before the switch
        marks = ("Alpha", "Beta")
        until(lambda: [item.menu().child(name).checked for name in marks] == [False, True], "the mark at Beta alone")
        status, answer = dragoman.ask(token)
        assert (status, answer["content"][0]["text"]) == (200, "Hello")
        quit_by_menu(item, program)


def test_an_error_is_shown_in_the_providers_words(make_desktop: MakeDesktop) -> None:
    """On the icon, in one notification however often it happens, in the menu, and in the window."""
    with upstream(answers(401, {"error": {"message": WORDS}})) as url:
        desktop = make_desktop(tray="sni")
        daemon = desktop.start_notifications()
        dragoman = TrayProgram(desktop, profiles=(local_profile("alpha", url),))
        program = dragoman.start()
        item = dragoman.item()
        token = dragoman.token(item)
        for _ in range(3):
            assert dragoman.ask(token)[0] == 401
        until(lambda: TROUBLE in item.icon_colors(), "the icon to show trouble")
        # Or the third error would be news after the second was looked at.
        until(lambda: any(": 3 requests" in label for label in item.menu().labels()), "all of them to be counted")
        assert WORDS in daemon.wait_for_notification().text
        until(lambda: "Last error: Key rejected (401) · Alpha" in item.menu().labels(), "the error in the menu")
        item.choose("Last error: Key rejected (401) · Alpha")
        desktop.wait_for_window("^Dragoman$")
        desktop.wait_for_color(STATE_COLORS[RowState.FAILED])
        until(lambda: IDLE in item.icon_colors(), "the icon to calm down once the error was seen")
        assert [notification.title for notification in daemon.shown] == ["Alpha rejected the key"]
        quit_by_menu(item, program)


def test_a_key_goes_into_the_keyring_and_nowhere_else(make_desktop: MakeDesktop) -> None:
    """Typed into the editor by keyboard alone, it is in the Secret Service, and in no file."""
    desktop = make_desktop(tray="sni", keyring=True)
    dragoman = TrayProgram(desktop)
    program = dragoman.start()
    item = dragoman.item()
    item.choose("Open Dragoman")
    until(lambda: "Dragoman" in active_window(desktop), "the window to have the keyboard")
    desktop.key("ctrl+3")
    desktop.key("alt+a")
    until(lambda: "Add a provider" in active_window(desktop), "the editor to have the keyboard")
    desktop.key("alt+k")
    desktop.type(KEY)
    desktop.key("Return")
    until(lambda: "OpenAI" in item.menu().labels(), "the new provider in the menu")
    assert stored_key(desktop, "openai") == KEY
    quit_by_menu(item, program)
    files = [path for path in desktop.home.rglob("*") if path.is_file() and ".local/share/keyrings" not in str(path)]
    assert dragoman.config / "profiles.json" in files
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []
    assert KEY not in program.output


def stored_key(desktop: Desktop, name: str) -> str:
    """What the Secret Service holds, asked from another process."""
    command = "import keyring, sys; print(keyring.get_password('dragoman', sys.argv[1]) or '')"
    return desktop.run(sys.executable, "-c", command, name).strip()


def test_the_endpoint_is_copied_and_the_proxy_stopped_and_started(make_desktop: MakeDesktop) -> None:
    """By menu and by the middle button; the icon tells the difference."""
    desktop = make_desktop(tray="sni")
    dragoman = TrayProgram(desktop)
    program = dragoman.start()
    item = dragoman.item()
    endpoint = f"http://127.0.0.1:{dragoman.port}"
    item.choose("Copy endpoint")
    until(lambda: desktop.clipboard() == endpoint, "the endpoint in the clipboard")
    item.choose("Copy setup", "fish")
    until(lambda: dragoman.pasted("set -gx") or dragoman.pasted("set -x"), "the setup for fish")
    item.middle_click()
    until(lambda: desktop.clipboard() == endpoint, "the endpoint again")
    item.choose("Stop proxy")
    until(lambda: "Start proxy" in item.menu().labels(), "the proxy to stop")
    assert STOPPED in item.icon_colors()
    item.choose("Start proxy")
    until(lambda: "Stop proxy" in item.menu().labels(), "the proxy to start")
    item.choose("Start on login")
    entry = desktop.home / ".config/autostart/dragoman.desktop"
    until(entry.exists, "the autostart entry")
    until(lambda: item.menu().child("Start on login").checked, "the mark at Start on login")
    quit_by_menu(item, program)


def test_a_request_is_looked_at_by_keyboard(make_desktop: MakeDesktop) -> None:
    """Its page, its row, its details: never a hand on the mouse."""
    desktop = make_desktop(tray="sni")
    dragoman = TrayProgram(desktop)
    program = dragoman.start()
    item = dragoman.item()
    assert dragoman.ask(dragoman.token(item))[0] == 200
    open_window(desktop, dragoman)
    desktop.key("ctrl+2")
    desktop.wait_for_color(STATE_COLORS[RowState.DONE])
    desktop.key("ctrl+q")
    assert program.wait() == 0


def test_a_closed_window_comes_back_where_it_stood(make_desktop: MakeDesktop) -> None:
    """Although what is on the screen then is another window, which the window manager would put somewhere else."""
    desktop = make_desktop(tray="sni")
    dragoman = TrayProgram(desktop)
    program = dragoman.start()
    open_window(desktop, dragoman)
    before = _place(desktop)
    desktop.run("xdotool", "search", "--onlyvisible", "--name", "Dragoman", "windowmove", "30", "20")
    moved = until(lambda: place if (place := _place(desktop)) != before else "", "the window to move")
    desktop.key("ctrl+w")
    until(lambda: not desktop.windows("Dragoman"), "the window to close")
    open_window(desktop, dragoman)
    assert _place(desktop) == moved
    desktop.key("ctrl+q")
    assert program.wait() == 0


def _place(desktop: Desktop) -> str:
    """Where the window is, and how large."""
    _, *place = desktop.run("xdotool", "getwindowgeometry", desktop.wait_for_window("Dragoman")).splitlines()
    return "".join(place)


def test_claude_code_is_connected_from_the_menu(make_desktop: MakeDesktop) -> None:
    """After a look at what that changes, confirmed by keyboard; taken back without a trace."""
    desktop = make_desktop(tray="sni")
    settings = desktop.home / ".claude" / "settings.json"
    settings.parent.mkdir()
    settings.write_text(CLAUDE)
    dragoman = TrayProgram(desktop)
    program = dragoman.start()
    item = dragoman.item()
    assert item.menu().child("Connect Claude Code").checked is False
    item.choose("Connect Claude Code")
    until(lambda: "Connect Claude Code" in active_window(desktop), "the question to have the keyboard")
    assert settings.read_text() == CLAUDE
    desktop.key("Return")
    until(lambda: item.menu().child("Connect Claude Code").checked, "the mark at Connect Claude Code")
    assert f'"ANTHROPIC_BASE_URL": "http://127.0.0.1:{dragoman.port}"' in settings.read_text()
    assert settings.stat().st_mode & 0o077 == 0
    item.choose("Connect Claude Code")
    until(lambda: not item.menu().child("Connect Claude Code").checked, "the mark to go")
    assert settings.read_text() == CLAUDE
    assert [path.name for path in settings.parent.iterdir()] == ["settings.json"]
    quit_by_menu(item, program)


def test_a_click_on_a_notification_opens_its_request(make_desktop: MakeDesktop) -> None:
    """Once it is looked at the icon calms down."""
    with upstream(answers(401, {"error": {"message": WORDS}})) as url:
        desktop = make_desktop(tray="sni")
        daemon = desktop.start_notifications()
        dragoman = TrayProgram(desktop, profiles=(local_profile("alpha", url),))
        program = dragoman.start()
        item = dragoman.item()
        assert dragoman.ask(dragoman.token(item))[0] == 401
        until(lambda: TROUBLE in item.icon_colors(), "the icon to show trouble")
        daemon.click(daemon.wait_for_notification())
        until(lambda: IDLE in item.icon_colors(), "the icon to calm down once the error was seen")
        desktop.wait_for_window("^Dragoman$")
        quit_by_menu(item, program)
