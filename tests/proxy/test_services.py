"""What the exchanges of one server share, and two servers do not."""

from __future__ import annotations

import time

from helpers.proxy_stack import FixedCredential
from tray_app.proxy.exchange.watchdog import Delays
from tray_app.proxy.hub import EventHub
from tray_app.proxy.ids import new_id
from tray_app.proxy.services import Services
from tray_app.proxy.upstream.switchboard import Switchboard


def test_two_servers_share_neither_thinking_nor_refusals() -> None:
    """The trial of a profile runs beside the real server and must leave no trace there."""

    def services() -> Services:
        hub = EventHub(time.time)
        switchboard = Switchboard(hub, lambda _: FixedCredential())
        return Services(switchboard=switchboard, hub=hub, clock=time.monotonic, ids=new_id, delays=Delays())

    one, other = services(), services()
    assert one.memory is not other.memory
    assert one.refusals is not other.refusals
