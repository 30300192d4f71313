"""Concentration on creators: SQL to one row per release and creator, and its features.

Gini coefficient and Herfindahl-Hirschman index of the base metric over the creators of a release.
Creators with equal counts are taken together, so that no order among them can matter.
"""

from __future__ import annotations

from upswell.releases.gate._mixed import burst_share
from upswell.releases.gate._shape import Shape, quoted
from upswell.releases.gate._sql import (
    Feature,
    Step,
    by_age,
    columns,
    exact,
    fine,
    if_seen,
    log,
    log_ratio,
    number_of,
    third_of,
)

__all__ = ["creator_features", "creator_joins", "creator_steps"]


def creator_steps(shape: Shape) -> list[Step]:
    """Return the steps to ``gate_concentration`` and ``gate_videos``, one row per release."""
    steps = []
    if shape.has_creator:
        steps += [_creators(shape), _concentration(), _newcomers(shape)]
    if shape.has_video:
        steps.append(_videos())
    return steps


def creator_joins(shape: Shape) -> list[str]:
    """Return the joins by which the last query reaches these relations."""
    joins = []
    if shape.has_creator:
        joins += [
            "LEFT JOIN gate_concentration AS c ON c.rid = r.rid",
            "LEFT JOIN gate_newcomers AS y ON y.rid = r.rid",
        ]
    if shape.has_video:
        joins.append("LEFT JOIN gate_videos AS u ON u.rid = r.rid")
    return joins


def _inside(picked: str) -> str:
    """Return SQL for the raw rows of each release's own window, as known at its gate."""
    return f"""\
  SELECT r.rid, {picked}
  FROM signals AS s
  JOIN gate_wanted AS r ON r.release = s.release
  WHERE {number_of("s.day")} >= r.day0
    AND {number_of("s.day")} <= r.gate
    AND {number_of("s.known")} <= r.gate"""


def _creators(shape: Shape) -> Step:
    day = f"{number_of('s.day')} - r.day0 + 1 AS n"
    picked = f"{day}, s.creator, s.{quoted(shape.base)} AS amount"
    return Step(
        "gate_creators",
        f"""\
SELECT rid, min(n) AS first_day, coalesce(sum({exact("amount")}), 0) AS amount
FROM (
{_inside(picked)}
    AND s.creator IS NOT NULL
) AS seen
GROUP BY rid, creator""",
    )


def _concentration() -> Step:
    """Build ``gate_concentration`` from groups of creators with one amount each.

    With shares ``x`` that sum to 1, ranked from 1 for the largest to ``n``, Gini is
    ``(n + 1 - 2 sum(rank x)) / n``; a group of ``m`` equals that ends at rank ``a`` has the sum of
    ranks ``m (2a - m + 1) / 2``.
    """
    rank = "sum(creators) OVER (PARTITION BY rid ORDER BY amount DESC)"
    whole = "sum(together) OVER (PARTITION BY rid)"
    return Step(
        "gate_concentration",
        f"""\
SELECT
  rid,
  sum(creators) AS creators,
  CAST(sum({fine("creators * share * share")}) AS DOUBLE) AS hhi,
  CAST(sum({fine("creators * share * (2 * above - creators + 1)")}) AS DOUBLE) AS ranked,
  max(share) AS top1,
  CAST(sum({fine("share * greatest(0, least(creators, 5 - above + creators))")}) AS DOUBLE) AS top5
FROM (
  SELECT
    rid,
    creators,
    CAST({rank} AS DOUBLE) AS above,
    CAST(amount AS DOUBLE) / nullif(CAST({whole} AS DOUBLE), 0) AS share
  FROM (
    SELECT rid, amount, count(*) AS creators, sum(amount) AS together
    FROM gate_creators
    GROUP BY rid, amount
  ) AS equals
) AS shares
GROUP BY rid""",
    )


def _newcomers(shape: Shape) -> Step:
    """Build ``gate_newcomers``: creators by the day of the window on which they first appear."""
    counts = [f"sum(CASE WHEN first_day = {k} THEN 1 ELSE 0 END) AS new_{k}" for k in shape.days]
    return Step(
        "gate_newcomers",
        f"SELECT\n  rid,\n  {columns(counts)}\nFROM gate_creators\nGROUP BY rid",
    )


