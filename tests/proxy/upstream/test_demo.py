"""The Demo provider over its real port."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from helpers.proxy_stack import REQUEST, FixedCredential, running
from tray_app.proxy.endpoint.request import Request
from tray_app.proxy.upstream.demo import DemoUpstream


async def test_the_demo_answers_through_the_whole_road() -> None:
    """Translation included, stream and not."""
    demo = DemoUpstream(word_s=0.0)
    await demo.start()
    await demo.start()
    key = await demo.credential.token()
    async with running(demo.profile, credential=FixedCredential(key)) as proxy:
        answer = await proxy.ask()
        assert "Hello from the built-in demo" in answer.text
        assert answer.headers["x-dragoman-upstream-model"] == "demo"
        whole = await proxy.ask({**REQUEST, "stream": False})
        assert whole.json["content"][0]["text"] == answer.text
    await demo.stop()
    await demo.stop()


@pytest.mark.parametrize(
    ("method", "path", "body", "authorised", "status"),
    [
        ("POST", "/chat/completions", b"{}", False, 401),
        ("GET", "/models", None, False, 401),
        ("POST", "/chat/completions", b"{", True, 400),
        ("POST", "/chat/completions", b'{"messages":[]}', True, 400),
        ("GET", "/models", None, True, 200),
        ("GET", "/files", None, True, 404),
        ("POST", "/models", b"{}", True, 404),
    ],
)
async def test_nobody_else_gets_in_and_nonsense_is_refused(
    method: str, path: str, body: Any, authorised: bool, status: int
) -> None:
    """The key exists only in memory."""
    demo = DemoUpstream(word_s=0.0)
    await demo.start()
    key = await demo.credential.token(refresh=True)
    headers = {"Authorization": f"Bearer {key}"} if authorised else {"Authorization": "Bearer guess"}
    async with aiohttp.ClientSession() as client:
        async with client.request(method, demo.profile.base_url + path, data=body, headers=headers) as response:
            assert response.status == status
    await demo.stop()


async def test_a_reader_may_go_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is no error of the demo, and nothing is said about it."""
    left: list[Request] = []

    def end(self: Request) -> None:
        left.append(self)
        raise ConnectionResetError("the client is gone")

    demo = DemoUpstream(word_s=0.0)
    await demo.start()
    headers = {"Authorization": f"Bearer {await demo.credential.token()}"}
    chat = {"stream": True, "messages": [{"role": "user", "content": "Hello"}]}
    async with aiohttp.ClientSession(headers=headers) as client:
        with monkeypatch.context() as closing:
            closing.setattr(Request, "end", end)
            response = await client.post(f"{demo.profile.base_url}/chat/completions", json=chat)
            while b"[DONE]" not in await response.content.readany():
                pass
            response.close()
    await demo.stop()
    assert left
