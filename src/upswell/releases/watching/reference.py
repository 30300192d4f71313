"""The reference: what the releases were like on which the models were taught and calibrated."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.releases.frames import FeatureNote, FeatureTable

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.ground import Ground

__all__ = ["DATE", "MOST_ROWS", "RATIO", "TOTAL", "reference_kept", "thinned", "watched"]

MOST_ROWS = 3_000
"""Rows of the reference at most; each week gives the same number of releases."""

MOST_WEEKS = 104
"""Weeks that the reference reaches back."""

DATE, TOTAL, RATIO = "#release_date", "#log_total", "#log_ratio"
"""Columns beside the features: the date, the log window total of the base metric, and the log
outcome at the longest horizon less that."""

_NOT_SIGNALS = ("calendar", "track record", "attributes")
# Of the group "platform", these are outcomes of other releases: they come from the memory.
_FROM_OUTCOMES = ("recent_", "platform_season_ahead")


def watched(catalogue: Sequence[FeatureNote]) -> tuple[FeatureNote, ...]:
    """Return the features whose drift says something of the signals.

    The calendar changes by nature. Track records and recent outcomes of others come from the
    bundle's memory, so that they age with the bundle; what they say is watched by the mix of
    artists and by the outcome ratio. Attributes, such as the label, say who releases, not what
    came of it, and few labels make up most of a week.

    Examples
    --------
    >>> note = FeatureNote("release_month", "calendar", "The month.")
    >>> watched([note, FeatureNote("likes_log_total", "likes", "Likes.")])[0].name
    'likes_log_total'
    """
    return tuple(
        note
        for note in catalogue
        if note.group not in _NOT_SIGNALS and not note.name.startswith(_FROM_OUTCOMES)
    )


def reference_kept(ground: Ground) -> dict[str, pl.DataFrame]:
    """Return the reference of a training, to travel with the bundle.

    Returns
    -------
    dict
        ``reference``: a row for each of the latest mature releases, at most `MOST_ROWS`, ordered by
        date, with `DATE`, `TOTAL`, `RATIO` and the features that are watched, as 32-bit floats.
    """
    import polars as pl

    logs = ground.log_outcomes(ground.complete)[:, -1]
    table = ground.complete.take(np.flatnonzero(np.isfinite(logs)))
    logs = logs[np.isfinite(logs)]
    days = day_numbers(table.keys["release_date"])
    recent = days > days.max() - 7 * MOST_WEEKS
    weeks = np.unique((days.max() - days[recent]) // 7).size
    rows = np.flatnonzero(recent)
    own = thinned(table.take(rows), max(MOST_ROWS // max(weeks, 1), 1))
    rows = rows[own]
    total = np.log1p(np.maximum(table.window_total(ground.base), 0.0))
    names = [note.name for note in watched(table.catalogue)]
    frame = pl.DataFrame(
        {
            DATE: table.keys["release_date"],
            TOTAL: total.astype(np.float32),
            RATIO: (logs - total).astype(np.float32),
        }
    )
    features = table.features.select(names).with_columns(pl.col(pl.Float64).cast(pl.Float32))
    whole = pl.concat([frame, features], how="horizontal")
    return {"reference": whole[pl.Series(rows, dtype=pl.UInt32)]}


def thinned(table: FeatureTable, most: int) -> NDArray[np.int64]:
    """Return the positions of at most so many releases of each week, chosen by their names.

    The weeks end with the last release date of the table.
    """
    days = day_numbers(table.keys["release_date"])
    if not days.size:
        return np.zeros(0, dtype=np.int64)
    week = (days.max() - days) // 7
    marks = [hashlib.sha256(name.encode()).digest()[:8] for name in table.keys["release"].to_list()]
    order = sorted(range(len(marks)), key=lambda row: (week[row], marks[row]))
    taken, seen = [], dict.fromkeys(week.tolist(), 0)
    for row in order:
        if seen[int(week[row])] < most:
            seen[int(week[row])] += 1
            taken.append(row)
    return np.sort(np.array(taken, dtype=np.int64))


def day_numbers(days: pl.Series) -> NDArray[np.int64]:
    """Return dates as whole numbers."""
    return np.asarray(days.to_numpy().astype("datetime64[D]").astype(np.int64))
