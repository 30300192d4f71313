"""Calibration of tiers: probabilities that come true as often as they say.

For each "this tier or above", the logit of the calibrated probability is
``a·log p − b·log(1 − p) + c`` (beta calibration, Kull, Silva Filho and Flach 2017), with ``a`` and
``b`` above 0 so that order is kept. ``a = b = 1``, ``c = 0`` changes nothing, and normal priors on
``log a``, ``log b`` and ``c`` pull there: a handful of examples moves the probabilities a little,
thousands move them to where they belong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError
from upswell.releases.models.ordinal import reach, sigmoid, tier_probabilities

__all__ = ["Calibrator", "calibrate", "expected_calibration_error"]

Floats = NDArray[np.float64]

_SPREAD = np.array([0.5, 0.5, 1.0])
"""Standard deviations of the priors on ``log a``, ``log b`` and ``c``."""

_EDGE = 1e-9


@dataclass(frozen=True)
class Calibrator:
    """A map from raw to calibrated probabilities of ``K`` ordered tiers.

    Parameters
    ----------
    curves
        For each tier above the lowest, ``(a, b, c)``.
    """

    curves: tuple[tuple[float, float, float], ...]

    @classmethod
    def identity(cls, tiers: int) -> Calibrator:
        """Return the calibrator that changes nothing."""
        return cls(((1.0, 1.0, 0.0),) * (tiers - 1))

    def apply(self, probabilities: Floats) -> Floats:
        """Return calibrated probabilities, shape ``(N, K)``; rows sum to 1.

        Parameters
        ----------
        probabilities
            Raw ones, shape ``(N, K)``.

        Examples
        --------
        >>> Calibrator(((1.0, 1.0, 0.0),)).apply(np.array([[0.75, 0.25]])).round(6).tolist()
        [[0.75, 0.25]]
        """
        reached = reach(probabilities)
        columns = [
            sigmoid(_sides(reached[:, place]) @ np.array(curve))
            for place, curve in enumerate(self.curves)
        ]
        return tier_probabilities(np.stack(columns, axis=1))

    def to_json(self) -> dict[str, Any]:
        """Return the calibrator as plain data."""
        return {"curves": [list(curve) for curve in self.curves]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Calibrator:
        """Return a calibrator from plain data.

        Raises
        ------
        BundleError
            When it is none.
        """
        try:
            curves = tuple((float(a), float(b), float(c)) for a, b, c in data["curves"])
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError("the bundle's calibration is damaged") from error
        if not curves or not np.isfinite(curves).all() or min(min(a, b) for a, b, _ in curves) <= 0:
            raise BundleError("the bundle's calibration is damaged")
        return cls(curves)


def calibrate(
    probabilities: Floats, tiers: NDArray[np.int64], weights: Floats | None = None
) -> Calibrator:
    """Learn a calibrator from predictions on rows that the model had not seen.

    Parameters
    ----------
    probabilities
        Raw probabilities out of fold, shape ``(N, K)``.
    tiers
        What happened, 0 to ``K - 1``, shape ``(N,)``.
    weights
        Weight of each row, shape ``(N,)``; a row of weight 2 counts as two against the priors.

    Examples
    --------
    >>> calibrate(np.full((0, 3), 1 / 3), np.zeros(0, dtype=np.int64)).curves
    ((1.0, 1.0, 0.0), (1.0, 1.0, 0.0))
    """
    count = probabilities.shape[1]
    if not len(tiers):
        return Calibrator.identity(count)
    reached = reach(probabilities)
    mass = np.ones(len(tiers)) if weights is None else weights
    return Calibrator(
        tuple(_curve(reached[:, place], tiers > place, mass) for place in range(count - 1))
    )


def _curve(reached: Floats, answers: NDArray[np.bool_], mass: Floats) -> tuple[float, float, float]:
    """Return the most probable ``(a, b, c)``, given answers and priors."""
    from scipy.optimize import minimize

    sides = _sides(reached)

    def loss(point: Floats) -> tuple[float, Floats]:
        scale = np.array([np.exp(point[0]), np.exp(point[1]), 1.0])
        logits = sides @ (scale * np.array([1.0, 1.0, point[2]]))
        signed = np.where(answers, logits, -logits)
        value = mass @ np.logaddexp(0.0, -signed) + 0.5 * ((point / _SPREAD) ** 2).sum()
        slope = sides.T @ (mass * (sigmoid(logits) - answers)) * scale + point / _SPREAD**2
        return float(value), slope

    found = minimize(
        loss, np.zeros(3), jac=True, method="L-BFGS-B", bounds=[(-3, 3)] * 2 + [(-9, 9)]
    )
    a, b, c = found.x
    return float(np.exp(a)), float(np.exp(b)), float(c)


def _sides(reached: Floats) -> Floats:
    """Return ``log p``, ``−log(1 − p)`` and 1, shape ``(N, 3)``."""
    inside = np.clip(reached, _EDGE, 1 - _EDGE)
    return np.stack([np.log(inside), -np.log1p(-inside), np.ones_like(inside)], axis=1)


def expected_calibration_error(
    reached: Floats, answers: NDArray[np.bool_], bins: int = 10
) -> float:
    """Return the mean distance of what was said and what came true, over bins of equal size.

    Parameters
    ----------
    reached
        Probabilities, shape ``(N,)``.
    answers
        What happened, shape ``(N,)``.
    bins
        Number of bins, each with as many rows as the others (Nguyen and O'Connor 2015).

    Examples
    --------
    >>> said = np.array([0.25, 0.25, 0.25, 0.25])
    >>> expected_calibration_error(said, np.array([True, False, False, False]), bins=1)
    0.0
    """
    order = np.argsort(reached, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [len(part) * abs(reached[part].mean() - answers[part].mean()) for part in parts]
    return float(sum(gaps) / len(reached))
