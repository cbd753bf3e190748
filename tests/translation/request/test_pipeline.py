"""The whole request translation: fields, context, invariants and properties (spec sections 6, 18, 37)."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.builders import (
    BASH,
    EPHEMERAL,
    READ,
    assistant,
    document,
    image,
    request_body,
    system,
    target,
    text,
    thinking,
    tool_result,
    tool_use,
    translate_body,
    translated,
    user,
)
from helpers.chat_judge import ANTHROPIC_KEYS, PERSONAL_FIELDS, keys, violations
from tray_app.translation import codec
from tray_app.translation.context import Target, ThinkingView
from tray_app.translation.errors import ApiError
from tray_app.translation.request.admission import parse_request
from tray_app.translation.request.pipeline import translate
from tray_app.translation.thinking import ThinkingMemory

# ---- fields


@pytest.mark.parametrize("stream", [True, False, None])
def test_r_up_2_upstream_streams_for_both_client_modes(stream: bool | None) -> None:
    """Long plain calls are cut by many upstreams; the context knows what the client wants."""
    result = translated(user("hi"), stream=stream)
    assert result.body["stream"] is True
    assert result.body["stream_options"] == {"include_usage": True}
    assert result.context.stream is bool(stream)


def test_r_up_2_nonstream_only() -> None:
    """Where the upstream cannot stream, nothing about streams is sent."""
    body = translate_body(user("hi"), to=target(nonstream_only=True), stream=True)
    assert body["stream"] is False
    assert "stream_options" not in body


def test_r_up_3_stream_options_only_where_known() -> None:
    """Some servers refuse them."""
    assert "stream_options" not in translate_body(user("hi"), to=target(stream_usage=False))


def test_r_up_4_never_more_than_one_answer() -> None:
    """Neither `n` nor `logprobs`, and `store` only where it is known."""
    body = translate_body(user("hi"), n=2, logprobs=True)
    assert not {"n", "logprobs", "store"} & set(body)
    assert translate_body(user("hi"), to=target(store_false=True))["store"] is False


def test_r_hdr_1_fields_count_without_their_betas() -> None:
    """Gateways strip headers: what a field says is understood without them."""
    result = translated(
        user("hi"),
        system("late"),
        thinking={"type": "adaptive"},
        output_config={"effort": "low"},
        betas=frozenset(),
    )
    assert result.body["reasoning_effort"] == "low"
    assert "late" in result.body["messages"][0]["content"]
    assert result.context.thinking is ThinkingView.SHOWN


def test_r_hdr_1_redact_thinking_beta() -> None:
    """This one has no field: the header alone hides the thinking."""
    betas = frozenset({"redact-thinking-2026-02-12"})
    assert translated(user("hi"), thinking={"type": "adaptive"}, betas=betas).context.thinking is ThinkingView.HIDDEN


def test_personal_fields_never_leave() -> None:
    """Neither the account nor the client's safeguards and edits (clients.md, section 2)."""
    result = translated(
        user("hi"),
        metadata={"user_id": "user_secret"},
        safeguards={"home": "/home/secret"},
        context_management={"edits": []},
        diagnostics={"secret": 1},
    )
    assert "secret" not in codec.dumps_text(result.body)
    assert set(result.body) == {"model", "stream", "stream_options", "max_tokens", "messages"}
    assert "secret" not in result.context.losses.header()


def test_messages_come_last() -> None:
    """A growing conversation changes the body at its end only (R-PIP-1)."""
    body = translate_body(user("hi"), tools=[BASH], temperature=0.5, stop_sequences=["x"], system="S")
    assert next(iter(body)) == "model"
    assert list(body)[-1] == "messages"


def test_the_model_is_the_targets() -> None:
    """The context keeps the client's name of it (R-MOD-3)."""
    result = translated(user("hi"), to=target(model="glm-5"))
    assert result.body["model"] == "glm-5"
    assert result.context.client_model == "claude-x"


