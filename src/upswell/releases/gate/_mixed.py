"""Features across metrics and of the window itself: ratios, gaps, the first burst."""

from __future__ import annotations

from itertools import combinations

from upswell.releases.gate._platform import if_reached
from upswell.releases.gate._rows import PREVIEW_DAYS
from upswell.releases.gate._shape import Shape
from upswell.releases.gate._sql import Feature, by_age, if_seen, log, log_ratio, third_of

__all__ = ["burst_share", "ratio_features", "window_features"]

_MOST_FOR_ALL_PAIRS = 6


def ratio_features(shape: Shape) -> list[Feature]:
    """Return log ratios of pairs of metrics: all pairs of up to 6 metrics, else with the base."""
    places = range(len(shape.metrics))
    pairs = (
        list(combinations(places, 2))
        if len(shape.metrics) <= _MOST_FOR_ALL_PAIRS
        else [(i, shape.base_index) for i in places if i != shape.base_index]
    )
    return [
        feature
        for i, j in pairs
        for feature in (*_ratios(shape, i, j), *_against_platform(shape, i, j))
    ]


def _against_platform(shape: Shape, i: int, j: int) -> list[Feature]:
    """Return how a ratio differs from that of all releases, which knows weekday and season."""
    above, below = shape.metrics[i], shape.metrics[j]
    name = f"{shape.metric_slugs[i]}_per_{shape.metric_slugs[j]}"
    window = (
        f"({log_ratio(f'w.total{i}', f'w.total{j}')})"
        f" - ({log_ratio(f'p.window{i}', f'p.window{j}')})"
    )
    last = (
        f"{log_ratio(f'w.latest{i}', f'w.latest{j}')}"
        f" - ({log_ratio(f'p.weekday{i}', f'p.weekday{j}')})"
    )
    return [
        Feature(
            f"{name}_against_platform",
            "ratios",
            f"Log ratio of {above} to {below} in the window, less that of all releases in the same"
            " days.",
            if_reached(window),
        ),
        Feature(
            f"{name}_last_day_against_platform",
            "ratios",
            f"Log ratio of {above} to {below} on the last day seen, less that of all releases on"
            " that weekday in the last four weeks.",
            if_reached(last),
        ),
    ]


def _ratios(shape: Shape, i: int, j: int) -> list[Feature]:
    above, below = shape.metrics[i], shape.metrics[j]
    name = f"{shape.metric_slugs[i]}_per_{shape.metric_slugs[j]}"
    last, first = (log_ratio(f"w.{part}{i}", f"w.{part}{j}") for part in ("last", "first"))
    return [
        Feature(
            f"{name}_log_total",
            "ratios",
            f"Log ratio of all {above} of the window to all {below}.",
            log_ratio(f"w.total{i}", f"w.total{j}"),
        ),
        Feature(
            f"{name}_log_last_day",
            "ratios",
            f"Log ratio of {above} to {below} on the last day seen.",
            log_ratio(f"w.latest{i}", f"w.latest{j}"),
        ),
        Feature(
            f"{name}_growth",
            "ratios",
            f"How the log ratio of {above} to {below} rose from the first third of the window to"
            " the last.",
            if_seen(shape.ages, 2, f"({last}) - ({first})"),
        ),
    ]


def window_features(shape: Shape) -> list[Feature]:
    """Return what there was and what was missing, in the window and before it."""
    days = "coalesce(v.days_observed, 0)"
    return [
        Feature("days_observed", "window", "Days of the window with a row of signals.", days),
        Feature(
            "days_missing",
            "window",
            "Days of the window without any row of signals.",
            f"r.age - {days}",
        ),
        Feature(
            "longest_gap",
            "window",
            "The most days in a row of the window without a row of signals.",
            "coalesce(v.longest_gap, r.age)",
        ),
        Feature(
            "first_activity_delay",
            "window",
            "Days from the release date to the first row of signals.",
            "v.first_day - 1",
        ),
        Feature(
            "log_rows",
            "window",
            "Logarithm of one more than the rows of signals in the window.",
            log("w.rows_seen"),
        ),
        Feature(
            "preview_days",
            "previews",
            f"Days with a row of signals in the {PREVIEW_DAYS} days before the release.",
            "coalesce(v.preview_days, 0)",
        ),
        Feature(
            "earlier_life",
            "previews",
            f"Whether there are signals older than {PREVIEW_DAYS} days before the release: 1 or 0.",
            "w.earlier_life",
        ),
        Feature(
            "early_burst_share",
            "seeding",
            f"Share of the first third of the window in all its {shape.base}.",
            burst_share(shape),
        ),
    ]


def burst_share(shape: Shape) -> str:
    """Return SQL for the share of the first third of the window in its total."""
    base = shape.base_index
    early = by_age(shape.ages, lambda age: f"w.cumulated{base}_{third_of(age)}")
    return f"{early} / nullif(w.total{base}, 0)"
