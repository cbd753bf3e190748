"""Limits and sampling (spec section 14): max_tokens, stop sequences, temperature, top_p, top_k.

It decides what the upstream is sent; the stop sequences it cannot be sent are left to the answer's local scanner (24.3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from tray_app.translation.capabilities import Capabilities
from tray_app.translation.losses import Losses

ROOM_MIN_TOKENS: Final = 256  # with less room than this the upstream should say so itself (R-LIM-2)


class SamplingPart(msgspec.Struct, frozen=True):
    """`fields` for the upstream body; all stop sequences; whether the answer must be scanned for them here.

    It must where the upstream was not told all of them, or leaves the one it stopped at in the text (25.3).
    """

    fields: dict[str, Any]
    stop_sequences: tuple[str, ...]
    scan_stops: bool


def sampling_fields(
    request: Mapping[str, Any], capabilities: Capabilities, estimate: Callable[[], int], losses: Losses
) -> SamplingPart:
    """The limits and sampling parameters of one request. `estimate` gives the prompt's size in tokens."""
    fields: dict[str, Any] = {}
    if request.get("max_tokens") is not None:
        fields[capabilities.max_tokens_field] = _max_tokens(request["max_tokens"], capabilities, estimate, losses)
    stops = _stop_sequences(request)
    sent = _stops_to_send(stops, capabilities)
    if sent:
        fields["stop"] = sent
    fields.update(_distribution(request, capabilities, losses))
    return SamplingPart(fields, stops, len(sent) < len(stops) or (capabilities.stop_included and bool(stops)))


def _max_tokens(asked: int, capabilities: Capabilities, estimate: Callable[[], int], losses: Losses) -> int:
    value = max(asked, capabilities.min_output, 1)
    if 0 < capabilities.max_output < value:
        value = capabilities.max_output
    if capabilities.context_window:
        room = capabilities.context_window - estimate() - capabilities.window_margin
        if ROOM_MIN_TOKENS <= room < value:
            value = room
    if value != asked:
        losses.add("max_tokens", f"{asked} sent as {value}")
    return value


def _stop_sequences(request: Mapping[str, Any]) -> tuple[str, ...]:
    """Without empty ones and repetitions, order kept (R-STOP-1)."""
    return tuple(dict.fromkeys(stop for stop in request.get("stop_sequences") or () if stop))


def _stops_to_send(stops: tuple[str, ...], capabilities: Capabilities) -> list[str]:
    """As many as the upstream takes; servers differ about white space, so the local scanner looks for that (R-STOP-2)."""
    if "stop" in capabilities.drop:
        return []
    return [stop for stop in stops if stop.strip()][: capabilities.stop_max]


def _distribution(request: Mapping[str, Any], capabilities: Capabilities, losses: Losses) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in ("temperature", "top_p", "top_k"):
        value = request.get(name)
        if value is None:
            continue
        if _is_refused(name, request, capabilities):
            losses.add(name, "not accepted by this model")
        else:
            fields[name] = _clamped(name, value, capabilities, losses)
    return fields


def _is_refused(name: str, request: Mapping[str, Any], capabilities: Capabilities) -> bool:
    if name in capabilities.drop or (name == "top_k" and not capabilities.top_k):
        return True
    if name in capabilities.drop_when_reasoning and (request.get("thinking") or {}).get("type") != "disabled":
        return True
    return name == "top_p" and not capabilities.greedy_top_p and request.get("temperature") == 0


def _clamped(name: str, value: float, capabilities: Capabilities, losses: Losses) -> float:
    if name != "temperature" or capabilities.clamp_temperature is None:
        return value
    low, high = capabilities.clamp_temperature
    clamped = min(max(value, low), high)
    if clamped != value:
        losses.add(name, f"{value} sent as {clamped}")
    return clamped
