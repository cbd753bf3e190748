"""The sealed envelope and the memory of reasoning."""

from __future__ import annotations

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.translation import codec
from tray_app.translation.thinking import (
    ENVELOPE_MAX_CHARS,
    ThinkingMemory,
    Thought,
    call_key,
    is_sealed,
    seal,
    text_key,
    unseal,
)

THOUGHT = Thought(provider="p", model="m", field="reasoning", text="secret", opaque=[{"type": "x"}])


def incompressible(characters: int) -> str:
    """Text that zlib cannot shrink much."""
    blocks, block = [], b"seed"
    while len(blocks) * 40 < characters:
        block = zlib.crc32(block).to_bytes(4) + base64.b85encode(block)[:16]
        blocks.append(base64.b85encode(block * 2).decode())
    return "".join(f"{i}{b}" for i, b in enumerate(blocks))


def test_envelope_of_visible_thinking_holds_no_text() -> None:
    """The client has the text already."""
    found = unseal(seal(THOUGHT))
    assert found == Thought(provider="p", model="m", field="reasoning", opaque=[{"type": "x"}])


def test_envelope_of_hidden_thinking_holds_the_text() -> None:
    """What the client does not see travels inside."""
    assert unseal(seal(THOUGHT, hidden=True)) == THOUGHT


def test_envelope_is_deterministic_and_printable() -> None:
    """The same thought seals to the same characters (R-PIP-1)."""
    sealed = seal(THOUGHT)
    assert sealed == seal(THOUGHT)
    assert sealed.startswith("dgm1.")
    assert sealed.isascii()


@pytest.mark.parametrize(
    "signature",
    [
        None,
        7,
        "",
        "EqQBCkYIBBgC",
        "dgm1.",
        "dgm1.!!!",
        "dgm1.YWJj",
        "dgm1." + base64.urlsafe_b64encode(zlib.compress(b"not json")).decode(),
        "dgm1." + base64.urlsafe_b64encode(zlib.compress(b'{"p":5}')).decode(),
        seal(THOUGHT)[:-9],
    ],
)
def test_r_thk_1_anything_else_is_foreign(signature: object) -> None:
    """A damaged or strange signature is never an error."""
    assert unseal(signature) is None


@given(st.text(max_size=60))
def test_r_thk_1_no_tail_is_an_error(tail: str) -> None:
    """Whatever follows the prefix."""
    assert unseal("dgm1." + tail) is None


def test_r_thk_1_decompression_bomb_is_foreign() -> None:
    """A small signature cannot fill the memory."""
    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * (33 * 1024 * 1024) + b"{}")).decode()
    assert unseal("dgm1." + bomb) is None


def test_is_sealed_tells_ours_from_foreign() -> None:
    """By the prefix alone, for pass-through clean-up (R-THK-3)."""
    assert is_sealed(seal(THOUGHT))
    assert not is_sealed("EqQB")
    assert not is_sealed(None)


def test_envelope_cap_moves_the_content_to_the_memory() -> None:
    """Beyond 256 kB the envelope keeps a key; without the memory only the origin is left."""
    memory = ThinkingMemory()
    big = Thought(provider="p", model="m", field="details", opaque=[incompressible(ENVELOPE_MAX_CHARS * 2)])
    sealed = seal(big, memory=memory)
    assert len(sealed) < 300
    assert unseal(sealed, memory) == big
    assert unseal(sealed) == Thought(provider="p", model="m", field="details")
    assert unseal(seal(big), ThinkingMemory()) == Thought(provider="p", model="m", field="details")


def test_r_thk_8_memory_recalls_by_any_key() -> None:
    """By call id and by visible text."""
    memory = ThinkingMemory()
    memory.remember([call_key("t1"), text_key("hello")], THOUGHT)
    assert memory.recall(call_key("t1")) == memory.recall(text_key("hello")) == THOUGHT
    assert memory.recall(call_key("t2")) is None


def test_r_thk_8_memory_is_bounded_in_entries() -> None:
    """The least recently used goes first; a recall counts as use."""
    memory = ThinkingMemory(max_entries=2)
    memory.remember(["a"], THOUGHT)
    memory.remember(["b"], THOUGHT)
    memory.recall("a")
    memory.remember(["c"], THOUGHT)
    assert [memory.recall(key) is not None for key in "abc"] == [True, False, True]
    assert len(memory) == 2


def test_r_thk_8_memory_is_bounded_in_bytes() -> None:
    """What an entry costs is given back when it is replaced or forgotten; one too big is not kept."""
    memory = ThinkingMemory(max_bytes=4000)
    for number in range(20):
        memory.remember([f"k{number}", "same"], Thought(text="x" * 500))
    assert 0 < memory.size_bytes <= 4000
    assert memory.recall("same") is not None
    memory.remember(["big"], Thought(text="x" * 5000))
    assert memory.recall("big") is None
    assert memory.size_bytes <= 4000


def test_text_key_does_not_hold_the_text() -> None:
    """The key is a hash: it may be logged."""
    assert "secret" not in text_key("secret")
    assert codec.dumps(text_key("a")) != codec.dumps(text_key("b"))
