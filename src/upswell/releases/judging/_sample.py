"""Predictions as arrays: the releases of one horizon and scope, with all that is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.errors import ColumnError, SettingError
from upswell.releases.judging.folds import FINAL
from upswell.releases.judging.neighbours import NEIGHBOURS
from upswell.releases.judging.trivial import tiers_of
from upswell.scoring import quantile_name

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.config import TierSettings

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

ALL, SEEN, UNSEEN = "all", "artist seen", "artist unseen"
COMPLETE, SHORT = "complete window", "short window"
FOLD = "fold "
"""The scope of a fold is this and its label."""

LEVELS: tuple[float, ...] = tuple(i / 20 for i in range(1, 20))
"""Levels of the quantiles of a prediction."""

NEEDED = ("release", "horizon", "release_date", "fold", "actual", "mean")


@dataclass(frozen=True)
class Sample:
    """Releases of one horizon with a known outcome, ``N``, and what was said of them.

    What was not said is None: no classes, no neighbours, no base.
    """

    horizon: int
    scope: str
    tiers: int
    actual: Floats
    mean: Floats
    quantiles: Floats
    weeks: NDArray[np.datetime64]
    folds: NDArray[np.str_]
    labels: Labels
    neighbours: Mapping[str, Floats]
    base: Floats | None
    answers: Labels | None
    chances: Floats | None
    majority: Labels | None
    shares: Floats | None

    def __len__(self) -> int:
        return len(self.actual)

    @property
    def median(self) -> Floats:
        """The middle quantile."""
        return np.asarray(self.quantiles[LEVELS.index(0.5)])

    def quantile(self, level: float) -> Floats:
        """Return the quantile of one of `LEVELS`."""
        return np.asarray(self.quantiles[LEVELS.index(level)])

    def take(self, rows: NDArray[np.bool_], scope: str) -> Sample:
        """Return some of the releases under the name of a scope."""
        return replace(
            self,
            scope=scope,
            actual=self.actual[rows],
            mean=self.mean[rows],
            quantiles=self.quantiles[:, rows],
            weeks=self.weeks[rows],
            folds=self.folds[rows],
            labels=self.labels[rows],
            neighbours={name: values[rows] for name, values in self.neighbours.items()},
            base=None if self.base is None else self.base[rows],
            answers=None if self.answers is None else self.answers[rows],
            chances=None if self.chances is None else self.chances[rows],
            majority=None if self.majority is None else self.majority[rows],
            shares=None if self.shares is None else self.shares[rows],
        )


def samples_of(
    predictions: pl.DataFrame, trivial: pl.DataFrame | None, tiers: TierSettings
) -> Iterator[Sample]:
    """Yield every scope of every horizon that holds a release with a known outcome."""
    import polars as pl

    _check(predictions, trivial)
    known = predictions["actual"].is_not_null() & predictions["actual"].is_not_nan()
    own = predictions.filter(known)
    beside = None if trivial is None else trivial.filter(known)
    for horizon in sorted(own["horizon"].unique().to_list()):
        rows = own["horizon"] == horizon
        frame = own.filter(rows)
        answers = pl.DataFrame() if beside is None else beside.filter(rows)
        whole = _whole(int(horizon), frame, answers, tiers)
        for scope, mask in _scopes(frame):
            if mask.any():
                yield whole.take(mask, scope)


def _whole(horizon: int, frame: pl.DataFrame, trivial: pl.DataFrame, tiers: TierSettings) -> Sample:
    """Return all releases of one horizon."""
    place = {name: number for number, name in enumerate(tiers.names)}
    actual = _floats(frame, "actual")
    return Sample(
        horizon=horizon,
        scope=ALL,
        tiers=len(tiers.names),
        actual=actual,
        mean=_floats(frame, "mean"),
        quantiles=np.array([_floats(frame, quantile_name(level)) for level in LEVELS]),
        weeks=frame["release_date"].dt.truncate("1w").to_numpy().astype("datetime64[D]"),
        folds=np.array(frame["fold"].to_list(), dtype=np.str_),
        labels=tiers_of(actual, tiers.bounds),
        neighbours={name: _floats(trivial, name) for name in NEIGHBOURS if name in trivial.columns},
        base=_floats(trivial, "base") if "base" in trivial.columns else None,
        answers=_labels(frame, "tier", place),
        chances=_chances(frame, "probability_", tiers.names),
        majority=_labels(trivial, "majority", place),
        shares=_chances(trivial, "share_", tiers.names),
    )


def _scopes(frame: pl.DataFrame) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield the name of each scope and which rows lie in it.

    A release that is predicted from a short window too stands twice in the frame, so every scope
    but that of the short windows holds predictions from complete windows only.
    """
    folds = np.array(frame["fold"].to_list(), dtype=np.str_)
    final = folds == FINAL
    complete = _flags(frame, "complete", default=True)
    rolling = complete & ~final
    yield ALL, rolling
    yield SEEN, rolling & _flags(frame, "artist_seen", default=False)
    yield UNSEEN, rolling & _flags(frame, "artist_seen", default=True, negate=True)
    short = ~complete & ~final
    if short.any():
        yield COMPLETE, rolling
        yield SHORT, short
        if "age" in frame.columns:
            ages = frame["age"].to_numpy()
            for age in sorted(np.unique(ages[short]).tolist()):
                yield f"{SHORT}, day {age}", short & (ages == age)
    for label in sorted(np.unique(folds[rolling]).tolist()):
        yield FOLD + label, rolling & (folds == label)
    yield FINAL, complete & final


