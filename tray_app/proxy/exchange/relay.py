"""The dialect of upstreams that speak Anthropic Messages themselves: the bytes go through, unless something must change.

What must change and why is in `translation/passthrough.py` (spec section 34). Its counterpart is `exchange.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yarl import URL

from tray_app.proxy.endpoint.call import Call, VerbatimError
from tray_app.proxy.exchange.chat import capabilities_of, prompt_tokens, upstream_model
from tray_app.proxy.exchange.outgoing import Outgoing, credential_header, merge_headers, own_headers
from tray_app.proxy.services import Services
from tray_app.proxy.upstream.addresses import messages_endpoint
from tray_app.proxy.upstream.switchboard import ActiveProfile
from tray_app.translation import codec
from tray_app.translation.capabilities import UNKNOWN_PROVIDER, Capabilities, provider_of
from tray_app.translation.context import AnswerContext, Target
from tray_app.translation.errors import ApiError
from tray_app.translation.losses import Losses
from tray_app.translation.passthrough.request import (
    PassthroughAnswer,
    PassthroughBody,
    auth_kind,
    edit_request,
    forward_headers,
    is_verbatim_error,
    rectify,
    relay_headers,
)
from tray_app.translation.redaction import header_safe
from tray_app.translation.tokens import PromptEstimate
from tray_app.translation.upstream_errors.mapping import from_response
from tray_app.translation.usage import Usage, UsageSource


class RelayDialect:
    """One Messages request at one Anthropic-style upstream."""

    def __init__(
        self, request: Mapping[str, Any], raw: bytes, ready: ActiveProfile, services: Services, call: Call
    ) -> None:
        self.asked_model: str = request["model"]
        self.upstream_model = upstream_model(self.asked_model, ready)
        self._request = request
        self._raw = raw
        self._ready = ready
        self._services = services
        self._call = call
        self._rectified = False
        self._losses = Losses()
        self._estimate = PromptEstimate(request, ready.learned.ratio(self.upstream_model))
        self._capabilities = capabilities_of(ready, self.upstream_model)

    def outgoing(self) -> Outgoing:
        """See `Dialect`."""
        return Outgoing(
            url=messages_url(self._call, self._ready),
            headers=lambda token: relay_request_headers(self._call, self._ready, self._capabilities, token),
            payload=edit_request(
                self._raw,
                self._request,
                upstream_model=self.upstream_model,
                capabilities=self._capabilities,
                losses=self._losses,
            ),
            answer=self._answer,
        )

    def _answer(self) -> PassthroughAnswer | PassthroughBody:
        stream = bool(self._request.get("stream"))
        context = AnswerContext(
            client_model=self.asked_model,
            target=Target(
                provider=self._ready.profile.name, model=self.upstream_model, capabilities=self._capabilities
            ),
            stream=stream,
            input_estimate=self._estimate,
            max_tokens=self._request.get("max_tokens") or 0,
            losses=self._losses,
        )
        kind = PassthroughAnswer if stream else PassthroughBody
        return kind(context, new_id=self._services.ids, request_id=self._call.id, memory=self._services.memory)

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes, secrets: tuple[str, ...]) -> ApiError:
        """See `Dialect`."""
        error = from_response(
            status,
            headers,
            body,
            provider=self._ready.profile.name,
            estimate=self._estimate,
            context_window=self._capabilities.context_window,
            path=messages_url(self._call, self._ready).raw_path,
            secrets=secrets,
        )
        if status < 400 or not is_verbatim_error(status, body, secrets):
            return error
        error.status = status
        return VerbatimError(error, body, relay_headers(headers, status))

    def heal(self, status: int, body: bytes) -> str | None:
        """See `Dialect`; here once, by R-PAS-6."""
        changed = None if self._rectified else rectify(status, body.decode(errors="replace"), self._request)
        if changed is None:
            return None
        self._rectified = True
        self._request, self._raw = changed, codec.dumps(changed)
        return "the thinking was refused and is mended"

    def learn(self, usage: Usage) -> None:
        """See `Dialect`."""
        if usage.source is UsageSource.REPORTED:
            self._ready.learned.observe(self.upstream_model, self._estimate, prompt_tokens(usage))

    def losses(self) -> tuple[str, ...]:
        """See `Dialect`."""
        return self._losses.as_tuple()

    def answer_headers(self, upstream: Mapping[str, str]) -> dict[str, str]:
        """See `Dialect`. The request id stays ours: the log, the screen and the error bodies name it."""
        relayed = relay_headers(upstream)
        their_id = relayed.pop("request-id", "")
        relayed.pop("content-type", None)
        return {
            **relayed,
            "x-dragoman-upstream-model": header_safe(self.upstream_model),
            "x-dragoman-losses": self._losses.header(),
            "x-upstream-request-id": header_safe(their_id),
        }


def messages_url(call: Call, ready: ActiveProfile, tail: str = "") -> URL:
    """The upstream's Messages endpoint, or what `tail` names below it, with the client's query."""
    return messages_endpoint(ready.base, tail, call.request.query_string)


def relay_request_headers(
    call: Call, ready: ActiveProfile, capabilities: Capabilities, token: str | None
) -> dict[str, str]:
    """The headers for the upstream: the client's own that matter to it, our credential, the profile's extra ones."""
    # An endpoint nobody knows is most likely one like Anthropic's, whose SDKs send x-api-key.
    unknown = provider_of(ready.base.authority) == UNKNOWN_PROVIDER and "auth" not in ready.profile.capabilities
    auth = auth_kind("x-api-key" if unknown else capabilities.auth, token)
    return merge_headers(
        own_headers(streams=True),
        {"anthropic-version": "2023-06-01"},
        forward_headers(call.request.headers, token),
        capabilities.headers,
        credential_header(auth, token),
        ready.headers,
    )
