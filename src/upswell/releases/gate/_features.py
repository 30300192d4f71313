"""The gate itself: features of releases, each as of the end of its own window."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from upswell.data.ledger import Action, Repair
from upswell.releases.frames import FeatureNote, FeatureTable
from upswell.releases.gate._memory import Memory, recall
from upswell.releases.gate._pipeline import (
    all_features,
    feature_steps,
    memory_steps,
    wanted_step,
)
from upswell.releases.gate._platform import MONTH
from upswell.releases.gate._records import outcome_steps, outcomes_query
from upswell.releases.gate._rows import ground_steps, releases_step
from upswell.releases.gate._run import Bench, bench
from upswell.releases.gate._shape import (
    DEFAULT_HORIZONS,
    Missing,
    Shape,
    Tables,
    day_number,
    shape_of,
)
from upswell.releases.gate._sql import number_of

if TYPE_CHECKING:
    import polars as pl

__all__ = ["catalogue", "features_at", "outcomes_at"]


def features_at(
    tables: Tables,
    *,
    window: int,
    age: int | None = None,
    horizons: Sequence[int] | None = None,
    base: str | None = None,
    releases: Iterable[str] | Mapping[str, int] | None = None,
    as_of: dt.date | None = None,
    memory: Memory | None = None,
    missing: Missing = "unknown",
) -> FeatureTable:
    """Return the features of releases, each as of its own gate: release date + age - 1.

    Only rows that lie on or before the gate, and were known by then, count: of the release itself,
    of all others, of the platform as a whole, and of outcomes. A release whose own row was not
    known at its gate has no artist and no attributes there.

    Parameters
    ----------
    tables
        Typed tables.
    window
        Days of a complete window; the release date is day 1.
    age
        Days of the window that are seen; by default all, or of each release those that `releases`
        gives. The columns are the same for every age.
    horizons
        Days to which past outcomes are counted; by default those of the memory, or 14 and 30.
    base
        The metric that outcomes are divided by and releases are compared by; by default that of the
        memory, or the first.
    releases
        Which releases are returned, or for each of them its age; by default all. Names that are
        not in the tables are passed over. The others still count as company, as platform and in
        track records.
    as_of
        The last day of which anything is known; by default the last day in the tables. Releases
        whose gate lies later are not returned.
    memory
        What past releases came to, and the platform's level of the past. Without it both are taken
        from the tables; with it, outcomes in the tables are not read, and signals count for the
        platform only where they became known after the memory was made.
    missing
        What a day of the window without a row means for the daily counts: ``unknown``, or ``zero``
        as in box office reports. Days observed and gaps are counted either way.

    Returns
    -------
    FeatureTable
        One row per release, ordered by release date and name.

    Raises
    ------
    SettingError
        When window, age, horizons or base make no sense, or do not fit the memory.
    CellError
        When a count is too large to be summed exactly.
    """
    own = releases if isinstance(releases, Mapping) and age is None else None
    shape = shape_of(
        tables,
        window=window,
        ages=set(own.values()) if own else None if age is None else (age,),
        horizons=horizons or (DEFAULT_HORIZONS if memory is None else memory.horizons),
        base=base or (None if memory is None else memory.base),
        as_of=as_of,
        missing=missing,
    )
    with bench(tables.connection) as work:
        if releases is not None:
            import polars as pl

            names = pl.Series("release", list(dict.fromkeys(releases)), dtype=pl.String)
            ages = own.values() if own else [shape.ages[0]] * len(names)
            given = pl.DataFrame({"release": names, "age": pl.Series(list(ages), dtype=pl.Int32)})
            work.lend({"gate_given": given})
            if memory is not None:
                shape = replace(shape, earliest=_earliest(work, shape.window))
        if memory is None:
            work.run(memory_steps(shape))
        else:
            shape = replace(shape, told_until=day_number(memory.as_of))
            work.run(ground_steps(shape))
            recall(work, shape, memory)
        work.run([wanted_step(shape, given=releases is not None), *feature_steps(shape)])
        found = work.fetch("SELECT * FROM gate_features").sort("#rid")
    return _table(found, shape, tables)


def _earliest(work: Bench, window: int) -> int | None:
    """Return the day before which no release is company of those that are asked for.

    Their records are in the memory, and the platform counts rows, not releases; what is left is the
    month up to a gate, in which other releases are counted.
    """
    day = number_of("min(release_date)")
    found = work.fetch(f"SELECT {day} AS day FROM releases JOIN gate_given USING (release)")
    first = found["day"].item()
    return None if first is None else int(first) - MONTH - window


def _table(found: pl.DataFrame, shape: Shape, tables: Tables) -> FeatureTable:
    import polars as pl

    gate = pl.col("#release_date") + pl.duration(days=pl.col("#age") - 1)
    keys = found.select(
        release="#release",
        release_date="#release_date",
        gate=gate.cast(pl.Date),
        age=pl.col("#age").cast(pl.Int64),
        artist="#artist",
    )
    notes = tuple(feature.note for feature in all_features(shape))
    daily = {
        metric: _grid(found, [f"#m{i}_{k}" for k in range(1, shape.window + 1)])
        for i, metric in enumerate(shape.metrics)
    }
    return FeatureTable(
        keys=keys,
        features=found.select([note.name for note in notes]),
        catalogue=notes,
        daily=daily,
        ledger=tables.ledger.extended(_flags(found)),
    )


def _flags(found: pl.DataFrame) -> Iterator[Repair]:
    """Say which releases were seen with less than the rest."""
    if late := int(found["#listed_late"].sum()):
        yield Repair(
            "listed-late",
            Action.FLAGGED,
            "releases whose own row was known only after their gate have no artist and no"
            " attributes there",
            late,
        )
    if short := int(found["#out_of_reach"].sum()):
        yield Repair(
            "short-platform-history",
            Action.FLAGGED,
            "signals do not reach back 28 days before the gates of releases, whose features of the"
            " platform's level are missing",
            short,
        )


def _grid(
    found: pl.DataFrame, names: list[str]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    columns = [found[name].fill_null(np.nan).to_numpy() for name in names]
    return np.ascontiguousarray(np.column_stack(columns), dtype=np.float64)


def outcomes_at(
    tables: Tables, horizons: Sequence[int], as_of: dt.date | None = None
) -> pl.DataFrame:
    """Return the outcomes that had closed by a day, from the rows that were known by then.

    A release without any row of outcomes by then has an unknown outcome and is left out; for any
    other, a day without a row counts 0.

    Parameters
    ----------
    tables
        Typed tables.
    horizons
        Days to which streams are counted, the release date being day 1.
    as_of
        The day; by default the last one in the tables.

    Returns
    -------
    polars.DataFrame
        The columns of `upswell.releases.frames.OUTCOME_COLUMNS`, ordered by release and horizon.

    Raises
    ------
    SettingError
        When the horizons make no sense.
    """
    import polars as pl

    # Nothing of the signals is looked at, and they need not have been read.
    shape = shape_of(tables, window=1, horizons=horizons, as_of=as_of, metrics=("none",))
    with bench(tables.connection) as work:
        work.run([releases_step(shape), *outcome_steps(shape)])
        found = work.fetch(outcomes_query(shape))
    return found.with_columns(pl.col("horizon").cast(pl.Int64))


def catalogue(
    tables: Tables,
    *,
    window: int,
    horizons: Sequence[int] = DEFAULT_HORIZONS,
    base: str | None = None,
) -> tuple[FeatureNote, ...]:
    """Return a note for each feature that `features_at` gives for these tables, in order.

    Raises
    ------
    SettingError
        When window, horizons or base make no sense.
    """
    shape = shape_of(tables, window=window, horizons=horizons, base=base)
    return tuple(feature.note for feature in all_features(shape))