def test_context_of_the_answer() -> None:
    """Everything the response side asks for."""
    result = translated(
        user("go"),
        assistant(tool_use("t1")),
        user(tool_result("t1")),
        tools=[BASH],
        thinking={"type": "adaptive", "display": "omitted"},
        stop_sequences=["a", "b", "c", "d", "e"],
        output_config={"format": {"type": "json_schema", "schema": {"type": "object"}}},
        to=target(structured="json_object"),
    )
    context = result.context
    assert context.seen_ids == {"t1"}
    assert context.tool_names == {"Bash": "Bash"}
    assert "command" in context.tool_schemas["Bash"]["properties"]
    assert context.thinking is ThinkingView.HIDDEN
    assert context.stop_sequences == ("a", "b", "c", "d", "e")
    assert context.scan_stops
    assert context.unfence
    assert context.input_estimate() > 10
    assert context.max_tokens == 1024


def test_token_ratio_scales_the_estimate() -> None:
    """What the model was found to count (R-USE-10)."""
    request = request_body(user("word " * 400))
    plain, doubled = (
        translate(request, target(), memory=ThinkingMemory(), token_ratio=ratio).context.input_estimate()
        for ratio in (1.0, 2.0)
    )
    assert abs(doubled - 2 * plain) <= 2


def test_payload_is_compact_utf8() -> None:
    """Bytes with insertion order, nothing escaped that need not be."""
    payload = translated(user("é → 😀")).payload()
    assert "é → 😀".encode() in payload
    assert b'": ' not in payload
    assert codec.loads(payload)["messages"][0]["content"] == "é → 😀"


def test_structured_output_in_words_is_system_text() -> None:
    """R-STR-3: at the end of the system message, so that the prefix before it stays."""
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    body = translate_body(
        user("hi"),
        system="S",
        output_config={"format": {"type": "json_schema", "schema": schema}},
        to=target(structured="prompt"),
    )
    assert body["messages"][0]["content"].startswith("S\n\n")
    assert codec.dumps_text(schema) in body["messages"][0]["content"]


def test_r_cho_2_forced_choice_in_words_is_the_last_message() -> None:
    """Where the upstream knows no `required`."""
    body = translate_body(
        user("hi"), tools=[BASH, READ], tool_choice={"type": "any"}, to=target(tool_choice_values=("auto",))
    )
    assert body["messages"][0]["content"] == "hi"
    assert "must call" in body["messages"][-1]["content"]


def test_copilot_headers() -> None:
    """Who speaks last decides the bill; images are announced (quirks, section 15)."""
    to = target(copilot_headers=True)
    tool_turn = [user("go"), assistant(tool_use("t1")), user(tool_result("t1", [image()]), "<system-reminder>x")]
    assert translated(user("hi"), to=to).headers == {"x-initiator": "user"}
    assert translated(user("hi"), assistant("a"), to=to).headers["x-initiator"] == "agent"
    assert translated(user("hi"), assistant("a"), user("b"), to=to).headers["x-initiator"] == "user"
    assert translated(*tool_turn, to=to).headers == {"x-initiator": "agent", "copilot-vision-request": "true"}


def test_session_headers_are_hashed() -> None:
    """The session keeps a conversation on one machine without being told."""
    headers = translated(user("hi"), to=target(session_headers=("x-session-id",)), session="abc-123").headers
    assert set(headers) == {"x-session-id"}
    assert "abc" not in headers["x-session-id"]


# ---- pitfalls that need the whole body

ALL_TOOL_FIELDS = {
    **BASH,
    "strict": True,
    "defer_loading": False,
    "eager_input_streaming": True,
    "input_examples": [{"command": "ls"}],
    "allowed_callers": ["direct"],
    "max_uses": 3,
    "cache_control": EPHEMERAL,
}


def test_p_07_unknown_keys_everywhere() -> None:
    """Accepted, and absent upstream."""
    body = translate_body(
        {**user(text("a", novelty="n1")), "novelty": "n2"},
        tools=[{**BASH, "novelty": "n3"}],
        system=[text("s", novelty="n4")],
        novelty="n5",
    )
    sent = codec.dumps_text(body)
    assert not [name for name in ("n1", "n2", "n3", "n4", "n5", "novelty") if name in sent]


@pytest.mark.parametrize("name", [5, {"odd": 1}, True])
def test_r_tool_3_a_marked_tool_whose_name_is_no_text_is_dropped(name: object) -> None:
    """Like any nameless one; its marker marks nothing."""
    tools = [BASH, {**BASH, "name": name, "cache_control": EPHEMERAL}]
    (tool,) = translate_body(user("hi"), to=target(cache_control="anthropic"), tools=tools)["tools"]
    assert "cache_control" not in tool


