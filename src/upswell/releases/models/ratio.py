"""What the regression learns: the log ratio of the outcome to the window, free of wild values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError
from upswell.releases.frames import FeatureTable

__all__ = ["LogRatio", "ratio_limits", "silent_releases"]

Floats = NDArray[np.float64]

_LEAST_SILENT = 20
_FAR = 6.0
_TENTHS = 2.5631
"""Standard deviations of a normal between its first and last tenth."""


@dataclass(frozen=True)
class LogRatio:
    """The log ratio of outcome to window total, at ``H`` horizons.

    A release without anything in its window has no ratio. It starts from where a usual ratio leads
    to what such releases came to: models that were taught on few of them, or none, answer with a
    usual ratio. One that has something, only nothing of the base metric, is small, and
    starts from its total of 0 like any other. Ratios that teach are clipped six robust standard
    deviations from their median, so that one broken window cannot bend the model; no release is
    left out, and no outcome is changed where it is judged.

    Parameters
    ----------
    base
        The metric of the window.
    silent
        Where releases without anything in their window start, shape ``(H,)``: their median log
        outcome less the median ratio of the others.
    low, high
        Where ratios are clipped, shape ``(H,)``.
    """

    base: str
    silent: Floats
    low: Floats
    high: Floats

    @classmethod
    def fit(cls, table: FeatureTable, log_outcomes: Floats, base: str) -> Self:
        """Learn from the releases that teach.

        Parameters
        ----------
        table
            Features of ``N`` releases.
        log_outcomes
            ``log(1 + streams)``, shape ``(N, H)``, NaN where unknown; each horizon has one at
            least.
        base
            The metric of the window.
        """
        nothing = silent_releases(table)
        silent = np.array([_silent(column, nothing) for column in log_outcomes.T])
        free = np.full(silent.shape, np.inf)
        start = cls(base, silent, -free, free)
        heard = start.of(table, log_outcomes)[~nothing]
        usual = [
            np.median(own) if (own := column[np.isfinite(column)]).size else 0.0
            for column in heard.T
        ]
        silent = silent - np.array(usual)
        start = cls(base, silent, -free, free)
        limits = [
            ratio_limits(column[np.isfinite(column)]) for column in start.of(table, log_outcomes).T
        ]
        low, high = np.array(limits).T
        return cls(base, silent, low, high)

    def offset(self, table: FeatureTable) -> Floats:
        """Return what is added to a ratio to give a log outcome, shape ``(N, H)``."""
        total = table.window_total(self.base)[:, None]
        return np.where(
            silent_releases(table)[:, None], self.silent, np.log1p(np.maximum(total, 0.0))
        )

    def of(self, table: FeatureTable, log_outcomes: Floats) -> Floats:
        """Return clipped ratios, shape ``(N, H)``, NaN where the outcome is unknown."""
        return np.clip(log_outcomes - self.offset(table), self.low, self.high)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        numbers = {name: getattr(self, name).tolist() for name in ("silent", "low", "high")}
        return {"base": self.base, **numbers}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return it from plain data.

        Raises
        ------
        BundleError
            When it is none.
        """
        try:
            numbers = [np.array(data[name], dtype=float) for name in ("silent", "low", "high")]
            base = data["base"]
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError("the bundle's ratio is damaged") from error
        if not isinstance(base, str) or len({each.shape for each in numbers}) != 1:
            raise BundleError("the bundle's ratio is damaged")
        return cls(base, *numbers)


def silent_releases(table: FeatureTable) -> NDArray[np.bool_]:
    """Say which releases have nothing of any metric in their window."""
    totals = [table.window_total(metric) <= 0 for metric in table.metrics]
    return np.asarray(np.all(totals, axis=0), dtype=np.bool_)


def _silent(log_outcomes: Floats, nothing: NDArray[np.bool_]) -> float:
    """Return what releases with nothing in their window came to; of all, where they are few."""
    known = np.isfinite(log_outcomes)
    own = log_outcomes[known & nothing]
    return float(np.median(own if own.size >= _LEAST_SILENT else log_outcomes[known]))


def ratio_limits(ratios: Floats) -> tuple[float, float]:
    """Return where ratios that teach are clipped: six robust deviations from their median.

    Examples
    --------
    >>> low, high = ratio_limits(np.linspace(-1.0, 1.0, 101))
    >>> round(low, 2), round(high, 2)
    (-3.75, 3.75)
    """
    low, middle, high = np.quantile(ratios, [0.1, 0.5, 0.9])
    far = max(_FAR * (high - low) / _TENTHS, 1.0)
    return float(middle - far), float(middle + far)
