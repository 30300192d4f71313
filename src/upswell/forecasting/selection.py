"""Selection: which forecaster the panel's own backtest supports, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upswell.forecasting.evidence import Evidence
from upswell.forecasting.naive import BASELINE
from upswell.forecasting.relative_error import relative_errors, window_worth

__all__ = ["Selection", "select"]

# What a forecaster is believed to reach before a panel has spoken, and as many windows' worth.
PRIOR_ERROR = 0.8
PRIOR_WINDOWS = 4.0


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


def select(evidence: Evidence, preferred: str, described: str = "") -> Selection:
    """Choose the preferred forecaster, unless the windows say that seasonal naive is better.

    The best of a few windows is partly luck, and so is being beaten on them. The error of the
    preferred forecaster is therefore shrunk, on the log scale, towards 0.8: ``n`` windows without
    overlap weigh ``n / (n + 4)``. Seasonal naive is kept when what is left is not below 1.

    Parameters
    ----------
    evidence
        Windows.
    preferred
        Name of the forecaster.
    described
        What it is, in words.

    Examples
    --------
    >>> truth = np.full((1, 2, 3), 100.0)
    >>> medians = {"seasonal-naive": truth + 10, "ets": truth - 20}
    >>> evidence = Evidence(np.array([20, 23]), truth, medians, np.ones((1, 2)), 3, 26)
    >>> select(evidence, "ets").chosen
    'seasonal-naive'
    """
    scores = relative_errors(evidence)
    windows = len(evidence.cutoffs)
    own = scores[preferred]
    what = f"{described}: " if described else ""
    if not windows or (np.isnan(own) and not np.isfinite(evidence.medians[preferred]).any()):
        why = "no other forecaster could be tested"
        return Selection(BASELINE, why, scores, windows)
    if np.isnan(own):
        if np.isfinite(scores[BASELINE]):
            why = f"{preferred} failed on more than a tenth of {windows} backtest windows"
        else:
            why = f"it made no error that could be measured on {windows} backtest windows"
        return Selection(BASELINE, why, scores, windows)
    worth = window_worth(evidence)
    believed = (worth * np.log(own) + PRIOR_WINDOWS * np.log(PRIOR_ERROR)) / (worth + PRIOR_WINDOWS)
    if believed >= 0.0:
        why = f"{preferred} has {own:.2f} of its error on {windows} backtest windows"
        return Selection(BASELINE, why, scores, windows)
    why = f"{what}{own:.2f} of seasonal naive's error on {windows} backtest windows"
    return Selection(preferred, why, scores, windows)
