"""An answer that also tells a recording what came from the upstream and what went to the client.

Put around an answer only while bodies are recorded, so that others pay nothing. What the exchange writes of its own accord
(pings) is not recorded. Counterparts: `sender.py`, which puts it there, and `proxy/recorder.py`.
"""

from __future__ import annotations

from typing import Generic, TypeVar, cast

from tray_app.proxy.exchange.outgoing import Answer, BodyAnswer, StreamAnswer
from tray_app.proxy.recorded import Side
from tray_app.proxy.recorder import Recording
from tray_app.translation.answer.answers import AnswerSummary
from tray_app.translation.errors import ApiError

A = TypeVar("A", bound=Answer)


def recorded(answer: StreamAnswer | BodyAnswer, recording: Recording) -> StreamAnswer | BodyAnswer:
    """The same answer, recorded."""
    if hasattr(answer, "body"):
        return RecordedBody(cast(BodyAnswer, answer), recording)
    return RecordedStream(answer, recording)


class _Recorded(Generic[A]):
    def __init__(self, answer: A, recording: Recording) -> None:
        self._answer = answer
        self._recording = recording

    @property
    def started(self) -> bool:
        return self._answer.started

    @property
    def done(self) -> bool:
        return self._answer.done

    @property
    def awaiting_usage(self) -> bool:
        return self._answer.awaiting_usage

    @property
    def flowing(self) -> bool:
        return self._answer.flowing

    @property
    def failure(self) -> ApiError | None:
        return self._answer.failure

    @property
    def output_bytes(self) -> int:
        return self._answer.output_bytes

    @property
    def summary(self) -> AnswerSummary:
        return self._answer.summary


class RecordedStream(_Recorded[StreamAnswer]):
    """See `StreamAnswer`."""

    def start(self) -> bytes:
        return self._to_client(self._answer.start())

    def feed(self, data: bytes) -> bytes:
        self._recording.body(Side.UPSTREAM_ANSWER, data)
        return self._to_client(self._answer.feed(data))

    def close(self) -> bytes:
        return self._to_client(self._answer.close())

    def fail(self, error: ApiError) -> bytes:
        return self._to_client(self._answer.fail(error))

    def _to_client(self, data: bytes) -> bytes:
        self._recording.body(Side.CLIENT_ANSWER, data)
        return data


class RecordedBody(_Recorded[BodyAnswer]):
    """See `BodyAnswer`; what the client gets is recorded by the exchange."""

    def feed(self, data: bytes) -> None:
        self._recording.body(Side.UPSTREAM_ANSWER, data)
        self._answer.feed(data)

    def close(self) -> None:
        self._answer.close()

    def fail(self, error: ApiError) -> None:
        self._answer.fail(error)

    def body(self) -> bytes:
        return self._answer.body()
