"""The blend: the pretrained LSTM and statistical models, by the weights that a panel supports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting._logscale import offsets, recent_mean
from upswell.forecasting.ensemble import combine
from upswell.forecasting.evidence import Evidence
from upswell.forecasting.failure import fit_or_fail
from upswell.forecasting.history import History, MedianForecaster
from upswell.forecasting.quantiles import Quantiles, moved
from upswell.forecasting.relative_error import relative_error, window_worth

__all__ = ["Blend", "Lead"]

Floats = NDArray[np.float64]

# With fewer days the windows say little of partners that need weeks to learn a rhythm.
LEAST_DAYS = 120
# The largest series are worth the time that partners take.
MOST_BLENDED = 1000
# Equal weights are hard to beat; a panel must speak against them with windows.
PRIOR_SHARE = 0.5
PRIOR_WINDOWS = 4.0
SHARES = np.linspace(0.0, 1.0, 11)


class Lead(MedianForecaster, Protocol):
    """A forecaster of medians that says quantiles, too."""

    def quantiles(self, history: History, horizon: int) -> Quantiles:
        """Forecast quantiles; see `upswell.forecasting.quantiles.QuantileForecaster`."""


@dataclass(frozen=True)
class Blend:
    """A forecaster of quantiles whose medians are averaged with those of partners.

    On the log scale the lead's median has the weight `share`, and the partners' mean the rest. The
    lead's quantiles move with the median. Partners are asked for the 1,000 largest series; the
    others, and those on which a partner fails, are the lead's alone.

    Parameters
    ----------
    lead
        Says the quantiles.
    partners
        Forecasters of medians.
    share
        Weight of the lead, from 0 to 1.

    References
    ----------
    Timmermann, A. (2006). Forecast combinations. Handbook of Economic Forecasting 1, 135-196.
    """

    lead: Lead
    partners: tuple[MedianForecaster, ...]
    share: float = PRIOR_SHARE
    name: str = "blend"
    costly: bool = False

    @property
    def members(self) -> tuple[MedianForecaster, ...]:
        """The lead and its partners."""
        return (self.lead, *self.partners)

    def for_days(self, days: int) -> Blend | Lead:
        """Return the blend for a history of so many days: for a short one the lead alone."""
        return self if days >= LEAST_DAYS else self.lead

    def fit(self, history: History, horizon: int, seed: int) -> Blend:  # noqa: ARG002
        """Return itself: its members fit when they are asked."""
        return self

    def predict(self, history: History, horizon: int) -> Floats:
        """Forecast medians, shape ``(S, H)``."""
        return self.quantiles(history, horizon).median

    def quantiles(self, history: History, horizon: int) -> Quantiles:
        """Forecast quantiles; see `upswell.forecasting.quantiles.QuantileForecaster`."""
        said = self.lead.quantiles(history, horizon)
        if self.share == 1.0:
            return said
        rows = self.blended(history)
        part = history.select(rows)
        layers = [said.median[rows]]
        layers += [fit_or_fail(p, part, horizon, 0).predict(part, horizon) for p in self.partners]
        wanted = said.median.copy()
        wanted[rows] = self.averaged(np.stack(layers), offsets(part.values))
        return moved(said, wanted)

    @staticmethod
    def blended(history: History) -> NDArray[np.int64]:
        """Return the places of the series for which the partners are asked, ascending."""
        order = np.argsort(-recent_mean(history.values), kind="stable")
        return np.sort(order[:MOST_BLENDED])

    def averaged(self, layers: Floats, shifts: Floats) -> Floats:
        """Average medians; where a partner failed the lead's stand.

        Parameters
        ----------
        layers
            Medians of lead and partners, shape ``(1 + M, S, ..., H)``.
        shifts
            Offsets of the log scale, shape ``(S, ...)``.
        """
        rest = (1.0 - self.share) / (len(layers) - 1)
        weights = np.array([self.share, *[rest] * (len(layers) - 1)])
        found = combine(layers, shifts, weights)
        return np.where(np.isfinite(found), found, layers[0])

    def supported(self, evidence: Evidence) -> Blend:
        """Return the blend with the share that a panel's windows support.

        The share with the least error relative to seasonal naive's is shrunk towards equal
        weights: ``n`` independent windows weigh ``n / (n + 4)``.

        Parameters
        ----------
        evidence
            Windows of all members and of seasonal naive.
        """
        layers = np.stack([evidence.medians[member.name] for member in self.members])
        errors = [
            relative_error(evidence, replace(self, share=s).averaged(layers, evidence.shifts))
            for s in SHARES.tolist()
        ]
        if not np.isfinite(errors).any():
            return self
        worth = window_worth(evidence)
        best = float(SHARES[int(np.nanargmin(errors))])
        share = (worth * best + PRIOR_WINDOWS * PRIOR_SHARE) / (worth + PRIOR_WINDOWS)
        return replace(self, share=round(share, 3))

    def tested(self, evidence: Evidence) -> Evidence:
        """Return evidence that holds this blend beside its members."""
        layers = np.stack([evidence.medians[member.name] for member in self.members])
        medians = self.averaged(layers, evidence.shifts)
        said = tuple(
            moved(window, medians[:, w])
            for w, window in enumerate(evidence.said.get(self.lead.name, ()))
        )
        return replace(
            evidence,
            medians={**evidence.medians, self.name: medians},
            said={**evidence.said, self.name: said},
        )

    def described(self) -> str:
        """Say in words what is averaged, and how."""
        others = " and ".join(partner.name for partner in self.partners)
        return f"{self.lead.name} ({self.share:.0%}) averaged with {others}"
