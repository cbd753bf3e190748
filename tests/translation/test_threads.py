"""Message threads, which nobody here can hold."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.builders import target
from tray_app.translation import codec
from tray_app.translation.errors import ApiError
from tray_app.translation.local.probe import is_probe
from tray_app.translation.request.admission import parse_request
from tray_app.translation.request.pipeline import translate
from tray_app.translation.thinking import ThinkingMemory
from tray_app.translation.threads import continues_thread, refuse_lost_thread

ASKED: dict[str, Any] = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
CONTINUED: dict[str, Any] = {**ASKED, "thread": {"type": "continue", "previous_message_id": "msg_1"}}


@pytest.mark.parametrize("thread", [None, {"type": "create"}, {}, "continue", ["continue"]])
def test_a_request_that_holds_its_whole_conversation_passes(thread: object) -> None:
    """Only `continue` leaves turns out."""
    refuse_lost_thread({**ASKED, "thread": thread})
    refuse_lost_thread(ASKED)


def test_the_rest_of_a_thread_is_refused_with_the_code_that_makes_clients_send_it_whole() -> None:
    """The SDKs look at `error.details.error_code` and replay the conversation."""
    with pytest.raises(ApiError) as caught:
        refuse_lost_thread(CONTINUED)
    error = caught.value.body("req_1")["error"]
    assert (caught.value.status, error["type"]) == (404, "not_found_error")
    assert error["details"] == {"error_code": "thread_not_found"}


def test_half_a_conversation_is_never_translated() -> None:
    """The first turn of a thread is whole and goes upstream, the rest does not."""
    first = {**ASKED, "thread": {"type": "create"}}
    translated = translate(first, target(), memory=ThinkingMemory())
    assert "thread" not in translated.body
    with pytest.raises(ApiError, match="send the whole conversation"):
        translate(CONTINUED, target(), memory=ThinkingMemory())


def test_the_rest_of_a_thread_may_hold_no_message() -> None:
    """A turn that was paused is continued with nothing new; an upstream that holds threads must see it."""
    assert continues_thread(parse_request(codec.dumps({**CONTINUED, "messages": []})))


def test_no_message_and_no_thread_is_refused() -> None:
    """A new thread has a first message, like any other request."""
    with pytest.raises(ApiError, match="at least one message"):
        parse_request(codec.dumps({**ASKED, "messages": [], "thread": {"type": "create"}}))


def test_a_short_turn_of_a_thread_is_no_probe() -> None:
    """The conversation before it is what its answer depends on."""
    probe = {**ASKED, "max_tokens": 1}
    assert is_probe(probe)
    assert not is_probe({**probe, "thread": CONTINUED["thread"]})
