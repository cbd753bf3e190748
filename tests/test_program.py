"""The program from the first icon to the last goodbye, on a real desktop: how it starts, and every way out."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest

from helpers.desktop import Desktop
from helpers.fake_upstream import HELLO, streams
from helpers.tray_program import IDLE, TROUBLE, TrayProgram, active_window, quit_by_menu, upstream
from helpers.waiting import until
from tray_app.ui.models.request_log import RowState
from tray_app.ui.models.requests import STATE_COLORS

MakeDesktop = Callable[..., Desktop]


def test_the_first_start_shows_icon_and_window_and_answers(make_desktop: MakeDesktop) -> None:
    """Within seconds, without any account: a client gets an answer from the Demo, and the window lists it."""
    desktop = make_desktop(tray="sni", keyring=True)
    dragoman = TrayProgram(desktop, first_start=True)
    program = dragoman.start()
    item = dragoman.item()
    until(lambda: "Dragoman" in active_window(desktop), "the window to have the keyboard")
    assert item.menu().labels()[:3] == [f"Running on 127.0.0.1:{dragoman.port} · Demo", "Demo", "Stop proxy"]
    status, answer = dragoman.ask(dragoman.token(item))
    assert (status, answer["role"]) == (200, "assistant")
    until(lambda: any(": 1 request ·" in label for label in item.menu().labels()), "the request in the menu")
    desktop.key("ctrl+2")
    desktop.wait_for_color(STATE_COLORS[RowState.DONE])
    assert IDLE in item.icon_colors()
    quit_by_menu(item, program)
    again = dragoman.start()
    item = dragoman.item()
    assert desktop.windows("^Dragoman$") == []
    quit_by_menu(item, again)


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
