"""Figures rounded to a business unit, and what their percentage error is worth.

Two rules. ``up`` is the next multiple of the step from the value on: 0 stays 0, anything above 0
becomes at least one step. ``nearest`` is the nearest multiple, and a value half way between two
goes to the higher one; values below half a step become 0.

An actual that rounds to 0 has no percentage error: it is excluded and counted. A rounded MAPE says
little by itself: most small items become the same single step, so that a constant looks good
beside them. It is never to be shown without its rule and the constant's figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.scoring._checks import as_floats, pair
from upswell.scoring.percentage import mape

__all__ = ["RoundedScore", "RoundingRule", "round_to_step", "rounded_score"]

RoundingRule = Literal["up", "nearest"]

# A quotient this close to a whole number is one: 0.6 / 0.2 is 2.9999999999999996 in floating point.
_WHOLE = 1e-12


@dataclass(frozen=True, slots=True)
class RoundedScore:
    """How well rounded forecasts meet rounded actuals.

    Parameters
    ----------
    count
        Items with a known actual.
    excluded
        How many of them round to 0 and so have no percentage error.
    mape
        Over the others, as a share of 1; NaN without one.
    exact
        Share of all items whose rounded forecast equals the rounded actual, those at 0 included;
        NaN without one.
    """

    count: int
    excluded: int
    mape: float
    exact: float


def round_to_step(values: ArrayLike, step: float, rule: RoundingRule) -> NDArray[np.float64]:
    """Round counts to multiples of a step.

    Parameters
    ----------
    values
        Counts from 0, any shape; NaN stays NaN.
    step
        The unit, above 0.
    rule
        ``up`` or ``nearest``, as the module says.

    Returns
    -------
    numpy.ndarray
        The shape of `values`.

    Raises
    ------
    SettingError
        When the step is not above 0, the rule is unknown, or a value is infinite or below 0.

    Examples
    --------
    >>> round_to_step([0.0, 1.0, 24_999.0, 25_000.0, 50_001.0], 50_000, "up").tolist()
    [0.0, 50000.0, 50000.0, 50000.0, 100000.0]
    >>> round_to_step([0.0, 1.0, 24_999.0, 25_000.0, 50_001.0], 50_000, "nearest").tolist()
    [0.0, 0.0, 0.0, 50000.0, 50000.0]
    """
    if not (np.isfinite(step) and step > 0):
        raise SettingError(f"the step must be above 0, got {step}")
    if rule not in {"up", "nearest"}:
        raise SettingError(f"no rounding rule {rule!r}", fix="use 'up' or 'nearest'")
    counts = as_floats(values, "values")
    if (counts < 0).any():
        raise SettingError("counts below 0 are not rounded to a step")
    steps = counts / step if rule == "up" else counts / step + 0.5
    whole = np.rint(steps)
    steps = np.where(np.abs(steps - whole) <= _WHOLE * np.maximum(whole, 1.0), whole, steps)
    if rule == "up":
        # The tolerance must not swallow a count that is tiny beside the step.
        return np.asarray(np.maximum(np.ceil(steps), counts > 0) * step)
    return np.asarray(np.floor(steps) * step)


def rounded_score(
    actual: ArrayLike, forecast: ArrayLike, step: float, rule: RoundingRule
) -> RoundedScore:
    """Score forecasts after both they and the actuals are rounded.

    Parameters
    ----------
    actual, forecast
        Counts from 0, arrays of one shape; items without a known actual are left out.
    step, rule
        As for `round_to_step`.

    Raises
    ------
    SettingError
        As for `round_to_step`, or when the shapes differ.

    Examples
    --------
    >>> rounded_score([10_000.0, 60_000.0, 0.0], [5_000.0] * 3, 50_000, "up")
    RoundedScore(count=3, excluded=1, mape=0.25, exact=0.3333333333333333)
    """
    truth, guess = pair(actual, forecast)
    known = np.isfinite(truth)
    truth, guess = (round_to_step(part[known], step, rule) for part in (truth, guess))
    # Multiples of one step computed alike are equal exactly where they are equal; NaN spreads.
    equal = np.where(np.isnan(guess), np.nan, truth == guess)
    return RoundedScore(
        count=int(known.sum()),
        excluded=int((truth == 0).sum()),
        mape=mape(truth, guess),
        exact=float(equal.mean()) if equal.size else float("nan"),
    )