def test_p_18_p_20_tool_fields_stay_out_of_the_schema() -> None:
    """The parameters are the input schema and nothing else."""
    (tool,) = translate_body(user("hi"), tools=[ALL_TOOL_FIELDS])["tools"]
    assert tool["function"]["parameters"] == BASH["input_schema"]
    assert set(tool["function"]) <= {"name", "description", "parameters"}


def test_p_19_custom_tool_named_like_a_server_tool() -> None:
    """A name does not make a server tool."""
    (tool,) = translate_body(user("hi"), tools=[{**BASH, "name": "web_search"}])["tools"]
    assert tool["function"]["name"] == "web_search"


def test_p_21_optional_stays_optional() -> None:
    """The schema's `required` is the client's."""
    schema = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["a"]}
    (tool,) = translate_body(user("hi"), tools=[{**BASH, "input_schema": schema}])["tools"]
    assert tool["function"]["parameters"]["required"] == ["a"]


def test_p_22_long_names_stay_distinct() -> None:
    """Two names that are equal far beyond the limit."""
    names = ["mcp__" + "x" * 80 + end for end in "ab"]
    result = translated(user("hi"), tools=[{**BASH, "name": name} for name in names])
    sent = [tool["function"]["name"] for tool in result.body["tools"]]
    assert len(set(sent)) == 2
    assert [result.context.tool_names[name] for name in sent] == names


def test_p_23_too_many_tools() -> None:
    """A clear 400 instead of the upstream's."""
    with pytest.raises(ApiError, match="140 tools"):
        translated(user("hi"), tools=[{**BASH, "name": f"t{i}"} for i in range(140)])


def test_r_def_1_referenced_tools_are_sent() -> None:
    """Deferred tools appear once a search has named them; the placeholder never does (12.6)."""
    tools = [
        {**BASH, "name": "ToolSearch"},
        {**BASH, "name": "WebFetch", "defer_loading": True},
        {**BASH, "name": "DeferredToolPlaceholder", "defer_loading": True},
    ]
    reference = {"type": "tool_reference", "tool_name": "WebFetch"}
    turns = [user("go"), assistant(tool_use("t1", "ToolSearch")), user(tool_result("t1", [reference]))]
    names = [tool["function"]["name"] for tool in translate_body(*turns, tools=tools)["tools"]]
    assert names == ["ToolSearch", "WebFetch"]


# ---- properties

