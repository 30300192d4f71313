"""Folds in time: which releases are tested together, and which may teach what predicts them.

A fold tests the releases of one period. What predicts them was taught on the eve of the period, its
**cutoff**: by releases whose outcome had closed by then, and by no other. The last period is kept
apart and opened once; the rolling folds end before it, so that nothing of it is tested or teaches
while choices are made.

Releases of a frame of keys (`KEY_COLUMNS`) are named by their positions in it. A frame of outcomes
(`OUTCOME_COLUMNS`) holds only outcomes that are known; its ``closed`` is the last day of each.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError
from upswell.releases.judging._calendar import later_half, periods

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.config import EvaluationSettings

__all__ = [
    "FINAL",
    "Fold",
    "final_fold",
    "folds_of",
    "rows_that_teach",
    "rows_to_test",
]

FINAL = "final"
"""Label of the last period."""

Positions = NDArray[np.int64]

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fold:
    """One test period and its cutoff.

    Parameters
    ----------
    label
        Name of the period: ``2024``, ``2024-Q3``, ``2024-07``, ``2024-W27`` or `FINAL`.
    first, last
        First and last release date that is tested.

    Examples
    --------
    >>> Fold("2024-07", dt.date(2024, 7, 1), dt.date(2024, 7, 31)).cutoff
    datetime.date(2024, 6, 30)
    """

    label: str
    first: dt.date
    last: dt.date

    @property
    def cutoff(self) -> dt.date:
        """The last day of which anything may be known that teaches: the eve of the period."""
        return self.first - _DAY


def rows_that_teach(
    keys: pl.DataFrame, outcomes: pl.DataFrame, fold: Fold, horizon: int
) -> Positions:
    """Return the releases that may teach a fold: their outcome had closed at its cutoff.

    Parameters
    ----------
    keys, outcomes
        Frames with `KEY_COLUMNS` and `OUTCOME_COLUMNS`.
    fold
        The fold that is predicted.
    horizon
        Days after which the outcome closes.

    Returns
    -------
    numpy.ndarray
        Positions in `keys`, ascending.

    Examples
    --------
    >>> import polars as pl
    >>> day = dt.date(2024, 1, 1)
    >>> keys = pl.DataFrame({"release": ["a", "b"], "release_date": [day, day]})
    >>> outcomes = pl.DataFrame({"release": ["a", "b"], "horizon": 14, "streams": 1.0,
    ...                          "closed": [dt.date(2024, 1, 14), dt.date(2024, 1, 15)]})
    >>> fold = Fold("2024-W03", dt.date(2024, 1, 15), dt.date(2024, 1, 21))
    >>> rows_that_teach(keys, outcomes, fold, horizon=14).tolist()
    [0]
    """
    return np.flatnonzero(_closed_days(keys, outcomes, horizon) <= np.datetime64(fold.cutoff))


def rows_to_test(
    keys: pl.DataFrame, fold: Fold, outcomes: pl.DataFrame | None = None, horizon: int | None = None
) -> Positions:
    """Return the releases of the period of a fold.

    Parameters
    ----------
    keys
        Frame with `KEY_COLUMNS`.
    fold
        The fold.
    outcomes, horizon
        When both are given, only releases whose outcome at this horizon is known.

    Returns
    -------
    numpy.ndarray
        Positions in `keys`, ascending.
    """
    days = _release_days(keys)
    inside = (days >= np.datetime64(fold.first)) & (days <= np.datetime64(fold.last))
    if outcomes is not None and horizon is not None:
        inside &= ~np.isnat(_closed_days(keys, outcomes, horizon))
    return np.flatnonzero(inside)


def final_fold(
    keys: pl.DataFrame, outcomes: pl.DataFrame, settings: EvaluationSettings
) -> Fold | None:
    """Return the last period, which is opened once.

    It ends with the last release date whose outcome at the longest horizon is known, and begins
    `final_days` days before that, or on `final_from`.

    Returns
    -------
    Fold or None
        None when the settings ask for none, no outcome is known, or no release had closed before
        the period began, so that nothing could teach it.

    Raises
    ------
    SettingError
        When `final_from` is later than the last release date with an outcome.
    """
    days = _mature_days(keys, outcomes)
    if not days.size or (settings.final_from is None and settings.final_days == 0):
        return None
    last = _date(days.max())
    first = settings.final_from or last - (settings.final_days - 1) * _DAY
    if first > last:
        raise SettingError(
            f"final_from is {first}, but the last release with a known outcome is of {last}",
            fix="choose an earlier day, or leave it out",
        )
    fold = Fold(FINAL, first, last)
    return fold if _teachable(keys, outcomes, fold) else None


def folds_of(
    keys: pl.DataFrame, outcomes: pl.DataFrame, settings: EvaluationSettings
) -> tuple[Fold, ...]:
    """Return the rolling folds before the last period, oldest first.

    The periods are weeks (from Monday), months, quarters or years of the calendar; the first is cut
    where `first` lies within one, the last where the last period begins. Without `first` they
    begin with the first whole period in the later half of the days from the first release date to
    the last. A period without a release whose outcome is known, or before which no release had
    closed at the longest horizon, is no fold.

    Parameters
    ----------
    keys, outcomes
        Frames with `KEY_COLUMNS` and `OUTCOME_COLUMNS`; only release dates whose outcome at the
        longest horizon is known count.
    settings
        Of the evaluation.

    Returns
    -------
    tuple of Fold
        Possibly none.

    Raises
    ------
    SettingError
        As for `final_fold`.

    Examples
    --------
    >>> import polars as pl
    >>> from upswell.releases.config import EvaluationSettings
    >>> days = [dt.date(2024, 1, 1) + dt.timedelta(days=n) for n in range(0, 300, 5)]
    >>> names = [str(n) for n in range(len(days))]
    >>> keys = pl.DataFrame({"release": names, "release_date": days})
    >>> outcomes = pl.DataFrame({"release": names, "horizon": 30, "streams": 1.0,
    ...                          "closed": [day + dt.timedelta(days=29) for day in days]})
    >>> for fold in folds_of(keys, outcomes, EvaluationSettings(every="month", final_days=90)):
    ...     print(fold.label, fold.first, fold.last, fold.cutoff)
    2024-05 2024-05-01 2024-05-31 2024-04-30
    2024-06 2024-06-01 2024-06-30 2024-05-31
    2024-07 2024-07-01 2024-07-24 2024-06-30
    """
    days = _mature_days(keys, outcomes)
    if not days.size:
        return ()
    final = final_fold(keys, outcomes, settings)
    end = final.cutoff if final is not None else _date(days.max())
    start = settings.first or later_half(_date(days.min()), end, settings.every)
    folds = []
    for label, first, last in periods(start, end, settings.every):
        fold = Fold(label, first, last)
        tested = ((days >= np.datetime64(first)) & (days <= np.datetime64(last))).any()
        if tested and _teachable(keys, outcomes, fold):
            folds.append(fold)
    return tuple(folds)


def _release_days(keys: pl.DataFrame) -> NDArray[np.datetime64]:
    return keys["release_date"].to_numpy().astype("datetime64[D]")


def _closed_days(
    keys: pl.DataFrame, outcomes: pl.DataFrame, horizon: int
) -> NDArray[np.datetime64]:
    """Return the closing day of the outcome of each release, NaT where it is unknown."""
    import polars as pl

    known = outcomes.filter((pl.col("horizon") == horizon) & pl.col("streams").is_not_null())
    joined = keys.select("release").join(
        known.select("release", pl.col("closed").cast(pl.Date)),
        on="release",
        how="left",
        maintain_order="left",
        validate="m:1",
    )
    return joined["closed"].to_numpy().astype("datetime64[D]")


def _mature_days(keys: pl.DataFrame, outcomes: pl.DataFrame) -> NDArray[np.datetime64]:
    """Return the release dates whose outcome at the longest horizon is known."""
    if not outcomes.height:
        return np.zeros(0, dtype="datetime64[D]")
    closed = _closed_days(keys, outcomes, _longest(outcomes))
    return _release_days(keys)[~np.isnat(closed)]


def _teachable(keys: pl.DataFrame, outcomes: pl.DataFrame, fold: Fold) -> bool:
    return bool(rows_that_teach(keys, outcomes, fold, _longest(outcomes)).size)


def _longest(outcomes: pl.DataFrame) -> int:
    return int(outcomes["horizon"].max())  # type: ignore[arg-type]


def _date(day: np.datetime64) -> dt.date:
    return dt.date.fromisoformat(str(day.astype("datetime64[D]")))
