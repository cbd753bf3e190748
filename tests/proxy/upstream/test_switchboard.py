"""The switchboard: one reference to switch, nothing rebuilt without need."""

from __future__ import annotations

import asyncio

import pytest

from helpers.proxy_stack import FixedCredential, profile
from tray_app.profiles.model import Profile
from tray_app.proxy.events import ActiveProfileChanged
from tray_app.proxy.exchange.chat import capabilities_of
from tray_app.proxy.hub import EventHub
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.proxy.upstream.switchboard import Switchboard, UnknownProfileError, activate
from tray_app.translation import redaction
from tray_app.translation.answer import chunk_shapes

ONE = profile("http://one.test/v1")
TWO = profile("http://two.test/v1", id="two", name="Two")
BAD = profile("no-scheme/v1", id="bad")


def board() -> tuple[Switchboard, EventHub]:
    """A switchboard that knows two profiles and a bad one."""
    hub = EventHub(lambda: 0.0)
    return Switchboard(hub, lambda _: FixedCredential()), hub


def changes(hub: EventHub) -> list[str]:
    """The ids that became active."""
    return [event.profile_id for event in hub.read().events if isinstance(event, ActiveProfileChanged)]


async def test_activating_is_idempotent_and_told_once() -> None:
    """The same profile keeps its connections and what was learned."""
    switchboard, hub = board()
    assert switchboard.active is None
    first = await switchboard.activate(ONE)
    assert await switchboard.activate(ONE) is first is switchboard.active
    await switchboard.activate(TWO)
    assert await switchboard.activate(ONE) is first
    assert changes(hub) == ["one", "two", "one"]


async def test_a_changed_profile_is_made_anew() -> None:
    """An edit takes effect with the next request."""
    switchboard, hub = board()
    before = await switchboard.activate(ONE)
    edited = profile("http://elsewhere.test/v1")
    after = await switchboard.activate(edited)
    assert after is not before
    assert after.base.host == "elsewhere.test"
    assert changes(hub) == ["one"]


async def test_a_profile_that_cannot_be_used_changes_nothing() -> None:
    """The active one stays what it was."""
    switchboard, _ = board()
    active = await switchboard.activate(ONE)
    with pytest.raises(InvalidUpstreamError):
        await switchboard.activate(BAD)
    assert switchboard.active is active


async def test_a_wrong_capability_is_found_before_the_first_request() -> None:
    """With the name of the key."""
    switchboard, _ = board()
    with pytest.raises(InvalidUpstreamError, match=r"capabilities\.stop_max"):
        await switchboard.activate(profile("http://h/v1", capabilities={"stop_max": "many"}))


async def test_pinned_profiles_are_made_at_first_use() -> None:
    """And found by id only."""
    switchboard, _ = board()
    await switchboard.refresh([ONE, TWO, BAD])
    assert switchboard.pinned("two") is switchboard.pinned("two")
    with pytest.raises(UnknownProfileError):
        switchboard.pinned("three")
    with pytest.raises(InvalidUpstreamError):
        switchboard.pinned("bad")


async def test_refresh_rebuilds_only_what_changed() -> None:
    """New secrets count as a change although the profile looks the same."""
    switchboard, _ = board()
    await switchboard.refresh([ONE, TWO])
    one, two = await switchboard.activate(ONE), switchboard.pinned("two")
    await switchboard.refresh([ONE, TWO])
    assert (switchboard.active, switchboard.pinned("two")) == (one, two)
    await switchboard.refresh([ONE, TWO], new_secrets=frozenset({"two"}))
    assert switchboard.active is one
    assert switchboard.pinned("two") is not two
    renamed = Profile(id="one", name="Renamed", base_url=ONE.base_url)
    await switchboard.refresh([renamed])
    assert switchboard.active is not None
    assert switchboard.active.profile.name == "Renamed"


async def test_a_deleted_active_profile_leaves_nothing_active() -> None:
    """Nobody chooses another one silently."""
    switchboard, _ = board()
    await switchboard.refresh([ONE])
    await switchboard.activate(ONE)
    await switchboard.refresh([TWO])
    assert switchboard.active is None
    with pytest.raises(UnknownProfileError):
        switchboard.pinned("one")


async def test_closing_lets_go_of_every_connection() -> None:
    """Twice is the same as once."""
    switchboard, _ = board()
    connections = (await switchboard.activate(ONE)).pool.hold()
    connections.release()
    await switchboard.close()
    await switchboard.close()
    assert connections.session.closed
    assert switchboard.active is None


def test_what_every_first_request_needs_is_made_at_the_activation() -> None:
    """Whoever sends the first request of a day waits for nothing that could have been ready."""
    chunk_shapes.shape.cache_clear()
    redaction._patterns.cache_clear()
    ready = activate(ONE, FixedCredential())
    chunk_shapes.shape(capabilities_of(ready, "any-model").reasoning_fields)
    redaction.redact("x")
    assert chunk_shapes.shape.cache_info().misses == 1
    assert redaction._patterns.cache_info() == (1, 1, None, 1)


async def test_two_changes_at_once_leave_nothing_open() -> None:
    """The newer one counts, and the connections of the other are let go."""
    switchboard, _ = board()
    first = await switchboard.activate(ONE)
    opened = [first.pool.hold()]
    opened[0].release()
    changes = [profile("http://elsewhere.test/v1"), profile("http://third.test/v1")]
    for ready in await asyncio.gather(*map(switchboard.activate, changes)):
        opened.append(ready.pool.hold())
        opened[-1].release()
    assert switchboard.active is not None
    assert switchboard.active.profile == changes[1]
    await switchboard.close()
    assert [connections.session.closed for connections in opened] == [True, True, True]


@pytest.mark.parametrize("how", ["activate", "refresh"])
async def test_a_request_never_finds_a_gap(how: str) -> None:
    """While the old connections of the active profile close, the new ones are there already."""
    switchboard, _ = board()
    before = await switchboard.activate(ONE)
    before.pool.hold().release()
    edited = profile("http://elsewhere.test/v1")
    change = switchboard.activate(edited) if how == "activate" else switchboard.refresh([edited, TWO])
    task = asyncio.get_running_loop().create_task(change)
    await asyncio.sleep(0)
    assert not task.done()
    assert switchboard.active is not None
    assert switchboard.active.profile == edited
    await task
    await switchboard.close()
