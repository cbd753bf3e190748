"""What kind of body it is, and what comes out of it: events, one value, or the error it is."""

from __future__ import annotations

import gzip
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.reading import pieces
from tray_app.translation.answer import body as body_module
from tray_app.translation.answer.body import (
    GZIP_STEP_BYTES,
    MAX_JSON_BYTES,
    MAX_WORDS_BYTES,
    BodyReader,
    Gunzip,
    JSONBody,
)
from tray_app.translation.answer.sse import SSEEvent
from tray_app.translation.errors import ApiError, Fault

ANSWER = {"id": "c", "choices": [{"message": {"content": 'né "q"\n'}, "finish_reason": "stop"}]}
JSON = json.dumps(ANSWER, ensure_ascii=False).encode()
SSE = b'data: {"a":1}\n\ndata: [DONE]\n\n'


def read(data: bytes, size: int = 1_000_000) -> list[SSEEvent] | JSONBody:
    reader = BodyReader()
    events = [event for piece in pieces(data, size) for event in reader.feed(piece)]
    rest = reader.close()
    if isinstance(rest, JSONBody):
        assert events == []
        return rest
    return events + rest


def refused(data: bytes, size: int = 1_000_000) -> ApiError:
    with pytest.raises(ApiError) as caught:
        read(data, size)
    assert (caught.value.type, caught.value.fault, caught.value.status) == ("api_error", Fault.PROTOCOL, 502)
    return caught.value


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("data", [JSON, b"\n\n  \r\n" + JSON, "\ufeff".encode() + JSON, JSON + b"\n\n \n"])
def test_r_rsp_12_json_is_known_by_its_first_byte(data: bytes, size: int) -> None:
    """One JSON value, whatever blanks or BOM are round it (DeepSeek sends blank lines while it queues)."""
    assert read(data, size) == JSONBody(ANSWER, escapes=False)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_r_rsp_12_pretty_printed_json_is_one_value(size: int) -> None:
    """Its first line is no value by itself."""
    assert read(json.dumps(ANSWER, indent=1).encode(), size) == JSONBody(ANSWER, escapes=True)
    assert read(b'[{"error": 1}]\n\n', size) == JSONBody([{"error": 1}], escapes=False)


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("head", [b"", b"\n\n", b": hi\n\n", b"event: x\n", b"id: 1\n", b"retry: 1\n", b"unknown: 1\n"])
def test_r_rsp_12_a_stream_is_known_by_its_lines(head: bytes, size: int) -> None:
    """Any field or comment may come first, even one nobody knows."""
    events = read(head + SSE, size)
    assert isinstance(events, list)
    assert [event.data for event in events] == [b'{"a":1}', b"[DONE]"]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_r_sse_4_a_second_value_makes_it_ndjson(size: int) -> None:
    """Lines of JSON begin like one JSON value; the first waits for the second, the others come at once."""
    assert read(b'{"a":1}\n{"a":2}\n\n{"a":3}', size) == [SSEEvent("", b'{"a":%d}' % number) for number in (1, 2, 3)]
    assert read(b'{"a":1}\n', size) == JSONBody({"a": 1}, escapes=False)


def test_ndjson_streams_from_its_second_line_on() -> None:
    """What follows is handed out as it comes."""
    reader = BodyReader()
    assert reader.feed(b'{"a":1}\n') == []
    assert reader.feed(b'{"a":2}\n') == [SSEEvent("", b'{"a":1}'), SSEEvent("", b'{"a":2}')]
    assert reader.feed(b'{"a":3}\n') == [SSEEvent("", b'{"a":3}')]
    assert reader.close() == []


@pytest.mark.parametrize("data", [b"", b"\n\n \r\n"])
def test_an_empty_body_is_nothing(data: bytes) -> None:
    """No bytes, or blanks only; what that means is the caller's to say (R-COM-4)."""
    assert read(data) == read(data, 1) == []
    assert BodyReader().close() == []


def test_comments_only_are_nothing_but_counted() -> None:
    """A stream of keep-alive signs that then ends."""
    reader = BodyReader()
    assert reader.feed(b": keep-alive\n\n: keep-alive\n\n") == []
    assert reader.comments == 2
    assert reader.close() == []


@pytest.mark.parametrize("size", [1, 1000])
def test_d14_an_html_page_is_an_error_with_its_title(size: int) -> None:
    """HTML in place of an answer, with JSON in its scripts."""
    page = b"<!DOCTYPE html>\n<html><head><title>502 Bad &amp; Gateway</title>\n<script>\n{}\n</script></head></html>"
    assert "an HTML page, 502 Bad & Gateway" in refused(page, size).message


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize(
    "text", ["upstream unavailable", "error: upstream timed out", "ÿ data is gone", "\x1f", "null"]
)
def test_d14_plain_text_is_an_error_with_its_words(text: str, size: int) -> None:
    """Text in place of an answer, also when it begins like a field of an event stream."""
    assert text.strip("\x1f") in refused(text.encode(), size).message


