"""The one shape of an error."""

from __future__ import annotations

import pytest

from tray_app.translation.errors import ERROR_TYPES, STATUS_OF_TYPE, ApiError, Fault, invalid


@pytest.mark.parametrize("kind", sorted(ERROR_TYPES))
def test_p_79_every_official_type_has_its_status(kind: str) -> None:
    """An error without an explicit status has the one of its type."""
    assert ApiError(kind, "m").status == STATUS_OF_TYPE[kind]


def test_p_79_other_types_are_refused() -> None:
    """A type outside Anthropic's list cannot be made."""
    with pytest.raises(ValueError, match="stream_error"):
        ApiError("stream_error", "m")


def test_28_1_the_body_has_anthropics_shape() -> None:
    """Type, message and the request's id, and nothing else."""
    error = ApiError("api_error", "went wrong", status=502, fault=Fault.UPSTREAM, upstream_text="secretly different")
    assert error.body("req_1") == {
        "type": "error",
        "error": {"type": "api_error", "message": "went wrong"},
        "request_id": "req_1",
    }


@pytest.mark.parametrize(("path", "message"), [("messages.3.content", "messages.3.content: bad"), ("", "bad")])
def test_r_adm_4_the_path_of_the_field_comes_first(path: str, message: str) -> None:
    """A client error names the field it is about."""
    error = invalid(path, "bad")
    assert (error.type, error.status, error.message, error.fault) == (
        "invalid_request_error",
        400,
        message,
        Fault.CLIENT,
    )
