"""The dialect of OpenAI-style chat completions: every request is translated, so is every answer.

Joins the pure pieces of `tray_app.translation` for one request at one profile; no network here. Its counterpart is
`exchange.py`.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from tray_app.proxy.endpoint.call import Call
from tray_app.proxy.exchange.outgoing import Outgoing, credential_header, merge_headers, own_headers
from tray_app.proxy.services import Services
from tray_app.proxy.upstream.addresses import endpoint
from tray_app.proxy.upstream.learning import keep
from tray_app.proxy.upstream.switchboard import ActiveProfile
from tray_app.translation import codec
from tray_app.translation.answer.answers import StreamedAnswer, WholeAnswer
from tray_app.translation.capabilities import Capabilities, resolve
from tray_app.translation.context import AnswerContext, Target
from tray_app.translation.errors import ApiError
from tray_app.translation.redaction import header_safe
from tray_app.translation.request.healing import heal
from tray_app.translation.request.model_map import resolve_model
from tray_app.translation.request.pipeline import Translated, translate
from tray_app.translation.upstream_errors.mapping import from_response
from tray_app.translation.usage import Usage, UsageSource


class CollectedAnswer(WholeAnswer):
    """A whole answer as the bytes of its JSON body."""

    def body(self) -> bytes:
        """The encoded Message.

        Raises:
            ApiError: the answer failed.
        """
        return codec.dumps(self.message())


class ChatDialect:
    """One Messages request at one chat-completions upstream."""

    def __init__(
        self, request: Mapping[str, Any], raw: bytes, ready: ActiveProfile, services: Services, call: Call
    ) -> None:
        self.asked_model: str = request["model"]
        self.upstream_model = upstream_model(self.asked_model, ready)
        self._request = request
        self._ready = ready
        self._services = services
        self._call = call
        self._capabilities = self._resolved()
        self._translated: Translated | None = None

    def _resolved(self) -> Capabilities:
        return capabilities_of(self._ready, self.upstream_model)

    def outgoing(self) -> Outgoing:
        """See `Dialect`."""
        translated = self._translated = self._translate()
        capabilities = self._capabilities
        ours = own_headers(streams=bool(translated.body.get("stream")))
        return Outgoing(
            url=endpoint(self._ready.base, capabilities.path, capabilities.query),
            headers=lambda token: merge_headers(
                credential_header(capabilities.auth, token),
                ours,
                capabilities.headers,
                translated.headers,
                self._ready.headers,
            ),
            payload=translated.payload(),
            answer=lambda: self._answer(translated.context),
        )

    def _translate(self) -> Translated:
        return translate(
            self._request,
            Target(
                provider=self._ready.profile.id,
                model=self.upstream_model,
                capabilities=self._capabilities,
                label=self._ready.profile.name,
            ),
            memory=self._services.memory,
            betas=self._call.betas,
            session=self._call.session,
            token_ratio=self._ready.learned.ratio(self.upstream_model),
        )

    def _answer(self, context: AnswerContext) -> StreamedAnswer | CollectedAnswer:
        if context.stream:
            context.input_estimate()  # a stream begins with it, and nobody waits for it yet
        kind = StreamedAnswer if context.stream else CollectedAnswer
        return kind(context, new_id=self._services.ids, request_id=self._call.id, memory=self._services.memory)

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes, secrets: tuple[str, ...]) -> ApiError:
        """See `Dialect`."""
        asked = self._request.get("max_tokens")
        return from_response(
            status,
            headers,
            body,
            provider=self._ready.profile.name,
            estimate=self._estimate,
            context_window=self._capabilities.context_window,
            asked_max_tokens=asked if isinstance(asked, int) else 0,
            empty_overflow=self._capabilities.empty_overflow,
            path=endpoint(self._ready.base, self._capabilities.path).raw_path,
            secrets=secrets,
        )

    def _estimate(self) -> int:
        return self._translated.context.input_estimate() if self._translated else 0

    def heal(self, status: int, body: bytes) -> str | None:
        """See `Dialect`."""
        if self._translated is None:
            return None
        words = body.decode(errors="replace")
        found = heal(status, words, self._translated.body, self._capabilities, self._estimate)
        if found is None:
            return None
        self._ready.learned.note(self.upstream_model, found.learned)
        self._capabilities = self._resolved()
        return found.note

    def learn(self, usage: Usage) -> None:
        """See `Dialect`."""
        if self._translated is not None and usage.source is UsageSource.REPORTED:
            self._ready.learned.observe(self.upstream_model, self._translated.estimate, prompt_tokens(usage))

    def losses(self) -> tuple[str, ...]:
        """See `Dialect`."""
        return self._translated.context.losses.as_tuple() if self._translated else ()

    def answer_headers(self, upstream: Mapping[str, str]) -> dict[str, str]:
        """See `Dialect`."""
        return {
            "x-dragoman-upstream-model": header_safe(self.upstream_model),
            "x-dragoman-losses": self._translated.context.losses.header() if self._translated else "",
            "x-upstream-request-id": header_safe(upstream.get("x-request-id", "")),
        }


def upstream_model(asked: str, ready: ActiveProfile) -> str:
    """The upstream's id for the model the client asked for, by the profile's map (R-MOD-1)."""
    models = ready.profile.models
    roles = {"opus": models.opus, "sonnet": models.sonnet, "haiku": models.haiku}
    # What the model list offered under an alias must lead back to the model it stands for (R-MDL-2).
    exact = ChainMap(models.exact, ready.catalog.aliases)  # not one dict: an upstream may list thousands
    return resolve_model(asked, exact=exact, globs=models.globs, roles=roles, default=models.default)


def capabilities_of(ready: ActiveProfile, model: str) -> Capabilities:
    """What this upstream accepts for `model`, with the profile's overrides and what was learned; kept until more is."""
    learned = ready.learned.overrides(model)
    kept = ready.resolved.get(model)
    if kept is not None and kept[0] == learned:
        return kept[1]
    found = resolve(ready.base.authority, model, overrides=ready.profile.capabilities, learned=learned)
    keep(ready.resolved, model, (learned, found))
    return found


def prompt_tokens(usage: Usage) -> int:
    """The whole prompt of a usage in Anthropic's terms (R-USE-2)."""
    return usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens
