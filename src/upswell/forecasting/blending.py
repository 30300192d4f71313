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
        layers_heard = heard(np.stack(layers), *_ends(said.select(rows)))
        wanted[rows] = self.averaged(layers_heard, offsets(part.values))
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
            Medians of lead and partners, as far as these are heard, shape ``(1 + M, S, ..., H)``.
        shifts
            Offsets of the log scale, shape ``(S, ...)``.
        """
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
        layers = self._layers(evidence)
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
        medians = self.averaged(self._layers(evidence), evidence.shifts)
        said = tuple(
            moved(window, medians[:, w])
            for w, window in enumerate(evidence.said.get(self.lead.name, ()))
        )
        return replace(
            evidence,
            medians={**evidence.medians, self.name: medians},
            said={**evidence.said, self.name: said},
        )

    def _layers(self, evidence: Evidence) -> Floats:
        """Return medians in windows, as far as they are heard, shape ``(1 + M, S, W, H)``."""
        layers = np.stack([evidence.medians[member.name] for member in self.members])
        said = evidence.said.get(self.lead.name, ())
        if not said:
            return layers
        low, high = (np.stack(end, axis=1) for end in zip(*map(_ends, said), strict=True))
        return heard(layers, low, high)

    def described(self) -> str:
        """Say in words what is averaged, and how."""
        others = " and ".join(partner.name for partner in self.partners)
        return f"{self.lead.name} ({self.share:.0%}) averaged with {others}"


def heard(layers: Floats, low: Floats, high: Floats) -> Floats:
    """Return medians of lead and partners, those of partners held within a range of the lead.

    Where the lead is sure of a trend, a partner that knows none moves it but little.

    Parameters
    ----------
    layers
        The lead's first, shape ``(1 + M, S, ..., H)``; NaN where a partner failed.
    low, high
        Ends of the range, shape ``(S, ..., H)``.

    Examples
    --------
    >>> layers = np.array([[[5.0, 5.0]], [[3.0, 6.0]]])
    >>> heard(layers, np.array([[4.0, 4.0]]), np.array([[7.0, 7.0]]))[1].tolist()
    [[4.0, 6.0]]
    """
    return np.concatenate([layers[:1], np.clip(layers[1:], low, high)])


def _ends(said: Quantiles) -> tuple[Floats, Floats]:
    """Return the least and the largest median of days that a partner is heard with."""
    low, high = (said.day[said.place(level)] for level in HEARD)
    return low, high
