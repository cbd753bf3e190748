"""The providers as the user meets them: chosen, sorted, edited, tried, deleted and brought back. The library does the work."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Final

from PySide6.QtCore import Signal

from tray_app.control.area import Area
from tray_app.control.board import Board
from tray_app.control.drafts import DraftError
from tray_app.control.health import HealthBook
from tray_app.control.library import Library
from tray_app.control.provider_lines import provider_line
from tray_app.editing import FieldProblem, ModelList, ProfileDraft, SaveResult
from tray_app.profiles.credentials import CredentialSource
from tray_app.profiles.files import FileError
from tray_app.profiles.model import Profile
from tray_app.proxy.events import TrialReport
from tray_app.proxy.hub import Batch
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.proxy.upstream.trial import Tell
from tray_app.state import Deleted, Problem, ProblemKind, Provider
from tray_app.translation.errors import ApiError

UNDO_S: Final = 10.0
GOODBYE_S: Final = 3.0  # for the keyring at the end of the program; what is left is done at the next start

TryProfile = Callable[[Profile, CredentialSource, Tell], Awaitable[TrialReport]]
ListModels = Callable[[Profile, CredentialSource], Awaitable[tuple[str, ...]]]


class ProvidersControl(Area):
    """Acts on the library. `now` is Unix time in seconds.

    Signals:
        saveFinished(SaveResult): the answer to `save`, or what keeps a draft from being tested.
        trialProgressed(tuple[TrialStep, ...]): what a test has found so far.
        trialFinished(TrialReport): the answer to a test.
        modelsListed(ModelList): the answer to `list_models`.
    """

    saveFinished = Signal(object)
    trialProgressed = Signal(object)
    trialFinished = Signal(object)
    modelsListed = Signal(object)

    def __init__(
        self,
        board: Board,
        library: Library,
        try_profile: TryProfile,
        list_models: ListModels,
        now: Callable[[], float],
    ) -> None:
        super().__init__(board)
        self._library = library
        self._try_profile = try_profile
        self._list_models = list_models
        self._now = now
        self._health = HealthBook()
        self._lined: tuple[Profile, ...] = ()
        self._lines: tuple[Provider, ...] = ()
        self._trial: asyncio.Task[None] | None = None
        self._tried: tuple[ProfileDraft, TrialReport] | None = None
        self._undo: asyncio.TimerHandle | None = None
        self.undo_s = UNDO_S

    def reading(self) -> dict[str, Any]:
        gone = self._library.deleted
        return {
            "active_id": self._library.active_id,
            "providers": self._provider_lines(),
            "health": self._health.marks,
            "deleted": None if gone is None else Deleted(id=gone.id, name=gone.name),
        }

    def _provider_lines(self) -> tuple[Provider, ...]:
        """Made anew when a profile has changed: this is asked ten times a second while requests come and go."""
        profiles = self._library.all
        if profiles != self._lined:
            self._lined, self._lines = profiles, tuple(map(provider_line, profiles))
        return self._lines

    def observe(self, batch: Batch) -> None:
        """Take in what the hub told; who publishes it is the activity."""
        self._health.feed(batch.events)

    def activate(self, profile_id: str) -> None:
        """Send new requests to this provider; running ones end where they began."""
        self._spawn("activate", self._activate(profile_id))

    def save(self, draft: ProfileDraft, secret: str, *, use: bool = False) -> None:
        """Store a provider and its key, and use it from now on if asked to; answered by `saveFinished`."""
        self._spawn("save profile", self._save(draft, secret, use=use))

    def move(self, profile_id: str, place: int) -> None:
        """Put a provider at this place among the user's own, 0 being the first."""
        self._spawn("move profile", self._library.move(profile_id, place))

    def delete(self, profile_id: str) -> None:
        """Take a provider out; for a while it can be brought back."""
        self._stop_undo()
        self._undo = asyncio.get_running_loop().call_later(self.undo_s, self.forget_deleted)
        self._spawn("delete profile", self._library.delete(profile_id))

    def restore(self) -> None:
        """Bring the deleted provider back."""
        self._stop_undo()
        self._spawn("restore profile", self._library.restore())

    def forget_deleted(self) -> None:
        """The deleted provider stays deleted, and its key leaves the keyring."""
        self._stop_undo()
        if self._library.deleted is not None:
            self._spawn("forget profile", self._library.forget_deleted())

    def test(self, draft: ProfileDraft, secret: str) -> None:
        """Try a provider before it is saved; answered by `trialFinished`, unless it is cancelled. One at a time."""
        self.cancel_test()
        self._trial = self._spawn("test profile", self._test(draft, secret))

    def test_stored(self, profile_id: str) -> None:
        """Try a provider as it is stored."""
        self.cancel_test()
        self._trial = self._spawn("test profile", self._test_stored(profile_id))

    def cancel_test(self) -> None:
        """Give up the test that runs, if one does."""
        if self._trial is not None:
            self._trial.cancel()

    def list_models(self, draft: ProfileDraft, secret: str) -> None:
        """Ask a provider for its models, before or after it is saved; answered by `modelsListed`."""
        self._spawn("list models", self._list(draft, secret))

    def draft(self, profile_id: str) -> ProfileDraft:
        """A provider for the editor."""
        return self._library.draft(profile_id)

    def reset_connections(self) -> None:
        """The network changed or the computer slept: the next request shall not wait for a dead connection."""
        self._library.reset_connections()

    async def open(self) -> None:
        """Read the file and use the provider that was active; what is wrong with it is a problem on screen."""
        if problems := await self._library.open():
            self._board.report(Problem(ProblemKind.PROFILES_UNREADABLE, "; ".join(problems)))

    async def close(self) -> None:
        """Nothing can be brought back after this. Idempotent."""
        self._stop_undo()
        self.cancel_test()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.guarded(self._library.forget_deleted()), GOODBYE_S)

    def _stop_undo(self) -> None:
        if self._undo is not None:
            self._undo.cancel()
            self._undo = None

    async def _activate(self, profile_id: str) -> None:
        await self._library.activate(profile_id)
        self._board.settle(ProblemKind.ACTIVATION_FAILED)

    async def _save(self, draft: ProfileDraft, secret: str, *, use: bool) -> None:
        try:
            profile = await self._library.save(draft, secret)
            if use:
                await self._library.activate(profile.id)
        except DraftError as error:
            self.saveFinished.emit(SaveResult(problems=error.problems))
            return
        except (FileError, InvalidUpstreamError) as error:
            self.saveFinished.emit(SaveResult(problems=(FieldProblem("file", "invalid", str(error)),)))
            return
        self._health.forget(profile.id)
        if self._tried is not None and self._tried[0] == draft:
            self._health.note_trial(profile.id, self._tried[1], self._now())
        self._board.settle(ProblemKind.SAVE_FAILED)
        self.saveFinished.emit(SaveResult(id=profile.id))

    async def _test(self, draft: ProfileDraft, secret: str) -> None:
        try:
            profile, credential = self._library.candidate(draft, secret)
        except DraftError as error:
            self.saveFinished.emit(SaveResult(problems=error.problems))
            return
        report = await self._try_profile(profile, credential, self.trialProgressed.emit)
        self._tried = draft, report
        stored = self._library.get(profile.id)
        if stored == profile and not secret:
            self._health.note_trial(profile.id, report, self._now())
        self.trialFinished.emit(report)

    async def _test_stored(self, profile_id: str) -> None:
        await self._test(self.draft(profile_id), "")

    async def _list(self, draft: ProfileDraft, secret: str) -> None:
        try:
            profile, credential = self._library.candidate(draft, secret)
            found = ModelList(models=await self._list_models(profile, credential))
        except DraftError as error:
            self.modelsListed.emit(ModelList())
            self.saveFinished.emit(SaveResult(problems=error.problems))
            return
        except InvalidUpstreamError as error:
            found = ModelList(words=str(error))
        except ApiError as error:
            status = f"{error.upstream_status}: " if error.upstream_status else ""
            found = ModelList(words=status + (error.upstream_text or error.message))
        self.modelsListed.emit(found)
