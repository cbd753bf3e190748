"""A trial tells the truth about a provider, in the provider's own words."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest

from helpers.answers import DONE, call, finish, usage
from helpers.fake_upstream import HELLO, FakeUpstream, Peer, Script, answers, streams
from helpers.proxy_stack import KEY, FixedCredential, profile
from helpers.waiting import soon
from tray_app.profiles.credentials import CredentialError
from tray_app.profiles.model import ModelMap
from tray_app.proxy.events import ErrorInfo, TrialOutcome, TrialReport, TrialStep
from tray_app.proxy.ids import new_id
from tray_app.proxy.tasks import spawn
from tray_app.proxy.upstream.trial import (
    STEPS,
    TOOL_NAME,
    WORDS_LIMIT,
    Tell,
    failed_step,
    list_models,
    tell_nobody,
    try_profile,
)
from tray_app.translation.errors import ApiError

CALLED = (call("{}", id="call_1", name=TOOL_NAME), finish("tool_calls"), usage(), DONE)
OUTCOMES = {TrialOutcome.OK: "+", TrialOutcome.FAILED: "-", TrialOutcome.UNKNOWN: "?"}


async def tried(
    base_url: str, *, credential: Any = None, timeout_s: float = 20.0, tell: Tell = tell_nobody, **fields: Any
) -> TrialReport:
    """The report for a provider at this address."""
    return await try_profile(
        profile(base_url, **fields),
        credential or FixedCredential(KEY),
        clock=time.monotonic,
        now=time.time,
        ids=new_id,
        timeout_s=timeout_s,
        tell=tell,
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


async def test_the_questions_are_answered_one_after_the_other() -> None:
    """As the answer comes: who waits sees how far it is. What fails in the end was not said before."""
    told: list[str] = []

    def tell(steps: tuple[TrialStep, ...]) -> None:
        told.append("".join(OUTCOMES[step.outcome] for step in steps))

    async with FakeUpstream(streams(*HELLO)) as upstream:
        report = await tried(upstream.url, tell=tell)
    assert list(dict.fromkeys(told)) == ["+++??", "++++?"]
    assert marks(report) == "++++-"


@pytest.mark.parametrize("times", [1, 20])
async def test_a_trial_can_be_given_up(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing keeps running, and the provider's connection is closed; even if it is given up while it is giving up."""
    asked, gone = asyncio.Event(), asyncio.Event()
    made: list[aiohttp.ClientSession] = []

    def remember(session: aiohttp.ClientSession, *args: Any, **kwargs: Any) -> None:
        made.append(session)
        init(session, *args, **kwargs)

    init = aiohttp.ClientSession.__init__
    monkeypatch.setattr(aiohttp.ClientSession, "__init__", remember)

    async def silent(peer: Peer) -> None:
        asked.set()
        await peer.gone.wait()
        gone.set()

    async with FakeUpstream(silent) as upstream:
        trial = spawn(tried(upstream.url), name="trial")
        await asyncio.wait_for(asked.wait(), 5)
        for _ in range(times):
            trial.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await trial
        await asyncio.wait_for(gone.wait(), 5)
    await soon(lambda: [session.closed for session in made] == [True, True], "both sessions close")


async def test_models_are_listed_before_anything_is_saved() -> None:
    """With the key that was typed; a refusal keeps the provider's words."""
    async with FakeUpstream(answers(200, {"data": [{"id": "a"}, {"id": "b"}]})) as upstream:
        assert await list_models(profile(upstream.url), FixedCredential(KEY)) == ("a", "b")
        assert upstream.received[0].headers["authorization"] == f"Bearer {KEY}"
    async with FakeUpstream(answers(403, {"error": {"message": "not for you"}})) as upstream:
        with pytest.raises(ApiError) as caught:
            await list_models(profile(upstream.url), FixedCredential(KEY))
    assert (caught.value.upstream_status, "not for you" in (caught.value.upstream_text or "")) == (403, True)
