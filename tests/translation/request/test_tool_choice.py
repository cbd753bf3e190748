"""The client's tool_choice in the upstream's words (spec section 13)."""

from __future__ import annotations

from typing import Any

import pytest

from tray_app.translation.capabilities import Capabilities, resolve
from tray_app.translation.errors import ApiError
from tray_app.translation.losses import Losses
from tray_app.translation.names import ToolNames
from tray_app.translation.request.tool_choice import MUST_CALL, MUST_NOT_CALL, Choice, choose, chosen_name

TOOLS = [{"name": "Bash", "input_schema": {}}, {"name": "a.b", "input_schema": {}}]
NAMED = {"type": "function", "function": {"name": "Bash"}}
TOOL = {"type": "tool", "name": "Bash"}
ANY = {"type": "any"}


def decide(
    wanted: object, record: Capabilities | None = None, thinking: object = None, **values: Any
) -> tuple[Choice, list[str]]:
    losses = Losses()
    capabilities = record or Capabilities(**values)
    request = {"tools": TOOLS, "tool_choice": wanted, "thinking": thinking}
    offered = [tool["name"] for tool in TOOLS]
    names = ToolNames([str(name) for name in offered], capabilities)
    return choose(request, offered, capabilities, names, losses), list(losses)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "chat", "mistral", "gemini", "glm"),
    [
        (None, Choice(), Choice(), Choice(), Choice()),
        ({"type": "auto"}, Choice("auto"), Choice("auto"), Choice("auto"), Choice("auto")),
        (ANY, Choice("required"), Choice("any"), Choice("required"), Choice("auto", sentence=MUST_CALL)),
        (
            TOOL,
            Choice(NAMED),
            Choice("any", only="Bash"),
            Choice("required", only="Bash"),
            Choice("auto", only="Bash", sentence=MUST_CALL),
        ),
        ({"type": "none"}, Choice("none"), Choice("none"), Choice("none"), Choice(no_tools=True)),
    ],
)
def test_p_100_the_whole_table(wanted: object, chat: Choice, mistral: Choice, gemini: Choice, glm: Choice) -> None:
    """Section 13 row by row; GLM knows only auto (R-CHO-2, R-CHO-6)."""
    assert decide(wanted)[0] == chat
    assert decide(wanted, resolve("api.mistral.ai", "m"))[0] == mistral
    assert decide(wanted, resolve("generativelanguage.googleapis.com", "gemini-2.5-pro"))[0] == gemini
    assert decide(wanted, resolve("api.z.ai", "glm-4.7"))[0] == glm


def test_r_nam_2_the_chosen_tool_has_its_upstream_name() -> None:
    """The same table serves tools and choice."""
    choice, _ = decide({"type": "tool", "name": "a.b"})
    assert choice.value == {"type": "function", "function": {"name": "a_b"}}


def test_r_cho_2_what_is_said_in_words_is_noted() -> None:
    """A forced choice sent as auto is a downgrade."""
    glm = resolve("api.z.ai", "glm-4.7")
    assert decide(ANY, glm)[1] == ["tool_choice: forced choice sent as auto"]
    assert decide(TOOL, glm)[1] == ["tool_choice: named tool offered alone", "tool_choice: forced choice sent as auto"]
    assert decide({"type": "none"}, glm)[1] == ["tool_choice: none sent as no tools"]
    assert decide(TOOL)[1] == []


def test_r_cho_2_no_call_is_asked_for_in_words_where_tools_must_stay() -> None:
    """Some upstreams want tools whenever the history has calls."""
    values: dict[str, Any] = {"tool_choice_values": ("auto",), "tools_required_with_history": True}
    choice, losses = decide({"type": "none"}, **values)
    assert choice == Choice("auto", sentence=MUST_NOT_CALL)
    assert losses == ["tool_choice: none asked for in words"]


@pytest.mark.parametrize(("wanted", "sentence"), [({"type": "auto"}, ""), (ANY, MUST_CALL)])
def test_r_cho_2_an_upstream_that_refuses_the_parameter_gets_none(wanted: object, sentence: str) -> None:
    """Leaving it out means auto everywhere."""
    assert decide(wanted, tool_choice_values=())[0] == Choice(None, sentence=sentence)


THINKERS = [
    ("api.moonshot.ai", "kimi-k2.6", "required"),
    ("dashscope.aliyuncs.com", "qwen3-max", None),
    ("api.deepseek.com", "deepseek-chat", "required"),
]


