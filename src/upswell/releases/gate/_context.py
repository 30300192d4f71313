"""Features of the platform and of the other releases of the week."""

from __future__ import annotations

from upswell.releases.gate._platform import MONTH, YEAR, YEARS, if_reached
from upswell.releases.gate._rows import WEEK
from upswell.releases.gate._shape import Shape
from upswell.releases.gate._sql import Feature, if_seen, log, log_ratio

__all__ = ["context_features", "context_joins"]


def context_joins() -> list[str]:
    """Return the joins by which the last query reaches these relations."""
    return [
        "LEFT JOIN gate_reach AS z ON z.gate = r.gate",
        "LEFT JOIN gate_levels AS p ON p.gate = r.gate AND p.age = r.age",
        "LEFT JOIN gate_seasons AS x ON x.gate = r.gate AND x.age = r.age",
        "LEFT JOIN gate_rivals AS o ON o.gate = r.gate",
        "LEFT JOIN gate_ranks AS k ON k.rid = r.rid",
    ]


def context_features(shape: Shape) -> list[Feature]:
    """Return the platform's level by metric, its season, and the company of a release."""
    levels = [f for i in range(len(shape.metrics)) for f in _levels(shape, i)]
    return levels + _season(shape) + _company(shape)


def _levels(shape: Shape, i: int) -> list[Feature]:
    metric, m = shape.metrics[i], shape.metric_slugs[i]
    growth = (
        f"({log_ratio(f'w.last{i}', f'w.first{i}')}) - ({log_ratio(f'p.last{i}', f'p.first{i}')})"
    )
    return [
        Feature(
            f"platform_{m}_log_7_days",
            "platform",
            f"Logarithm of one more than all {metric} in the 7 days up to the gate.",
            if_reached(log(f"p.week{i}")),
        ),
        Feature(
            f"platform_{m}_log_28_days",
            "platform",
            f"Logarithm of one more than all {metric} in the 28 days up to the gate.",
            if_reached(log(f"p.month{i}")),
        ),
        Feature(
            f"platform_{m}_week_against_month",
            "platform",
            f"Log ratio of all {metric} a day in the last 7 days to those in the last 28.",
            if_reached(log_ratio(f"p.week{i} / {WEEK}", f"p.month{i} / {MONTH}")),
        ),
        Feature(
            f"{m}_log_share_of_platform",
            "platform",
            f"Log ratio of the release's {metric} in the window to those of all releases.",
            if_reached(log_ratio(f"w.total{i}", f"p.window{i}")),
        ),
        Feature(
            f"{m}_last_day_against_platform",
            "platform",
            f"Log ratio of the release's {metric} on the last day seen to those of all releases a"
            " day, on that weekday in the last four weeks.",
            if_reached(log_ratio(f"w.latest{i}", f"p.weekday{i} / {MONTH // WEEK}")),
        ),
        Feature(
            f"{m}_growth_against_platform",
            "platform",
            f"Log ratio of the release's {metric} in the last third of the window to the first,"
            " less that of all releases on the same days.",
            if_seen(shape.ages, 2, if_reached(growth)),
        ),
    ]


def _season(shape: Shape) -> list[Feature]:
    moves = [
        f"CASE WHEN z.first_day <= r.gate - {YEAR * year + WEEK - 1} THEN "
        + log_ratio(
            f"x.after_{year} / CAST(x.ahead AS DOUBLE)", f"x.before_{year} / {float(WEEK)!r}"
        )
        + " END"
        for year in range(1, YEARS + 1)
    ]
    total = " + ".join(f"coalesce({move}, 0)" for move in moves)
    count = " + ".join(f"CASE WHEN ({move}) IS NULL THEN 0 ELSE 1 END" for move in moves)
    return [
        Feature(
            "platform_season_ahead",
            "platform",
            f"Log ratio of all {shape.base} a day in the days from the gate to the end of the"
            " longest outcome to those of the 7 days up to the gate, 52 weeks earlier.",
            moves[0],
        ),
        Feature(
            "platform_season_ahead_3_years",
            "platform",
            f"Log ratio of all {shape.base} a day after the gate to those before it, likewise, as"
            " the mean over those of the three years before that the signals reach.",
            f"({total}) / nullif({count}, 0)",
        ),
    ]


def _company(shape: Shape) -> list[Feature]:
    base = shape.base_index
    own = f"CASE WHEN r.known <= r.gate AND r.gate - r.day0 < {WEEK} THEN "
    rivals = f"greatest(0, coalesce(o.releases, 0) - {own}1 ELSE 0 END)"
    amount = f"greatest(0, CAST(coalesce(o.amount, 0) - {own}w.exact_base ELSE 0 END AS DOUBLE))"
    return [
        Feature(
            "platform_log_releases_28_days",
            "platform",
            "Logarithm of one more than the releases dated in the 28 days up to the gate.",
            log("coalesce(p.releases_month, 0)"),
        ),
        Feature(
            "rivals_log_releases",
            "platform",
            "Logarithm of one more than the other releases dated in the 7 days up to the gate.",
            log(rivals),
        ),
        Feature(
            "rivals_log_total",
            "platform",
            f"Logarithm of one more than the {shape.base} of the other releases dated in the 7 days"
            " up to the gate, from their release dates to the gate.",
            log(amount),
        ),
        Feature(
            "rivals_log_ratio",
            "platform",
            f"Log ratio of the release's {shape.base} in the window to those of the other releases"
            " dated in the 7 days up to the gate.",
            log_ratio(f"w.total{base}", amount),
        ),
        Feature(
            "week_log_releases",
            "platform",
            "Logarithm of one more than the other releases of the 7 days up to the release date.",
            log("coalesce(k.others, 0)"),
        ),
        Feature(
            "week_rank",
            "platform",
            f"Share of the other releases of the 7 days up to the release date that had more"
            f" {shape.base} by the same age; null without any.",
            "k.larger / CAST(nullif(k.others, 0) AS DOUBLE)",
        ),
    ]
