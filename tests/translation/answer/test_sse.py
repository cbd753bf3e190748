"""The incremental reader of server-sent events, and the writer's two functions."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.reading import events, pieces
from tray_app.translation.answer import sse
from tray_app.translation.answer.sse import MAX_EVENT_LINES, MAX_LINE_BYTES, PING, SSEEvent, SSEReader, event
from tray_app.translation.errors import ApiError, Fault

MIXED = (
    '\ufeff: hello\n\nevent: a\ndata: {"x":\r\ndata:1}\n\r\nid: 7\rretry: 5\rdata: é\u2028€😀\r\r'
    '  data:  two spaces\n \t\n{"bare": true}\n\ndata\nnonsense\n\ndata: [DONE]\n\nevent: error\n\ndata: rest'
).encode()  # fmt: skip
MIXED_EVENTS = [
    ("a", b'{"x":\n1}'),
    ("", "é\u2028€😀".encode()),
    ("", b" two spaces"),
    ("", b'{"bare": true}'),
    ("", b""),
    ("", b"[DONE]"),
    ("error", b""),
    ("", b"rest"),
]


def test_r_sse_4_all_fields_are_read() -> None:
    """data with and without a space, event names, comments, ids, retries, bare JSON and unknown lines."""
    assert events([MIXED]) == MIXED_EVENTS


def test_r_sse_10_every_cut_gives_the_same_events() -> None:
    """Two reads, cut at every byte."""
    assert all(events([MIXED[:at], MIXED[at:]]) == MIXED_EVENTS for at in range(len(MIXED) + 1))


@given(st.lists(st.integers(0, len(MIXED)), max_size=8))
def test_r_sse_10_any_cuts_give_the_same_events(cuts: list[int]) -> None:
    """Any number of reads, empty ones included."""
    ends = [0, *sorted(cuts), len(MIXED)]
    assert events([MIXED[a:b] for a, b in itertools.pairwise(ends)]) == MIXED_EVENTS


def test_r_sse_2_p_121_only_line_feeds_end_lines() -> None:
    """U+0085, U+2028, U+2029, VT and FF are content (P-121)."""
    text = "a\u0085b\u2028c\u2029d\x0be\x0cf".encode()
    assert events([b"data: " + text + b"\n\n"]) == [("", text)]


def test_r_sse_2_a_cr_at_the_end_of_a_read_ends_its_line_at_once() -> None:
    """A stream with lone CRs is not one event late, and the LF of a cut CRLF is not a blank line."""
    reader = SSEReader()
    assert reader.feed(b"data: 1\r\r") == [SSEEvent("", b"1")]
    assert reader.feed(b"data: b\r") == []
    assert reader.feed(b"") == []
    assert reader.feed(b"\ndata: c\n\n") == [SSEEvent("", b"b\nc")]


def test_r_sse_3_one_bom_at_the_start_is_stripped() -> None:
    """A BOM is not part of the first field name; a second one is content."""
    bom = "\ufeff".encode()
    assert events([bom + b"data: 1\n\n" + b"data: " + bom + b"\n\n"]) == [("", b"1"), ("", bom)]


def test_r_sse_5_d35_several_data_lines_are_one_value() -> None:
    """Lines that are one JSON value together, or none at all, are joined by LF (D35)."""
    assert events([b'data: {"a":\ndata: 1}\n\ndata: one\ndata: two\n\n']) == [("", b'{"a":\n1}'), ("", b"one\ntwo")]


def test_r_sse_5_lines_that_are_values_by_themselves_are_events() -> None:
    """A server that forgets the blank lines; its events do not wait for the end of the stream."""
    reader = SSEReader()
    assert reader.feed(b'data: {"a":1}\ndata: {"a":2}\n') == [SSEEvent("", b'{"a":1}')]
    assert reader.feed(b"data: [DONE]\n") == [SSEEvent("", b'{"a":2}')]
    assert reader.close() == [SSEEvent("", b"[DONE]")]


def test_r_sse_5_values_that_are_no_objects_are_events_too() -> None:
    """At the blank line the joined text is tried first, then the single lines."""
    assert events([b"data: [1]\ndata: [2]\n\ndata: [1,\ndata: 2]\n\n"]) == [
        ("", b"[1]"),
        ("", b"[2]"),
        ("", b"[1,\n2]"),
    ]


def test_r_sse_5_forgotten_blank_lines_keep_their_event_names() -> None:
    """Each data line keeps the name that stood before it; a name after the only data line counts for it."""
    assert events([b"event: a\ndata: {}\nevent: b\ndata: {}\n\ndata: {}\nevent: c\n\n"]) == [
        ("a", b"{}"), ("b", b"{}"), ("c", b"{}"),
    ]  # fmt: skip
    assert events([b"data: {}\nevent: b\nevent: c\ndata: {}\n\n"]) == [("", b"{}"), ("c", b"{}")]
    assert events([b"event: a\ndata: {}\nevent:\n\ndata: {}\ndata: {}\n\n"]) == [("", b"{}")] * 3


def test_r_sse_4_ndjson_lines_are_events() -> None:
    """Newline-delimited JSON needs no blank lines; pending data goes first; a bare [DONE] counts."""
    stream = b'data: 1\n{"a":1}\n{"a":2}\n[DONE]\n'
    assert events([stream]) == [("", b"1"), ("", b'{"a":1}'), ("", b'{"a":2}'), ("", b"[DONE]")]


def test_r_sse_7_a_residual_event_is_dispatched_at_the_end() -> None:
    """The last event needs neither a blank line nor a line end, and a partial name is no event."""
    assert events([b"data: 1\n\ndata: 2"]) == [("", b"1"), ("", b"2")]
    assert events([b"data: 2\n"]) == [("", b"2")]
    assert events([b"data: 2\r"]) == [("", b"2")]
    assert events([b"dat"]) == events([b""]) == events([]) == []


def test_r_sse_11_an_error_field_is_an_error_event() -> None:
    """Older llama.cpp servers name the field after what it tells; words in it are no event of ours."""
    assert events([b'data: {"a":1}\nerror: {"code":400}\n\n', b"error: words\n\n", b'error: {"b":2}\n']) == [
        ("", b'{"a":1}'),
        ("error", b'{"code":400}'),
        ("error", b'{"b":2}'),
    ]


def test_p_59_comments_are_counted_not_parsed() -> None:
    """Comments between and inside events are signs of life only."""
    reader = SSEReader()
    assert reader.feed(b": OPENROUTER PROCESSING\n\n:\n\nevent: a\n: x\ndata: 1\n:y\n\n") == [SSEEvent("a", b"1")]
    assert reader.comments == 4


def test_space_padded_lines_are_read() -> None:
    """Some proxies pad lines with blanks, the empty ones included."""
    assert events([b"  \n   data: 1   \n   \ndata: 2  \n\n"]) == [("", b"1"), ("", b"2  ")]


@pytest.mark.parametrize("size", [1000, 65_536, 6_000_000])
def test_r_sse_8_d11_p_58_a_line_of_5_mb_is_read(size: int) -> None:
    """One data line of 5 MB, in many reads or in one."""
    line = b'data: {"content":"' + b"x" * 5_000_000 + b'"}'
    assert events(pieces(line + b"\n\n", size)) == [("", line[6:])]


@pytest.mark.slow
@pytest.mark.timeout(30)
def test_d11_p_58_a_long_line_in_single_bytes_takes_linear_time() -> None:
    """A million reads of one byte take a second; searching or copying the line at each would take minutes."""
    line = b"data: " + b"x" * 1_000_000
    assert events(pieces(line + b"\n\n", 1)) == [("", line[6:])]


@pytest.mark.parametrize("size", [65_536, MAX_LINE_BYTES + 100])
def test_r_sse_8_an_endless_line_is_an_error(size: int) -> None:
    """Over 16 MiB; the events before it are handed out first, and the error comes for ever."""
    data = b"data: 1\n\n:" + b"x" * MAX_LINE_BYTES + b"\n\n"
    reader, found, failure = SSEReader(), [], None
    for read in pieces(data, size):
        try:
            found += reader.feed(read)
        except ApiError as error:
            failure = error
    assert found == [SSEEvent("", b"1")]
    with pytest.raises(ApiError) as last:
        reader.close()
    assert (last.value.type, last.value.fault) == ("api_error", Fault.PROTOCOL)
    assert size > MAX_LINE_BYTES or failure is last.value


def test_r_sse_8_a_line_at_the_limit_passes() -> None:
    """16 MiB exactly, in one read, in many, and cut before its end."""
    line = b"data: " + b"x" * (MAX_LINE_BYTES - 6)
    assert events([line + b"\n\n"]) == events(pieces(line + b"\n\n", 2**20)) == [("", line[6:])]
    with pytest.raises(ApiError):
        events([line, b"x\n\n"])


def test_r_sse_8_an_endless_event_is_an_error() -> None:
    """Over 32 MiB in lines that are short enough, empty ones included."""
    line = b"data: " + b"x" * (2**20) + b"\n"
    assert len(events([line] * 31)[0][1]) == 31 * (2**20 + 1) - 1
    with pytest.raises(ApiError):
        events([line] * 33)
    with pytest.raises(ApiError):
        events([b"data:\n" * (MAX_EVENT_LINES + 1)])


def test_r_sse_8_a_failure_at_the_very_end_is_told_by_close() -> None:
    """The end may complete an event that is too big."""
    reader = SSEReader()
    for _ in range(3):
        reader.feed(b"data: " + b"x" * (10 * 2**20) + b"\n")
    reader.feed(b"data: " + b"x" * (10 * 2**20))
    with pytest.raises(ApiError):
        reader.close()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    """Fuzz: bytes in, events out, the same in single bytes."""
    assert events([data]) == events(pieces(data, 1))


def test_r_sse_13_the_writer_makes_one_event() -> None:
    """A name, one line of data, a blank line; and the ping is such an event."""
    data = json.dumps({"type": "ping"}, separators=(",", ":")).encode()
    assert event("ping", data) == PING
    assert events([PING]) == [("ping", b'{"type":"ping"}')]


def test_nothing_is_decoded() -> None:
    """Invalid UTF-8 passes through as it is; an event name is made readable."""
    assert events([b"event: \xff\ndata: \xff\xfe\n\n"]) == [("\ufffd", b"\xff\xfe")]
    assert sse.DONE == (b"[DONE]", b'"[DONE]"')
