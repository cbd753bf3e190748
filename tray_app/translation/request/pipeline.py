"""A Messages request to a chat request: the pipeline of spec section 6, one pure step after another.

The converters do the work; here is their order. Its counterpart is `answer/answers.py`, which gets the `AnswerContext`. The
body's messages come last, so that a conversation that grows changes the body's bytes only at its end (R-PIP-1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tray_app.translation import codec
from tray_app.translation.capabilities import Capabilities
from tray_app.translation.context import AnswerContext, Target
from tray_app.translation.losses import Losses
from tray_app.translation.names import ToolNames
from tray_app.translation.request.alternation import finish_prefill, suit_template, with_system
from tray_app.translation.request.caching import mark_tools, place_markers
from tray_app.translation.request.content import settle, without_nul
from tray_app.translation.request.context_edits import after_compaction, edits_of, first_exchange_with_thinking
from tray_app.translation.request.conversation import Exchange, History, read_history
from tray_app.translation.request.conversion import Conversion, Message
from tray_app.translation.request.media import limit_images, message_parts, text_part
from tray_app.translation.request.other_fields import misc_fields, session_headers, session_id
from tray_app.translation.request.pairing import convert_exchange
from tray_app.translation.request.reasoning import Intent, intent, reasoning_fields
from tray_app.translation.request.sampling import SamplingPart, sampling_fields
from tray_app.translation.request.structured import StructuredPart, structured_fields
from tray_app.translation.request.system import (
    directive_effort,
    leading_blocks,
    reminder,
    system_messages,
    take_leading_items,
)
from tray_app.translation.request.tool_clearing import CLEAR_TOOL_USES, clear_tool_uses
from tray_app.translation.request.tools import Tool, ToolPart, offered_tools, translate_tools
from tray_app.translation.thinking import ThinkingMemory
from tray_app.translation.threads import refuse_lost_thread
from tray_app.translation.tokens import PromptEstimate


class Translated(msgspec.Struct, frozen=True, kw_only=True):
    """A chat request, the headers computed for it, and what its answer's translation must know."""

    body: dict[str, Any]
    context: AnswerContext
    estimate: PromptEstimate
    headers: dict[str, str] = {}

    def payload(self) -> bytes:
        """The body as bytes; equal requests give equal bytes."""
        return codec.dumps(self.body)


def translate(
    request: Mapping[str, Any],
    target: Target,
    *,
    memory: ThinkingMemory,
    betas: frozenset[str] = frozenset(),
    session: str = "",
    token_ratio: float = 1.0,
) -> Translated:
    """Translate an admitted request (`anthropic.parse_request`) for `target`; the request is not changed.

    `session` is the client's session header. `token_ratio` is what the model was found to count per estimated token.

    Raises:
        ApiError: 400 for what no upstream of this kind can be given, 404 for the rest of a thread nobody holds.
    """
    refuse_lost_thread(request)
    if target.capabilities.strip_nul:  # R-ADM-7
        request = without_nul(request)
    applied: tuple[Mapping[str, Any], ...] = ()
    if target.capabilities.clear_tool_uses:
        request, applied = clear_tool_uses(request, edits_of(request.get("context_management")), token_ratio)
    losses = Losses()
    plan = _plan(request, target, betas, token_ratio, losses)
    conversion = Conversion(
        target=target,
        memory=memory,
        upstream_name=plan.names.upstream,
        only_tool=_only_tool(request),
        losses=losses,
    )
    exchanges = plan.history.exchanges
    if plan.history.compacted:
        exchanges = read_history(after_compaction(request["messages"]), losses).exchanges
    messages, extra = _messages(request, exchanges, plan, conversion)
    body = {
        "model": target.model,
        **misc_fields(request, target.capabilities, session, losses),
        **plan.sampling.fields,
        **_reasoning(plan, conversion),
        **plan.structured.fields,
        **plan.tools.fields,
        **extra,
        "messages": messages,
    }
    has_images = target.capabilities.copilot_headers and _has_images(messages)
    headers = session_headers(target.capabilities, session_id(request, session), _last_speaker(exchanges), has_images)
    context = _context(request, target, plan, applied, losses)
    return Translated(body=body, context=context, estimate=plan.estimate, headers=headers)


