"""Speaks to a proxy of ours as a client would, for tests of a provider and for the first message a person sends.

Streams always; hands on each event as it comes. Knows nothing of providers. Counterparts: `trial.py` and the controller.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import aiohttp

from tray_app.translation import codec

USER_AGENT: Final = "dragoman-test"
ASKED_MODEL: Final = "claude-sonnet-4-5"  # what a client would ask for: the profile's map decides what is used
MAX_TOKENS: Final = 512  # a model that thinks first needs room before it says anything
ANSWER_BYTES: Final = 8 << 20
GREETING: Final = "Say hello in one short sentence."


class NoAnswerError(Exception):
    """There was no whole answer; the message is for a person, the provider's own words if there are any."""


def message(words: str) -> dict[str, Any]:
    """The body of a short request."""
    turn = {"role": "user", "content": words}
    return {"model": ASKED_MODEL, "max_tokens": MAX_TOKENS, "stream": True, "messages": [turn]}


async def send_test_message(url: str, token: str | None, hear: Callable[[str], None]) -> None:
    """Send a short message to a running proxy, as a client would; `hear` gets the answer piece by piece.

    Raises:
        NoAnswerError: the proxy or the provider refused, or the answer was cut.
    """

    def take(event: dict[str, Any]) -> None:
        if event["type"] == "error":
            raise NoAnswerError(str(event["error"]["message"]))
        if event["type"] == "content_block_delta" and event["delta"]["type"] == "text_delta":
            hear(event["delta"]["text"])

    await ask(f"{url}/v1/messages", token, message(GREETING), take)


async def ask(url: str, token: str | None, body: dict[str, Any], take: Callable[[dict[str, Any]], None]) -> None:
    """Send `body`; `take` gets the events of the answer, as they come.

    Raises:
        NoAnswerError: it is no stream, too long, or the connection ended early.
    """
    headers = {"content-type": "application/json", "user-agent": USER_AGENT} | ({"x-api-key": token} if token else {})
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=codec.dumps(body), headers=headers) as answer,
        ):
            if answer.content_type != "text/event-stream":
                raise NoAnswerError(_refusal(await answer.read()))
            await _read(answer, take)
    except aiohttp.ClientError as error:
        raise NoAnswerError(str(error)) from error


async def _read(answer: aiohttp.ClientResponse, take: Callable[[dict[str, Any]], None]) -> None:
    rest, seen = b"", 0
    async for data in answer.content.iter_any():
        seen += len(data)
        if seen > ANSWER_BYTES:
            raise NoAnswerError(f"the answer is longer than {ANSWER_BYTES >> 20} MiB")
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                take(codec.loads(line.removeprefix(b"data:")))


def _refusal(body: bytes) -> str:
    try:
        return str(codec.loads(body)["error"]["message"])
    except (codec.JSONError, KeyError, TypeError):
        return body[:200].decode(errors="replace")
