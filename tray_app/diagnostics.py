"""The parts of a diagnostics bundle, as text a person can read before it leaves the machine, and the file they are put in.

Nothing here asks for a secret; what is known to be one is masked once more in every part, and so is the user's own folder.
Pure but for `log_tail`, which reads, and `write`, which writes. Counterpart: `control/diagnostics.py`.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from tray_app.profiles.model import CommandCredential, Profile
from tray_app.profiles.settings import Settings
from tray_app.profiles.transfer import export_profiles
from tray_app.proxy.events import Event
from tray_app.proxy.request_log import RequestLog
from tray_app.state import AppState, DiagnosticPart
from tray_app.translation.redaction import bound, redact

LOG_BYTES: Final = 256 * 1024
REQUESTS: Final = 200
LINE_CHARS: Final = 2_000
PRIVATE: Final = 0o600


def program(state: AppState, ledger: str) -> list[str]:
    """Lines about how it runs: the server, the token's place, the problems that are shown."""
    return [
        f"proxy: {state.server}, {state.url or 'no address'}",
        f"token: {state.token}",
        f"active provider: {state.active_id or 'none'} of {len(state.providers)}",
        f"requests: {state.running} running, {state.today.requests} counted, {state.today.failures} failed",
        f"usage ledger: {ledger}",
        f"start on login: {state.autostart}",
        *(f"problem: {problem.kind}: {problem.detail}" for problem in state.problems),
    ]


def settings(values: Settings) -> str:
    """All of them: none is a secret."""
    return msgspec.json.format(msgspec.json.encode(values), indent=2).decode()


def providers(profiles: Iterable[Profile]) -> str:
    """As they would be exported, without what a person typed in passing: notes and the arguments of commands."""
    return export_profiles(map(_bare, profiles)).decode()


def _bare(profile: Profile) -> Profile:
    credential = profile.credential
    if isinstance(credential, CommandCredential):
        credential = msgspec.structs.replace(credential, argv=(credential.argv[0], "..."))
    return msgspec.structs.replace(profile, credential=credential, notes="")


def requests(events: Iterable[Event]) -> str:
    """The latest requests that ended, one line of JSON each, oldest first. No bodies: events have none."""
    lines = [line.decode().rstrip("\n") for line in RequestLog().lines(events)]
    return "\n".join(bound(line, LINE_CHARS) for line in lines[-REQUESTS:])


def log_tail(file: Path) -> str:
    """The end of the log, from a whole line on; empty if there is none."""
    try:
        with file.open("rb") as log:
            log.seek(0, os.SEEK_END)
            start = max(0, log.tell() - LOG_BYTES)
            log.seek(start)
            if start:
                log.readline()
            return log.read(LOG_BYTES).decode("utf-8", errors="replace")
    except OSError as error:
        return f"The log cannot be read: {error.strerror}\n"


def clean(parts: Iterable[DiagnosticPart], home: Path, secrets: Iterable[str]) -> tuple[DiagnosticPart, ...]:
    """Mask credentials, the given ones wherever they stand, and call the user's folder ``~``."""
    known = tuple(secrets)
    return tuple(DiagnosticPart(part.name, redact(part.text, known).replace(str(home), "~")) for part in parts)


def write(parts: Iterable[DiagnosticPart], file: Path) -> None:
    """Put them into a zip that only its user can read.

    Raises:
        OSError: it cannot be written.
    """
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    with os.fdopen(opened, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as bundle:
        for part in parts:
            bundle.writestr(part.name, part.text)
