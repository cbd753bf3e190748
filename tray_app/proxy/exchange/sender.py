"""Gets an answer worth reading: sends one request, and again where that may help, until there is a success or an error.

What may be tried again: a connection that could not be made or was dead in the pool; a refusal we can learn from (healing);
a refused key that a command can renew; statuses and other profiles if the user opted in (`retry.py`). Nothing but the first
is tried once the client has been answered. Its counterpart is `exchange.py`, which reads the answer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, NoReturn

import aiohttp

from tray_app.profiles.credentials import CredentialError
from tray_app.profiles.model import CommandCredential
from tray_app.proxy.exchange.journal import Journal
from tray_app.proxy.exchange.outgoing import BodyAnswer, Dialect, StreamAnswer
from tray_app.proxy.exchange.recorded_answer import recorded
from tray_app.proxy.exchange.retry import Retries
from tray_app.proxy.recorded import Side
from tray_app.proxy.services import Services
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.proxy.upstream.pool import Connections
from tray_app.proxy.upstream.switchboard import ActiveProfile
from tray_app.proxy.upstream.wire import Response, Wire
from tray_app.translation import failures
from tray_app.translation.errors import ApiError, Fault

ERROR_BODY_BYTES: Final = 1 << 20  # D40; an error worth reading is a few kB
_SUCCESS: Final = frozenset({200, 201})  # 202 and 204 promise no answer (D32)

_log = logging.getLogger(__name__)


class Delivered(NamedTuple):
    """An upstream response with a success status, and the connections it came over, to be released after reading."""

    response: Response
    connections: Connections


class _TryAgain(Exception):  # noqa: N818 - not an error: a step of the loop below
    def __init__(self, reason: str, delay_s: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.delay_s = delay_s


class Sender:
    """One request at one profile.

    Attributes:
        outgoing: what was sent last.
        answer: what reads the response to it; made by `prepare`, at the latest when `send` returns.
        secrets: the credentials used, to be masked wherever the upstream echoes them.
    """

    def __init__(
        self,
        services: Services,
        ready: ActiveProfile,
        dialect: Dialect,
        journal: Journal,
        may_restart: Callable[[], bool],
    ) -> None:
        self._recording = journal.recording
        self.outgoing = dialect.outgoing()
        self.answer: StreamAnswer | BodyAnswer | None = None
        self.secrets: tuple[str, ...] = ()
        self._services = services
        self._ready = ready
        self._dialect = dialect
        self._journal = journal
        self._may_restart = may_restart
        self._retries = Retries(ready.profile.retry)
        self._renew_token = False

    async def send(self) -> Delivered:
        """The answer.

        Raises:
            ApiError: there is none; every permitted attempt was made.
        """
        while True:
            try:
                return await self._attempt()
            except _TryAgain as again:
                _log.info("%s: another attempt: %s", self._ready.profile.id, again.reason)
                self._journal.retried(self._ready.profile.id, again.reason)
                if again.delay_s:
                    await asyncio.sleep(again.delay_s)

    def prepare(self) -> StreamAnswer | BodyAnswer:
        """`answer`, made now if it was not."""
        if self.answer is None:
            self.answer = self._recorded(self.outgoing.answer())
        return self.answer

    async def _attempt(self) -> Delivered:
        outgoing = self.outgoing
        known = self._services.refusals.recall(outgoing.url, outgoing.payload, self._services.clock())
        if known is not None:
            raise known
        headers = outgoing.headers(await self._token())
        connections = self._connections()
        response: Response | None = None
        try:
            self._record_request(headers)
            response = await self._post(connections, headers)
            self._journal.headers_came()
            if self._recording is not None:
                self._recording.head(Side.UPSTREAM_ANSWER, str(response.status), response.headers)
            if response.status in _SUCCESS:
                self.prepare()
                delivered, response = Delivered(response, connections.hold()), None
                return delivered
            await self._refused(response)
        finally:
            if response is not None:
                response.close()
            connections.release()

    async def _token(self) -> str | None:
        refresh, self._renew_token = self._renew_token, False
        try:
            token = await self._ready.credential.token(refresh=refresh)
        except CredentialError as error:
            raise failures.credential_failed(error.message, error.hint) from error
        if token:
            self.secrets = (token,)
        return token

    def _connections(self) -> Connections:
        try:
            return self._ready.pool.hold()
        except InvalidUpstreamError as error:
            raise ApiError("api_error", str(error), status=502, fault=Fault.LOCAL) from None

    async def _post(self, connections: Connections, headers: dict[str, str]) -> Response:
        outgoing = self.outgoing
        wire: Wire | None = None
        try:
            wire = await connections.connect()
            # Right after the request has left: made while the upstream works, it costs the client no time.
            asyncio.get_running_loop().call_soon(self.prepare)
            return await wire.post(outgoing.url, headers, outgoing.payload)
        except TimeoutError:
            raise failures.timed_out("connect", self._ready.profile.timeouts.connect_s) from None
        except (aiohttp.ClientError, OSError) as error:
            raise self._unconnected(error, reused=wire is not None and wire.reused) from None

    def _unconnected(self, error: Exception, *, reused: bool) -> Exception:
        never_sent = isinstance(error, aiohttp.ClientConnectorError) or reused
        reason = _reason(error)
        if never_sent and self._retries.after_connect():
            return _TryAgain(reason)
        url = self.outgoing.url
        if isinstance(error, aiohttp.ClientConnectorError):
            return failures.connect_failed(url.host or "", url.port or 0, reason)
        if isinstance(error, aiohttp.ClientConnectionError | OSError):
            return failures.no_answer()
        return failures.unreadable(reason)

    async def _refused(self, response: Response) -> NoReturn:
        body = await _read_bounded(response)
        if self._recording is not None:
            self._recording.body(Side.UPSTREAM_ANSWER, body)
        error = self._dialect.refusal(response.status, response.headers, body, self.secrets)
        if self._may_restart():
            self._try_again(response.status, body, error)
        self._services.refusals.remember(self.outgoing.url, self.outgoing.payload, error, self._services.clock())
        raise error

    def _try_again(self, status: int, body: bytes, error: ApiError) -> None:
        """Raise `_TryAgain` if this refusal deserves it."""
        if status == 401 and self._has_renewable_key() and self._retries.after_unauthorized():
            self._renew_token = True
            raise _TryAgain("the key was refused and is fetched afresh")
        found = self._dialect.heal(status, body)
        if found is not None and self._retries.after_heal():
            self.outgoing, self.answer = self._dialect.outgoing(), None
            raise _TryAgain(found)
        delay_s = self._retries.after_status(error)
        if delay_s is not None:
            raise _TryAgain(f"{status}: {error.message}", delay_s)

    def _recorded(self, answer: StreamAnswer | BodyAnswer) -> StreamAnswer | BodyAnswer:
        recording = self._recording
        return answer if recording is None or not recording.bodies else recorded(answer, recording)

    def _record_request(self, headers: Mapping[str, str]) -> None:
        recording, outgoing = self._recording, self.outgoing
        if recording is not None:
            recording.forget(Side.UPSTREAM_REQUEST, Side.UPSTREAM_ANSWER)
            recording.head(Side.UPSTREAM_REQUEST, f"POST {outgoing.url}", headers, self.secrets)
            recording.body(Side.UPSTREAM_REQUEST, outgoing.payload)

    def _has_renewable_key(self) -> bool:
        return isinstance(self._ready.profile.credential, CommandCredential)


async def _read_bounded(response: Response) -> bytes:
    """The beginning of an error body; what breaks while reading it is not worth a second error."""
    body = bytearray()
    try:
        async for data in response.content.iter_any():
            body += data
            if len(body) >= ERROR_BODY_BYTES:
                response.close()
                break
    except aiohttp.ClientError as error:
        _log.debug("an error body broke off: %s", _reason(error))
    return bytes(body[:ERROR_BODY_BYTES])


def _reason(error: Exception) -> str:
    """The system's own words, without the addresses and option dumps that aiohttp puts around them."""
    cause = getattr(error, "os_error", None) or error
    return getattr(cause, "strerror", None) or str(cause) or type(error).__name__
