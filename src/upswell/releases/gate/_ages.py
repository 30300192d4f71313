"""How much of its window each release has behind it on a day."""

from __future__ import annotations

import datetime as dt

from upswell.releases.gate._shape import Tables

__all__ = ["release_dates", "releases_by_age"]

_QUERY = """\
SELECT release, least(date_diff('day', release_date, CAST($day AS DATE)) + 1, $window) AS age
FROM releases
WHERE $since IS NULL OR release_date >= CAST($since AS DATE)
ORDER BY age, release"""


def releases_by_age(
    tables: Tables, *, window: int, as_of: dt.date | None = None, since: dt.date | None = None
) -> tuple[dict[int, list[str]], int]:
    """Return the names of releases by the days of their window that have passed.

    Parameters
    ----------
    tables
        Typed tables.
    window
        Days of a complete window; the largest age.
    as_of
        The day; by default the last one in the tables.
    since
        Releases before this day are left out; by default none.

    Returns
    -------
    dict
        Names in order, by age from 1 to `window`, for the ages that occur.
    int
        How many releases are dated after the day.
    """
    day = as_of or tables.last_day
    rows = tables.connection.execute(
        _QUERY, {"day": day, "window": window, "since": since}
    ).fetchall()
    found: dict[int, list[str]] = {}
    for name, age in rows:
        found.setdefault(int(age), []).append(name)
    later = sum(len(names) for age, names in found.items() if age < 1)
    return {age: names for age, names in found.items() if age >= 1}, later


def release_dates(tables: Tables) -> dict[str, dt.date]:
    """Return the release date of each release of the tables."""
    query = "SELECT release, release_date FROM releases ORDER BY release"
    return dict(tables.connection.execute(query).fetchall())
