"""Message threads: conversations of which a client sends only the newest turn, because the server holds the rest.

No chat upstream holds one, and neither do we. The first turn of a thread is whole, so it is translated; a later one names
a thread that is not here, and its client, told so by Anthropic's error code, sends the whole conversation again (the tool
runner of the TypeScript SDK then goes on without threads). Answering it would answer half a conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tray_app.translation.errors import ApiError


def continues_thread(request: Mapping[str, Any]) -> bool:
    """Whether the request holds only the turns after a response that the server is to remember."""
    thread = request.get("thread")
    return isinstance(thread, dict) and thread.get("type") == "continue"


def refuse_lost_thread(request: Mapping[str, Any]) -> None:
    """Let every request pass that holds its whole conversation.

    Raises:
        ApiError: 404 with the code ``thread_not_found``: the request continues a thread.
    """
    if continues_thread(request):
        raise ApiError(
            "not_found_error",
            "thread.previous_message_id: this provider keeps no message threads; send the whole conversation, "
            'with {"type": "create"} or without `thread`',
            code="thread_not_found",
        )
