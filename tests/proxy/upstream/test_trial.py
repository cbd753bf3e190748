"""A trial tells the truth about a provider, in the provider's own words."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from helpers.answers import DONE, call, finish, usage
from helpers.fake_upstream import HELLO, FakeUpstream, Peer, Script, answers, in_turn, streams
from helpers.proxy_stack import KEY, TOKEN, FixedCredential, profile, running
from tray_app.profiles.credentials import CredentialError
from tray_app.profiles.model import ModelMap
from tray_app.proxy.events import ErrorInfo, RequestFailed, RequestFinished, TrialOutcome, TrialReport
from tray_app.proxy.ids import new_id
from tray_app.proxy.upstream.trial import STEPS, TOOL_NAME, WORDS_LIMIT, failed_step, send_test_message, try_profile

CALLED = (call("{}", id="call_1", name=TOOL_NAME), finish("tool_calls"), usage(), DONE)
OUTCOMES = {TrialOutcome.OK: "+", TrialOutcome.FAILED: "-", TrialOutcome.UNKNOWN: "?"}


async def tried(base_url: str, *, credential: Any = None, timeout_s: float = 20.0, **fields: Any) -> TrialReport:
    """The report for a provider at this address."""
    return await try_profile(
        profile(base_url, **fields),
        credential or FixedCredential(KEY),
        clock=time.monotonic,
        now=time.time,
        ids=new_id,
        timeout_s=timeout_s,
    )


def marks(report: TrialReport) -> str:
    """+ yes, - no, ? not known, in the order of the questions."""
    assert tuple(step.name for step in report.steps) == STEPS
    return "".join(OUTCOMES[step.outcome] for step in report.steps)


def words(report: TrialReport) -> str:
    """What was said about the step that failed."""
    return next(step.words for step in report.steps if step.outcome is TrialOutcome.FAILED)


async def test_one_request_answers_all_five_questions() -> None:
    """It is real: the mapped model, the key, a stream, a tool."""
    seen: list[Any] = []

    async def script(peer: Peer) -> None:
        seen.append(peer.request)
        await streams(*CALLED)(peer)

    async with FakeUpstream(script) as upstream:
        report = await tried(upstream.url, models=ModelMap(default="big-model"))
    assert (marks(report), report.passed, report.upstream_model) == ("+++++", True, "big-model")
    (request,) = seen
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert (request.body["model"], request.body["stream"]) == ("big-model", True)
    assert request.body["tools"][0]["function"]["name"] == TOOL_NAME


@pytest.mark.parametrize(
    ("script", "outcome", "said"),
    [
        (answers(401, {"error": {"message": "bad key"}}), "+-???", "401: "),
        (answers(403, {"error": {"message": "not for you"}}), "+-???", "403: "),
        (answers(404, {"error": {"message": "no such model"}}), "++-??", "404: "),
        (streams(*HELLO), "++++-", "Hello"),
    ],
)
async def test_a_refusal_is_the_answer_to_one_question(script: Script, outcome: str, said: str) -> None:
    """With the status and the provider's words; what would come after is not known."""
    async with FakeUpstream(script) as upstream:
        report = await tried(upstream.url)
    assert marks(report) == outcome
    assert words(report).startswith(said)
    assert report.passed is False


async def test_a_provider_that_only_refuses_tools_is_told_apart() -> None:
    """The request without the tool works, and the words are those of the refusal."""
    refused = answers(422, {"error": {"message": "this deployment takes no functions"}})

    async def script(peer: Peer) -> None:
        await (refused if "tools" in peer.request.body else streams(*HELLO))(peer)

    async with FakeUpstream(script) as upstream:
        report = await tried(upstream.url)
    assert marks(report) == "++++-"
    assert "takes no functions" in words(report)


async def test_a_provider_that_fails_either_way_does_not_stream() -> None:
    """Nothing is blamed on the tool then."""
    async with FakeUpstream(answers(500, {"error": {"message": "on fire"}})) as upstream:
        report = await tried(upstream.url)
    assert marks(report) == "+++-?"
    assert "on fire" in words(report)


async def test_an_address_nobody_listens_on_is_not_reachable() -> None:
    """Neither is one that is no address at all."""
    async with FakeUpstream(streams(*HELLO)) as upstream:
        url = upstream.url
    for address in (url, "nonsense"):
        report = await tried(address)
        assert marks(report) == "-????"
        assert words(report)


async def test_a_key_that_cannot_be_had_is_a_question_of_the_key() -> None:
    """The provider was not asked."""

    class NoKey:
        async def token(self, *, refresh: bool = False) -> str | None:
            raise CredentialError("No key is stored.", "Enter it.")

    async with FakeUpstream(streams(*HELLO)) as upstream:
        report = await tried(upstream.url, credential=NoKey())
    assert marks(report) == "+-???"
    assert "No key is stored" in words(report)


async def test_a_silent_provider_ends_the_trial() -> None:
    """In a bounded time."""

    async def silent(peer: Peer) -> None:
        await peer.gone.wait()

    async with FakeUpstream(silent) as upstream:
        report = await tried(upstream.url, timeout_s=0.3)
    assert marks(report) == "+++-?"
    assert "0 s" in words(report)


async def test_long_words_are_cut() -> None:
    """A web page is not shown whole."""
    async with FakeUpstream(answers(401, {"error": {"message": "x" * 5_000}})) as upstream:
        assert len(words(await tried(upstream.url))) <= WORDS_LIMIT


@pytest.mark.parametrize(
    ("fields", "step"),
    [
        ({"type": "timeout_error", "fault": "upstream"}, "stream"),
        ({"type": "api_error", "fault": "upstream"}, "reachable"),
        ({"type": "billing_error", "fault": "upstream", "upstream_status": 402}, "key"),
        ({"type": "rate_limit_error", "fault": "upstream", "upstream_status": 429}, "stream"),
    ],
)
def test_each_error_answers_one_question(fields: dict[str, Any], step: str) -> None:
    """By whose answer it is known."""
    assert failed_step(ErrorInfo(message="", status=500, **fields)) == step


async def test_a_test_message_is_an_ordinary_request() -> None:
    """It goes through the running proxy and into its log."""
    async with FakeUpstream(in_turn(streams(*HELLO))) as upstream, running(profile(upstream.url)) as proxy:
        await send_test_message(proxy.url, TOKEN)
        event = await asyncio.wait_for(proxy.event(RequestFinished), 5)
    assert event.status == 200


async def test_a_refused_test_message_ends_quietly() -> None:
    """Its error is in the log of requests, where the user looks."""
    async with FakeUpstream(answers(401, {"error": {"message": "bad"}})) as upstream:
        async with running(profile(upstream.url)) as proxy:
            await send_test_message(proxy.url, TOKEN)
            assert proxy.events(RequestFailed)[0].status == 401
