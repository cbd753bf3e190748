"""Thinking that must survive the round trip through the client (spec section 11): the sealed envelope and the memory.

A thinking block we emit carries a signature of our own: an envelope that says where the reasoning came from and holds
the upstream's opaque state. What the client loses is looked up in `ThinkingMemory`. How a turn's reasoning is put into
a chat message is the business of `reasoning_history.py`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from tray_app.translation import codec

ENVELOPE_PREFIX: Final = "dgm1."
ENVELOPE_MAX_CHARS: Final = 256 * 1024
MEMORY_MAX_ENTRIES: Final = 4096
MEMORY_MAX_BYTES: Final = 64 * 1024 * 1024
_INFLATED_MAX_BYTES: Final = 32 * 1024 * 1024  # a client may send anything: no decompression bombs
_ENTRY_OVERHEAD_BYTES: Final = 512


class Thought(msgspec.Struct, frozen=True, kw_only=True):
    """The reasoning of one block or one assistant turn, and where it came from.

    `field` is the upstream's field it came in, such as ``reasoning_content``. `opaque` is state to be sent back unread,
    one value or a list of them: ``reasoning_details`` entries, Copilot's ``reasoning_opaque``, a Gemini signature; None
    if there is none.
    """

    provider: str = ""
    model: str = ""
    field: str = ""
    text: str = ""
    opaque: Any = None


class _Envelope(msgspec.Struct, omit_defaults=True):
    """The JSON inside a signature. `k` names an entry of the memory when the content is too big to travel."""

    v: int = 1
    p: str = ""
    m: str = ""
    f: str = ""
    o: Any = None
    t: str = ""
    k: str = ""


_read_envelope = msgspec.json.Decoder(_Envelope).decode


class ThinkingMemory:
    """A bounded memory of what the client may drop (R-THK-8); the least recently used goes first.

    Keys come from `call_key` and `text_key`. It only improves answers: correctness never depends on it.
    """

    def __init__(self, *, max_entries: int = MEMORY_MAX_ENTRIES, max_bytes: int = MEMORY_MAX_BYTES) -> None:
        self._entries: OrderedDict[str, tuple[Thought, int]] = OrderedDict()
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size_bytes(self) -> int:
        """What the entries are counted as; an entry under several keys counts once per key."""
        return self._bytes

    def remember(self, keys: Iterable[str], entry: Thought) -> None:
        """Keep `entry` under every key, forgetting the oldest to make room; one bigger than the memory is not kept."""
        size = len(codec.dumps(entry)) + _ENTRY_OVERHEAD_BYTES
        if size > self._max_bytes:
            return
        for key in keys:
            self._forget(key)
            self._entries[key] = (entry, size)
            self._bytes += size
            self._make_room()

    def recall(self, key: str) -> Thought | None:
        """The entry under `key`, which becomes the most recently used; None if unknown."""
        found = self._entries.get(key)
        if found is None:
            return None
        self._entries.move_to_end(key)
        return found[0]

    def _forget(self, key: str) -> None:
        found = self._entries.pop(key, None)
        if found is not None:
            self._bytes -= found[1]

    def _make_room(self) -> None:
        while len(self._entries) > self._max_entries or self._bytes > self._max_bytes:
            self._forget(next(iter(self._entries)))


def call_key(tool_use_id: str) -> str:
    """The memory key of a tool call, by the id the client knows it under."""
    return f"call:{tool_use_id}"


def text_key(visible_text: str) -> str:
    """The memory key of a turn by all its visible text, text blocks joined without separator."""
    return f"text:{hashlib.sha256(visible_text.encode()).hexdigest()}"


def seal(thought: Thought, *, hidden: bool = False, memory: ThinkingMemory | None = None) -> str:
    """The signature of a thinking block, or the data of a redacted one.

    The text travels inside only when it is `hidden` from the client. Beyond `ENVELOPE_MAX_CHARS` the content goes to
    the memory and the envelope keeps its key.
    """
    text = thought.text if hidden else ""
    sealed = _pack(_Envelope(p=thought.provider, m=thought.model, f=thought.field, o=thought.opaque, t=text))
    if len(sealed) <= ENVELOPE_MAX_CHARS:
        return sealed
    key = f"sealed:{hashlib.sha256(sealed.encode()).hexdigest()}"
    if memory is not None:
        memory.remember([key], thought)
    return _pack(_Envelope(p=thought.provider, m=thought.model, f=thought.field, k=key))


def unseal(signature: object, memory: ThinkingMemory | None = None) -> Thought | None:
    """What `seal` put in, or None for anything that is not our intact envelope (R-THK-1): such a block is foreign."""
    if not is_sealed(signature):
        return None
    try:
        envelope = _read_envelope(_inflate(str(signature)[len(ENVELOPE_PREFIX) :]))
    except (ValueError, zlib.error):  # binascii and msgspec errors are ValueErrors
        return None
    if envelope.k and memory is not None and (kept := memory.recall(envelope.k)) is not None:
        return kept
    return Thought(provider=envelope.p, model=envelope.m, field=envelope.f, text=envelope.t, opaque=envelope.o)


def is_sealed(signature: object) -> bool:
    """Whether a signature (or a redacted block's data) claims to be ours."""
    return isinstance(signature, str) and signature.startswith(ENVELOPE_PREFIX)


def _pack(envelope: _Envelope) -> str:
    return ENVELOPE_PREFIX + base64.urlsafe_b64encode(zlib.compress(codec.dumps(envelope))).decode().rstrip("=")


def _inflate(text: str) -> bytes:
    packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    inflater = zlib.decompressobj()
    data = inflater.decompress(packed, _INFLATED_MAX_BYTES)
    if not inflater.eof:
        raise binascii.Error("the envelope is cut short or too big")
    return data
