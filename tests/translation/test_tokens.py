"""Token estimates without a tokenizer."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.builders import (
    BASH,
    PDF,
    PNG,
    READ,
    assistant,
    document,
    image,
    image_url,
    request_body,
    text,
    thinking,
    tool_result,
    tool_use,
    user,
)
from tray_app.translation.tokens import PromptEstimate, count_text, estimate_request


class _Sample(msgspec.Struct):
    kind: str
    tokens: int
    text: str


SAMPLES = msgspec.toml.decode(
    Path(__file__).with_name("token_samples.toml").read_bytes(), type=dict[str, list[_Sample]]
)["sample"]
PROSE = next(sample.text for sample in SAMPLES if sample.kind == "English prose")


def estimate(*messages: Any, **fields: Any) -> int:
    """The estimate of a request."""
    return estimate_request(request_body(*messages, **fields))


def test_p_103_the_mixed_corpus_is_within_a_quarter() -> None:
    """R-CNT-3: prose, code, JSON, logs, diffs and nine languages together."""
    real = sum(sample.tokens for sample in SAMPLES)
    assert 0.95 * real <= sum(count_text(sample.text) for sample in SAMPLES) <= 1.25 * real


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.kind for sample in SAMPLES])
def test_p_103_no_kind_of_text_is_far_off(sample: _Sample) -> None:
    """Each kind alone: never much too little, which would let a session overflow, and at most a third too much."""
    assert 0.9 <= count_text(sample.text) / sample.tokens <= 1.35


def test_d19_sixty_thousand_characters_are_not_zero() -> None:
    """The seed answered 0 to any body."""
    words = (PROSE * 100)[:60_000]
    assert 10_000 < estimate(user(words)) < 20_000


@given(st.text(max_size=300), st.text(max_size=50))
def test_r_cnt_4_adding_text_never_lowers_the_count(before: str, added: str) -> None:
    """Monotone, also inside a request."""
    assert 1 <= count_text(before) <= count_text(before + added)
    assert estimate(user(before)) <= estimate(user(before + added)) <= estimate(user(before), user(added))


@given(st.lists(st.text(max_size=50), max_size=10))
def test_r_cnt_4_is_deterministic_and_additive(texts: list[str]) -> None:
    """The same text counts the same, and cutting it moves the sum only by rounding."""
    whole = "".join(texts)
    assert count_text(whole) == count_text(whole)
    assert abs(sum(map(count_text, texts)) - count_text(whole)) <= len(texts) + 1


def test_r_cnt_4_a_megabyte_takes_less_than_50_ms() -> None:
    """CPU time, the best of five, for ASCII and for Chinese."""
    for letter in ("x y", "\u4e2d"):
        megabyte = letter * (1_000_000 // len(letter.encode()))
        assert min(_cpu_s(megabyte) for _ in range(5)) < 0.05


def _cpu_s(words: str) -> float:
    begin = time.process_time()
    count_text(words)
    return time.process_time() - begin


@pytest.mark.parametrize(
    "body", [{}, {"messages": None}, {"messages": []}, {"messages": ""}, {"system": None, "tools": "x"}]
)
def test_p_64_an_estimate_is_never_zero(body: dict[str, Any]) -> None:
    """Not even for nothing: a zero switches the client's compaction off."""
    assert estimate_request(body) == 1
    assert count_text("") == 1


def test_lone_surrogates_are_counted_not_refused() -> None:
    """A string as JSON may carry it."""
    assert count_text("a\ud83d") >= 1
    assert estimate(user("a\ud83d")) == estimate(user("a\ud7a3")), "its neighbour has the same weight"


def test_a_text_that_is_no_string_is_weighed_as_what_it_is() -> None:
    """Nothing is admitted before tokens are counted; every shape has a weight."""
    assert estimate(user({"type": "text", "text": [PROSE]})) == estimate(user(PROSE))
    assert estimate(user({"type": "text", "text": None})) < estimate(user({"type": "text", "text": {"a": PROSE}}))


def test_r_use_10_the_learned_ratio_scales() -> None:
    """What the model was found to count is applied to the estimate."""
    body = request_body(user(PROSE))
    assert estimate_request(body, 2.0) == pytest.approx(2 * estimate_request(body), abs=1)


def test_r_cnt_3_every_message_costs_something() -> None:
    """Role and separators: about four tokens each."""
    assert estimate(user("a"), assistant("b"), user("c")) >= 12


