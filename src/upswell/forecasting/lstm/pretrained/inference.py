"""The shipped network in NumPy: quantiles of many series at once, without torch."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError
from upswell.forecasting.lstm._weight_checks import check_weights
from upswell.forecasting.lstm.pretrained._layers import (
    LstmLayer,
    linear,
    normalised,
    ordered,
    silu,
)
from upswell.forecasting.lstm.pretrained.layout import HEADS, WEEK

__all__ = ["PretrainedNetwork"]

Single = NDArray[np.float32]

# A block's gates stay within a core's cache.
BLOCK = 256


class PretrainedNetwork:
    """Patches of weeks through a linear layer, an LSTM and two linear layers, in float32.

    The sizes follow from the weights' shapes.

    Parameters
    ----------
    weights
        By torch's names: ``inp``, ``lstm``, ``norm``, ``h1``, ``out``; float32.
    residual
        Whether each layer of the LSTM reads its input normalised and adds what it says to it.

    Raises
    ------
    BundleError
        When a weight is missing, too many, not finite, or of a shape that does not fit.
    """

    def __init__(self, weights: Mapping[str, Single], residual: bool = False) -> None:
        check_weights(weights, _shapes(weights, residual))
        self.units, self.features = weights["inp.weight"].shape
        self.layers = _depth(weights)
        self.levels = len(weights["out.bias"]) // (WEEK * len(HEADS))
        self._residual = residual
        self._enter = weights["inp.weight"], weights["inp.bias"]
        self._head = weights["h1.weight"], weights["h1.bias"]
        self._out = weights["out.weight"], weights["out.bias"]
        norms = self.layers + 1 if residual else 0
        self._norms = [
            (weights[f"norm.{k}.weight"], weights[f"norm.{k}.bias"]) for k in range(norms)
        ]
        self._lstm = [
            LstmLayer.of(
                weights[f"lstm.weight_ih_l{k}"],
                weights[f"lstm.weight_hh_l{k}"],
                weights[f"lstm.bias_ih_l{k}"] + weights[f"lstm.bias_hh_l{k}"],
            )
            for k in range(self.layers)
        ]

    def __call__(self, past: Single, future: Single) -> Single:
        """Forecast quantiles of ``z``, the scaled counts of `features`.

        Parameters
        ----------
        past, future
            Patches of weeks, shapes ``(S, P, F)`` and ``(S, Q, F)``.

        Returns
        -------
        numpy.ndarray
            Shape ``(S, 7 Q, 3, L)``: by day ahead, by head (see `HEADS`) and level, ascending.
        """
        series, weeks = future.shape[:2]
        out = np.empty((series, WEEK * weeks, len(HEADS), self.levels), dtype=np.float32)
        for start in range(0, series, BLOCK):
            rows = slice(start, start + BLOCK)
            steps = np.concatenate([past[rows], future[rows]], axis=1).transpose(1, 2, 0)
            out[rows] = self._block(np.ascontiguousarray(steps, dtype=np.float32), weeks)
        return out

    def _block(self, steps: Single, weeks: int) -> Single:
        entered = silu(linear(*self._enter, steps))
        states = entered
        for k, layer in enumerate(self._lstm):
            if self._residual:
                states = states + layer(normalised(states, *self._norms[k]))
            else:
                states = layer(states)
        states = states[-weeks:]
        if self._residual:
            states = normalised(states, *self._norms[-1])
        seen = np.concatenate([states, entered[-weeks:]], axis=1)
        raw = linear(*self._out, silu(linear(*self._head, seen)))
        count = raw.shape[2]
        by_head = raw.reshape(weeks, len(HEADS), WEEK, self.levels, count)
        levels = ordered(by_head).transpose(4, 0, 2, 1, 3)
        return levels.reshape(count, WEEK * weeks, len(HEADS), self.levels)


def _depth(weights: Mapping[str, Single]) -> int:
    return sum(re.fullmatch(r"lstm\.weight_ih_l\d+", name) is not None for name in weights)


def _shapes(weights: Mapping[str, Single], residual: bool) -> dict[str, tuple[int, ...]]:
    """Return the shape that each weight must have, given the sizes that some of them show."""
    try:
        units, features = weights["inp.weight"].shape
        head, outputs = weights["h1.weight"].shape[0], weights["out.weight"].shape[0]
    except (KeyError, ValueError) as error:
        raise BundleError(f"the network lacks a weight, or it is no matrix: {error}") from error
    levels, rest = divmod(outputs, WEEK * len(HEADS))
    depth = _depth(weights)
    if rest or levels % 2 == 0 or depth == 0:
        raise BundleError(f"a network of {depth} layers with {outputs} outputs is none of ours")
    shapes: dict[str, tuple[int, ...]] = {
        "inp.weight": (units, features),
        "inp.bias": (units,),
        "h1.weight": (head, 2 * units),
        "h1.bias": (head,),
        "out.weight": (outputs, head),
        "out.bias": (outputs,),
    }
    for k in range(depth):
        shapes[f"lstm.weight_ih_l{k}"] = shapes[f"lstm.weight_hh_l{k}"] = (4 * units, units)
        shapes[f"lstm.bias_ih_l{k}"] = shapes[f"lstm.bias_hh_l{k}"] = (4 * units,)
    for k in range(depth + 1 if residual else 0):
        shapes[f"norm.{k}.weight"] = shapes[f"norm.{k}.bias"] = (units,)
    if set(weights) != set(shapes):
        odd = sorted(set(weights) ^ set(shapes))
        raise BundleError(f"the network's weights are not ours: {', '.join(odd[:3])}")
    return shapes
