"""The platform as a whole as of a gate: its level, its season, and the other releases of the week.

A day's level is the sum over all releases. Where the signals do not reach back 28 days before a
gate, the level there is unknown and its features are null; likewise a year for the season.
"""

from __future__ import annotations

from upswell.releases.gate._rows import WEEK
from upswell.releases.gate._shape import Shape, quoted
from upswell.releases.gate._sql import (
    Step,
    by_age,
    columns,
    exact,
    number_of,
    third_of,
    values,
)

__all__ = [
    "MONTH",
    "REACHES",
    "YEAR",
    "YEARS",
    "if_reached",
    "level_steps",
    "platform_query",
]

MONTH = 28
YEAR = 364
"""52 weeks, so that weekdays meet."""
YEARS = 3

REACHES = f"z.first_day <= r.gate - {MONTH - 1}"
"""Whether the signals reach back far enough to know the platform's level, in the last query."""


def if_reached(sql: str) -> str:
    """Return SQL that is null where the platform's level is not known."""
    return f"CASE WHEN {REACHES} THEN {sql} END"


def platform_query(shape: Shape, after: int | None = None) -> str:
    """Return the query of totals by day and day of knowing, over all releases.

    Parameters
    ----------
    shape
        The columns and the last day.
    after
        Only what became known after this day, if given.
    """
    sums = [
        f"CAST(sum({exact(f's.{quoted(name)}')}) AS DOUBLE) AS m{i}"
        for i, name in enumerate(shape.metrics)
    ]
    nothing = ", ".join(f"CAST(NULL AS DOUBLE) AS m{i}" for i in range(len(shape.metrics)))
    known = f"greatest({number_of('s.day')}, {number_of('s.known')})"
    since = "" if after is None else f" AND {known} > {after}"
    return f"""\
SELECT
  {number_of("s.day")} AS day,
  {known} AS known,
  count(*) AS signals_seen,
  0 AS releases_seen,
  {columns(sums)}
FROM signals AS s
WHERE {known} <= {shape.as_of}{since}
GROUP BY 1, 2
UNION ALL
SELECT day0, greatest(day0, known), 0, count(*), {nothing}
FROM gate_releases
WHERE greatest(day0, known) <= {shape.as_of}{since.replace(known, "greatest(day0, known)")}
GROUP BY 1, 2"""


def level_steps(shape: Shape) -> list[Step]:
    """Return the steps from ``gate_platform`` to what stood at each gate."""
    return [
        _gates(shape),
        _reach(),
        _levels(shape),
        _seasons(shape),
        _rivals(shape),
        _company(shape),
        _ranks(),
    ]


def _gates(shape: Shape) -> Step:
    """Build ``gate_gates``: gates and the ages seen there, with what is counted in days of an age.

    ``third`` is a third of the window so far, ``ahead`` the days from the gate to the end of the
    longest outcome, at least one.
    """
    third = by_age(shape.ages, lambda age: str(third_of(age)))
    return Step(
        "gate_gates",
        f"""\
SELECT DISTINCT
  r.gate,
  r.age,
  {third} AS third,
  greatest(1, {max(shape.horizons)} - r.age) AS ahead
FROM gate_wanted AS r""",
    )


def _reach() -> Step:
    """Build ``gate_reach``: the first day with a signal, among those known at a gate."""
    return Step(
        "gate_reach",
        """\
SELECT moment AS gate, first_day
FROM (
  SELECT moment, asks, min(day) OVER (ORDER BY moment, asks ROWS UNBOUNDED PRECEDING) AS first_day
  FROM (
    SELECT known AS moment, 0 AS asks, day FROM gate_platform WHERE signals_seen > 0
    UNION ALL
    SELECT DISTINCT gate, 1, NULL FROM gate_gates
  ) AS moments
) AS told
WHERE asks = 1""",
    )


def _levels(shape: Shape) -> Step:
    """Build ``gate_levels``: totals of the last days, by metric; ``back`` is 0 on the gate."""
    picked = []
    for i in range(len(shape.metrics)):
        picked += [
            _total(i, "back < g.age", f"window{i}"),
            _total(i, "back < g.third", f"last{i}"),
            _total(i, "back < g.age AND back >= g.age - g.third", f"first{i}"),
            _total(i, f"back < {WEEK}", f"week{i}"),
            _total(i, f"back < {MONTH}", f"month{i}"),
            _total(i, f"back < {MONTH} AND back % {WEEK} = 0", f"weekday{i}"),
        ]
    back = values(range(max(MONTH, shape.ages[-1])), "back")
    return Step(
        "gate_levels",
        f"""\
SELECT
  g.gate,
  g.age,
  sum(CASE WHEN back < {MONTH} THEN e.releases_seen ELSE 0 END) AS releases_month,
  {columns(picked)}
FROM gate_gates AS g
LEFT JOIN (
  SELECT p.*, b.back, p.day + b.back AS gate
  FROM gate_platform AS p
  CROSS JOIN {back} AS b
) AS e ON e.gate = g.gate AND e.known <= g.gate
GROUP BY g.gate, g.age""",
    )


