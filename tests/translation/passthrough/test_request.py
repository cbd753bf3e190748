"""Requests and headers for Anthropic upstreams."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.builders import (
    BASH,
    READ,
    assistant,
    image,
    request_body,
    system,
    text,
    thinking,
    tool_result,
    tool_use,
    user,
)
from tray_app.translation import codec
from tray_app.translation.capabilities import Capabilities
from tray_app.translation.losses import Losses
from tray_app.translation.passthrough.request import (
    auth_kind,
    edit_request,
    forward_headers,
    is_verbatim_error,
    relay_headers,
)

ATTRIBUTION = text("x-anthropic-billing-header: cc_version=2.1.330.abc")


def edited(body: dict[str, Any], model: str = "claude-x", losses: Losses | None = None, **caps: Any) -> Any:
    """The value that is sent for `body`."""
    raw = codec.dumps(body)
    losses = Losses() if losses is None else losses
    capabilities = Capabilities(**caps)
    sent = edit_request(raw, codec.loads(raw), upstream_model=model, capabilities=capabilities, losses=losses)
    return codec.loads(sent)


def test_r_pas_1_the_bytes_are_untouched() -> None:
    """White space, key order, unknown fields and blocks, hidden thinking, attribution: the very same bytes."""
    raw = (
        b'{ "model":"claude-x", "future": {"b":1,"a":[1.0, 1e3]},\n "messages":[{"role":"user","content":"a"},'
        b'{"role":"assistant","content":[{"thinking":"","type":"thinking","signature":"theirs"},'
        b'{"type":"quantum_block","z":1}]}, {"role":"system","content":[],"output_config":{"effort":"low"}}],'
        b' "system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=1"}], "max_tokens":5 }'
    )
    sent = edit_request(
        raw, codec.loads(raw), upstream_model="claude-x", capabilities=Capabilities(), losses=(losses := Losses())
    )
    assert sent is raw
    assert len(losses) == 0


def test_r_pas_1_an_edit_keeps_order_and_unknown_fields() -> None:
    """Only the model changes, where it stands; R-SYS-7: the attribution stays."""
    raw = codec.dumps(
        {"x": 1, "model": "a", "system": [ATTRIBUTION], "messages": [{"role": "user", "content": "\u00e9"}]}
    )
    sent = edit_request(raw, codec.loads(raw), upstream_model="b", capabilities=Capabilities(), losses=Losses())
    assert sent == raw.replace(b'"model":"a"', b'"model":"b"')


def test_p_04_a_leading_system_message_moves() -> None:
    """Whatever the endpoint: Anthropic itself refuses it."""
    found = edited(request_body(system("one"), user("a")))
    assert found["system"] == [text("one")]
    assert found["messages"] == [user("a")]


def test_p_32_our_thinking_is_removed() -> None:
    """History that another provider thought."""
    losses = Losses()
    body = request_body(user("a"), assistant(thinking("hm", "dgm1.x"), text("x")), user("b"))
    assert edited(body, losses=losses)["messages"][1]["content"] == [text("x")]
    assert len(losses) == 1
    kept = edited(body, unsigned_thinking=True)["messages"][1]["content"][0]
    assert kept == {"type": "thinking", "thinking": "hm"}


def test_r_pas_5_refused_fields_are_dropped() -> None:
    """Those the endpoint is known to reject, each with a note."""
    losses = Losses()
    body = request_body(user("a"), context_management={}, diagnostics={}, top_k=5)
    found = edited(body, losses=losses, pass_drop=("context_management", "diagnostics", "container"))
    assert "context_management" not in found
    assert "diagnostics" not in found
    assert found["top_k"] == 5
    assert len(losses) == 2
    assert edited(request_body(user("a")), pass_drop=("container",)) == request_body(user("a"))


def test_r_pas_5_system_messages_become_reminders_where_needed() -> None:
    """Only where the endpoint takes none."""
    body = request_body(user("a"), system("env"))
    assert edited(body) == body
    assert "<system-reminder>" in str(edited(body, pass_plain_system=True)["messages"])


def test_r_pas_5_plain_tools() -> None:
    """Newer fields go; R-DEF-3: a deferred tool nobody found is left out, a found one is sent; references become words."""
    reference = {"type": "tool_reference", "tool_name": "Read"}
    body = request_body(
        user("a"),
        assistant(tool_use("t", "ToolSearch")),
        user(tool_result("t", [reference, text("Tool loaded.")])),
        tools=[
            {**BASH, "strict": True},
            {**READ, "defer_loading": True},
            {"name": "Later", "defer_loading": True},
            {"name": {"odd": 1}, "defer_loading": True},
        ],
    )
    found = edited(body, pass_plain_tools=True)
    assert found["tools"] == [BASH, READ]
    assert found["messages"][2]["content"][0]["content"] == [text("Tool available: Read"), text("Tool loaded.")]
    for unchanged in (request_body(user("a"), tools=[BASH]), request_body(user("a"))):
        assert edited(unchanged, pass_plain_tools=True) == unchanged


def test_r_pas_5_plain_cache_markers() -> None:
    """`scope` goes from every marker, and from nothing else."""
    marker = {"type": "ephemeral", "scope": "global"}
    losses = Losses()
    body = request_body(
        user(text("a", cache_control=marker), tool_result("t", [text("b", cache_control=marker)])),
        assistant(tool_use("t", cache_control=marker)),
        system=[text("s", cache_control=marker)],
        tools=[{**BASH, "cache_control": marker}],
        cache_control=marker,
    )
    found = edited(body, losses=losses, pass_plain_cache=True)
    assert found["messages"][1]["content"][0]["input"] == {"cache_control": marker}
    assert codec.dumps(found).count(b'"scope"') == 1
    assert codec.dumps(found).count(b'"ephemeral"') == codec.dumps(body).count(b'"ephemeral"')
    assert len(losses) == 1
    plain = request_body(user(text("a", cache_control={"type": "ephemeral"})))
    assert edited(plain, pass_plain_cache=True) == plain


@pytest.mark.parametrize(
    ("fields", "output"),
    [
        ({"thinking": {"type": "disabled"}, "output_config": {"effort": "low"}}, None),
        ({"thinking": {"type": "disabled"}, "output_config": {"effort": "low", "format": {}}}, {"format": {}}),
        ({"thinking": {"type": "disabled"}, "output_config": {"format": {}}}, {"format": {}}),
        ({"thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}}, {"effort": "low"}),
        ({"output_config": {"effort": "low"}}, {"effort": "low"}),
        ({"thinking": {"type": "disabled"}}, None),
    ],
)
def test_p_31_no_effort_while_thinking_is_off(fields: dict[str, Any], output: Any) -> None:
    """DeepSeek refuses the combination."""
    assert edited(request_body(user("a"), **fields), pass_no_effort_when_off=True).get("output_config") == output


def test_fixers_leave_a_plain_request_alone() -> None:
    """With every fixer on, a request that needs none is sent as its own bytes."""
    raw = codec.dumps(request_body(user("a", image()), assistant("b"), user("c"), tools=[BASH]))
    capabilities = Capabilities(
        unsigned_thinking=True,
        pass_drop=("x",),
        pass_plain_system=True,
        pass_plain_tools=True,
        pass_plain_cache=True,
        pass_no_effort_when_off=True,
    )
    sent = edit_request(raw, codec.loads(raw), upstream_model="claude-x", capabilities=capabilities, losses=Losses())
    assert sent is raw


BETAS = "claude-code-20250219,interleaved-thinking-2025-05-14, per-turn-control-2026-07-01"


def test_p_96_p_06_headers_go_verbatim() -> None:
    """CLIProxyAPI#5738: the beta list is not rebuilt; credentials, cookies and hop-by-hop headers never go."""
    found = forward_headers(
        {
            "Host": "127.0.0.1:8417",
            "X-Api-Key": "local",
            "Authorization": "Bearer local",
            "Cookie": "c",
            "Connection": "keep-alive",
            "Content-Length": "5",
            "Accept-Encoding": "br",
            "X-Stainless-Lang": "js",
            "Anthropic-Beta": BETAS,
            "anthropic-version": "2023-06-01",
            "X-Claude-Code-Session-Id": "s",
            "x-claude-code-agent-id": "a",
            "X-App": "cli",
            "User-Agent": "claude-cli/2.1.330",
            "Accept": "application/json",
        }
    )
    assert found == {
        "anthropic-beta": BETAS,
        "anthropic-version": "2023-06-01",
        "x-claude-code-session-id": "s",
        "x-claude-code-agent-id": "a",
        "x-app": "cli",
        "user-agent": "claude-cli/2.1.330",
        "accept": "application/json",
    }


