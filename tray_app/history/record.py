"""One finished request as a row of the ledger: the start and the end of it joined. Pure values, no database.

Routes other than messages (token counts, probes) are no requests in the user's sense and make no row.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

import msgspec

from tray_app.history.prices import Cost, Prices, Tokens
from tray_app.proxy.events import Event, RequestFailed, RequestFinished, RequestStarted
from tray_app.translation.usage import Usage

MESSAGES_ROUTE: Final = "messages"
# Requests under way whose end has not come: far more than a machine runs at once, and an end that is lost costs its row.
MAX_RUNNING: Final = 4096


_ENDS: Final = (RequestFinished, RequestFailed)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table `request`; the fields are its columns."""

    id: str
    day: str
    started_at: float
    profile_id: str
    profile_name: str
    client: str
    asked_model: str
    upstream_model: str
    stream: bool
    outcome: str
    status: int
    stop_reason: str | None
    error_type: str | None
    usage_source: str
    input_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    output_tokens: int
    thinking_tokens: int
    cost_usd: float | None
    cost_source: str
    headers_s: float | None
    first_token_s: float | None
    total_s: float
    attempts: int
    losses: int


def local_day(at: float) -> date:
    """The calendar day of a Unix time where the user is."""
    return datetime.fromtimestamp(at).date()  # noqa: DTZ006 - the user's own calendar is meant


class Joiner:
    """Remembers starts until their end comes. `day_of` gives the calendar day of a Unix time."""

    def __init__(self, prices: Prices, day_of: Callable[[float], date] = local_day) -> None:
        self.prices = prices
        self._day_of = day_of
        self._running: OrderedDict[str, RequestStarted] = OrderedDict()

    def feed(self, event: Event) -> Record | None:
        """The finished row this event completes, or None."""
        if isinstance(event, RequestStarted) and event.route == MESSAGES_ROUTE:
            self._running[event.id] = event
            if len(self._running) > MAX_RUNNING:
                self._running.popitem(last=False)
        elif isinstance(event, _ENDS):
            started = self._running.pop(event.id, None)
            return self._record(started, event) if started else None
        return None

    def _record(self, started: RequestStarted, ended: RequestFinished | RequestFailed) -> Record:
        day = self._day_of(started.at)
        tokens = _tokens(ended.usage)
        cost = self.prices.cost(started.upstream_model, day, tokens, started.profile_id)
        return Record(
            id=started.id,
            day=day.isoformat(),
            started_at=started.at,
            profile_id=started.profile_id,
            profile_name=started.profile_name,
            client=started.client,
            asked_model=started.asked_model,
            upstream_model=started.upstream_model,
            stream=started.stream,
            outcome=_outcome(ended),
            status=ended.status,
            stop_reason=ended.stop_reason if isinstance(ended, RequestFinished) else None,
            error_type=ended.error.type if isinstance(ended, RequestFailed) else None,
            usage_source=tokens.source,
            input_tokens=tokens.input,
            cache_read_tokens=tokens.cache_read,
            cache_write_tokens=tokens.cache_write,
            output_tokens=tokens.output,
            thinking_tokens=ended.usage.thinking_tokens or 0,
            cost_usd=cost.usd,
            cost_source=cost.source,
            headers_s=ended.timings.headers_s,
            first_token_s=ended.timings.first_token_s,
            total_s=ended.timings.total_s,
            attempts=ended.attempts,
            losses=len(ended.losses),
        )


def cost_of(prices: Prices, started: RequestStarted, usage: Usage) -> Cost:
    """What a request cost, at the prices of the day it began."""
    return prices.cost(started.upstream_model, local_day(started.at), _tokens(usage), started.profile_id)


def _tokens(usage: Usage) -> Tokens:
    return Tokens(
        usage.input_tokens,
        usage.cache_read_input_tokens,
        usage.cache_creation_input_tokens,
        usage.output_tokens,
        usage.source.value,
    )


def _outcome(ended: RequestFinished | RequestFailed) -> str:
    if isinstance(ended, RequestFinished):
        return "finished"
    return "cancelled" if ended.cancelled else "failed"