IDS = st.sampled_from(["call_0", "toolu_1", "toolu_2", "functions.Bash:0", ""])
WORDS = st.sampled_from(["", "a", " b\n", "é\u2028", "<system-reminder>x</system-reminder>"])
RESULT_CONTENTS = st.one_of(
    st.none(),
    WORDS,
    st.lists(st.one_of(WORDS.map(text), st.just(image()), st.just(document())), max_size=3),
    st.just({"an": "object"}),
)
USER_BLOCKS = st.one_of(
    WORDS.map(text),
    st.just(image()),
    st.builds(tool_result, IDS, RESULT_CONTENTS, is_error=st.booleans()),
    st.builds(lambda words: {"type": "mid_conv_system", "content": words}, WORDS),
    st.just({"type": "novelty", "x": 1}),
)
ASSISTANT_BLOCKS = st.one_of(
    WORDS.map(text),
    st.builds(tool_use, IDS, st.sampled_from(["Bash", "Read", "mcp__" + "y" * 80, ""]), command=WORDS),
    st.just(thinking("hm")),
    st.just({"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "q"}}),
)
MESSAGES = st.one_of(
    WORDS.map(user),
    st.lists(USER_BLOCKS, max_size=4).map(lambda blocks: user(*blocks)),
    st.lists(ASSISTANT_BLOCKS, max_size=4).map(lambda blocks: assistant(*blocks)),
    WORDS.map(system),
    st.just(system(output_config={"effort": "low"})),
)
CONVERSATIONS = st.lists(MESSAGES, max_size=10).map(lambda rest: [user("go"), *rest])
TOOLS = [BASH, READ]


@settings(max_examples=200, deadline=None)
@given(st.lists(MESSAGES, min_size=1, max_size=8), st.sampled_from(["S", "", [text("S1"), text("S2")]]))
def test_invariants_5_and_7_a_strict_server_accepts_everything(messages: list[Any], prompt: Any) -> None:
    """Pairing, order, emptiness, names: whatever the history looks like."""
    assert violations(translate_body(*messages, tools=TOOLS, system=prompt)) == []


@settings(max_examples=100, deadline=None)
@given(CONVERSATIONS)
def test_invariant_6_equal_requests_give_equal_bytes(messages: list[Any]) -> None:
    """Twice the same, and the client's request is left as it was."""
    request = parse_request(codec.dumps(request_body(*messages, tools=TOOLS)))
    before = copy.deepcopy(request)
    memory = ThinkingMemory()
    first, second = (translate(request, target(), memory=memory).payload() for _ in range(2))
    assert first == second
    assert request == before


def other_form(message: dict[str, Any]) -> dict[str, Any]:
    """The same content as a string instead of one text block, or the other way round (P-71)."""
    content = message["content"]
    if isinstance(content, str):
        return {**message, "content": [text(content, cache_control=EPHEMERAL)]}
    if len(content) == 1 and content[0].get("type") == "text":
        return {**message, "content": content[0]["text"]}
    return message


def turn_ends(messages: list[dict[str, Any]]) -> list[int]:
    """Positions where a request may have ended: a user has spoken, system text may follow, the assistant answers."""
    ends, asked = [], False
    for index, message in enumerate(messages):
        if message["role"] == "assistant" and asked:
            ends.append(index)
        asked = message["role"] == "user" or (asked and message["role"] == "system")
    return ends


STABLE_TARGETS = [
    target(),
    target(mid_system="keep"),
    target(tool_id_rule="mistral9", no_user_after_tool=True, tool_result_name=True),
    target(tool_id_rule="own", tool_result_parts=True, documents="file"),
    target(reasoning_history="gemini", images="none"),
    target(reasoning_history="reasoning_content_tools", system_role="user"),
    target(reasoning_history="think_tag", foreign_thinking="text"),
]


@settings(max_examples=100, deadline=None)
@given(CONVERSATIONS, st.sampled_from(STABLE_TARGETS))
def test_invariant_7_no_key_of_anthropics_reaches_any_upstream(messages: list[Any], to: Target) -> None:
    """Whatever the history holds and whatever the upstream is like."""
    body = translate_body(
        *messages, to=to, tools=[{**ALL_TOOL_FIELDS}, READ], system=[text("S", cache_control=EPHEMERAL)]
    )
    assert keys(body) & (ANTHROPIC_KEYS | PERSONAL_FIELDS) == set()


@settings(max_examples=200, deadline=None)
@given(CONVERSATIONS, st.sampled_from(STABLE_TARGETS))
def test_r_pip_1_p_71_the_prefix_never_changes(messages: list[Any], to: Target) -> None:
    """Each request of a growing conversation begins with the bytes of the one before, in whatever form content comes."""
    whole = codec.dumps(translate_body(*messages, to=to, tools=TOOLS)["messages"])
    for end in turn_ends(messages):
        earlier = [other_form(message) for message in messages[:end]]
        prefix = codec.dumps(translate_body(*earlier, to=to, tools=TOOLS)["messages"])
        assert whole.startswith(prefix.removesuffix(b"]"))


@settings(max_examples=100, deadline=None)
@given(
    CONVERSATIONS.map(lambda messages: [m for m in messages if m["role"] != "assistant" or "a" in str(m["content"])])
)
def test_p_120_strict_alternation(messages: list[Any]) -> None:
    """Under the strict flags user and assistant alternate, tool messages belonging to the assistant's turn."""
    to = target(merge_same_role=True, first_user=True, no_user_after_tool=True)
    body = translate_body(*messages, to=to, tools=TOOLS)
    roles = [message["role"] for message in body["messages"] if message["role"] != "system"]
    assert roles[0] == "user"
    pairs = set(itertools.pairwise(roles))
    assert not pairs & {("user", "user"), ("tool", "user")}
    assert violations(body) == []