def test_p_86_a_page_without_end_is_an_error_before_it_ends() -> None:
    """Nobody reads a page to the end to quote its title."""
    reader = BodyReader()
    with pytest.raises(ApiError, match="HTML"):
        reader.feed(b"<title>x</title>" + b" " * MAX_WORDS_BYTES)
    assert "x" in refused(b"x" * 10 * MAX_WORDS_BYTES, 1000).message


def test_malformed_json_is_an_error() -> None:
    """A cut object; and something in brackets that is no JSON is quoted like text."""
    assert "malformed JSON" in refused(JSON[:-5]).message
    assert "[ERROR] no capacity" in refused(b"[ERROR] no capacity").message


def test_a_json_body_has_a_bound() -> None:
    """32 MiB, then an error (D40)."""
    reader = BodyReader()
    data = b"{" + b" " * (2**20 - 1)
    for _ in range(MAX_JSON_BYTES // 2**20):
        reader.feed(data)
    with pytest.raises(ApiError, match="32 MiB"):
        reader.feed(b" ")


def test_a_json_body_may_be_as_odd_as_an_event() -> None:
    """Raw line ends and halves of characters in its strings, NaN: what loses nothing is accepted."""
    assert read(b'{"a":"x\ny","b":"\\ud83d","c":NaN}') == JSONBody(
        {"a": "x\ny", "b": "\ud83d", "c": None}, escapes=True
    )


@pytest.mark.parametrize("size", [1, 10, 1000])
@pytest.mark.parametrize("data", [JSON, SSE, b""])
def test_r_sse_1_gzip_is_known_by_its_first_bytes(data: bytes, size: int) -> None:
    """JSON and streams alike, and in several members."""
    assert read(gzip.compress(data), size) == read(data)
    assert read(gzip.compress(data[:9]) + gzip.compress(data[9:]) + b"\0\0", size) == read(data)


def test_r_sse_1_damaged_gzip_is_an_error() -> None:
    """Broken bytes are no answer; a cut is left to whoever knows how an answer ends."""
    packed = bytearray(gzip.compress(random.Random(1).randbytes(1000)))  # noqa: S311 - incompressible, not secret
    packed[500:510] = b"\0" * 10
    assert "gzip" in refused(bytes(packed), 100).message
    assert read(gzip.compress(b"data: 1\n\n" * 5, mtime=0)[:-8]) == [SSEEvent("", b"1")] * 5


def test_r_sse_1_events_before_the_damage_are_handed_out() -> None:
    """The cut of the reads does not decide what the client sees; the error comes with the next call."""
    good = gzip.compress(b"data: 1\n\n")
    reader = BodyReader()
    assert reader.feed(good + b"\x1f\x8bgarbage") == [SSEEvent("", b"1")]
    with pytest.raises(ApiError):
        reader.feed(b"more")
    with pytest.raises(ApiError):
        BodyReader().feed(b"\x1f\x8bgarbage")


def test_r_sse_1_a_bomb_is_unpacked_in_steps() -> None:
    """A few KiB that become 50 MiB: never more than one step at a time, and the limits of lines hold."""
    bomb = gzip.compress(b"x" * 50 * 2**20)
    sizes = [len(piece) for piece in Gunzip().feed(bomb)]
    assert sum(sizes) == 50 * 2**20
    assert max(sizes) <= GZIP_STEP_BYTES
    assert "MiB" in refused(gzip.compress(b"data: ") + bomb).message
    assert list(Gunzip().feed(gzip.compress(b"y" * GZIP_STEP_BYTES))) == [b"y" * GZIP_STEP_BYTES]


def test_the_value_does_not_outlive_its_reader() -> None:
    """After the end the reader holds no method of itself, so that no cycle keeps a big body alive."""
    reader = BodyReader()
    reader.feed(JSON)
    reader.close()
    assert reader not in [getattr(value, "__self__", None) for value in vars(reader).values()]


@given(st.one_of(st.binary(max_size=60), st.text(alphabet='data:{}[]\n\r <\x1f\x8b1,"', max_size=40).map(str.encode)))
def test_any_bytes_are_read_or_refused_the_same_in_any_cut(data: bytes) -> None:
    """Fuzz: whole and in single bytes, the outcome is the same."""

    def outcome(size: int) -> object:
        try:
            return read(data, size)
        except ApiError as error:
            return error.message

    assert outcome(1) == outcome(1000)


def test_the_module_names_its_bounds() -> None:
    """The bounds other modules and the documentation speak of."""
    assert (body_module.MAX_JSON_BYTES, body_module.MAX_WORDS_BYTES) == (32 * 2**20, 16 * 2**10)
