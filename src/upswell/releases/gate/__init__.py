"""The one gate from raw tables to features: each release as of the end of its own window.

Nothing else reads the raw tables. A row counts at a gate when it lies on or before it and was known
by then; this holds for the release itself, for all others, and for outcomes.

>>> import datetime as dt
>>> from types import SimpleNamespace
>>> import duckdb
>>> from upswell.data.ledger import Ledger
>>> connection = duckdb.connect()
>>> _ = connection.execute('''
...     CREATE TABLE releases AS
...     SELECT 'a' AS release, DATE '2026-03-06' AS release_date, 'Ann' AS artist,
...         CAST(NULL AS DATE) AS known;
...     CREATE TABLE signals AS
...     SELECT 'a' AS release, d.day, d.day AS known, d.views FROM (VALUES
...         (DATE '2026-03-06', 10.0), (DATE '2026-03-07', 30.0), (DATE '2026-03-09', 20.0)
...     ) AS d(day, views);
...     CREATE TABLE outcomes AS
...     SELECT 'a' AS release, DATE '2026-03-08' AS day, DATE '2026-03-08' AS known, 7.0 AS streams
... ''')
>>> tables = SimpleNamespace(
...     connection=connection, metrics=("views",), attributes={}, has_artist=True,
...     has_creator=False, has_video=False, has_outcomes=True, last_day=dt.date(2026, 3, 31),
...     ledger=Ledger(),
... )
>>> table = features_at(tables, window=3)
>>> table.features.select("views_peak_day", "days_missing", "artist_no_history").row(0)
(2.0, 1.0, 1.0)
>>> table.daily["views"]
array([[10., 30., nan]])
>>> features_at(tables, window=3, age=1).window_total("views")
array([10.])
>>> outcomes_at(tables, (14,)).row(0)
('a', 14, 7.0, datetime.date(2026, 3, 19))
>>> memory_of(tables, window=3, horizons=(14,)).records.select("known", "base_3").row(0)
(datetime.date(2026, 3, 19), 40.0)
>>> [note.text for note in catalogue(tables, window=3) if note.name == "views_peak_day"]
['The day of the window with the most views, the first of equals.']
"""

from upswell.releases.gate._ages import release_dates, releases_by_age
from upswell.releases.gate._catalogue import catalogue_markdown
from upswell.releases.gate._features import catalogue, features_at, outcomes_at
from upswell.releases.gate._memory import Memory, memory_of
from upswell.releases.gate._shape import Tables, slugs

__all__ = [
    "Memory",
    "Tables",
    "catalogue",
    "catalogue_markdown",
    "features_at",
    "memory_of",
    "outcomes_at",
    "release_dates",
    "releases_by_age",
    "slugs",
]
