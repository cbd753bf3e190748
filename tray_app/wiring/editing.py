"""Opens the provider editor and brings it the answers it waits for. One editor is open at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from tray_app.control.controller import Controller
from tray_app.control.provider_lines import preset_choices
from tray_app.editing import ModelList, Pairs, ProfileDraft, SaveResult
from tray_app.profiles.presets import presets
from tray_app.state import Problem, ProblemKind
from tray_app.ui import problem_text, provider_text
from tray_app.ui.dialogs.provider_editor import ProviderEditor
from tray_app.ui.main_window import MainWindow
from tray_app.ui.pages.providers import ProvidersPage


class Editing(QObject):
    """Owns the editor. `window` gives the main window, its parent, if there is one."""

    def __init__(self, controller: Controller, window: Callable[[], MainWindow | None], parent: QObject) -> None:
        super().__init__(parent)
        self._controller = controller
        self._window = window
        self.editor: ProviderEditor | None = None
        controller.providers.saveFinished.connect(self._save_finished)
        controller.providers.trialProgressed.connect(self._trial_progressed)
        controller.providers.trialFinished.connect(self._trial_finished)
        controller.providers.modelsListed.connect(self._models_listed)

    def add(self) -> None:
        """Add a provider, from a preset."""
        self._open(None, "")

    def edit(self, profile_id: str) -> None:
        """Change one."""
        draft = self._draft(profile_id)
        if draft is not None:
            self._open(draft, profile_id)

    def duplicate(self, profile_id: str) -> None:
        """Add one like this. Its key is asked for: it cannot be read back, and two providers never share an entry."""
        draft = self._draft(profile_id)
        if draft is not None:
            self._open(replace(draft, id="", name=provider_text.copy_name(draft.name)), "")

    def _draft(self, profile_id: str) -> ProfileDraft | None:
        try:
            return self._controller.providers.draft(profile_id)
        except KeyError:  # deleted a moment ago, and the list does not know yet
            return None

    def close(self) -> None:
        """Give up what was not saved."""
        if self.editor is not None:
            self.editor.give_up()

    def _others(self, profile_id: str) -> Pairs:
        providers = self._controller.state.providers
        return tuple((other.id, other.name) for other in providers if other.id != profile_id and not other.demo)

    def _open(self, draft: ProfileDraft | None, profile_id: str) -> None:
        if self.editor is not None:
            self.editor.raise_()
            return
        providers = self._controller.providers
        editor = ProviderEditor(draft, preset_choices(presets()), self._window(), self._others(profile_id))
        editor.saveRequested.connect(lambda draft, secret, use: providers.save(draft, secret, use=use))
        editor.testRequested.connect(providers.test)
        editor.cancelRequested.connect(providers.cancel_test)
        editor.listRequested.connect(providers.list_models)
        editor.finished.connect(self._forget)
        self.editor = editor
        editor.open()

    def _forget(self) -> None:
        self.editor = None

    def _save_finished(self, result: SaveResult) -> None:
        window = self._window()
        if result.id and window is not None:
            window.providers.select(result.id)
        if self.editor is not None:
            self.editor.show_result(result)
        elif result.problems:
            words = "; ".join(f"{problem.field}: {problem_text.field_problem(problem)}" for problem in result.problems)
            self._controller.board.report(Problem(ProblemKind.SAVE_FAILED, words))

    def _models_listed(self, found: ModelList) -> None:
        if self.editor is not None:
            self.editor.show_models(found)

    def _trial_progressed(self, steps: object) -> None:
        if (target := self._trial_target()) is not None:
            target.show_progress(steps)  # type: ignore[arg-type]  # Qt's signals carry objects

    def _trial_finished(self, report: object) -> None:
        if (target := self._trial_target()) is not None:
            target.show_report(report)  # type: ignore[arg-type]  # the same

    def _trial_target(self) -> ProviderEditor | ProvidersPage | None:
        window = self._window()
        return self.editor or (window.providers if window is not None and ProvidersPage in window.made else None)
