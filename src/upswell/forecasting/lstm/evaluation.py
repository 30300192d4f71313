"""How good a trained LSTM is on days that it did not see, beside seasonal naive.

The last days of the history are the test. They neither teach, nor scale, nor stop the training:
the network is trained on the history cut before them, which does not hold them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from upswell.data import Tree
from upswell.errors import ForecasterError
from upswell.forecasting.history import History
from upswell.forecasting.lstm._compared import (
    Compared,
    from_cutoff,
    mean_errors,
    one_step,
    worse_figures,
)
from upswell.forecasting.lstm.model import TrainedLstm, forecaster_name
from upswell.forecasting.lstm.record import EpochReport
from upswell.forecasting.lstm.settings import LstmSettings
from upswell.forecasting.lstm.training import train_network

__all__ = ["ErrorLine", "TrainingReport", "evaluate_training"]

Floats = NDArray[np.float64]

TRAIN_ORIGINS = 5
# Each day costs a forecast of all series from its own cutoff.
TRAIN_DAYS = 60


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """Errors in views of the LSTM and of seasonal naive on the same days.

    Parameters
    ----------
    part
        ``train`` or ``test``.
    task
        ``one-step``: each day from the true days before it. ``horizon``: all days from the
        cutoff.
    scope
        ``creators`` or ``total``; ``series`` when no tree was given.
    count
        Number of values compared: those observed that both forecast.
    mse, mae, rmse
        Mean squared error, mean absolute error and root of the former of the LSTM; NaN when
        nothing could be compared.
    naive_mse, naive_mae, naive_rmse
        The same of seasonal naive: the last observed value of the same weekday.

    Examples
    --------
    >>> line = ErrorLine("test", "horizon", "total", 30, 16.0, 3.0, 4.0, 9.0, 3.5, 3.0)
    >>> line.worse_than_naive
    ('mse', 'rmse')
    """

    part: str
    task: str
    scope: str
    count: int
    mse: float
    mae: float
    rmse: float
    naive_mse: float
    naive_mae: float
    naive_rmse: float

    @property
    def worse_than_naive(self) -> tuple[str, ...]:
        """Names of the figures that are worse than seasonal naive's."""
        return worse_figures(self)


@dataclass(frozen=True)
class TrainingReport:
    """What `evaluate_training` found.

    Parameters
    ----------
    lines
        Errors by part, task and scope.
    train_days, test_days
        Length of both parts.
    trained
        The network that was judged: trained without the test days.
    notes
        Sentences on what a reader should know, such as a test shorter than the horizon.
    """

    lines: tuple[ErrorLine, ...]
    train_days: int
    test_days: int
    trained: TrainedLstm
    notes: tuple[str, ...]

    @property
    def worse_than_naive(self) -> bool:
        """Whether any figure on the test is worse than seasonal naive's."""
        return any(line.worse_than_naive for line in self.lines if line.part == "test")

    def rows(self) -> list[dict[str, str | int | float]]:
        """Return one row a line for printing; `worse_than_naive` names the worse figures."""
        return [
            {
                "part": line.part,
                "task": line.task,
                "scope": line.scope,
                "count": line.count,
                "mse": line.mse,
                "naive_mse": line.naive_mse,
                "mae": line.mae,
                "naive_mae": line.naive_mae,
                "rmse": line.rmse,
                "naive_rmse": line.naive_rmse,
                "worse_than_naive": ", ".join(line.worse_than_naive),
            }
            for line in self.lines
        ]


def evaluate_training(
    history: History,
    horizon: int,
    settings: LstmSettings | None = None,
    seed: int = 0,
    *,
    tree: Tree | None = None,
    progress: Callable[[EpochReport], None] | None = None,
    checkpoint: Path | str | None = None,
) -> TrainingReport:
    """Train without the last days and measure the errors on them.

    Parameters
    ----------
    history
        All days known. The last `horizon` days are the test when at least two sequence lengths
        of days remain before them; otherwise the longest test that leaves those.
    horizon
        Number of days to forecast.
    settings, seed, progress, checkpoint
        As for `train_network`.
    tree
        The tree of the series; with it, creators and the total are judged apart.

    Returns
    -------
    TrainingReport
        MSE, MAE and RMSE in views.

    Raises
    ------
    ForecasterError
        When not even one day is left for a test, or the training part cannot teach.

    Notes
    -----
    On the test, ``one-step`` forecasts of a day are made from the history cut before that day,
    and ``horizon`` forecasts from the history cut before the test. On the training part the last
    60 days at most are forecast one step ahead, and up to five whole horizons, a week apart, the
    last one ending with that part. Its figures flatter: the network learnt from those days.
    """
    settings = LstmSettings() if settings is None else settings
    least = 2 * settings.sequence_length
    test = min(horizon, history.days - least)
    if test < 1:
        raise ForecasterError(
            f"{forecaster_name(settings)}: {history.days} days leave no test after the {least} "
            "that training needs",
            fix="give more days, or a smaller --sequence-length",
        )
    cut = history.days - test
    past = history.until(cut)
    trained = train_network(past, horizon, settings, seed, progress=progress, checkpoint=checkpoint)
    inside = min(horizon, cut - settings.sequence_length)
    parts = {
        ("train", "one-step"): one_step(
            trained, past, max(settings.sequence_length, cut - TRAIN_DAYS)
        ),
        ("train", "horizon"): _inside_horizons(trained, past, inside),
        ("test", "one-step"): one_step(trained, history, cut),
        ("test", "horizon"): from_cutoff(trained, history, cut, test),
    }
    lines = tuple(
        _line(part, task, scope, compared.of(index))
        for (part, task), compared in parts.items()
        for scope, index in _scopes(history, tree)
    )
    notes = trained.record.notes + _notes(horizon, test, inside)
    return TrainingReport(lines, cut, test, trained, notes)


def _scopes(history: History, tree: Tree | None) -> list[tuple[str, slice]]:
    if tree is None:
        return [("series", slice(0, history.series))]
    return [("creators", slice(tree.first_leaf, tree.size)), ("total", slice(0, 1))]


def _line(part: str, task: str, scope: str, compared: Compared) -> ErrorLine:
    away = compared.forecast - compared.truth
    naive_away = compared.naive - compared.truth
    both = np.isfinite(away) & np.isfinite(naive_away)
    mse, mae = mean_errors(away[both])
    naive_mse, naive_mae = mean_errors(naive_away[both])
    return ErrorLine(
        part=part,
        task=task,
        scope=scope,
        count=int(both.sum()),
        mse=mse,
        mae=mae,
        rmse=math.sqrt(mse),
        naive_mse=naive_mse,
        naive_mae=naive_mae,
        naive_rmse=math.sqrt(naive_mse),
    )


def _inside_horizons(trained: TrainedLstm, past: History, horizon: int) -> Compared:
    last = past.days - horizon
    starts = [last - 7 * back for back in range(TRAIN_ORIGINS)]
    length = trained.settings.sequence_length
    made = [from_cutoff(trained, past, cut, horizon) for cut in starts if cut >= length]
    return Compared(
        truth=np.column_stack([one.truth for one in made]),
        forecast=np.column_stack([one.forecast for one in made]),
        naive=np.column_stack([one.naive for one in made]),
    )


def _notes(horizon: int, test: int, inside: int) -> tuple[str, ...]:
    notes = []
    if test < horizon:
        notes.append(
            f"the test has {test} days, not {horizon}: the history is too short for a whole "
            "horizon after the days that training needs"
        )
    if inside < horizon:
        notes.append(
            f"inside the training part whole-horizon forecasts have {inside} days, not {horizon}"
        )
    return tuple(notes)
