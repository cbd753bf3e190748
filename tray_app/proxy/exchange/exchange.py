"""The life of one Messages request: understand, send, commit, pump, end; and exactly one end, however it comes about.

    phase      what happens                               the client, if it streams
    reading    body, admission, profile, local answers    plain HTTP error
    sending    credential, upstream, retries              plain HTTP error; from the COMMIT alarm on an `error` event
    answering  upstream bytes are translated              the 200 at the first content or at the COMMIT alarm, then pings
    ended      finished, failed or cancelled              nothing more

A client that goes away cancels the handler, and with it the upstream, in every phase (R-LIV-3). The watchdog and the drain
interrupt it the same way and say why. Its counterparts are `sender.py` and `reading.py`, which do the network, and a
dialect, which knows the protocol.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from tray_app.profiles.model import ApiKind
from tray_app.proxy.endpoint.call import Call
from tray_app.proxy.endpoint.local_replies import LocalReply, local_reply, reply_with
from tray_app.proxy.endpoint.request import Reply
from tray_app.proxy.exchange.chat import ChatDialect
from tray_app.proxy.exchange.interruption import Interruption, Reason
from tray_app.proxy.exchange.journal import Journal, Outcome
from tray_app.proxy.exchange.outgoing import BodyAnswer, Dialect, StreamAnswer
from tray_app.proxy.exchange.outlet import Outlet
from tray_app.proxy.exchange.reading import LINGER_S, UpstreamBody, collect, drain, let_go, linger, pump
from tray_app.proxy.exchange.relay import RelayDialect
from tray_app.proxy.exchange.retry import wants_fallback
from tray_app.proxy.exchange.selection import delays_for, pick
from tray_app.proxy.exchange.sender import Delivered, Sender
from tray_app.proxy.exchange.watchdog import Alarm, Phase, Watchdog
from tray_app.proxy.services import Services
from tray_app.proxy.tasks import spawn
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.proxy.upstream.switchboard import ActiveProfile, UnknownProfileError
from tray_app.translation import codec, failures
from tray_app.translation.answer.sse import PING
from tray_app.translation.errors import ApiError, Fault
from tray_app.translation.local.probe import is_prewarm, prewarm_message
from tray_app.translation.request.admission import parse_request

GONE: Final = ApiError("api_error", "the client closed the connection", status=499)
LAST_WORDS_S: Final = 1.0  # for the error event of a client that may not be reading

_log = logging.getLogger(__name__)


class Exchange:
    """One request to ``/v1/messages``. `run` once."""

    def __init__(self, services: Services, call: Call) -> None:
        self._services = services
        self._call = call
        self._journal = Journal(services.hub, services.clock, call)
        self._outlet = Outlet(call, self._answer_headers)
        self._watchdog = Watchdog(services.delays, services.clock, self._on_alarm, streaming=False)
        self._dialect: Dialect | None = None
        self._sender: Sender | None = None
        self._delivered: Delivered | None = None
        self._prewarmed: Mapping[str, Any] | None = None  # the client's request, if it wants no answer (R-LIM-3)
        self._interruption = Interruption()

    # -- the whole of it

    async def run(self) -> Reply | None:
        """Answer the request: what is returned is still to be sent. Raises only `CancelledError`, when the client is gone."""
        self._interruption.guard()
        try:
            return await self._answered()
        except asyncio.CancelledError:
            reason = self._interruption.take()
            if reason is None:
                self._journal.failed(GONE, self._outcome(), secrets=(), cancelled=True)
                raise
            return await self._fail(self._error_of(reason))
        finally:
            self._watchdog.stop()
            self._let_go()
            self._forget()

    async def _answered(self) -> Reply | None:
        try:
            return await self._answer()
        except ApiError as error:
            return await self._fail(error)
        except ConnectionError:
            self._journal.failed(GONE, self._outcome(), secrets=(), cancelled=True)
            return None
        except Exception:  # noqa: BLE001 - the exchange boundary: a bug must not cost the client its answer
            _log.exception("request %s failed inside the proxy", self._call.id)
            return await self._fail(failures.internal_error())

    def abort(self, error: ApiError) -> None:
        """End the exchange with `error` (the drain's last word); nothing happens if it is over."""
        self._interruption.cause(error)

    # -- understanding

    async def _answer(self) -> Reply | None:
        body = await self._call.body()
        request = parse_request(body)
        ready = pick(self._services, self._call)
        local = local_reply(request, ready.profile.api, self._services.ids)
        if local is not None:
            return self._answer_locally(request, ready, local)
        if is_prewarm(request) and ready.profile.api is not ApiKind.ANTHROPIC:
            self._prewarmed, request = request, {**request, "stream": False}
            body = codec.dumps(request)
        self._watchdog.streaming = bool(request.get("stream"))
        self._watchdog.use(delays_for(self._services, ready))
        self._watchdog.enter(Phase.SENDING)
        self._delivered = await self._deliver(request, body, ready)
        self._watchdog.enter(Phase.READING)
        if self._watchdog.streaming:
            return await self._stream(self._delivered)
        return await self._whole(self._delivered)

    def _answer_locally(self, request: Mapping[str, Any], ready: ActiveProfile, local: LocalReply) -> Reply:
        stream = bool(request.get("stream"))
        self._journal.started(ready.profile, request["model"], "", stream=stream, route=local.route)
        self._journal.finished(Outcome(stop_reason=local.message["stop_reason"]))
        return reply_with(self._call, local.message, stream=stream)

    # -- sending

    async def _deliver(self, request: Mapping[str, Any], body: bytes, first: ActiveProfile) -> Delivered:
        candidates = self._candidates(first)
        ready = next(candidates)
        while True:
            try:
                return await self._send(request, body, ready)
            except ApiError as error:
                following = next(candidates, None)
                if following is None or not self._may_restart() or not wants_fallback(error):
                    raise
                self._journal.retried(following.profile.id, error.message)
                ready = following

    async def _send(self, request: Mapping[str, Any], body: bytes, ready: ActiveProfile) -> Delivered:
        kind = RelayDialect if ready.profile.api is ApiKind.ANTHROPIC else ChatDialect
        self._dialect = dialect = kind(request, body, ready, self._services, self._call)
        if self._sender is None:
            models = (dialect.asked_model, dialect.upstream_model)
            self._journal.started(ready.profile, *models, stream=self._watchdog.streaming, route="messages")
        self._sender = Sender(self._services, ready, dialect, self._journal, self._may_restart)
        return await self._sender.send()

    def _candidates(self, first: ActiveProfile) -> Iterator[ActiveProfile]:
        """The profile, then the fallbacks the user opted into; one that cannot be used is passed over."""
        yield first
        for profile_id in first.profile.retry.fallback:
            try:
                yield self._services.switchboard.pinned(profile_id)
            except (UnknownProfileError, InvalidUpstreamError) as error:
                _log.warning("fallback of %s: %s", first.profile.id, error)

    def _may_restart(self) -> bool:
        return not self._watchdog.committed and not self._outlet.opened

    # -- answering

    async def _stream(self, delivered: Delivered) -> Reply | None:
        answer = cast(StreamAnswer, self._reader)
        body = UpstreamBody(delivered.response)
        try:
            await pump(body, answer, self._outlet, self._watchdog, self._journal, self._services.clock)
        except asyncio.CancelledError:
            if not self._usage_is_overdue():
                raise
            await self._outlet.write(answer.close())
        if not self._outlet.opened:
            raise answer.failure or failures.no_answer()
        self._watchdog.stop()
        if answer.failure is not None:
            self._journal.failed(answer.failure, self._outcome(), secrets=self._secrets())
        else:
            await linger(delivered, LINGER_S)
        self._outlet.end()
        self._succeed()
        return None

    async def _whole(self, delivered: Delivered) -> Reply | None:
        answer = cast(BodyAnswer, self._reader)
        try:
            body = UpstreamBody(delivered.response)
            await collect(body, answer, self._watchdog, self._journal, self._services.clock)
        except asyncio.CancelledError:
            if not self._usage_is_overdue():
                raise
            answer.close()
        self._watchdog.stop()
        encoded = answer.body()
        if self._prewarmed is not None:
            message = prewarm_message(self._prewarmed, self._services.ids)
            response = reply_with(self._call, message, stream=bool(self._prewarmed.get("stream")))
        else:
            response = self._call.raw(encoded, extra=self._answer_headers())
        await self._call.send(response)
        self._succeed()
        return None

    @property
    def _reader(self) -> StreamAnswer | BodyAnswer | None:
        return None if self._sender is None else self._sender.answer

    def _answer_headers(self) -> dict[str, str]:
        if self._dialect is None:
            return {}
        upstream = self._delivered.response.headers if self._delivered else {}
        return self._dialect.answer_headers(upstream)

    # -- the end

    def _succeed(self) -> None:
        outcome = self._outcome()
        if self._dialect is not None and self._reader is not None and self._reader.failure is None:
            self._dialect.learn(outcome.usage)
        self._journal.finished(outcome)

    async def _fail(self, error: ApiError) -> Reply | None:
        self._watchdog.stop()
        self._journal.failed(error, self._outcome(), secrets=self._secrets())
        if not self._outlet.opened:
            return self._call.error(error, self._answer_headers())
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                await self._outlet.write(cast(StreamAnswer, self._reader).fail(error))
                self._outlet.end()
        except (TimeoutError, ConnectionError):
            self._outlet.cut()
        return None

    def _outcome(self) -> Outcome:
        losses = self._dialect.losses() if self._dialect else ()
        if self._reader is None:
            return Outcome(losses=losses)
        summary = self._reader.summary
        return Outcome(usage=summary.usage, losses=summary.losses or losses, stop_reason=summary.stop_reason)

    def _secrets(self) -> tuple[str, ...]:
        return self._sender.secrets if self._sender else ()

    def _let_go(self) -> None:
        delivered, self._delivered = self._delivered, None
        if delivered is None:
            return
        finished = self._reader is not None and self._reader.done and self._reader.failure is None
        if finished and not delivered.response.content.at_eof():
            spawn(drain(delivered), name=f"drain {self._call.id}")
        else:
            let_go(delivered)

    def _forget(self) -> None:
        """Drop what calls back here: in a circle the request and its answer would stay in memory until a collection."""
        self._sender = self._dialect = None
        del self._outlet, self._watchdog

    # -- interruptions

    def _on_alarm(self, alarm: Alarm) -> None:
        if alarm is Alarm.COMMIT or alarm is Alarm.PING:
            spawn(self._speak(alarm), name=f"{alarm} {self._call.id}")
        else:
            self._interruption.cause(alarm)

    async def _speak(self, alarm: Alarm) -> None:
        """The bytes we write of our own accord: the beginning of the message, then pings (R-COM-3, R-LIV-1)."""
        reader = None if self._sender is None else self._sender.prepare()
        if reader is None or reader.done or self._outlet.blocked:
            return
        try:
            await self._outlet.write(cast(StreamAnswer, reader).start() if alarm is Alarm.COMMIT else PING)
        except ConnectionError:
            _log.debug("%s: the client was gone", self._call.id)  # the server cancels the handler by itself

    def _usage_is_overdue(self) -> bool:
        return self._interruption.pending is Alarm.USAGE and self._interruption.take() is not None

    def _error_of(self, reason: Reason) -> ApiError:
        if isinstance(reason, ApiError):
            return reason
        if self._outlet.blocked:
            self._outlet.cut()
            return ApiError("timeout_error", "the client stopped reading", fault=Fault.CLIENT)
        return failures.timed_out(reason.value, self._watchdog.patience(reason))
