"""Tries a provider: one real, minimal request through the real road, translation included, and what it tells.

The road is a proxy of its own on a free loopback port, so that a profile can be tried before it is saved and leaves no trace
in the log. The request streams and asks for a tool call; if it is answered, all five questions are, one after the other as
the answer comes. Only when it is refused in a way that may be the tool's fault, a second one without the tool is sent.
Counterparts: the controller, and `local_client.py`, which asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tray_app.profiles.credentials import CredentialSource
from tray_app.profiles.model import Profile
from tray_app.proxy.endpoint.server import ProxyServer
from tray_app.proxy.endpoint.settings import ServerSettings
from tray_app.proxy.events import (
    ErrorInfo,
    RequestFailed,
    RequestStarted,
    TrialOutcome,
    TrialReport,
    TrialStep,
)
from tray_app.proxy.hub import EventHub
from tray_app.proxy.ids import IdFactory
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.proxy.upstream.catalog import fetch_models
from tray_app.proxy.upstream.local_client import NoAnswerError, ask, message
from tray_app.proxy.upstream.switchboard import Switchboard, activate

STEPS: Final = ("reachable", "key", "model", "stream", "tools")
TIMEOUT_S: Final = 60.0
WORDS_LIMIT: Final = 600  # characters of the provider's own words
TOOL_NAME: Final = "report_ready"
_TOOL: Final = {
    "name": TOOL_NAME,
    "description": "Report that you are ready. Call this tool once, and say nothing else.",
    "input_schema": {"type": "object", "properties": {"ready": {"type": "boolean"}}, "required": ["ready"]},
}
# By whose answer a failure is known, in the order the questions are asked.
_STEP_OF_TYPE: Final = {
    "authentication_error": "key",
    "permission_error": "key",
    "billing_error": "key",
    "not_found_error": "model",
}
# How many of the questions an event of the answer settles: what it came through works.
_SETTLED_BY: Final = {"message_start": STEPS.index("model") + 1, "content_block_delta": STEPS.index("stream") + 1}

Tell = Callable[[tuple[TrialStep, ...]], None]


def tell_nobody(steps: tuple[TrialStep, ...]) -> None:
    """For who waits for the report only."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the error, or the names of the tools called and the text."""

    error: ErrorInfo | None = None
    tools: tuple[str, ...] = ()
    text: str = ""
    upstream_model: str = ""


async def try_profile(
    profile: Profile,
    credential: CredentialSource,
    *,
    clock: Callable[[], float],
    now: Callable[[], float],
    ids: IdFactory,
    timeout_s: float = TIMEOUT_S,
    tell: Tell = tell_nobody,
) -> TrialReport:
    """Ask the provider; `tell` hears of every question as soon as it is answered with yes.

    `clock` is monotonic and `now` Unix time, in seconds. Never raises for what the provider does. May be cancelled.
    """
    began = clock()
    hub = EventHub(now)
    switchboard = Switchboard(hub, lambda _: credential)
    token = ids()
    server = ProxyServer(switchboard, hub, ServerSettings(port=0, token=token), clock, ids)
    try:
        async with asyncio.timeout(timeout_s):
            await switchboard.activate(profile)
            await server.start()
            steps, model = await _ask_twice(_Asking(f"{server.url}/v1/messages", token, hub, tell))
    except InvalidUpstreamError as error:
        steps, model = report_failure("reachable", str(error)), ""
    except TimeoutError:
        steps, model = report_failure("stream", f"no complete answer within {timeout_s:.0f} s"), ""
    finally:
        try:
            await server.stop(drain_s=0.0)
        finally:  # also when it is cancelled once more, by another trial
            await switchboard.close()
    return TrialReport(steps=steps, upstream_model=model, total_s=clock() - began)


async def list_models(profile: Profile, credential: CredentialSource) -> tuple[str, ...]:
    """The models a provider lists, over connections of their own.

    Raises:
        InvalidUpstreamError: the profile cannot be used as it stands.
        ApiError: the provider refuses, does not answer in time, or answers something else.
    """
    ready = activate(profile, credential)
    try:
        return await fetch_models(ready)
    finally:
        await ready.pool.close()


