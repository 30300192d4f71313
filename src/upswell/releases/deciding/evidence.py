"""Evidence: what models said of past releases that they had not seen, beside what came of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from upswell.errors import RefusalError
from upswell.releases.evaluation import predict_fold, teach
from upswell.releases.ground import Ground
from upswell.releases.judging.folds import Fold

if TYPE_CHECKING:
    import polars as pl

__all__ = ["MOST_TEACHINGS", "evidence_kept", "evidence_of", "spans"]

MOST_TEACHINGS = 4
"""Teachings beside those of the training; each takes as long as one of the training's."""

_NEIGHBOURS = {"base": "window_total", "log-linear": "log_linear"}


def spans(folds: Sequence[Fold], most: int = MOST_TEACHINGS) -> tuple[Fold, ...]:
    """Return folds joined into at most so many periods, one after the other.

    Each begins with a fold, so that its cutoff is that fold's, and what was known then is known.

    Examples
    --------
    >>> import datetime as dt
    >>> weeks = [Fold(f"week {n}", dt.date(2024, 1, 7 * n + 1), dt.date(2024, 1, 7 * n + 7))
    ...          for n in range(4)]
    >>> [(span.label, span.first.day, span.last.day) for span in spans(weeks, 2)]
    [('week 0 to week 1', 1, 14), ('week 2 to week 3', 15, 28)]
    """
    parts = [part for part in np.array_split(np.arange(len(folds)), most) if len(part)]
    return tuple(
        folds[part[0]]
        if len(part) == 1
        else Fold(
            f"{folds[part[0]].label} to {folds[part[-1]].label}",
            folds[part[0]].first,
            folds[part[-1]].last,
        )
        for part in parts
    )


def evidence_of(ground: Ground, predictions: pl.DataFrame, trivial: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of evidence that predictions of a fold hold.

    Parameters
    ----------
    ground
        Releases and outcomes.
    predictions, trivial
        As of `upswell.releases.evaluation.predict_fold`.

    Returns
    -------
    polars.DataFrame
        A row for each release with a complete window and a known outcome at the longest horizon:
        the columns of `predictions`, with ``window_total`` (of the base metric) and
        ``log_linear`` (streams by that neighbour).
    """
    import polars as pl

    beside = trivial.select(pl.col(name).alias(own) for name, own in _NEIGHBOURS.items())
    own = pl.concat([predictions, beside], how="horizontal")
    longest = pl.col("horizon") == ground.horizons[-1]
    return own.filter(longest & pl.col("complete") & pl.col("actual").is_finite())


def evidence_kept(
    ground: Ground,
    center: Mapping[str, Any],
    tiers: Mapping[str, Any],
    *,
    final: pl.DataFrame | None = None,
    seed: int,
    workers: int = 1,
    told: Callable[[str, int, int, float | None], None] = lambda *_: None,
) -> dict[str, pl.DataFrame]:
    """Teach on the eve of past periods, and keep what was said of the releases that followed.

    The rolling folds are joined into at most `MOST_TEACHINGS` periods, so that all of them are
    covered by few teachings. Settings are those of the training, and were tuned on outcomes of
    these periods, too; what is taught on an eve is not.

    Parameters
    ----------
    ground
        Releases and outcomes.
    center, tiers
        Settings of the two models.
    final
        Evidence of the final test, which is at hand already.
    seed, workers
        As for `upswell.releases.evaluation.teach`.
    told
        Told of each period.

    Returns
    -------
    dict of str to polars.DataFrame
        ``evidence``, ordered by release date and release; nothing where no period could be taught
        and there was no final test.
    """
    import polars as pl

    whole = replace(ground, short=None)
    periods = spans(ground.folds())
    found = []
    for number, fold in enumerate(periods):
        told(f"evidence of {fold.label}", number, len(periods), None)
        try:
            taught = teach(whole, fold, center, tiers, seed=seed, workers=workers)
        except RefusalError:
            # Before the first periods too few releases may be mature.
            continue
        found.append(evidence_of(ground, *predict_fold(whole, fold, taught)))
    if final is not None:
        found.append(final)
    if not found:
        return {}
    return {"evidence": pl.concat(found).sort("release_date", "release")}
