"""Tray hosts for desktop tests: `StatusNotifierHost` (what KDE and GNOME have) over D-Bus, and X11's older kind by `trayer`.

The D-Bus host shows nothing: it reads icon, tooltip and menu of the items as a panel would and clicks through dbusmenu,
which says far more about a tray application than pixels do. The application must run on the xcb platform: Qt has no
tray at all on `offscreen`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from jeepney import DBusAddress

from helpers.bus_service import Answer, BusService
from helpers.waiting import TIMEOUT_S

WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
PROPERTIES = "org.freedesktop.DBus.Properties"
WHOLE_TREE = -1
TRAYER = (
    *("trayer", "--edge", "bottom", "--align", "right", "--widthtype", "pixel", "--width", "160", "--height", "28"),
    *("--transparent", "true", "--alpha", "0", "--tint", "0xdddddd"),
)

# The settings of an xfce4-panel with nothing but a tray at its right end.
XFCE_PANEL = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="28"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/><value type="int" value="2"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator"><property name="expand" type="bool" value="true"/></property>
    <property name="plugin-2" type="string" value="systray"/>
  </property>
</channel>
"""


@dataclass(frozen=True)
class Entry:
    """One entry of a tray menu. `label` is without the mnemonic underscore; `checked` is None if it has no mark."""

    id: int
    label: str
    enabled: bool
    visible: bool
    separator: bool
    checked: bool | None
    radio: bool
    children: tuple[Entry, ...] = field(default=())

    def child(self, label: str) -> Entry:
        """The visible entry of this name; raises LookupError with the names there are."""
        for entry in self.children:
            if entry.visible and entry.label == label:
                return entry
        raise LookupError(f"no entry {label!r} among {self.labels()}")

    def labels(self) -> list[str]:
        """The visible entries' names, separators left out."""
        return [entry.label for entry in self.children if entry.visible and not entry.separator]


class StatusNotifierHost(BusService):
    """Watcher and host in one. Making it after the application started is how a late host looks."""

    def __init__(self, address: str) -> None:
        own = f"org.kde.StatusNotifierHost-{os.getpid()}"
        super().__init__(address, (WATCHER, own), signals_from=(ITEM, MENU))
        self.items: list[TrayItem] = []
        self.methods = {
            "RegisterStatusNotifierItem": self._register,
            "RegisterStatusNotifierHost": lambda _sender, _body: (None, ()),
            "Get": lambda _sender, body: ("v", (self._properties()[body[1]],)),
            "GetAll": lambda _sender, _body: ("a{sv}", (self._properties(),)),
        }
        self.start()
        self.emit(WATCHER_PATH, WATCHER, "StatusNotifierHostRegistered")

    def wait_for_item(self, timeout_s: float = TIMEOUT_S) -> TrayItem:
        """The newest registered item, as soon as there is one."""
        item: TrayItem = self.wait_for(lambda: self.items and self.items[-1], "a tray item", timeout_s)
        return item

    def _properties(self) -> dict[str, tuple[str, Any]]:
        return {
            "RegisteredStatusNotifierItems": ("as", [item.bus_name + item.path for item in self.items]),
            "IsStatusNotifierHostRegistered": ("b", True),
            "ProtocolVersion": ("i", 0),
        }

    def _register(self, sender: str, body: tuple[Any, ...]) -> Answer:
        service = body[0]
        bus_name, path = (sender, service) if service.startswith("/") else (service, "/StatusNotifierItem")
        item = TrayItem(self, bus_name, path, sender)
        self.items.append(item)
        self.emit(WATCHER_PATH, WATCHER, "StatusNotifierItemRegistered", "s", bus_name + path)
        return None, ()

    def on_signal(self, member: str, body: tuple[Any, ...]) -> None:
        if member == "NameOwnerChanged" and not body[2]:
            self.items = [item for item in self.items if body[0] not in {item.bus_name, item.sender}]


class TrayItem:
    """A tray icon as its host sees it."""

    def __init__(self, host: StatusNotifierHost, bus_name: str, path: str, sender: str) -> None:
        self.bus_name, self.path, self.sender = bus_name, path, sender
        self._host = host

    def properties(self) -> dict[str, Any]:
        """All properties: Status, Title, ToolTip, IconPixmap, Menu and so on."""
        answer = self._host.ask(DBusAddress(self.path, self.bus_name, PROPERTIES), "GetAll", "s", ITEM)
        return {name: value for name, (_, value) in answer[0].items()}

    def tooltip(self) -> str:
        """Title and text of the tooltip, as one string."""
        _, _, title, text = self.properties()["ToolTip"]
        return "\n".join(part for part in (title, text) if part)

    def icon_colors(self) -> set[str]:
        """The colours (``#rrggbb``) of the opaque pixels of the largest icon."""
        _, _, pixels = max(self.properties()["IconPixmap"], key=lambda icon: icon[0])
        data = bytes(pixels)
        opaque = 0xFF
        return {"#" + data[i + 1 : i + 4].hex() for i in range(0, len(data), 4) if data[i] == opaque}

    def activate(self) -> None:
        """A left click."""
        self._host.ask(DBusAddress(self.path, self.bus_name, ITEM), "Activate", "ii", 0, 0)

    def middle_click(self) -> None:
        """A middle click."""
        self._host.ask(DBusAddress(self.path, self.bus_name, ITEM), "SecondaryActivate", "ii", 0, 0)

    def menu(self) -> Entry:
        """The whole menu, as it is after the application was told that it is about to show."""
        self._ask_menu("AboutToShow", "i", 0)
        _, root = self._ask_menu("GetLayout", "iias", 0, WHOLE_TREE, [])
        return _entry(root)

    def choose(self, *labels: str) -> Entry:
        """Click the entry at the end of this path of names; raises LookupError, or AssertionError if it is disabled."""
        entry = self.menu()
        for label in labels:
            entry = entry.child(label)
        assert entry.enabled, f"{entry.label!r} is disabled"
        self._ask_menu("Event", "isvu", entry.id, "clicked", ("s", ""), 0)
        return entry

    def _ask_menu(self, member: str, signature: str, *body: Any) -> tuple[Any, ...]:
        path = self.properties()["Menu"]
        return self._host.ask(DBusAddress(path, self.bus_name, MENU), member, signature, *body)


def _entry(node: tuple[int, dict[str, tuple[str, Any]], list[tuple[str, Any]]]) -> Entry:
    number, raw, children = node
    values = {name: value for name, (_, value) in raw.items()}
    toggle = values.get("toggle-type", "")
    return Entry(
        id=number,
        label=values.get("label", "").replace("__", "\0").replace("_", "").replace("\0", "_"),
        enabled=values.get("enabled", True),
        visible=values.get("visible", True),
        separator=values.get("type") == "separator",
        checked=values.get("toggle-state") == 1 if toggle else None,
        radio=toggle == "radio",
        children=tuple(_entry(child) for _, child in children),
    )
