"""All refits of an audit: every variant, in every test period, with every seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from upswell.releases.auditing.learner import Learner
from upswell.releases.auditing.periods import Period
from upswell.releases.auditing.variants import BASE, Variant, answers
from upswell.releases.models.center import robust_spread
from upswell.releases.models.lesson import run_all

__all__ = ["Refits", "refit"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Refits:
    """What all refits said of the ``N`` releases of the test periods.

    Parameters
    ----------
    truth
        ``log(1 + streams)``, shape ``(N,)``.
    weeks
        Week of release of each, shape ``(N,)``.
    spread
        Standard deviation of the errors to expect, on the log scale, shape ``(N,)``.
    said
        By subject and role, expected log outcomes with each seed, shape ``(S, N)``.
    """

    truth: Floats
    weeks: NDArray[np.int64]
    spread: Floats
    said: Mapping[tuple[str, str], Floats]

    @property
    def base(self) -> Floats:
        """What was said with every signal and no rule, shape ``(S, N)``."""
        return self.said[BASE.key]


def refit(
    periods: Sequence[Period],
    variants: Sequence[Variant],
    learner: Learner,
    *,
    seeds: int,
    seed: int,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Refits:
    """Teach each variant on the eve of each period with each seed, and ask it.

    The seeds of the learner are the same for all variants; what is left out at random is another
    with each seed and period.

    Parameters
    ----------
    periods
        The test periods.
    variants
        The ways to teach, the base among them.
    learner
        Learns.
    seeds
        How many seeds.
    seed
        What they are drawn from.
    workers
        Refits at once; it changes nothing else.
    progress
        Told how many of how many rounds are done.
    """
    drawn = np.random.default_rng(seed).integers(2**31 - 1, size=seeds).tolist()
    said: dict[tuple[str, str], list[list[Floats]]] = {
        each.key: [[] for _ in drawn] for each in variants
    }
    spread = []
    told = progress or (lambda *_: None)
    for number, period in enumerate(periods):
        spread.append(np.full(len(period.truth), _spread(period, learner, drawn[0])))
        for place, own in enumerate(drawn):
            told(number * seeds + place, len(periods) * seeds)
            tasks = [
                partial(answers, each, period, learner, own, _rng(seed, place, number, at))
                for at, each in enumerate(variants)
            ]
            for each, found in zip(variants, run_all(tasks, workers), strict=True):
                said[each.key][place].append(found)
    return Refits(
        truth=np.concatenate([period.truth for period in periods]),
        weeks=np.concatenate([period.weeks for period in periods]),
        spread=np.concatenate(spread),
        said={key: np.array([np.concatenate(row) for row in rows]) for key, rows in said.items()},
    )


def _rng(*numbers: int) -> np.random.Generator:
    return np.random.default_rng(numbers)


def _spread(period: Period, learner: Learner, seed: int) -> float:
    """Return the spread of errors on releases not seen: each half is asked what the other taught.

    One spread serves all variants, so that their decisions differ by what they expect only.
    """
    view = period.views[0]
    target = period.logs - view.taught_offset
    half = np.random.default_rng(seed).permutation(len(target)) % 2 == 0
    errors = [
        learner(view.taught[~own], target[~own], view.taught[own], seed) - target[own]
        for own in (half, ~half)
    ]
    return robust_spread(np.concatenate(errors))