class _Repeated(dict[str, str]):
    """Headers with two lines of one name."""

    def items(self) -> Any:
        return [("Anthropic-Beta", "a"), ("anthropic-beta", "b,c")]


def test_r_pas_2_repeated_beta_headers_are_joined() -> None:
    """Two header lines are one list."""
    assert forward_headers(_Repeated()) == {"anthropic-beta": "a,b,c"}


def test_r_pas_2_oauth_tokens_are_bearers_with_a_beta() -> None:
    """`sk-ant-oat` needs both; the beta is added once."""
    token = "sk-ant-oat01-x"
    assert auth_kind("x-api-key", token) == "bearer"
    assert auth_kind("x-api-key", "sk-ant-api03-x") == "x-api-key"
    assert auth_kind("x-api-key", None) == "x-api-key"
    assert auth_kind("none", token) == "none"
    assert forward_headers({}, token) == {"anthropic-beta": "oauth-2025-04-20"}
    assert forward_headers({"anthropic-beta": BETAS}, token)["anthropic-beta"] == f"{BETAS},oauth-2025-04-20"
    assert forward_headers({"anthropic-beta": "oauth-2025-04-20"}, token)["anthropic-beta"] == "oauth-2025-04-20"


def test_r_pas_3_answer_headers_are_relayed() -> None:
    """Request id, retry words and Anthropic's own; nothing of the connection."""
    upstream = {
        "Request-Id": "req_up",
        "Retry-After": "3",
        "X-Should-Retry": "true",
        "Anthropic-Ratelimit-Requests-Remaining": "9",
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
        "Transfer-Encoding": "chunked",
        "Set-Cookie": "c",
    }
    assert relay_headers(upstream) == {
        "request-id": "req_up",
        "retry-after": "3",
        "x-should-retry": "true",
        "anthropic-ratelimit-requests-remaining": "9",
        "content-type": "application/json",
    }