def _total(metric: int, condition: str, name: str) -> str:
    count = exact(f"e.m{metric}")
    return f"CAST(coalesce(sum(CASE WHEN {condition} THEN {count} END), 0) AS DOUBLE) AS {name}"


def _seasons(shape: Shape) -> Step:
    """Build ``gate_seasons``: the base's level before and after the same day of earlier years."""
    base = shape.base_index
    furthest = max(1, max(shape.horizons) - shape.ages[0])
    picked = []
    for year in range(1, YEARS + 1):
        # A gate lies `back` days after a day; the days ahead of the gate a year ago are nearer.
        gone = YEAR * year
        picked += [
            _total(base, f"back >= {gone} AND back < {gone + WEEK}", f"before_{year}"),
            _total(base, f"back >= {gone} - g.ahead AND back < {gone}", f"after_{year}"),
        ]
    backs = sorted(
        back
        for year in range(1, YEARS + 1)
        for back in range(max(0, YEAR * year - furthest), YEAR * year + WEEK)
    )
    return Step(
        "gate_seasons",
        f"""\
SELECT
  g.gate,
  g.age,
  g.ahead,
  {columns(picked)}
FROM gate_gates AS g
LEFT JOIN (
  SELECT p.known, p.m{base}, b.back, p.day + b.back AS gate
  FROM gate_platform AS p
  CROSS JOIN {values(sorted(set(backs)), "back")} AS b
) AS e ON e.gate = g.gate AND e.known <= g.gate
GROUP BY g.gate, g.age, g.ahead""",
    )


def _rivals(shape: Shape) -> Step:
    """Build ``gate_rivals``: releases of the last 7 days up to a gate, and their base so far."""
    base = shape.base_index
    back = values(range(WEEK), "back")
    return Step(
        "gate_rivals",
        f"""\
SELECT g.gate, sum(e.releases) AS releases, coalesce(sum(e.amount), 0) AS amount
FROM (SELECT DISTINCT gate FROM gate_gates) AS g
JOIN (
  SELECT o.*, o.day0 + b.back AS gate
  FROM (
    SELECT day0, day0 AS day, greatest(day0, known) AS known, count(*) AS releases, NULL AS amount
    FROM gate_releases
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT r.day0, r.day0 + d.n - 1, greatest(d.known, r.known), 0, sum(d.m{base})
    FROM gate_rows AS d
    JOIN gate_releases AS r ON r.rid = d.rid
    WHERE d.n >= 1 AND d.n <= {WEEK}
    GROUP BY 1, 2, 3
  ) AS o
  CROSS JOIN {back} AS b
) AS e ON e.gate = g.gate AND e.day <= g.gate AND e.known <= g.gate
GROUP BY g.gate""",
    )


def _company(shape: Shape) -> Step:
    """Build ``gate_company``: the base of releases at the ages at which others of the week are."""
    return Step(
        "gate_company",
        f"""\
SELECT o.rid, o.age, o.day0, o.known, coalesce(sum(d.m{shape.base_index}), 0) AS total
FROM (
  SELECT r.rid, r.day0, r.known, a.age
  FROM gate_releases AS r
  JOIN (
    SELECT age, min(day0) AS first_day, max(day0) AS last_day FROM gate_wanted GROUP BY age
  ) AS a ON r.day0 > a.first_day - {WEEK} AND r.day0 <= a.last_day
) AS o
LEFT JOIN gate_rows AS d
  ON d.rid = o.rid AND d.n >= 1 AND d.n <= o.age AND d.known < o.day0 + o.age
GROUP BY o.rid, o.age, o.day0, o.known""",
    )


def _ranks() -> Step:
    """Build ``gate_ranks``: releases of the 7 days up to a release date, each at its own gate."""
    back = values(range(WEEK), "back")
    return Step(
        "gate_ranks",
        f"""\
SELECT
  r.rid,
  count(*) AS others,
  sum(CASE WHEN o.total > w.total THEN 1 ELSE 0 END) AS larger
FROM gate_wanted AS r
JOIN gate_company AS w ON w.rid = r.rid AND w.age = r.age
JOIN (
  SELECT s.rid, s.age, s.known, s.day0 + b.back AS day0, s.total
  FROM gate_company AS s
  CROSS JOIN {back} AS b
) AS o ON o.day0 = r.day0 AND o.age = r.age AND o.known <= r.gate AND o.rid <> r.rid
GROUP BY r.rid""",
    )