def _videos() -> Step:
    return Step(
        "gate_videos",
        f"""\
SELECT rid, count(*) AS videos
FROM (
  SELECT DISTINCT rid, video
  FROM (
{_inside("s.video")}
    AND s.video IS NOT NULL
  ) AS seen
) AS different
GROUP BY rid""",
    )


def creator_features(shape: Shape) -> list[Feature]:
    """Return how much of a release rests on few creators, and how many come anew."""
    found = _concentrated(shape) + _new(shape) if shape.has_creator else []
    if shape.has_video:
        found.append(
            Feature(
                "log_videos",
                "creators",
                "Logarithm of one more than the different videos in the window.",
                log("coalesce(u.videos, 0)"),
            )
        )
    if shape.has_video and shape.has_creator:
        found.append(
            Feature(
                "videos_per_creator",
                "creators",
                "Log ratio of the videos in the window to its creators.",
                log_ratio("coalesce(u.videos, 0)", "coalesce(c.creators, 0)"),
            )
        )
    return found


def _concentrated(shape: Shape) -> list[Feature]:
    base, count = shape.base, "coalesce(c.creators, 0)"
    late = _late(shape)
    return [
        Feature(
            "log_creators",
            "creators",
            "Logarithm of one more than the different creators in the window.",
            log(count),
        ),
        Feature(
            "creators_hhi",
            "creators",
            f"Herfindahl-Hirschman index of the window's {base} over creators: 1 when one has all.",
            "c.hhi",
        ),
        Feature(
            "creators_gini",
            "creators",
            f"Gini coefficient of the window's {base} over creators: 0 when all have the same.",
            "(c.creators + 1 - c.ranked) / c.creators",
        ),
        Feature(
            "creators_top_1_share",
            "creators",
            f"Share of the largest creator in the window's {base}.",
            "c.top1",
        ),
        Feature(
            "creators_top_5_share",
            "creators",
            f"Share of the five largest creators in the window's {base}.",
            "c.top5",
        ),
        Feature(
            "late_creators_share",
            "seeding",
            "Share of the window's creators who first appear after its first third.",
            late,
        ),
        Feature(
            "seeding_proxy",
            "seeding",
            "Early burst times concentration times the share of creators who were there from the"
            " first third on: near 1 where few creators made one early burst.",
            f"({burst_share(shape)}) * c.hhi * (1 - {late})",
        ),
    ]


def _late(shape: Shape) -> str:
    late = by_age(shape.ages, lambda age: _newcomers_of(third_of(age) + 1, age))
    return f"(({late}) / CAST(c.creators AS DOUBLE))"


def _newcomers_of(first: int, last: int) -> str:
    """Return SQL for the creators first seen on some days of the window."""
    return " + ".join(f"y.new_{k}" for k in range(first, last + 1)) or "0"


def _new(shape: Shape) -> list[Feature]:
    first = by_age(shape.ages, lambda age: _newcomers_of(1, third_of(age)))
    last = by_age(shape.ages, lambda age: _newcomers_of(age - third_of(age) + 1, age))
    return [
        *(
            Feature(
                f"log_new_creators_day_{k}",
                "creators",
                f"Logarithm of one more than the creators first seen on day {k}; null when the"
                " window has no creator.",
                if_seen(shape.ages, k, log(f"y.new_{k}")),
            )
            for k in range(1, shape.window + 1)
        ),
        Feature(
            "new_creators_a_day",
            "creators",
            "Creators in the window for each day of it.",
            "coalesce(c.creators, 0) / CAST(r.age AS DOUBLE)",
        ),
        Feature(
            "new_creators_last_against_first",
            "creators",
            "Log ratio of the creators first seen in the last third of the window to those first"
            " seen in its first third.",
            if_seen(shape.ages, 2, log_ratio(f"({last})", f"({first})")),
        ),
    ]