@pytest.mark.parametrize("status", [401, 402, 403])
def test_p_89_keys_and_money_are_not_retried(status: int) -> None:
    """R-ERR-10 holds for relayed answers too."""
    assert relay_headers({"x-should-retry": "true"}, status)["x-should-retry"] == "false"


def error_body(message: str, kind: str = "invalid_request_error") -> bytes:
    """An Anthropic error body."""
    return codec.dumps({"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"})


@pytest.mark.parametrize(
    ("body", "verbatim"),
    [
        (error_body("messages.3.role: unexpected"), True),
        (error_body("prompt is too long: 2 tokens > 1 maximum"), True),
        (error_body("input length and `max_tokens` exceed context limit: 1 + 2 > 2, decrease"), True),
        (error_body("This model's maximum context length is 8192 tokens."), False),
        (error_body("words", "internal_error"), False),
        (error_body("your key secret-key-1 is wrong"), False),
        (b'{"error":{"message":"OpenAI shape","type":"invalid_request_error"}}', False),
        (b'{"type":"error","error":"words"}', False),
        (b"[]", False),
        (b"<html></html>", False),
        (b"", False),
    ],
)
def test_r_pas_3_error_bodies_are_relayed_verbatim(body: bytes, verbatim: bool) -> None:
    """Unless their shape is not Anthropic's, nobody would understand the overflow (P-87), or a key is in it (P-125)."""
    assert is_verbatim_error(400, body, ("secret-key-1", "")) is verbatim
