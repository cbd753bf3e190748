"""Which profile a request goes to, and how patient the exchange is with it."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from tray_app.profiles.model import Timeouts
from tray_app.proxy.endpoint.call import Call
from tray_app.proxy.exchange.watchdog import Delays
from tray_app.proxy.services import Services
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.proxy.upstream.switchboard import ActiveProfile, UnknownProfileError
from tray_app.translation import failures
from tray_app.translation.errors import ApiError, Fault


def pick(services: Services, call: Call) -> ActiveProfile:
    """The profile a request goes to: the pinned one, else the active one.

    Raises:
        ApiError: 404 for an unknown profile, 400 for one that cannot be used, 503 when none is active.
    """
    pinned = call.route.pinned
    if pinned is not None:
        try:
            return services.switchboard.pinned(pinned)
        except UnknownProfileError:
            raise ApiError("not_found_error", f"no provider profile has the id {pinned[:80]!r}") from None
        except InvalidUpstreamError as error:
            raise failures.bad_base_url(str(error)) from None
    active = services.switchboard.active
    if active is None:
        message = "no provider is selected in Dragoman"
        raise ApiError("api_error", message, status=503, fault=Fault.LOCAL, should_retry=False)
    return active


def delays_for(services: Services, ready: ActiveProfile) -> Delays:
    """The delays of an exchange: the server's, and the profile's own patience with its upstream."""
    return _patient(services.delays, ready.profile.timeouts)


@lru_cache(maxsize=64)
def _patient(delays: Delays, patience: Timeouts) -> Delays:
    return msgspec.structs.replace(
        delays, first_byte_s=patience.first_byte_s, idle_s=patience.idle_s, silence_s=patience.silence_s
    )
