"""The shape of the tree: sizes, docstrings, mirror tests, banned calls, and nothing that belongs to one machine."""

from __future__ import annotations

import ast
import re
import statistics
import tomllib
from pathlib import Path

import pytest

from architecture.source import ROOT, Module, below, calls, functions, modules, tracked

EXCEPTIONS = tomllib.loads((Path(__file__).parent / "exceptions.toml").read_text(encoding="utf-8"))
FILE_LINES = 300
FUNCTION_LINES = 40
MEDIAN_FUNCTION_LINES = 8
SENTENCES = range(1, 9)
TOP_LEVEL = {
    ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "packaging", "pyproject.toml", "resources", "tests", "tray_app"
}  # fmt: skip


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body without its docstring and signature."""
    body = function.body
    if ast.get_docstring(function, clean=False) is not None:
        body = body[1:]
    return 1 + (body[-1].end_lineno or 0) - body[0].lineno if body else 1


def test_nothing_lies_about() -> None:
    """The top of the tree is short, so that somebody new sees the whole of it."""
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} == TOP_LEVEL


def test_every_module_says_what_it_is_for() -> None:
    """Every module opens with a docstring."""
    assert [module.relative for module in modules() if not ast.get_docstring(module.tree)] == []


def test_long_modules_have_a_reason() -> None:
    """A file of more than 300 lines is listed with the reason why it is not split; the list holds no others."""
    long = {module.relative: module.lines for module in modules() if module.lines > FILE_LINES}
    assert sorted(long) == sorted(EXCEPTIONS["long_files"]), long


def test_no_function_is_long() -> None:
    """No function's body has more than forty lines."""
    sizes = {
        f"{module.relative}:{function.lineno} {function.name}": body_lines(function)
        for module in modules()
        for function in functions(module.tree)
    }
    assert {name: lines for name, lines in sizes.items() if lines > FUNCTION_LINES} == {}


def test_functions_are_small() -> None:
    """The median of all functions' bodies is at most eight lines."""
    sizes = [body_lines(function) for module in modules() for function in functions(module.tree)]
    assert statistics.median(sizes) <= MEDIAN_FUNCTION_LINES


def mirror_of(module: Module) -> str:
    """tests/a/test_b.py for tray_app/a/b.py."""
    inside = module.path.relative_to(ROOT / "tray_app")
    return (Path("tests") / inside.parent / f"test_{inside.name}").as_posix()


def test_every_module_has_a_mirror_test() -> None:
    """tray_app/a/b.py is tested by tests/a/test_b.py, or exceptions.toml says which test does it and why."""
    own = [module for module in modules() if module.path.name not in {"__init__.py", "__main__.py"}]
    elsewhere = EXCEPTIONS["tested_elsewhere"]
    missing = [mirror_of(module) for module in own if not (ROOT / mirror_of(module)).exists()]
    unlisted = [
        mirror_of(module) for module in own if mirror_of(module) in missing and module.relative not in elsewhere
    ]
    assert unlisted == []
    assert [path for path in elsewhere if path not in {module.relative for module in own}] == []
    assert [path for path, where in elsewhere.items() if not (ROOT / where.split(":")[0]).exists()] == []


# --- calls

# A call whose text matches, and the modules that may use it (with the reason in exceptions.toml where it is not obvious).
BANNED_CALLS = {
    r"(.*\.)?(exec|exec_)$": ("tray_app.app", "tray_app.runtime.loop"),  # a nested loop would hold every task
    r"(.*\.)?processEvents$": (),
    r"(.*\.)?(create_task|ensure_future)$": ("tray_app.proxy.tasks",),  # spawn() names, holds and logs
    r"time\.sleep$": (),
    r"print$": ("tray_app.cli", "tray_app.serve"),
    r"asyncio\.(run|get_event_loop|set_event_loop)$": ("tray_app.serve", "tray_app.cli"),
    r"(sys|os)\._?exit$": ("tray_app.__main__",),
    r"os\.(system|popen)$": (),
    r"eval$": (),
}


