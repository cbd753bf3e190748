"""A D-Bus service for tests, in pure Python: answers method calls on a thread of its own and remembers signals.

The base of the tray host and of the notification daemon; the programs under test talk to it over a real bus.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from helpers.waiting import TIMEOUT_S

DO_NOT_QUEUE = 4
OWNER_REPLIES = (1, 4)  # primary owner, already owner
ANSWER_TIMEOUT_S = 10.0
Answer = tuple[str | None, tuple[Any, ...]]


class BusService:
    """Owns `names` on the bus at `address`. Subclasses fill `methods`: member -> function(sender, body) -> Answer.

    `changed` is notified after every call and signal: wait on it with `wait_for`.
    """

    def __init__(self, address: str, names: tuple[str, ...], signals_from: tuple[str, ...] = ()) -> None:
        self.methods: dict[str, Callable[[str, tuple[Any, ...]], Answer]] = {}
        self.signals: list[tuple[str, str, tuple[Any, ...]]] = []
        self.changed = threading.Condition()
        self._serving = open_dbus_connection(address)
        self._asking = open_dbus_connection(address)
        self._thread = threading.Thread(target=self._serve, name=names[0], daemon=True)
        self._closed = False
        self._names, self._watched = names, ("org.freedesktop.DBus", *signals_from)

    def start(self) -> None:
        """Take the names and answer from now on."""
        for interface in self._watched:
            rule = MatchRule(type="signal", interface=interface)
            self._serving.send_and_get_reply(message_bus.AddMatch(rule), timeout=ANSWER_TIMEOUT_S)
        for name in self._names:
            request = message_bus.RequestName(name, DO_NOT_QUEUE)
            reply = self._serving.send_and_get_reply(request, timeout=ANSWER_TIMEOUT_S)
            assert reply.body[0] in OWNER_REPLIES, f"{name} is taken"
        self._thread.start()

    def close(self) -> None:
        """Leave the bus: its names are free again."""
        if self._closed:
            return
        self._closed = True
        self._serving.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(ANSWER_TIMEOUT_S)
        self._serving.close()
        self._asking.close()

    def emit(self, path: str, interface: str, member: str, signature: str | None = None, *body: Any) -> None:
        self._serving.send(new_signal(DBusAddress(path, interface=interface), member, signature, body))

    def ask(self, to: DBusAddress, member: str, signature: str | None = None, *body: Any) -> tuple[Any, ...]:
        """Call a method of another program. Raises RuntimeError with the name of a D-Bus error."""
        call = new_method_call(to, member, signature, body)
        reply = self._asking.send_and_get_reply(call, timeout=ANSWER_TIMEOUT_S)
        if reply.header.message_type is MessageType.error:
            raise RuntimeError(reply.header.fields[HeaderFields.error_name], reply.body)
        return tuple(reply.body)

    def wait_for(self, condition: Callable[[], Any], what: str, timeout_s: float = TIMEOUT_S) -> Any:
        """The first truthy value of `condition`, looked at after each message. Raises TimeoutError."""
        with self.changed:
            if not self.changed.wait_for(condition, timeout_s):
                raise TimeoutError(f"{what}: not within {timeout_s:g} s; signals so far: {self.signals}")
            return condition()

    def on_signal(self, member: str, body: tuple[Any, ...]) -> None:
        """A signal of the bus itself or of a watched interface came."""

    def _serve(self) -> None:
        while not self._closed:
            try:
                message = self._serving.receive()
            except (ConnectionError, OSError, ValueError):
                return
            with self.changed:
                self._handle(self._serving, message)
                self.changed.notify_all()

    def _handle(self, connection: DBusConnection, message: Message) -> None:
        fields = message.header.fields
        member = fields.get(HeaderFields.member, "")
        if message.header.message_type is MessageType.signal:
            self.signals.append((fields[HeaderFields.interface], member, tuple(message.body)))
            self.on_signal(member, tuple(message.body))
        elif message.header.message_type is MessageType.method_call:
            method = self.methods.get(member)
            if method is None:
                connection.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "s", (member,)))
                return
            signature, body = method(fields[HeaderFields.sender], tuple(message.body))
            connection.send(new_method_return(message, signature, body))
