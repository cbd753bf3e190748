"""Where log lines go: a rotating file of the tray application, stderr of the headless one. Bounded, private, redacted.

Whatever is logged by whomever passes the redaction that the composition root hands in, tracebacks included. Bodies and
prompts are never given to a logger in the first place. No Qt here: `dragoman serve` logs too.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Final, TextIO

FILE_NAME: Final = "dragoman.log"
FILE_BYTES: Final = 1 << 20
OLD_FILES: Final = 3  # so the log is never larger than 4 MiB
ENTRY_CHARS: Final = 16_000  # a traceback through a deep stack fits
PRIVATE: Final = 0o600
# Libraries whose INFO lines name hosts and requests; a person looking for trouble wants their warnings only.
QUIET: Final = ("aiohttp", "asyncio", "keyring", "qasync", "urllib3")

Redact = Callable[[str], str]

_log = logging.getLogger(__name__)


def to_file(folder: Path, redact: Redact, level: int = logging.INFO) -> Path:
    """Log to ``dragoman.log`` in `folder` (which exists) from now on; returns the file.

    Raises:
        OSError: the file cannot be opened for writing.
    """
    handler = _PrivateFile(folder / FILE_NAME, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8")
    _use(handler, redact, level)
    return folder / FILE_NAME


def to_stderr(redact: Redact, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Log to stderr (or another text stream) from now on."""
    _use(logging.StreamHandler(stream), redact, level)


def stop() -> None:
    """Close what was opened here. Idempotent; logging goes nowhere afterwards."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler.formatter, _Redacting)]:
        root.removeHandler(handler)
        handler.close()
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.NOTSET)


def log_uncaught() -> None:
    """Let errors that nobody caught, in any thread, end in the log: a tray application has no terminal to print to."""
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _use(handler: logging.Handler, redact: Redact, level: int) -> None:
    stop()
    handler.setFormatter(_Redacting(redact))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


class _Redacting(logging.Formatter):
    """One entry: UTC time, level, logger, message, traceback; credentials masked, length bounded."""

    def __init__(self, redact: Redact) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        entry = self._redact(super().format(record))
        if len(entry) <= ENTRY_CHARS:
            return entry
        # Both ends matter: the first line says what, the last line of a traceback says why.
        half = ENTRY_CHARS // 2
        return f"{entry[:half]}\n... {len(entry) - 2 * half} characters left out ...\n{entry[-half:]}"


class _PrivateFile(RotatingFileHandler):
    """A rotating file that only its user can read, from its first byte on."""

    def _open(self) -> io.TextIOWrapper:
        file = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, PRIVATE)
        return os.fdopen(file, "a", encoding="utf-8", errors="replace")


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.critical("uncaught error", exc_info=(kind, error, trace))


def _uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is None or isinstance(arguments.exc_value, SystemExit):
        return
    name = arguments.thread.name if arguments.thread else "?"
    details = (arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
    _log.critical("uncaught error in thread %s", name, exc_info=details)
