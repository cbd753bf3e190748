"""Providers go out without keys and come in after a look."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import msgspec

from helpers.app_services import DRAFT, KEY, Stack, saved, stack
from helpers.signals import Listener
from tray_app.editing import Arrival, ArrivingKey, ImportPlan
from tray_app.profiles.model import CommandCredential, Profile
from tray_app.profiles.secrets import SecretsError, SessionSecrets
from tray_app.profiles.transfer import export_profiles
from tray_app.state import KeyKind

SECRET = "sk-of-another-program"
ROUTER = {
    "Providers": [
        {"name": "one", "api_base_url": "https://else.example/v1/chat/completions", "api_key": SECRET, "models": ["m"]},
        {"name": "two", "api_base_url": "https://two.example/v1/chat/completions", "api_key": "$TWO"},
        {"name": "odd", "api_base_url": "nonsense", "api_key": "k"},
        {},
    ]
}


def written(path: Path, content: object) -> str:
    """A file with this JSON."""
    path.write_text(json.dumps(content))
    return str(path)


async def look(parts: Stack, path: str) -> ImportPlan:
    """What is shown before anything is imported."""
    plans = Listener(parts.controller.transfers.planned)
    parts.controller.transfers.look(path)
    plan = await plans.until()
    assert isinstance(plan, ImportPlan)
    return plan


async def test_another_programs_providers_are_looked_at_and_taken_over(tmp_path: Path) -> None:
    """Their keys go into the keyring and nowhere else; what cannot be used is named."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        await saved(parts)
        plan = await look(parts, written(tmp_path / "config.json", ROUTER))
        assert (plan.program, len(plan.problems)) == ("claude-code-router", 1)
        assert SECRET not in repr(plan)
        assert [(line.id, line.arrival, line.key, line.wanted) for line in plan.lines] == [
            ("one", Arrival.CONFLICT, ArrivingKey.INCLUDED, True),
            ("two", Arrival.ADDED, ArrivingKey.ENVIRONMENT, True),
            ("odd", Arrival.ADDED, ArrivingKey.INCLUDED, False),
        ]
        assert (plan.lines[1].key_source, "base_url" in plan.lines[2].problem) == ("TWO", True)
        dones = Listener(parts.controller.transfers.done)
        parts.controller.transfers.take(frozenset({"one", "two"}))
        assert (await dones.until()).number == 2
        assert [provider.id for provider in parts.controller.state.providers] == ["demo", "one", "one-2", "two"]
        assert [await parts.secrets.get(name) for name in ("one", "one-2")] == [KEY, SECRET]
        assert parts.controller.transfers._secrets == {}
        assert SECRET not in (tmp_path / "config" / "profiles.json").read_text()


async def test_our_own_providers_go_out_without_keys_and_come_back(tmp_path: Path) -> None:
    """The export says how many and what was left out."""
    target = tmp_path / "out.json"
    async with stack(tmp_path / "a") as parts:
        await parts.controller.start()
        await saved(parts)
        await saved(parts, replace(DRAFT, name="Two", key_kind=KeyKind.NONE, headers=(("X-Session", "7"),)), "")
        dones = Listener(parts.controller.transfers.done)
        parts.controller.transfers.export(str(target))
        done = await dones.until()
        assert (done.number, done.path, done.left_out) == (2, str(target), ("two: header X-Session",))
        assert KEY not in target.read_text()
        assert [line.arrival for line in (await look(parts, str(target))).lines] == [Arrival.SAME, Arrival.CHANGED]
    async with stack(tmp_path / "b") as parts:
        await parts.controller.start()
        plan = await look(parts, str(target))
        assert plan.program == ""
        assert [(line.key, line.wanted) for line in plan.lines] == [
            (ArrivingKey.MISSING, True),
            (ArrivingKey.NONE, True),
        ]


async def test_a_command_of_somebody_else_is_never_taken_unasked(tmp_path: Path) -> None:
    """It would run here; it is shown instead. Neither is an address that leads back to us."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        evil = Profile(
            id="evil", name="E", base_url="https://e.example", credential=CommandCredential(("rm", "-rf", "x y"))
        )
        loop = msgspec.structs.replace(evil, id="loop", base_url=parts.server.url or "")
        path = tmp_path / "in.json"
        path.write_bytes(export_profiles((evil, loop)))
        plan = await look(parts, str(path))
        assert [(line.key_source, line.wanted) for line in plan.lines] == [("rm -rf 'x y'", False)] * 2
        assert "itself" in plan.lines[1].problem


async def test_what_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    """And nothing changes."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        assert "missing.json" in (await look(parts, str(tmp_path / "missing.json"))).words
        assert "no file" not in (await look(parts, written(tmp_path / "x.json", [1]))).words
        dones = Listener(parts.controller.transfers.done)
        (tmp_path / "file").write_text("x")
        parts.controller.transfers.export(str(tmp_path / "file" / "out.json"))
        assert "out.json" in (await dones.until()).words


async def test_a_keyring_that_refuses_imports_nothing(tmp_path: Path) -> None:
    """The user hears why."""

    class Locked(SessionSecrets):
        async def set(self, name: str, value: str) -> None:
            raise SecretsError("The keyring is locked.", "Unlock it.")

    async with stack(tmp_path, secrets=Locked()) as parts:
        await parts.controller.start()
        plan = await look(parts, written(tmp_path / "config.json", ROUTER))
        dones = Listener(parts.controller.transfers.done)
        parts.controller.transfers.take(frozenset(line.id for line in plan.lines if line.wanted))
        assert (await dones.until()).words == "The keyring is locked. Unlock it."
        assert len(parts.controller.state.providers) == 1
