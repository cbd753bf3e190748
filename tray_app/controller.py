"""What the user interface asks for becomes service calls here, and what comes of them becomes an `AppState`.

Qt's core only: it knows no window. Its methods return at once; the work is a task on the loop, and every outcome, good or
bad, is a signal. What the services are is handed in. Counterparts: `wiring.py` (the views), `library.py` (the providers).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from tray_app.clients.shells import Shell, curl_line, exports, pinned
from tray_app.desktop.autostart import Autostart, AutostartError
from tray_app.drafts import DraftError
from tray_app.library import Library
from tray_app.notices import NoticePolicy
from tray_app.profiles.credentials import CredentialSource
from tray_app.profiles.files import FileError
from tray_app.profiles.model import Profile
from tray_app.profiles.secrets import Secrets, SecretsError, rotate_local_token
from tray_app.profiles.settings import Settings
from tray_app.provider_lines import provider_line
from tray_app.proxy.endpoint.ports import PortTakenError
from tray_app.proxy.endpoint.server import ProxyServer
from tray_app.proxy.events import ServerState, TrialReport
from tray_app.proxy.hub import Batch
from tray_app.proxy.tasks import spawn
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.state import AppState, FieldProblem, Problem, ProblemKind, ProfileDraft, SaveResult, TokenStatus
from tray_app.tally import Tally

_log = logging.getLogger(__name__)

CURL_MAX_TOKENS: Final = 256

TryProfile = Callable[[Profile, CredentialSource], Awaitable[TrialReport]]
SendTestMessage = Callable[[str, str | None], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Services:
    """What the controller works with. `now` is Unix time in seconds."""

    server: ProxyServer
    library: Library
    secrets: Secrets
    settings: Settings
    autostart: Autostart
    try_profile: TryProfile
    send_test_message: SendTestMessage
    now: Callable[[], float]
    token: TokenStatus
    problems: tuple[Problem, ...] = ()


class Controller(QObject):
    """Acts.

    Signals:
        stateChanged(AppState): something that is shown has changed.
        saveFinished(SaveResult): the answer to `save_profile`, or what keeps a draft from being tested.
        trialFinished(TrialReport): the answer to a test.
        noticeRaised(Notice): something worth a notification, before any cool-down.
        quitRequested(): the program shall end.
    """

    stateChanged = Signal(object)
    saveFinished = Signal(object)
    trialFinished = Signal(object)
    noticeRaised = Signal(object)
    quitRequested = Signal()

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._tally = Tally(services.now())
        self._notices = NoticePolicy()
        self._state = AppState(ready=True, token=services.token, problems=services.problems)

    @property
    def state(self) -> AppState:
        """The newest state."""
        return self._state

    # -- life

    async def start(self) -> None:
        """Bring up the providers and, unless the user does not want it, the proxy."""
        self._update(autostart=await asyncio.to_thread(self._services.autostart.is_enabled))
        await self._guarded(self._open_library())
        if self._services.settings.start_proxy:
            await self._guarded(self._start_proxy())
        self._publish()

    async def stop(self, drain_s: float) -> None:
        """Let running answers end, for at most `drain_s` seconds, and close the door. Idempotent."""
        await self._services.server.stop(drain_s)
        self._publish()

    def quit(self) -> None:
        """End the program, by the one road there is."""
        self.quitRequested.emit()

    # -- the proxy

    def start_proxy(self) -> None:
        """Listen. Nothing happens if it does already."""
        self._spawn("start proxy", self._start_proxy())

    def stop_proxy(self) -> None:
        """Finish what runs and close the door. Nothing happens if it is closed."""
        self._spawn("stop proxy", self._services.server.stop())

    def activate_profile(self, profile_id: str) -> None:
        """Send new requests to this provider; running ones end where they began."""
        self._spawn("activate", self._activate(profile_id))

    def send_test_message(self) -> None:
        """Send a short message through the proxy, to see that it works."""
        server = self._services.server
        if server.url is not None:
            self._spawn("test message", self._services.send_test_message(server.url, server.settings.token))

    def rotate_token(self) -> None:
        """A new local token; clients need it from then on."""
        self._spawn("rotate token", self._rotate_token())

    # -- the providers

    def save_profile(self, draft: ProfileDraft, secret: str) -> None:
        """Store a provider and its key; answered by `saveFinished`."""
        self._spawn("save profile", self._save(draft, secret))

    def delete_profile(self, profile_id: str) -> None:
        """Forget a provider and its key."""
        self._spawn("delete profile", self._services.library.delete(profile_id))

    def test_profile(self, draft: ProfileDraft, secret: str) -> None:
        """Try a provider before it is saved; answered by `trialFinished`."""
        self._spawn("test profile", self._test(draft, secret))

    def test_stored(self, profile_id: str) -> None:
        """Try a provider as it is stored; answered by `trialFinished`."""
        self._spawn("test profile", self._test_stored(profile_id))

    def draft(self, profile_id: str) -> ProfileDraft:
        """A provider for the editor."""
        return self._services.library.draft(profile_id)

    # -- the desktop

    def set_autostart(self, enabled: bool) -> None:
        """Start with the session, or not."""
        self._spawn("autostart", self._set_autostart(enabled))

    def endpoint(self) -> str:
        """The address for clients, also while nothing listens there."""
        server = self._services.server
        return server.url or f"http://{server.settings.host}:{server.settings.port}"

    def setup_text(self, shell: Shell) -> str:
        """Lines to paste into a shell so that clients talk to us. They hold the local token, never a provider's key."""
        return exports(self.endpoint(), self._services.server.settings.token or "", shell)

    def curl_text(self, profile_id: str, model: str, *, stream: bool) -> str:
        """A command that sends a short message as a request did: same provider, same model. It holds no key."""
        message = {"role": "user", "content": "Hello"}
        body = {"model": model, "max_tokens": CURL_MAX_TOKENS, "stream": stream, "messages": [message]}
        return curl_line(pinned(self.endpoint(), profile_id), body)

    def report(self, problem: Problem) -> None:
        """Show a problem; one of the same kind gives way."""
        self._update(problems=(*self._without(problem.kind), problem))

    def settle(self, kind: ProblemKind) -> None:
        """A problem is over."""
        self._update(problems=self._without(kind))

    # -- what happens in the proxy

    def observe(self, batch: Batch) -> None:
        """Take in what the hub told."""
        self._tally.feed(batch.events)
        for notice in self._notices.feed(batch.events):
            self.noticeRaised.emit(notice)
        self._publish()

    def look_at(self, request_id: str) -> None:
        """The user has seen this error."""
        self._tally.look_at(request_id)
        self._publish()

    # -- the work

    def _spawn(self, name: str, work: Coroutine[Any, Any, None] | Awaitable[None]) -> None:
        spawn(self._guarded(work), name=name)
        self._publish()

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Do it; what is expected to go wrong becomes a problem on screen."""
        try:
            await work
        except (FileError, SecretsError) as error:
            self.report(Problem(ProblemKind.SAVE_FAILED, str(error)))
        except InvalidUpstreamError as error:
            self.report(Problem(ProblemKind.ACTIVATION_FAILED, str(error)))
        except AutostartError as error:
            self.report(Problem(ProblemKind.AUTOSTART_FAILED, str(error)))
        except KeyError as error:
            _log.warning("there is no provider %s", error)  # deleted a moment ago, from another menu
        self._publish()

    async def _open_library(self) -> None:
        if problems := await self._services.library.open():
            self.report(Problem(ProblemKind.PROFILES_UNREADABLE, "; ".join(problems)))

    async def _start_proxy(self) -> None:
        try:
            await self._services.server.start()
        except PortTakenError as error:
            self.report(Problem(ProblemKind.PORT_TAKEN, str(error)))
        except (OSError, ValueError) as error:
            self.report(Problem(ProblemKind.SERVER_FAILED, str(error)))
        else:
            self._update(problems=self._without(ProblemKind.PORT_TAKEN, ProblemKind.SERVER_FAILED))

    async def _activate(self, profile_id: str) -> None:
        await self._services.library.activate(profile_id)
        self.settle(ProblemKind.ACTIVATION_FAILED)

    async def _save(self, draft: ProfileDraft, secret: str) -> None:
        try:
            profile = await self._services.library.save(draft, secret)
        except DraftError as error:
            self.saveFinished.emit(SaveResult(problems=error.problems))
            return
        except (FileError, InvalidUpstreamError) as error:
            self.saveFinished.emit(SaveResult(problems=(FieldProblem("file", "invalid", str(error)),)))
            return
        self.settle(ProblemKind.SAVE_FAILED)
        self._publish()
        self.saveFinished.emit(SaveResult(id=profile.id))

    async def _test(self, draft: ProfileDraft, secret: str) -> None:
        try:
            profile, credential = self._services.library.candidate(draft, secret)
        except DraftError as error:
            self.saveFinished.emit(SaveResult(problems=error.problems))
            return
        self.trialFinished.emit(await self._services.try_profile(profile, credential))

    async def _test_stored(self, profile_id: str) -> None:
        await self._test(self.draft(profile_id), "")

    async def _set_autostart(self, enabled: bool) -> None:
        autostart = self._services.autostart
        await asyncio.to_thread(autostart.enable if enabled else autostart.disable)
        self._update(autostart=await asyncio.to_thread(autostart.is_enabled))

    async def _rotate_token(self) -> None:
        self._services.server.use_token(await rotate_local_token(self._services.secrets))

    # -- the state

    def _without(self, *kinds: ProblemKind) -> tuple[Problem, ...]:
        return tuple(problem for problem in self._state.problems if problem.kind not in kinds)

    def _publish(self) -> None:
        server, library = self._services.server, self._services.library
        self._update(
            server=server.state,
            url=server.url if server.state is ServerState.RUNNING else None,
            active_id=library.active_id,
            providers=tuple(map(provider_line, library.all)),
            running=self._tally.running,
            today=self._tally.totals,
            last_error=self._tally.last_error,
        )

    def _update(self, **changes: Any) -> None:
        state = replace(self._state, **changes)
        if state != self._state:
            self._state = state
            self.stateChanged.emit(state)
