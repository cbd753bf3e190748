"""What single upstreams want of a JSON schema on top of `schema.py`'s common rules: steps per node, and two whole-schema passes.

A step takes one schema whose inner schemas are done and says whether it stands at the root. Steps build new dicts and never
change their argument. The keyword lists are in `data/schema_dialects.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import msgspec

Schema = dict[str, Any]
Step = Callable[[Schema, bool], Schema]

REFERENCE_DEPTH_MAX: Final = 10  # references inside what a reference stands for (R-SCH-6)
INLINED_NODES_MAX: Final = 5000  # references that fan out would grow without bound
_NULL: Final = {"type": "null"}


class _Keywords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    dropped: frozenset[str] = frozenset()
    string_formats: frozenset[str] = frozenset()
    number_formats: frozenset[str] = frozenset()


@lru_cache(maxsize=1)
def _keywords() -> Mapping[str, _Keywords]:
    text = files("tray_app.translation").joinpath("data", "schema_dialects.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, _Keywords])


# ---- passes over a whole schema ----


def inline_references(schema: Schema) -> Schema:
    """`schema` with every ``$ref`` replaced by what it stands for; cycles, depth and bulk end in ``{}`` (R-SCH-6)."""
    inlined = _Inliner(schema).inline(schema, ())
    return inlined if isinstance(inlined, dict) else {}


class _Inliner:
    """One run over one root schema; `left` bounds how much it may produce."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self.left = INLINED_NODES_MAX

    def inline(self, value: object, above: tuple[str, ...]) -> object:
        if isinstance(value, list):
            return [self.inline(item, above) for item in value]
        if not isinstance(value, dict):
            return value
        self.left -= 1
        if self.left < 0:
            return {}
        reference = value.get("$ref")
        if not isinstance(reference, str):
            return {key: self.inline(item, above) for key, item in value.items()}
        beside = {key: self.inline(item, above) for key, item in value.items() if key != "$ref"}
        return {**self._target(reference, above), **beside}

    def _target(self, reference: str, above: tuple[str, ...]) -> Schema:
        if reference in above or len(above) >= REFERENCE_DEPTH_MAX:
            return {}
        inlined = self.inline(_resolve(self._root, reference), (*above, reference))
        return inlined if isinstance(inlined, dict) else {}


def _resolve(root: Schema, reference: str) -> object:
    """The value a local JSON pointer names; ``{}`` for anything that is not in this schema."""
    if not reference.startswith("#/"):
        return {}
    value: object = root
    for part in reference[2:].split("/"):
        if not isinstance(value, dict):
            return {}
        value = value.get(part.replace("~1", "/").replace("~0", "~"), {})
    return value


def merge_root_branches(schema: Schema) -> Schema:
    """One object in place of a root anyOf, oneOf or allOf of objects, since tools need a root object (R-SCH-3).

    Properties are united; of alternatives only what all require stays required. Other branches are left as they are: the
    upstream will say what it thinks of them.
    """
    for keyword in ("anyOf", "oneOf", "allOf"):
        branches = schema.get(keyword)
        if isinstance(branches, list) and branches and all(_is_object(branch) for branch in branches):
            rest = {key: value for key, value in schema.items() if key != keyword}
            schema = _merged(rest, branches, every=keyword == "allOf")
    return schema


def _is_object(branch: object) -> bool:
    """It describes an object, if only by what it requires of one."""
    if not isinstance(branch, dict):
        return False
    implied = isinstance(branch.get("properties"), dict) or ("type" not in branch and bool(required_names(branch)))
    return branch.get("type") == "object" or implied


def _merged(root: Schema, branches: list[Schema], *, every: bool) -> Schema:
    required = [set(required_names(branch)) for branch in branches]
    demanded = set.union(*required) if every else set.intersection(*required)
    names = [
        *required_names(root),
        *(name for branch in branches for name in required_names(branch) if name in demanded),
    ]
    merged = {**root, "type": "object", "properties": _united([root, *branches])}
    return {**merged, "required": list(dict.fromkeys(names))} if names else merged


def _properties(schema: Schema) -> Schema:
    properties = schema.get("properties")
    return properties if isinstance(properties, dict) else {}


def required_names(schema: Mapping[str, Any]) -> list[str]:
    """The names a schema requires; whatever else stands there demands nothing."""
    required = schema.get("required")
    return [name for name in required if isinstance(name, str)] if isinstance(required, list) else []


def _united(schemas: list[Schema]) -> Schema:
    """All properties; one that differs between the schemas may be any of its forms."""
    forms: dict[str, list[object]] = {}
    for schema in schemas:
        for name, form in _properties(schema).items():
            known = forms.setdefault(name, [])
            if form not in known:
                known.append(form)
    return {name: known[0] if len(known) == 1 else {"anyOf": known} for name, known in forms.items()}


# ---- steps ----


def _drop(schema: Schema, dialect: str) -> Schema:
    dropped = _keywords()[dialect].dropped
    return {key: value for key, value in schema.items() if key not in dropped}


