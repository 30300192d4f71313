"""What one epoch learns from, and what it is checked against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.lstm._scaling import ScaledHistory
from upswell.forecasting.lstm._windows import (
    Network,
    Origins,
    Targets,
    Windows,
    split_origins,
    targets,
)
from upswell.forecasting.lstm.inference import roll_forward
from upswell.forecasting.lstm.settings import LstmSettings

__all__ = ["Lesson", "Teaching", "largest_epoch"]

Inputs = NDArray[np.float32]
Integers = NDArray[np.int64]

WINDOWS_AN_EPOCH = 20_000
STEPS_AN_EPOCH = 2_000
VALIDATION_CALLS = 60_000
VALIDATION_WINDOWS = 5_000
LARGEST_ERROR = 50.0


def largest_epoch(batch_size: int) -> int:
    """Return the largest number of windows that an epoch learns from."""
    return min(WINDOWS_AN_EPOCH, STEPS_AN_EPOCH * batch_size)


@dataclass(frozen=True)
class Lesson:
    """The windows of one epoch, in the order of its steps."""

    inputs: Inputs
    targets: Targets


class Teaching:
    """Windows for training and validation; all of them lie inside the training part of time.

    Parameters
    ----------
    scaled
        The training part.
    settings
        The network's settings.
    horizon
        Number of days that will be asked for.
    validation
        Number of days at the end that validate and do not teach.
    seed
        Seed of the choice and the order of windows.

    Notes
    -----
    Each window is shown as it is or upside down, by the toss of a coin: values and targets with
    the other sign. A rise and a fall of one shape are then learnt alike, and a drift that all
    series of a small panel happened to share is not learnt as if it were a rule.
    """

    def __init__(
        self,
        scaled: ScaledHistory,
        settings: LstmSettings,
        horizon: int,
        validation: int,
        seed: int,
    ) -> None:
        self._scaled = scaled
        self._length = settings.sequence_length
        self._leads = 1 if settings.strategy == "recursive" else horizon
        self._seed = seed
        self._largest = largest_epoch(settings.batch_size)
        self._cut = scaled.observed.shape[1] - validation
        self.train, self.validation = split_origins(scaled, self._length, self._leads, validation)
        self._check = (
            self._rolled_check(validation)
            if settings.strategy == "recursive"
            else self._direct_check()
        )

    @property
    def epoch_windows(self) -> int:
        """Number of windows an epoch learns from."""
        return min(self.train.count, self._largest)

    def lesson(self, epoch: int) -> Lesson:
        """Return the windows of an epoch, chosen and ordered by its own seed."""
        generator = np.random.default_rng([self._seed, epoch])
        chosen = generator.permutation(self.train.count)[: self._largest]
        sign = np.where(generator.random(len(chosen)) < 0.5, -1.0, 1.0).astype(np.float32)
        inputs, known = self._gather(self.train.take(chosen), (0, self._cut))
        inputs[..., 0] *= sign[:, None]
        inputs[..., 2] *= sign[:, None]
        return Lesson(inputs, Targets(known.values * sign[:, None], known.weights))

    def validation_loss(self, network: Network) -> float:
        """Return the mean absolute error over the validation tail, in spreads."""
        return self._check(network)

    def _gather(self, origins: Origins, days: tuple[int, int]) -> tuple[Inputs, Targets]:
        windows = Windows.before(self._scaled, origins, self._length)
        level = windows.level()
        known = targets(self._scaled, origins, windows, level, leads=self._leads, days=days)
        return windows.inputs(level), known

    def _sample(self, count: int, largest: int) -> Integers:
        """Return at most `largest` of `count` places, in order."""
        if count <= largest:
            return np.arange(count)
        generator = np.random.default_rng([self._seed, 0, 1])
        return np.sort(generator.choice(count, largest, replace=False))

    def _direct_check(self) -> Callable[[Network], float]:
        chosen = self.validation.take(self._sample(self.validation.count, VALIDATION_WINDOWS))
        stop = self._scaled.observed.shape[1]
        inputs, known = self._gather(chosen, (self._cut, stop))

        def check(network: Network) -> float:
            away = np.abs(network(inputs) - known.values)
            away = np.minimum(away, LARGEST_ERROR) * known.weights
            return float(away.sum(dtype=np.float64) / known.weights.sum(dtype=np.float64))

        return check

    def _rolled_check(self, validation: int) -> Callable[[Network], float]:
        """Check what the recursion forecasts for the tail, from its start and two thirds of it.

        The next day alone would be the wrong thing to watch: a network can be good at it and
        run away when it is fed its own forecasts.
        """
        days = self._scaled.observed.shape[1]
        starts = sorted({self._cut, self._cut + validation // 3, self._cut + 2 * validation // 3})
        begun = np.flatnonzero(np.isin(self.validation.day, starts))
        if not len(begun):
            begun = np.arange(self.validation.count)
        largest = max(100, VALIDATION_CALLS // validation)
        origins = self.validation.take(begun[self._sample(len(begun), largest)])
        windows = Windows.before(self._scaled, origins, self._length)
        level = windows.level()
        known = targets(
            self._scaled, origins, windows, level, leads=validation, days=(self._cut, days)
        )
        scale = np.where(windows.spread > 0, windows.spread, 1.0)[:, None]

        def check(network: Network) -> float:
            moving = Windows.before(self._scaled, origins, self._length)
            plain = roll_forward(moving, network, validation, None)
            away = np.abs((plain - level[:, None]) / scale - known.values)
            away = np.minimum(away, LARGEST_ERROR) * known.weights
            return float(away.sum(dtype=np.float64) / known.weights.sum(dtype=np.float64))

        return check
