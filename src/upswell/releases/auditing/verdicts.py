"""Verdicts: does a group or a rule help, hurt, or is it unclear, for each measure apart.

What a subject gains is measured three times, with the sign of a gain each time:

- against its absence: the refits without the group, or without the rule;
- against as much at random: refits without as many other features, or with the rule's changes dealt
  out to releases chosen at random;
- for a group, against its own values dealt out anew among the releases.

To help, it must gain in all of them; to hurt, it must lose in the first two. The p-value of that is
the largest of them (an intersection-union test), doubled since either could have been found, and
Holm's correction goes over all subjects and measures at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upswell.releases.auditing.measures import RECALL, RMSLE, Losses, score_of
from upswell.releases.auditing.refits import Refits
from upswell.releases.auditing.subjects import SIGNALS, Subject
from upswell.releases.auditing.variants import BASE, CHANGED, PERMUTED, RANDOM
from upswell.scoring import SeededGain, holm, seeded_block_bootstrap

__all__ = ["CODES", "VERDICTS", "Finding", "findings_of"]

Floats = NDArray[np.float64]

HELPS, HURTS, UNCLEAR = VERDICTS = ("helps", "hurts", "unclear")
ALPHA, LEVEL = 0.05, 0.95
LEAST_HITS, LEAST_WEEKS = 10, 10

CODES = {
    "few-hits": f"fewer than {LEAST_HITS} hits were tested, so that no verdict on them is possible",
    "few-weeks": f"fewer than {LEAST_WEEKS} weeks were tested, too few to draw again",
    "no-control": "there is no control with as much changed at random",
}
"""What the codes of a finding mean."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one subject by one measure.

    Parameters
    ----------
    subject
        The group or the rule.
    measure
        ``rmsle``, ``hit_recall`` or ``cost``.
    verdict
        ``helps``, ``hurts`` or ``unclear``.
    gain
        What the group or the rule gains, in the units of the measure; above 0 it is better with it.
    low, high
        Ends of its 95% interval, not corrected for the number of tests.
    over_random, over_permuted
        The same against the controls; NaN without.
    seed_error
        Standard error of the gain from the seeds alone.
    p, p_holm
        The p-value of the verdict, and Holm's over all tests; NaN where none was possible.
    scores
        The scores with it, without it, beside the random control and beside the permuted one.
    codes
        Keys of `CODES`.
    """

    subject: Subject
    measure: str
    verdict: str
    gain: float
    low: float
    high: float
    over_random: float
    over_permuted: float
    seed_error: float
    p: float
    p_holm: float
    scores: tuple[float, float, float, float]
    codes: tuple[str, ...]


def findings_of(
    subjects: Sequence[Subject],
    losses: Sequence[Losses],
    refits: Refits,
    *,
    seed: int,
    draws: int = 9999,
) -> tuple[Finding, ...]:
    """Return what was found of each subject by each measure.

    Parameters
    ----------
    subjects
        Groups and rules.
    losses
        Of all refits, by measure.
    refits
        What was said, with the week of each release.
    seed, draws
        Of the bootstrap.
    """
    found = [
        _finding(subject, each, refits.weeks[each.items], seed, draws)
        for subject in subjects
        for each in losses
    ]
    adjusted = holm([each[0].p for each in found])
    return tuple(
        _judged(finding, way, float(p)) for (finding, way), p in zip(found, adjusted, strict=True)
    )


def _finding(
    subject: Subject, losses: Losses, weeks: NDArray[np.int64], seed: int, draws: int
) -> tuple[Finding, str]:
    """Return a finding without its verdict, and the way in which it points."""
    base, own = losses.by_variant[BASE.key], losses.by_variant
    changed = own[subject.name, CHANGED]
    random = own.get((subject.name, RANDOM))
    permuted = own.get((subject.name, PERMUTED))
    group = subject.kind == SIGNALS
    with_it, without = (base, changed) if group else (changed, base)
    pairs = {"absence": (with_it, without)}
    if random is not None:
        pairs["random"] = (random if group else changed, changed if group else random)
    if permuted is not None:
        pairs["permuted"] = (base, permuted)
    gains = {
        name: seeded_block_bootstrap(worse - better, weeks, seed=seed, draws=draws)
        for name, (better, worse) in pairs.items()
    }
    units = {name: _unit(losses.measure, *pair) for name, pair in pairs.items()}
    p, way = _p_value(gains)
    codes = _codes(subject, losses, weeks)
    main, unit = gains["absence"], units["absence"]
    parts = (with_it, without, random, permuted)
    scores = [score_of(losses.measure, x) if x is not None else float("nan") for x in parts]
    return Finding(
        subject=subject,
        measure=losses.measure,
        verdict=UNCLEAR,
        gain=main.estimate * unit,
        low=main.low * unit,
        high=main.high * unit,
        over_random=_scaled(gains, units, "random"),
        over_permuted=_scaled(gains, units, "permuted"),
        seed_error=main.seed_error * unit,
        p=p if not set(codes) & {"few-hits", "few-weeks"} else float("nan"),
        p_holm=float("nan"),
        scores=(scores[0], scores[1], scores[2], scores[3]),
        codes=codes,
    ), way


def _scaled(gains: dict[str, SeededGain], units: dict[str, float], name: str) -> float:
    return gains[name].estimate * units[name] if name in gains else float("nan")


def _unit(measure: str, better: Floats, worse: Floats) -> float:
    """Return what a mean loss is multiplied by to be in the units of the score.

    The difference of two roots is that of their squares over their sum.
    """
    if measure != RMSLE:
        return 1.0 if measure == RECALL else 100.0
    total = score_of(RMSLE, better) + score_of(RMSLE, worse)
    return 1.0 / total if total > 0 else 1.0


def _p_value(gains: dict[str, SeededGain]) -> tuple[float, str]:
    """Return the p-value of the likelier verdict, and that verdict."""
    helps = max(each.above for each in gains.values())
    hurts = max(each.below for name, each in gains.items() if name != "permuted")
    return min(1.0, 2.0 * min(helps, hurts)), HELPS if helps <= hurts else HURTS


def _codes(subject: Subject, losses: Losses, weeks: NDArray[np.int64]) -> tuple[str, ...]:
    found = []
    if losses.measure == RECALL and len(losses.items) < LEAST_HITS:
        found.append("few-hits")
    if len(np.unique(weeks)) < LEAST_WEEKS:
        found.append("few-weeks")
    if (subject.name, RANDOM) not in losses.by_variant:
        found.append("no-control")
    return tuple(found)


def _judged(finding: Finding, way: str, p_holm: float) -> Finding:
    verdict = way if p_holm <= ALPHA else UNCLEAR
    return replace(finding, verdict=verdict, p_holm=p_holm)
