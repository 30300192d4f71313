"""What the trivial neighbours answer, as one frame that stands beside the models' predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.releases.frames import FeatureTable
from upswell.releases.judging.neighbours import Neighbour, base_metric, fit_neighbours
from upswell.scoring import majority_class

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.config import TierSettings

__all__ = ["TrivialRules", "tiers_of"]


def tiers_of(streams: ArrayLike, bounds: Sequence[float]) -> NDArray[np.int64]:
    """Return the tier of each count of streams, 0 for the lowest.

    Parameters
    ----------
    streams
        Counts, any shape; none missing.
    bounds
        Ascending; a bound belongs to the tier above it.

    Returns
    -------
    numpy.ndarray
        The shape of `streams`, from 0 to ``len(bounds)``.

    Raises
    ------
    SettingError
        When a count is missing.

    Examples
    --------
    >>> tiers_of([0.0, 49_999.0, 50_000.0, 2e6], bounds=(50_000, 500_000)).tolist()
    [0, 0, 1, 2]
    """
    counts = np.asarray(streams, dtype=np.float64)
    if np.isnan(counts).any():
        raise SettingError("a missing count of streams belongs to no tier")
    return np.searchsorted(np.asarray(bounds, dtype=np.float64), counts, side="right")


@dataclass(frozen=True)
class TrivialRules:
    """All trivial neighbours, fitted: of the streams, of the tier, and of the ranking.

    Parameters
    ----------
    horizons
        Days, in the order of the columns of the outcomes, ``H``.
    tiers
        Names of the tiers, lowest first, ``C``.
    base
        The base metric, by whose window total releases are ranked.
    neighbours
        Those of the streams, by name.
    majority
        The most frequent tier at each horizon among the releases that teach, shape ``(H,)``.
    shares
        Share of each tier at each horizon, shape ``(H, C)``; each tier counted once more than it
        occurred, so that none is impossible.
    """

    horizons: tuple[int, ...]
    tiers: tuple[str, ...]
    base: str
    neighbours: Mapping[str, Neighbour]
    majority: NDArray[np.int64]
    shares: NDArray[np.float64]

    @classmethod
    def fit(
        cls,
        train: FeatureTable,
        log_outcomes: NDArray[np.float64],
        horizons: Sequence[int],
        tiers: TierSettings,
    ) -> Self:
        """Fit every rule to the releases that teach.

        Parameters
        ----------
        train
            Releases that teach, ``N``, with the window that will be predicted from.
        log_outcomes
            ``log(1 + streams)`` at each horizon, shape ``(N, H)``, NaN where unknown.
        horizons
            The ``H`` horizons.
        tiers
            Names and bounds.

        Raises
        ------
        SettingError
            When shapes do not agree, or no outcome is known at some horizon.
        """
        if np.shape(log_outcomes) != (len(train), len(horizons)):
            raise SettingError(
                f"outcomes have shape {np.shape(log_outcomes)}, not ({len(train)}, {len(horizons)})"
            )
        base = base_metric(train, log_outcomes)
        neighbours = fit_neighbours(train, log_outcomes, base)
        count = len(tiers.names)
        majority, shares = [], []
        for own in np.expm1(log_outcomes).T:
            # The way through the logarithm must not push a count over a bound.
            streams = np.round(own[np.isfinite(own)], 6)
            labels = tiers_of(streams, tiers.bounds)
            majority.append(majority_class(labels, count))
            shares.append((np.bincount(labels, minlength=count) + 1) / (len(labels) + count))
        return cls(
            horizons=tuple(horizons),
            tiers=tiers.names,
            base=base,
            neighbours=neighbours,
            majority=np.array(majority),
            shares=np.array(shares),
        )

    def answers(self, table: FeatureTable) -> pl.DataFrame:
        """Return what every rule says of some releases.

        Parameters
        ----------
        table
            Features of ``N`` releases.

        Returns
        -------
        polars.DataFrame
            ``N * H`` rows, release by release in the order of the table, and horizon by horizon
            within a release: ``release, horizon``, the streams by each neighbour under its name,
            ``base`` (window total of the base metric), ``majority`` (name of a tier) and
            ``share_<tier>``.
        """
        import polars as pl

        count, horizons = len(table), len(self.horizons)
        columns: dict[str, pl.Series] = {
            "release": pl.Series(
                np.repeat(table.keys["release"].to_numpy(), horizons), dtype=pl.String
            ),
            "horizon": pl.Series(list(self.horizons) * count, dtype=pl.Int64),
        }
        for name, rule in self.neighbours.items():
            columns[name] = pl.Series(rule.predict(table).ravel(), dtype=pl.Float64)
        columns["base"] = pl.Series(np.repeat(table.window_total(self.base), horizons))
        named = [self.tiers[tier] for tier in self.majority]
        columns["majority"] = pl.Series(named * count, dtype=pl.String)
        for place, tier in enumerate(self.tiers):
            columns[f"share_{tier}"] = pl.Series(np.tile(self.shares[:, place], count))
        return pl.DataFrame(columns)
