"""Grouping the history and what is known of it beforehand."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.builders import EPHEMERAL, assistant, read_exchanges, system, text, thinking, tool_result, tool_use, user
from tray_app.translation.losses import Losses
from tray_app.translation.request.conversation import read_history


def test_exchanges_begin_with_assistant_messages() -> None:
    """Only the first may have none; consecutive assistant messages are one exchange."""
    exchanges = read_exchanges([user("a"), assistant("b"), assistant("c"), user("d"), system("e"), assistant("f")])
    shape = [([turn.index for turn in e.assistants], [(i.role, i.index) for i in e.items]) for e in exchanges]
    assert shape == [([], [("user", 0)]), ([1, 2], [("user", 3), ("system", 4)]), ([5], [])]


def test_conversation_that_an_assistant_begins() -> None:
    """The first exchange takes it."""
    assert len(read_exchanges([assistant("a"), user("b")])) == 1


def test_directives_part_nothing() -> None:
    """A system message without content is not there (R-SYS-14)."""
    assert len(read_exchanges([user("a"), assistant("b"), system(), assistant("c")])[1].assistants) == 2


def test_system_text_inside_a_user_message() -> None:
    """It splits the message into items that know they belong together."""
    block = {"type": "mid_conv_system", "content": [text("s")]}
    (exchange,) = read_exchanges([user("a", block, "b")])
    assert [(item.role, item.continues) for item in exchange.items] == [
        ("user", False),
        ("system", True),
        ("user", True),
    ]
    (alone,) = read_exchanges([user(block)])
    assert [item.role for item in alone.items] == ["system"]


def test_user_text_is_a_message_without_results() -> None:
    """Text beside results is a reminder or a hook, not the user's new turn."""
    first, second = read_exchanges([user("a"), assistant(tool_use("t")), user(tool_result("t"), "x")])
    assert (first.has_user_text, second.has_user_text) == (True, False)


def test_facts_of_the_history() -> None:
    """Ids, names in order, and the tools that references name (12.6)."""
    reference = {"type": "tool_reference", "tool_name": "Found"}
    server = {"type": "tool_search_tool_search_result", "tool_references": [{**reference, "tool_name": "Server"}, 5]}
    history = read_history(
        [
            user("a"),
            assistant(tool_use("t1", "B"), tool_use("t2", "A"), tool_use("t3", "B")),
            user(tool_result("t1", [reference, text("Tool loaded.")]), {**reference, "tool_name": "Stray"}),
            assistant({"type": "tool_search_tool_result", "tool_use_id": "s", "content": server}),
        ],
        Losses(),
    )
    assert history.tool_use_ids == {"t1", "t2", "t3"}
    assert list(history.tool_names) == ["B", "A"]
    assert history.referenced == {"Found", "Server", "Stray"}


def test_r_adm_3_unknown_fields_are_noted() -> None:
    """By kind and name, once, never by their content; what an unknown block holds is the block's own note."""
    losses = Losses()
    odd = text("a", citations=[], novelty="secret")
    read_history([user(odd, odd, {"type": "new", "x": 1}), {**assistant("b"), "n" * 50: 1}], losses)
    assert losses.as_tuple() == ("text.novelty: unknown field", f"assistant.{'n' * 40}: unknown field")


def test_r_def_4_announcements_on_system_messages() -> None:
    """Unknown keys of a system message are noted; its text is kept as any other (R-SYS-9)."""
    losses = Losses()
    message = {**system("Tools changed."), "tools_added": ["X"]}
    history = read_history([user("a"), message], losses)
    assert losses.as_tuple() == ("system.tools_added: unknown field",)
    assert "Tools changed." in history.exchanges[0].items[1].blocks[0]["text"]


def test_ordinary_messages_are_known() -> None:
    """Text and calls, and one plain result a call in any order: `ordinary.py` has nothing to look at again."""
    said = assistant("a", text("b"), tool_use("t1"), tool_use("t2"))
    (exchange,) = read_exchanges([said, user(tool_result("t2", [text("two")]), tool_result("t1", "one"))])
    assert (exchange.assistants[0].text, [*exchange.assistants[0].calls]) == ("ab", ["t1", "t2"])
    assert exchange.items[0].outputs == {"t1": "one", "t2": "two"}


@pytest.mark.parametrize(
    "messages",
    [
        [assistant(tool_use("t"), thinking("hm")), user("first", tool_result("t"))],
        [assistant(tool_use("t"), "late"), user(tool_result("t", ""))],
        [assistant(tool_use("t"), tool_use("t")), user(tool_result("t"), tool_result("t"))],
        [assistant(tool_use("t", "")), user(tool_result("t", is_error=True))],
        [assistant(tool_use("t"), text("", cache_control=EPHEMERAL)), user(tool_result("t", [text("a"), text("b")]))],
        [assistant({**tool_use("t"), "caller": {}}), user(tool_result("t", "odd", cache_control=EPHEMERAL))],
        [assistant("a"), {"role": "system", "content": [tool_result("t")]}],
    ],
)
def test_extraordinary_messages_are_known(messages: list[dict[str, Any]]) -> None:
    """They have neither calls nor outputs here, but are read as well as any other."""
    (exchange,) = read_exchanges(messages)
    assert (exchange.assistants[0].calls, exchange.items[0].outputs) == ({}, {})
    assert exchange.items[0].results == sum(block["type"] == "tool_result" for block in messages[1]["content"])
