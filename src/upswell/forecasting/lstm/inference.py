"""The trained network in NumPy: forecasts need no torch."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError
from upswell.forecasting.lstm._scaling import ScaledHistory, envelope, from_log
from upswell.forecasting.lstm._weight_checks import check_weights
from upswell.forecasting.lstm._windows import CHANNELS, Network, Origins, Windows

__all__ = ["NumpyNetwork", "forecast_direct", "forecast_recursive"]

Floats = NDArray[np.float64]
Inputs = NDArray[np.float32]

# Some hundred series keep a layer's gates within a core's cache.
BLOCK = 256
# OpenBLAS shares products above this many multiplications out to threads, which then wait for
# each other: on a busy machine small products become a hundred times slower.
ONE_THREAD_PRODUCT = 262_144


def _group_rows(units: int) -> int:
    """Return how many series go into one product; larger networks are worth several threads."""
    rows = ONE_THREAD_PRODUCT // (4 * units * units)
    return min(rows, BLOCK) if rows >= 8 else BLOCK


def weight_shapes(layers: int, units: int, outputs: int) -> dict[str, tuple[int, ...]]:
    """Return the name and shape of every weight of a network."""
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in range(layers):
        width = CHANNELS if layer == 0 else units
        shapes[f"lstm.weight_ih_l{layer}"] = (4 * units, width)
        shapes[f"lstm.weight_hh_l{layer}"] = (4 * units, units)
        shapes[f"lstm.bias_ih_l{layer}"] = (4 * units,)
        shapes[f"lstm.bias_hh_l{layer}"] = (4 * units,)
    shapes["head.weight"] = (outputs, units)
    shapes["head.bias"] = (outputs,)
    return shapes


class NumpyNetwork:
    """An LSTM and its linear head, as `torch.nn.LSTM` computes them, in float32.

    Parameters
    ----------
    weights
        Weights by torch's names, float32.
    layers, units, outputs
        Sizes; each weight must have the shape that follows from them.

    Raises
    ------
    BundleError
        When a weight is missing, too many, not finite or of another shape or type.

    Notes
    -----
    The logistic function is computed as ``(1 + tanh(x / 2)) / 2``, so that one call of tanh
    serves all four gates (Hochreiter and Schmidhuber 1997 with the forget gate of Gers et al.
    2000, in torch's order: input, forget, cell, output).
    """

    def __init__(
        self, weights: Mapping[str, NDArray[np.float32]], layers: int, units: int, outputs: int
    ) -> None:
        shapes = weight_shapes(layers, units, outputs)
        if set(weights) != set(shapes):
            raise BundleError(f"the network has weights {sorted(weights)}, not {sorted(shapes)}")
        check_weights(weights, shapes)
        half = np.full(4 * units, 0.5, dtype=np.float32)
        half[2 * units : 3 * units] = 1.0
        self._units = units
        self._rows = _group_rows(units)
        self._layers = [
            (
                np.ascontiguousarray((weights[f"lstm.weight_ih_l{k}"] * half[:, None]).T),
                np.ascontiguousarray((weights[f"lstm.weight_hh_l{k}"] * half[:, None]).T),
                (weights[f"lstm.bias_ih_l{k}"] + weights[f"lstm.bias_hh_l{k}"]) * half,
            )
            for k in range(layers)
        ]
        self._head = np.ascontiguousarray(weights["head.weight"].T), weights["head.bias"]

    def __call__(self, inputs: Inputs) -> Inputs:
        """Return the outputs, shape ``(B, K)``, of windows of shape ``(B, L, CHANNELS)``."""
        count, days, width = inputs.shape
        groups = -(-count // self._rows)
        padded = np.zeros((groups * self._rows, days, width), dtype=np.float32)
        padded[:count] = inputs
        steps = padded.reshape(groups, self._rows, days, width).transpose(2, 0, 1, 3)
        weight, bias = self._head
        out = np.empty((groups, self._rows, len(bias)), dtype=np.float32)
        size = max(1, BLOCK // self._rows)
        for start in range(0, groups, size):
            block = np.ascontiguousarray(steps[:, start : start + size])
            out[start : start + size] = self._last_hidden(block) @ weight + bias
        return out.reshape(len(padded), len(bias))[:count]

    def _last_hidden(self, steps: Inputs) -> Inputs:
        """Return the last hidden state, shape ``(G, R, units)``, of days ``(L, G, R, F)``."""
        units = self._units
        for into, across, bias in self._layers:
            gates = steps @ into + bias
            hidden = np.zeros((*steps.shape[1:3], units), dtype=np.float32)
            cell = np.zeros_like(hidden)
            steps = np.empty((*steps.shape[:3], units), dtype=np.float32)
            for day, gate in enumerate(gates):
                if day:
                    gate += hidden @ across  # noqa: PLW2901 - in place, in the block's own array
                np.tanh(gate, out=gate)
                admit, keep = gate[..., :units], gate[..., units : 2 * units]
                news, show = gate[..., 2 * units : 3 * units], gate[..., 3 * units :]
                cell *= keep + 1
                cell += (admit + 1) * news
                cell *= 0.5
                np.tanh(cell, out=hidden)
                hidden *= show + 1
                hidden *= 0.5
                steps[day] = hidden
        return hidden


def roll_forward(windows: Windows, network: Network, horizon: int, room: Floats | None) -> Floats:
    """Let the network forecast day by day, each forecast the last day of the next window.

    Parameters
    ----------
    windows
        Where to start; moved on `horizon` days.
    network
        From inputs ``(B, L, CHANNELS)`` to outputs ``(B, 1)``.
    horizon
        Number of days, ``H``.
    room
        Lowest and highest value of each day, shape ``(2, B, H)``; None for no bounds.

    Returns
    -------
    numpy.ndarray
        ``z`` less its weekday effect, shape ``(B, H)``.
    """
    out = np.empty((len(windows.plain), horizon))
    for lead in range(horizon):
        level = windows.level()
        said = network(windows.inputs(level))[:, 0].astype(np.float64)
        plain = level + windows.spread * said
        if room is not None:
            plain = np.clip(plain, room[0, :, lead], room[1, :, lead])
        out[:, lead] = plain
        windows.advance(plain)
    return out


def forecast_recursive(
    scaled: ScaledHistory,
    network: Network,
    length: int,
    phase: NDArray[np.int64],
    growth: float,
) -> Floats:
    """Forecast counts day by day.

    Parameters
    ----------
    scaled
        The history, ``S`` series.
    network
        The trained network, with one output.
    length
        Days in a window.
    phase
        Weekday of each day to forecast, shape ``(H,)``.
    growth
        Weekly growth, in logs, that is granted to every series; see `envelope`.

    Returns
    -------
    numpy.ndarray
        Shape ``(S, H)``, finite and not negative.
    """
    windows = _last_windows(scaled, length)
    room = envelope(scaled, windows.level(), len(phase), growth)
    plain = roll_forward(windows, network, len(phase), room)
    return from_log(plain + windows.effects[:, phase], scaled.offset)


def forecast_direct(
    scaled: ScaledHistory,
    network: Network,
    length: int,
    phase: NDArray[np.int64],
    growth: float,
) -> Floats:
    """Forecast counts of all days at once; parameters as for `forecast_recursive`."""
    windows = _last_windows(scaled, length)
    level = windows.level()
    room = envelope(scaled, level, len(phase), growth)
    said = network(windows.inputs(level))[:, : len(phase)].astype(np.float64)
    plain = np.clip(level[:, None] + windows.spread[:, None] * said, room[0], room[1])
    return from_log(plain + windows.effects[:, phase], scaled.offset)


def _last_windows(scaled: ScaledHistory, length: int) -> Windows:
    series, days = scaled.observed.shape
    origins = Origins(np.arange(series, dtype=np.int64), np.full(series, days, dtype=np.int64))
    return Windows.before(scaled, origins, length)
