"""Turns what the editor holds into a profile, or into the list of fields that are wrong; and a profile back into a draft.

Pure. The words for the codes are in `ui/text.py`; numbers, tables and TOML are read in `draft_texts.py`.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any, Final

import msgspec

from tray_app.control import draft_texts
from tray_app.control.draft_texts import TextError, shown
from tray_app.editing import FieldProblem, ProfileDraft
from tray_app.profiles.model import (
    DEMO_ID,
    CommandCredential,
    Credential,
    EnvironmentCredential,
    KeyringCredential,
    ModelMap,
    NoCredential,
    Profile,
    RetryPolicy,
    Timeouts,
    slug,
)
from tray_app.profiles.validation import InvalidProfileError, decode_profile, problems_of
from tray_app.state import KeyKind

# The profile's places where they differ from our field names; the first that a place begins with counts.
_FIELD_OF_PLACE: Final = {
    "credential.ttl_s": "key_ttl_s",
    "credential.timeout_s": "key_timeout_s",
    "credential": "key_source",
    "models": "default_model",
    "timeouts.": "",
    "retry.connect": "connect_retries",
    "retry.statuses": "status_retries",
    "retry.": "",
    "capabilities": "overrides",
}
# How the fields that are more than a line of text are read.
_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "connect_s": draft_texts.number,
    "first_byte_s": draft_texts.number,
    "idle_s": draft_texts.number,
    "silence_s": draft_texts.number,
    "aliases": draft_texts.aliases,
    "headers": draft_texts.headers,
    "overrides": draft_texts.overrides,
}
_COMMAND_READERS: Final = {"key_ttl_s": draft_texts.number, "key_timeout_s": draft_texts.number}


class DraftError(ValueError):
    """The draft is no profile; `problems` says where and why."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__(", ".join(f"{problem.field}: {problem.code}" for problem in problems))
        self.problems = problems


def profile_from(draft: ProfileDraft, old: Profile | None, taken: AbstractSet[str]) -> Profile:
    """The profile the draft describes; `taken` are the ids in use.

    Raises:
        DraftError: fields are empty or malformed.
    """
    problems = _missing(draft)
    values = _read(draft, problems)
    if problems:
        raise DraftError(tuple(problems))
    profile_id = old.id if old is not None else slug(draft.name, set(taken))
    try:
        profile = decode_profile(msgspec.to_builtins(_profile(profile_id, draft, values)), "")
    except InvalidProfileError as error:
        raise DraftError((_field_problem(error.place.lstrip("."), error.problem),)) from None
    wrong = tuple(_field_problem(*problem.split(": ", 1)) for problem in problems_of(profile))
    if wrong:
        raise DraftError(wrong)
    return profile


def draft_from(profile: Profile) -> ProfileDraft:
    """The profile as the editor shows it."""
    credential, models, times, retry = profile.credential, profile.models, profile.timeouts, profile.retry
    kind, source = _key_of(credential)
    command = credential if isinstance(credential, CommandCredential) else CommandCredential(argv=("",))
    return ProfileDraft(
        id="" if profile.id == DEMO_ID else profile.id,
        preset=profile.preset,
        name=profile.name,
        color=profile.color,
        api=profile.api,
        base_url=profile.base_url,
        key_kind=kind,
        key_source=source,
        key_ttl_s=shown(command.ttl_s),
        key_timeout_s=shown(command.timeout_s),
        default_model=models.default,
        opus=models.opus,
        sonnet=models.sonnet,
        haiku=models.haiku,
        aliases=(*models.exact.items(), *models.globs),
        headers=tuple(profile.headers.items()),
        outbound_proxy=profile.outbound_proxy,
        connect_s=shown(times.connect_s),
        first_byte_s=shown(times.first_byte_s),
        idle_s=shown(times.idle_s),
        silence_s=shown(times.silence_s),
        connect_retries=retry.connect,
        status_retries=retry.statuses,
        fallback=retry.fallback,
        overrides=draft_texts.toml(profile.capabilities),
        notes=profile.notes,
    )


