"""What the tray and the window show: frozen values that the controller makes and views read.

Nothing here acts, formats or translates: the words are in `ui/text.py`, the deeds in `control/`. What the user types into
the provider editor is in `editing.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address

from tray_app.profiles.model import ApiKind
from tray_app.profiles.settings import Settings
from tray_app.proxy.events import ErrorInfo, ServerState


class TokenStatus(StrEnum):
    """Where the local token that clients must send is kept."""

    UNKNOWN = "unknown"  # not read yet
    STORED = "stored"  # in the keyring of the operating system
    SESSION = "session"  # in memory only: it changes with the next start
    OFF = "off"  # the lock is turned off in the settings


class ProblemKind(StrEnum):
    """Something the user should know before they wonder; shown as a banner until it is over."""

    NO_TRAY = "no-tray"
    PORT_TAKEN = "port-taken"
    SERVER_FAILED = "server-failed"
    NO_KEYRING = "no-keyring"
    PROFILES_UNREADABLE = "profiles-unreadable"
    SAVE_FAILED = "save-failed"
    ACTIVATION_FAILED = "activation-failed"
    AUTOSTART_FAILED = "autostart-failed"
    LEDGER = "ledger"
    PRICES_UNREADABLE = "prices-unreadable"
    CLIENT_FAILED = "client-failed"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem and the part of its text that only the machine knows (a path, an address, the system's own words).

    `count` is how many requests it has cost, where it costs any.
    """

    kind: ProblemKind
    detail: str = ""
    count: int = 0


class ClientLink(StrEnum):
    """Whether a client's own settings lead to us."""

    UNKNOWN = "unknown"  # not looked at yet, or unreadable
    DISCONNECTED = "disconnected"
    CONNECTED = "connected"
    CHANGED = "changed"  # connected once, and changed by hand since


class KeyKind(StrEnum):
    """Where a provider's key comes from, in the words of the editor."""

    KEYRING = "keyring"
    ENVIRONMENT = "environment"
    COMMAND = "command"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A profile as lists show it. `demo` marks the built-in one, which can be neither edited nor deleted.

    `models` are pairs of what a client asks for (``default``, ``opus``, …) and the provider's own name.
    """

    id: str
    name: str
    color: str
    kind: ApiKind
    host: str = ""
    base_url: str = ""
    models: tuple[tuple[str, str], ...] = ()
    key_kind: KeyKind = KeyKind.NONE
    demo: bool = False


class HealthKind(StrEnum):
    """What is known of a provider since the program started."""

    UNTESTED = "untested"
    OK = "ok"
    FAILING = "failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The newest evidence about a provider: a test or a request.

    `since` (Unix time, seconds) is when it began to be so; `failures` counts those in a row; `words` are the newest ones.
    """

    kind: HealthKind = HealthKind.UNTESTED
    tested: bool = False  # the newest evidence is a test
    since: float = 0.0
    failures: int = 0
    words: str = ""  # the provider's own, when it fails


UNTESTED = Health()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """A provider that was deleted a moment ago and can still be brought back; its key is still in the keyring."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TestMessage:
    """The answer to a test message: `text` as far as it has come; `problem` why it failed, in the provider's words."""

    __test__ = False  # to pytest it looks like a class of tests

    text: str = ""
    running: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums since `since` (Unix time, seconds); `since_midnight` tells whether that covers the whole day.

    `estimated` is true when a token count among them was not reported by the provider. `cost_usd` leaves out the `unpriced`
    requests, whose price or tokens are not known.
    """

    since: float = 0.0
    since_midnight: bool = False
    requests: int = 0
    failures: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    estimated: bool = False
    cost_usd: float = 0.0
    unpriced: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LastError:
    """The newest failed request; `resolved` once a later request to the same provider succeeded or the user looked."""

    request_id: str
    provider_id: str
    provider_name: str
    at: float
    error: ErrorInfo
    resolved: bool = False


class Look(StrEnum):
    """What the icon tells at a glance."""

    STOPPED = "stopped"
    IDLE = "idle"
    WORKING = "working"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppState:
    """Everything the tray and the frame of the window show. `address` is host:port for people, `url` for clients."""

    ready: bool = False  # false until the services are built: only Quit works
    server: ServerState = ServerState.STOPPED
    url: str | None = None
    active_id: str | None = None
    providers: tuple[Provider, ...] = ()
    running: int = 0
    today: Totals = Totals()
    last_error: LastError | None = None
    autostart: bool = False
    claude: ClientLink = ClientLink.UNKNOWN
    token: TokenStatus = TokenStatus.UNKNOWN
    settings: Settings = field(default_factory=Settings)
    problems: tuple[Problem, ...] = ()
    health: Mapping[str, Health] = field(default_factory=dict)  # by provider id; who is missing is untested
    deleted: Deleted | None = None

    @property
    def address(self) -> str:
        """The endpoint without its scheme, or an empty string while nothing is bound."""
        return (self.url or "").removeprefix("http://").rstrip("/")

    @property
    def active(self) -> Provider | None:
        """The provider new requests go to."""
        return next((provider for provider in self.providers if provider.id == self.active_id), None)

    @property
    def exposed(self) -> bool:
        """Whether the settings let other computers reach the endpoint."""
        try:
            return not ip_address(self.settings.host).is_loopback
        except ValueError:  # a name, written into the file by hand: the server looks at it as closely
            return self.settings.host != "localhost"

    @property
    def look(self) -> Look:
        """Trouble outshines work: an unresolved error stays on the icon while other requests run."""
        if self.server is ServerState.FAILED:
            return Look.TROUBLE
        if self.server is not ServerState.RUNNING:
            return Look.STOPPED
        if self.last_error is not None and not self.last_error.resolved:
            return Look.TROUBLE
        return Look.WORKING if self.running else Look.IDLE


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPreview:
    """What connecting would change in a client's settings file: triples of key, value before and value after.

    Tokens are masked. `warnings` are names of settings that would keep the client from asking us.
    """

    path: str
    changes: tuple[tuple[str, str, str], ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DiagnosticPart:
    """A file of the diagnostics bundle, as it will be saved: redacted."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SettingResult:
    """The answer to a change of a setting: nothing but its name, or what is wrong with it, as in `FieldProblem`.

    `free_port` is offered where the port is taken.
    """

    setting: str
    code: str = ""
    detail: str = ""
    free_port: int | None = None


class NoticeKind(StrEnum):
    """What may become a desktop notification."""

    KEY_REJECTED = "key-rejected"
    UPSTREAM_DOWN = "upstream-down"
    ERROR_BURST = "error-burst"
    FAILED_OVER = "failed-over"
    SERVER_FAILED = "server-failed"
    BUDGET_REACHED = "budget-reached"
    CACHE_COLLAPSED = "cache-collapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A candidate for a notification; `kind` and `provider_id` together are what a cool-down is counted for.

    `amount` is what it is about and `reference` what it is measured against: dollars of today and of the budget, or the
    cached part of the prompts (0 to 1) now and before. `substitute_id` is the provider that took over from this one.
    """

    kind: NoticeKind
    provider_id: str = ""
    provider_name: str = ""
    substitute_id: str = ""
    request_id: str = ""
    detail: str = ""
    count: int = 1
    model: str = ""
    amount: float = 0.0
    reference: float = 0.0
