"""The routes beside Messages: count_tokens, the model list, and the signs of life. All answer at once, from what is known.

An upstream is asked only for what it alone can say: its models (`catalog.py`), and the token counts of an Anthropic-style one
(R-CNT-2).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from tray_app import __version__
from tray_app.profiles.model import ApiKind
from tray_app.proxy.endpoint.call import Call
from tray_app.proxy.endpoint.counting import count_upstream
from tray_app.proxy.endpoint.request import Reply
from tray_app.proxy.exchange.chat import upstream_model
from tray_app.proxy.exchange.journal import Journal, Outcome
from tray_app.proxy.exchange.selection import pick
from tray_app.proxy.services import Services
from tray_app.proxy.upstream.catalog import known_models
from tray_app.translation import failures
from tray_app.translation.errors import ApiError
from tray_app.translation.local.models_list import UNNAMED, find_model, model_entries, models_page
from tray_app.translation.request.admission import parse_count_request
from tray_app.translation.tokens import estimate_request

_log = logging.getLogger(__name__)


async def answer_side_route(services: Services, call: Call) -> Reply:
    """Answer a request that passed the locks and is not a Messages request."""
    try:
        return await _ROUTES[call.route.name](services, call)
    except ApiError as error:
        Journal(services.hub, services.clock, call).failed(error, Outcome(), secrets=())
        return call.error(error)
    except asyncio.CancelledError:
        raise
    except Exception:  # noqa: BLE001 - the same boundary as an exchange's
        _log.exception("request %s failed inside the proxy", call.id)
        return call.error(failures.internal_error())


async def _count_tokens(services: Services, call: Call) -> Reply:
    body = await call.body()  # always read: an unread body breaks the connection for the next request (D20)
    request = parse_count_request(body)
    ready = pick(services, call)
    model = upstream_model(request["model"], ready)
    if ready.profile.api is ApiKind.ANTHROPIC:
        counted = await count_upstream(services, call, ready, request, body)
        if counted is not None:
            return call.raw(counted)
    return call.json({"input_tokens": estimate_request(request, ready.learned.ratio(model))})


async def _models(services: Services, call: Call) -> Reply:
    return call.json(models_page(await _entries(services, call), call.request.query, _wants_openai(call)))


async def _model(services: Services, call: Call) -> Reply:
    return call.json(find_model(await _entries(services, call), call.route.tail, _wants_openai(call)))


async def _entries(services: Services, call: Call) -> list[dict[str, Any]]:
    return model_entries(await known_models(pick(services, call), services.clock()) or UNNAMED)


def _wants_openai(call: Call) -> bool:
    return "anthropic-version" not in call.request.headers  # R-MDL-3


async def _hello(services: Services, call: Call) -> Reply:
    return _sign_of_life(call, {})


async def _root(services: Services, call: Call) -> Reply:
    return _sign_of_life(call, {"service": "dragoman"})


async def _health(services: Services, call: Call) -> Reply:
    return _sign_of_life(call, {"status": "ok", "version": __version__})


def _sign_of_life(call: Call, value: dict[str, Any]) -> Reply:
    if call.request.method == "HEAD":
        return call.raw(b"")
    return call.json(value)


_Handler = Callable[[Services, Call], Awaitable[Reply]]
_ROUTES: Final[dict[str, _Handler]] = {
    "count_tokens": _count_tokens,
    "models": _models,
    "model": _model,
    "hello": _hello,
    "root": _root,
    "healthz": _health,
}
