"""Tests of profiles/files.py: atomic writes, quarantine, backups, and what is refused."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpers.unprivileged import unprivileged
from tray_app.profiles import files
from tray_app.profiles.files import BACKUPS, ChangedElsewhereError, Envelope, EnvelopeFile, FileError, write_atomic

NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
POSIX = pytest.mark.only_on("linux", "darwin")


class Note(Envelope, kw_only=True):
    """A file with one field."""

    text: str = ""


def note_file(path: Path) -> EnvelopeFile[Note]:
    return EnvelopeFile(path, Note, lambda: NOON)


def write(path: Path, text: str) -> Note:
    file = note_file(path)
    content, _ = file.read()
    return file.write(Note(revision=content.revision, text=text))


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir() if path.is_file() and not path.name.startswith("."))


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """The file is indented JSON with its schema and revision first."""
    path = tmp_path / "deep" / "note.json"
    assert write(path, "hello") == note_file(path).read()[0]
    assert path.read_text() == '{\n  "schema": 1,\n  "revision": 1,\n  "text": "hello"\n}\n'


def test_an_absent_file_is_an_empty_one(tmp_path: Path) -> None:
    """Nothing is created by reading."""
    assert note_file(tmp_path / "none" / "note.json").read() == (Note(), [])
    assert list(tmp_path.iterdir()) == []


@POSIX
def test_files_are_private(tmp_path: Path) -> None:
    """File, backup and lock are for the user alone, the directories made for them as well."""
    path = tmp_path / "own" / "note.json"
    write(path, "x")
    found = list((tmp_path / "own").rglob("*"))
    assert {stat.S_IMODE(p.stat().st_mode) for p in found if p.is_file()} == {0o600}
    assert {stat.S_IMODE(p.stat().st_mode) for p in found if p.is_dir()} == {0o700}


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the data cannot be made durable the old bytes stay and no temporary file is left."""
    path = tmp_path / "note.json"
    write_atomic(path, b"old")

    def fail(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@POSIX
def test_a_link_is_followed(tmp_path: Path) -> None:
    """People keep their configuration in a repository and link to it: the link stays a link."""
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    write_atomic(tmp_path / "link.json", b"new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_text() == "new"


@pytest.mark.parametrize("data", [b"{broken", b"[]", b'{"schema": 1, "revision": "x"}', b"\xff\xfe", b"", b"null"])
def test_a_damaged_file_is_moved_aside_and_the_newest_backup_restored(data: bytes, tmp_path: Path) -> None:
    """Nothing is lost: the damaged bytes keep a name with the time, the last good version is back."""
    path = tmp_path / "note.json"
    write(path, "first")
    write(path, "second")
    path.write_bytes(data)
    content, problems = note_file(path).read()
    assert content.text == "second"
    assert len(problems) == 1
    assert "note.damaged-20261123T120000Z.json" in problems[0]
    assert "note-00000002.json was restored" in problems[0]
    assert (tmp_path / "note.damaged-20261123T120000Z.json").read_bytes() == data
    assert write_after_recovery(path, content) == 3


def write_after_recovery(path: Path, content: Note) -> int:
    return note_file(path).write(content).revision


def test_a_damaged_backup_is_passed_over(tmp_path: Path) -> None:
    """An older good version beats a newer damaged one; with none the content is empty."""
    path = tmp_path / "note.json"
    write(path, "first")
    write(path, "second")
    (tmp_path / "backups" / "note-00000002.json").write_bytes(b"{")
    path.write_bytes(b"{")
    assert note_file(path).read()[0].text == "first"
    (tmp_path / "backups" / "note-00000001.json").write_bytes(b"{")
    path.write_bytes(b"{again")
    content, problems = note_file(path).read()
    assert content == Note()
    assert "restored" not in problems[0]
    assert names(tmp_path) == ["note.damaged-20261123T120000Z-2.json", "note.damaged-20261123T120000Z.json"]


def test_the_last_ten_versions_are_kept(tmp_path: Path) -> None:
    """Older ones go, the newest ten stay; a write without backup makes none."""
    path = tmp_path / "note.json"
    for number in range(BACKUPS + 3):
        content = write(path, str(number))
    note_file(path).write(content, backup=False)
    kept = names(tmp_path / "backups")
    assert (len(kept), kept[0], kept[-1]) == (BACKUPS, "note-00000004.json", "note-00000013.json")


def test_a_newer_schema_is_neither_moved_nor_overwritten(tmp_path: Path) -> None:
    """The file of a later Dragoman stays as it is, and the user is told."""
    path = tmp_path / "note.json"
    data = b'{"schema": 2, "revision": 9, "text": "future"}'
    path.write_bytes(data)
    content, problems = note_file(path).read()
    assert content == Note()
    assert "newer version" in problems[0]
    with pytest.raises(FileError, match="not overwritten"):
        note_file(path).write(content)
    assert path.read_bytes() == data
    assert names(tmp_path) == ["note.json"]


def test_a_file_damaged_since_it_was_read_is_not_overwritten(tmp_path: Path) -> None:
    """What cannot be understood might be somebody's work."""
    path = tmp_path / "note.json"
    content = write(path, "x")
    path.write_bytes(b"{hand edit in prog")
    with pytest.raises(FileError, match="not overwritten"):
        note_file(path).write(content)
    assert path.read_bytes() == b"{hand edit in prog"


def test_another_writer_is_noticed(tmp_path: Path) -> None:
    """A save on top of a version one has not seen is refused and changes nothing."""
    path = tmp_path / "note.json"
    mine = write(path, "mine")
    write(path, "theirs")
    with pytest.raises(ChangedElsewhereError, match="revision 2"):
        note_file(path).write(mine)
    assert json.loads(path.read_text())["text"] == "theirs"


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not ours; it stays and the user is told."""
    path = tmp_path / "note.json"
    path.write_bytes(b"x" * 101)
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 100)
    content, problems = note_file(path).read()
    assert content == Note()
    assert "larger than 100 bytes" in problems[0]
    assert names(tmp_path) == ["note.json"]


@POSIX
def test_an_unwritable_directory_gives_a_message_and_keeps_the_file() -> None:
    """The old file is intact and the message names it."""
    with unprivileged() as folder:
        path = folder / "note.json"
        content = write(path, "old")
        folder.chmod(0o500)
        with pytest.raises(FileError, match=r"note\.json cannot be written: Permission denied"):
            note_file(path).write(content)
        assert note_file(path).read()[0].text == "old"


@POSIX
def test_a_damaged_file_in_an_unwritable_directory_stays() -> None:
    """It cannot be moved, so it is only reported."""
    with unprivileged() as folder:
        (folder / "note.json").write_bytes(b"{")
        folder.chmod(0o500)
        content, problems = note_file(folder / "note.json").read()
        assert content == Note()
        assert "cannot be moved" in problems[0]
        assert (folder / "note.json").read_bytes() == b"{"


@POSIX
def test_an_unreadable_file_is_reported() -> None:
    """Neither reading nor writing pretends it is not there."""
    with unprivileged() as folder:
        path = folder / "note.json"
        content = write(path, "old")
        path.chmod(0)
        assert "cannot be read: Permission denied" in note_file(path).read()[1][0]
        with pytest.raises(FileError, match="cannot be read"):
            note_file(path).write(content)


def test_the_clock_is_the_real_one_by_default() -> None:
    """Times are in UTC."""
    assert files.utc_now().tzinfo is UTC
