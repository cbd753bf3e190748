"""The tab for the way to the provider: proxy, headers, time limits, retries and who takes over."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtWidgets import QSpinBox

from tray_app.editing import Pairs, ProfileDraft
from tray_app.ui import theme
from tray_app.ui.dialogs.field import NARROW, Field, combo, form_layout, number_line, section, show_text
from tray_app.ui.dialogs.order_list import OrderList
from tray_app.ui.dialogs.pairs_table import PairsTable
from tray_app.ui.dialogs.tab import Tab
from tray_app.ui.text import translate

NETWORK_WORDS: Final = ("system", "direct")
MAX_RETRIES: Final = 5


class ConnectionTab(Tab):
    """`others` are the ids and names of the providers that could take over."""

    def __init__(self, others: Pairs) -> None:
        super().__init__()
        self._others = others
        self.network = combo(editable=True)
        self.network.addItems([translate("Editor", "System proxy settings"), translate("Editor", "Direct")])
        self.headers = PairsTable((translate("Editor", "Header"), translate("Editor", "Value")), rows=3)
        self.connect_retries = _retries()
        self.status_retries = _retries()
        self.fallback = OrderList()
        self.fallback.setMinimumHeight(96)
        self._arrange()
        self.listen_to(self.network, self.headers, self.connect_retries, self.status_retries, self.fallback)

    def show_draft(self, draft: ProfileDraft) -> None:
        super().show_draft(draft)
        if draft.outbound_proxy in NETWORK_WORDS:
            self.network.setCurrentIndex(NETWORK_WORDS.index(draft.outbound_proxy))
        else:
            show_text(self.network, draft.outbound_proxy)
        self.headers.show_pairs(draft.headers)
        self.connect_retries.setValue(draft.connect_retries)
        self.status_retries.setValue(draft.status_retries)
        self.fallback.show_entries(self._others, draft.fallback)

    def apply(self, draft: ProfileDraft) -> ProfileDraft:
        words = self.network.currentText()
        index = self.network.findText(words)
        return replace(
            super().apply(draft),
            outbound_proxy=NETWORK_WORDS[index] if 0 <= index < len(NETWORK_WORDS) else words,
            headers=self.headers.pairs(),
            connect_retries=self.connect_retries.value(),
            status_retries=self.status_retries.value(),
            fallback=self.fallback.ticked(),
        )

    def _arrange(self) -> None:
        form = form_layout()
        hint = theme.muted(translate("Editor", "Or an address: http://127.0.0.1:7890, socks5://127.0.0.1:1080"))
        self.fields["outbound_proxy"] = Field(self.network, hint)
        form.addRow(translate("Editor", "&Connect by"), self.fields["outbound_proxy"])
        form.addRow(section(translate("Editor", "Extra headers")))
        form.addRow(theme.muted(translate("Editor", "Never keys: those belong into the field for the key.")))
        self.fields["headers"] = Field(self.headers, name=translate("Editor", "Extra headers"))
        form.addRow(self.fields["headers"])
        form.addRow(section(translate("Editor", "Time limits, in seconds")))
        for name, label in (
            ("connect_s", translate("Editor", "To connect")),
            ("first_byte_s", translate("Editor", "To the first byte")),
            ("idle_s", translate("Editor", "Between two pieces")),
            ("silence_s", translate("Editor", "Only signs of life")),
        ):
            form.addRow(label, self.add_line(name, number_line()))
        form.addRow(section(translate("Editor", "When it fails")))
        for name, label, box in (
            ("connect_retries", translate("Editor", "Connect again"), self.connect_retries),
            ("status_retries", translate("Editor", "Ask again after 429 or 5xx"), self.status_retries),
        ):
            self.fields[name] = Field(box)
            form.addRow(label, self.fields[name])
        form.addRow(
            theme.muted(
                translate(
                    "Editor",
                    "Times, before the first byte of an answer. Claude Code asks again by itself after 429 and 5xx, so none "
                    "are needed for it.",
                )
            )
        )
        form.addRow(section(translate("Editor", "Then try")))
        form.addRow(
            theme.muted(translate("Editor", "Ticked providers, from top to bottom; Alt+Up and Alt+Down move one."))
        )
        self.fields["fallback"] = Field(self.fallback, name=translate("Editor", "Providers to try next"))
        form.addRow(self.fields["fallback"])
        self.body.addLayout(form)
        self.body.addStretch(1)


def _retries() -> QSpinBox:
    box = QSpinBox()
    box.setRange(0, MAX_RETRIES)
    box.setMaximumWidth(NARROW)
    return box
