"""The board tells of a change once, and of nothing else."""

from __future__ import annotations

from helpers.signals import Listener
from tray_app.control.board import Board
from tray_app.state import AppState, Problem, ProblemKind


def test_only_a_change_is_told() -> None:
    """Publishing what is known already is silent."""
    board = Board(AppState())
    states = Listener(board.stateChanged)
    board.publish(ready=True)
    board.publish(ready=True)
    board.publish()
    assert states.seen == [AppState(ready=True)]


def test_every_reading_is_asked_whenever_something_is_published() -> None:
    """The parts of the state stay together."""
    board, running = Board(AppState()), [1]
    board.read_from(lambda: {"running": running[0]})
    board.publish(ready=True)
    running[0] = 2
    board.publish()
    assert (board.state.ready, board.state.running) == (True, 2)


def test_a_problem_gives_way_to_one_of_its_kind_and_goes_when_it_is_settled() -> None:
    """Others stay."""
    board = Board(AppState())
    for kind, detail in ((ProblemKind.NO_TRAY, ""), (ProblemKind.SAVE_FAILED, "a"), (ProblemKind.SAVE_FAILED, "b")):
        board.report(Problem(kind, detail))
    assert [problem.detail for problem in board.state.problems] == ["", "b"]
    board.settle(ProblemKind.SAVE_FAILED, ProblemKind.PORT_TAKEN)
    assert board.state.problems == (Problem(ProblemKind.NO_TRAY),)
