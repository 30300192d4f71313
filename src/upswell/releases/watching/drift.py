"""Drift: whether this week's releases are like those that models and bound were calibrated on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.releases.frames import FeatureNote, FeatureTable
from upswell.releases.watching._blocks import LEAST_ROWS, Unusual, blocks_of, how_unusual
from upswell.releases.watching._columns import as_columns
from upswell.releases.watching.reference import DATE, MOST_ROWS, MOST_WEEKS, day_numbers, thinned

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.trained import TrainedReleases

__all__ = ["DRIFT_CODES", "LEVEL", "Drift", "drift_of", "held_against", "latest", "untold"]

Integers = NDArray[np.int64]

LEVEL = 0.02
"""Chance of a false alarm of each look."""

SPANS = (7, 14, 28)
"""Days of release dates that are looked at: the shortest with enough releases."""

ENOUGH = 8
"""Releases that are enough."""

DRIFT_CODES = {
    "no-drift": "the releases are no more unusual than earlier weeks were",
    "drifted": "the releases are more unusual than earlier weeks were",
    "too-few-releases": "too few releases with a complete window to tell",
    "too-few-weeks": "the reference has too few weeks to tell what is usual",
    "no-reference": "the bundle has no reference: train again to have one",
}
"""What each code of a look for drift means."""

_TOLD = ("drifted", "no-drift")

_SCHEMA = {
    **dict.fromkeys(("feature", "group", "what"), "String"),
    **dict.fromkeys(("reference", "batch", "statistic", "p_value"), "Float64"),
    "drifted": "Boolean",
}


@dataclass(frozen=True, kw_only=True)
class Drift:
    """What was found when a batch of releases was held against the reference.

    Parameters
    ----------
    code
        One of `DRIFT_CODES`.
    sentence
        The same in words, with the features that drifted.
    frame
        A row a column looked at, the most unusual first: ``feature, group, what`` (``size``,
        ``high``, ``low``, ``missing``, ``share`` or a text), ``reference`` and ``batch`` (means: of
        ranks from 0 to 1, or shares), ``statistic`` (deviation over its usual size), ``p_value``
        (adjusted for the number of columns) and ``drifted``.
    p_value
        Of all columns together; 1 where nothing can be told.
    releases, first, last
        The batch: how many, first and last release date.
    blocks
        Earlier blocks of as many weeks it was held against.
    """

    code: str
    sentence: str
    frame: pl.DataFrame
    p_value: float
    releases: int
    first: dt.date | None
    last: dt.date | None
    blocks: int

    @property
    def drifted(self) -> bool:
        """Whether the batch is more unusual than chance explains."""
        return self.code == "drifted"


def drift_of(
    trained: TrainedReleases,
    table: FeatureTable,
    *,
    level: float = LEVEL,
    spans: tuple[int, ...] = SPANS,
) -> Drift:
    """Hold the latest releases of a table against the reference of a bundle.

    Parameters
    ----------
    trained
        The bundle.
    table
        Scored releases; only complete windows are looked at.
    level
        Chance of a false alarm.
    spans
        Days of release dates, up to the last one, that are looked at: the first that hold
        `ENOUGH` releases, and besides the last, where it holds more. What is wrong with some
        releases only may take some weeks to show.

    Notes
    -----
    See `upswell.releases.watching._blocks` for what is compared with what. Of two looks the more
    unusual counts, its p-value doubled.
    """
    reference = trained.kept.get("reference")
    whole = table.take(table.keys["age"].to_numpy() == trained.config.window)
    batches = [latest(whole, spans), latest(whole, spans[-1:])]
    if len(batches[1]) == len(batches[0]):
        batches = batches[:1]
    if reference is None:
        return untold("no-reference", batches[0])
    days = day_numbers(reference[DATE])
    notes = {note.name: note for note in table.catalogue}
    names = [name for name in reference.columns if name in notes]
    # As many of a week as the reference has, so that weeks are as exact on both sides.
    most = max(MOST_ROWS // MOST_WEEKS, _fullest(days))
    looks = []
    for batch in batches:
        own = batch.take(thinned(batch, most))
        values = own.features.select(names)
        past = reference.select(names)
        looks.append(held_against(past, days, values, own, notes, level=level, looks=len(batches)))
    return min(looks, key=lambda look: (look.code not in _TOLD, look.p_value))


def held_against(
    past: pl.DataFrame,
    days: Integers,
    now: pl.DataFrame,
    batch: FeatureTable,
    notes: Mapping[str, FeatureNote],
    *,
    level: float = LEVEL,
    looks: int = 1,
) -> Drift:
    """Hold values of a batch against those of the past before it.

    Parameters
    ----------
    past, days
        Values of the past, and their release dates as day numbers.
    now, batch
        The same values of the batch, and its releases.
    notes
        What each value is, by name.
    level
        Chance of a false alarm.
    looks
        Looks that are taken at once; p-values are multiplied by their number.
    """
    if len(batch) < LEAST_ROWS:
        return untold("too-few-releases", batch)
    own = day_numbers(batch.keys["release_date"])
    before = np.flatnonzero(days < own.min())
    if not before.size:
        return untold("too-few-weeks", batch)
    left, right, columns = as_columns(past[before.tolist()], now)
    families = [_family(notes[name]) for name, _ in columns]
    found = how_unusual(*blocks_of(left, days[before], right, own), families).of(looks)
    if not found.told:
        return untold("too-few-weeks", batch, found.blocks)
    frame = _frame(columns, notes, (left.mean(axis=0), right.mean(axis=0)), found, level)
    code = "drifted" if found.p_value <= level else "no-drift"
    return Drift(
        code=code,
        sentence=_sentence(code, frame, notes, found),
        frame=frame,
        p_value=found.p_value,
        releases=len(batch),
        **_span(batch),
        blocks=found.blocks,
    )


def _family(note: FeatureNote) -> str:
    """Return which features are held against each other; those of the platform move together."""
    return "platform" if "platform" in note.name else note.group


def _span(batch: FeatureTable) -> dict[str, Any]:
    days = batch.keys["release_date"]
    return {"first": days.min(), "last": days.max()}


def latest(table: FeatureTable, spans: tuple[int, ...]) -> FeatureTable:
    """Return the releases of the last days: of the shortest span that holds enough."""
    if not len(table):
        return table
    days = day_numbers(table.keys["release_date"])
    for span in spans:
        chosen = days > days.max() - span
        if chosen.sum() >= ENOUGH:
            break
    return table.take(chosen)


def _fullest(days: Integers) -> int:
    """Return the most rows that a week of the reference has."""
    return int(np.bincount((days.max() - days) // 7).max()) if days.size else 1


def _frame(
    columns: list[tuple[str, str]],
    notes: Mapping[str, FeatureNote],
    means: tuple[NDArray[np.float64], NDArray[np.float64]],
    found: Unusual,
    level: float,
) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(
        {
            "feature": pl.Series([name for name, _ in columns], dtype=pl.String),
            "group": pl.Series([notes[name].group for name, _ in columns], dtype=pl.String),
            "what": pl.Series([what for _, what in columns], dtype=pl.String),
            "reference": means[0],
            "batch": means[1],
            "statistic": found.statistic,
            "p_value": found.p_values,
            "drifted": found.p_values <= level,
        }
    ).sort(
        "p_value",
        pl.col("statistic").abs(),
        "feature",
        "what",
        descending=[False, True, False, False],
    )


def _sentence(
    code: str, frame: pl.DataFrame, notes: Mapping[str, FeatureNote], found: Unusual
) -> str:
    """Name the groups that drifted, each with its most unusual feature."""
    beside = f"beside {found.blocks} earlier blocks of weeks (p = {found.p_value:.2g})"
    if code == "no-drift":
        return f"like those of earlier weeks: no feature stands out {beside}"
    told: dict[str, str] = {}
    for row in frame.filter("drifted").iter_rows(named=True):
        higher = row["statistic"] > 0
        if row["what"] in {"high", "low"}:
            words = f"{row['feature']} is {row['what']} {'more' if higher else 'less'} often"
        elif row["what"] in {"size", "share"}:
            words = f"{row['feature']} is {'higher' if higher else 'lower'}"
        elif row["what"] == "missing":
            words = f"{row['feature']} is missing {'more' if higher else 'less'} often"
        else:
            words = f"{row['feature']} is {row['what']!r} {'more' if higher else 'less'} often"
        told.setdefault(notes[row["feature"]].group, words)
    named = "; ".join(f"{group}: {words}" for group, words in told.items())
    return f"{named}; {beside}"


def untold(code: str, batch: FeatureTable, blocks: int = 0) -> Drift:
    """Return that nothing can be told, and why."""
    import polars as pl

    empty = pl.DataFrame(schema={name: getattr(pl, kind) for name, kind in _SCHEMA.items()})
    return Drift(
        code=code,
        sentence=DRIFT_CODES[code],
        frame=empty,
        p_value=1.0,
        releases=len(batch),
        **_span(batch),
        blocks=blocks,
    )
