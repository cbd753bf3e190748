"""Headers of an upstream request."""

from __future__ import annotations

import pytest

from tray_app.proxy.exchange.outgoing import credential_header, merge_headers, own_headers


@pytest.mark.parametrize(
    ("auth", "token", "expected"),
    [
        ("bearer", "k", {"Authorization": "Bearer k"}),
        ("api-key", "k", {"api-key": "k"}),
        ("x-api-key", "k", {"x-api-key": "k"}),
        ("none", "k", {}),
        ("bearer", None, {}),
    ],
)
def test_the_credential_has_one_header(auth: str, token: str | None, expected: dict[str, str]) -> None:
    """Or none; never an empty one, as the seed sent."""
    assert credential_header(auth, token) == expected


def test_d49_later_headers_win_whatever_their_case() -> None:
    """One header per name reaches the upstream."""
    assert merge_headers({"X-A": "1", "B": "2"}, {"x-a": "3"}) == {"x-a": "3", "B": "2"}


def test_r_up_1_streams_are_not_compressed() -> None:
    """Whole answers may be."""
    assert own_headers(streams=True)["Accept-Encoding"] == "identity"
    assert own_headers(streams=False)["Accept"] == "application/json"
