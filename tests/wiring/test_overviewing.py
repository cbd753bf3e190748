"""The Overview page over a running controller."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

from helpers.ledger_events import finished, started
from helpers.signals import Listener
from helpers.wired import Wired
from tray_app.history.overview import Span
from tray_app.proxy.hub import Batch
from tray_app.wiring import overviewing

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "systemTrayWindowChanged")


def happen(wired: Wired, name: str) -> None:
    """A request came and went."""
    now = time.time()
    wired.wiring._arrived(Batch(0, (started(name, now), finished(name, now)), 0))


def requests(wired: Wired) -> str:
    """The first figure of the page."""
    cells = wired.window.overview.figures.cells
    return cells[0][1].text() if cells else ""


async def test_it_is_up_to_date_when_it_is_looked_at(wired: Wired) -> None:
    """Nothing is read while nobody looks; then at once."""
    readings = Listener(wired.parts.controller.usage.overviewRead)
    happen(wired, "a")
    assert readings.seen == []
    wired.wiring.open_window()
    await readings.until(lambda reading: reading.totals.requests == 1)
    assert requests(wired) == "1"


async def test_while_it_is_looked_at_it_follows(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for every request, but the last one is always in."""
    monkeypatch.setattr(overviewing, "PACE_MS", 1)
    wired.wiring.open_window()
    readings = Listener(wired.parts.controller.usage.overviewRead)
    for name in "abcdefgh":
        happen(wired, name)
    await readings.until(lambda reading: reading.totals.requests == 8)
    assert requests(wired) == "8"
    assert len(readings.seen) < 8


async def test_another_span_is_read_at_once(wired: Wired) -> None:
    """Also while an answer is still under way."""
    wired.wiring.open_window()
    readings = Listener(wired.parts.controller.usage.overviewRead)
    wired.window.overview.spans.button(2).click()
    await readings.until(lambda reading: reading.span is Span.MONTH)
    assert len(wired.window.overview.tokens.data.places) == 30


async def test_another_language_keeps_what_is_shown(wired: Wired) -> None:
    """The new page is filled at once."""
    happen(wired, "a")
    wired.wiring.open_window()
    readings = Listener(wired.parts.controller.usage.overviewRead)
    await readings.until()
    before = wired.window
    wired.wiring._retranslate()
    assert wired.window is not before
    assert requests(wired) == "1"
    await Listener(wired.parts.controller.usage.overviewRead).until()


async def test_a_file_is_chosen_and_written(wired: Wired, tmp_path: Path) -> None:
    """The dialog blocks nothing; the page says where the file is."""
    happen(wired, "a")
    wired.wiring.open_window()
    await Listener(wired.parts.controller.usage.overviewRead).until()
    wired.window.overview.exportRequested.emit("requests", "csv")
    dialog = wired.wiring._overviewing.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert dialog.selectedFiles()[0].endswith(".csv")
    written = Listener(wired.parts.controller.usage.exported)
    dialog.fileSelected.emit(str(tmp_path / "usage.csv"))
    dialog.close()
    assert await written.until() == str(tmp_path / "usage.csv")
    with (tmp_path / "usage.csv").open(newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == ["a"]
    assert "usage.csv" in wired.window.overview.note.text()


async def test_a_ledger_that_is_not_open_is_said(wired: Wired) -> None:
    """On the page; the proxy goes on."""
    wired.parts.ledger.stop()
    answers = Listener(wired.parts.controller.usage.unavailable)
    wired.wiring.open_window()
    await answers.until()
    assert "not open" in wired.window.overview.note.text()