def _missing(draft: ProfileDraft) -> list[FieldProblem]:
    required = {"name": draft.name, "base_url": draft.base_url, "outbound_proxy": draft.outbound_proxy}
    if draft.key_kind in {KeyKind.ENVIRONMENT, KeyKind.COMMAND}:
        required["key_source"] = draft.key_source
    problems = [FieldProblem(field, "empty") for field, value in required.items() if not value.strip()]
    if "<" in draft.base_url:
        problems.append(FieldProblem("base_url", "placeholder"))
    if draft.key_kind is KeyKind.COMMAND and not _splits(draft.key_source):
        problems.append(FieldProblem("key_source", "quotes"))
    return problems


def _read(draft: ProfileDraft, problems: list[FieldProblem]) -> dict[str, Any]:
    """The values of the fields that have readers; what cannot be read is added to `problems`."""
    values: dict[str, Any] = {}
    for field, reader in (_READERS | (_COMMAND_READERS if draft.key_kind is KeyKind.COMMAND else {})).items():
        try:
            values[field] = reader(getattr(draft, field))
        except TextError as error:
            problems.append(FieldProblem(field, error.code, error.detail))
    return values


def _splits(command: str) -> bool:
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True


def _profile(profile_id: str, draft: ProfileDraft, values: dict[str, Any]) -> Profile:
    return Profile(
        id=profile_id,
        name=draft.name.strip(),
        api=draft.api,
        base_url=draft.base_url.strip(),
        credential=_credential(draft, values),
        models=_models(draft, values["aliases"]),
        headers=values["headers"],
        outbound_proxy=draft.outbound_proxy.strip(),
        timeouts=Timeouts(**{name: values[name] for name in Timeouts.__struct_fields__}),
        retry=RetryPolicy(connect=draft.connect_retries, statuses=draft.status_retries, fallback=draft.fallback),
        capabilities=values["overrides"],
        color=draft.color,
        notes=draft.notes,
        preset=draft.preset,
    )


def _models(draft: ProfileDraft, aliases: dict[str, str]) -> ModelMap:
    return ModelMap(
        default=draft.default_model.strip(),
        opus=draft.opus.strip(),
        sonnet=draft.sonnet.strip(),
        haiku=draft.haiku.strip(),
        exact={asked: model for asked, model in aliases.items() if not draft_texts.is_pattern(asked)},
        globs=tuple((asked, model) for asked, model in aliases.items() if draft_texts.is_pattern(asked)),
    )


def _credential(draft: ProfileDraft, values: dict[str, Any]) -> Credential:
    source = draft.key_source.strip()
    match draft.key_kind:
        case KeyKind.KEYRING:
            return KeyringCredential()
        case KeyKind.ENVIRONMENT:
            return EnvironmentCredential(variable=source)
        case KeyKind.COMMAND:
            return CommandCredential(
                argv=tuple(shlex.split(source)), ttl_s=values["key_ttl_s"], timeout_s=values["key_timeout_s"]
            )
        case KeyKind.NONE:
            return NoCredential()


def _key_of(credential: Credential) -> tuple[KeyKind, str]:
    match credential:
        case KeyringCredential():
            return KeyKind.KEYRING, ""
        case EnvironmentCredential(variable=variable):
            return KeyKind.ENVIRONMENT, variable
        case CommandCredential(argv=argv):
            return KeyKind.COMMAND, shlex.join(argv)
        case NoCredential():
            return KeyKind.NONE, ""


def _field_problem(place: str, problem: str) -> FieldProblem:
    """The problem at a place of the profile, such as ``timeouts.connect_s`` or ``headers.X-Team``, at our field."""
    section = next((known for known in _FIELD_OF_PLACE if place.startswith(known)), "")
    rest = place.removeprefix(section) if section.endswith(".") else place
    field = _FIELD_OF_PLACE.get(section, "") or rest.split(".", 1)[0].split("[", 1)[0]
    inside = place.partition(".")[2] if field in {"headers", "overrides"} else ""
    return FieldProblem(field, "invalid", f"{inside}: {problem}" if inside else problem)
