"""Effects of features with the window total among them, and their sums by theme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.releases.frames import FeatureTable
from upswell.releases.gate import slugs
from upswell.releases.models.expert import Expert
from upswell.releases.models.ratio import silent_releases
from upswell.releases.reasons.contributions import Contributions, contributions_of
from upswell.releases.reasons.themes import themes_of
from upswell.releases.reasons.usual import Usual, headline_of

__all__ = ["Effects", "effects_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Effects:
    """What features, and themes of them, do to the answers for ``N`` releases.

    Parameters
    ----------
    names, owners
        The ``F`` features, and the theme of each.
    each, odds
        What each does to the expected log streams and to the log odds of the highest tier, shape
        ``(N, F)``.
    baseline, odds_baseline
        What these are without any.
    themes
        The ``T`` themes, sorted.
    """

    names: tuple[str, ...]
    owners: tuple[str, ...]
    each: Floats
    odds: Floats
    baseline: float
    odds_baseline: float

    @property
    def themes(self) -> tuple[str, ...]:
        """The ``T`` themes, sorted."""
        return tuple(sorted(set(self.owners)))

    def by_theme(self, values: Floats) -> Floats:
        """Return sums over the features of each theme, shape ``(N, T)``."""
        own = np.array(self.owners)
        return np.column_stack([values[:, own == theme].sum(axis=1) for theme in self.themes])


def effects_of(expert: Expert, table: FeatureTable, usual: Usual | None) -> Effects:
    """Return what the features of ``N`` releases with one kind of window do.

    The window total, which the log ratio is added to, is shared out. The first metric says the
    size. Where outcomes are divided by another one, what that has beside the first is a reason of
    its own, such as shares beside views. Of short windows, the size is beside that of others of
    the same age, and the rest goes to the days not yet seen.

    Parameters
    ----------
    expert
        Taught on windows of this kind.
    table
        The releases.
    usual
        What is usual for this kind; without it the releases are beside each other.
    """
    raw = contributions_of(expert, table)
    place = {name: position for position, name in enumerate(raw.names)}
    each = raw.effects.copy()
    middle = float(raw.offset.mean()) if usual is None else usual.offset
    for name, values in _shared_out(raw, expert, table, usual, middle).items():
        each[:, place[name]] += values
    return Effects(
        names=raw.names,
        owners=themes_of(raw.names, table.catalogue, table.metrics),
        each=each,
        odds=raw.odds,
        baseline=raw.baseline + middle,
        odds_baseline=raw.odds_baseline,
    )


def _shared_out(
    raw: Contributions, expert: Expert, table: FeatureTable, usual: Usual | None, middle: float
) -> dict[str, Floats]:
    """Return what the window total adds to some features, beside the middle of it."""
    headline, base = headline_of(table), expert.ratio.base
    slug = dict(zip(table.metrics, slugs(table.metrics), strict=True))
    size, ratio = f"{slug[headline]}_log_total", f"{slug[headline]}_per_{slug[base]}_log_total"
    moved = raw.offset - middle
    if usual is None:
        return {size: moved}
    ages = table.keys["age"].to_numpy()
    whole = len(usual.days)
    late = np.where(ages < whole, usual.days[ages - 1] - usual.headline, 0.0)
    beside = np.zeros(len(table))
    if headline != base and ratio in raw.names:
        beside = moved - (np.log1p(table.window_total(headline)) - usual.headline)
        # Where there is nothing at all, one metric cannot be held against another.
        beside = np.where(silent_releases(table), 0.0, beside)
    shares = {size: moved - beside - late, raw.names[-1]: late}
    return shares if ratio not in raw.names else {**shares, ratio: beside}
