"""Readings of the ledger for the tests of what shows them: built by the ledger's own code from requests of known numbers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime

from helpers.ledger_events import failed, finished, started, stored
from tray_app.history.overview import Overview, Span, overview
from tray_app.history.prices import Price, Prices
from tray_app.history.record import Joiner, local_day
from tray_app.history.schema import prepare
from tray_app.translation.usage import Usage, UsageSource

NOW = datetime(2026, 11, 23, 12, 30).timestamp()  # noqa: DTZ001 - the user's own calendar is meant
HOUR_S = 3600.0
PRICES = Prices((Price(model="m", since=local_day(0.0), input=1000.0, output=1000.0),))
GUESS = Usage(input_tokens=1_000, output_tokens=100, source=UsageSource.ESTIMATED)


def reading(span: Span = Span.TODAY, *, empty: bool = False) -> Overview:
    """Two reported requests of P (47 cents each) this hour and one hour ago, one estimated of Q without a price, one failed."""
    with closing(sqlite3.connect(":memory:")) as connection:
        prepare(connection)
        joiner = Joiner(PRICES)
        if not empty:
            stored(connection, joiner, started("1", NOW - 60), finished("1"))
            stored(connection, joiner, started("2", NOW - HOUR_S), finished("2"))
            guess = started("3", NOW - HOUR_S, profile_id="q", profile_name="Q", upstream_model="own")
            stored(connection, joiner, guess, finished("3", usage=GUESS))
            stored(connection, joiner, started("4", NOW - 30), failed("4"))
        return overview(connection, span, NOW)
