"""An incremental scanner for the JSON text of one tool call's arguments (spec 23.6, R-ARG-1..5).

It is fed fragments as they stream in and says what may be passed on verbatim, whether the object is complete, and whether
the text can still become valid JSON. It repairs only what cannot change the meaning (raw control characters inside strings);
everything else is left to `repair.py` once the call has ended.

The grammar is a table of states:

    state       accepts            goes to
    FIRST_KEY   string, }          COLON via KEY_STRING, or up
    KEY         string             COLON via KEY_STRING
    COLON       :                  VALUE
    VALUE       { [ string scalar  FIRST_KEY, FIRST_ITEM, NEXT
    FIRST_ITEM  VALUE's, ]         as VALUE, or up
    NEXT        , } ]              KEY or VALUE, or up
    up          pops the stack: NEXT while it holds something, else the object is complete
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

_PLAIN: Final = re.compile(r'[^"\\\x00-\x1f]*')
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_SCALAR: Final = re.compile(r"[-+.0-9A-Za-z]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")
_NUMBER_START: Final = re.compile(r"-?(?:0|[1-9][0-9]*)?(?:(?<=[0-9])\.[0-9]*)?(?:(?<=[0-9])[eE][-+]?[0-9]*)?\Z")
_ESCAPE: Final = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
# An escape that has only begun, or a high surrogate whose other half is still to come: an accumulator that parses after each
# delta would stumble over it, so it waits for its end.
_ESCAPE_START: Final = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_HIGH_SURROGATE: Final = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}(?:\\(?:u[0-9a-fA-F]{0,3})?)?\Z")
_HIGH_AT: Final = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}")
_WORDS: Final = ("true", "false", "null")
_SHORT_ESCAPES: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}


class State(Enum):
    """Where the scanner stands in the grammar above."""

    BEFORE = auto()  # nothing but white space so far
    FIRST_KEY = auto()
    KEY = auto()
    COLON = auto()
    VALUE = auto()
    FIRST_ITEM = auto()
    NEXT = auto()
    KEY_STRING = auto()
    STRING = auto()
    SCALAR = auto()
    COMPLETE = auto()
    BROKEN = auto()


def escape_control(character: str) -> str:
    """The JSON escape of one character below U+0020."""
    return _SHORT_ESCAPES.get(character) or f"\\u{ord(character):04x}"


class ArgumentScanner:
    """Scans one JSON object over any number of fragments, in time linear in their length.

    Attributes:
        state: see `State`; COMPLETE once the object is balanced, BROKEN once the text cannot continue valid JSON.
        tail: what came after the object was complete, or from the point on where it broke; never passed on by `feed`.
        longest_space_run: consecutive white space outside strings, for the endless-whitespace guard (P-50).
    """

    __slots__ = ("_comma", "_held", "_scalar", "_space_run", "_stack", "_tail", "longest_space_run", "state")

    def __init__(self) -> None:
        self.state = State.BEFORE
        self.longest_space_run = 0
        self._space_run = 0
        self._stack: list[str] = []
        self._scalar = ""
        self._held = ""  # an escape that has only begun
        self._comma = ""  # a comma and the space after it, passed on once a key or a value follows
        self._tail: list[str] = []

    @property
    def tail(self) -> str:
        """See the class."""
        return "".join(self._tail)

    @property
    def complete(self) -> bool:
        """The object is balanced."""
        return self.state is State.COMPLETE

    @property
    def broken(self) -> bool:
        """The text cannot become the JSON object it should be; nothing more is passed on."""
        return self.state is State.BROKEN

    def feed(self, fragment: str) -> str:
        """Scan a fragment; the part of it (with control characters escaped) that may be passed on now."""
        text = self._held + fragment
        self._held = ""
        out: list[str] = []
        position = 0
        while position < len(text):
            if self.state in (State.COMPLETE, State.BROKEN):
                self._tail.append(text[position:])
                break
            if self.state in (State.STRING, State.KEY_STRING):
                position = self._in_string(text, position, out)
            elif self.state is State.SCALAR:
                position = self._in_scalar(text, position, out)
            else:
                position = self._between(text, position, out)
        return "".join(out)

    def closers(self) -> str | None:
        """The brackets that would end the object, if it stands right after a complete value; None anywhere else.

        A string or a number that may have been cut is never closed: half a command must not run (R-ARG-5, P-110).
        """
        after_value = self.state is State.NEXT or (self.state is State.SCALAR and self._scalar in _WORDS)
        return "".join(reversed(self._stack)) if after_value and self._stack else None

    def _in_string(self, text: str, position: int, out: list[str]) -> int:
        plain = _PLAIN.match(text, position)
        assert plain is not None  # the pattern matches the empty string
        end = plain.end()
        out.append(text[position:end])
        if end == len(text):
            return end
        character = text[end]
        if character == '"':
            out.append(character)
            self.state = State.COLON if self.state is State.KEY_STRING else State.NEXT
            return end + 1
        if character != "\\":
            out.append(escape_control(character))
            return end + 1
        return self._escape(text, end, out)

    def _escape(self, text: str, position: int, out: list[str]) -> int:
        if _ESCAPE_START.match(text, position) or _HIGH_SURROGATE.match(text, position):
            self._held = text[position:]
            return len(text)
        escape = _ESCAPE.match(text, position)
        if escape is None:
            self.state = State.BROKEN
            return position
        out.append(escape[0])
        if _HIGH_AT.fullmatch(escape[0]):
            low = _ESCAPE.match(text, escape.end())
            if low is not None:  # keep the two halves in one delta
                out.append(low[0])
                return low.end()
        return escape.end()

    def _in_scalar(self, text: str, position: int, out: list[str]) -> int:
        piece = _SCALAR.match(text, position)
        assert piece is not None  # the pattern matches the empty string
        self._scalar += piece[0]
        ended = piece.end() < len(text)
        if not self._scalar_fits(ended):
            self._scalar = self._scalar[: len(self._scalar) - len(piece[0])]
            self.state = State.BROKEN
            return position
        out.append(piece[0])
        if ended:
            self._scalar = ""
            self.state = State.NEXT
        return piece.end()

    def _scalar_fits(self, ended: bool) -> bool:
        if ended:
            return self._scalar in _WORDS or _NUMBER.match(self._scalar) is not None
        return any(word.startswith(self._scalar) for word in _WORDS) or _NUMBER_START.match(self._scalar) is not None

    def _between(self, text: str, position: int, out: list[str]) -> int:
        space = _SPACE.match(text, position)
        assert space is not None  # the pattern matches the empty string
        if space.end() > position:
            self._space_run += space.end() - position
            self.longest_space_run = max(self.longest_space_run, self._space_run)
            if self._comma:
                self._comma += space[0]
            elif self.state is not State.BEFORE:
                out.append(space[0])
            return space.end()
        self._space_run = 0
        return self._structure(text, position, out)

    def _structure(self, text: str, position: int, out: list[str]) -> int:
        character = text[position]
        state = self.state
        values = state in (State.VALUE, State.FIRST_ITEM)
        if character == '"' and (values or state in (State.FIRST_KEY, State.KEY)):
            self.state = State.STRING if values else State.KEY_STRING
        elif character == "{" and (values or state is State.BEFORE):
            self._push("}", State.FIRST_KEY)
        elif character == "[" and values:
            self._push("]", State.FIRST_ITEM)
        elif character == ":" and state is State.COLON:
            self.state = State.VALUE
        elif character == "," and state is State.NEXT:
            self.state = State.KEY if self._stack[-1] == "}" else State.VALUE
            self._comma = character
            return position + 1
        elif self._closes(character):
            self._pop()
        elif values and character in "-0123456789tfn":
            self.state = State.SCALAR
            self._release_comma(out)
            return position
        else:
            self.state = State.BROKEN
            self._tail.append(self._comma)
            return position
        self._release_comma(out)
        out.append(character)
        return position + 1

    def _release_comma(self, out: list[str]) -> None:
        if self._comma:
            out.append(self._comma)
            self._comma = ""

    def _closes(self, character: str) -> bool:
        if not self._stack or character != self._stack[-1]:
            return False
        return self.state is State.NEXT or self.state is (State.FIRST_KEY if character == "}" else State.FIRST_ITEM)

    def _push(self, closer: str, state: State) -> None:
        self._stack.append(closer)
        self.state = state

    def _pop(self) -> None:
        self._stack.pop()
        self.state = State.NEXT if self._stack else State.COMPLETE
