"""Diagnostics are collected from everywhere and saved where the user wants; no secret is in them."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Callable
from pathlib import Path

from helpers.app_services import DRAFT, TOKEN, ask, saved, stack
from helpers.signals import Listener
from tray_app.runtime import logs
from tray_app.translation.redaction import redact

PLANTED = "sk-planted-0123456789abcdef"


async def test_no_secret_leaves(tmp_path: Path, expect_log: Callable[[str], None]) -> None:
    """Planted wherever one could be: keyring, profile, log, request, token."""
    async with stack(tmp_path) as parts:
        (tmp_path / "state").mkdir()
        logs.to_file(tmp_path / "state", redact)
        expect_log("refused")
        logging.getLogger("test").warning("the provider refused key %s", PLANTED)
        logs.stop()
        with (tmp_path / "state" / "dragoman.log").open("a") as log:
            log.write(f"written by another program: {TOKEN}\n")
        await parts.controller.start()
        await saved(parts, DRAFT, PLANTED)
        assert await ask(parts) == 200
        answers = Listener(parts.controller.diagnostics.collected)
        parts.controller.diagnostics.collect(("style: fusion",))
        collected = await answers.until()
        results = Listener(parts.controller.diagnostics.saved)
        parts.controller.diagnostics.save(collected, tmp_path / "bundle.zip")
        assert await results.until() == ""
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        content = {name: bundle.read(name).decode() for name in bundle.namelist()}
    said = "\n".join(content.values())
    for secret in (PLANTED, TOKEN, str(tmp_path)):
        assert secret not in said
    assert "style: fusion" in content["system.txt"]
    assert "https://one.example/v1" in content["providers.json"]
    assert '"status":200' in content["requests.jsonl"]
    assert "the provider refused key [redacted]" in content["log.txt"]


async def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """In the system's words; nothing else happens."""
    async with stack(tmp_path) as parts:
        results = Listener(parts.controller.diagnostics.saved)
        parts.controller.diagnostics.save((), tmp_path / "missing" / "bundle.zip")
        assert "No such file" in await results.until()
        assert parts.controller.diagnostics.log_folder == tmp_path / "state"
