"""Why a release is said to come to what it is said to come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CODES", "REASON_COLUMNS", "Reasons"]

CODES = {
    "no-usual": "the bundle does not say what is usual; train again to have it said",
    "no-alike": "the bundle keeps no releases to compare with; train again to have look-alikes",
}
"""What each code of reasons means."""

REASON_COLUMNS = (
    *("release", "rank", "group", "direction", "factor", "odds_factor"),
    *("sentence", "feature", "value", "usual"),
)
"""Columns of `Reasons.frame`."""


@dataclass(frozen=True)
class Reasons:
    """Reasons and look-alikes of scored releases.

    Parameters
    ----------
    frame
        A row a release and reason, with the columns of `REASON_COLUMNS`: rank 0 is where the answer
        starts, the size of the first days, and in a second row the platform of those days where
        that moves it; 1 is what moves the answer most beside them. ``direction`` is ``raises`` or
        ``lowers``, ``factor`` what the reason multiplies the expected streams by, ``odds_factor``
        likewise the odds of the highest tier.
    groups
        A row a release and group of features, all of them: ``release, group, effect, odds_effect``,
        on the scale of logarithms. With the baselines they sum to the expected log streams and to
        the log odds.
    starts
        A row a release: ``release, baseline, expected, odds_baseline, odds``, the baseline and the
        sum, on the same scales.
    alike
        What `upswell.releases.reasons.lookalikes.lookalikes_of` gives.
    codes
        Of `CODES`.
    """

    frame: pl.DataFrame
    groups: pl.DataFrame
    starts: pl.DataFrame
    alike: pl.DataFrame
    codes: tuple[str, ...] = ()
