"""Which rule of the specification is shown by which test.

A test shows the rules its name begins with: ``test_r_ord_1_p_09_late_system_text_…`` shows R-ORD-1 and P-09, ``test_d8_…``
the seed defect D8. `rules.toml` lists all rules, those that need no test (`exempt`), and where one is kept otherwise (`decided`).

    python tests/architecture/rules.py   the table, as Markdown
"""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parent / "rules.toml"
TESTS = Path(__file__).resolve().parent.parent
NAME = re.compile(r"test((?:_r_[a-z]+_\d+b?|_p_\d+|_d\d+)+)(?:_|$)")
ID = re.compile(r"_(r_[a-z]+_\d+b?|p_\d+|d\d+)")
MISSING = "**no test**"


@dataclass(frozen=True)
class Rules:
    """The lists of rules.toml, and what the tests show: rule -> ``file::test``."""

    all: tuple[str, ...]
    exempt: dict[str, str]
    decided: dict[str, str]
    shown: dict[str, list[str]]

    @property
    def missing(self) -> list[str]:
        """Rules without a test that need one."""
        return [rule for rule in self.all if rule not in self.shown and rule not in self.exempt]


def load() -> Rules:
    """Read the table and the names of all tests."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    known = [f"R-{area}-{number}" for area, numbers in table["r"].items() for number in numbers]
    known += [f"P-{number:02}" for number in range(1, table["pitfalls"] + 1)]
    known += [f"D{number}" for number in range(1, table["defects"] + 1)]
    return Rules(tuple(known), table["exempt"], table["decided"], shown_by_tests())


def shown_by_tests() -> dict[str, list[str]]:
    """Every rule named by a test, with the tests that do."""
    shown: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (named := NAME.match(node.name)):
                for found in ID.findall(named[1]):
                    place = f"{path.relative_to(TESTS).as_posix()}::{node.name}"
                    shown.setdefault(rule_of(found), []).append(place)
    return shown


def rule_of(found: str) -> str:
    """``r_eff_4b`` -> ``R-EFF-4b``, ``p_9`` -> ``P-09``, ``d8`` -> ``D8``."""
    kind, *rest = found.split("_")
    if kind == "r":
        return f"R-{rest[0].upper()}-{rest[1]}"
    return f"P-{int(rest[0]):02}" if kind == "p" else f"D{int(kind[1:])}"


def as_markdown(rules: Rules) -> str:
    """The table a person reads."""
    counts = f"{len(rules.shown)} of {len(rules.all)} rules shown by tests, {len(rules.exempt)} exempt"
    lines = [
        f"{counts}; {len(rules.decided)} kept otherwise than written.",
        "",
        "| rule | shown by | |",
        "|---|---|---|",
    ]
    for rule in rules.all:
        places = "<br>".join(f"`{place}`" for place in rules.shown.get(rule, []))
        remark = rules.decided.get(rule, "")
        lines.append(f"| {rule} | {places or rules.exempt.get(rule, MISSING)} | {remark} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(as_markdown(load()))
