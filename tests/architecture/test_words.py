"""Words that reach the screen go through Qt's translation, in a form that its tools can collect."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from architecture.source import Module, below, modules

# Calls that put words on the screen or before a screen reader: the method or class, whatever it is called on.
SHOWING = frozenset(
    {
        "setText", "setTitle", "setToolTip", "setWindowTitle", "setAccessibleName", "setAccessibleDescription",
        "setPlaceholderText", "setStatusTip", "setWhatsThis", "setLabelText", "setInformativeText", "setTabText", "setItemText",
        "setSpecialValueText", "setSuffix", "setPrefix", "setButtonText", "setHeaderData", "setHorizontalHeaderLabels",
        "addAction", "addMenu", "addItem", "addItems", "addTab", "addButton", "addRow", "drawText",
        "QLabel", "QPushButton", "QToolButton", "QAction", "QCheckBox", "QRadioButton", "QGroupBox", "QMenu", "QMessageBox",
        "QListWidgetItem", "heading", "muted", "wrapped",
    }
)  # fmt: skip
# Names that are the same in every language, and texts that are no words: units, paths, examples of values.
PROPER = re.compile(
    r"&?(bash|bash / zsh|fish|PowerShell|cmd\.exe|Opus|Sonnet|Haiku|OpenAI.*|Anthropic.*|Claude Code|Dragoman|curl"
    r"|English|简体中文|CSV|JSON|HTTP|https?://\S+|[A-Z][A-Z0-9_]+|pass show openai)"
)
LETTERS = re.compile(r"[^\W\d_]{2,}")
MARKUP = re.compile(r"<[^>]*>")


def spoken(node: ast.expr) -> Iterator[str]:
    """The texts of an argument that would be shown as they stand; what `translate` is given is not among them."""
    match node:
        case ast.Constant(value=str(words)):
            yield words
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.BoolOp(values=parts):
            for part in parts:
                yield from spoken(part)
        case ast.BinOp(left=one, right=other) | ast.IfExp(body=one, orelse=other):
            yield from spoken(one)
            yield from spoken(other)
        case _:
            pass


def is_word(text: str) -> bool:
    """Whether a person would read it as a word of some language."""
    bare = MARKUP.sub("", text).strip()
    return bool(LETTERS.search(bare)) and not PROPER.fullmatch(bare)


def untranslated(module: Module) -> list[str]:
    """Words that a module shows without asking for their translation."""
    return [
        f"{module.relative}:{call.lineno} {words!r}"
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in SHOWING
        for argument in call.args
        for words in spoken(argument)
        if is_word(words)
    ]


def uncollectable(module: Module) -> list[str]:
    """Calls of `translate` whose words lupdate cannot read; tables of QT_TRANSLATE_NOOP are asked for by a plain name."""
    return [
        f"{module.relative}:{call.lineno} {ast.unparse(call)[:80]}"
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"translate", "QCoreApplication.translate"}
        for argument in call.args[:2]
        if isinstance(argument, ast.JoinedStr | ast.BinOp)
    ] + [
        f"{module.relative}:{text.lineno} inside an f-string: {ast.unparse(call)[:80]}"
        for text in ast.walk(module.tree)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("translate")
    ]


def screen_modules() -> list[Module]:
    """The modules that may show something."""
    return [
        module for module in modules() if below(module.name, "tray_app.ui") or below(module.name, "tray_app.wiring")
    ]


def test_words_on_the_screen_are_translated() -> None:
    """No literal reaches a widget: use translate("Context", "Words") from tray_app.ui.text."""
    assert [found for module in screen_modules() for found in untranslated(module)] == []


def test_words_can_be_collected() -> None:
    """What translate() is given is a literal; %1 stands for what varies."""
    assert [found for module in screen_modules() for found in uncollectable(module)] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('label.setText("Hello there")', 1),
        ('QLabel(f"Port {port}")', 1),
        ('box.setText(name + " is gone")', 1),
        ('form.addRow("Name", field)', 1),
        ('button.setText("On" if on else "Off")', 2),
        ('label.setText(f"<b>{words}</b> · {number}")', 0),
        ('label.setText(translate("Page", "Hello"))', 0),
        ('menu.addAction("PowerShell")', 0),
        ('field.setPlaceholderText("OPENAI_API_KEY")', 0),
    ],
)
def test_the_check_finds_words(line: str, found: int) -> None:
    """Also in pieces; names and marks are no words."""
    calls = [node for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Call)]
    assert len([words for words in spoken(calls[0].args[0]) if is_word(words)]) == found
