"""Turns what the editor holds into a profile, or into the list of fields that are wrong; and a profile back into a draft.

Pure. Fields the editor does not show (headers, timeouts, retries, overrides) keep the values the profile had. The words
for the codes are in `ui/text.py`.
"""

from __future__ import annotations

import shlex
from collections.abc import Set as AbstractSet
from typing import Final

import msgspec

from tray_app.profiles.model import (
    DEMO_ID,
    CommandCredential,
    Credential,
    EnvironmentCredential,
    KeyringCredential,
    ModelMap,
    NoCredential,
    Profile,
    slug,
)
from tray_app.profiles.validation import InvalidProfileError, decode_profile, problems_of
from tray_app.state import FieldProblem, KeyKind, ProfileDraft

# Our field names where they differ from the profile's.
_FIELD_OF_PLACE: Final = {"credential": "key_source", "models": "default_model"}


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
    problems = tuple(_missing(draft))
    if problems:
        raise DraftError(problems)
    profile_id = old.id if old is not None else slug(draft.name, set(taken))
    base = old or Profile(id=profile_id, name=draft.name.strip(), base_url=draft.base_url.strip())
    try:
        profile = decode_profile(msgspec.to_builtins(_applied(base, draft)), "")
    except InvalidProfileError as error:
        raise DraftError((_field_problem(error.place.lstrip("."), error.problem),)) from None
    wrong = tuple(_field_problem(*problem.split(": ", 1)) for problem in problems_of(profile))
    if wrong:
        raise DraftError(wrong)
    return profile


def draft_from(profile: Profile) -> ProfileDraft:
    """The profile as the editor shows it."""
    kind, source = _key_of(profile.credential)
    return ProfileDraft(
        id="" if profile.id == DEMO_ID else profile.id,
        preset=profile.preset,
        name=profile.name,
        color=profile.color,
        api=profile.api,
        base_url=profile.base_url,
        key_kind=kind,
        key_source=source,
        default_model=profile.models.default,
        opus=profile.models.opus,
        sonnet=profile.models.sonnet,
        haiku=profile.models.haiku,
        outbound_proxy=profile.outbound_proxy,
        notes=profile.notes,
    )


def _missing(draft: ProfileDraft) -> list[FieldProblem]:
    required = {"name": draft.name, "base_url": draft.base_url, "outbound_proxy": draft.outbound_proxy}
    if draft.key_kind in {KeyKind.ENVIRONMENT, KeyKind.COMMAND}:
        required["key_source"] = draft.key_source
    problems = [FieldProblem(field, "empty") for field, value in required.items() if not value.strip()]
    if draft.key_kind is KeyKind.COMMAND and not _splits(draft.key_source):
        problems.append(FieldProblem("key_source", "quotes"))
    return problems


def _splits(command: str) -> bool:
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True


def _applied(base: Profile, draft: ProfileDraft) -> Profile:
    return msgspec.structs.replace(
        base,
        name=draft.name.strip(),
        api=draft.api,
        base_url=draft.base_url.strip(),
        credential=_credential(draft, base.credential),
        models=_models(base.models, draft),
        outbound_proxy=draft.outbound_proxy.strip(),
        color=draft.color,
        notes=draft.notes,
        preset=draft.preset,
    )


def _models(old: ModelMap, draft: ProfileDraft) -> ModelMap:
    return msgspec.structs.replace(
        old,
        default=draft.default_model.strip(),
        opus=draft.opus.strip(),
        sonnet=draft.sonnet.strip(),
        haiku=draft.haiku.strip(),
    )


def _credential(draft: ProfileDraft, old: Credential) -> Credential:
    source = draft.key_source.strip()
    match draft.key_kind:
        case KeyKind.KEYRING:
            return KeyringCredential()
        case KeyKind.ENVIRONMENT:
            return EnvironmentCredential(variable=source)
        case KeyKind.COMMAND:
            times = old if isinstance(old, CommandCredential) else CommandCredential(argv=("",))
            return msgspec.structs.replace(times, argv=tuple(shlex.split(source)))
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
    field = place.split(".", 1)[0].split("[", 1)[0]
    return FieldProblem(_FIELD_OF_PLACE.get(field, field), "invalid", problem)
