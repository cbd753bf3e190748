"""The arguments of one tool call as text: fragments in, what the client may be shown out (spec 23.3, R-ARG-4..6)."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final, Literal

from tray_app.translation import failures
from tray_app.translation.answer.arguments import ArgumentScanner
from tray_app.translation.answer.repair import UNPARSED, repaired
from tray_app.translation.codec import dumps_text

MAX_ARGUMENT_CHARS: Final = 16 * 1024 * 1024  # of one call; no client request could carry more back

ArgsMode = Literal["stream", "buffer", "cumulative"]


class Ending(Enum):
    """How the answer ended, for a call whose JSON is not complete (R-ARG-5)."""

    NORMAL = auto()  # the upstream said it was done: brackets may be added
    CUT = auto()  # the token limit: what is there stays as it is


class CallText:
    """The JSON text of one call: fragments in, text to show out.

    In mode ``stream`` text is ready as it comes, as long as it can become valid JSON; in ``buffer`` everything is ready at
    the end; ``cumulative`` fragments repeat what came before, and one that contradicts it makes the call wait for its end.
    """

    __slots__ = (
        "_buffered",
        "_length",
        "_passed",
        "_placeholder",
        "_scanner",
        "_sent",
        "_snapshot",
        "_taken",
        "received",
    )

    def __init__(self, mode: ArgsMode) -> None:
        self.received = False
        self._buffered = mode == "buffer"
        self._snapshot: str | None = "" if mode == "cumulative" else None
        self._placeholder = False
        self._length = 0
        self._sent: list[str] = []
        self._restart()

    def _restart(self) -> None:
        self._scanner = ArgumentScanner()
        self._passed: list[str] = []
        self._taken = 0

    @property
    def balanced(self) -> bool:
        """There is a whole object, if only a placeholder."""
        return self._scanner.complete

    @property
    def complete(self) -> bool:
        """The object is balanced and no mere placeholder."""
        return self._scanner.complete and not self._placeholder

    @property
    def longest_space_run(self) -> int:
        """The longest run of white space outside strings so far (P-50)."""
        return self._scanner.longest_space_run

    def text(self) -> str:
        """All the text that was passed on or is ready to be."""
        return "".join(self._passed)

    def add(self, fragment: str) -> None:
        """Take the next fragment.

        Raises:
            ApiError: the call grew past `MAX_ARGUMENT_CHARS`.
        """
        if self._snapshot is not None:
            fragment = self._extension(fragment, self._snapshot)
        self._length += len(fragment)
        if self._length > MAX_ARGUMENT_CHARS:
            raise failures.unreadable("a tool call is too large")
        if self._placeholder and fragment.lstrip().startswith("{"):  # P-52: the real arguments follow an empty object
            self._restart()
            self._placeholder = False
        elif not self.received and fragment.strip() == "{}":
            self._placeholder = True
        self.received = self.received or bool(fragment.strip())
        passed = self._scanner.feed(fragment)
        if passed:
            self._passed.append(passed)

    def _extension(self, fragment: str, before: str) -> str:
        self._snapshot = fragment
        if fragment.startswith(before):
            return fragment[len(before) :]
        self._restart()
        self._buffered = True
        return fragment

    def take(self) -> str:
        """The text to show now; empty when there is none yet."""
        if self._buffered or self._placeholder or self._taken == len(self._passed):
            return ""
        text = "".join(self._passed[self._taken :])
        self._taken = len(self._passed)
        self._sent.append(text)
        return text

    def finish(self, ending: Ending) -> str:
        """The text that ends the call: what was held back, repaired where nothing misleading can come of it.

        Raises:
            ApiError: a cumulative upstream contradicted what the client has already seen.
        """
        sent = "".join(self._sent)
        whole = self._whole(bool(sent), ending)
        if not whole.startswith(sent):
            raise failures.unreadable("a tool call contradicts what was sent of it before")
        return whole[len(sent) :]

    def _whole(self, shown: bool, ending: Ending) -> str:
        body = self.text()
        if self._scanner.complete:
            return body
        if not self.received:
            return "{}"
        may_close = ending is Ending.NORMAL
        if self._scanner.broken:
            return self._mended(body, shown, may_close)
        closers = self._scanner.closers() if may_close else None
        if closers is None and self._buffered:
            return dumps_text({UNPARSED: body})
        return body + (closers or "")

    def _mended(self, body: str, shown: bool, may_close: bool) -> str:
        """R-ARG-4: the repaired object if the client can still get it, else the raw text, which it reports to the model."""
        raw = body + self._scanner.tail
        mended = repaired(raw, may_close=may_close)
        text = dumps_text({UNPARSED: raw} if mended is None else mended)
        fits = text.startswith("".join(self._sent)) and (mended is not None or not shown)
        return text if fits else raw

    def extra_objects(self) -> list[str]:
        """Further whole objects that followed the first one in this slot: each is a call of its own (23.3)."""
        found: list[str] = []
        first = self.text()
        rest = self._scanner.tail.strip() if self._scanner.complete else ""
        while rest.startswith("{"):
            scanner = ArgumentScanner()
            text = scanner.feed(rest)
            if not scanner.complete:
                break
            if text != first:
                found.append(text)
            rest = scanner.tail.strip()
        return found
