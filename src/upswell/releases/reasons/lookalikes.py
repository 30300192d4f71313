"""Look-alikes: the mature releases whose first days were most like those of a release.

Two releases are near each other when their daily counts are, on the scale of logarithms and in
units of how far totals spread; and when they are alike in the few features, beside the counts, that
the regression leans on most. Where only some days are seen, only these days count, and only what
does not depend on the days: track records and attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.releases.frames import FeatureTable
from upswell.releases.judging.trivial import tiers_of
from upswell.releases.reasons.themes import theme_of
from upswell.releases.reasons.usual import COMPLETE, Usual, headline_of

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.ground import Ground
    from upswell.releases.scoring import ScoredReleases
    from upswell.releases.trained import TrainedReleases

__all__ = ["MOST_KEPT", "NEAREST", "alike_kept", "lookalikes_of"]

Floats = NDArray[np.float64]

MOST_KEPT = 20_000
"""Mature releases that are kept to be compared with, the latest."""

NEAREST = 5
MOST_FEATURES = 8
_TOGETHER = 512
_MARK = "x_"


def alike_kept(ground: Ground, usual: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the mature releases to compare with, for the bundle.

    Parameters
    ----------
    ground
        What was learnt from.
    usual
        What `upswell.releases.reasons.usual.usual_kept` gave.

    Returns
    -------
    dict
        ``alike``: a row a release with ``release, artist, release_date, day1..``, the daily counts
        of the headline metric; ``outcome``, its streams at the longest horizon; and the features
        that are compared, each behind ``x_``. The latest releases come last.
    """
    import polars as pl

    logs = ground.log_outcomes(ground.complete)[:, -1]
    rows = np.flatnonzero(np.isfinite(logs))[-MOST_KEPT:]
    table = ground.complete.take(rows)
    single = {"release": table.keys["release"], "artist": table.keys["artist"]}
    daily = table.daily[headline_of(table)]
    columns = {
        **single,
        "release_date": table.keys["release_date"],
        **{f"day{k + 1}": _small(daily[:, k]) for k in range(daily.shape[1])},
        "outcome": _small(np.expm1(logs[rows])),
    }
    for name in _compared(table, usual):
        columns[_MARK + name] = table.features[name].cast(pl.Float32)
    return {"alike": pl.DataFrame(columns)}


def _small(values: Floats) -> pl.Series:
    import polars as pl

    return pl.Series(values.astype(np.float32), dtype=pl.Float32).fill_nan(None)


def _compared(table: FeatureTable, usual: pl.DataFrame) -> list[str]:
    """Return the features beside the counts that the regression leans on most."""
    weight = dict(usual.filter(kind=COMPLETE).select("name", "weight").iter_rows())
    found = [
        note.name
        for note in table.catalogue
        if weight.get(note.name, 0.0) > 0
        and theme_of(note, table.metrics) not in ("size", "curve", "window", "platform")
    ]
    return sorted(found, key=lambda name: (-weight[name], name))[:MOST_FEATURES]


def lookalikes_of(
    trained: TrainedReleases, scored: ScoredReleases, nearest: int = NEAREST
) -> pl.DataFrame:
    """Return the mature releases nearest to each scored one.

    Parameters
    ----------
    trained
        The bundle; where it has no such table, the answer is empty.
    scored
        What was scored. A release is never its own look-alike, and whose outcome was not known on
        the as-of day is none.
    nearest
        How many.

    Returns
    -------
    polars.DataFrame
        A row a release and look-alike: ``release, rank, other, artist, release_date, distance,
        day1..dayW`` (daily counts of the headline metric), ``outcome`` (streams at the longest
        horizon) and ``tier``.
    """
    import polars as pl

    window = trained.config.window
    kept = trained.kept.get("alike")
    usual = Usual.of(trained.kept["usual"], COMPLETE, window) if "usual" in trained.kept else None
    if kept is None or usual is None:
        return _empty(window)
    kept = _known(kept, trained, scored)
    ages = scored.table.keys["age"].to_numpy()
    parts = [
        _nearest(kept, usual, trained, scored.table.take(ages == age), nearest)
        for age in sorted(set(ages.tolist()))
    ]
    parts = [part for part in parts if part.height]
    if not parts:
        return _empty(window)
    return pl.concat(parts)


def _known(kept: pl.DataFrame, trained: TrainedReleases, scored: ScoredReleases) -> pl.DataFrame:
    """Leave out whose outcome became known only after the day of the scores."""
    import polars as pl

    if scored.as_of >= trained.as_of:
        return kept
    longest = trained.config.horizons[-1]
    told = (
        trained.memory.records.filter(pl.col("horizon") == longest)
        .group_by("release")
        .agg(pl.col("known").max())
        .filter(pl.col("known") <= scored.as_of)
    )
    return kept.join(told, on="release", how="semi", maintain_order="left")


