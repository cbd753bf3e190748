"""The listener's settings."""

from __future__ import annotations

from tray_app.proxy.endpoint.settings import ServerSettings


def test_the_defaults_are_the_safe_ones() -> None:
    """Loopback, the stable port, 32 MiB."""
    settings = ServerSettings()
    assert (settings.host, settings.port, settings.ipv6) == ("127.0.0.1", 8417, False)
    assert settings.body_limit_bytes == 32 << 20


def test_the_token_is_not_shown() -> None:
    """Settings end up in logs."""
    assert "hush" not in repr(ServerSettings(token="hush"))
