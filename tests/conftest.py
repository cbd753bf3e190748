"""What holds for every test: no display, no file of the user, no keyring, no unexpected log line, no skip in CI.

Tests of other operating systems are left out of the collection, so that a skip always means something is missing here.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from tray_app.runtime import garbage

# Before anything imports Qt or keyring: tests that want a screen start the program itself on a display of its own.
_HOME = tempfile.TemporaryDirectory(prefix="dragoman-tests-")
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
os.environ["DRAGOMAN_HOME"] = str(Path(_HOME.name) / "dragoman")
for _name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
    os.environ[_name] = _HOME.name
for _name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
    os.environ.pop(_name, None)
# Loopback traffic must not take a detour through a proxy that the developer's shell has set.
for _name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
    os.environ.pop(_name, None)
    os.environ.pop(_name.upper(), None)


pytest_plugins = ["helpers.desktop"]

# As in the program: objects of Qt that are garbage die on the thread of the loop, here between two tests.
gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Collect what is due."""
    garbage.collect_if_due()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--no-skips``: a skipped test fails the run (for CI, where everything is installed)."""
    parser.addoption("--no-skips", action="store_true", help="fail if any test was skipped")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that ask for a desktop; leave out those of other operating systems and of programs nobody can expect."""
    for item in items:
        if "make_desktop" in getattr(item, "fixturenames", ()):
            item.add_marker("desktop")
            item.add_marker(pytest.mark.only_on("linux"))
    foreign = [item for item in items if _foreign(item)]
    if foreign:
        config.hook.pytest_deselected(items=foreign)
        items[:] = [item for item in items if item not in foreign]


def _foreign(item: pytest.Item) -> bool:
    platforms, program = item.get_closest_marker("only_on"), item.get_closest_marker("if_installed")
    if platforms is not None and sys.platform not in platforms.args:
        return True
    return program is not None and shutil.which(program.args[0]) is None


_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what was skipped (an expected failure is reported as skipped too and is none)."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        _skipped.append(f"{report.nodeid}: {reason}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know that the test failed (they keep evidence then)."""
    report = yield
    if report.when == "call" and report.failed:
        item.failed_call = True  # type: ignore[attr-defined]
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn skips into a failure where ``--no-skips`` was asked for."""
    if _skipped and session.config.getoption("--no-skips") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which skips failed the run."""
    if _skipped and config.getoption("--no-skips"):
        terminalreporter.section("skipped although --no-skips was given", red=True)
        for line in _skipped:
            terminalreporter.line(line)


class _Watcher(logging.Handler):
    """Collects records of WARNING and above; those that match an expectation are meant."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: list[str] = []
        self.expected: list[re.Pattern[str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(f"{record.name} {record.levelname}: {record.getMessage()}")

    def unexpected(self) -> list[str]:
        return [line for line in self.seen if not any(pattern.search(line) for pattern in self.expected)]

    def missing(self) -> list[str]:
        return [p.pattern for p in self.expected if not any(p.search(line) for line in self.seen)]


@pytest.fixture(autouse=True)
def _log_watcher() -> Iterator[_Watcher]:
    watcher = _Watcher()
    logging.getLogger().addHandler(watcher)
    yield watcher
    logging.getLogger().removeHandler(watcher)
    if unexpected := watcher.unexpected():
        pytest.fail("unexpected log lines:\n" + "\n".join(unexpected), pytrace=False)
    if missing := watcher.missing():
        pytest.fail(f"expected log lines that never came: {missing}", pytrace=False)


@pytest.fixture(autouse=True)
def _dialogs_stay_with_their_test() -> Iterator[None]:
    """A modal dialog that a test left open is hidden: it would hold up what the next one waits for."""
    yield
    if widgets := sys.modules.get("PySide6.QtWidgets"):
        while modal := widgets.QApplication.activeModalWidget():
            modal.hide()


@pytest.fixture
def expect_log(_log_watcher: _Watcher) -> Callable[[str], None]:
    r"""Announce a WARNING or worse: ``expect_log(r"upstream .* down")`` searches in ``logger LEVEL: message``.

    The test fails if no such line comes, so an expectation cannot outlive the behaviour it was written for.
    """

    def expect(pattern: str) -> None:
        _log_watcher.expected.append(re.compile(pattern))

    return expect