def test_a_string_and_a_text_block_count_the_same() -> None:
    """Claude Code alternates between the two forms."""
    assert estimate(user(PROSE)) == estimate(user(text(PROSE))) == estimate(user(text(PROSE), text("")))


def test_r_cnt_3_system_and_tools_count() -> None:
    """System text in both forms; tools by their JSON."""
    plain = estimate(user("x"))
    assert estimate(user("x"), system=PROSE) == estimate(user("x"), system=[text(PROSE)])
    assert estimate(user("x"), system=PROSE) - plain == pytest.approx(count_text(PROSE), abs=1)
    assert estimate(user("x"), tools=[BASH, READ]) > estimate(user("x"), tools=[BASH]) > plain + 20


def test_r_cnt_3_all_blocks_count() -> None:
    """Calls, results, thinking, unknown blocks; a signature does not."""
    plain = estimate(user("x"))
    for block in (
        tool_use("t", command=PROSE),
        tool_result("t", PROSE),
        tool_result("t", [text(PROSE)]),
        thinking(PROSE),
        {"type": "search_result", "content": [text(PROSE)]},
        {"type": "document", "source": {"type": "text", "data": PROSE}, "title": "a", "context": "b"},
        {"type": "document", "source": {"type": "content", "content": [text(PROSE)]}},
    ):
        assert estimate(user("x"), assistant(block)) > plain + count_text(PROSE) - 2
    assert estimate(assistant(thinking("x", "s" * 10_000))) == estimate(assistant(thinking("x", "")))
    assert estimate(assistant({"type": "redacted_thinking", "data": "d" * 10_000})) == estimate(assistant(text("")))
    assert estimate({"content": [1, None]}) > 0
    assert estimate(PROSE) > count_text(PROSE)


@pytest.mark.parametrize(
    ("block", "tokens"),
    [
        (image(), 0),
        (image("not base64!"), 1500),
        (image_url(), 1500),
        ({"type": "image"}, 1500),
        (document(), 2000),
        (document({"type": "url", "url": "https://example.org/a.pdf"}), 2000),
        (document({"type": "base64", "data": base64.b64encode(bytes(250_000)).decode()}), 6000),
    ],
)
def test_r_cnt_3_media_count_by_size(block: dict[str, Any], tokens: int) -> None:
    """An image by its pixels, a PDF by its pages, what cannot be read by an average."""
    assert estimate(user(block)) - 4 == pytest.approx(tokens, abs=1)


def test_r_cnt_3_a_large_image_is_capped() -> None:
    """(w*h)/750, at most 1600: providers scale pictures down."""
    head = base64.b64decode(PNG)[:16]
    sized = [
        base64.b64encode(head + w.to_bytes(4) + h.to_bytes(4) + bytes(10)).decode()
        for w, h in ((750, 100), (4000, 4000))
    ]
    assert [estimate(user(image(data))) for data in sized] == [104, 1604]


def test_base64_is_not_counted_as_text() -> None:
    """A megabyte of PDF is pages, not a million characters."""
    assert estimate(user(document({"type": "base64", "data": PDF + "A" * 100_000}))) < 3000


def test_r_cnt_3_one_block_in_place_of_a_list_is_weighed() -> None:
    """Some clients leave the list out; its text weighs what it weighs in one."""
    alone, listed = (estimate(user(tool_result("t", content))) for content in (text(PROSE), [text(PROSE)]))
    assert alone == listed > count_text(PROSE)


def test_every_class_of_characters_weighs_as_much_in_a_crowd() -> None:
    """Many bytes are weighed class by class and few one by one: a long run of one character costs what its parts do."""
    for character in "a A0 \n{é中😀\x00\x7f":
        few, many = count_text(character * 5), count_text(character * 5_000)
        assert 900 * (few - 1) <= many <= 1_000 * few + 1


def test_an_estimate_is_made_once_when_it_is_asked_for() -> None:
    """Most whole answers report their usage, and nobody asks."""
    body = {"messages": [{"role": "user", "content": "Hello there"}]}
    estimate = PromptEstimate(body, 1.5)
    assert not estimate.known
    assert estimate() == estimate_request(body, 1.5)
    body["messages"].clear()
    assert estimate.known
    assert estimate() > 1
    assert estimate.unscaled == estimate() / 1.5
