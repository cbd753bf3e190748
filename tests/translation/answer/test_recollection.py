"""What is kept of an answer's reasoning."""

from __future__ import annotations

from tray_app.translation.answer.call_text import Ending
from tray_app.translation.answer.deltas import Reasoning, ReasoningOpaque, ToolDelta
from tray_app.translation.answer.recollection import MAX_CHARS, Recollection
from tray_app.translation.answer.toolcalls import Slot
from tray_app.translation.context import Target
from tray_app.translation.thinking import ThinkingMemory, call_key, text_key, unseal

TARGET = Target(provider="p", model="m")


def test_r_thk_8_reasoning_is_found_by_call_and_by_text() -> None:
    """One entry under every key the client may come back with."""
    memory = ThinkingMemory()
    kept = Recollection(TARGET, memory)
    kept.add_reasoning(Reasoning("because", "reasoning"))
    kept.add_opaque(ReasoningOpaque({"x": 1}, "details"))
    kept.add_text("visible")
    kept.add_call("toolu_1", Slot(0, "stream"))
    kept.keep()
    for key in (call_key("toolu_1"), text_key("visible")):
        thought = memory.recall(key)
        assert thought is not None
        assert (thought.text, thought.opaque, thought.field) == ("because", [{"x": 1}], "reasoning")
        assert (thought.provider, thought.model) == ("p", "m")


def test_r_gem_1_a_calls_own_state_is_kept_under_the_call() -> None:
    """A thought signature needs no reasoning around it."""
    memory = ThinkingMemory()
    kept = Recollection(TARGET, memory)
    slot = Slot(0, "stream")
    slot.take(ToolDelta(name="Bash", arguments="{}", opaque="SIG"))
    assert slot.arguments.finish(Ending.NORMAL) == "{}"
    kept.add_call("toolu_1", slot)
    kept.add_call("toolu_2", Slot(1, "stream"))
    kept.keep()
    thought = memory.recall(call_key("toolu_1"))
    assert thought is not None
    assert thought.opaque == ["SIG"]
    assert memory.recall(call_key("toolu_2")) is None


def test_without_a_memory_nothing_is_kept() -> None:
    """It still seals envelopes."""
    kept = Recollection(TARGET, None)
    kept.add_reasoning(Reasoning("x", "reasoning"))
    kept.keep()
    thought = unseal(kept.seal("hidden", [], "reasoning", hidden=True))
    assert thought is not None
    assert thought.text == "hidden"


def test_beyond_the_bound_nothing_more_is_kept() -> None:
    """Neither reasoning nor visible text grows without limit."""
    memory = ThinkingMemory()
    kept = Recollection(TARGET, memory)
    kept.add_reasoning(Reasoning("x", "f"))
    kept.add_reasoning(Reasoning("y" * MAX_CHARS, "f"))
    assert kept.reasoning == "x"
    kept.add_text("z" * (MAX_CHARS + 1))
    kept.keep()
    assert len(memory) == 0