@pytest.mark.parametrize(("host", "model", "value"), THINKERS)
def test_p_37_thinking_gives_way_to_a_forced_tool(host: str, model: str, value: str | None) -> None:
    """As at Anthropic, where a forced tool excludes thinking (R-CHO-3)."""
    record = resolve(host, model)
    choice, losses = decide(TOOL, record, {"type": "enabled", "budget_tokens": 5000})
    assert choice.thinking_off
    assert "thinking: switched off: a tool call is forced" in losses
    if value:
        assert decide(ANY, record, {"type": "adaptive"})[0] == Choice(value, thinking_off=True)


@pytest.mark.parametrize(("host", "model", "value"), THINKERS)
def test_p_37_a_model_that_may_think_unasked_is_told_not_to(host: str, model: str, value: str | None) -> None:
    """Nothing the client asked for is lost, so nothing is noted about thinking."""
    choice, losses = decide(TOOL, resolve(host, model))
    assert choice.thinking_off
    assert not [note for note in losses if note.startswith("thinking")]


@pytest.mark.parametrize("wanted", [{"type": "auto"}, {"type": "none"}])
def test_p_37_an_unforced_choice_lets_the_model_think(wanted: object) -> None:
    """Only force excludes it."""
    assert not decide(wanted, resolve("api.moonshot.ai", "kimi-k2.6"), {"type": "adaptive"})[0].thinking_off


def test_p_37_thinking_that_is_off_already_needs_nothing() -> None:
    """The force stays."""
    choice = decide(ANY, resolve("api.moonshot.ai", "kimi-k2.6"), {"type": "disabled"})[0]
    assert choice == Choice("required")


def test_p_37_a_model_that_cannot_stop_thinking_is_only_asked() -> None:
    """The force gives way, in words, and the named tool is still the only one."""
    record = resolve("api.moonshot.ai", "kimi-k2-thinking")
    note = "tool_choice: forced choice sent as auto: the model thinks"
    assert decide(ANY, record, {"type": "adaptive"}) == (Choice("auto", sentence=MUST_CALL), [note])
    choice, losses = decide(TOOL, record, {"type": "adaptive"})
    assert choice == Choice("auto", only="Bash", sentence=MUST_CALL)
    assert losses[-1] == note
    named: dict[str, Any] = {"forced_choice_with_thinking": "auto", "tool_choice_values": ("auto", "named")}
    assert decide(TOOL, **named)[0] == Choice("auto", only="Bash", sentence=MUST_CALL)


def test_p_37_k3_takes_a_forced_choice_but_no_named_one() -> None:
    """The named tool is offered alone."""
    choice = decide(TOOL, resolve("api.moonshot.ai", "kimi-k3"), {"type": "adaptive"})[0]
    assert choice == Choice("required", only="Bash")


def test_r_cho_4_a_tool_that_is_not_there_is_an_error() -> None:
    """In Anthropic's words."""
    with pytest.raises(ApiError, match="Tool 'Nope' not found in provided tools") as caught:
        decide({"type": "tool", "name": "Nope"})
    assert (caught.value.status, caught.value.type) == (400, "invalid_request_error")


@pytest.mark.parametrize("kind", [None, "sometimes", 5])
def test_r_adm_4_an_unknown_kind_of_choice_is_an_error(kind: object) -> None:
    """The message starts with the path."""
    with pytest.raises(ApiError, match=r"^tool_choice\.type: "):
        decide({"type": kind})


def test_r_cho_5_a_choice_of_a_tool_that_cannot_be_had_is_dropped() -> None:
    """A server tool is in the request but not on offer."""
    losses = Losses()
    request = {
        "tools": [{"type": "web_search_20250305", "name": "web_search"}],
        "tool_choice": {"type": "tool", "name": "web_search"},
    }
    names = ToolNames((), Capabilities())
    assert choose(request, ["Bash"], Capabilities(), names, losses) == Choice()
    assert list(losses) == ["tool_choice: names a tool that this upstream cannot have"]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [(TOOL, "Bash"), (ANY, ""), (None, ""), ({"type": "tool"}, ""), ({"type": "tool", "name": 5}, "")],
)
def test_the_forced_tools_name(wanted: object, name: str) -> None:
    """Empty unless a tool is named."""
    assert chosen_name({"tool_choice": wanted}) == name