class _Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a request before its messages are converted."""

    history: History
    names: ToolNames
    tools: ToolPart
    sampling: SamplingPart
    structured: StructuredPart
    intent: Intent
    estimate: PromptEstimate


def _plan(
    request: Mapping[str, Any], target: Target, betas: frozenset[str], token_ratio: float, losses: Losses
) -> _Plan:
    capabilities = target.capabilities
    history = read_history(request["messages"], losses)
    offered = offered_tools(request, history.referenced, losses)
    names = ToolNames([tool["name"] for tool in offered], capabilities)
    tools = _tools(request, offered, capabilities, names, history, losses)
    estimate = PromptEstimate(request, token_ratio)
    return _Plan(
        history=history,
        names=names,
        tools=tools,
        sampling=sampling_fields(request, capabilities, estimate, losses),
        structured=structured_fields(request, capabilities, "tools" in tools.fields, losses),
        intent=intent(request, directive_effort(request["messages"], losses) if history.has_system else None, betas),
        estimate=estimate,
    )


def _tools(
    request: Mapping[str, Any],
    offered: list[Tool],
    capabilities: Capabilities,
    names: ToolNames,
    history: History,
    losses: Losses,
) -> ToolPart:
    part = translate_tools(request, offered, capabilities, names, history.referenced, list(history.tool_names), losses)
    if capabilities.cache_control == "anthropic":
        marked = {
            names.upstream(tool["name"]): tool["cache_control"]
            for tool in request.get("tools") or ()
            if isinstance(tool.get("name"), str) and tool.get("cache_control")
        }
        mark_tools(part.fields.get("tools", ()), marked)
    return part


def _only_tool(request: Mapping[str, Any]) -> str:
    """The name of the single tool a nameless call must have meant (R-AST-4)."""
    tools = request.get("tools") or []
    return str(tools[0].get("name") or "") if len(tools) == 1 else ""


def _messages(
    request: Mapping[str, Any], exchanges: Sequence[Exchange], plan: _Plan, conversion: Conversion
) -> tuple[list[Message], dict[str, Any]]:
    """The messages of the chat request, and the request fields that go with them."""
    blocks = leading_blocks(request.get("system"))
    if plan.history.has_system:
        blocks += take_leading_items(exchanges, conversion.capabilities.mid_system)
    messages = _history(request.get("context_management"), exchanges, conversion)
    if plan.tools.force_text:
        messages.append({"role": "user", "content": [text_part(reminder(plan.tools.force_text))]})
    extra = finish_prefill(messages, conversion)
    leading = system_messages(blocks, plan.structured.system_text, conversion)
    messages = with_system(leading, suit_template(messages, conversion))
    extra |= place_markers(messages, conversion.capabilities, automatic=request.get("cache_control"))
    settle(messages, conversion)
    return messages, extra


def _history(edits: object, exchanges: Sequence[Exchange], conversion: Conversion) -> list[Message]:
    applied = CLEAR_TOOL_USES if conversion.capabilities.clear_tool_uses else ""
    thinking_begins = first_exchange_with_thinking(edits_of(edits), exchanges, applied, conversion.losses)
    messages: list[Message] = []
    newest = 0
    for position, exchange in enumerate(exchanges):
        newest = len(messages)
        messages += convert_exchange(exchange, conversion, cleared=position < thinking_begins)
    limit_images(messages, newest, conversion)
    return messages


def _reasoning(plan: _Plan, conversion: Conversion) -> dict[str, Any]:
    capabilities = conversion.capabilities
    unrecoverable = capabilities.thinking_disable_if_missing and conversion.thinking_missing  # R-THK-9
    if unrecoverable:
        conversion.losses.add("thinking", "off for this turn: the reasoning of its tool calls is lost")
    return reasoning_fields(
        plan.intent,
        capabilities,
        conversion.target.model,
        plan.sampling.fields.get(capabilities.max_tokens_field, 0),
        plan.tools.thinking_off or unrecoverable,
        conversion.losses,
    )


def _last_speaker(exchanges: Sequence[Exchange]) -> str:
    """Whose word the model answers: the user's, or its own tools' (reminders beside results count for nothing)."""
    last = exchanges[-1]
    if last.has_user_text or not last.assistants:
        return "user"
    return "tool" if any(item.results for item in last.items) else "assistant"


def _has_images(messages: Sequence[Message]) -> bool:
    return any(part["type"] == "image_url" for message in messages for part in message_parts(message))


def _context(
    request: Mapping[str, Any], target: Target, plan: _Plan, applied: tuple[Mapping[str, Any], ...], losses: Losses
) -> AnswerContext:
    return AnswerContext(
        client_model=request["model"],
        target=target,
        stream=bool(request.get("stream")),
        thinking=plan.intent.view,
        tool_names=plan.names.client,
        tool_schemas=plan.tools.schemas,
        seen_ids=frozenset(plan.history.tool_use_ids),
        stop_sequences=plan.sampling.stop_sequences,
        scan_stops=plan.sampling.scan_stops,
        unfence=plan.structured.unfence,
        input_estimate=plan.estimate,
        max_tokens=request.get("max_tokens") or 0,
        applied_edits=applied,
        losses=losses,
    )
