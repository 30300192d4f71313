"""Track records: what earlier releases of the same artist, label or genre came to."""

from __future__ import annotations

from upswell.releases.gate._shape import Shape
from upswell.releases.gate._sql import Feature, Step, columns, log

__all__ = ["track_features", "track_joins", "track_steps"]

_PRIOR_WEIGHT = 3
"""Releases' worth of the mean of all, to which a short record is shrunk."""


def _owners(shape: Shape) -> list[tuple[str, str, str]]:
    """Return what keeps a record: name in features, words for it, and column."""
    artist = [("artist", "artist", "artist")] if shape.has_artist else []
    names = tuple(shape.attributes)
    return artist + [(shape.attribute_slugs[i], names[i], f"a{i}") for i in shape.categories]


def track_steps(shape: Shape) -> list[Step]:
    """Return a step for the record of all releases, and one for each owner of a record."""
    everybody = _timeline(shape, "gate_track_all", "1")
    return [
        everybody,
        *(_timeline(shape, f"gate_track_{column}", column) for _, _, column in _owners(shape)),
    ]


def track_joins(shape: Shape) -> list[str]:
    """Return the joins by which the last query reaches these relations."""
    names = ["all", *(column for _, _, column in _owners(shape))]
    return [
        f"LEFT JOIN gate_track_{name} AS track_{name} ON track_{name}.rid = r.rid" for name in names
    ]


def _timeline(shape: Shape, name: str, owner: str) -> Step:
    """Build a record as of each gate, by one pass over versions and gates in order of time.

    On one day, what became known comes before the gates that ask for it.
    """
    changes, questions, running = [], [], []
    for h in shape.horizons:
        for column, value in (
            ("count", "CASE WHEN size_before IS NULL THEN 1 ELSE 0 END"),
            ("size", "size - coalesce(size_before, 0)"),
            ("ratios", "CASE WHEN ratio IS NOT NULL AND ratio_before IS NULL THEN 1 ELSE 0 END"),
            ("ratio", "ratio - coalesce(ratio_before, 0)"),
        ):
            changes.append(f"CASE WHEN horizon = {h} THEN {value} END AS {column}_{h}")
            questions.append("NULL")
            running.append(f"sum({column}_{h}) OVER past AS {column}_{h}")
        changes.append(f"CASE WHEN horizon = {h} THEN size END AS best_{h}")
        questions.append("NULL")
        running.append(f"max(best_{h}) OVER past AS best_{h}")
    known = "CASE WHEN r.known <= r.gate THEN r." + owner + " END" if owner != "1" else "1"
    return Step(
        name,
        f"""\
SELECT *
FROM (
  SELECT
    rid,
    max(day0) OVER past AS last_day0,
    {columns(running, 4)}
  FROM (
    SELECT
      {owner} AS owner,
      known AS moment,
      0 AS asks,
      CAST(NULL AS INTEGER) AS rid,
      day0,
      {columns(changes, 6)}
    FROM gate_versions
    UNION ALL
    SELECT {known}, r.gate, 1, r.rid, NULL, {", ".join(questions)}
    FROM gate_releases AS r
    JOIN gate_wanted AS q ON q.rid = r.rid
  ) AS moments
  WHERE owner IS NOT NULL
  WINDOW past AS (PARTITION BY owner ORDER BY moment, asks ROWS UNBOUNDED PRECEDING)
) AS told
WHERE rid IS NOT NULL""",
    )


def track_features(shape: Shape) -> list[Feature]:
    """Return counts, shrunken means, the best, and how long ago, for each owner of a record."""
    return [f for owner in _owners(shape) for f in _record(shape, *owner)]


def _record(shape: Shape, name: str, words: str, column: str) -> list[Feature]:
    group, t = "track record", f"track_{column}"
    found = [
        Feature(
            f"{name}_no_history",
            group,
            f"1 when no other release of the same {words} was mature at the gate, else 0.",
            f"CASE WHEN {t}.last_day0 IS NULL THEN 1 ELSE 0 END",
        ),
        Feature(
            f"{name}_days_since_last",
            group,
            f"Days from the latest mature release of the same {words} to this one.",
            f"r.day0 - {t}.last_day0",
        ),
    ]
    for h in shape.horizons:
        found += [
            Feature(
                f"{name}_log_mature_{h}",
                group,
                f"Logarithm of one more than the releases of the same {words} whose outcome of day"
                f" {h} was known at the gate.",
                log(f"coalesce({t}.count_{h}, 0)"),
            ),
            Feature(
                f"{name}_mean_log_outcome_{h}",
                group,
                f"Mean log outcome of day {h} of these, shrunk to the mean of all mature releases"
                f" as if {_PRIOR_WEIGHT} more had it.",
                _shrunken(t, "size", "count", h),
            ),
            Feature(
                f"{name}_mean_log_ratio_{h}",
                group,
                f"Mean log ratio of the outcome of day {h} to the {shape.base} by the same age,"
                " shrunk likewise.",
                _shrunken(t, "ratio", "ratios", h),
            ),
            Feature(
                f"{name}_best_log_outcome_{h}",
                group,
                f"The largest log outcome of day {h} of these.",
                f"{t}.best_{h}",
            ),
        ]
    return found


def _shrunken(track: str, total: str, count: str, horizon: int) -> str:
    prior = f"CAST(track_all.{total}_{horizon} AS DOUBLE) / nullif(track_all.{count}_{horizon}, 0)"
    return (
        f"(coalesce(CAST({track}.{total}_{horizon} AS DOUBLE), 0) + {_PRIOR_WEIGHT} * {prior})"
        f" / (coalesce({track}.{count}_{horizon}, 0) + {_PRIOR_WEIGHT})"
    )
