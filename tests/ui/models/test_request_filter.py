"""What is shown of the requests, watched by Qt's own tester."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from helpers.ui_values import failed, finished, progress, started
from tray_app.ui.models.request_filter import _STATES, RequestFilter, StateChoice
from tray_app.ui.models.requests import ROW_ROLE, RequestsModel

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def shown(model: RequestFilter) -> list[str]:
    """The ids of the rows, from the top."""
    return [model.index(row, 0).data(ROW_ROLE).started.id for row in range(model.rowCount())]


def test_state_provider_and_words_all_have_to_fit(qtbot: QtBot) -> None:
    """The words of an error are found too, in any case; a row that changes its state comes or goes."""
    source = RequestsModel()
    model = RequestFilter(source)
    tester = QAbstractItemModelTester(model, FATAL)
    source.feed((started("a"), finished("a"), started("b", profile_name="Two"), failed("b"), started("c")))
    assert shown(model) == ["c", "b", "a"]
    model.choose(StateChoice.TROUBLE, "", "")
    assert shown(model) == ["b"]
    model.choose(StateChoice.ALL, "One", "")
    assert shown(model) == ["c", "a"]
    model.choose(StateChoice.ALL, "", "credentials NO")
    assert shown(model) == ["b"]
    model.choose(StateChoice.RUNNING, "", "")
    assert shown(model) == ["c"]
    source.feed((finished("c"),))
    assert shown(model) == []
    assert (model.row_of("c"), model.row_of("z")) == (None, None)
    tester.deleteLater()


def test_a_pause_holds_new_rows_back_and_loses_none(qtbot: QtBot) -> None:
    """Also when the log is full and old rows leave it meanwhile; what is shown goes on changing."""
    source = RequestsModel(capacity=4)
    model = RequestFilter(source)
    tester = QAbstractItemModelTester(model, FATAL)
    counts: list[int] = []
    model.waitingChanged.connect(counts.append)
    model.pause(True)
    model.pause(False)
    source.feed((started("a"), started("b")))
    model.pause(True)
    source.feed((started("c"), progress("b", first_token_s=0.1)))
    source.feed((started("d"), started("e")))
    assert shown(model) == ["b"]
    assert counts == [1, 3]
    model.pause(False)
    assert shown(model) == ["e", "d", "c", "b"]
    assert counts == [1, 3, 0]
    tester.deleteLater()


STEPS = st.one_of(
    st.tuples(st.just("start"), st.sampled_from(["One", "Two"])),
    st.tuples(st.just("progress"), st.integers(0, 5)),
    st.tuples(st.just("finish"), st.integers(0, 5)),
    st.tuples(st.just("fail"), st.integers(0, 5)),
    st.tuples(st.just("choose"), st.sampled_from(StateChoice), st.sampled_from(["", "One"])),
    st.tuples(st.just("clear")),
)
EVENTS = {"progress": progress, "finish": finished, "fail": failed}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=25), capacity=st.integers(1, 6))
def test_what_is_shown_is_what_passes(qtbot: QtBot, steps: list[tuple[object, ...]], capacity: int) -> None:
    """Whatever happens in whatever order: every row that passes is there, newest first, and none other."""
    source = RequestsModel(capacity)
    model = RequestFilter(source)
    tester = QAbstractItemModelTester(model, FATAL)
    fresh, state, provider = 0, StateChoice.ALL, ""
    for kind, *values in steps:
        if kind == "start":
            source.feed((started(f"r{fresh}", profile_name=values[0]),))
            fresh += 1
        elif kind == "choose":
            state, provider = values  # type: ignore[assignment]
            model.choose(state, provider, "")
        elif kind == "clear":
            source.clear()
        else:
            source.feed((EVENTS[str(kind)](f"r{fresh - 1 - values[0]}"),))  # type: ignore[operator]
        rows = [source.request(row) for row in range(source.rowCount())]
        fitting = [row for row in rows if row.state in _STATES[state] and provider in {"", row.started.profile_name}]
        assert shown(model) == [row.started.id for row in fitting]
    tester.deleteLater()
