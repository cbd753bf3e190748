"""The providers as the user meets them: chosen, edited, tried, deleted. The work itself is the library's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from PySide6.QtCore import Signal

from tray_app.control.area import Area
from tray_app.control.board import Board
from tray_app.control.drafts import DraftError
from tray_app.control.library import Library
from tray_app.control.provider_lines import provider_line
from tray_app.profiles.credentials import CredentialSource
from tray_app.profiles.files import FileError
from tray_app.profiles.model import Profile
from tray_app.proxy.events import TrialReport
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.state import FieldProblem, Problem, ProblemKind, ProfileDraft, SaveResult

TryProfile = Callable[[Profile, CredentialSource], Awaitable[TrialReport]]


class ProvidersControl(Area):
    """Acts on the library.

    Signals:
        saveFinished(SaveResult): the answer to `save`, or what keeps a draft from being tested.
        trialFinished(TrialReport): the answer to a test.
    """

    saveFinished = Signal(object)
    trialFinished = Signal(object)

    def __init__(self, board: Board, library: Library, try_profile: TryProfile) -> None:
        super().__init__(board)
        self._library = library
        self._try_profile = try_profile

    def reading(self) -> dict[str, Any]:
        return {"active_id": self._library.active_id, "providers": tuple(map(provider_line, self._library.all))}

    def activate(self, profile_id: str) -> None:
        """Send new requests to this provider; running ones end where they began."""
        self._spawn("activate", self._activate(profile_id))

    def save(self, draft: ProfileDraft, secret: str) -> None:
        """Store a provider and its key; answered by `saveFinished`."""
        self._spawn("save profile", self._save(draft, secret))

    def delete(self, profile_id: str) -> None:
        """Forget a provider and its key."""
        self._spawn("delete profile", self._library.delete(profile_id))

    def test(self, draft: ProfileDraft, secret: str) -> None:
        """Try a provider before it is saved; answered by `trialFinished`."""
        self._spawn("test profile", self._test(draft, secret))

    def test_stored(self, profile_id: str) -> None:
        """Try a provider as it is stored; answered by `trialFinished`."""
        self._spawn("test profile", self._test_stored(profile_id))

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

    async def _activate(self, profile_id: str) -> None:
        await self._library.activate(profile_id)
        self._board.settle(ProblemKind.ACTIVATION_FAILED)

    async def _save(self, draft: ProfileDraft, secret: str) -> None:
        try:
            profile = await self._library.save(draft, secret)
        except DraftError as error:
            self.saveFinished.emit(SaveResult(problems=error.problems))
            return
        except (FileError, InvalidUpstreamError) as error:
            self.saveFinished.emit(SaveResult(problems=(FieldProblem("file", "invalid", str(error)),)))
            return
        self._board.settle(ProblemKind.SAVE_FAILED)
        self.saveFinished.emit(SaveResult(id=profile.id))

    async def _test(self, draft: ProfileDraft, secret: str) -> None:
        try:
            profile, credential = self._library.candidate(draft, secret)
        except DraftError as error:
            self.saveFinished.emit(SaveResult(problems=error.problems))
            return
        self.trialFinished.emit(await self._try_profile(profile, credential))

    async def _test_stored(self, profile_id: str) -> None:
        await self._test(self.draft(profile_id), "")