def banned_calls(module: Module) -> list[str]:
    """The calls a module makes and may not."""
    allowed = EXCEPTIONS["calls"].get(module.relative, {})
    return [
        f"{module.relative}:{line} {text}"
        for text, line in calls(module)
        for pattern, homes in BANNED_CALLS.items()
        if re.fullmatch(pattern, text) and not any(below(module.name, home) for home in homes) and text not in allowed
    ]


def test_no_banned_call() -> None:
    """What freezes the window, loses a task or writes to somebody's terminal is not called."""
    assert [found for module in modules() for found in banned_calls(module)] == []


def test_errors_are_not_swallowed() -> None:
    """``except Exception`` stands only where exceptions.toml says why; that list holds no others."""
    broad = {
        module.relative: handler.lineno
        for module in modules()
        for handler in ast.walk(module.tree)
        if isinstance(handler, ast.ExceptHandler) and _is_broad(handler)
    }
    assert sorted(broad) == sorted(EXCEPTIONS["broad_excepts"]), broad


def _is_broad(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:  # cleans up and lets the error go on
        return False
    caught = ast.unparse(handler.type) if handler.type else "BaseException"
    return bool(re.search(r"\b(Base)?Exception\b", caught))


# --- tests and files


def test_every_test_says_what_it_shows() -> None:
    """Each test function has a docstring."""
    silent = [
        f"{path.relative_to(ROOT)}: {function.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for function in functions(ast.parse(path.read_text(encoding="utf-8")))
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]
    assert silent == []


def test_tests_do_not_sleep() -> None:
    """Tests wait for events, not for time."""
    sleeping = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "time.sleep"
    ]
    assert sleeping == []


# Put together from pieces, so that this file does not name what it looks for.
FOREIGN = {
    "a path of one machine": r"(?<![\w.])/" + r"(?:wo" + r"rk|ro" + r"ot)/",
    "a package registry": r"\b(?:py" + r"pi\.org|python" + r"hosted\.org|registry\.np" + r"mjs|deb\.deb" + r"ian\.org)",
    "a registry option": r"--(?:extra-)?index" + r"-url|--find" + r"-links",
    "a script piped from the network": r"cu" + r"rl [^\n|]*\|\s*(?:ba)?sh\b",
}
TEXT_SUFFIXES = {
    ".py",
    ".toml",
    ".md",
    ".txt",
    ".cfg",
    ".json",
    ".yml",
    ".yaml",
    ".qss",
    ".svg",
    ".ts",
    ".sh",
    ".spec",
    "",
}


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_names_a_machine_or_a_registry(what: str) -> None:
    """Nothing in the repository depends on, or tells of, one machine or one registry."""
    found = []
    for path in tracked():
        if path.suffix in TEXT_SUFFIXES:
            text = path.read_text(encoding="utf-8", errors="replace")
            found.extend(f"{path.relative_to(ROOT)}: {match[0]}" for match in re.finditer(FOREIGN[what], text))
    assert found == []


def test_requirements_are_pinned_with_hashes() -> None:
    """Every requirement is one exact version with at least one SHA-256 hash."""
    for path in sorted((ROOT / "packaging" / "requirements").glob("*.txt")):
        blocks = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
        pinned = [block for block in blocks if not block.startswith("#")]
        assert pinned
        for block in pinned:
            assert re.match(r"[a-z0-9.\[\]-]+==[^\s;]+( ;[^\\\n]+)? ?\\\n", block), block[:80]
            assert "--hash=sha256:" in block, block[:80]


def test_the_project_folder_of_packaging_hides_no_library() -> None:
    """packaging/ is no package: an ``__init__.py`` there would hide the library of the same name."""
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_the_broken_pair_of_python_and_qt_is_never_installed() -> None:
    """No requirement file gives PySide6 6.12 to Python 3.11: that pair corrupts the count of references to None."""
    for path in sorted((ROOT / "packaging" / "requirements").glob("*.txt")):
        for version, marker in re.findall(r"^pyside6-essentials==(\S+) ; ([^\\\n]+)", path.read_text(), re.MULTILINE):
            number = tuple(int(part) for part in version.split(".")[:2])
            assert number < (6, 12) or ">= '3.12'" in marker, (version, marker)
