"""Between counts and the network's scale: targets of a known future, and answers as counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.forecasting.lstm.pretrained.features import NetworkInputs
from upswell.forecasting.lstm.pretrained.layout import HEADS

__all__ = ["bases", "decoded", "targets"]

Floats = NDArray[np.float64]

# Answers beyond this are not believed: nor is a count e^4 times the largest ever seen.
FURTHEST, GROWTH = 12.0, 4.0
LARGEST_LOG = 60.0
SAFE_LOG = 40.0


def bases(inputs: NetworkInputs) -> dict[str, Floats]:
    """Return what an answer of 0 means, by head, as ``log(1 + count)``.

    For a day that is level and weekday profile; for a sum the mean of the days' counts up to it;
    for a peak the largest of them.

    Parameters
    ----------
    inputs
        Of `network_inputs`.

    Returns
    -------
    dict
        By `HEADS`, shape ``(S, 7 Q)`` each.

    Examples
    --------
    >>> from upswell.forecasting.lstm.pretrained.features import network_inputs
    >>> flat = network_inputs(np.full((1, 100), 50.0), horizon=7)
    >>> {head: np.expm1(base[0, 6]).round(3).item() for head, base in bases(flat).items()}
    {'day': 50.0, 'sum': 50.0, 'peak': 50.0}
    """
    day = inputs.base
    counts = np.maximum(np.expm1(np.minimum(day, SAFE_LOG)), 0.0)
    mean = np.cumsum(counts, axis=1) / _number(day.shape[1])
    return {"day": day, "sum": np.log1p(mean), "peak": np.maximum.accumulate(day, axis=1)}


def targets(inputs: NetworkInputs, future: ArrayLike) -> Floats:
    """Return what the network should have said of a future that is known.

    Parameters
    ----------
    inputs
        Of the histories, from `network_inputs`.
    future
        Counts after the cutoff, at least 0, shape ``(S, D)`` with ``D`` of at most ``7 Q`` days.
        NaN is a day that is not known; so is every sum and peak from it on.

    Returns
    -------
    ndarray
        Shape ``(S, D, 3)``, the last axis as `HEADS`: distances from `bases` in units of the
        scale, through an inverse hyperbolic sine. NaN where not known.

    Raises
    ------
    SettingError
        When the shape is wrong.

    Examples
    --------
    >>> from upswell.forecasting.lstm.pretrained.features import network_inputs
    >>> flat = network_inputs(np.full((1, 100), 50.0), horizon=2)
    >>> targets(flat, [[50.0, 100.0]]).round(2)[0].tolist()
    [[0.0, 0.0, 0.0], [4.92, 4.38, 4.92]]
    """
    counts = np.asarray(future, dtype=np.float64)
    series, days = inputs.base.shape
    if counts.ndim != 2 or len(counts) != series or counts.shape[1] > days:
        raise SettingError(
            f"a future must have shape ({series}, up to {days} days), got {counts.shape}"
        )
    logs = np.log1p(counts)
    mean = np.log1p(np.cumsum(counts, axis=1) / _number(counts.shape[1]))
    truth = {"day": logs, "sum": mean, "peak": np.maximum.accumulate(logs, axis=1)}
    base = bases(inputs)
    away = [truth[head] - base[head][:, : counts.shape[1]] for head in HEADS]
    return np.asarray(np.arcsinh(np.stack(away, axis=2) / inputs.scale[:, None, None]))


def decoded(inputs: NetworkInputs, answers: ArrayLike, head: str) -> Floats:
    """Return answers of one head as counts; the inverse of `targets`.

    Parameters
    ----------
    inputs
        Of the histories, from `network_inputs`.
    answers
        On the network's scale, shape ``(S, D, L)``.
    head
        One of `HEADS`.

    Returns
    -------
    ndarray
        Counts, finite and at least 0, shape ``(S, D, L)``: of the day, of all days up to it
        together, or of the largest of them. No day, and no mean of days, is more than ``e^4``
        times as large as the largest day of the history.

    Raises
    ------
    SettingError
        When there is no such head.

    Examples
    --------
    >>> from upswell.forecasting.lstm.pretrained.features import network_inputs
    >>> flat = network_inputs(np.full((1, 100), 50.0), horizon=7)
    >>> decoded(flat, np.zeros((1, 7, 1)), "sum")[0, :, 0].round(3).tolist()
    [50.0, 100.0, 150.0, 200.0, 250.0, 300.0, 350.0]
    """
    if head not in HEADS:
        raise SettingError(f"a head is one of {', '.join(HEADS)}, got {head!r}")
    said = np.asarray(answers, dtype=np.float64)
    days = said.shape[1]
    base = bases(inputs)[head][:, :days, None]
    logs = base + inputs.scale[:, None, None] * np.sinh(np.clip(said, -FURTHEST, FURTHEST))
    logs = np.minimum(logs, (inputs.largest + GROWTH)[:, None, None])
    counts = np.expm1(np.clip(logs, 0.0, LARGEST_LOG))
    return np.asarray(counts * _number(days)[:, None] if head == "sum" else counts)


def _number(days: int) -> NDArray[np.int64]:
    return np.arange(1, days + 1)
