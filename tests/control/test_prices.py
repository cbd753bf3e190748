"""The user's prices are kept in a file and hold for what finishes from then on."""

from __future__ import annotations

from pathlib import Path

from helpers.app_services import Stack, kinds, stack
from helpers.ledger_events import finished, recorded, started
from helpers.signals import Listener
from tray_app.editing import PriceDraft, SaveResult
from tray_app.proxy.hub import Batch
from tray_app.state import ProblemKind

DRAFT = PriceDraft(model="m", input="1000", output="0", since="1970-01-01")


async def save(parts: Stack, draft: PriceDraft) -> SaveResult:
    """The answer to a save."""
    answers = Listener(parts.controller.prices.saveFinished)
    parts.controller.prices.save(draft)
    return await answers.until()  # type: ignore[no-any-return]


def happen(parts: Stack, name: str) -> None:
    """A request of the model m with 100 fresh and 350 other prompt tokens."""
    parts.controller.observe(Batch(0, (started(name), finished(name)), 0))


async def test_a_new_price_holds_from_then_on(tmp_path: Path) -> None:
    """For the ledger and for whoever shows costs; what was counted before stays."""
    async with stack(tmp_path) as parts:
        tables = Listener(parts.controller.prices.changed)
        await parts.controller.start()
        happen(parts, "before")
        assert await save(parts, DRAFT) == SaveResult()
        assert len(tables.seen) == 2, "once when the file was read, once when it was saved"
        happen(parts, "after")
        costs = {row.id: row.cost_usd for row in parts.ledger.read(recorded).result(30)}
        assert costs == {"before": None, "after": 0.45}


async def test_prices_are_changed_and_deleted(tmp_path: Path) -> None:
    """By their place in the list; another start reads what is left."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        prices = parts.controller.prices
        for model in ("a", "b", "c"):
            await save(parts, PriceDraft(model=model, input="1", output="1", since="2026-01-01"))
        await save(parts, PriceDraft(number=1, model="B", input="2", output="1", since="2026-01-01"))
        answers = Listener(prices.saveFinished)
        prices.delete(0)
        await answers.until()
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        assert [(price.model, price.input) for price in parts.controller.prices.own] == [("B", 2.0), ("c", 1.0)]


async def test_what_is_wrong_is_answered(tmp_path: Path) -> None:
    """Field by field, or for the file as a whole; nothing changes."""
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        result = await save(parts, PriceDraft(model="x", input="?", output="1", since="2026-01-01"))
        assert [(problem.field, problem.code) for problem in result.problems] == [("input", "money")]
        (tmp_path / "config").mkdir(exist_ok=True)
        (tmp_path / "config" / "prices.toml").write_text("# by hand\n")
        result = await save(parts, DRAFT)
        assert [problem.field for problem in result.problems] == ["file"]
        assert "another program" in result.problems[0].detail
        assert parts.controller.prices.own == ()


async def test_a_damaged_file_is_told_until_a_new_one_is_written(tmp_path: Path) -> None:
    """The packaged prices hold meanwhile."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "prices.toml").write_text("[[price")
    async with stack(tmp_path) as parts:
        await parts.controller.start()
        assert kinds(parts.controller.state) == [ProblemKind.PRICES_UNREADABLE]
        await save(parts, DRAFT)
        assert kinds(parts.controller.state) == []
