"""System text at the top, among the messages and in directives (spec section 7)."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.builders import (
    EPHEMERAL,
    assistant,
    chat,
    image,
    request_body,
    system,
    target,
    text,
    tool_result,
    tool_use,
    translate_body,
    translated,
    user,
)
from tray_app.translation import codec
from tray_app.translation.context import Target
from tray_app.translation.errors import ApiError
from tray_app.translation.losses import Losses
from tray_app.translation.request.system import directive_effort

KEEP = target(mid_system="keep")
HOIST = target(mid_system="hoist")
BILLING = "x-anthropic-billing-header: cc_version=2.1.330.abc; cc_entrypoint=cli"


def count(messages: list[dict[str, Any]], words: str) -> int:
    return codec.dumps_text(messages).count(words)


def test_r_sys_1_string() -> None:
    """A string is one leading message."""
    assert chat(user("hi"), system="Be brief.")[0] == {"role": "system", "content": "Be brief."}


@pytest.mark.parametrize("empty", ["", " \n", [], [text("")], [text("  ")]])
def test_r_sys_1_nothing_is_no_message(empty: Any) -> None:
    """Empty or white space: no system message."""
    assert [message["role"] for message in chat(user("hi"), system=empty)] == ["user"]


def test_r_sys_2_blocks_are_joined() -> None:
    """Texts are joined with an empty line, empty blocks skipped."""
    assert chat(user("hi"), system=[text("S1"), text(""), text("S2")])[0]["content"] == "S1\n\nS2"


def test_r_sys_3_parts_carry_cache_markers() -> None:
    """Where the upstream takes parts and markers, blocks stay apart."""
    to = target(system_parts=True, cache_control="anthropic")
    messages = chat(user("hi"), to=to, system=[text("S1"), text("S2", cache_control=EPHEMERAL)])
    assert messages[0]["content"] == [text("S1"), text("S2", cache_control=EPHEMERAL)]
    assert chat(user("hi"), to=to, system=[text("S1"), text("S2")])[0]["content"] == "S1\n\nS2"


def test_r_sys_3_no_parts_no_markers() -> None:
    """A marker that cannot be carried does not turn the text into a list."""
    to = target(cache_control="anthropic")
    assert chat(user("hi"), to=to, system=[text("S", cache_control=EPHEMERAL)])[0]["content"] == "S"


def test_r_sys_4_only_text() -> None:
    """Anthropic refuses other blocks in system as well."""
    with pytest.raises(ApiError, match=r"system\.0\.type"):
        chat(user("hi"), system=[image()])


def test_r_sys_5_user_role() -> None:
    """A model without a system role reads it at the beginning of the first user message."""
    messages = chat(user("hi"), to=target(system_role="user"), system="Be brief.")
    assert messages == [{"role": "user", "content": "<system>\nBe brief.\n</system>\n\nhi"}]


def test_r_sys_5_user_role_before_an_assistant() -> None:
    """When the assistant speaks first the system text is a message of its own."""
    messages = chat(assistant("hello"), user("hi"), to=target(system_role="user", mid_system="keep"), system="S")
    assert [message["role"] for message in messages] == ["user", "assistant", "user"]
    late = chat(user("a"), system("late"), to=target(system_role="user", mid_system="keep"))
    assert [message["role"] for message in late] == ["user"]


def test_r_sys_6_developer_role() -> None:
    """Only where the record says so."""
    to = target(system_role="developer", mid_system="keep")
    roles = [message["role"] for message in chat(user("hi"), system("late"), to=to, system="S")]
    assert roles == ["developer", "user", "developer"]


@pytest.mark.parametrize("form", [[text(BILLING), text("S")], [text(f"{BILLING}\nS")], f"{BILLING}\nS"])
def test_r_sys_7_p_08_attribution_is_removed(form: Any) -> None:
    """The block, or the leading line where it shares one; nothing of it reaches the upstream."""
    body = translate_body(user("hi"), system=form)
    assert body["messages"][0] == {"role": "system", "content": "S"}
    assert "billing" not in codec.dumps_text(body)


def test_r_sys_8_keep() -> None:
    """A late system message stays a system message in its place."""
    messages = chat(user("a"), system("late"), assistant("b"), user("c"), to=KEEP, system="S")
    assert [(m["role"], m["content"]) for m in messages] == [
        ("system", "S"),
        ("user", "a"),
        ("system", "late"),
        ("assistant", "b"),
        ("user", "c"),
    ]


def test_r_sys_8_keep_splits_a_user_message() -> None:
    """A `mid_conv_system` block speaks between what the user said before and after it."""
    block = {"type": "mid_conv_system", "content": [text("late")]}
    roles = [(m["role"], m["content"]) for m in chat(user("a", block, "b"), to=KEEP)]
    assert roles == [("user", "a"), ("system", "late"), ("user", "b")]


def test_r_sys_9_p_01_user_reminder_is_appended() -> None:
    """By default late system text becomes a part of its neighbouring user message, wrapped."""
    messages = chat(user("hi"), system("late"), assistant("b"), user("c"), system="S")
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user"]
    assert messages[1]["content"] == "hi\n\n<system-reminder>\nlate\n</system-reminder>"


def test_r_sys_9_reminder_before_the_user() -> None:
    """Its place is kept when the user speaks after it; two in a row are two reminders."""
    messages = chat(user("a"), assistant("b"), system("s1"), system("s2"), user("c"))
    assert messages[2]["content"] == (
        "<system-reminder>\ns1\n</system-reminder>\n\n<system-reminder>\ns2\n</system-reminder>\n\nc"
    )


def test_r_sys_9_reminder_alone() -> None:
    """Between two assistant messages it is a user message of its own."""
    messages = chat(user("a"), assistant("b"), system("late"), assistant("c"), user("d"))
    assert [message["role"] for message in messages] == ["user", "assistant", "user", "assistant", "user"]


def test_r_sys_9_reminder_goes_after_the_tool_messages() -> None:
    """Never between calls and their answers, wherever the client put it."""
    messages = chat(user("a"), assistant(tool_use("t1")), system("late"), user(tool_result("t1"), "more"))
    assert [message["role"] for message in messages] == ["user", "assistant", "tool", "user"]
    assert messages[3]["content"] == "<system-reminder>\nlate\n</system-reminder>\n\nmore"


def test_r_sys_9_block_form_inside_a_user_message() -> None:
    """A `mid_conv_system` block is a reminder in place."""
    block = {"type": "mid_conv_system", "content": "late"}
    assert chat(user("a", block, "b"))[0]["content"] == "a\n\n<system-reminder>\nlate\n</system-reminder>\n\nb"
    assert chat(user(block))[0]["content"] == "<system-reminder>\nlate\n</system-reminder>"


def test_r_sys_9_two_user_messages_stay_two() -> None:
    """A reminder joins the message before it and does not glue the next one to it."""
    contents = [message["content"] for message in chat(user("a"), system("s"), user("b"))]
    assert contents == ["a\n\n<system-reminder>\ns\n</system-reminder>", "b"]


def test_r_sys_10_hoist() -> None:
    """All system text in the leading message, in order."""
    messages = chat(user("a"), system("s1"), assistant("b"), user("c"), system(text("s2")), to=HOIST, system="S")
    assert [(m["role"], m["content"]) for m in messages] == [
        ("system", "S\n\ns1\n\ns2"),
        ("user", "a"),
        ("assistant", "b"),
        ("user", "c"),
    ]


@pytest.mark.parametrize("to", [target(), KEEP, HOIST])
def test_r_sys_11_leading_items_join_the_system_message(to: Target) -> None:
    """Before anyone spoke a system message is system text under every policy."""
    messages = chat(system("s1"), system("s2"), user("a"), to=to, system="S")
    assert messages == [{"role": "system", "content": "S\n\ns1\n\ns2"}, {"role": "user", "content": "a"}]


@pytest.mark.parametrize("to", [target(), KEEP, HOIST])
def test_r_sys_13_p_05_images_end_in_a_user_message(to: Target) -> None:
    """System messages with images exist; system roles cannot hold them."""
    for messages in (
        chat(user("a"), system("look", image()), to=to),
        chat(system("look", image()), user("a"), to=to),
    ):
        owners = [m["role"] for m in messages if count([m], "data:image/png")]
        assert owners == ["user"]
        assert count(messages, "look") == 1


def test_r_sys_14_p_06_directive_sets_the_effort() -> None:
    """It produces no message and wins over the top-level effort; the last one counts."""
    to = target(reasoning_request="openai")
    fields = {"thinking": {"type": "adaptive"}, "output_config": {"effort": "high"}}
    directive = [system(output_config={"effort": "medium"}), user("a"), system(output_config={"effort": "low"})]
    body = translate_body(*directive, to=to, **fields)
    assert body["reasoning_effort"] == "low"
    assert [message["role"] for message in body["messages"]] == ["user"]
    assert translate_body(user("a"), to=to, **fields)["reasoning_effort"] == "high"


def test_r_sys_14_directive_after_the_last_user_turn_is_not_for_now() -> None:
    """Only what stands up to the final user turn; without any user message all of them."""
    late = request_body(user("a"), assistant("b"), system(output_config={"effort": "low"}))
    assert directive_effort(late["messages"], Losses()) is None
    alone = request_body(system(output_config={"effort": "low"}))
    assert directive_effort(alone["messages"], Losses()) == "low"


def test_r_sys_14_unknown_directives_are_noted() -> None:
    """They are ignored, knowingly."""
    losses = Losses()
    messages = [user("a"), system(output_config={"mood": "calm", "effort": 5})]
    assert directive_effort(messages, losses) is None
    assert "system.output_config.mood: unknown directive" in losses


def test_r_sys_15_directive_with_text_does_both() -> None:
    """The text stays and the effort counts."""
    body = translate_body(user("a"), system("late", output_config={"effort": "low"}), thinking={"type": "adaptive"})
    assert body["reasoning_effort"] == "low"
    assert count(body["messages"], "late") == 1


@pytest.mark.parametrize("to", [target(), KEEP, HOIST])
def test_p_03_system_text_is_said_once(to: Target) -> None:
    """No policy copies without deleting."""
    assert count(chat(user("a"), system("late"), assistant("b"), user("c"), to=to), "late") == 1


@pytest.mark.parametrize("to", [target(), KEEP])
def test_p_02_late_system_text_leaves_the_prefix_alone(to: Target) -> None:
    """Steering appends: the body before is the beginning of the body after."""
    first = [user("a"), system("s1")]
    then = [*first, assistant("b"), user("c"), system("s2")]
    before = translated(*first, to=to).payload().removesuffix(b"]}")
    assert translated(*then, to=to).payload().startswith(before)


def test_r_pip_1_string_and_list_form_of_a_system_message() -> None:
    """Claude Code sends the same system message as a list first and as a string later."""
    assert chat(user("a"), system("late")) == chat(user("a"), system(text("late", cache_control=EPHEMERAL)))
