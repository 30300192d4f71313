"""How other releases went on lately: outcomes against the first days, as of the last Sunday.

Medians over sliding windows are taken once a week, for the last Sunday up to a gate. Days within
the week share one look at the past, which costs a seventh and leaves out nothing but recency.
"""

from __future__ import annotations

from upswell.releases.gate._shape import Shape
from upswell.releases.gate._sql import Feature, Step, columns, log

__all__ = ["decay_features", "decay_joins", "decay_steps"]

_SPANS = (56, 180, 400)
_FEWEST = 5
"""Releases of one weekday, below which their median is left unknown."""

_SUNDAY = "(gate - (gate + 1) % 7)"


def decay_steps(shape: Shape) -> list[Step]:
    """Return the steps to ``gate_decays`` and to the same by weekday of release."""
    picked, weekday = [], []
    longest = _SPANS[-1]
    for h in shape.horizons:
        for span in _SPANS:
            inside = f"CASE WHEN v.horizon = {h} AND v.closed > s.sunday - {span} THEN v.ratio END"
            picked += [
                f"count({inside}) AS count_{h}_{span}",
                f"CAST(sum({inside}) AS DOUBLE) AS total_{h}_{span}",
                f"median(CAST({inside} AS DOUBLE)) AS median_{h}_{span}",
            ]
        alike = f"CASE WHEN v.horizon = {h} THEN v.ratio END"
        weekday += [
            f"count({alike}) AS count_{h}",
            f"median(CAST({alike} AS DOUBLE)) AS median_{h}",
        ]
    source = f"""\
FROM (SELECT DISTINCT {_SUNDAY} AS sunday FROM gate_gates) AS s
JOIN gate_versions AS v
  ON v.known <= s.sunday AND v.closed > s.sunday - {longest} AND v.until > s.sunday
WHERE v.ratio IS NOT NULL"""
    return [
        Step(
            "gate_decays",
            f"SELECT\n  s.sunday,\n  {columns(picked)}\n{source}\nGROUP BY s.sunday",
        ),
        Step(
            "gate_decays_weekday",
            f"SELECT\n  s.sunday,\n  v.day0 % 7 AS weekday,\n  {columns(weekday)}\n{source}"
            "\nGROUP BY 1, 2",
        ),
    ]


def decay_joins() -> list[str]:
    """Return the joins by which the last query reaches these relations."""
    sunday = _SUNDAY.replace("gate", "r.gate")
    return [
        f"LEFT JOIN gate_decays AS d ON d.sunday = {sunday}",
        f"LEFT JOIN gate_decays_weekday AS e ON e.sunday = {sunday} AND e.weekday = r.day0 % 7",
    ]


def decay_features(shape: Shape) -> list[Feature]:
    """Return counts, means and medians of recent log ratios of outcome to base, by horizon."""
    return [f for h in shape.horizons for f in _decays(shape, h)]


def _decays(shape: Shape, h: int) -> list[Feature]:
    ratio = f"log ratios of the outcome of day {h} to the {shape.base} by the same age"
    found = []
    for span in _SPANS:
        those = f"releases whose outcome closed in the {span} days up to the last Sunday"
        found += [
            Feature(
                f"recent_{span}_days_log_releases_{h}",
                "platform",
                f"Logarithm of one more than the {those} (day {h}).",
                log(f"coalesce(d.count_{h}_{span}, 0)"),
            ),
            Feature(
                f"recent_{span}_days_mean_log_ratio_{h}",
                "platform",
                f"Mean of the {ratio}, over {those}.",
                f"d.total_{h}_{span} / nullif(d.count_{h}_{span}, 0)",
            ),
            Feature(
                f"recent_{span}_days_median_log_ratio_{h}",
                "platform",
                f"Median of the {ratio}, over {those}.",
                f"d.median_{h}_{span}",
            ),
        ]
    found.append(
        Feature(
            f"recent_weekday_median_log_ratio_{h}",
            "platform",
            f"Median of the {ratio}, over releases of the last {_SPANS[-1]} days with the same"
            f" weekday of release; null when there are fewer than {_FEWEST}.",
            f"CASE WHEN e.count_{h} >= {_FEWEST} THEN e.median_{h} END",
        )
    )
    return found
