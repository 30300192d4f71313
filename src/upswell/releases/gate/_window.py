"""SQL from the daily rows to one row per release: its window as of its own gate, and its logs."""

from __future__ import annotations

from upswell.releases.gate._rows import PREVIEW_DAYS
from upswell.releases.gate._shape import Shape
from upswell.releases.gate._sql import Step, block_mean, columns, largest, log

__all__ = ["window_steps"]


def window_steps(shape: Shape) -> list[Step]:
    """Return the steps from ``gate_rows`` to ``gate_shapes``, one row per release."""
    return [_days(shape), _activity(shape), _window(shape), _logs(shape), _shapes(shape)]


def _days(shape: Shape) -> Step:
    """Build ``gate_days``: the rows of each release that were known at its own gate, by day."""
    sums = [f"sum(d.m{i}) AS m{i}" for i in range(len(shape.metrics))]
    return Step(
        "gate_days",
        f"""\
SELECT
  d.rid,
  d.n,
  sum(d.rows_seen) AS rows_seen,
  {columns(sums)}
FROM gate_rows AS d
JOIN gate_releases AS r ON r.rid = d.rid
WHERE d.n <= {shape.age} AND d.known <= r.gate
GROUP BY d.rid, d.n""",
    )


def _activity(shape: Shape) -> Step:
    """Build ``gate_activity``: on how many days there were rows, and where the gaps lie."""
    before = "coalesce(lag(n) OVER (PARTITION BY rid ORDER BY n), 0)"
    return Step(
        "gate_activity",
        f"""\
SELECT
  rid,
  sum(CASE WHEN n >= 1 THEN 1 ELSE 0 END) AS days_observed,
  sum(CASE WHEN n > {-PREVIEW_DAYS} AND n < 1 THEN 1 ELSE 0 END) AS preview_days,
  min(CASE WHEN n >= 1 THEN n END) AS first_day,
  greatest(max(gap), {shape.age} - greatest(max(n), 0)) AS longest_gap
FROM (
  SELECT rid, n, n - 1 - greatest({before}, 0) AS gap
  FROM gate_days
) AS gaps
GROUP BY rid""",
    )


def _window(shape: Shape) -> Step:
    """Build ``gate_window``: counts by day and in total, previews, and the earlier life."""
    picked = ["r.rid", "coalesce(sum(CASE WHEN d.n >= 1 THEN d.rows_seen END), 0) AS rows_seen"]
    for i in range(len(shape.metrics)):
        shortly = f"sum(CASE WHEN d.n > {-PREVIEW_DAYS} AND d.n < 1 THEN d.m{i} END)"
        before = f"sum(CASE WHEN d.n <= {-PREVIEW_DAYS} THEN d.m{i} END)"
        picked += [f"{_day(shape, i, k)} AS m{i}_{k}" for k in range(1, shape.window + 1)]
        picked += [
            f"CAST(coalesce({shortly}, 0) AS DOUBLE) AS previews{i}",
            f"CAST(coalesce({before}, 0) AS DOUBLE) AS earlier{i}",
        ]
    picked += [
        f"coalesce(sum(CASE WHEN d.n >= 1 THEN d.m{shape.base_index} END), 0) AS exact_base",
        f"max(CASE WHEN d.n <= {-PREVIEW_DAYS} THEN 1 ELSE 0 END) AS earlier_life",
    ]
    return Step(
        "gate_window",
        f"""\
SELECT
  {columns(picked)}
FROM gate_releases AS r
LEFT JOIN gate_days AS d ON d.rid = r.rid
WHERE r.gate <= {shape.as_of}
GROUP BY r.rid""",
    )


def _day(shape: Shape, metric: int, day: int) -> str:
    if day > shape.age:
        return "CAST(NULL AS DOUBLE)"
    # There is one row a day: the largest is the only one.
    count = f"max(CASE WHEN d.n = {day} THEN CAST(d.m{metric} AS DOUBLE) END)"
    return f"coalesce({count}, 0)" if shape.missing == "zero" else count


def _logs(shape: Shape) -> Step:
    """Build ``gate_logs``: logs of the daily counts, and the points through which a line goes."""
    added = []
    for i in range(len(shape.metrics)):
        days = [f"m{i}_{k}" for k in shape.days]
        added += [f"{log(f'm{i}_{k}')} AS log{i}_{k}" for k in range(1, shape.window + 1)]
        added += [
            " + ".join(f"coalesce({day}, 0)" for day in days[:k]) + f" AS cumulated{i}_{k}"
            for k in shape.days[:-1]
        ]
        everything = " + ".join(f"coalesce({day}, 0)" for day in days)
        positions = [f"CASE WHEN m{i}_{k} IS NOT NULL THEN {k} END" for k in shape.days]
        added += [
            f"{everything} AS cumulated{i}_{shape.age}",
            f"{everything} AS total{i}",
            f"{largest(days)} AS peak{i}",
            f"{block_mean([log(day) for day in days])} AS level{i}",
            f"{block_mean([f'({position})' for position in positions])} AS middle{i}",
            " + ".join(f"CASE WHEN {day} IS NULL THEN 0 ELSE 1 END" for day in days)
            + f" AS known{i}",
            f"{block_mean(days[: shape.third])} AS first{i}",
            f"{block_mean(days[-shape.third :])} AS last{i}",
        ]
    return Step(
        "gate_logs", f"SELECT\n  w.*,\n  {columns(added)}\nFROM gate_window AS w", kept=False
    )


def _shapes(shape: Shape) -> Step:
    """Build ``gate_shapes``: the slope of the line through the daily logs, and the peak's day."""
    added = []
    for i in range(len(shape.metrics)):
        rise = " + ".join(
            f"coalesce(({k} - middle{i}) * (log{i}_{k} - level{i}), 0)" for k in shape.days
        )
        spread = " + ".join(
            f"CASE WHEN m{i}_{k} IS NULL THEN 0 ELSE ({k} - middle{i}) * ({k} - middle{i}) END"
            for k in shape.days
        )
        peak = " ".join(f"WHEN m{i}_{k} = peak{i} THEN {k}" for k in shape.days)
        added += [
            f"({rise}) / nullif({spread}, 0) AS slope{i}",
            f"CASE {peak} END AS peak_day{i}",
        ]
    return Step(
        "gate_shapes", f"SELECT\n  l.*,\n  {columns(added)}\nFROM gate_logs AS l", kept=False
    )
