"""The answers that need no upstream: Claude Code's quota probe, and a web search nobody here can run.

What they say is the translation's; here they become HTTP answers, JSON or events as the client asked (D17).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tray_app.profiles.model import ApiKind
from tray_app.proxy.endpoint.call import EVENT_STREAM_TYPE, Call
from tray_app.proxy.endpoint.request import Reply
from tray_app.translation.local.messages import message_events
from tray_app.translation.local.probe import is_probe, probe_message
from tray_app.translation.local.server_tools import is_search_only, unavailable_answer


class LocalReply(NamedTuple):
    """A Message made here, and what kind of request it answers, for the screen."""

    route: str
    message: Mapping[str, Any]


def local_reply(request: Mapping[str, Any], api: ApiKind, new_id: Callable[[], str]) -> LocalReply | None:
    """The local answer to an admitted request, or None: it goes upstream."""
    if is_probe(request):
        return LocalReply("probe", probe_message(request, new_id))
    if api is not ApiKind.ANTHROPIC and is_search_only(request):
        return LocalReply("search", unavailable_answer(request, new_id))
    return None


def reply_with(call: Call, message: Mapping[str, Any], *, stream: bool) -> Reply:
    """A Message as the client asked for it."""
    if not stream:
        return call.json(message)
    headers = call.headers({"Content-Type": EVENT_STREAM_TYPE, "Cache-Control": "no-cache"})
    return Reply(body=message_events(message), headers=headers)
