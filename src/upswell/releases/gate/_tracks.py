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
    return [
        _askers(shape),
        _timeline(shape, "gate_track_all", None),
        *(_timeline(shape, f"gate_track_{column}", column) for _, _, column in _owners(shape)),
    ]


def track_joins(shape: Shape) -> list[str]:
    """Return the joins by which the last query reaches these relations."""
    gate = shape.looking_back("r.gate")
    at_gate = f"track_all.gate = {gate} AND track_all.age = r.age"
    return [
        f"LEFT JOIN gate_track_all AS track_all ON {at_gate}",
        "LEFT JOIN gate_askers AS asker ON asker.rid = r.rid",
        *(
            f"LEFT JOIN gate_track_{column} AS track_{column}"
            f" ON track_{column}.owner = asker.{column}"
            f" AND track_{column}.gate = {gate} AND track_{column}.age = r.age"
            for _, _, column in _owners(shape)
        ),
    ]


def _askers(shape: Shape) -> Step:
    """Build ``gate_askers``: whose record each release asks for, where known at its gate."""
    picked = [
        f"CASE WHEN r.known <= r.gate THEN r.{column} END AS {column}"
        for _, _, column in _owners(shape)
    ]
    return Step(
        "gate_askers",
        f"""\
SELECT
  {columns(["r.rid", "r.gate", "r.age", *picked])}
FROM gate_wanted AS r""",
    )


def _timeline(shape: Shape, name: str, owner: str | None) -> Step:
    """Build a record as of each gate, by one pass over versions and gates in order of time.

    What became known counts from the next gate on, and comes before the gate itself. Without an
    owner it is the record of all releases.
    """
    names = [
        f"{column}_{h}" for h in shape.horizons for column in ("count", "size", "ratios", "ratio")
    ]
    bests = [f"best_{h}" for h in shape.horizons]
    changes = [
        f"sum(CASE WHEN v.horizon = {h} THEN v.{column}_added END) AS {column}_{h}"
        for h in shape.horizons
        for column in ("count", "size", "ratios", "ratio")
    ]
    changes += [
        f"max(CASE WHEN v.horizon = {h} THEN v.size END) AS best_{h}" for h in shape.horizons
    ]
    running = [f"sum({column}) OVER past AS {column}" for column in names]
    running += [f"max({column}) OVER past AS {column}" for column in bests]
    nothing = ", ".join("NULL" for _ in [*names, *bests])
    owners = f"SELECT DISTINCT {owner or 1} AS owner, age FROM gate_askers"
    same = "" if owner is None else f" AND q.owner = v.{owner}"
    return Step(
        name,
        f"""\
SELECT *
FROM (
  SELECT
    owner,
    age,
    moment AS gate,
    asks,
    max(last_day0) OVER past AS last_day0,
    {columns(running, 4)}
  FROM (
    SELECT
      q.owner,
      q.age,
      v.turn AS moment,
      0 AS asks,
      max(v.day0) AS last_day0,
      {columns(changes, 6)}
    FROM ({owners}) AS q
    JOIN gate_versions AS v ON v.age = q.age{same}
    WHERE v.turn IS NOT NULL
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT DISTINCT {owner or 1}, age, {shape.looking_back("gate")}, 1, NULL, {nothing}
    FROM gate_askers
  ) AS moments
  WHERE owner IS NOT NULL
  WINDOW past AS (PARTITION BY owner, age ORDER BY moment, asks ROWS UNBOUNDED PRECEDING)
) AS told
WHERE asks = 1""",
    )


def track_features(shape: Shape) -> list[Feature]:
    """Return counts, shrunken means, the best, and how long ago, for each owner of a record."""
    return [f for owner in _owners(shape) for f in _record(shape, *owner)]


def _days_beyond(shape: Shape) -> str:
    """Return SQL that takes off the days from the last that outcomes are known of to the gate."""
    if shape.told_until is None:
        return ""
    return f" - (r.gate - {shape.looking_back('r.gate')})"


def _record(shape: Shape, name: str, words: str, column: str) -> list[Feature]:
    group, t = "track record", f"track_{column}"
    found = [
        Feature(
            f"{name}_no_history",
            group,
            f"Whether no other release of the same {words} was mature at the gate: 1 or 0.",
            f"CASE WHEN {t}.last_day0 IS NULL THEN 1 ELSE 0 END",
        ),
        Feature(
            f"{name}_days_since_last",
            group,
            f"Days from the latest mature release of the same {words} to this one; days after the"
            " last that is known of outcomes do not count.",
            f"r.day0 - {t}.last_day0{_days_beyond(shape)}",
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
                f"Mean log outcome of day {h} of the mature releases of the same {words}, shrunk to"
                f" the mean of all mature releases as if {_PRIOR_WEIGHT} more had it.",
                _shrunken(t, "size", "count", h),
            ),
            Feature(
                f"{name}_mean_log_ratio_{h}",
                group,
                f"Mean log ratio of the outcome of day {h} to the {shape.base} by the same age, of"
                f" the mature releases of the same {words}, shrunk to that of all mature releases"
                f" as if {_PRIOR_WEIGHT} more had it.",
                _shrunken(t, "ratio", "ratios", h),
            ),
            Feature(
                f"{name}_best_log_outcome_{h}",
                group,
                f"The largest log outcome of day {h} of the mature releases of the same {words}.",
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
