"""Old details become sums: requests of days before the retention turn into rows of the table `day`, once each.

Summing and deleting are one transaction, so a crash between them cannot count anything twice or lose it.
"""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import Final

from tray_app.history.schema import KEY, SUMS

_COUNTS: Final = ("requests", "failed", "cancelled", *SUMS)
_SUM: Final = f"""
INSERT INTO day ({", ".join((*KEY, "profile_name", *_COUNTS))})
SELECT {", ".join(KEY)}, max(profile_name), count(*), sum(outcome = 'failed'), sum(outcome = 'cancelled'),
       {", ".join(f"sum(coalesce({name}, 0.0))" if name == "cost_usd" else f"sum({name})" for name in SUMS)}
FROM request WHERE day < ? GROUP BY {", ".join(KEY)}
ON CONFLICT DO UPDATE SET profile_name = excluded.profile_name,
       {", ".join(f"{name} = {name} + excluded.{name}" for name in _COUNTS)}
"""  # noqa: S608 - made of our own column names


def roll_up(connection: sqlite3.Connection, today: date, retention_days: int) -> int:
    """Roll up every whole day older than the retention; returns how many requests became sums."""
    first_kept = (today - timedelta(days=retention_days)).isoformat()
    with connection:
        connection.execute(_SUM, (first_kept,))
        return connection.execute("DELETE FROM request WHERE day < ?", (first_kept,)).rowcount
