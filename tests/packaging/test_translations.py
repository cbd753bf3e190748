"""Words are collected for translators and compiled, the same way wherever it is done."""

from __future__ import annotations

from pathlib import Path

import _translations
import pytest

EMPTY = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n<TS version="2.1" language="zh_CN">\n</TS>\n'


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module with words of its own, in place of the program."""
    module = tmp_path / "tray_app" / "page.py"
    module.parent.mkdir()
    module.write_text(
        'NAME = QT_TRANSLATE_NOOP("Page", "Zebra")\n'
        'words = translate("Page", "Open %1…")\n'
        "long = translate(\n    'Page',\n    'One sentence. '\n    'Two sentences.',\n)\n"
    )
    monkeypatch.setattr(_translations, "ROOT", tmp_path)
    folder = tmp_path / "resources" / "i18n"
    folder.mkdir(parents=True)
    (folder / "dragoman_zh_CN.ts").write_text(EMPTY)
    monkeypatch.setattr(_translations, "FOLDER", folder)
    return folder / "dragoman_zh_CN.ts"


def test_words_are_collected_in_a_stable_form(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Literals in all their forms, sorted, without places; the second run changes nothing."""
    assert _translations.main() == 0
    first = program.read_text(encoding="utf-8")
    found = [first.index(f"<source>{words}") for words in ("One sentence. Two sentences.", "Open %1…", "Zebra")]
    assert found == sorted(found)
    assert "location" not in first
    assert "3 to translate" in capsys.readouterr().out
    assert _translations.main() == 0
    assert program.read_text(encoding="utf-8") == first


def test_what_is_gone_leaves_and_what_is_translated_stays(program: Path) -> None:
    """And only that is compiled."""
    _translations.update(program)
    words = program.read_text(encoding="utf-8")
    words = words.replace('<translation type="unfinished"></translation>', "<translation>Zèbre</translation>")
    program.write_text(words, encoding="utf-8")
    (_translations.ROOT / "tray_app" / "page.py").write_text(
        'a = translate("Page", "Zebra")\nb = translate("Page", "Ape")'
    )
    _translations.update(program)
    after = program.read_text(encoding="utf-8")
    assert after.count("<source>") == 2
    assert after.count("unfinished") == 1
    assert "Zèbre" in after
    compiled = program.with_suffix(".qm")
    _translations.compile_to(program, compiled)
    assert "Zèbre".encode("utf-16-be") in compiled.read_bytes()
    assert b"A\0p\0e" not in compiled.read_bytes()


@pytest.mark.parametrize("file", sorted(_translations.FOLDER.glob("*.ts")), ids=lambda path: path.stem)
def test_the_compiled_files_are_in_step(file: Path, tmp_path: Path) -> None:
    """What the program loads is what the translators wrote: else run `packaging/dev.py translations`."""
    _translations.compile_to(file, tmp_path / "new.qm")
    assert (tmp_path / "new.qm").read_bytes() == file.with_suffix(".qm").read_bytes()