def _nearest(
    kept: pl.DataFrame,
    usual: Usual,
    trained: TrainedReleases,
    table: FeatureTable,
    nearest: int,
) -> pl.DataFrame:
    """Return the look-alikes of releases of one age."""
    import polars as pl

    window, age = trained.config.window, int(table.keys["age"][0])
    days = [f"day{k}" for k in range(1, window + 1)]
    names = [name for name in kept.columns if name.startswith(_MARK)]
    if age < window:
        names = [name for name in names if _lasting(name.removeprefix(_MARK), trained)]
    others = _embedded(
        kept.select(days[:age]).cast(pl.Float64).fill_null(np.nan).to_numpy(),
        kept.select(names).cast(pl.Float64).fill_null(np.nan).to_numpy(),
        usual,
        names,
    )
    own = [name.removeprefix(_MARK) for name in names]
    seen = _embedded(
        table.daily[headline_of(table)][:, :age],
        table.features.select(own).cast(pl.Float64).fill_null(np.nan).to_numpy(),
        usual,
        names,
    )
    places = {name: place for place, name in enumerate(kept["release"].to_list())}
    selves = np.array([places.get(name, -1) for name in table.keys["release"].to_list()])
    found, distances = _ranked(seen, others, selves, nearest)
    count = found.shape[1]
    if not count or not len(table):
        return _empty(window)
    rows = kept[pl.Series(found.ravel(), dtype=pl.UInt32)]
    outcome = rows["outcome"].cast(pl.Float64).to_numpy()
    tiers = np.array(trained.config.tiers.names)[tiers_of(outcome, trained.config.tiers.bounds)]
    names_twice = np.repeat(np.arange(len(table)), count)
    return rows.select(
        table.keys["release"][pl.Series(names_twice, dtype=pl.UInt32)].alias("release"),
        pl.Series("rank", np.tile(np.arange(1, count + 1), len(table)), dtype=pl.Int64),
        pl.col("release").alias("other"),
        "artist",
        "release_date",
        pl.Series("distance", distances.ravel().round(6)),
        pl.col(*days, "outcome").cast(pl.Float64),
        pl.Series("tier", tiers.tolist(), dtype=pl.String),
    )


def _lasting(name: str, trained: TrainedReleases) -> bool:
    """Say whether a feature does not depend on the days seen."""
    groups = {note.name: note.group for note in trained.schema.catalogue}
    return groups.get(name) in ("track record", "attributes", "previews", "calendar")


def _embedded(daily: Floats, features: Floats, usual: Usual, names: list[str]) -> Floats:
    """Return releases as points whose distance is the one that counts.

    What is missing lies at the usual place, and a unit away from everything that is not missing.
    """
    spread = _spread(usual)
    logs = np.log1p(np.maximum(np.nan_to_num(daily), 0.0)) / (spread * np.sqrt(daily.shape[1]))
    if not names:
        return np.asarray(logs)
    own = [name.removeprefix(_MARK) for name in names]
    weights = np.array([usual.weight[name] for name in own])
    scale = np.sqrt(weights / weights.sum()) / np.array([usual.spread[name] for name in own])
    missing = ~np.isfinite(features)
    middles = np.array([usual.middle[name] for name in own])
    moved = np.where(missing, 0.0, features - middles) * scale
    marks = missing * np.sqrt(weights / weights.sum())
    return np.concatenate([logs, moved, marks], axis=1)


def _spread(usual: Usual) -> float:
    totals = [value for name, value in usual.spread.items() if name.endswith("_log_total")]
    return totals[0] if totals else 1.0


def _ranked(
    seen: Floats, others: Floats, selves: NDArray[np.int64], nearest: int
) -> tuple[NDArray[np.int64], Floats]:
    """Return places and distances of the nearest others, the nearest and the latest first."""
    own = others.shape[0] - (1 if (selves >= 0).any() else 0)
    count = max(min(nearest, own), 0)
    if not count:
        return np.empty((len(seen), 0), dtype=np.int64), np.empty((len(seen), 0))
    squares = (others**2).sum(axis=1)
    found, distances = [], []
    for start in range(0, len(seen), _TOGETHER):
        part = seen[start : start + _TOGETHER]
        far = (part**2).sum(axis=1)[:, None] + squares - 2.0 * part @ others.T
        far = np.maximum(far, 0.0)
        me = selves[start : start + _TOGETHER]
        far[np.flatnonzero(me >= 0), me[me >= 0]] = np.inf
        some = np.argpartition(far, count - 1, axis=1)[:, :count]
        near = np.take_along_axis(far, some, axis=1)
        order = np.lexsort((-some, near), axis=1)
        found.append(np.take_along_axis(some, order, axis=1))
        distances.append(np.sqrt(np.take_along_axis(near, order, axis=1)))
    return np.concatenate(found), np.concatenate(distances)


def _empty(window: int) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(
        schema={
            "release": pl.String,
            "rank": pl.Int64,
            "other": pl.String,
            "artist": pl.String,
            "release_date": pl.Date,
            "distance": pl.Float64,
            **{f"day{k}": pl.Float64 for k in range(1, window + 1)},
            "outcome": pl.Float64,
            "tier": pl.String,
        }
    )
