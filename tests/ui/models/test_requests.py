"""The table model, watched by Qt's own tester, which aborts on any broken promise."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from helpers.ui_values import NOON, failed, finished, progress, started
from tray_app.history.prices import Price, Prices
from tray_app.translation.usage import Usage, UsageSource
from tray_app.ui.models.requests import COLUMNS, DURATION_COLUMN, OUTPUT_COLUMN, ROW_ROLE, STATE_COLUMN, RequestsModel

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def titles(model: RequestsModel) -> list[str]:
    """The headings."""
    return [model.headerData(n, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) for n in range(len(COLUMNS))]


def cells(model: RequestsModel, row: int = 0) -> dict[str, Any]:
    """A row as it is shown."""
    return {title: model.index(row, n).data() for n, title in enumerate(titles(model))}


def test_a_row_is_shown_in_words_and_short_numbers(qtbot: QtBot) -> None:
    """Everything the table says about a good request."""
    model = RequestsModel()
    model.feed((started("a"), finished("a")))
    shown = cells(model)
    assert shown.pop("Time").count(":") == 2
    assert shown == {
        "State": "Done",
        "Model": "claude-x → up-x",
        "Provider": "One",
        "Client": "claude-cli/2.1",
        "First token": "500 ms",
        "Duration": "2.5 s",
        "Tok/s": "100",
        "In": "4.0k",
        "Out": "200",
        "Cached": "3.0k",
        "Cost": "–",
        "Stop reason": "end_turn",
    }


def test_a_cost_is_shown_where_the_price_is_known(qtbot: QtBot) -> None:
    """With a tilde where the tokens were estimated; without a price a dash."""
    model = RequestsModel()
    model.use_prices(Prices((Price(model="up-x", since=date(2020, 1, 1), input=1.0, output=10.0, cache_read=0.1),)))
    guess = Usage(output_tokens=200, source=UsageSource.ESTIMATED)
    model.feed((started("a"), finished("a"), started("b"), finished("b", usage=guess)))
    model.feed((started("c", upstream_model="other"), finished("c")))
    assert [cells(model, row)["Cost"] for row in range(3)] == ["–", "~$0.0020", "$0.0033"]


def test_estimates_have_a_tilde_and_the_unknown_a_dash(qtbot: QtBot) -> None:
    """No number pretends to be better than it is."""
    model = RequestsModel()
    guess = Usage(input_tokens=12, output_tokens=3, source=UsageSource.ESTIMATED)
    model.feed((started("a"), finished("a", usage=guess), started("b"), failed("b")))
    assert (cells(model, 1)["In"], cells(model, 1)["Out"]) == ("~12", "~3")
    assert (cells(model, 0)["In"], cells(model, 0)["State"]) == ("–", "Failed 401")


def test_a_model_that_is_not_mapped_is_shown_once(qtbot: QtBot) -> None:
    """No arrow from a name to itself."""
    model = RequestsModel()
    model.feed((started("a", asked_model="m", upstream_model="m"),))
    assert cells(model)["Model"] == "m"


def test_numbers_stand_at_the_right(qtbot: QtBot) -> None:
    """Headings too."""
    model = RequestsModel()
    model.feed((started("a"),))
    for column, described in enumerate(COLUMNS):
        side = Qt.AlignmentFlag.AlignRight if described.numeric else Qt.AlignmentFlag.AlignLeft
        role = Qt.ItemDataRole.TextAlignmentRole
        assert model.index(0, column).data(role) & side
        assert model.headerData(column, Qt.Orientation.Horizontal, role) & side


def test_other_roles(qtbot: QtBot) -> None:
    """The state has a mark, the row can be had whole, and what is not there is None."""
    model = RequestsModel()
    model.feed((started("a"),))
    assert not model.index(0, STATE_COLUMN).data(Qt.ItemDataRole.DecorationRole).isNull()
    assert model.index(0, 0).data(Qt.ItemDataRole.DecorationRole) is None
    assert model.index(0, 0).data(ROW_ROLE).started.id == "a"
    assert model.data(QModelIndex(), Qt.ItemDataRole.DisplayRole) is None
    assert model.headerData(0, Qt.Orientation.Vertical, Qt.ItemDataRole.DisplayRole) is None
    assert model.headerData(99, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) is None
    assert (model.row_of("a"), model.row_of("b")) == (0, None)


def test_probes_and_counts_are_left_out(qtbot: QtBot) -> None:
    """A client counts tokens twenty-five times at once; nobody wants to see that."""
    model = RequestsModel()
    model.feed((started("a", route="count_tokens"), started("b", route="probe"), finished("a")))
    assert model.rowCount() == 0


def test_a_batch_is_one_insertion_and_one_change(qtbot: QtBot) -> None:
    """However many requests and tokens it holds."""
    model = RequestsModel(capacity=100)
    model.feed(tuple(started(f"r{n}") for n in range(50)))
    seen: list[str] = []
    model.rowsInserted.connect(lambda *_: seen.append("inserted"))
    model.rowsRemoved.connect(lambda *_: seen.append("removed"))
    model.dataChanged.connect(lambda *_: seen.append("changed"))
    model.feed((*(progress(f"r{n}", output_chars=n) for n in range(50)), started("x"), started("y")))
    assert seen == ["inserted", "changed"]


def test_growing_output_and_clocks_change_one_column_each(qtbot: QtBot) -> None:
    """What runs is painted often, so little of it is; a clock that nothing needs says so."""
    time = [NOON]
    model = RequestsModel(now=lambda: time[0])
    assert not model.tick()
    model.feed((started("a"), progress("a", first_token_s=0.2, output_chars=400)))
    seen: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: seen.append((first.column(), last.column())))
    moves: list[None] = []
    model.moved.connect(lambda: moves.append(None))
    time[0] += 65
    assert model.tick()
    model.feed((progress("a", first_token_s=0.2, output_chars=4_000),))
    assert seen == [(DURATION_COLUMN, DURATION_COLUMN), (OUTPUT_COLUMN, OUTPUT_COLUMN)]
    assert (cells(model)["Duration"], cells(model)["Out"]) == ("1 min 05 s", "~1.0k")
    assert moves == []
    model.feed((finished("a"),))
    assert (cells(model)["Duration"], cells(model)["Out"]) == ("2.5 s", "200")
    assert len(moves) == 1
    assert not model.tick()


def test_clearing_leaves_what_runs(qtbot: QtBot) -> None:
    """In one reset."""
    model = RequestsModel()
    tester = QAbstractItemModelTester(model, FATAL)
    model.feed((started("a"), finished("a"), started("b")))
    model.clear()
    assert (model.rowCount(), cells(model)["State"]) == (1, "Waiting")
    model.feed((finished("b"), started("c")))
    assert [cells(model, row)["State"] for row in range(2)] == ["Waiting", "Done"]
    tester.deleteLater()


def test_a_tooltip_names_the_source_of_a_number(qtbot: QtBot) -> None:
    """Words repeat themselves there, for where they are cut."""
    model = RequestsModel()
    model.feed((started("a"), finished("a")))
    tips = {title: model.index(0, n).data(Qt.ItemDataRole.ToolTipRole) for n, title in enumerate(titles(model))}
    assert tips["In"] == "Reported by the provider"
    assert tips["Model"] == "claude-x → up-x"
    assert tips["Client"] == "claude-cli/2.1 (external)"
    assert tips["Duration"] is None


EVENTS = st.one_of(
    st.integers(0, 12).map(lambda n: ("start", n)),
    st.integers(0, 12).map(lambda n: ("progress", n)),
    st.integers(0, 12).map(lambda n: ("finish", n)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(EVENTS, max_size=8), max_size=8), capacity=st.integers(1, 6))
def test_views_are_never_misled(qtbot: QtBot, batches: list[list[tuple[str, int]]], capacity: int) -> None:
    """Any batches in any order: Qt's tester finds every index and count consistent, and rows are those of the log."""
    model = RequestsModel(capacity)
    tester = QAbstractItemModelTester(model, FATAL)
    fresh = 0
    for batch in batches:
        events: list[Any] = []
        for kind, number in batch:
            if kind == "start":
                events.append(started(f"r{fresh}"))
                fresh += 1
            else:
                events.append((progress if kind == "progress" else finished)(f"r{fresh - 1 - number}"))
        model.feed(tuple(events))
        assert model.rowCount() == min(fresh, capacity) == len(model.log)
        assert [model.index(row, 0).data(ROW_ROLE).started.id for row in range(model.rowCount())] == [
            f"r{fresh - 1 - row}" for row in range(model.rowCount())
        ]
    tester.deleteLater()
