"""SQL from the daily rows to one row per release: its window as of its own gate, and its logs."""

from __future__ import annotations

from collections.abc import Callable

from upswell.releases.gate._rows import PREVIEW_DAYS
from upswell.releases.gate._shape import Shape
from upswell.releases.gate._sql import (
    Step,
    block_mean,
    by_age,
    columns,
    if_seen,
    largest,
    log,
    third_of,
)

__all__ = ["shape_steps", "window_steps"]


def window_steps(shape: Shape) -> list[Step]:
    """Return the steps from ``gate_rows`` to the days of each release and where its gaps lie."""
    return [_days(shape), _activity()]


def shape_steps(shape: Shape) -> list[Step]:
    """Return the steps to ``gate_shapes``, one row per release, as parts of the last query.

    Tables of so many columns would cost more to write and to read than to make.
    """
    return [_window(shape), _logs(shape), _shapes(shape)]


def _days(shape: Shape) -> Step:
    """Build ``gate_days``: the rows of each release that were known at its own gate, by day."""
    sums = [f"sum(d.m{i}) AS m{i}" for i in range(len(shape.metrics))]
    return Step(
        "gate_days",
        f"""\
SELECT
  d.rid,
  r.age,
  d.n,
  sum(d.rows_seen) AS rows_seen,
  {columns(sums)}
FROM gate_rows AS d
JOIN gate_wanted AS r ON r.rid = d.rid
WHERE d.n <= r.age AND d.known <= r.gate
GROUP BY d.rid, r.age, d.n""",
    )


def _activity() -> Step:
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
  greatest(max(gap), age - greatest(max(n), 0)) AS longest_gap
FROM (
  SELECT rid, age, n, n - 1 - greatest({before}, 0) AS gap
  FROM gate_days
) AS gaps
GROUP BY rid, age""",
    )


def _window(shape: Shape) -> Step:
    """Build ``gate_window``: counts by day and in total, previews, and the earlier life."""
    picked = ["r.rid", "r.age"]
    picked += ["coalesce(sum(CASE WHEN d.n >= 1 THEN d.rows_seen END), 0) AS rows_seen"]
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
FROM gate_wanted AS r
LEFT JOIN gate_days AS d ON d.rid = r.rid
GROUP BY r.rid, r.age""",
    )


def _day(shape: Shape, metric: int, day: int) -> str:
    # There is one row a day: the largest is the only one.
    count = f"max(CASE WHEN d.n = {day} THEN CAST(d.m{metric} AS DOUBLE) END)"
    return if_seen(shape.ages, day, f"coalesce({count}, 0)" if shape.missing == "zero" else count)


def _logs(shape: Shape) -> Step:
    """Build ``gate_logs``: logs of the daily counts, and the points through which a line goes.

    What is counted from the last day seen has columns of its own, so that only these depend on the
    age: ``latest`` is that day, ``pace_0`` the days up to it (a third of the window), ``pace_1``
    and ``pace_2`` as many days before each.
    """
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
            f"{everything} AS cumulated{i}_{shape.ages[-1]}",
            f"{everything} AS total{i}",
            f"{largest(days)} AS peak{i}",
            f"{block_mean([log(day) for day in days])} AS level{i}",
            f"{block_mean([f'({position})' for position in positions])} AS middle{i}",
            " + ".join(f"CASE WHEN {day} IS NULL THEN 0 ELSE 1 END" for day in days)
            + f" AS known{i}",
            f"{_by_age(shape, days, lambda seen: seen[: third_of(len(seen))])} AS first{i}",
            f"{_by_age(shape, days, lambda seen: seen[-third_of(len(seen)) :])} AS last{i}",
            f"{_by_age(shape, days, lambda seen: seen[-1:])} AS latest{i}",
            f"{_by_age(shape, days, lambda seen: seen[-2:])} AS latest_two{i}",
            *(f"{_pace(shape, days, back)} AS pace{i}_{back}" for back in range(3)),
        ]
    return Step("gate_logs", f"SELECT\n  w.*,\n  {columns(added)}\nFROM gate_window AS w")


def _by_age(shape: Shape, days: list[str], picked: Callable[[list[str]], list[str]]) -> str:
    """Return SQL for the mean of some of the days that are seen at each age."""
    return by_age(shape.ages, lambda age: block_mean(picked(days[:age])), "w.age")


def _pace(shape: Shape, days: list[str], back: int) -> str:
    """Return SQL for the mean of a third of the window, so many thirds back; null outside of it."""

    def block(seen: list[str]) -> list[str]:
        step = max(1, len(seen) // 3)
        end = len(seen) - step * back
        return seen[end - step : end] if end >= step else []

    return _by_age(shape, days, block)


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
    return Step("gate_shapes", f"SELECT\n  l.*,\n  {columns(added)}\nFROM gate_logs AS l")
