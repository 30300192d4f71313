"""SQL from raw signals to a small table: a row per release, day of its life and day of knowing."""

from __future__ import annotations

from upswell.releases.gate._shape import Shape, quoted
from upswell.releases.gate._sql import Step, columns, exact, number_of

__all__ = ["PREVIEW_DAYS", "WEEK", "ground_steps", "releases_step"]

WEEK = 7
PREVIEW_DAYS = 60
"""Rows up to so many days before the release are previews; older ones are an earlier life."""


def ground_steps(shape: Shape) -> list[Step]:
    """Return the steps that read the releases and the signals."""
    return [releases_step(shape), _rows(shape)]


def releases_step(shape: Shape) -> Step:
    """Return the step to ``gate_releases``: the releases known at the last day, numbered."""
    attributes = "".join(f"\n  {quoted(name)} AS a{i}," for i, name in enumerate(shape.attributes))
    day = number_of("release_date")
    recent = "" if shape.earliest is None else f"\n  AND {day} >= {shape.earliest}"
    return Step(
        "gate_releases",
        f"""\
SELECT
  CAST(row_number() OVER (ORDER BY release_date, release) AS INTEGER) AS rid,
  release,
  release_date,
  {day} AS day0,
  coalesce({number_of("known")}, 0) AS known,{attributes}
  artist
FROM releases
WHERE coalesce({number_of("known")}, 0) <= {shape.as_of}{recent}""",
    )


def _rows(shape: Shape) -> Step:
    """Build ``gate_rows``: ``n`` is 1 on the release date, and the earlier life has one ``n``.

    A week is kept of every release, however short the window: it is the company of others.
    """
    before = -PREVIEW_DAYS
    names = [f"s.{quoted(name)} AS m{i}" for i, name in enumerate(shape.metrics)]
    sums = [f"sum({exact(f'm{i}')}) AS m{i}" for i in range(len(shape.metrics))]
    return Step(
        "gate_rows",
        f"""\
SELECT
  rid,
  CASE WHEN n < {before} THEN {before} ELSE n END AS n,
  greatest(known, day0) AS known,
  count(*) AS rows_seen,
  {columns(sums)}
FROM (
  SELECT
    r.rid,
    r.day0,
    {number_of("s.day")} - r.day0 + 1 AS n,
    greatest({number_of("s.day")}, {number_of("s.known")}) AS known,
    {columns(names, 4)}
  FROM signals AS s
  JOIN gate_releases AS r ON r.release = s.release
) AS seen
WHERE n <= {max(shape.window, WEEK)} AND known <= {shape.as_of}
GROUP BY 1, 2, 3""",
    )
