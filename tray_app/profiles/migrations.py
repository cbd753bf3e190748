"""The schema version of our files. There is one so far, so all that can be wrong is a newer one, which is refused."""

from __future__ import annotations

from typing import Final

import msgspec

SCHEMA: Final = 1


class NewerSchemaError(Exception):
    """The file was written by a later version of Dragoman; reading half of it would lose the other half."""

    def __init__(self, found: int) -> None:
        super().__init__(
            f"it was written by a newer version of Dragoman (schema {found}, this one knows {SCHEMA}); update Dragoman"
        )


class _Head(msgspec.Struct):
    schema: int


def check_schema(data: bytes) -> None:
    """Look at the version before anything else is decoded.

    Raises:
        NewerSchemaError: it is newer than ours.
        msgspec.MsgspecError: the bytes are no JSON object with a `schema`.
    """
    found = msgspec.json.decode(data, type=_Head).schema
    if found > SCHEMA:
        raise NewerSchemaError(found)
