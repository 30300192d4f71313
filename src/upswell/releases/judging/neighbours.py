"""Trivial neighbours of the models: rules that anybody could follow, in every table beside them.

Each is fitted to releases that teach and predicts streams at every horizon. What a rule sees of the
window is the total, or the daily counts, of one **base** metric: the one whose total goes best with
the outcome. All of them work on counts plus one, ``log(1 + x)``, so that 0 is a count like any
other, except where said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from upswell.errors import SettingError
from upswell.releases.frames import FeatureTable
from upswell.releases.judging._fitting import (
    Floats,
    by_horizon,
    checked_outcomes,
    correlation,
    log_total,
    means_of_known,
    relative_least_squares,
    slope,
    streams_of,
)

__all__ = [
    "NEIGHBOURS",
    "ArtistMean",
    "Constant",
    "LogLinear",
    "MedianRatio",
    "MultivariateLinear",
    "Neighbour",
    "base_metric",
    "fit_neighbours",
]


class Neighbour(Protocol):
    """A rule that was fitted."""

    def predict(self, table: FeatureTable) -> Floats:
        """Return streams at each horizon, shape ``(N, H)``, from 0."""


def base_metric(table: FeatureTable, log_outcomes: Floats) -> str:
    """Return the metric whose log window total goes best with the log outcome.

    Parameters
    ----------
    table
        Releases that teach, ``N``.
    log_outcomes
        ``log(1 + streams)`` at each horizon, shape ``(N, H)``, NaN where unknown; the last horizon
        decides.

    Returns
    -------
    str
        The metric with the highest Pearson correlation. The first of equals, and the first metric
        where no correlation is defined, as with a single release.

    Raises
    ------
    SettingError
        When the table has no metric.
    """
    if not table.metrics:
        raise SettingError("there is no metric to compare with")
    outcome = checked_outcomes(table, log_outcomes)[:, -1]
    known = np.isfinite(outcome)
    best, highest = table.metrics[0], -np.inf
    for metric in table.metrics:
        found = correlation(log_total(table, metric)[known], outcome[known])
        if found > highest + 1e-12:
            best, highest = metric, found
    return best


@dataclass(frozen=True)
class Constant:
    """The median outcome, for every release.

    Parameters
    ----------
    streams
        By horizon, shape ``(H,)``.
    """

    streams: Floats

    @classmethod
    def fit(cls, train: FeatureTable, log_outcomes: Floats, base: str | None = None) -> Self:
        """Fit to the releases that teach; `base` is not used."""
        del base
        outcomes = np.expm1(checked_outcomes(train, log_outcomes))
        return cls(by_horizon(outcomes, lambda own, _: float(np.median(own))))

    def predict(self, table: FeatureTable) -> Floats:
        """Return streams at each horizon, shape ``(N, H)``."""
        return np.tile(self.streams, (len(table), 1))


@dataclass(frozen=True)
class MedianRatio:
    """The window total times the median of ``(1 + outcome) / (1 + total)``.

    Parameters
    ----------
    base
        The metric.
    log_ratio
        By horizon, shape ``(H,)``.
    """

    base: str
    log_ratio: Floats

    @classmethod
    def fit(cls, train: FeatureTable, log_outcomes: Floats, base: str) -> Self:
        """Fit to the releases that teach."""
        ratios = checked_outcomes(train, log_outcomes) - log_total(train, base)[:, None]
        return cls(base, by_horizon(ratios, lambda own, _: float(np.median(own))))

    def predict(self, table: FeatureTable) -> Floats:
        """Return streams at each horizon, shape ``(N, H)``."""
        return streams_of(log_total(table, self.base)[:, None] + self.log_ratio)


@dataclass(frozen=True)
class LogLinear:
    """A straight line from the log window total to the log outcome, by least squares.

    Parameters
    ----------
    base
        The metric.
    intercept, slope
        By horizon, shape ``(H,)``; without two different totals the slope is 0.

    Notes
    -----
    Szabo, G. and Huberman, B. A. (2010). Predicting the popularity of online content.
    Communications of the ACM 53(8), 80-88; there the slope is fixed at 1, here it is fitted.
    """

    base: str
    intercept: Floats
    slope: Floats

    @classmethod
    def fit(cls, train: FeatureTable, log_outcomes: Floats, base: str) -> Self:
        """Fit to the releases that teach."""
        outcomes, total = checked_outcomes(train, log_outcomes), log_total(train, base)
        slopes = by_horizon(outcomes, lambda own, known: slope(total[known], own))
        means = by_horizon(outcomes, lambda own, _: float(own.mean()))
        centre = by_horizon(outcomes, lambda _, known: float(total[known].mean()))
        return cls(base, means - slopes * centre, slopes)

    def predict(self, table: FeatureTable) -> Floats:
        """Return streams at each horizon, shape ``(N, H)``."""
        return streams_of(self.intercept + self.slope * log_total(table, self.base)[:, None])


@dataclass(frozen=True)
class MultivariateLinear:
    """A weighted sum of the daily counts, with the least squared relative error.

    Parameters
    ----------
    base
        The metric.
    weights
        Of each day, by horizon, shape ``(H, window)``.
    at_least_base
        Whether no outcome that taught lay below its window total; then no prediction does, and
        otherwise none lies below 0.

    Notes
    -----
    Pinto, H., Almeida, J. M. and Gonçalves, M. A. (2013). Using early view patterns to predict the
    popularity of YouTube videos. WSDM 2013, 365-374, equations 5 and 6. It works on counts as they
    are; releases with an outcome of 0 have no relative error and do not teach it, days without a
    record count as 0, and a slight ridge keeps the weights finite.
    """

    base: str
    weights: Floats
    at_least_base: bool

    @classmethod
    def fit(cls, train: FeatureTable, log_outcomes: Floats, base: str) -> Self:
        """Fit to the releases that teach."""
        outcomes = np.expm1(checked_outcomes(train, log_outcomes))
        days = np.nan_to_num(train.daily[base])
        weights = np.zeros((outcomes.shape[1], days.shape[1]))
        for horizon, own in enumerate(outcomes.T):
            taught = own > 0
            weights[horizon] = relative_least_squares(days[taught], own[taught])
        below = outcomes < days.sum(axis=1)[:, None] * (1.0 - 1e-9)
        return cls(base, weights, not bool(below.any()))

    def predict(self, table: FeatureTable) -> Floats:
        """Return streams at each horizon, shape ``(N, H)``."""
        days = np.nan_to_num(table.daily[self.base])
        floor = days.sum(axis=1)[:, None] if self.at_least_base else 0.0
        # Not a matrix product: the order of its sums depends on the threads of the library.
        return np.asarray(np.maximum(np.einsum("nd,hd->nh", days, self.weights), floor))


@dataclass(frozen=True)
class ArtistMean:
    """The artist's mean log outcome over the releases that teach; the constant without one.

    Parameters
    ----------
    log_streams
        By artist, at each horizon, shape ``(H,)``; NaN where the artist has no outcome.
    constant
        For artists without an outcome, unknown artists among them, shape ``(H,)``.
    """

    log_streams: Mapping[str, Floats]
    constant: Floats

    @classmethod
    def fit(cls, train: FeatureTable, log_outcomes: Floats, base: str | None = None) -> Self:
        """Fit to the releases that teach; `base` is not used."""
        outcomes = checked_outcomes(train, log_outcomes)
        rows: dict[str, list[int]] = {}
        for row, artist in enumerate(train.keys["artist"].to_list()):
            if artist is not None:
                rows.setdefault(artist, []).append(row)
        means = {artist: means_of_known(outcomes[own]) for artist, own in rows.items()}
        return cls(means, np.log1p(Constant.fit(train, outcomes, base).streams))

    def predict(self, table: FeatureTable) -> Floats:
        """Return streams at each horizon, shape ``(N, H)``."""
        nothing = np.full(self.constant.shape, np.nan)
        artists = table.keys["artist"].to_list()
        means = [self.log_streams.get(artist, nothing) for artist in artists]
        found = np.array(means).reshape(len(table), len(self.constant))
        return streams_of(np.where(np.isnan(found), self.constant, found))


NEIGHBOURS: Mapping[str, Callable[[FeatureTable, Floats, str], Neighbour]] = {
    "constant": Constant.fit,
    "median-ratio": MedianRatio.fit,
    "log-linear": LogLinear.fit,
    "multivariate-linear": MultivariateLinear.fit,
    "artist-mean": ArtistMean.fit,
}
"""How each neighbour is fitted, by its name."""


def fit_neighbours(
    train: FeatureTable, log_outcomes: Floats, base: str | None = None
) -> dict[str, Neighbour]:
    """Fit all trivial neighbours.

    Parameters
    ----------
    train
        Releases that teach, ``N``, with the window that will be predicted from.
    log_outcomes
        ``log(1 + streams)`` at each horizon, shape ``(N, H)``, NaN where unknown.
    base
        The base metric; by default `base_metric`.

    Returns
    -------
    dict of str to Neighbour
        By name, in the order of `NEIGHBOURS`.

    Raises
    ------
    SettingError
        When shapes do not agree, or no outcome is known at some horizon.

    Examples
    --------
    >>> import polars as pl
    >>> keys = pl.DataFrame({"release": ["a", "b", "c"], "artist": ["x", "x", None]})
    >>> daily = {"views": np.array([[4.0, 5.0], [40.0, 59.0], [np.nan, 0.0]])}
    >>> table = FeatureTable(keys, pl.DataFrame(), (), daily)
    >>> fitted = fit_neighbours(table, np.log1p([[19.0], [199.0], [1.0]]))
    >>> for name, rule in fitted.items():
    ...     print(name, rule.predict(table).round(1).ravel().tolist())
    constant [19.0, 19.0, 19.0]
    median-ratio [19.0, 199.0, 1.0]
    log-linear [19.0, 199.0, 1.0]
    multivariate-linear [19.0, 199.0, 0.0]
    artist-mean [62.2, 62.2, 19.0]
    """
    chosen = base if base is not None else base_metric(train, log_outcomes)
    return {name: fit(train, log_outcomes, chosen) for name, fit in NEIGHBOURS.items()}
