"""Features of one metric in the window: level, pace, shape, peak, fit."""

from __future__ import annotations

from upswell.releases.gate._shape import Shape
from upswell.releases.gate._sql import Feature, block_mean, by_age, if_seen, log, log_ratio

__all__ = ["metric_features"]

_NULL = "CAST(NULL AS DOUBLE)"


def metric_features(shape: Shape) -> list[Feature]:
    """Return the features of each metric by itself."""
    return [
        feature
        for i in range(len(shape.metrics))
        for family in (_levels, _paces, _peaks, _fits, _weeks, _before)
        for feature in family(shape, i)
    ]


def _levels(shape: Shape, i: int) -> list[Feature]:
    group, m = shape.metrics[i], shape.metric_slugs[i]
    return [
        Feature(
            f"{m}_log_total",
            group,
            f"Logarithm of one more than all {group} in the window; 0 when there are none.",
            log(f"w.total{i}"),
        ),
        *(
            Feature(
                f"{m}_log_day_{k}",
                group,
                f"Logarithm of one more than the {group} on day {k} of the window.",
                f"w.log{i}_{k}",
            )
            for k in range(1, shape.window + 1)
        ),
        *(
            Feature(
                f"{m}_log_cumulated_day_{k}",
                group,
                f"Logarithm of one more than the {group} of days 1 to {k}.",
                if_seen(shape.ages, k, log(f"w.cumulated{i}_{k}")),
            )
            for k in _waypoints(shape.window)
        ),
        Feature(
            f"{m}_log_last_day",
            group,
            f"Logarithm of one more than the {group} on the last day seen.",
            log(f"w.latest{i}"),
        ),
        Feature(
            f"{m}_log_last_two_days",
            group,
            f"Logarithm of one more than the mean {group} a day of the last two days seen.",
            log(f"w.latest_two{i}"),
        ),
    ]


def _waypoints(window: int) -> list[int]:
    """Return a few days inside the window, at a third and at two thirds."""
    return sorted({k for k in (round(window / 3), round(2 * window / 3)) if 1 < k < window})


def _paces(shape: Shape, i: int) -> list[Feature]:
    group, m = shape.metrics[i], shape.metric_slugs[i]
    velocity, earlier = (log_ratio(f"w.pace{i}_{k}", f"w.pace{i}_{k + 1}") for k in range(2))
    return [
        Feature(
            f"{m}_velocity",
            group,
            f"Log ratio of the {group} a day in the last days (a third of the window) to those in"
            " as many days before.",
            velocity,
        ),
        Feature(
            f"{m}_acceleration",
            group,
            f"How much the velocity of the {group} rose from one block of days to the next.",
            f"({velocity}) - ({earlier})",
        ),
        Feature(
            f"{m}_last_third_against_first",
            group,
            f"Log ratio of the {group} a day in the last third of the window to the first third.",
            if_seen(shape.ages, 2, log_ratio(f"w.last{i}", f"w.first{i}")),
        ),
        Feature(
            f"{m}_last_day_share",
            group,
            f"Share of the last day seen in all {group} of the window.",
            f"w.latest{i} / nullif(w.total{i}, 0)",
        ),
    ]


def _peaks(shape: Shape, i: int) -> list[Feature]:
    group, m = shape.metrics[i], shape.metric_slugs[i]
    half = " ".join(f"WHEN w.cumulated{i}_{k} * 2 >= w.total{i} THEN {k}" for k in shape.days)
    return [
        Feature(
            f"{m}_peak_day",
            group,
            f"The day of the window with the most {group}, the first of equals.",
            f"w.peak_day{i}",
        ),
        Feature(
            f"{m}_peak_share",
            group,
            f"Share of the peak day in all {group} of the window.",
            f"w.peak{i} / nullif(w.total{i}, 0)",
        ),
        Feature(
            f"{m}_days_since_peak",
            group,
            f"Days from the peak of the {group} to the last day seen.",
            f"r.age - w.peak_day{i}",
        ),
        Feature(
            f"{m}_fall_from_peak",
            group,
            f"Log ratio of the {group} on the last day seen to those on the peak day.",
            log_ratio(f"w.latest{i}", f"w.peak{i}"),
        ),
        Feature(
            f"{m}_half_day",
            group,
            f"The day by which half of the window's {group} had come.",
            f"CASE WHEN w.total{i} = 0 THEN NULL {half} END",
        ),
    ]


def _fits(shape: Shape, i: int) -> list[Feature]:
    group, m = shape.metrics[i], shape.metric_slugs[i]
    residuals = " + ".join(
        f"coalesce(power(w.log{i}_{k} - w.level{i} - w.slope{i} * ({k} - w.middle{i}), 2), 0)"
        for k in shape.days
    )
    return [
        Feature(
            f"{m}_growth_a_day",
            group,
            f"Slope of the line through the logarithms of the daily {group}.",
            f"w.slope{i}",
        ),
        Feature(
            f"{m}_growth_spread",
            group,
            f"How far the logarithms of the daily {group} lie from their line (root mean square).",
            f"CASE WHEN w.known{i} >= 3 THEN sqrt(({residuals}) / w.known{i}) END",
        ),
    ]


def _weeks(shape: Shape, i: int) -> list[Feature]:
    group, m = shape.metrics[i], shape.metric_slugs[i]
    weekend, others = (
        [f"CASE WHEN (r.day0 + {k - 1}) % 7 {side} 5 THEN w.m{i}_{k} END" for k in shape.days]
        for side in (">=", "<")
    )
    found = [
        Feature(
            f"{m}_weekend_against_weekdays",
            group,
            f"Log ratio of the {group} a day on the window's weekend days to its other days.",
            log_ratio(_mean(weekend), _mean(others)),
        )
    ]
    if shape.window > 7:
        found.append(
            Feature(
                f"{m}_week_over_week",
                group,
                f"Log ratio of the {group} on the last days seen to the same weekdays a week"
                " earlier.",
                by_age(shape.ages, lambda age: _week_over_week(i, age)),
            )
        )
    return found


def _week_over_week(i: int, age: int) -> str:
    """Return SQL for the last days seen against those a week earlier, where both are known."""
    pairs = list(range(8, age + 1))[-7:]
    now, then = ([f"w.m{i}_{k - back}" for k in pairs] for back in (0, 7))
    both = [f"CASE WHEN {b} IS NOT NULL THEN {a} END" for a, b in zip(now, then, strict=True)]
    back = [f"CASE WHEN {a} IS NOT NULL THEN {b} END" for a, b in zip(now, then, strict=True)]
    return log_ratio(_mean(both), _mean(back)) if pairs else _NULL


def _mean(terms: list[str]) -> str:
    return block_mean([f"({term})" for term in terms])


def _before(shape: Shape, i: int) -> list[Feature]:
    group, m = shape.metrics[i], shape.metric_slugs[i]
    return [
        Feature(
            f"{m}_log_previews",
            "previews",
            f"Logarithm of one more than the {group} of the 60 days before the release.",
            log(f"w.previews{i}"),
        ),
        Feature(
            f"{m}_log_earlier_life",
            "previews",
            f"Logarithm of one more than the {group} older than 60 days before the release.",
            log(f"w.earlier{i}"),
        ),
    ]
