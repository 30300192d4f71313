"""How other releases went on lately: outcomes against the first days, as of the last Sunday.

Medians over sliding windows are taken once a week, for the last Sunday up to a gate: days within
the week share one look at the past, which costs a seventh and leaves out nothing but recency.
Releases of which nothing was left on the last day of the age do not count: their ratio is 1 and
says nothing about those that go on.
"""

from __future__ import annotations

from upswell.releases.gate._shape import Shape
from upswell.releases.gate._sql import Feature, Step, columns, log, log_ratio

__all__ = ["decay_features", "decay_joins", "decay_steps"]

_SPANS = (56, 180, 400)
_FEWEST = 5
"""Releases of one weekday, below which their median is left unknown."""


def decay_steps(shape: Shape) -> list[Step]:
    """Return the steps to ``gate_decays`` and to the same by weekday of release."""
    picked = []
    for span in _SPANS:
        near = f"v.closed > v.sunday - {span}"
        ratio = f"CASE WHEN {near} THEN v.ratio END"
        picked += [
            f"count({ratio}) AS count_{span}",
            f"CAST(sum({ratio}) AS DOUBLE) AS total_{span}",
            f"median(CASE WHEN {near} THEN v.plain_ratio END) AS median_{span}",
            f"CAST(sum(CASE WHEN {near} THEN v.streams END) AS DOUBLE) AS above_{span}",
            f"CAST(sum(CASE WHEN {near} THEN v.base END) AS DOUBLE) AS below_{span}",
        ]
    return [
        _recent(shape),
        Step(
            "gate_decays",
            f"""\
SELECT
  v.sunday,
  v.age,
  v.horizon,
  {columns(picked)}
FROM gate_recent AS v
GROUP BY v.sunday, v.age, v.horizon""",
        ),
        Step(
            "gate_decays_weekday",
            """\
SELECT
  v.sunday,
  v.age,
  v.horizon,
  v.day0 % 7 AS weekday,
  count(*) AS count,
  median(v.plain_ratio) AS median
FROM gate_recent AS v
GROUP BY v.sunday, v.age, v.horizon, v.day0 % 7""",
        ),
    ]


def _recent(shape: Shape) -> Step:
    """Build ``gate_recent``: the versions that held on each Sunday, of the longest span."""
    return Step(
        "gate_recent",
        f"""\
SELECT
  s.sunday,
  v.age,
  v.horizon,
  v.day0,
  v.closed,
  v.ratio,
  CAST(v.ratio AS DOUBLE) AS plain_ratio,
  v.streams,
  v.base
FROM (SELECT DISTINCT {_sunday(shape.looking_back("gate"))} AS sunday, age FROM gate_gates) AS s
JOIN gate_versions AS v
  ON v.age = s.age
  AND v.known <= s.sunday AND v.closed > s.sunday - {_SPANS[-1]} AND v.until > s.sunday
WHERE v.active = 1""",
        kept=False,
    )


def _sunday(gate: str) -> str:
    return f"({gate} - ({gate} + 1) % 7)"


def decay_joins(shape: Shape) -> list[str]:
    """Return the joins by which the last query reaches these relations."""
    sunday = _sunday(shape.looking_back("r.gate"))
    return [
        join
        for h in shape.horizons
        for join in (
            (
                f"LEFT JOIN gate_decays AS d{h} ON d{h}.sunday = {sunday} AND d{h}.age = r.age"
                f" AND d{h}.horizon = {h}"
            ),
            (
                f"LEFT JOIN gate_decays_weekday AS e{h} ON e{h}.sunday = {sunday}"
                f" AND e{h}.age = r.age AND e{h}.weekday = r.day0 % 7 AND e{h}.horizon = {h}"
            ),
        )
    ]


def decay_features(shape: Shape) -> list[Feature]:
    """Return counts, means and medians of recent log ratios of outcome to base, by horizon."""
    return [f for h in shape.horizons for f in _decays(shape, h)]


def _decays(shape: Shape, h: int) -> list[Feature]:
    ratio = f"log ratios of the outcome of day {h} to the {shape.base} by the same age"
    found = []
    for span in _SPANS:
        those = (
            f"over releases still active at that age whose outcome closed in the {span} days up to"
            " the last Sunday"
        )
        found += [
            Feature(
                f"recent_{span}_days_log_releases_{h}",
                "platform",
                f"Logarithm of one more than the releases counted here (day {h}): {those}.",
                log(f"coalesce(d{h}.count_{span}, 0)"),
            ),
            Feature(
                f"recent_{span}_days_mean_log_ratio_{h}",
                "platform",
                f"Mean of the {ratio}, {those}.",
                f"d{h}.total_{span} / nullif(d{h}.count_{span}, 0)",
            ),
            Feature(
                f"recent_{span}_days_median_log_ratio_{h}",
                "platform",
                f"Median of the {ratio}, {those}.",
                f"d{h}.median_{span}",
            ),
            Feature(
                f"recent_{span}_days_log_ratio_of_totals_{h}",
                "platform",
                f"Log ratio of all outcomes of day {h} to all {shape.base} by the same age,"
                f" {those}: here large releases weigh more.",
                log_ratio(f"d{h}.above_{span}", f"d{h}.below_{span}"),
            ),
        ]
    found.append(
        Feature(
            f"recent_weekday_median_log_ratio_{h}",
            "platform",
            f"Median of the {ratio}, over such releases of the last {_SPANS[-1]} days with the same"
            f" weekday of release; null when there are fewer than {_FEWEST}.",
            f"CASE WHEN e{h}.count >= {_FEWEST} THEN e{h}.median END",
        )
    )
    return found
