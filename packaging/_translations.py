"""Collects the words of the program for translators, and compiles what they wrote: `dev.py translations`.

Runs in the project's environment, where PySide6 brings Qt's lupdate and lrelease. The result depends on the sources alone: no
line numbers, sorted, so that two branches that add words merge. Counterpart: `tray_app/ui/language.py`, which loads the files.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "i18n"


def sources() -> list[str]:
    """Every module of the program, relative to the checkout: words are looked for wherever they may be."""
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tray_app").rglob("*.py"))


def update(file: Path) -> None:
    """Bring a .ts file in step with the sources: new words are added unfinished, those that are gone leave.

    Raises:
        subprocess.CalledProcessError: lupdate failed; its words are on stderr.
    """
    # The heuristic for similar texts would put another sentence's translation beside a new one.
    options = ["-locations", "none", "-no-obsolete", "-sort-messages", "-disable-heuristic", "similartext"]
    _tool("lupdate", *options, "-silent", *sources(), "-ts", str(file))


def compile_to(file: Path, target: Path) -> None:
    """Make the .qm file that the program loads of a .ts file; unfinished words are left out.

    Raises:
        subprocess.CalledProcessError: lrelease failed; its words are on stderr.
    """
    _tool("lrelease", "-silent", "-nounfinished", str(file), "-qm", str(target))


def _tool(name: str, *arguments: str) -> None:
    spec = importlib.util.find_spec("PySide6")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    program = Path(spec.submodule_search_locations[0]) / (f"{name}.exe" if os.name == "nt" else name)
    subprocess.run([str(program), *arguments], cwd=ROOT, check=True)


def main() -> int:
    """Update and compile every language."""
    for file in sorted(FOLDER.glob("*.ts")):
        update(file)
        compile_to(file, file.with_suffix(".qm"))
        open_ends = file.read_text(encoding="utf-8").count('type="unfinished"')
        print(f"{file.relative_to(ROOT)}: {open_ends} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
