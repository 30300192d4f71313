"""The test periods of an audit as plain arrays: what taught on the eve, and what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.errors import RefusalError
from upswell.releases.frames import FeatureTable
from upswell.releases.ground import Ground
from upswell.releases.judging import rows_to_test
from upswell.releases.models.encoding import FeatureEncoder
from upswell.releases.models.ratio import LogRatio

if TYPE_CHECKING:
    from upswell.releases.judging.folds import Fold

__all__ = ["Period", "View", "periods_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """What is known of the releases of a period, seen with one base metric.

    Parameters
    ----------
    taught, asked
        Features of the ``N`` releases that teach and the ``M`` that are asked, shape ``(N, F)``
        and ``(M, F)``.
    taught_offset, asked_offset
        Log of the window total of the base metric, shape ``(N,)`` and ``(M,)``: what is added to a
        ratio to give a log outcome.
    """

    taught: Floats
    asked: Floats
    taught_offset: Floats
    asked_offset: Floats


@dataclass(frozen=True)
class Period:
    """One test period.

    Parameters
    ----------
    label
        Its name.
    logs
        ``log(1 + streams)`` of the releases that teach, as known on the eve, shape ``(N,)``.
    truth
        The same of the releases that are asked, shape ``(M,)``.
    weeks
        Week of release of each that is asked, shape ``(M,)``.
    views
        By base metric; the first is that of the project.
    """

    label: str
    logs: Floats
    truth: Floats
    weeks: NDArray[np.int64]
    views: tuple[View, ...]


def periods_of(
    ground: Ground, others: Sequence[tuple[str, FeatureTable]] = ()
) -> tuple[Period, ...]:
    """Return the rolling folds of the releases; the last period stays closed.

    Parameters
    ----------
    ground
        Releases and outcomes.
    others
        Further base metrics, each with the complete windows as seen with it, in the same order.

    Raises
    ------
    RefusalError
        When no fold can be tested.
    """
    tables = [(ground.base, ground.complete), *others]
    found = []
    for fold in ground.folds():
        try:
            found.append(_period(ground, fold, tables))
        except RefusalError:
            continue
    if not found:
        raise RefusalError(
            "no period can be tested: before each of them too few releases were mature",
            code="no-fold",
            fix="give a longer history, or shorter periods in [evaluation] every",
        )
    return tuple(found)


def _period(ground: Ground, fold: Fold, tables: Sequence[tuple[str, FeatureTable]]) -> Period:
    lesson = ground.lesson(ground.complete, fold)
    place = {name: n for n, name in enumerate(ground.complete.keys["release"].to_list())}
    rows = np.array([place[name] for name in lesson.table.keys["release"].to_list()], dtype=int)
    tested = rows_to_test(ground.complete.keys, fold, ground.outcomes, ground.horizons[-1])
    logs = lesson.log_outcomes[:, -1]
    asked = ground.complete.take(tested)
    days = asked.keys["release_date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    return Period(
        label=fold.label,
        logs=logs,
        truth=ground.log_outcomes(asked)[:, -1],
        weeks=(days + 3) // 7,  # day 0 was a Thursday: weeks begin on Monday
        views=tuple(
            _view(table.take(rows), table.take(tested), logs, base) for base, table in tables
        ),
    )


def _view(taught: FeatureTable, asked: FeatureTable, logs: Floats, base: str) -> View:
    encoder = FeatureEncoder.fit(taught.features)
    ratio = LogRatio.fit(taught, logs[:, None], base)
    return View(
        taught=encoder.matrix(taught.features),
        asked=encoder.matrix(asked.features),
        taught_offset=ratio.offset(taught)[:, 0],
        asked_offset=ratio.offset(asked)[:, 0],
    )
