"""What past releases came to, and from which day on it was known: SQL over outcomes.

An outcome can be told in several versions: rows that became known late raise it. Each version
counts from the day on which it was known until the next one, so that nothing that becomes known
after a gate changes what stood at the gate.
"""

from __future__ import annotations

from upswell.releases.gate._shape import Shape
from upswell.releases.gate._sql import Step, columns, date_of, exact, exact_log, number_of, values

__all__ = [
    "FOREVER",
    "outcome_steps",
    "outcomes_query",
    "record_columns",
    "record_steps",
    "version_steps",
]

FOREVER = 3_652_058
"""The number of the last day of the year 9999."""


def record_columns(shape: Shape) -> list[str]:
    """Return the columns of ``gate_records``."""
    keys = ["release", "day0", "artist", *(f"a{i}" for i in shape.categories)]
    return [*keys, "horizon", "closed", "known", "streams", *_bases(shape)]


def _bases(shape: Shape) -> list[str]:
    return [f"base_{k}" for k in range(1, shape.window + 1)]


def _outcomes(shape: Shape) -> str:
    """Return SQL for the rows of outcomes of known releases; ``n`` is 1 on the release date."""
    if not shape.has_outcomes:
        return """\
    SELECT rid, 0 AS n, 0 AS known, CAST(0 AS DOUBLE) AS streams
    FROM gate_releases
    WHERE 1 = 0"""
    return f"""\
    SELECT
      r.rid,
      {number_of("s.day")} - r.day0 + 1 AS n,
      greatest({number_of("s.day")}, {number_of("s.known")}, r.known) AS known,
      s.streams
    FROM outcomes AS s
    JOIN gate_releases AS r ON r.release = s.release"""


def record_steps(shape: Shape) -> list[Step]:
    """Return the steps to ``gate_records``: a row per release, horizon and version.

    A record counts from the day after the window of its release at the earliest, so that no
    release can be in its own record.
    """
    return [*outcome_steps(shape), _bases_step(shape), _records(shape)]


def outcome_steps(shape: Shape) -> list[Step]:
    """Return the steps to ``gate_outcomes``, rows of known releases by day and day of knowing.

    ``gate_told`` says from which day on a release was known to be counted at all.
    """
    return [
        Step(
            "gate_outcomes",
            f"""\
SELECT rid, n, known, {exact("streams")} AS streams
FROM (
{_outcomes(shape)}
) AS seen
WHERE known <= {shape.as_of} AND n >= 1 AND n <= {max(shape.horizons)}""",
            kept=False,
        ),
        Step(
            "gate_told",
            f"""\
SELECT rid, min(known) AS known
FROM (
{_outcomes(shape)}
) AS seen
WHERE known <= {shape.as_of}
GROUP BY rid""",
        ),
    ]


def _bases_step(shape: Shape) -> Step:
    """Build ``gate_bases``: the base metric of days 1 to ``k``, as known on day ``k``."""
    sums = [
        f"CAST(sum(CASE WHEN d.n <= {k} AND d.known < r.day0 + {k} THEN d.m{shape.base_index} END)"
        f" AS DOUBLE) AS base_{k}"
        for k in range(1, shape.window + 1)
    ]
    return Step(
        "gate_bases",
        f"""\
SELECT
  r.rid,
  {columns(sums)}
FROM gate_rows AS d
JOIN gate_releases AS r ON r.rid = d.rid
WHERE d.n >= 1
GROUP BY r.rid""",
    )


def _records(shape: Shape) -> Step:
    attributes = "".join(f"\n  r.a{i}," for i in shape.categories)
    bases = [f"b.{name}" for name in _bases(shape)]
    return Step(
        "gate_records",
        f"""\
SELECT
  r.release,
  r.day0,
  r.artist,{attributes}
  t.horizon,
  r.day0 + t.horizon - 1 AS closed,
  t.known,
  CAST(t.streams AS DOUBLE) AS streams,
  {columns(bases)}
FROM (
  SELECT
    rid,
    horizon,
    known,
    sum(sum(streams)) OVER (PARTITION BY rid, horizon ORDER BY known) AS streams
  FROM (
    SELECT
      f.rid,
      h.horizon,
      greatest(f.known, r.day0 + h.horizon - 1, r.day0 + {shape.window}) AS known,
      {exact("0")} AS streams
    FROM gate_told AS f
    JOIN gate_releases AS r ON r.rid = f.rid
    CROSS JOIN {values(shape.horizons, "horizon")} AS h
    UNION ALL
    SELECT
      s.rid,
      h.horizon,
      greatest(s.known, r.day0 + h.horizon - 1, r.day0 + {shape.window}) AS known,
      s.streams
    FROM gate_outcomes AS s
    JOIN gate_releases AS r ON r.rid = s.rid
    CROSS JOIN {values(shape.horizons, "horizon")} AS h
    WHERE s.n <= h.horizon
  ) AS told
  GROUP BY rid, horizon, known
) AS t
JOIN gate_releases AS r ON r.rid = t.rid
LEFT JOIN gate_bases AS b ON b.rid = t.rid
WHERE t.known <= {shape.as_of}""",
    )


