"""Request bodies: decoded, bounded, or refused (over HTTP, where they come from)."""

from __future__ import annotations

import gzip
import zlib

import pytest

from helpers.fake_upstream import FakeUpstream
from helpers.proxy_stack import REQUEST, profile, running
from tray_app.translation import codec

BODY = codec.dumps(REQUEST)
RAW_DEFLATE = zlib.compressobj(wbits=-15)
DEFLATED = RAW_DEFLATE.compress(BODY) + RAW_DEFLATE.flush()


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(BODY)),
        ("GZIP", gzip.compress(BODY[:50]) + gzip.compress(BODY[50:])),
        ("x-gzip", gzip.compress(BODY)),
        ("deflate", zlib.compress(BODY)),
        ("deflate", DEFLATED),
        ("identity", BODY),
    ],
)
async def test_d55_r_lis_5_compressed_requests_are_read(coding: str, body: bytes) -> None:
    """gzip (also in several members) and deflate (with or without its header)."""
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        answer = await proxy.ask(body, headers={"Content-Encoding": coding})
    assert answer.text == "Hello"


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "nonsense"])
async def test_r_lis_5_other_codings_are_415(coding: str) -> None:
    """Said in words, not as a parse error."""
    async with running() as proxy:
        answer = await proxy.ask(BODY, headers={"Content-Encoding": coding})
    assert (answer.status, answer.error[0]) == (415, "invalid_request_error")


@pytest.mark.parametrize("body", [b"not gzip at all", gzip.compress(BODY)[:-9]])
async def test_a_broken_coding_is_400(body: bytes) -> None:
    """Garbage, and a body cut short."""
    async with running() as proxy:
        answer = await proxy.ask(body, headers={"Content-Encoding": "gzip"})
    assert (answer.status, answer.error[0]) == (400, "invalid_request_error")


async def test_d39_a_small_body_cannot_become_a_huge_one() -> None:
    """The limit is on the decoded bytes: 64 MiB of zeros in 64 kB."""
    bomb = gzip.compress(b"\0" * (64 << 20))
    async with running() as proxy:
        answer = await proxy.ask(bomb, headers={"Content-Encoding": "gzip"})
    assert (answer.status, answer.error[0]) == (413, "request_too_large")


async def test_d20_the_body_of_a_count_is_always_read() -> None:
    """The connection serves the next request, however long the body was."""
    count = {"model": "m", "messages": [{"role": "user", "content": "x" * 2_000_000}]}
    async with FakeUpstream() as upstream, running(profile(upstream.url)) as proxy:
        for _ in range(3):
            answer = await proxy.ask(count, "/v1/messages/count_tokens")
            assert answer.json["input_tokens"] > 100_000
        assert not upstream.received