def _gemini(schema: Schema, root: bool) -> Schema:
    for step in _GEMINI_STEPS:
        schema = step(schema)
    if not root and not schema.get("properties", True):
        schema = {key: value for key, value in schema.items() if key != "properties"}
    return schema


def _only_any_of(schema: Schema) -> Schema:
    """Alternatives have one name there, and several demands at once become one schema."""
    schema = dict(schema)
    one_of, all_of = schema.pop("oneOf", None), schema.pop("allOf", None)
    if isinstance(one_of, list):
        any_of = schema.get("anyOf")
        schema["anyOf"] = [*any_of, *one_of] if isinstance(any_of, list) else one_of
    if isinstance(all_of, list) and all_of:
        schema = _merged(schema, all_of, every=True) if all(map(_is_object, all_of)) else {**all_of[0], **schema}
    return schema


def _const_as_enum(schema: Schema) -> Schema:
    if "const" not in schema:
        return schema
    return {**{key: value for key, value in schema.items() if key != "const"}, "enum": [schema["const"]]}


def _null_as_nullable(schema: Schema) -> Schema:
    """``null`` among the types or the alternatives becomes `nullable`."""
    schema = dict(schema)
    kinds = schema.get("type")
    if isinstance(kinds, list):
        schema = _one_type(schema, [kind for kind in kinds if kind != "null"], "null" in kinds)
    branches = schema.get("anyOf")
    if isinstance(branches, list) and _NULL in branches:
        others = [branch for branch in branches if branch != _NULL]
        rest = {key: value for key, value in schema.items() if key != "anyOf"}
        schema = {**(others[0] | rest if len(others) == 1 else {**rest, "anyOf": others}), "nullable": True}
    return schema


def _one_type(schema: Schema, kinds: list[str], nullable: bool) -> Schema:
    rest = {key: value for key, value in schema.items() if key != "type"}
    if len(kinds) == 1:
        rest["type"] = kinds[0]
    elif kinds:
        rest["anyOf"] = [{"type": kind} for kind in kinds]
    return {**rest, "nullable": True} if nullable else rest


def _string_enum(schema: Schema) -> Schema:
    """Enumerations are for strings only: numbers are told as strings, truth values and emptiness not at all."""
    values = schema.get("enum")
    if not isinstance(values, list):
        return schema
    rest = {key: value for key, value in schema.items() if key != "enum"}
    if any(value is None for value in values):
        rest["nullable"] = True
    texts = [str(value) for value in values if isinstance(value, str | int | float) and not isinstance(value, bool)]
    texts = [text for text in dict.fromkeys(texts) if text]
    return {**rest, "type": "string", "enum": texts} if texts and schema.get("type") != "object" else rest


def _known_format(schema: Schema) -> Schema:
    formats = _keywords()["gemini"].string_formats
    if schema.get("type") in ("number", "integer"):
        formats = _keywords()["gemini"].number_formats
    if isinstance(known := schema.get("format"), str) and known in formats:
        return schema
    return {key: value for key, value in schema.items() if key != "format"}


def _existing_required(schema: Schema) -> Schema:
    if "required" not in schema:
        return schema
    properties = _properties(schema)
    names = [name for name in required_names(schema) if name in properties]
    rest = {key: value for key, value in schema.items() if key != "required"}
    return {**rest, "required": names} if names else rest


def _items_given(schema: Schema) -> Schema:
    """An array must say of what; of a tuple only the first form can be told."""
    if schema.get("type") != "array":
        return schema
    items = schema.get("items") or schema.get("prefixItems")
    if isinstance(items, list):
        items = items[0]
    return {**schema, "items": items or {"type": "string"}}


def _without_refused(schema: Schema) -> Schema:
    return _drop(schema, "gemini")


_GEMINI_STEPS: Final = (
    _only_any_of, _const_as_enum, _null_as_nullable, _string_enum, _known_format, _existing_required, _items_given,
    _without_refused,
)  # fmt: skip


def _moonshot(schema: Schema, root: bool) -> Schema:
    """A type stands in the alternatives, not beside them; but the root must have it, so there the alternatives go."""
    schema = _drop(schema, "moonshot")
    if isinstance(schema.get("items"), list):
        schema["prefixItems"] = schema.pop("items")
    branches = schema.get("anyOf")
    if root and "type" in schema:
        schema.pop("anyOf", None)
    elif isinstance(branches, list) and "type" in schema:
        kind = schema.pop("type")
        schema["anyOf"] = [branch if "type" in branch else {"type": kind, **branch} for branch in branches]
    return schema


def _xai(schema: Schema, _: bool) -> Schema:
    if schema.get("additionalProperties") is not False:
        return schema
    return {key: value for key, value in schema.items() if key != "additionalProperties"}


DIALECTS: Final[Mapping[str, Step]] = {"gemini": _gemini, "moonshot": _moonshot, "xai": _xai}
