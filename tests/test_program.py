"""The application as a person meets it: icon, menu, window, keyring, clipboard and every way out, on a real desktop."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from helpers.desktop import App, Desktop
from helpers.fake_upstream import HELLO, FakeUpstream, Script, answers, streams
from helpers.tray_hosts import TrayItem
from helpers.tray_program import TrayProgram, local_profile
from helpers.waiting import until
from tray_app.ui.models.request_log import RowState
from tray_app.ui.models.requests import STATE_COLORS

MakeDesktop = Callable[..., Desktop]
IDLE, TROUBLE, STOPPED = "#2f6fe4", "#d92d20", "#6b7280"  # the fillings of the icons
KEY = "sk-made-up-0123456789abcdef"
WORDS = "Your key has been revoked on Tuesday"


@contextmanager
def upstream(script: Script) -> Iterator[str]:
    """A scripted provider on a thread of its own; yields its base URL."""
    ready, address, end = threading.Event(), [], asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with FakeUpstream(script) as fake:
            address.append(fake.url)
            ready.set()
            await end.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield address[0]
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join()
        loop.close()


def quit_by_menu(item: TrayItem, program: App) -> None:
    """The usual way out."""
    item.choose("Quit")
    assert program.wait() == 0


def test_the_first_start_shows_icon_and_window_and_answers(make_desktop: MakeDesktop) -> None:
    """Within seconds, without any account: a client gets an answer from the Demo, and the window lists it."""
    desktop = make_desktop(tray="sni", keyring=True)
    dragoman = TrayProgram(desktop, first_start=True)
    program = dragoman.start()
    item = dragoman.item()
    desktop.wait_for_window("^Dragoman$")
    assert item.menu().labels()[:3] == [f"Running on 127.0.0.1:{dragoman.port} · Demo", "Demo", "Stop proxy"]
    status, answer = dragoman.ask(dragoman.token(item))
    assert (status, answer["role"]) == (200, "assistant")
    until(lambda: any(": 1 request ·" in label for label in item.menu().labels()), "the request in the menu")
    desktop.wait_for_color(STATE_COLORS[RowState.DONE])
    assert IDLE in item.icon_colors()
    quit_by_menu(item, program)
    again = dragoman.start()
    item = dragoman.item()
    assert desktop.windows("^Dragoman$") == []
    quit_by_menu(item, again)


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
    desktop.key("ctrl+2")
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


def active_window(desktop: Desktop) -> str:
    """The title of the window that has the keyboard."""
    return desktop.run("xdotool", "getactivewindow", "getwindowname")


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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(make_desktop: MakeDesktop, number: int) -> None:
    """A stream that runs is told before the door closes, and the exit code is 0."""
    desktop = make_desktop(tray="sni")
    dragoman = TrayProgram(desktop)
    program = dragoman.start()
    dragoman.item()
    program.signal(number)
    assert program.wait() == 0
    assert "Traceback" not in program.output


def test_without_a_tray_the_window_opens_until_one_comes(make_desktop: MakeDesktop) -> None:
    """The app stays reachable, and a host that arrives late gets the icon."""
    desktop = make_desktop(tray="none")
    dragoman = TrayProgram(desktop)
    program = dragoman.start()
    desktop.wait_for_window("^Dragoman$")
    desktop.start_tray("sni")
    item = dragoman.item()
    item.choose("Open Dragoman")
    quit_by_menu(item, program)


def test_a_taken_port_is_said_and_not_worked_around(make_desktop: MakeDesktop) -> None:
    """The icon shows trouble, the menu offers to start again."""
    with upstream(streams(*HELLO)) as url:
        desktop = make_desktop(tray="sni")
        dragoman = TrayProgram(desktop)
        config = dragoman.config / "settings.json"
        taken = url.rpartition(":")[2].partition("/")[0]
        config.write_text(config.read_text().replace(str(dragoman.port), taken))
        program = dragoman.start()
        item = desktop.tray.wait_for_item()
        until(lambda: "Not running" in item.tooltip(), "the trouble in the tooltip")
        assert TROUBLE in item.icon_colors()
        assert "Start proxy" in item.menu().labels()
        quit_by_menu(item, program)
