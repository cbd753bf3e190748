"""Opens the provider editor and brings it the answers it waits for. One editor is open at a time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from tray_app.control.controller import Controller
from tray_app.control.provider_lines import preset_choices
from tray_app.editing import SaveResult
from tray_app.profiles.presets import presets
from tray_app.state import Problem, ProblemKind
from tray_app.ui import problem_text
from tray_app.ui.dialogs.provider_editor import ProviderEditor
from tray_app.ui.main_window import MainWindow


class Editing(QObject):
    """Owns the editor. `window` gives the main window, its parent, if there is one."""

    def __init__(self, controller: Controller, window: Callable[[], MainWindow | None], parent: QObject) -> None:
        super().__init__(parent)
        self._controller = controller
        self._window = window
        self.editor: ProviderEditor | None = None
        controller.providers.saveFinished.connect(self._save_finished)
        controller.providers.trialFinished.connect(self._trial_finished)

    def open(self, profile_id: str = "") -> None:
        """Edit a provider, or add one."""
        draft = self._controller.providers.draft(profile_id) if profile_id else None
        editor = ProviderEditor(draft, preset_choices(presets()), self._window())
        editor.saveRequested.connect(self._controller.providers.save)
        editor.testRequested.connect(self._controller.providers.test)
        editor.finished.connect(self._forget)
        self.editor = editor
        editor.open()

    def close(self) -> None:
        """Give up what was not saved."""
        if self.editor is not None:
            self.editor.reject()

    def _forget(self) -> None:
        self.editor = None

    def _save_finished(self, result: SaveResult) -> None:
        if self.editor is not None:
            self.editor.show_result(result)
        elif result.problems:
            words = "; ".join(f"{problem.field}: {problem_text.field_problem(problem)}" for problem in result.problems)
            self._controller.board.report(Problem(ProblemKind.SAVE_FAILED, words))

    def _trial_finished(self, report: object) -> None:
        window = self._window()
        target = self.editor or (window.providers if window is not None else None)
        if target is not None:
            target.show_report(report)  # type: ignore[arg-type]  # Qt's signals carry objects
