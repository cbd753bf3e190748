"""A connection to the desktop's notification daemon (`org.freedesktop.Notifications`): messages out, clicks in.

QtDBus cannot send the call (PySide has no way to make the unsigned 32-bit argument it needs, and daemons check), so it is
sent with jeepney, the pure Python D-Bus library that keyring brings. Nothing here waits on Qt's thread: the connection is
opened on a daemon thread, answers are read when the socket has some. It stays open, because GNOME takes notifications away
when their sender leaves the bus. What is said, and how often, is decided in `notifications.py`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

NAME: Final = "org.freedesktop.Notifications"
PATH: Final = "/org/freedesktop/Notifications"
ANSWER_TIMEOUT_S: Final = 3.0
DAEMONS_CHOICE_MS: Final = -1
BRIEF_MS: Final = 3_000
LOW, NORMAL = 0, 1
# No connection, no address of one, no answer in time.
NO_BUS: Final = (OSError, KeyError, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One notification. `actions` are pairs of a name and a label; ``default`` is the click on the message itself.

    `key` is what it is about: a newer message about the same replaces it. `brief` is for what needs no second look.
    """

    key: tuple[str, ...]
    title: str
    body: str
    actions: tuple[tuple[str, str], ...] = ()
    brief: bool = False


class NotificationBus(QObject):
    """Hands messages to the daemon; connects when there is something to say, and again after a loss.

    Signals:
        refused(Message): there is no daemon, or it did not answer in time.
        actionInvoked(Message, str): the message was clicked, and where.
    """

    refused = Signal(object)
    actionInvoked = Signal(object, str)
    _opened = Signal(object, bool)  # from the thread that connects

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._connection: Any = None
        self._opening = False
        self._markup = False
        self._notifier: QSocketNotifier | None = None
        self._waiting: list[Message] = []
        self._sent: dict[int, Message] = {}  # by the serial number of the call, until it is answered
        self._shown: dict[int, Message] = {}  # by the daemon's number
        self._opened.connect(self._begin)

    def send(self, message: Message) -> None:
        """Show it; what comes of it is told by `refused`, or not at all."""
        if self._connection is not None:
            self._notify(message)
            return
        self._waiting.append(message)
        if not self._opening:
            self._opening = True
            threading.Thread(target=self._open, daemon=True, name="notifications").start()

    def close(self) -> None:
        """Leave the bus. Idempotent; the next message connects again."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._shown.clear()
        unanswered, self._sent = tuple(self._sent.values()), {}
        for message in unanswered:
            self.refused.emit(message)

    # -- connecting

    def _open(self) -> None:
        try:
            connection, markup = connect()
        except NO_BUS:
            connection, markup = None, False
        self._opened.emit(connection, markup)

    def _begin(self, connection: Any, markup: bool) -> None:
        self._opening = False
        waiting, self._waiting = self._waiting, []
        self._connection, self._markup = connection, markup
        if connection is not None:
            self._notifier = QSocketNotifier(connection.sock.fileno(), QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._read)
        for message in waiting:
            if self._connection is None:
                self.refused.emit(message)
            else:
                self._notify(message)

    # -- speaking and listening

    def _notify(self, message: Message) -> None:
        replaces = next((number for number, other in self._shown.items() if other.key == message.key), 0)
        serial = next(self._connection.outgoing_serial)
        self._sent[serial] = message
        QTimer.singleShot(int(ANSWER_TIMEOUT_S * 1000), self, lambda: self._give_up(serial))
        try:
            self._connection.send(call(message, replaces, markup=self._markup), serial=serial)
        except OSError:
            self.close()

    def _give_up(self, serial: int) -> None:
        if (message := self._sent.pop(serial, None)) is not None:
            self.refused.emit(message)

    def _read(self) -> None:
        while self._connection is not None:
            try:
                answer = self._connection.receive(timeout=0)
            except TimeoutError:
                return
            except (OSError, ValueError):
                self.close()
                return
            self._take(answer)

    def _take(self, answer: Any) -> None:
        from jeepney import HeaderFields, MessageType  # type: ignore[import-untyped]

        fields, kind = answer.header.fields, answer.header.message_type
        if kind is MessageType.signal:
            self._heard(fields.get(HeaderFields.member, ""), answer.body)
        elif (message := self._sent.pop(fields.get(HeaderFields.reply_serial, 0), None)) is None:
            pass  # it came too late
        elif kind is MessageType.method_return:
            self._shown = {number: other for number, other in self._shown.items() if other.key != message.key}
            self._shown[answer.body[0]] = message
        else:
            self.refused.emit(message)

    def _heard(self, member: str, body: Any) -> None:
        if member == "NameOwnerChanged":
            self.close()  # another daemon counts from one again: its numbers are not ours
        elif member == "NotificationClosed":
            self._shown.pop(body[0], None)
        elif member == "ActionInvoked" and (message := self._shown.get(body[0])) is not None:
            self.actionInvoked.emit(message, body[1])


def connect() -> tuple[Any, bool]:
    """A connection that hears of clicks, and whether the daemon reads the text as markup. Blocks.

    Raises:
        OSError, KeyError, ValueError, RuntimeError: there is no bus, or no daemon that answers.
    """
    from jeepney import DBusAddress, MatchRule, MessageType, message_bus, new_method_call
    from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

    def ask(call: Any) -> Any:
        answer = connection.send_and_get_reply(call, timeout=ANSWER_TIMEOUT_S)
        if answer.header.message_type is not MessageType.method_return:
            raise RuntimeError("there is no notification daemon")
        return answer.body[0] if answer.body else None

    connection = open_dbus_connection()
    owner = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
    owner.add_arg_condition(0, NAME)
    try:
        # This starts the daemon where the bus can do that, so it comes before listening for another one.
        capabilities = ask(new_method_call(DBusAddress(PATH, NAME, NAME), "GetCapabilities"))
        for rule in (owner, MatchRule(type="signal", interface=NAME, path=PATH)):
            ask(message_bus.AddMatch(rule))
    except BaseException:
        connection.close()
        raise
    return connection, "body-markup" in capabilities


def call(message: Message, replaces: int, *, markup: bool) -> Any:
    """The D-Bus call that shows a message in place of the one numbered `replaces` (0: of none)."""
    from jeepney import DBusAddress, new_method_call

    hints: dict[str, tuple[str, object]] = {
        "desktop-entry": ("s", "dragoman"),
        "urgency": ("y", LOW if message.brief else NORMAL),
    }
    if message.brief:
        hints["transient"] = ("b", True)
    body = escape(message.body) if markup else message.body
    actions = [part for action in message.actions for part in action]
    shown_ms = BRIEF_MS if message.brief else DAEMONS_CHOICE_MS
    content = ("Dragoman", replaces, "dragoman", message.title, body, actions, hints, shown_ms)
    return new_method_call(DBusAddress(PATH, NAME, NAME), "Notify", "susssasa{sv}i", content)


def escape(text: str) -> str:
    """Words of a provider are not ours to be rendered."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