def version_steps(shape: Shape) -> list[Step]:
    """Return the step to ``gate_versions``: records with what each version changes.

    ``size`` and ``ratio`` are logarithms, of the streams and of streams to the base metric at the
    same age, and ``.._added`` what the version adds to their sums and counts; ``active`` is 1 when
    the base metric had not run dry by then; ``until`` is the day on which the next version is
    known, and ``turn`` the first gate that sees the version, of those that are asked for. There is
    a row for each age that is asked for.
    """
    return [
        Step(
            "gate_told_before",
            f"""\
SELECT
  m.*,
  lead(known, 1, {FOREVER}) OVER told AS until,
  lag(streams) OVER told AS before
FROM gate_records AS m
WINDOW told AS (PARTITION BY release, horizon ORDER BY known)""",
            kept=len(shape.ages) > 1,
        ),
        _turns(shape),
        Step("gate_versions", "\nUNION ALL\n".join(_at_age(shape, age) for age in shape.ages)),
    ]


def _turns(shape: Shape) -> Step:
    """Build ``gate_turns``: the first gate of an age on or after each day of knowing.

    Going back in time, the gate of a day comes before what became known on that day.
    """
    gate = shape.looking_back("gate")
    return Step(
        "gate_turns",
        f"""\
SELECT age, moment AS known, turn
FROM (
  SELECT
    age,
    moment,
    asks,
    min(gate) OVER (
      PARTITION BY age ORDER BY moment DESC, asks DESC ROWS UNBOUNDED PRECEDING
    ) AS turn
  FROM (
    SELECT a.age, k.known AS moment, 0 AS asks, NULL AS gate
    FROM (SELECT DISTINCT known FROM gate_records) AS k
    CROSS JOIN (SELECT DISTINCT age FROM gate_gates) AS a
    UNION ALL
    SELECT age, {gate}, 1, {gate} FROM gate_gates
  ) AS moments
) AS told
WHERE asks = 0""",
    )


def _at_age(shape: Shape, age: int) -> str:
    """Return SQL for the versions against the base metric at one age, that of all versions."""
    base = f"base_{age}"
    size, size_before = (exact_log(f"ln(1 + {streams})") for streams in ("streams", "before"))
    ratio, ratio_before = (
        exact_log(f"ln(1 + {streams}) - ln(1 + {base})") for streams in ("streams", "before")
    )
    # There was any of the base metric on the last day of the age.
    active = f"{base} > 0" if age == 1 else f"{base} > coalesce(base_{age - 1}, 0)"
    owners = ["artist", *(f"a{i}" for i in shape.categories)]
    turns = f"\nJOIN gate_turns AS u ON u.known = m.known AND u.age = {age}"
    picked = [
        f"{age} AS age",
        *owners,
        *("day0", "horizon", "closed", "m.known", "until", "turn"),
        f"{exact('streams')} AS streams",
        f"{exact(base)} AS base",
        f"{size} AS size",
        "CASE WHEN before IS NULL THEN 1 ELSE 0 END AS count_added",
        f"{size} - coalesce({size_before}, 0) AS size_added",
        f"CASE WHEN {active} THEN 1 ELSE 0 END AS active",
        f"CASE WHEN {base} > 0 THEN {ratio} END AS ratio",
        f"CASE WHEN {base} > 0 THEN {ratio} - coalesce({ratio_before}, 0) END AS ratio_added",
        f"CASE WHEN {base} > 0 AND before IS NULL THEN 1 ELSE 0 END AS ratios_added",
    ]
    return f"SELECT\n  {columns(picked)}\nFROM gate_told_before AS m{turns}"


def outcomes_query(shape: Shape) -> str:
    """Return the query of mature outcomes at the last day, by release and horizon."""
    total = "sum(CASE WHEN s.n <= h.horizon THEN s.streams END)"
    return f"""\
SELECT
  r.release,
  h.horizon,
  CAST(coalesce({total}, 0) AS DOUBLE) AS streams,
  {date_of("r.day0 + h.horizon - 1")} AS closed
FROM gate_told AS f
JOIN gate_releases AS r ON r.rid = f.rid
CROSS JOIN {values(shape.horizons, "horizon")} AS h
LEFT JOIN gate_outcomes AS s ON s.rid = f.rid
WHERE r.day0 + h.horizon - 1 <= {shape.as_of}
GROUP BY r.release, h.horizon, r.day0
ORDER BY r.release, h.horizon"""