def _flags(
    frame: pl.DataFrame, name: str, *, default: bool, negate: bool = False
) -> NDArray[np.bool_]:
    """Return a column of yes and no, the default where it is null or not there."""
    if name not in frame.columns:
        found = np.full(frame.height, default)
    else:
        found = frame[name].fill_null(default).to_numpy().astype(np.bool_)
    return ~found if negate else found


def _floats(frame: pl.DataFrame, name: str) -> Floats:
    return frame[name].cast(float).fill_null(float("nan")).to_numpy().astype(np.float64)


def _labels(frame: pl.DataFrame, name: str, place: Mapping[str, int]) -> Labels | None:
    """Return named tiers as numbers; None where the column is not there or one has no tier."""
    if name not in frame.columns or frame[name].null_count():
        return None
    unknown = sorted(set(frame[name].to_list()) - set(place))
    if unknown:
        raise SettingError(f"{name} holds {unknown[0]!r}, which is none of {', '.join(place)}")
    return np.array([place[tier] for tier in frame[name].to_list()], dtype=np.int64)


def _chances(frame: pl.DataFrame, prefix: str, names: tuple[str, ...]) -> Floats | None:
    """Return a probability for each tier; None unless all are there."""
    if not all(prefix + name in frame.columns for name in names):
        return None
    found = np.array([_floats(frame, prefix + name) for name in names]).T.reshape(-1, len(names))
    return None if np.isnan(found).any() else found


def _check(predictions: pl.DataFrame, trivial: pl.DataFrame | None) -> None:
    """Raise unless the frames have the columns and belong together row by row."""
    needed = (*NEEDED, *(quantile_name(level) for level in LEVELS))
    missing = [name for name in needed if name not in predictions.columns]
    if missing:
        raise ColumnError(f"the predictions have no column {missing[0]!r}")
    if trivial is None:
        return
    if trivial.height != predictions.height:
        raise SettingError(
            f"{predictions.height} predictions stand beside {trivial.height} trivial answers"
        )
    for name in ("release", "horizon"):
        if name in trivial.columns and trivial[name].to_list() != predictions[name].to_list():
            raise SettingError(f"predictions and trivial answers differ in {name}")
