"""The remaining top-level fields (spec sections 17 and 18)."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from tray_app.translation.capabilities import Capabilities, resolve
from tray_app.translation.losses import Losses
from tray_app.translation.request.other_fields import misc_fields, session_headers, session_id

SESSION = "0f8e1c9a-7d55-4c1e-9d3b-0a1b2c3d4e5f"
OLD_USER_ID = f"user_{'ab' * 32}_account__session_{SESSION}"
NEW_USER_ID = '{"device_id":"d1","account_uuid":"","session_id":"' + SESSION + '"}'
OPENAI = resolve("api.openai.com", "gpt-5")


def misc(
    request: dict[str, Any], record: Capabilities | None = None, session: str = "", **values: Any
) -> tuple[dict[str, Any], list[str]]:
    losses = Losses()
    return misc_fields(request, record or Capabilities(**values), session, losses), list(losses)


def sha(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


@pytest.mark.parametrize("stream", [True, False, None])
def test_r_up_2_the_upstream_streams_for_both_client_modes(stream: object) -> None:
    """Long plain calls are often cut on the way."""
    assert misc({"stream": stream})[0]["stream"] is True
    assert misc({"stream": stream}, nonstream_only=True)[0] == {"stream": False}


def test_r_up_2_an_upstream_that_only_streams_is_streamed_from() -> None:
    """Some of DashScope's models refuse anything else, whatever was configured."""
    assert misc({}, resolve("dashscope.aliyuncs.com", "qwq", overrides={"nonstream_only": True}))[0]["stream"] is True


def test_r_up_3_usage_is_asked_for_where_it_is_known() -> None:
    """Only with a stream."""
    assert misc({})[0] == {"stream": True, "stream_options": {"include_usage": True}}
    assert misc({}, stream_usage=False)[0] == {"stream": True}


def test_r_up_4_store_false_is_for_openai_only() -> None:
    """And n or logprobs for nobody."""
    assert misc({}, OPENAI)[0]["store"] is False
    fields = misc({"n": 2, "logprobs": True})[0]
    assert not {"store", "n", "logprobs"} & set(fields)


def test_s17_the_users_id_is_hashed() -> None:
    """32 hex digits, in the field this upstream has."""
    request = {"metadata": {"user_id": OLD_USER_ID}}
    assert misc(request, OPENAI)[0]["safety_identifier"] == sha(OLD_USER_ID)[:32]
    assert misc(request, user_field="user")[0]["user"] == sha(OLD_USER_ID)[:32]


def test_p_102_metadata_that_is_not_carried_is_noted() -> None:
    """Without its content."""
    fields, losses = misc({"metadata": {"user_id": "secret-id", "team": "secret-team"}})
    assert losses == ["metadata.user_id: not sent to this upstream", "metadata.team: not carried"]
    assert "secret" not in str(fields)


def test_s17_a_null_user_id_is_nothing() -> None:
    """Neither sent nor noted."""
    assert misc({"metadata": {"user_id": None}}, OPENAI)[1] == []


@pytest.mark.parametrize(
    ("user_id", "header", "session"),
    [
        (OLD_USER_ID, "", SESSION),
        (NEW_USER_ID, "", SESSION),
        (NEW_USER_ID, "from-header", "from-header"),
        ("user-17", "", ""),
        ("{broken", "", ""),
        ('{"session_id":7}', "", ""),
        (7, "", ""),
    ],
)
def test_s17_the_session_comes_from_the_header_or_the_user_id(user_id: object, header: str, session: str) -> None:
    """Claude Code has written it in two ways."""
    assert session_id({"metadata": {"user_id": user_id}}, header) == session


def test_s17_no_metadata_no_session() -> None:
    """Other clients send neither."""
    assert session_id({}, "") == ""


def test_s17_the_cache_key_is_the_hashed_session() -> None:
    """64 hex digits, the same on every turn, whichever way the session came."""
    keys = {
        misc({}, OPENAI, SESSION)[0]["prompt_cache_key"],
        misc({"metadata": {"user_id": NEW_USER_ID}}, OPENAI)[0]["prompt_cache_key"],
    }
    assert keys == {sha(SESSION)}
    assert "prompt_cache_key" not in misc({}, OPENAI)[0]
    assert "prompt_cache_key" not in misc({}, session=SESSION)[0]


@pytest.mark.parametrize(
    ("host", "tier", "sent"),
    [
        ("api.openai.com", "auto", "auto"),
        ("api.openai.com", "standard_only", "default"),
        ("api.groq.com", "standard_only", "on_demand"),
    ],
)
def test_s17_service_tiers_are_renamed(host: str, tier: str, sent: str) -> None:
    """Each upstream has its own word for the ordinary tier."""
    assert misc({"service_tier": tier}, resolve(host, "m"))[0]["service_tier"] == sent


@pytest.mark.parametrize(("tier", "record"), [("auto", Capabilities()), ("flex", OPENAI)])
def test_p_102_an_unknown_tier_is_noted(tier: str, record: Capabilities) -> None:
    """By the upstream or by us."""
    fields, losses = misc({"service_tier": tier}, record)
    assert "service_tier" not in fields
    assert losses == ["service_tier: not known to this upstream"]


def test_s17_speed_fast_is_the_priority_tier_if_the_user_wants_it() -> None:
    """It costs more, so it is a setting."""
    assert misc({"speed": "fast"}, priority_for_fast=True)[0]["service_tier"] == "priority"
    fields, losses = misc({"speed": "fast"})
    assert "service_tier" not in fields
    assert losses == ["speed: not carried"]


@pytest.mark.parametrize(
    "field",
    [
        "container",
        "inference_geo",
        "mcp_servers",
        "fallbacks",
        "diagnostics",
        "user_profile_id",
        "safeguards",
        "brand_new",
    ],
)
def test_s17_what_has_no_counterpart_is_noted_by_name_only(field: str) -> None:
    """Safeguards hold the home directory: the value must appear nowhere (R-ADM-3)."""
    fields, losses = misc({field: {"cwd": "/home/somebody"}, "output_config": {"effort": "low", "task_budget": 5}})
    assert losses == [f"{field}: not carried", "output_config.task_budget: not carried"]
    assert fields == {"stream": True, "stream_options": {"include_usage": True}}


def test_s17_what_others_translate_is_no_loss() -> None:
    """The ledger is for losses."""
    request = dict.fromkeys(("model", "messages", "tools", "thinking", "context_management", "cache_control"))
    assert misc(request)[1] == []


def test_s17_session_headers_carry_the_hashed_session() -> None:
    """OpenRouter and xAI keep a conversation on one machine by them."""
    assert session_headers(resolve("openrouter.ai", "m"), SESSION) == {"x-session-id": sha(SESSION)[:32]}
    assert session_headers(resolve("api.x.ai", "m"), SESSION) == {"x-grok-conv-id": sha(SESSION)[:32]}
    assert session_headers(resolve("openrouter.ai", "m"), "") == {}
    assert session_headers(Capabilities(), SESSION) == {}


@pytest.mark.parametrize(("role", "initiator"), [("user", "user"), ("tool", "agent"), ("assistant", "agent")])
def test_s17_copilot_is_told_who_speaks_and_of_images(role: str, initiator: str) -> None:
    """It bills by the first header."""
    copilot = resolve("api.githubcopilot.com", "gpt-4o")
    assert session_headers(copilot, SESSION, role) == {"x-initiator": initiator}
    assert session_headers(copilot, "", role, has_images=True)["copilot-vision-request"] == "true"
