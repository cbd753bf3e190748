"""The sections of the Settings page: cards of fields under a title, in plain words. They arrange; the page speaks for them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QPushButton, QWidget

from tray_app.state import AppState, SettingResult, TokenStatus
from tray_app.ui import theme
from tray_app.ui.setting_fields import (
    WIDE,
    Amount,
    CheckField,
    ChoiceField,
    LineField,
    Number,
    NumberField,
    PortField,
    SettingField,
)
from tray_app.ui.text import translate
from tray_app.ui.widgets import Panel, row, without_mnemonic

TOKEN_WIDTH = 360
HIDDEN_TOKEN = "•" * 24
MAX_DAYS = 3_650
MAX_DOLLARS = 1_000_000
ADDRESSES = ("127.0.0.1", "0.0.0.0")  # noqa: S104 - offered, and refused without the token


class Section(Panel):
    """A card.

    Signals:
        changed(str, object): a field's.
    """

    changed = Signal(str, object)

    def __init__(self, title: str) -> None:
        super().__init__()
        self.fields: dict[str, SettingField] = {}
        self.box.addWidget(theme.heading(title))
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(theme.PAD)
        self._form.setVerticalSpacing(10)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.box.addLayout(self._form)

    def add(self, field: SettingField, label: str = "") -> None:
        """A field; a check box brings its label itself."""
        self.fields[field.name] = field
        field.changed.connect(self.changed)
        if label:
            name = QLabel(label)
            name.setBuddy(field.widget)
            field.widget.setAccessibleName(without_mnemonic(label))
            self._form.addRow(name, field)
        else:
            self._form.addRow(field)

    def add_widget(self, widget: QWidget) -> None:
        """Something that is no setting."""
        self._form.addRow(widget)

    def render_state(self, state: AppState) -> None:
        """Show what is set."""
        for name, field in self.fields.items():
            field.show_value(getattr(state.settings, name))

    def show_result(self, result: SettingResult) -> None:
        """The answer to a change of one of the fields."""
        if result.setting in self.fields:
            self.fields[result.setting].show_result(result)


class EndpointSection(Section):
    """Where clients find the proxy."""

    def __init__(self) -> None:
        super().__init__(translate("Settings", "Endpoint"))
        self.add(
            PortField(translate("Settings", "Clients must be told when it changes.")), translate("Settings", "&Port")
        )
        self.host = LineField("host", suggestions=ADDRESSES, width=WIDE)
        self.add(self.host, translate("Settings", "&Address"))
        self.exposed = QLabel(
            translate(
                "Settings", "Other computers on the network can reach the endpoint. Only the token keeps them out."
            )
        )
        self.exposed.setObjectName("problem")
        self.exposed.setWordWrap(True)
        self.host.column.addWidget(self.exposed)
        self.add(CheckField("ipv6", translate("Settings", "Answer at the &IPv6 address ::1 as well")))

    def render_state(self, state: AppState) -> None:
        super().render_state(state)
        self.exposed.setVisible(state.exposed)


class TokenSection(Section):
    """The token that clients must send. It is not here until the user wants to see it.

    Signals:
        revealRequested(), copyRequested(), renewRequested().
    """

    revealRequested = Signal()
    copyRequested = Signal()
    renewRequested = Signal()

    def __init__(self) -> None:
        super().__init__(translate("Settings", "Token"))
        self.add(
            CheckField(
                "require_token",
                translate("Settings", "Only answer clients that send the &token"),
                translate("Settings", "Without it, every program on this computer can use your keys."),
            )
        )
        self.line = QLineEdit(HIDDEN_TOKEN)
        self.line.setReadOnly(True)
        self.line.setMinimumWidth(TOKEN_WIDTH)
        self.line.setAccessibleName(translate("Settings", "Token"))
        self.reveal = QPushButton(translate("Settings", "&Show"))
        self.reveal.setCheckable(True)
        self.copy = QPushButton(translate("Settings", "&Copy"))
        self.renew = QPushButton(translate("Settings", "&New token…"))
        self._where = theme.muted()
        holder = QWidget()
        holder.setLayout(row(self.line, self.reveal, self.copy, self.renew, 1))
        self.add_widget(holder)
        self.add_widget(self._where)
        self.reveal.toggled.connect(self._toggle)
        self.copy.clicked.connect(self.copyRequested)
        self.renew.clicked.connect(self.renewRequested)

    def show_token(self, token: str) -> None:
        """Show it to somebody who asked, until the button is pressed again or the page is left."""
        self.line.setText(token)
        self.line.setCursorPosition(0)

    def cover(self) -> None:
        """Show it no longer."""
        self.reveal.setChecked(False)

    def render_state(self, state: AppState) -> None:
        super().render_state(state)
        where = {
            TokenStatus.STORED: translate("Settings", "Kept in the system's keyring."),
            TokenStatus.SESSION: translate("Settings", "Kept in memory only: it changes with the next start."),
            TokenStatus.OFF: translate("Settings", "Turned off."),
            TokenStatus.UNKNOWN: "",
        }
        self._where.setText(where[state.token])
        there = state.token in {TokenStatus.STORED, TokenStatus.SESSION}
        for widget in (self.line, self.reveal, self.copy, self.renew):
            widget.setEnabled(there)
        if not there:
            self.cover()

    def _toggle(self, revealed: bool) -> None:
        self.reveal.setText(translate("Settings", "&Hide") if revealed else translate("Settings", "&Show"))
        self.line.setText(HIDDEN_TOKEN)
        if revealed:
            self.revealRequested.emit()


class StartSection(Section):
    """What happens at login and at the start."""

    def __init__(self) -> None:
        super().__init__(translate("Settings", "Start"))
        self.add(CheckField("autostart", translate("Settings", "Start Dragoman on &login")))
        self.add(CheckField("start_proxy", translate("Settings", "Start the pro&xy with Dragoman")))
        self.add(
            CheckField(
                "show_window",
                translate("Settings", "Open the &window at the start"),
                translate("Settings", "On login, only the icon appears."),
            )
        )

    def render_state(self, state: AppState) -> None:
        super().render_state(state)
        self.fields["autostart"].show_value(state.autostart)


class NotificationsSection(Section):
    """What is worth a notification."""

    def __init__(self) -> None:
        super().__init__(translate("Settings", "Notifications"))
        self.add_widget(theme.muted(translate("Settings", "Tell me when …")))
        for name, label in (
            ("notify_upstream", translate("Settings", "a provider rejects its key or cannot be reached")),
            ("notify_errors", translate("Settings", "many requests fail within a minute")),
            ("notify_failover", translate("Settings", "requests move on to another provider")),
            ("notify_budget", translate("Settings", "the daily budget is reached")),
            ("notify_cache", translate("Settings", "far less of the input comes from the cache than before")),
        ):
            self.add(CheckField(name, label))


class UsageSection(Section):
    """How long usage is kept, and what it may cost.

    Signals:
        pricesRequested().
    """

    pricesRequested = Signal()

    def __init__(self) -> None:
        super().__init__(translate("Settings", "Usage and prices"))
        days = Number()
        days.setRange(1, MAX_DAYS)
        days.setSuffix(translate("Settings", " days"))
        kept = translate("Settings", "After that, only the sums of each day are kept.")
        self.add(NumberField("retention_days", days, kept), translate("Settings", "&Keep details for"))
        dollars = Amount()
        dollars.setRange(0, MAX_DOLLARS)
        dollars.setDecimals(2)
        dollars.setPrefix("$")
        dollars.setSpecialValueText(translate("Settings", "None"))
        self.add(NumberField("daily_budget_usd", dollars), translate("Settings", "Daily &budget"))
        self.prices = QPushButton(translate("Settings", "P&rices…"))
        self.prices.clicked.connect(self.pricesRequested)
        holder = QWidget()
        holder.setLayout(row(self.prices, 1))
        self.add_widget(holder)


class AppearanceSection(Section):
    """Language and colours."""

    def __init__(self) -> None:
        super().__init__(translate("Settings", "Appearance"))
        languages = (("", translate("Settings", "As the system")), ("en", "English"), ("zh_CN", "简体中文"))
        self.add(ChoiceField("language", languages), translate("Settings", "Lan&guage"))
        themes = (
            ("system", translate("Settings", "As the system")),
            ("light", translate("Settings", "Light")),
            ("dark", translate("Settings", "Dark")),
            ("contrast", translate("Settings", "High contrast")),
        )
        self.add(ChoiceField("theme", themes), translate("Settings", "T&heme"))


class PrivacySection(Section):
    """What is remembered of a conversation."""

    def __init__(self) -> None:
        super().__init__(translate("Settings", "Privacy"))
        self.add(
            CheckField(
                "body_capture",
                translate("Settings", "Keep the contents of the latest requests in &memory"),
                translate("Settings", "To look at them on the Requests page. They are gone when Dragoman quits."),
            )
        )
        self.add_widget(
            theme.muted(
                translate(
                    "Settings",
                    "On disk, Dragoman keeps names of models and providers, token counts, times and error messages. "
                    "It never writes prompts, answers or keys to a file.",
                )
            )
        )


class DiagnosticsSection(Section):
    """What helps to find out what is wrong.

    Signals:
        bundleRequested(), logFolderRequested().
    """

    bundleRequested = Signal()
    logFolderRequested = Signal()

    def __init__(self) -> None:
        super().__init__(translate("Settings", "Diagnostics"))
        words = translate(
            "Settings",
            "A file to send along with a report: versions, settings, providers without keys, the latest log lines and "
            "requests without their contents.",
        )
        self.add_widget(theme.muted(words))
        self.bundle = QPushButton(translate("Settings", "Save &diagnostics…"))
        self.log = QPushButton(translate("Settings", "&Open the log's folder"))
        self.bundle.clicked.connect(self.bundleRequested)
        self.log.clicked.connect(self.logFolderRequested)
        holder = QWidget()
        holder.setLayout(row(self.bundle, self.log, 1))
        self.add_widget(holder)
