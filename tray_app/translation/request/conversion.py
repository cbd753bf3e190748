"""What the converters of one request share: the target, the tables built so far, the ledger, the place they are at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tray_app.translation.capabilities import Capabilities
from tray_app.translation.context import Target
from tray_app.translation.ids import UpstreamIds
from tray_app.translation.losses import Losses
from tray_app.translation.thinking import ThinkingMemory

Part = dict[str, Any]  # an OpenAI content part; may carry a `cache_control` until `caching.place_markers` has run
# A chat message; until `content.settle` has run, `content` is a list of parts wherever anything may be added to it or moved.
Message = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Conversion:
    """State moves forward only, message by message: what a message becomes never depends on later ones (R-PIP-1)."""

    target: Target
    memory: ThinkingMemory
    upstream_name: Callable[[str], str]  # a tool's name, the client's -> the upstream's (12.3)
    only_tool: str = ""  # the client's name of the request's single tool, if it has just one (R-AST-4)
    losses: Losses = field(default_factory=Losses)
    path: str = ""  # of the message being converted, for errors and the ledger
    documents: int = 0  # converted so far, for file names (R-BLK-1)
    thinking_missing: bool = False  # a tool call since the last real user text lost its reasoning (R-THK-9)
    capabilities: Capabilities = field(init=False)  # the target's, which every block asks for
    text_is_final: bool = field(init=False)  # no marker, reasoning or neighbour is ever added to an assistant's text
    ids: UpstreamIds = field(init=False)

    def __post_init__(self) -> None:
        capabilities = self.capabilities = self.target.capabilities
        self.text_is_final = (
            capabilities.cache_control == "none"
            and capabilities.reasoning_history == "drop"
            and not capabilities.merge_same_role
        )
        self.ids = UpstreamIds(capabilities)

    def note(self, field_name: str, reason: str) -> None:
        """Enter a loss at the current message."""
        self.losses.add(f"{self.path}.{field_name}" if self.path else field_name, reason)