def report_failure(step: str, words: str) -> tuple[TrialStep, ...]:
    """The steps when `step` failed: what comes before it went well, what comes after is not known."""
    failed = STEPS.index(step)
    outcomes = [TrialOutcome.OK] * failed + [TrialOutcome.FAILED] + [TrialOutcome.UNKNOWN] * (len(STEPS) - failed - 1)
    return tuple(
        TrialStep(name=name, outcome=outcome, words=words[:WORDS_LIMIT] if name == step else "")
        for name, outcome in zip(STEPS, outcomes, strict=True)
    )


def judge(answer: Answer) -> tuple[TrialStep, ...]:
    """The five steps for the answer to a request with a tool."""
    if answer.error is not None:
        return report_failure(failed_step(answer.error), words_of(answer.error))
    if TOOL_NAME in answer.tools:
        return tuple(TrialStep(name=name, outcome=TrialOutcome.OK) for name in STEPS)
    return report_failure("tools", answer.text.strip() or "no tool was called")


def failed_step(error: ErrorInfo) -> str:
    """Which question an error answers with no."""
    if error.fault == "local":
        return "key"  # the road is ours and works: what is missing on this side is the key
    if error.upstream_status is None and error.type != "timeout_error":
        return "reachable"
    return _STEP_OF_TYPE.get(error.type, "stream")


def words_of(error: ErrorInfo) -> str:
    """The provider's own words if it said any, with its status."""
    status = f"{error.upstream_status}: " if error.upstream_status else ""
    return status + (error.upstream_text or error.message)


@dataclass(frozen=True, slots=True)
class _Asking:
    """The proxy of this trial, and who wants to hear how it goes."""

    url: str
    token: str
    hub: EventHub
    tell: Tell

    async def ask(self, body: dict[str, Any]) -> Answer:
        """One request; the hub knows how it ended."""
        cursor, refusal = self.hub.cursor, None
        stream: list[dict[str, Any]] = []

        def take(event: dict[str, Any]) -> None:
            stream.append(event)
            if settled := _SETTLED_BY.get(event["type"]):
                self.tell(_steps(settled))

        try:
            await ask(self.url, self.token, body, take)
        except NoAnswerError as error:
            refusal = ErrorInfo(type="api_error", message=str(error), status=502, fault="upstream")
        events = self.hub.read(cursor).events
        model = next((event.upstream_model for event in events if isinstance(event, RequestStarted)), "")
        failure = next((event.error for event in events if isinstance(event, RequestFailed)), refusal)
        if failure is not None:
            return Answer(error=failure, upstream_model=model)
        return Answer(tools=tuple(_tools(stream)), text="".join(_texts(stream)), upstream_model=model)


async def _ask_twice(asking: _Asking) -> tuple[tuple[TrialStep, ...], str]:
    tool = {"tools": [_TOOL], "tool_choice": {"type": "tool", "name": TOOL_NAME}}
    first = await asking.ask(message("Use the tool to report that you are ready.") | tool)
    if first.error is None or failed_step(first.error) != "stream":
        return judge(first), first.upstream_model
    second = await asking.ask(message("Say: ready"))
    if second.error is not None:
        return judge(second), second.upstream_model
    return report_failure("tools", words_of(first.error)), second.upstream_model


def _steps(settled: int) -> tuple[TrialStep, ...]:
    outcomes = [TrialOutcome.OK] * settled + [TrialOutcome.UNKNOWN] * (len(STEPS) - settled)
    return tuple(TrialStep(name=name, outcome=outcome) for name, outcome in zip(STEPS, outcomes, strict=True))


def _tools(stream: list[dict[str, Any]]) -> list[str]:
    blocks = [event["content_block"] for event in stream if event["type"] == "content_block_start"]
    return [block["name"] for block in blocks if block["type"] == "tool_use"]


def _texts(stream: list[dict[str, Any]]) -> list[str]:
    deltas = [event["delta"] for event in stream if event["type"] == "content_block_delta"]
    return [delta["text"] for delta in deltas if delta["type"] == "text_delta"]
