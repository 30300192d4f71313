"""What is usual among mature releases: the measure that reasons and look-alikes are taken by.

It is made at training and travels in the bundle: of each feature, by kind of window, the middle and
the tenths, and how much the regression leans on it; and the mean logarithm of the first days, day
by day, which is where every answer starts from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.releases.frames import FeatureTable
from upswell.releases.models.expert import Expert
from upswell.releases.models.lesson import features_of

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.ground import Ground

__all__ = ["COMPLETE", "SHORT", "Usual", "headline_of", "usual_kept"]

Floats = NDArray[np.float64]

COMPLETE, SHORT = "complete", "short"
"""Kinds of windows."""

_OFFSET = "#offset"
_HEADLINE = "#headline"
_DAY = "#headline day {}"
_TENTHS = 2.5631


@dataclass(frozen=True)
class Usual:
    """What is usual for one kind of window.

    Parameters
    ----------
    middle
        Median of each feature that is a number.
    spread
        Robust standard deviation of each, above 0.
    weight
        Share of each in what the regression leans on.
    offset
        Mean of what the log ratio is added to.
    headline
        Mean logarithm of the headline metric's window total.
    days
        The same by day ``k`` of complete windows, shape ``(window,)``.
    """

    middle: Mapping[str, float]
    spread: Mapping[str, float]
    weight: Mapping[str, float]
    offset: float
    headline: float
    days: Floats

    @classmethod
    def of(cls, frame: pl.DataFrame, kind: str, window: int) -> Usual | None:
        """Read what is usual for a kind of window; None where nothing is said of it."""
        own = {row["name"]: row for row in frame.filter(kind=kind).iter_rows(named=True)}
        if _OFFSET not in own:
            return None
        features = {name: row for name, row in own.items() if not name.startswith("#")}
        return cls(
            middle={name: row["middle"] for name, row in features.items()},
            spread={name: row["spread"] for name, row in features.items()},
            weight={name: row["weight"] for name, row in features.items()},
            offset=own[_OFFSET]["middle"],
            headline=own[_HEADLINE]["middle"],
            days=np.array([own[_DAY.format(k)]["middle"] for k in range(1, window + 1)]),
        )


def headline_of(table: FeatureTable) -> str:
    """Return the metric by which sizes are said: the first of the signals."""
    return table.metrics[0]


def usual_kept(ground: Ground, complete: Expert, short: Expert | None) -> dict[str, pl.DataFrame]:
    """Return what is usual among mature releases, for the bundle.

    Parameters
    ----------
    ground
        What was learnt from.
    complete, short
        The experts that were taught on it.

    Returns
    -------
    dict
        ``usual``: a row a kind of window and feature, with ``kind, name, middle, spread, weight``.
    """
    import polars as pl

    pairs = [(COMPLETE, complete, ground.complete), (SHORT, short, ground.short)]
    mature = _mature(ground, ground.complete)
    metric = headline_of(ground.complete)
    sums = np.nancumsum(mature.daily[metric], axis=1)
    days = {_DAY.format(k + 1): float(np.log1p(sums[:, k]).mean()) for k in range(sums.shape[1])}
    parts = []
    for kind, expert, table in pairs:
        if expert is None or table is None:
            continue
        own = _mature(ground, table)
        means = {
            _OFFSET: float(expert.ratio.offset(own)[:, -1].mean()),
            _HEADLINE: float(np.log1p(own.window_total(metric)).mean()),
            **days,
        }
        rows = [(name, value, 1.0, 0.0) for name, value in means.items()]
        parts.append(
            pl.DataFrame(
                [*rows, *_feature_rows(expert, own)],
                schema={
                    "name": pl.String,
                    **dict.fromkeys(("middle", "spread", "weight"), pl.Float64),
                },
                orient="row",
            ).select(pl.lit(kind).alias("kind"), pl.all())
        )
    return {"usual": pl.concat(parts)}


def _mature(ground: Ground, table: FeatureTable) -> FeatureTable:
    return table.take(np.isfinite(ground.log_outcomes(table)[:, -1]))


def _feature_rows(expert: Expert, table: FeatureTable) -> list[tuple[str, float, float, float]]:
    """Return name, median, spread and weight of each feature that is a number."""
    features = features_of(table)
    names = expert.center.center.encoder.names
    weights = dict(zip(names, _leaning(expert), strict=True))
    rows = []
    for name in names:
        if not features.schema[name].is_numeric():
            continue
        values = features[name].drop_nulls().to_numpy()
        values = values[np.isfinite(values)]
        if not values.size:
            continue
        low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
        spread = float(high - low) / _TENTHS or float(values.std()) or 1.0
        rows.append((name, float(middle), spread, float(weights[name])))
    return rows


def _leaning(expert: Expert) -> Floats:
    """Return the share of each feature in what moves the regression's answer (CatBoost's own)."""
    forest = expert.center.center.boosters[-1]
    count = len(expert.center.center.encoder.names)
    if isinstance(forest, float):
        return np.zeros(count)
    gain = np.asarray(forest.get_feature_importance(), dtype=np.float64)
    return gain / max(float(gain.sum()), np.finfo(float).tiny)
