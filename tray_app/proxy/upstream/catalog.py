"""Which models a profile can be asked for: those its map names, and those its upstream lists.

The upstream's list is fetched when somebody first asks, kept for a while, and never waited for if there is anything to
answer with: Claude Code gives the model list three seconds (R-MDL-4). `fetch_models` is also what fills the editor's fields.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import aiohttp

from tray_app.profiles.credentials import CredentialError
from tray_app.profiles.model import ApiKind, ModelMap
from tray_app.proxy.exchange.outgoing import USER_AGENT, credential_header, merge_headers
from tray_app.proxy.tasks import spawn
from tray_app.proxy.upstream.addresses import InvalidUpstreamError, endpoint, models_endpoint
from tray_app.translation import codec, failures
from tray_app.translation.capabilities import Capabilities, resolve
from tray_app.translation.errors import ApiError
from tray_app.translation.local.models_list import aliases
from tray_app.translation.request.admission import MODEL_MAX_CHARS
from tray_app.translation.upstream_errors.mapping import from_response

if TYPE_CHECKING:
    from tray_app.proxy.upstream.switchboard import ActiveProfile

PATIENCE_S: Final = 2.0
FETCH_S: Final = 15.0
FRESH_S: Final = 600.0
LIST_BYTES: Final = 8 << 20  # OpenRouter's list, descriptions included, is under 1 MiB
MODELS_MAX: Final = 2000

_log = logging.getLogger(__name__)


class Catalog:
    """The models of one profile.

    Attributes:
        models: upstream ids, the named ones first, each once.
        aliases: ids under which Claude Code shows them -> upstream id (R-MDL-2).
    """

    def __init__(self, named: Iterable[str]) -> None:
        self._named = tuple(named)
        self._asked_at: float | None = None
        self.models: tuple[str, ...] = ()
        self.aliases: dict[str, str] = {}
        self.learn(())

    def learn(self, listed: Iterable[str]) -> None:
        """Take over the upstream's list."""
        self.models = tuple(dict.fromkeys((*self._named, *listed)))
        self.aliases = aliases(self.models)

    def is_stale(self, now: float) -> bool:
        """Whether the upstream should be asked (again); says so once per `FRESH_S`."""
        if self._asked_at is not None and now - self._asked_at < FRESH_S:
            return False
        self._asked_at = now
        return True


def models_of(models: ModelMap) -> tuple[str, ...]:
    """The upstream models a profile names, in the order of its map, each once."""
    named = (models.opus, models.sonnet, models.haiku, models.default, *models.exact.values())
    patterns = (target for _, target in models.globs)
    return tuple(dict.fromkeys(model for model in (*named, *patterns) if model))


async def known_models(ready: ActiveProfile, now: float) -> tuple[str, ...]:
    """What can be answered now; waits for the upstream only when nothing is known, and not for long."""
    if ready.catalog.is_stale(now):
        fetching = spawn(_refresh(ready), name=f"models of {ready.profile.id}")
        if not ready.catalog.models:
            await asyncio.wait([fetching], timeout=PATIENCE_S)
    return ready.catalog.models


async def _refresh(ready: ActiveProfile) -> None:
    try:
        ready.catalog.learn(await fetch_models(ready))
    except ApiError as error:
        _log.info("models of %s: %s", ready.profile.id, error.message)


async def fetch_models(ready: ActiveProfile) -> tuple[str, ...]:
    """The ids the upstream lists.

    Raises:
        ApiError: it refuses, does not answer in time, or its answer is no list of models.
    """
    base = ready.base
    try:
        async with asyncio.timeout(FETCH_S):
            status, headers, body = await _get(ready)
    except TimeoutError:
        raise failures.timed_out("first_byte", FETCH_S) from None
    except CredentialError as error:
        raise failures.credential_failed(error.message, error.hint) from None
    except InvalidUpstreamError as error:
        raise failures.bad_base_url(str(error)) from None
    except (aiohttp.ClientError, OSError) as error:
        raise failures.connect_failed(base.host or "", base.port or 0, str(error)) from None
    if status != 200:
        raise from_response(status, headers, body, provider=ready.profile.name, path=_url(ready).raw_path)
    return _ids(body)


async def _get(ready: ActiveProfile) -> tuple[int, Any, bytes]:
    connections = ready.pool.hold()
    try:
        token = await ready.credential.token()
        request = connections.session.get(
            _url(ready),
            headers=_headers(ready, token),
            allow_redirects=False,
            proxy=connections.proxy,
        )
        async with request as response:
            return response.status, response.headers, await _bounded(response)
    finally:
        connections.release()


def _url(ready: ActiveProfile) -> Any:
    if ready.profile.api is ApiKind.ANTHROPIC:
        return models_endpoint(ready.base)
    path = _capabilities(ready).models_path
    return endpoint(ready.base.with_path("/") if path else ready.base, path or "/models")


def _capabilities(ready: ActiveProfile) -> Capabilities:
    return resolve(ready.base.authority, "", overrides=ready.profile.capabilities)


def _headers(ready: ActiveProfile, token: str | None) -> dict[str, str]:
    capabilities = _capabilities(ready)
    both = ready.profile.api is ApiKind.ANTHROPIC
    return merge_headers(
        {"User-Agent": USER_AGENT, "Accept": "application/json"},
        {"anthropic-version": "2023-06-01"} if both else {},
        capabilities.headers,
        credential_header("x-api-key" if both and capabilities.auth == "bearer" else capabilities.auth, token),
        ready.headers,
    )


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for data in response.content.iter_any():
        body += data
        if len(body) > LIST_BYTES:
            raise failures.too_much(LIST_BYTES)
    return bytes(body)


def _ids(body: bytes) -> tuple[str, ...]:
    """The ids of a list in OpenAI's or Anthropic's form, or of a bare array (Together); Gemini's ``models/`` is cut off."""
    try:
        value = codec.loads(body)
    except codec.JSONError:
        raise failures.not_an_answer("no JSON") from None
    entries = value.get("data") or value.get("models") if isinstance(value, dict) else value
    if not isinstance(entries, list):
        raise failures.not_an_answer("no list of models")
    found = (entry.get("id") or entry.get("name") for entry in entries if isinstance(entry, dict))
    ids = (name.removeprefix("models/") for name in found if isinstance(name, str) and 0 < len(name) <= MODEL_MAX_CHARS)
    return tuple(dict.fromkeys(ids))[:MODELS_MAX]
