"""Asks an Anthropic-style upstream to count tokens (R-CNT-2). When it cannot, the caller estimates: a count never fails.

Never calls an endpoint that generates (R-CNT-5).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from tray_app.profiles.credentials import CredentialError
from tray_app.proxy.endpoint.call import Call
from tray_app.proxy.exchange.chat import capabilities_of, upstream_model
from tray_app.proxy.exchange.relay import messages_url, relay_request_headers
from tray_app.proxy.services import Services
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.proxy.upstream.switchboard import ActiveProfile
from tray_app.translation import codec
from tray_app.translation.losses import Losses
from tray_app.translation.passthrough.request import edit_request

PATIENCE_S: Final = 10.0  # Claude Code sends some 25 of these at once and waits for all
ANSWER_BYTES: Final = 1 << 16

_log = logging.getLogger(__name__)


async def count_upstream(
    services: Services, call: Call, ready: ActiveProfile, request: Mapping[str, Any], raw: bytes
) -> bytes | None:
    """The upstream's answer if it is a count, else None."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await _ask(call, ready, request, raw)
    except (aiohttp.ClientError, OSError, CredentialError, InvalidUpstreamError) as error:
        _log.info("count_tokens at %s: %s; estimating", ready.profile.id, type(error).__name__)
        return None


async def _ask(call: Call, ready: ActiveProfile, request: Mapping[str, Any], raw: bytes) -> bytes | None:
    model = upstream_model(request["model"], ready)
    capabilities = capabilities_of(ready, model)
    headers = relay_request_headers(call, ready, capabilities, await ready.credential.token())
    payload = edit_request(raw, request, upstream_model=model, capabilities=capabilities, losses=Losses())
    connections = ready.pool.hold()
    try:
        wire = await connections.connect()
        response = await wire.post(messages_url(call, ready, "/count_tokens"), headers, payload)
        try:
            answer = await response.content.read(ANSWER_BYTES)
        finally:
            response.close()
        return answer if response.status == 200 and _is_count(answer) else None
    finally:
        connections.release()


def _is_count(answer: bytes) -> bool:
    try:
        value = codec.loads(answer)
    except codec.JSONError:
        return False
    return isinstance(value, dict) and isinstance(value.get("input_tokens"), int)
