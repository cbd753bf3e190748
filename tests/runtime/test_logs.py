"""The log: where it goes, that it stays small and private, and that no secret reaches it."""

from __future__ import annotations

import io
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tray_app.runtime import logs

log = logging.getLogger("dragoman.test")


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    level = root.level
    yield
    logs.stop()
    root.setLevel(level)
    sys.excepthook, threading.excepthook = hooks


def unchanged(text: str) -> str:
    """No redaction."""
    return text


def test_the_file_holds_the_lines(tmp_path: Path) -> None:
    """A line has UTC time, level, logger and message; debug lines are left out."""
    path = logs.to_file(tmp_path, unchanged)
    log.info("hello %s", "wörld")
    log.debug("too much")
    line = path.read_text(encoding="utf-8")
    assert line.endswith("Z INFO dragoman.test: hello wörld\n")
    assert line.count("\n") == 1


def test_secrets_are_masked_in_messages_and_tracebacks(tmp_path: Path, expect_log: Callable[[str], None]) -> None:
    """The redaction sees the whole entry: message, arguments, and the traceback of an error that carries a secret."""
    expect_log("failed with")
    path = logs.to_file(tmp_path, lambda text: text.replace("sk-secret", "[redacted]"))
    try:
        int("the key sk-secret is no number")
    except ValueError:
        log.exception("failed with %s", "sk-secret")
    text = path.read_text()
    assert "sk-secret" not in text
    assert "failed with [redacted]" in text
    assert "ValueError: invalid literal for int() with base 10: 'the key [redacted] is no number'" in text


def test_the_log_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much is logged, there are at most four files of the agreed size."""
    monkeypatch.setattr(logs, "FILE_BYTES", 2000)
    logs.to_file(tmp_path, unchanged)
    for number in range(500):
        log.info("line %d of many", number)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["dragoman.log", "dragoman.log.1", "dragoman.log.2", "dragoman.log.3"]
    assert all(path.stat().st_size <= 2000 for path in tmp_path.iterdir())


def test_an_entry_is_bounded_and_keeps_both_ends(tmp_path: Path) -> None:
    """A huge message keeps its beginning and its end, which say what happened and why."""
    path = logs.to_file(tmp_path, unchanged)
    log.info("begin%send", "x" * 100_000)
    text = path.read_text()
    assert len(text) < logs.ENTRY_CHARS + 100
    assert "begin" in text
    assert text.endswith("end\n")
    assert "characters left out" in text


@pytest.mark.only_on("linux", "darwin")
def test_nobody_else_can_read_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All files, rotated ones included, have mode 0600."""
    monkeypatch.setattr(logs, "FILE_BYTES", 200)
    logs.to_file(tmp_path, unchanged)
    for _ in range(20):
        log.info("some line that fills the file")
    assert {oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()} == {"0o600"}


def test_an_unwritable_folder_is_reported(tmp_path: Path) -> None:
    """A file that cannot be opened raises at once, so that the application can say so."""
    with pytest.raises(OSError, match="missing"):
        logs.to_file(tmp_path / "missing", unchanged)


def test_stderr_gets_the_lines_of_the_headless_program() -> None:
    """The stream handler redacts too, and a second call replaces the first."""
    first, second = io.StringIO(), io.StringIO()
    logs.to_stderr(str.upper, stream=first)
    log.info("one")
    logs.to_stderr(str.upper, stream=second)
    log.info("two")
    assert first.getvalue().endswith("DRAGOMAN.TEST: ONE\n")
    assert second.getvalue().endswith("DRAGOMAN.TEST: TWO\n")
    assert "TWO" not in first.getvalue()


def test_chatty_libraries_are_quiet() -> None:
    """INFO lines of libraries, which name hosts and requests, are left out."""
    stream = io.StringIO()
    logs.to_stderr(unchanged, stream=stream)
    logging.getLogger("aiohttp.access").info("GET / from somewhere")
    assert stream.getvalue() == ""


def test_uncaught_errors_end_in_the_log(tmp_path: Path, expect_log: Callable[[str], None]) -> None:
    """An error that nobody caught is logged with its traceback, from the main thread and from any other."""
    expect_log("uncaught error$")
    expect_log("uncaught error in thread worker")
    path = logs.to_file(tmp_path, unchanged)
    logs.log_uncaught()
    sys.excepthook(ValueError, ValueError("in main"), None)
    thread = threading.Thread(target=lambda: 1 / 0, name="worker")
    thread.start()
    thread.join()
    text = path.read_text()
    assert "ValueError: in main" in text
    assert "ZeroDivisionError" in text
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert path.read_text() == text


def test_stop_may_be_called_twice(tmp_path: Path) -> None:
    """After stop() nothing is written any more, and stopping again is harmless."""
    path = logs.to_file(tmp_path, unchanged)
    logs.stop()
    logs.stop()
    log.info("too late")
    assert path.read_text() == ""
