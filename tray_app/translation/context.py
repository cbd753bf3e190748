"""What the answer must remember of its request: the bridge between `request/pipeline.py` and `answer/answers.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from tray_app.translation.capabilities import Capabilities
from tray_app.translation.losses import Losses


class ThinkingView(StrEnum):
    """What the client wants to see of the model's reasoning."""

    OFF = "off"  # thinking absent or disabled (R-THD-1)
    SHOWN = "shown"
    HIDDEN = "hidden"  # display: omitted, or the redact-thinking beta (R-THD-2)


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """The upstream a request is translated for."""

    provider: str  # stable key of the provider, e.g. the profile id; goes into the thinking envelope
    model: str  # the upstream's own model id
    capabilities: Capabilities = msgspec.field(default_factory=Capabilities)
    label: str = ""  # what the user calls the provider; "": the key

    @property
    def name(self) -> str:
        """The provider in messages to people."""
        return self.label or self.provider


class AnswerContext(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the response side needs. The request side fills it; tests may build it by hand.

    `tool_names` maps the names sent upstream to the client's own; `seen_ids` are the tool-use ids of the history, which a
    new call must not repeat (10.6). `input_estimate` gives the estimated prompt size in tokens (22.2): ask only if it is
    needed.
    """

    client_model: str
    target: Target
    stream: bool = True
    thinking: ThinkingView = ThinkingView.OFF
    tool_names: Mapping[str, str] = msgspec.field(default_factory=dict)
    tool_schemas: Mapping[str, Any] = msgspec.field(default_factory=dict)  # client name -> input_schema (23.8)
    seen_ids: frozenset[str] = frozenset()
    stop_sequences: tuple[str, ...] = ()
    scan_stops: bool = False  # the upstream does not get all of them: 24.3 scans locally
    unfence: bool = False  # structured output in json_object / prompt mode (24.4)
    input_estimate: Callable[[], int] = lambda: 1
    max_tokens: int = 0  # as asked for; for an overflow that is told inside the answer (R-OVF-2)
    applied_edits: tuple[Mapping[str, Any], ...] = ()  # of the client's context_management (R-CTX-2)
    losses: Losses = msgspec.field(default_factory=Losses)
