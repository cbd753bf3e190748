"""The bridge pulls when something happened, and never otherwise."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from helpers.ui_values import NOON, finished, progress, started
from tray_app.proxy.hub import Batch, EventHub
from tray_app.ui.bridge import INTERVAL_MS, Bridge


def bridged() -> tuple[EventHub, Bridge, list[Batch]]:
    """A hub, a bridge on it, and the batches it delivers."""
    hub = EventHub(lambda: NOON)
    bridge = Bridge(hub)
    batches: list[Batch] = []
    bridge.arrived.connect(batches.append)
    return hub, bridge, batches


def test_nothing_runs_while_nothing_happens(qtbot: QtBot) -> None:
    """No timer, visible or not: an idle program does not wake up."""
    _, bridge, batches = bridged()
    bridge.start()
    bridge.set_visible(True)
    assert not bridge._timer.isActive()
    assert batches == []


def test_what_was_there_before_comes_first(qtbot: QtBot) -> None:
    """Events of the start are not lost."""
    hub, bridge, batches = bridged()
    hub.publish(started("a"))
    bridge.start()
    assert [event.id for batch in batches for event in batch.events] == ["a"]  # type: ignore[attr-defined]


def test_many_events_are_one_batch(qtbot: QtBot) -> None:
    """One timer for all, and afterwards silence again."""
    hub, bridge, batches = bridged()
    bridge.start()
    bridge.set_visible(True)
    with qtbot.waitSignal(bridge.arrived):
        for number in range(100):
            hub.publish(started(f"r{number}"))
        assert bridge._timer.interval() <= INTERVAL_MS
    assert [len(batch.events) for batch in batches] == [100]
    assert not bridge._timer.isActive()


def test_an_end_is_as_quick_while_nobody_looks(qtbot: QtBot) -> None:
    """The icon and the menu are right within a tenth of a second, window or not."""
    hub, bridge, batches = bridged()
    bridge.start()
    hub.publish(started("a"))
    assert bridge._timer.interval() <= INTERVAL_MS
    bridge.pull()
    hub.publish(finished("a"))
    assert bridge._timer.isActive()
    assert bridge._timer.interval() <= INTERVAL_MS
    assert len(batches) == 1


def test_progress_wakes_nobody_while_nobody_looks(qtbot: QtBot) -> None:
    """And whoever starts to look sees at once how far it is, and then every step."""
    hub, bridge, batches = bridged()
    bridge.start()
    hub.publish(progress("a", output_chars=10))
    assert not bridge._timer.isActive()
    bridge.set_visible(True)
    assert [event.output_chars for event in batches[-1].events] == [10]  # type: ignore[attr-defined]
    hub.publish(progress("a", output_chars=20))
    assert bridge._timer.isActive()
    bridge.set_visible(False)
    bridge.pull()
    hub.publish(progress("a", output_chars=30))
    assert not bridge._timer.isActive()


def test_stopping_fetches_the_rest(qtbot: QtBot) -> None:
    """And does not listen any more."""
    hub, bridge, batches = bridged()
    bridge.start()
    hub.publish(started("a"))
    bridge.stop()
    hub.publish(finished("a"))
    assert [len(batch.events) for batch in batches] == [1]
    assert not bridge._timer.isActive()


def test_lost_events_are_told(qtbot: QtBot) -> None:
    """The batch counts them."""
    hub = EventHub(lambda: NOON, capacity=2)
    bridge = Bridge(hub)
    batches: list[Batch] = []
    bridge.arrived.connect(batches.append)
    for number in range(5):
        hub.publish(started(f"r{number}"))
    bridge.start()
    assert [batch.lost for batch in batches] == [3]
