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

# With fewer days partners cannot tell a rhythm.
LEAST_DAYS = 28
# The largest series are worth the time that partners take.
MOST_BLENDED = 1000
# A panel must speak against the usual share with windows.
PRIOR_SHARE = 0.7
PRIOR_WINDOWS = 4.0
# Levels of the lead between which a partner is heard.
HEARD = (0.3, 0.7)
SHARES = np.linspace(0.0, 1.0, 11)


class Lead(MedianForecaster, Protocol):
    """A forecaster of medians that says quantiles, too."""

    def quantiles(self, history: History, horizon: int) -> Quantiles:
        """Forecast quantiles; see `upswell.forecasting.quantiles.QuantileForecaster`."""


@dataclass(frozen=True)
class Blend:
    """A forecaster of quantiles whose medians are averaged with those of partners.

    On the log scale the lead's median has the weight `share`, and the partners' mean the rest. The
    lead's quantiles move with the median. A partner's median is heard within the lead's 40% range
    only, so that where the lead is sure of a trend a partner that knows none moves it but little.
    Partners are asked for the 1,000 largest series; the others, and those on which a partner
    fails, are the lead's alone.

    Parameters
    ----------
    lead
        Says the quantiles.
    partners
        Forecasters of medians.
    parts
        How they divide what the lead leaves, summing up to 1; none: equally.
    share
        Weight of the lead, from 0 to 1.

    References
    ----------
    Timmermann, A. (2006). Forecast combinations. Handbook of Economic Forecasting 1, 135-196.
    """

    lead: Lead
    partners: tuple[MedianForecaster, ...]
    parts: tuple[float, ...] = ()
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
        wanted[rows] = self.averaged(np.stack(layers), offsets(part.values), heard(said, rows))
        return moved(said, wanted)

    @staticmethod
    def blended(history: History) -> NDArray[np.int64]:
        """Return the places of the series for which the partners are asked, ascending."""
        order = np.argsort(-recent_mean(history.values), kind="stable")
        return np.sort(order[:MOST_BLENDED])

    def averaged(self, layers: Floats, shifts: Floats, between: Floats) -> Floats:
        """Average medians; where a partner failed the lead's stand.

        Parameters
        ----------
        layers
            Medians of lead and partners, shape ``(1 + M, S, ..., H)``.
        shifts
            Offsets of the log scale, shape ``(S, ...)``.
        between
            Least and largest median that a partner is heard with, shape ``(2, S, ..., H)``.
        """
        layers = np.concatenate([layers[:1], np.clip(layers[1:], *between)])
        parts = self.parts or (1.0 / len(self.partners),) * len(self.partners)
        weights = np.array([self.share, *((1.0 - self.share) * part for part in parts)])
        found = combine(layers, shifts, weights)
        return np.where(np.isfinite(found), found, layers[0])

    def supported(self, evidence: Evidence) -> Blend:
        """Return the blend with the share that a panel's windows support.

        The share with the least error relative to seasonal naive's is shrunk towards the
        usual one, 0.7: ``n`` independent windows weigh ``n / (n + 4)``.

        Parameters
        ----------
        evidence
            Windows of all members and of seasonal naive.
        """
        layers = np.stack([evidence.medians[member.name] for member in self.members])
        between = self._heard(evidence)
        errors = [
            relative_error(
                evidence, replace(self, share=s).averaged(layers, evidence.shifts, between)
            )
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
        medians = self.averaged(layers, evidence.shifts, self._heard(evidence))
        said = tuple(
            moved(window, medians[:, w])
            for w, window in enumerate(evidence.said.get(self.lead.name, ()))
        )
        return replace(
            evidence,
            medians={**evidence.medians, self.name: medians},
            said={**evidence.said, self.name: said},
        )

    def _heard(self, evidence: Evidence) -> Floats:
        """Return between what partners are heard in windows, shape ``(2, S, W, H)``."""
        said = evidence.said.get(self.lead.name, ())
        if not said:
            unbound = np.broadcast_to(np.inf, evidence.truth.shape)
            return np.stack([-unbound, unbound])
        return np.stack([heard(window) for window in said], axis=2)

    def described(self) -> str:
        """Say in words what is averaged, and how."""
        others = " and ".join(partner.name for partner in self.partners)
        return f"{self.lead.name} ({self.share:.0%}) averaged with {others}"


def heard(said: Quantiles, rows: NDArray[np.int64] | slice = slice(None)) -> Floats:
    """Return the days between which a partner's median is heard: the ends of 40% ranges.

    Where the lead is sure of a trend that a partner does not know, that moves it but little.

    Parameters
    ----------
    said
        Quantiles that the lead said.
    rows
        Which of its series.

    Examples
    --------
    >>> one = np.array([4.0, 5.0, 7.0])[:, None, None] * np.ones((1, 2, 1))
    >>> heard(Quantiles(np.array([0.3, 0.5, 0.7]), one, one, one))[..., 0].tolist()
    [[4.0, 4.0], [7.0, 7.0]]
    """
    return np.stack([said.day[said.place(level)][rows] for level in HEARD])
