"""The gate's steps in order, the one query at their end, and the catalogue that comes with it."""

from __future__ import annotations

from dataclasses import replace

from upswell.releases.gate._calendar import attribute_features, calendar_features
from upswell.releases.gate._context import context_features, context_joins
from upswell.releases.gate._creators import creator_features, creator_joins, creator_steps
from upswell.releases.gate._decay import decay_features, decay_joins, decay_steps
from upswell.releases.gate._metrics import metric_features
from upswell.releases.gate._mixed import ratio_features, window_features
from upswell.releases.gate._platform import REACHES, level_steps, platform_query
from upswell.releases.gate._records import record_steps, version_steps
from upswell.releases.gate._rows import ground_steps
from upswell.releases.gate._shape import Shape, quoted, slugs
from upswell.releases.gate._sql import Feature, Step, columns
from upswell.releases.gate._tracks import track_features, track_joins, track_steps
from upswell.releases.gate._window import shape_steps, window_steps

__all__ = ["all_features", "feature_steps", "final_query", "memory_steps", "wanted_step"]


def all_features(shape: Shape) -> tuple[Feature, ...]:
    """Return every feature of a shape, with names that are all different."""
    found = [
        *metric_features(shape),
        *ratio_features(shape),
        *window_features(shape),
        *creator_features(shape),
        *calendar_features(shape),
        *context_features(shape),
        *decay_features(shape),
        *track_features(shape),
        *attribute_features(shape),
    ]
    names = slugs(feature.name for feature in found)
    return tuple(replace(f, name=name) for f, name in zip(found, names, strict=True))


def memory_steps(shape: Shape) -> list[Step]:
    """Return the steps from raw tables to ``gate_records`` and ``gate_platform``."""
    return [
        *ground_steps(shape),
        *record_steps(shape),
        Step("gate_platform", platform_query(shape)),
    ]


def wanted_step(shape: Shape, *, given: bool) -> Step:
    """Return the step to the releases that are asked for and whose gate has come.

    Which age is asked for stands in ``gate_given`` where it is given; else there is only one.
    """
    restriction = "\nJOIN gate_given AS g ON g.release = r.release" if given else ""
    age = "g.age" if given else f"{shape.ages[0]}"
    return Step(
        "gate_wanted",
        f"""\
SELECT r.*, {age} AS age, r.day0 + {age} - 1 AS gate
FROM gate_releases AS r{restriction}
WHERE r.day0 + {age} - 1 <= {shape.as_of}""",
    )


def feature_steps(shape: Shape) -> list[Step]:
    """Return the steps between the daily rows, records and platform, and the last query."""
    return [
        *window_steps(shape),
        *creator_steps(shape),
        *level_steps(shape),
        *version_steps(shape),
        *track_steps(shape),
        *decay_steps(shape),
        Step("gate_features", final_query(shape)),
    ]


def final_query(shape: Shape) -> str:
    """Return the query of keys, daily counts and features, in any order.

    ``#rid`` numbers the releases by release date and name; no feature has a name with such a sign.
    Its answer is kept as a table, since a
    query that is fetched is planned twice, and to plan this one takes longer than to run it.
    """
    days = [
        f'w.m{i}_{k} AS "#m{i}_{k}"'
        for i in range(len(shape.metrics))
        for k in range(1, shape.window + 1)
    ]
    features = [
        f"{f.sql if f.category else f'CAST({f.sql} AS DOUBLE)'} AS {quoted(f.name)}"
        for f in all_features(shape)
    ]
    joins = [
        "JOIN gate_shapes AS w ON w.rid = r.rid",
        "LEFT JOIN gate_activity AS v ON v.rid = r.rid",
        *creator_joins(shape),
        *context_joins(),
        *decay_joins(shape),
        *track_joins(shape),
    ]
    lines = "\n".join(joins)
    parts = ",\n".join(f"{step.name} AS (\n{step.sql}\n)" for step in shape_steps(shape))
    return f"""\
WITH
{parts}
SELECT
  r.rid AS "#rid",
  r.release AS "#release",
  r.release_date AS "#release_date",
  r.age AS "#age",
  CASE WHEN r.known <= r.gate THEN r.artist END AS "#artist",
  CASE WHEN r.known <= r.gate THEN 0 ELSE 1 END AS "#listed_late",
  CASE WHEN {REACHES} THEN 0 ELSE 1 END AS "#out_of_reach",
  {columns(days)},
  {columns(features)}
FROM gate_wanted AS r
{lines}"""
