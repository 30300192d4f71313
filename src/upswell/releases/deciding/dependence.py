"""How releases of one list hang together: one shock that all share, its size taken from evidence.

Each release's streams lie at some level of its own curve. As normal scores these levels are
``z = sqrt(r) * shock + sqrt(1 - r) * own``: a Gaussian copula with one factor. The shock is shared
by all releases of a list (a platform that does well, a season, a model that is off everywhere), the
rest is each release's own. That releases of one artist or genre share more is not in it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.releases.deciding.curves import StreamCurves

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ASSUMED", "SCENARIOS", "Dependence", "dependence_of", "scenarios"]

Floats = NDArray[np.float64]

SCENARIOS = 2000
"""Joint outcomes of a list; its worst tenth are 200."""

ASSUMED = 0.2
"""The correlation without enough evidence: a judgement."""

FEWEST_WEEKS = 8
_MOST = 0.9
_EDGE = 1e-3
_TINY = 1e-9
_CHUNK = 256


@dataclass(frozen=True)
class Dependence:
    """How strongly the outcomes of releases of one week hang together.

    Parameters
    ----------
    correlation
        Of the normal scores of two releases of a week, 0 to 0.9.
    weeks
        Weeks with several past releases from which it was estimated; 0 where it is assumed.
    """

    correlation: float
    weeks: int


def dependence_of(evidence: pl.DataFrame | None) -> Dependence:
    """Estimate the correlation from what came of past releases.

    The mean product of the normal scores of two releases of one week, divided by the mean square;
    the mean is not taken off, since an error that all past releases shared is a shock, too.

    Parameters
    ----------
    evidence
        See `upswell.releases.deciding.evidence`; None without.

    Returns
    -------
    Dependence
        `ASSUMED` with fewer than 8 weeks of several releases.
    """
    if evidence is None or not evidence.height:
        return Dependence(ASSUMED, 0)
    from scipy.special import ndtri

    levels = StreamCurves.of(evidence).level_of(evidence["actual"].to_numpy())
    scores = ndtri(np.clip(levels, _EDGE, 1.0 - _EDGE))
    days = evidence["release_date"].to_list()
    mondays = [day - dt.timedelta(days=day.weekday()) for day in days]
    _, week = np.unique(np.array(mondays, dtype="datetime64[D]"), return_inverse=True)
    counts = np.bincount(week)
    sums, squares = np.bincount(week, scores), np.bincount(week, scores**2)
    several = counts > 1
    if several.sum() < FEWEST_WEEKS or not squares.sum():
        return Dependence(ASSUMED, 0)
    pairs = (counts * (counts - 1))[several].sum()
    products = (sums**2 - squares)[several].sum()
    found = (products / pairs) / (scores**2).mean()
    return Dependence(float(np.clip(found, 0.0, _MOST)), int(several.sum()))


def scenarios(
    curves: StreamCurves, correlation: float, *, seed: int, count: int = SCENARIOS
) -> Floats:
    """Draw joint outcomes of some releases.

    Parameters
    ----------
    curves
        Of ``N`` releases.
    correlation
        As of `Dependence`.
    seed
        Of the draws.
    count
        Number of scenarios, ``K``. The shocks are the evenly spaced quantiles of a normal, so that
        chance is in the releases' own part only.

    Returns
    -------
    numpy.ndarray
        Streams, shape ``(N, K)``.

    Examples
    --------
    >>> from upswell.releases.deciding.curves import LEVELS
    >>> sure = StreamCurves(np.full((2, 19), 7.0), np.full(2, 7.0))
    >>> scenarios(sure, 0.5, seed=1, count=3).tolist()
    [[7.0, 7.0, 7.0], [7.0, 7.0, 7.0]]
    """
    from scipy.special import ndtr, ndtri

    rng = np.random.default_rng(seed)
    shock = ndtri((np.arange(count) + 0.5) / count)
    streams = np.empty((len(curves), count))
    for start in range(0, len(curves), _CHUNK):
        rows = slice(start, start + _CHUNK)
        own = rng.standard_normal((len(streams[rows]), count))
        scores = np.sqrt(correlation) * shock + np.sqrt(1.0 - correlation) * own
        some = StreamCurves(curves.quantiles[rows], curves.mean[rows])
        streams[rows] = some.at(np.clip(ndtr(scores), _TINY, 1.0 - _TINY))
    return streams
