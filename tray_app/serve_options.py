"""What the arguments of `dragoman serve` mean: which profile, which local token.

Everything that can be wrong with them is one clear line. The arguments themselves are in `serve_arguments.py`. Its
counterpart is `serve.py`.
"""

from __future__ import annotations

import argparse
import logging
import secrets as random_secrets
import socket
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from tray_app.desktop.paths import DirectoryError, Paths, paths
from tray_app.history.ledger import LEDGER_FILE, Ledger
from tray_app.history.price_file import PRICES_FILE, PriceFile
from tray_app.history.prices import Prices, packaged_prices
from tray_app.profiles.model import (
    DEMO_ID,
    ApiKind,
    Credential,
    EnvironmentCredential,
    ModelMap,
    NoCredential,
    Profile,
    slug,
)
from tray_app.profiles.secrets import LOCAL_TOKEN, Secrets, SecretsError
from tray_app.profiles.settings import SettingsStore
from tray_app.profiles.store import Profiles, ProfileStore
from tray_app.proxy.endpoint.guard import OpenBindError, check_bind
from tray_app.proxy.endpoint.ports import TAKEN_ERRORS, port_taken

BAD_ARGUMENTS: Final = 2
FAILED: Final = 1
TOKEN_BYTES: Final = 24
PROFILES_FILE: Final = "profiles.json"
SETTINGS_FILE: Final = "settings.json"
NAME_CHARS: Final = 80


class StartError(Exception):
    """It cannot start as asked; the message is one clear line. `code` is the exit status."""

    def __init__(self, message: str, code: int = BAD_ARGUMENTS) -> None:
        super().__init__(message)
        self.code = code


# -- the profile


def chosen_profile(
    options: argparse.Namespace, environ: Mapping[str, str]
) -> tuple[Profile | None, tuple[Profile, ...]]:
    """The profile to activate (None: the Demo) and the stored ones, which can be pinned."""
    if options.upstream:
        if options.profile:
            raise StartError("--upstream and --profile exclude each other")
        return _ad_hoc(options, environ), ()
    given = [name for name in ("api", "key_env", "model", "header", "outbound_proxy") if getattr(options, name)]
    if given:
        raise StartError(f"--{given[0].replace('_', '-')} needs --upstream")
    stored = _stored(environ)
    if options.profile:
        return _named(stored, options.profile), stored.profiles
    return stored.get(stored.active_id), stored.profiles


def _stored(environ: Mapping[str, str]) -> Profiles:
    stored = ProfileStore(_paths(environ).config / PROFILES_FILE).load()
    for problem in stored.problems:
        logging.getLogger(__name__).warning("profiles: %s", problem)
    return stored


def usage_ledger(environ: Mapping[str, str]) -> tuple[Ledger, tuple[str, ...]]:
    """The ledger of this user, not started, with their prices and retention; and what could not be read of those."""
    places = _paths(environ)
    settings = SettingsStore(places.config / SETTINGS_FILE).load()
    own = PriceFile(places.config / PRICES_FILE).load()
    prices = Prices(packaged_prices(), own.prices)
    ledger = Ledger(places.data / LEDGER_FILE, prices, retention_days=settings.settings.retention_days)
    return ledger, (*settings.problems, own.problem)


def _paths(environ: Mapping[str, str]) -> Paths:
    try:
        return paths(environ)
    except DirectoryError as error:
        raise StartError(str(error), FAILED) from None


def _named(stored: Profiles, name: str) -> Profile | None:
    if name.lower() == DEMO_ID:
        return None
    wanted = name.casefold()
    for profile in stored.profiles:
        if wanted in (profile.id, profile.name.casefold()):
            return profile
    known = ", ".join((DEMO_ID, *(profile.id for profile in stored.profiles)))
    raise StartError(f"there is no profile {name!r}; there are: {known}")


def _ad_hoc(options: argparse.Namespace, environ: Mapping[str, str]) -> Profile:
    """A profile for this run only, stored nowhere."""
    credential: Credential = NoCredential()
    if options.key_env:
        _from_environment(environ, options.key_env)
        credential = EnvironmentCredential(options.key_env)
    name = (urlsplit(options.upstream).netloc or options.upstream)[:NAME_CHARS]
    return Profile(
        id=slug(name),
        name=name,
        api=ApiKind(options.api or ApiKind.OPENAI_CHAT),
        base_url=options.upstream,
        credential=credential,
        models=ModelMap(default=options.model or ""),
        headers=dict(_header(line) for line in options.header),
        outbound_proxy=options.outbound_proxy or "system",
    )


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise StartError(f"--header must look like 'Name: value', not {name[:40]!r}")
    return name.strip(), value.strip()


async def local_token(options: argparse.Namespace, environ: Mapping[str, str], secrets: Secrets) -> str | None:
    """The local token: from the environment, none, or the keyring's, which is made at the first start."""
    if options.no_token:
        try:
            check_bind(options.host, None)
        except OpenBindError as error:
            raise StartError(str(error)) from None
        return None
    if options.token_env:
        return _from_environment(environ, options.token_env)
    try:
        token = await secrets.get(LOCAL_TOKEN)
        if token is None:
            token = random_secrets.token_urlsafe(TOKEN_BYTES)
            await secrets.set(LOCAL_TOKEN, token)
    except SecretsError as error:
        message = f"the local token cannot be kept: {error.message} Use --token-env VAR, or --no-token to go without"
        raise StartError(message) from None
    return token


def _from_environment(environ: Mapping[str, str], variable: str) -> str:
    value = environ.get(variable, "")
    if not value:
        raise StartError(f"the environment variable {variable} is not set")
    return value


# -- a port for several processes


def shared_port(host: str, port: int) -> socket.socket:
    """A socket that holds a port (0: any free one) for processes that listen with SO_REUSEPORT, while none of them does.

    Raises:
        StartError: it is taken, also by another Dragoman that would share it, or cannot be bound.
    """
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family) as alone:  # who asks without sharing learns whether anybody has it
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            alone.bind(place)
            place = alone.getsockname()
        held = socket.socket(family)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(place)  # and never listens, so that no connection ends here
    except OSError as error:
        if error.errno in TAKEN_ERRORS and port:
            raise StartError(f"{port_taken(host, port)} (choose another one with --port)", FAILED) from None
        raise StartError(f"cannot listen on {host}: {error.strerror or error}", FAILED) from None
    return held


def address(host: str, port: int) -> str:
    """The URL of an endpoint."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
