"""What the provider editor shows and what the user typed into it: frozen values, unchecked.

A number is a text here, and a table a row of pairs, so that nothing typed is lost while it is still wrong. A key is in none
of these values; it travels beside a `ProfileDraft`, once. Counterparts: `control/drafts.py` (checks them) and `ui/dialogs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tray_app.profiles.model import ApiKind
from tray_app.state import KeyKind

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDraft:
    """A provider as it stands in the editor; `id` is empty for a new one. Unchecked: see `drafts.profile_from`.

    `key_source` is the variable's name or the command line, depending on `key_kind`. `aliases` are what a client asks for
    (an id or a pattern) and the provider's name for it, in the order they are tried. `overrides` is a TOML text.
    """

    id: str = ""
    preset: str = ""
    name: str = ""
    color: str = "#5b7cfa"
    api: ApiKind = ApiKind.OPENAI_CHAT
    base_url: str = ""
    key_kind: KeyKind = KeyKind.KEYRING
    key_source: str = ""
    key_ttl_s: str = "300"
    key_timeout_s: str = "30"
    default_model: str = ""
    opus: str = ""
    sonnet: str = ""
    haiku: str = ""
    aliases: Pairs = ()
    headers: Pairs = ()
    outbound_proxy: str = "system"
    connect_s: str = "10"
    first_byte_s: str = "290"
    idle_s: str = "300"
    silence_s: str = "570"
    connect_retries: int = 1
    status_retries: int = 0
    fallback: tuple[str, ...] = ()
    overrides: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of a draft; `field` is an attribute of `ProfileDraft` or ``secret``."""

    field: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveResult:
    """The answer to a save: `id` of the stored profile, or what stands in the way."""

    id: str = ""
    problems: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelList:
    """The models a provider lists; `words` are its own, or ours, when it does not."""

    models: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetChoice:
    """A preset as the editor offers it: a name for the list, a draft to start from, and where a key is made.

    `addresses` are further base URLs of the same provider, each with what it is for.
    """

    id: str
    name: str
    draft: ProfileDraft
    key_page: str = ""
    addresses: Pairs = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceDraft:
    """A price of the user's as it stands in the form, unchecked: dollars per million tokens, the day as YYYY-MM-DD.

    `number` is its place among the user's prices, or None for a new one. See `price_drafts.price_from`.
    """

    number: int | None = None
    model: str = ""
    profile: str = ""
    input: str = ""
    output: str = ""
    cache_read: str = ""
    cache_write: str = ""
    above: str = ""
    since: str = ""


class Arrival(StrEnum):
    """What importing a provider would do."""

    ADDED = "added"
    CHANGED = "changed"  # the same provider with other fields
    CONFLICT = "conflict"  # its id belongs to another provider here: it comes under a new one
    SAME = "same"


class ArrivingKey(StrEnum):
    """Where an imported provider's key comes from."""

    INCLUDED = "included"  # in the file: it goes into the keyring
    MISSING = "missing"  # must be entered afterwards
    HERE = "here"  # the one that is stored stays
    ENVIRONMENT = "environment"
    COMMAND = "command"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLine:
    """A provider that could come in; `wanted` is what is proposed, `problem` why it cannot be used.

    `key_source` is the variable or the command the key would come from: a file of somebody else's may name any command.
    """

    id: str
    name: str
    address: str
    arrival: Arrival
    key: ArrivingKey
    key_source: str = ""
    wanted: bool = True
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What a file holds, to be looked at first. `program` is empty for a file of our own; `words` say why it cannot be read."""

    program: str = ""
    lines: tuple[ImportLine, ...] = ()
    problems: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDone:
    """An import or an export is over: how many providers, and what went wrong or was left out."""

    number: int = 0
    path: str = ""  # of an export
    left_out: tuple[str, ...] = ()
    words: str = ""  # why it failed
