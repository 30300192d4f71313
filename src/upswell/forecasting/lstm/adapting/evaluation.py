"""How good an adapted LSTM is on days that it did not see, beside zero-shot and seasonal naive."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.data import Tree
from upswell.forecasting.history import FittedMedian, History
from upswell.forecasting.lstm._compared import Compared, from_cutoff, mean_errors, worse_figures
from upswell.forecasting.lstm.adapting.adapting import Adaptation
from upswell.forecasting.lstm.adapting.windows import LEAST_HISTORY, MOST_SERIES

__all__ = ["AdaptationLine", "AdaptationReport", "evaluate_adaptation"]

# Each day costs a forecast of all series from its own cutoff.
ONE_STEP_DAYS = 14
TRAIN_ORIGINS = 3


@dataclass(frozen=True, slots=True)
class AdaptationLine:
    """Errors in views of the adapted LSTM, of zero-shot and of seasonal naive on the same days.

    Parameters
    ----------
    part
        ``train`` or ``test``.
    task
        ``one-step``: each day from the true days before it. ``horizon``: all days from the
        cutoff.
    scope
        ``creators`` or ``total``.
    count
        Number of values compared.
    mse, mae, rmse
        Mean squared error, mean absolute error and root of the former; NaN of nothing.
    zero_shot_mse, zero_shot_mae, zero_shot_rmse
        The same of the shipped weights.
    naive_mse, naive_mae, naive_rmse
        The same of seasonal naive.
    """

    part: str
    task: str
    scope: str
    count: int
    mse: float
    zero_shot_mse: float
    naive_mse: float
    mae: float
    zero_shot_mae: float
    naive_mae: float
    rmse: float
    zero_shot_rmse: float
    naive_rmse: float

    @property
    def worse_than_naive(self) -> tuple[str, ...]:
        """Names of the figures that are worse than seasonal naive's."""
        return worse_figures(self)


@dataclass(frozen=True)
class AdaptationReport:
    """What `evaluate_adaptation` found.

    Parameters
    ----------
    lines
        Errors by part, task and scope.
    train_days, test_days
        Length of both parts.
    why
        Whether it was adapted, and why, in one sentence.
    notes
        Sentences on what a reader should know.
    """

    lines: tuple[AdaptationLine, ...]
    train_days: int
    test_days: int
    why: str
    notes: tuple[str, ...]

    @property
    def worse_than_naive(self) -> bool:
        """Whether any figure on the test is worse than seasonal naive's."""
        return any(line.worse_than_naive for line in self.lines if line.part == "test")

    def rows(self) -> list[dict[str, str | int | float]]:
        """Return one row a line for printing; `worse_than_naive` names the worse figures."""
        return [
            asdict(line) | {"worse_than_naive": ", ".join(line.worse_than_naive)}
            for line in self.lines
        ]


def evaluate_adaptation(
    found: Adaptation, history: History, horizon: int, tree: Tree
) -> AdaptationReport:
    """Measure the errors of what was taught without the last days, on them and on days before.

    Parameters
    ----------
    found
        Of `adapt_network`, of the same history and horizon.
    history
        All days known.
    horizon
        Days ahead.
    tree
        The tree of the series.

    Notes
    -----
    One step ahead, the last 14 days of each part are forecast. Over the horizon, the test is
    forecast from its eve, and the training part from three cutoffs; these figures flatter, since
    the days taught.
    """
    own = history.select(found.series)
    cut = history.days - found.parts.test
    past, test = own.until(cut), found.parts.test
    parts = {
        ("train", "one-step"): (past, range(max(cut - ONE_STEP_DAYS, LEAST_HISTORY), cut), 1),
        ("train", "horizon"): (past, _origins(cut, test), test),
        ("test", "one-step"): (own, range(max(cut, history.days - ONE_STEP_DAYS), own.days), 1),
        ("test", "horizon"): (own, [cut], test),
    }
    leaves = np.flatnonzero(found.series >= tree.first_leaf)
    scopes = {"creators": leaves, "total": np.zeros(1, dtype=np.int64)}
    lines = []
    for (part, task), (known, origins, ahead) in parts.items():
        adapted = _asked(found.judged, known, list(origins), ahead)
        plain = adapted
        if found.judged.choice.adapted:
            plain = _asked(found.judged.zero_shot(), known, list(origins), ahead)
        lines += [
            _line((part, task, scope), adapted, plain, index) for scope, index in scopes.items()
        ]
    notes = _against(lines) + _notes(horizon, test, len(found.series) < history.series)
    return AdaptationReport(tuple(lines), cut, test, found.adapted.choice.why, notes)


def _origins(cut: int, ahead: int) -> list[int]:
    last = cut - ahead
    return [c for c in (last - 7 * back for back in range(TRAIN_ORIGINS)) if c >= LEAST_HISTORY]


def _asked(model: FittedMedian, known: History, origins: list[int], ahead: int) -> Compared:
    """Return forecasts of so many days from each origin."""
    made = [from_cutoff(model, known, origin, ahead) for origin in origins]
    empty = np.zeros((known.series, 0))
    return Compared(
        truth=np.column_stack([empty, *(one.truth for one in made)]),
        forecast=np.column_stack([empty, *(one.forecast for one in made)]),
        naive=np.column_stack([empty, *(one.naive for one in made)]),
    )


def _line(
    name: tuple[str, str, str],
    adapted: Compared,
    zero_shot: Compared,
    index: NDArray[np.int64],
) -> AdaptationLine:
    away = [x[index] - adapted.truth[index] for x in (adapted.forecast, zero_shot.forecast)]
    away.append(adapted.naive[index] - adapted.truth[index])
    known = np.isfinite(np.stack(away)).all(axis=0)
    (mse, mae), (zero_mse, zero_mae), (naive_mse, naive_mae) = (mean_errors(x[known]) for x in away)
    return AdaptationLine(
        *(*name, int(known.sum())),
        *(mse, zero_mse, naive_mse),
        *(mae, zero_mae, naive_mae),
        *(math.sqrt(mse), math.sqrt(zero_mse), math.sqrt(naive_mse)),
    )


def _against(lines: Sequence[AdaptationLine]) -> tuple[str, ...]:
    """Say where the test speaks against what the validation windows chose."""
    worse = [
        f"{line.mae / line.zero_shot_mae - 1.0:.1%} for the {line.scope}"
        for line in lines
        if (line.part, line.task) == ("test", "horizon") and line.mae > line.zero_shot_mae > 0
    ]
    if not worse:
        return ()
    return (
        (
            "the test, which did not choose, speaks against the fine-tuning: its mean absolute "
            f"error is above zero-shot's by {' and '.join(worse)}; --model lstm-pretrained is "
            "zero-shot"
        ),
    )


def _notes(horizon: int, test: int, left_out: bool) -> tuple[str, ...]:
    notes = []
    if test < horizon:
        notes.append(f"the test has {test} days, not {horizon}: a quarter of the days at most")
    if left_out:
        notes.append(f"the total and the {MOST_SERIES - 1} largest series teach and are judged")
    return tuple(notes)
