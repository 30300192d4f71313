"""The layers of the shipped network in NumPy, on arrays whose last axis is the series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LstmLayer", "linear", "ordered", "silu"]

Single = NDArray[np.float32]


@dataclass(frozen=True)
class LstmLayer:
    """One layer of an LSTM as `torch.nn.LSTM` computes it, in float32.

    Parameters
    ----------
    into, across
        Weights from the inputs and from the state before, shapes ``(4 U, F)`` and ``(4 U, U)``.
    bias
        Shape ``(4 U, 1)``.

    Notes
    -----
    The logistic function is ``(1 + tanh(x / 2)) / 2``, so that one call of tanh serves all four
    gates; the halving is folded into the weights. With series on the last axis each gate is one
    contiguous block.
    """

    into: Single
    across: Single
    bias: Single

    @classmethod
    def of(cls, into: Single, across: Single, bias: Single) -> LstmLayer:
        """Take torch's weights; `bias` is the sum of its two, shape ``(4 U,)``."""
        units = across.shape[1]
        half = np.full((4 * units, 1), 0.5, dtype=np.float32)
        half[2 * units : 3 * units] = 1.0
        return cls(
            np.ascontiguousarray(into * half),
            np.ascontiguousarray(across * half),
            np.ascontiguousarray(bias[:, None] * half),
        )

    def __call__(self, steps: Single) -> Single:
        """Return the states, shape ``(T, U, B)``, of inputs of shape ``(T, F, B)``."""
        units, count = self.across.shape[1], steps.shape[2]
        states = np.empty((len(steps), units, count), dtype=np.float32)
        cell = np.zeros((units, count), dtype=np.float32)
        gates = np.empty((4 * units, count), dtype=np.float32)
        recalled = np.empty_like(gates)
        admit, keep, news, show = gates.reshape(4, units, count)
        for step, entering in enumerate(steps):
            state = states[step]
            np.matmul(self.into, entering, out=gates)
            gates += self.bias
            if step:
                np.matmul(self.across, states[step - 1], out=recalled)
                gates += recalled
            np.tanh(gates, out=gates)
            keep += 1.0
            cell *= keep
            admit += 1.0
            admit *= news
            cell += admit
            cell *= 0.5
            np.tanh(cell, out=state)
            show += 1.0
            state *= show
            state *= 0.5
        return states


def linear(weight: Single, bias: Single, inputs: Single) -> Single:
    """Return ``weight @ inputs + bias``, shape ``(T, N, B)``, of inputs ``(T, F, B)``."""
    out = np.matmul(weight, inputs)
    out += bias[:, None]
    return np.asarray(out, dtype=np.float32)


def silu(values: Single) -> Single:
    """Multiply values by their logistic function, in place.

    Examples
    --------
    >>> silu(np.array([0.0, 2.0], dtype=np.float32)).round(4).tolist()
    [0.0, 1.7616000175476074]
    """
    gate = np.multiply(values, 0.5, dtype=np.float32)
    np.tanh(gate, out=gate)
    gate += 1.0
    gate *= 0.5
    values *= gate
    return values


def ordered(raw: Single, step: float = 1.5) -> Single:
    """Turn unbounded numbers into quantiles that ascend: the middle one, and steps from it.

    Parameters
    ----------
    raw
        Shape ``(..., L, B)`` with odd ``L``; the middle one is the median.
    step
        What is taken off before the softplus, so that a network that says nothing takes small
        steps.

    Returns
    -------
    numpy.ndarray
        Shape of `raw`.

    Examples
    --------
    >>> ordered(np.zeros((3, 1), dtype=np.float32)).round(3)[:, 0].tolist()
    [-0.20100000500679016, 0.0, 0.20100000500679016]
    """
    middle = raw.shape[-2] // 2
    steps = _softplus(raw - np.float32(step))
    median = raw[..., middle : middle + 1, :]
    out = np.empty_like(raw)
    out[..., middle : middle + 1, :] = median
    out[..., middle + 1 :, :] = median + np.cumsum(steps[..., middle + 1 :, :], axis=-2)
    below = np.cumsum(steps[..., :middle, :][..., ::-1, :], axis=-2)[..., ::-1, :]
    out[..., :middle, :] = median - below
    return out


def _softplus(values: Single) -> Single:
    """Return ``log(1 + exp(values))`` without overflow; faster than `numpy.logaddexp`."""
    tail = np.exp(-np.abs(values))
    return np.asarray(np.maximum(values, 0.0) + np.log1p(tail), dtype=np.float32)
