"""The keyring's other end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpers.secret_service import SecretService, secret_service


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """A real Secret Service of the test's own."""
    with secret_service(monkeypatch) as running:
        yield running
