"""From distributions to the rows that go out: numbers, ranges, rounded figures, tiers, codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.releases.config import ReleasesConfig
from upswell.releases.frames import FeatureTable
from upswell.releases.judging.trivial import tiers_of
from upswell.releases.models.distribution import mean_of, quantiles_at, reach_of
from upswell.releases.models.expert import Expert
from upswell.releases.models.ordinal import tier_probabilities
from upswell.scoring import quantile_name, round_to_step

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CODES", "LEVELS", "answer_rows"]

LEVELS: tuple[float, ...] = tuple(i / 20 for i in range(1, 20))
"""Levels of the quantiles that go out."""

CODES = {
    "short-window": "the window is not complete yet; the range is wider",
    "no-signals": "nothing was recorded in the window",
    "gaps": "days of the window are missing",
    "new-artist": "no mature release of this artist is known",
    "beyond-training": "the window total lies outside of what training saw",
    "models-disagree": "regression and classification name different tiers",
    "empty-tier": "training had no example of some tier",
}
"""What each code of an answer means."""


def answer_rows(expert: Expert, table: FeatureTable, config: ReleasesConfig) -> pl.DataFrame:
    """Return what is said of some releases, a row for each release and horizon.

    Parameters
    ----------
    expert
        Taught on windows of this kind.
    table
        Features of ``N`` releases.
    config
        Horizons, step and tiers.

    Returns
    -------
    polars.DataFrame
        ``N * H`` rows, release by release in the order of the table: ``release, horizon, mean``,
        ``q05`` to ``q95``, ``rounded`` (the median), ``tier`` (in which the median lies),
        ``probability_<tier>``, ``status`` and ``codes``, separated by spaces.
    """
    import polars as pl

    curves, differs = expert.curves(table)
    tiers = config.tiers
    parts = []
    for place, horizon in enumerate(config.horizons):
        own = curves[:, :, place]
        streams = quantiles_at(own, LEVELS)
        median = streams[LEVELS.index(0.5)]
        chances = tier_probabilities(reach_of(own, tiers.bounds))
        names = np.array(tiers.names)[tiers_of(median, tiers.bounds)]
        codes = _codes(expert, table, differs[:, place], place)
        parts.append(
            pl.DataFrame(
                {
                    "release": table.keys["release"],
                    "horizon": pl.Series([horizon] * len(table), dtype=pl.Int64),
                    "mean": mean_of(own),
                    **{quantile_name(level): streams[i] for i, level in enumerate(LEVELS)},
                    "rounded": round_to_step(median, config.step, config.rounding),
                    "tier": pl.Series(names.tolist(), dtype=pl.String),
                    **{f"probability_{name}": chances[:, k] for k, name in enumerate(tiers.names)},
                    "status": pl.Series([_status(each) for each in codes], dtype=pl.String),
                    "codes": pl.Series([" ".join(each) for each in codes], dtype=pl.String),
                }
            ).with_row_index("place")
        )
    return pl.concat(parts).sort("place", "horizon").drop("place")


def _status(codes: tuple[str, ...]) -> str:
    """Return the standing of an answer: ``ok``, ``short-window`` or ``no-signals``."""
    return next((code for code in ("no-signals", "short-window") if code in codes), "ok")


def _codes(
    expert: Expert, table: FeatureTable, differs: NDArray[np.bool_], place: int
) -> list[tuple[str, ...]]:
    """Return the codes of each release."""
    ages = table.keys["age"].to_numpy()
    window = next(iter(table.daily.values())).shape[1]
    seen = np.isfinite(np.stack(list(table.daily.values()))).any(axis=0)
    days = seen.sum(axis=1)
    total = table.window_total(expert.ratio.base)
    low, high = expert.reach
    tracked = [name for name in table.features.columns if name == "artist_no_history"]
    new = (
        table.features[tracked[0]].fill_null(1.0).to_numpy() > 0
        if tracked
        else np.zeros(len(table), dtype=np.bool_)
    )
    marks = {
        "no-signals": days == 0,
        "short-window": ages < window,
        "gaps": (days > 0) & (days < np.minimum(ages, window)),
        "new-artist": new,
        "beyond-training": (days > 0) & ((total < low) | (total > high)),
        "models-disagree": differs,
        "empty-tier": np.full(len(table), bool(expert.tiers[place].empty_tiers)),
    }
    return [tuple(code for code, mask in marks.items() if mask[row]) for row in range(len(table))]
