"""What goes to an upstream and how its answer is read: one value per attempt, made by a dialect.

A dialect is one protocol of upstreams: OpenAI-style chat completions (`chat.py`) or Anthropic's own (`relay.py`). The
exchange knows only what is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

import msgspec
from yarl import URL

from tray_app import __version__
from tray_app.translation.answer.answers import AnswerSummary
from tray_app.translation.errors import ApiError
from tray_app.translation.usage import Usage

USER_AGENT: Final = f"dragoman/{__version__}"


class Answer(Protocol):
    """The reading side of one answer; see `translation/answer/answers.py` for the contract of each member."""

    @property
    def started(self) -> bool: ...
    @property
    def done(self) -> bool: ...
    @property
    def awaiting_usage(self) -> bool: ...
    @property
    def flowing(self) -> bool: ...
    @property
    def failure(self) -> ApiError | None: ...
    @property
    def output_bytes(self) -> int: ...
    @property
    def summary(self) -> AnswerSummary: ...


class StreamAnswer(Answer, Protocol):
    """An answer that is written as it comes."""

    def start(self) -> bytes: ...
    def feed(self, data: bytes) -> bytes: ...
    def close(self) -> bytes: ...
    def fail(self, error: ApiError) -> bytes: ...


class BodyAnswer(Answer, Protocol):
    """An answer that is collected and sent as one JSON body."""

    def feed(self, data: bytes) -> None: ...
    def close(self) -> None: ...
    def fail(self, error: ApiError) -> None: ...
    def body(self) -> bytes: ...


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One upstream request. `headers` makes them for a credential; `answer` makes what reads the response."""

    url: URL
    headers: Callable[[str | None], dict[str, str]]
    payload: bytes
    answer: Callable[[], StreamAnswer | BodyAnswer]


class Dialect(Protocol):
    """How one client request is said to one profile's upstream.

    Attributes:
        asked_model: the client's model id.
        upstream_model: the upstream's.
    """

    asked_model: str
    upstream_model: str

    def outgoing(self) -> Outgoing:
        """The request with what is known now; asked again after `heal`.

        Raises:
            ApiError: it cannot be said to this upstream.
        """

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes, secrets: tuple[str, ...]) -> ApiError:
        """The error of an answer that is no success."""

    def heal(self, status: int, body: bytes) -> str | None:
        """Learn from a refusal: what to say differently, in words for the log; None if nothing (R-PRO-1)."""

    def learn(self, usage: Usage) -> None:
        """Learn from a finished answer (R-USE-10)."""

    def losses(self) -> tuple[str, ...]:
        """What the translation could not carry, so far."""

    def answer_headers(self, upstream: Mapping[str, str]) -> dict[str, str]:
        """Headers for the client, from the upstream's (empty when there is no answer yet)."""


def own_headers(*, streams: bool) -> dict[str, str]:
    """What every upstream request has (R-UP-1). A compressed stream would hold events back, so none is asked for."""
    return {
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json",
        "Accept": "text/event-stream" if streams else "application/json",
        "Accept-Encoding": "identity" if streams else "gzip, deflate",
    }


def credential_header(auth: str, token: str | None) -> dict[str, str]:
    """The header that carries the key, if there is one to carry; `auth` as in `Capabilities.auth`."""
    if token is None or auth == "none":
        return {}
    if auth == "bearer":
        return {"Authorization": f"Bearer {token}"}
    return {auth: token}


def merge_headers(*layers: Mapping[str, str]) -> dict[str, str]:
    """One set of headers from several, later over earlier, whatever their case."""
    merged: dict[str, tuple[str, str]] = {}
    for layer in layers:
        for name, value in layer.items():
            merged[name.lower()] = (name, value)
    return dict(merged.values())
