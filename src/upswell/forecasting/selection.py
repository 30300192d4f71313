"""Selection: which forecaster the panel's own backtest supports, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.evidence import Evidence
from upswell.forecasting.registry import BASELINE

__all__ = ["Selection", "relative_errors", "select"]

PREFERRED = "ensemble"
TOLERANCE = 1.02
LEAST_COVERED = 0.9


@dataclass(frozen=True)
class Selection:
    """The choice of a forecaster.

    Parameters
    ----------
    chosen
        Its name.
    why
        One sentence.
    scores
        By forecaster, the error relative to seasonal naive: below 1 is better. NaN where a
        forecaster failed.
    windows
        Number of windows compared.
    """

    chosen: str
    why: str
    scores: dict[str, float]
    windows: int


def relative_errors(evidence: Evidence) -> dict[str, float]:
    """Mean absolute error relative to seasonal naive's, by forecaster.

    Geometric mean over windows; the total counts as much as all other series together, since
    the plan is made on it. A forecaster that failed on more than a tenth of what seasonal naive
    could do is NaN.

    Parameters
    ----------
    evidence
        Windows of several forecasters, seasonal naive among them; the first series is the total.
    """
    naive = _errors(evidence, BASELINE)
    answer = {}
    for name in evidence.medians:
        own = _errors(evidence, name)
        usable = np.isfinite(naive) & (naive > 0)
        both = usable & np.isfinite(own)
        if not usable.any() or both.sum() < LEAST_COVERED * usable.sum():
            answer[name] = float("nan")
            continue
        ratio = np.where(both, np.maximum(own, 1e-12) / np.where(both, naive, 1.0), 1.0)
        weight = np.where(both, 1.0, 0.0)
        rest = weight[1:].sum()
        if rest > 0 and weight[0].sum() > 0:
            weight[0] *= rest / weight[0].sum()
        answer[name] = float(np.exp((weight * np.log(ratio)).sum() / weight.sum()))
    return answer


def _errors(evidence: Evidence, name: str) -> NDArray[np.float64]:
    """Mean absolute error by series and window; NaN where nothing is known."""
    error = np.abs(evidence.truth - evidence.medians[name])
    seen = np.isfinite(error)
    total = np.where(seen, error, 0.0).sum(axis=2)
    return np.asarray(np.where(seen.any(axis=2), total / np.maximum(seen.sum(axis=2), 1), np.nan))


def select(evidence: Evidence) -> Selection:
    """Choose the forecaster with the least relative error.

    The ensemble is preferred when it is within 2% of the best, since the best of a few windows
    is partly luck; seasonal naive is kept when nobody beats it.
    """
    scores = relative_errors(evidence)
    windows = len(evidence.cutoffs)
    rivals = {n: s for n, s in scores.items() if n != BASELINE and np.isfinite(s)}
    if not rivals and not np.isfinite(scores[BASELINE]) and windows:
        why = f"it made no error that could be measured on {windows} backtest windows"
        return Selection(BASELINE, why, scores, windows)
    if not rivals:
        return Selection(BASELINE, "no other forecaster could be tested", scores, windows)
    best = min(rivals, key=lambda name: rivals[name])
    if rivals[best] >= 1.0:
        why = f"none beats it on {windows} backtest windows; {best} comes nearest"
        return Selection(BASELINE, f"{why} ({rivals[best]:.2f} of its error)", scores, windows)
    chosen = best
    if rivals.get(PREFERRED, np.inf) <= rivals[best] * TOLERANCE:
        chosen = PREFERRED
    why = f"{rivals[chosen]:.2f} of seasonal naive's error on {windows} backtest windows"
    if chosen != best:
        why += f", within 2% of the best ({best}, {rivals[best]:.2f}), and less a matter of luck"
    return Selection(chosen, why, scores, windows)
