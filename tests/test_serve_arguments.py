"""The arguments of `serve`: their defaults, and what is refused before anything is looked at."""

from __future__ import annotations

import argparse

import pytest

from tray_app.cli import parser
from tray_app.proxy.endpoint import settings
from tray_app.serve_arguments import add_arguments


def parse(*arguments: str) -> argparse.Namespace:
    """Parsed arguments."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(arguments)


def test_the_defaults_are_those_of_the_tray_application() -> None:
    """A client that was pointed at one finds the other."""
    options = parse()
    assert (options.host, options.port) == ("127.0.0.1", settings.DEFAULT_PORT)
    assert (options.profile, options.upstream, options.no_token, options.header) == (None, None, False, [])


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_is_a_number_that_exists(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    """0 is one: it asks for any free port."""
    assert parse("--port", "0").port == 0
    with pytest.raises(SystemExit):
        parse("--port", port)
    assert f"not a port: {port}" in capsys.readouterr().err


def test_a_key_cannot_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    """Every process may read a command line; nor is it taken for the beginning of --key-env."""
    with pytest.raises(SystemExit):
        parser().parse_args(["serve", "--upstream", "http://h", "--key", "sk-1"])
    assert "unrecognized arguments: --key" in capsys.readouterr().err


@pytest.mark.parametrize("workers", ["0", "65", "many"])
def test_the_number_of_workers_has_bounds(workers: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One process is the default."""
    assert (parse().workers, parse("--workers", "4").workers) == (1, 4)
    with pytest.raises(SystemExit):
        parse("--workers", workers)
    assert f"not a number from 1 to 64: {workers}" in capsys.readouterr().err
