"""JSON in and out: what is tolerated, what is refused, what is mended."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

import pytest

from tray_app.translation import codec
from tray_app.translation.codec import (
    JSONError,
    dumps,
    dumps_line,
    dumps_text,
    loads,
    loads_keeping_surrogates,
    mend_surrogates,
)

READERS: list[Callable[[bytes], Any]] = [loads, loads_keeping_surrogates]


@pytest.mark.parametrize("read", READERS)
def test_both_readers_read_json(read: Callable[[bytes], Any]) -> None:
    """A BOM is tolerated and big integers are kept."""
    assert read(codec.BOM + b'{"a":[1,12345678901234567890123,"\\ud83d\\ude00"]}') == {
        "a": [1, 12345678901234567890123, "😀"]
    }


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("data", [b"{", b"", b"{'a':1}", b"nul", b"[" * 100_000, b"\x01" + b"[" * 100_000])
def test_both_readers_refuse_what_is_no_json(read: Callable[[bytes], Any], data: bytes) -> None:
    """With a message that says where, and never quotes the content."""
    with pytest.raises(JSONError) as caught:
        read(data)
    assert "'a'" not in str(caught.value)


@pytest.mark.parametrize("data", [b'"\xff"', b"NaN", b"[Infinity]", b'"a\nb"', b"[1e999]", b'["\\ud83d",1e999]'])
def test_r_adm_5_requests_are_read_strictly(data: bytes) -> None:
    """Invalid UTF-8, constants that are no JSON, control characters."""
    with pytest.raises(JSONError):
        loads(data)


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 5000, "1e400", "-1e400", "1" + "0" * 400 + ".0"])
def test_r_adm_5_numbers_beyond_any_use_are_no_json(number: str) -> None:
    """A clear refusal, not a failure of ours; the number is not quoted."""
    with pytest.raises(JSONError, match="number") as caught:
        loads(f'{{"a":{number}}}')
    assert "999" not in str(caught.value)


def test_an_upstream_s_absurd_number_costs_nothing_else() -> None:
    """The rest of the event is read."""
    assert loads_keeping_surrogates(b'{"a":' + b"9" * 5000 + b',"b":"x"}') == {"a": inf, "b": "x"}


def test_r_adm_6_p_112_lone_surrogates_are_mended() -> None:
    """In keys and values, and a string read as text."""
    assert loads(b'{"\\ud83d":["\\ude00","a\\ud83d\\ude00"]}') == {"\ufffd": ["\ufffd", "a😀"]}
    assert loads('{"a":"\\ud83d","b":[-1.5e3,7]}') == {"a": "\ufffd", "b": [-1500.0, 7]}


def test_r_sse_12_an_upstream_s_surrogates_are_kept() -> None:
    """The other half may come in the next event."""
    assert loads_keeping_surrogates(b'{"a":"x\\ud83d"}') == {"a": "x\ud83d"}


def test_r_sse_9_an_upstream_s_json_is_read_leniently() -> None:
    """Control characters in strings and between tokens, invalid UTF-8, log probabilities that are not numbers."""
    assert loads_keeping_surrogates(b'{"a":"x\ny\x7f"}') == {"a": "x\ny\x7f"}
    assert loads_keeping_surrogates(b'\x00{"a":\x01 1}\x00') == {"a": 1}
    assert loads_keeping_surrogates(b'{"a":"\xff"}') == {"a": "\ufffd"}
    assert loads_keeping_surrogates(bytearray(b'[NaN,-Infinity,"\\ud83d"]')) == [None, None, "\ud83d"]


def test_mending_joins_and_replaces() -> None:
    """Pairs that were never joined, halves that stay alone."""
    assert mend_surrogates("plain") == "plain"
    assert mend_surrogates("\ud83d\ude00\ude00\ud83d") == "😀\ufffd\ufffd"


def test_writing_is_compact_and_keeps_the_order() -> None:
    """Equal values give equal bytes."""
    assert dumps({"b": 1, "a": "é"}) == '{"b":1,"a":"é"}'.encode()
    assert dumps_text({"b": 1, "a": "é"}) == '{"b":1,"a":"é"}'


def test_r_sse_13_a_line_holds_no_line_end() -> None:
    """U+2028, U+2029 and U+0085 are escaped, other characters are not."""
    assert dumps_line("a\u2028b\u2029c\u0085d\u00e9") == '"a\\u2028b\\u2029c\\u0085dé"'.encode()
    assert loads(dumps_line("a\u2028\u0085")) == "a\u2028\u0085"
