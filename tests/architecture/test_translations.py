"""Every word of the program is in the translators' files and translated, with its placeholders, keys and ending kept.

The glossary of Simplified Chinese, so that one thing has one name (`GLOSSARY` holds the rule):

    provider 服务商 · endpoint 端点 · token (of clients) 令牌 · token (of models) token · key 密钥 · keyring 密钥环
    proxy 代理 · request 请求 · answer 应答 · client 客户端 · setup 配置 · settings 设置 · cache 缓存 · prompt 提示词
"""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import NamedTuple

import _translations
import pytest

from architecture.source import modules

FILES = sorted(_translations.FOLDER.glob("*.ts"))
REPAIR = (
    "run `python3 packaging/dev.py translations`, write the missing translations into resources/i18n/*.ts (and take "
    'type="unfinished" away), run it again, and commit the .ts with its .qm'
)
PLACEHOLDER = re.compile(r"%(?:n|\d)")
MNEMONIC = re.compile(r"&(\w)")
FULL_WIDTH = re.compile(r"[\u4e00-\u9fff][,:;!?]")
# What the source says, and what the translation must say then; \b, because a key is no keyboard.
GLOSSARY = {
    r"\b[Pp]roviders?\b": ("服务商",),
    r"\b[Ee]ndpoint\b": ("端点",),
    r"\bkeyring\b": ("密钥环",),
    r"\b[Pp]roxy\b": ("代理",),
    r"\b[Cc]lients?\b": ("客户端",),
    r"\b[Ss]ettings\b": ("设置",),
    r"\b[Cc]ached?\b": ("缓存",),
}


class Message(NamedTuple):
    """One text of a file."""

    context: str
    source: str
    translation: str
    kind: str  # unfinished, vanished, obsolete or nothing


def messages(file: Path) -> list[Message]:
    """Everything in a .ts file."""
    found = []
    for context in ET.parse(file).getroot().iter("context"):  # noqa: S314 - our own file
        for entry in context.iter("message"):
            translation = entry.find("translation")
            assert translation is not None
            words = translation.text or ""
            found.append(
                Message(context.findtext("name", ""), entry.findtext("source", ""), words, translation.get("type", ""))
            )
    return found


def shown() -> set[tuple[str, str]]:
    """Every (context, text) that the program asks a translation for, read from its syntax."""
    return {
        (str(context.value), str(words.value))
        for module in modules()
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and len(call.args) > 1
        if ast.unparse(call.func).rpartition(".")[2] in {"translate", "QT_TRANSLATE_NOOP"}
        for context, words in [call.args[:2]]
        if isinstance(context, ast.Constant) and isinstance(words, ast.Constant)
    }


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def file(request: pytest.FixtureRequest) -> Path:
    """Each language in turn."""
    return request.param


def test_the_files_are_in_step_with_the_sources(file: Path, tmp_path: Path) -> None:
    """No text is missing and none is left over."""
    fresh = tmp_path / file.name
    fresh.write_bytes(file.read_bytes())
    _translations.update(fresh)
    known, wanted = ({message[:2] for message in messages(path)} for path in (file, fresh))
    assert sorted(wanted - known) == [], REPAIR
    assert sorted(known - wanted) == [], REPAIR


def test_everything_is_translated(file: Path) -> None:
    """No entry is open, and none says nothing."""
    open_ends = [message for message in messages(file) if message.kind or not message.translation.strip()]
    assert open_ends == [], REPAIR


def test_lupdate_sees_what_the_program_shows(file: Path) -> None:
    """It does not look into f-strings, for one; then the text would never be translated."""
    known = {message[:2] for message in messages(file)}
    assert sorted(shown() - known) == [], (
        f"not collected: put the call of translate() on a line of its own, then {REPAIR}"
    )


def test_placeholders_and_keys_are_kept(file: Path) -> None:
    """Each once, the keys in the form of the language: (&P) where there are no letters."""
    wrong = [
        message
        for message in messages(file)
        for pattern in (PLACEHOLDER, MNEMONIC)
        if sorted(pattern.findall(message.source.lower())) != sorted(pattern.findall(message.translation.lower()))
    ]
    assert wrong == []


def test_endings_are_kept(file: Path) -> None:
    """An ellipsis says that a dialog follows; blanks at the ends are meant."""
    wrong = [
        message
        for message in messages(file)
        if message.source.endswith("…") != message.translation.endswith(("…", "："))
        and (message.source.endswith("…") or message.translation.endswith("…"))
    ]
    assert wrong == []
    edges = [message for message in messages(file) if (message.source[:1] == " ") != (message.translation[:1] == " ")]
    assert edges == []


@pytest.mark.parametrize("file", [path for path in FILES if "zh_CN" in path.stem], ids=lambda path: path.stem)
def test_one_thing_has_one_name_in_chinese(file: Path) -> None:
    """The glossary holds, and punctuation after Chinese is Chinese."""
    strange = [
        (message.source, message.translation)
        for message in messages(file)
        for pattern, names in GLOSSARY.items()
        if re.search(pattern, MNEMONIC.sub(r"\1", message.source))
        and not any(name in message.translation for name in names)
    ]
    assert strange == []
    assert [message.translation for message in messages(file) if FULL_WIDTH.search(message.translation)] == []
