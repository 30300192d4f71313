"""Adapt the shipped LSTM to a panel: tune, let its windows choose, and teach again on all days."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upswell.errors import MissingPackageError, SettingError
from upswell.forecasting.history import History
from upswell.forecasting.lstm.adapting.model import AdaptedLstm, averaged, network_of
from upswell.forecasting.lstm.adapting.record import Choice, StepReport
from upswell.forecasting.lstm.adapting.settings import AdaptingSettings
from upswell.forecasting.lstm.adapting.windows import (
    LEAST_AHEAD,
    Parts,
    largest_series,
    spread_cutoffs,
    teaching_windows,
)
from upswell.forecasting.lstm.pretrained.forecaster import quantiles_of
from upswell.forecasting.lstm.pretrained.weights import shipped_weights
from upswell.forecasting.quantiles import Quantiles

__all__ = ["Adaptation", "adapt_network"]

Floats = NDArray[np.float64]
Weights = Mapping[str, NDArray[np.float32]]

VALIDATION_CUTOFFS = 5
# Loss of a series, in its own changes from week to week, below which differences are no news.
SMALL_LOSS = 1e-3


@dataclass(frozen=True)
class Adaptation:
    """What `adapt_network` found.

    Parameters
    ----------
    adapted
        Taught by all days, where anything taught.
    judged
        The same choice, taught without the days of the test.
    parts
        How the days were parted.
    series
        Which series taught: the total and the largest others.
    """

    adapted: AdaptedLstm
    judged: AdaptedLstm
    parts: Parts
    series: NDArray[np.int64]


def adapt_network(
    history: History,
    horizon: int,
    settings: AdaptingSettings | None = None,
    seed: int = 0,
    *,
    base: Weights | None = None,
    progress: Callable[[StepReport], None] | None = None,
) -> Adaptation:
    """Tune the shipped network where a panel's own windows say that it helps.

    The first days teach; the days after them choose how many steps, and with what weight the
    tuned network is averaged with the untouched one on the log scale: the least scaled pinball
    loss of days, as a geometric mean over series. Unless it is lower than zero-shot's by
    `settings.least_gain`, zero-shot is kept. The last days do neither and judge. With the choice
    made, the network is taught again by all days.

    Parameters
    ----------
    history
        What was known at the cutoff; the first series is the total.
    horizon
        Days ahead that will be asked for, at least 1.
    settings
        Of the fine-tuning; None for the defaults.
    seed
        The same history, settings and seed give the same weights bit for bit on one machine.
    base
        Weights to start from; None for the shipped ones.
    progress
        Called after each step of each of the three trainings.

    Raises
    ------
    MissingPackageError
        When torch is not installed.
    SettingError
        When the horizon or the seed is out of range, or the device is not there.

    Examples
    --------
    >>> history = History(np.full((2, 30), 9.0), np.arange(30) % 7)
    >>> adapt_network(history, 14).adapted.choice.why
    'kept zero-shot: 30 days are too few to teach and to validate'
    """
    settings = AdaptingSettings() if settings is None else settings
    _check(horizon, seed)
    untouched = shipped_weights() if base is None else base
    tuner = _Tuner(untouched, horizon, settings, seed, progress)
    parts, series = Parts.of(history.days, horizon), largest_series(history.values)
    own = history.select(series)
    past = own.until(history.days - parts.test)
    choice = replace(_choose(past, parts, tuner), days=history.days)
    made = []
    for known in (past, own):
        steps = (choice.steps,) if choice.adapted else ()
        tuned = tuner.tuned(known, steps)[choice.steps] if steps else {}
        made.append(AdaptedLstm(untouched, tuned, choice, horizon))
    return Adaptation(made[1], made[0], parts, series)


def _check(horizon: int, seed: int) -> None:
    if not 1 <= horizon <= 3660:
        raise SettingError(f"--horizon must be between 1 and 3660, got {horizon}")
    if not 0 <= seed < 2**63:
        raise SettingError(f"--seed must be between 0 and 2**63 - 1, got {seed}")
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise MissingPackageError(
            "adapting the LSTM needs the package torch, which is not installed",
            fix="pip install 'upswell[train]', or forecast without adapting: "
            "--model lstm-pretrained",
        ) from error


@dataclass(frozen=True)
class _Tuner:
    """Everything that all trainings of an adaptation share."""

    untouched: Weights
    horizon: int
    settings: AdaptingSettings
    seed: int
    progress: Callable[[StepReport], None] | None

    def tuned(self, history: History, steps: tuple[int, ...]) -> Mapping[int, Weights]:
        """Return the weights after some numbers of steps; none when nothing can teach."""
        from upswell.forecasting.lstm.adapting._tuning import tune

        windows = teaching_windows(history, self.horizon)
        if not len(windows):
            return {}
        return tune(
            self.untouched, windows, self.settings, steps, seed=self.seed, progress=self.progress
        )


def _choose(past: History, parts: Parts, tuner: _Tuner) -> Choice:
    """Let the validation windows choose steps and weight."""
    kept = Choice(0, 0.0, math.nan, math.nan, 0, past.days)
    if not parts.enough:
        return kept
    settings = tuner.settings
    judge = _Judge.of(past, parts.teaching, tuner.horizon)
    zero_shot = judge.asked(tuner.untouched)
    found = [(judge.loss(zero_shot), 0, 0.0)]
    for steps, weights in tuner.tuned(past.until(parts.teaching), settings.steps).items():
        said = judge.asked(weights)
        for weight in settings.weights:
            mixed = [averaged(a, b, weight) for a, b in zip(zero_shot, said, strict=True)]
            found.append((judge.loss(mixed), steps, weight))
    first = found[0][0]
    if math.isnan(first) or len(found) == 1:
        return kept
    loss, steps, weight = min(found[1:])
    count = len(judge.cutoffs)
    if not loss <= (1.0 - settings.least_gain) * first:
        return Choice(0, 0.0, first, loss, count, past.days)
    return Choice(steps, weight, first, loss, count, past.days)


@dataclass(frozen=True)
class _Judge:
    """Windows after the teaching days, and what the series lose on them.

    Parameters
    ----------
    cutoffs
        Days known in each window.
    truth
        What then happened, shape ``(S, H)`` each; NaN where not known.
    """

    history: History
    cutoffs: list[int]
    truth: list[Floats]
    scale: Floats

    @classmethod
    def of(cls, history: History, first: int, horizon: int) -> _Judge:
        values = history.values
        least = max(LEAST_AHEAD, min(horizon, (history.days - first) // 2))
        last = max(first, history.days - least)
        cutoffs = spread_cutoffs(first, last, VALIDATION_CUTOFFS)
        truth = [values[:, cutoff : cutoff + horizon] for cutoff in cutoffs]
        weekly = np.abs(values[:, 7:first] - values[:, : first - 7])
        number = np.maximum(np.isfinite(weekly).sum(axis=1), 1)
        scale = np.where(np.isfinite(weekly), weekly, 0.0).sum(axis=1) / number
        return cls(history, cutoffs, truth, np.maximum(scale, 1.0))

    def asked(self, weights: Weights) -> list[Quantiles]:
        """Return what a network says in each window."""
        network = network_of(weights)
        return [
            quantiles_of(self.history.until(cutoff), truth.shape[1], network)
            for cutoff, truth in zip(self.cutoffs, self.truth, strict=True)
        ]

    def loss(self, said: list[Quantiles]) -> float:
        """Return the geometric mean over series of the scaled pinball loss of days."""
        total, number = np.zeros(len(self.scale)), np.zeros(len(self.scale))
        for window, truth in zip(said, self.truth, strict=True):
            away = truth - window.day
            levels = window.levels[:, None, None]
            loss = 2 * np.maximum(levels * away, (levels - 1) * away).mean(axis=0)
            known = np.isfinite(loss)
            total += np.where(known, loss, 0.0).sum(axis=1)
            number += known.sum(axis=1)
        judged = number > 0
        if not judged.any():
            return math.nan
        scaled = total[judged] / number[judged] / self.scale[judged]
        return float(np.exp(np.log(scaled + SMALL_LOSS).mean()))
