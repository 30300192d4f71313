"""How far a number of windows carries: ranges of a counted coverage, and levels it can support."""

from __future__ import annotations

import math

from upswell.errors import SettingError
from upswell.scoring._checks import check_level

__all__ = ["clopper_pearson", "supported_level", "windows_needed"]


def clopper_pearson(hits: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact confidence interval of a share, such as a coverage.

    Parameters
    ----------
    hits
        How many windows were covered.
    trials
        How many windows there were; overlapping windows are not independent trials.
    level
        Confidence level.

    Returns
    -------
    tuple of float
        Lower and upper end; ``(0, 1)`` without trials.

    Raises
    ------
    SettingError
        When `hits` does not lie between 0 and `trials`, or the level between 0 and 1.

    Notes
    -----
    Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated
    in the case of the binomial. Biometrika 26(4), 404-413.

    Examples
    --------
    >>> [round(end, 3) for end in clopper_pearson(4, 5)]
    [0.284, 0.995]
    """
    from scipy.special import betaincinv

    if not 0 <= hits <= trials:
        raise SettingError(f"{hits} hits in {trials} trials is not a share")
    tail = (1.0 - check_level(level)) / 2.0
    low = float(betaincinv(hits, trials - hits + 1, tail)) if hits > 0 else 0.0
    high = float(betaincinv(hits + 1, trials - hits, 1.0 - tail)) if hits < trials else 1.0
    return low, high


def supported_level(windows: float) -> float:
    """Return the highest central level that independent backtest windows can support at all.

    Take the signed errors of ``n`` windows and of the coming one, exchangeable and without ties.
    The coming error falls into each of the ``n + 1`` gaps between the sorted ``n`` with
    probability ``1 / (n + 1)``. The widest two-sided range that they give, from the smallest to the
    largest, holds ``n - 1`` of these gaps and leaves one on each side, so its coverage is
    ``(n - 1) / (n + 1)``. A level ``1 - a`` with ``a / 2`` on each side therefore needs
    ``n >= 2 / a - 1`` windows. Whatever is claimed beyond that rests on an assumed shape of the
    tails and not on what was seen.

    Parameters
    ----------
    windows
        Number of independent windows, such as `effective_windows`; a part of a window does not
        count.

    Returns
    -------
    float
        Between 0 and 1; 0 with fewer than two windows.

    Raises
    ------
    SettingError
        When the number is negative or not a number.

    Notes
    -----
    Vovk, V., Gammerman, A. and Shafer, G. (2005). Algorithmic learning in a random world. Springer.
    Lei, J., G'Sell, M., Rinaldo, A., Tibshirani, R. J. and Wasserman, L. (2018). Distribution-free
    predictive inference for regression. Journal of the American Statistical Association 113(523),
    1094-1111, section 2.2 (split conformal), with a rank for each side.

    Examples
    --------
    >>> f"5 windows support at most {supported_level(5):.0%}"
    '5 windows support at most 67%'
    """
    if not (math.isfinite(windows) and windows >= 0):
        raise SettingError(f"windows must be a number from 0, got {windows}")
    whole = math.floor(windows + 1e-9)
    return max(0.0, (whole - 1) / (whole + 1))


def windows_needed(level: float) -> int:
    """Return the smallest number of independent windows that supports a central level.

    It is ``ceil(2 / (1 - level)) - 1``; see `supported_level`.

    Raises
    ------
    SettingError
        When the level does not lie between 0 and 1.

    Examples
    --------
    >>> windows_needed(0.8), windows_needed(0.95)
    (9, 39)
    """
    exact = 2.0 / (1.0 - check_level(level))
    # 2 / (1 - 0.8) is 10.000000000000002 in floating point and must stay 10.
    return math.ceil(exact * (1.0 - 1e-12)) - 1
