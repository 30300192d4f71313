"""A bound on false hits: the chance of a hit from which on few enough releases miss the top tier.

Learn then test: each threshold of the chance is a hypothesis "more than a part `false_hits` of the
releases from here on miss", tested on a calibration period that the models had not seen. The
thresholds are tested from strict to lax, and the first that cannot be rejected ends it (fixed
sequence testing), so that no correction for their number is needed. A recent release weighs more.

References
----------
Angelopoulos, A. N., Bates, S., Candes, E. J., Jordan, M. I. and Lei, L. (2021). Learn then Test:
Calibrating Predictive Algorithms to Achieve Risk Control. arXiv:2110.01052; Annals of Applied
Statistics 19(2), 2025.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.releases.deciding._weighted_tail import WeightedTail, recency_weights

__all__ = [
    "BOUND_CODES",
    "CALIBRATION_DAYS",
    "HALF_LIFE",
    "THRESHOLDS",
    "FalseHitBound",
    "false_hit_bound",
    "needed_without_miss",
]

THRESHOLDS: tuple[float, ...] = tuple(k / 100 for k in range(99, 0, -1))
"""Thresholds of the chance of a hit, from strict to lax; fixed beforehand, whatever the data."""

HALF_LIFE = 180.0
"""Days in which the weight of a release of the calibration halves."""

CALIBRATION_DAYS = 365
"""Days that the calibration reaches back."""

BOUND_CODES = {
    "bound-holds": "among those promoted, few enough miss the top tier, as sure as asked for",
    "bound-not-met": "the chance of a hit is below the threshold from which the bound holds",
    "bound-not-enough-evidence": "the calibration has too few hits to say so",
    "bound-suspended": "this week's signals differ from those that the bound was calibrated on",
}
"""What each code of a bound means."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseHitBound:
    """What the calibration can say of false hits.

    Parameters
    ----------
    code
        One of `BOUND_CODES`.
    sentence
        The same with its numbers, for a person.
    threshold
        Releases whose chance of a hit is at least this may be promoted; None when none may.
    false_hits, confidence
        What was asked for.
    flagged, misses
        Releases of the calibration from the threshold on, and how many of them missed; where no
        threshold holds, those of the first that was tested.
    p_value
        Of the same threshold; None when none was tested.
    calibration, hits
        Releases of the calibration period, and how many of them are hits.
    needed
        Releases that have to be flagged without a miss before anything can be said.
    """

    code: str
    sentence: str
    threshold: float | None
    false_hits: float
    confidence: float
    flagged: int
    misses: int
    p_value: float | None
    calibration: int
    hits: int
    needed: int

    @property
    def holds(self) -> bool:
        """Whether there are releases that may be promoted."""
        return self.threshold is not None


def needed_without_miss(false_hits: float, confidence: float) -> int:
    """Return how many releases must be flagged without a miss before the bound can hold.

    Examples
    --------
    >>> needed_without_miss(0.1, 0.9), needed_without_miss(0.2, 0.9)
    (22, 11)
    """
    # The slack keeps a quotient that is whole but for its last bit from being rounded up.
    return max(math.ceil(math.log(1.0 - confidence) / math.log(1.0 - false_hits) - 1e-9), 1)


def false_hit_bound(
    scores: ArrayLike,
    is_hit: ArrayLike,
    age_days: ArrayLike,
    *,
    false_hits: float,
    confidence: float = 0.9,
    half_life: float = HALF_LIFE,
    longest: float = CALIBRATION_DAYS,
) -> FalseHitBound:
    """Return the laxest threshold from which at most a part of the releases misses the top tier.

    Parameters
    ----------
    scores
        Chance of a hit that was given before anything was known, shape ``(n,)``.
    is_hit
        Whether it became one, shape ``(n,)``.
    age_days
        Days between the release date and today, shape ``(n,)``.
    false_hits
        Most that may miss, as a part, within (0, 1).
    confidence
        How sure that has to be, within (0, 1).
    half_life, longest
        Days in which a weight halves, and days after which a release no longer counts.

    Raises
    ------
    SettingError
        When shapes differ, a chance lies outside of [0, 1], or a part outside of (0, 1).

    Notes
    -----
    With independent releases, and a chance that goes up with the true one, the threshold keeps its
    promise in a part `confidence` of all calibrations: the p-value of the first threshold that
    breaks it is at most ``1 - confidence`` with no more than that probability, and it has to be
    passed to go on. Where the sequence begins depends on the scores only: at the threshold that,
    if the scores were true, is most likely to pass.

    Examples
    --------
    >>> sure = np.full(22, 0.95)
    >>> bound = false_hit_bound(sure, np.ones(22), np.zeros(22), false_hits=0.1)
    >>> bound.code, round(bound.p_value, 3)
    ('bound-holds', 0.098)
    >>> false_hit_bound(sure[1:], np.ones(21), np.zeros(21), false_hits=0.1).code
    'bound-not-enough-evidence'
    """
    _check_asked(false_hits, confidence, half_life)
    chance, hit, age = _checked(scores, is_hit, age_days)
    inside = age <= longest
    chance, hit, age = chance[inside], hit[inside], age[inside]
    # By age too: sums of floats depend on their order, and the rows' order must not matter.
    order = np.lexsort((age, -chance))
    chance, hit, age = chance[order], hit[order], age[order]
    needed = needed_without_miss(false_hits, confidence)
    flagged = np.searchsorted(-chance, -np.array(THRESHOLDS), side="right")
    start = _start(chance, flagged, needed, false_hits, confidence)
    tested: list[_Step] = []
    if start is not None:
        weights = recency_weights(age, half_life)
        tested = _sequence(hit, weights, flagged, start, (false_hits, confidence))
    passed = [step for step in tested if step.p_value <= 1.0 - confidence]
    hits = int(hit.sum())
    code = "bound-holds" if passed else "bound-not-met"
    if not tested or (not passed and hits < needed):
        code = "bound-not-enough-evidence"
    # Of thresholds that flag the same releases the strictest: below it nothing was seen.
    same = [step for step in passed if step.flagged == passed[-1].flagged]
    shown = same[0] if same else tested[0] if tested else _Step(1.0, 0, 0, 1.0)
    found = FalseHitBound(
        code=code,
        sentence="",
        threshold=shown.threshold if passed else None,
        false_hits=false_hits,
        confidence=confidence,
        flagged=shown.flagged,
        misses=shown.misses,
        p_value=shown.p_value if tested else None,
        calibration=int(chance.size),
        hits=hits,
        needed=needed,
    )
    return replace(found, sentence=_sentence(found, shown.threshold))


class _Step(NamedTuple):
    """One threshold that was tested."""

    threshold: float
    flagged: int
    misses: int
    p_value: float


def _start(
    chance: Floats, flagged: NDArray[np.int64], needed: int, false_hits: float, confidence: float
) -> int | None:
    """Return the place of the threshold that is most likely to pass if the scores are true."""
    from scipy.stats import binom

    enough = np.flatnonzero(flagged >= needed)
    if not enough.size:
        return None
    counts = flagged[enough]
    missing = np.cumsum(1.0 - chance)[counts - 1] / counts
    # The most misses with which so many pass: the tail there is within what is left of confidence.
    most = binom.ppf(1.0 - confidence, counts, false_hits).astype(np.int64)
    most -= binom.cdf(most, counts, false_hits) > 1.0 - confidence
    power = binom.cdf(most, counts, missing)
    return int(enough[int(np.argmax(np.round(power, 9)))])


def _sequence(
    hit: NDArray[np.bool_],
    weights: NDArray[np.int64],
    flagged: NDArray[np.int64],
    start: int,
    asked: tuple[float, float],
) -> list[_Step]:
    """Return the thresholds from the start up to the first that does not pass."""
    false_hits, confidence = asked
    tail, done, lost, misses = WeightedTail(false_hits), 0, 0, 0
    found: list[_Step] = []
    for place in range(start, flagged.size):
        count = int(flagged[place])
        for row in range(done, count):
            tail.add(int(weights[row]))
            lost += 0 if hit[row] else int(weights[row])
            misses += 0 if hit[row] else 1
        done = count
        found.append(_Step(THRESHOLDS[place], count, misses, tail.at_most(lost)))
        if found[-1].p_value > 1.0 - confidence:
            break
    return found


def _sentence(bound: FalseHitBound, threshold: float) -> str:
    """Say what was found, with its numbers."""
    asked = f"at most {bound.false_hits:.0%} false hits at {bound.confidence:.0%} confidence"
    if bound.code == "bound-not-enough-evidence":
        return (
            f"{asked} needs {bound.needed} releases flagged without a miss; the calibration has "
            f"{bound.calibration} releases and {bound.hits} hits"
        )
    seen = f"{bound.misses} of {bound.flagged} such releases missed"
    if bound.holds:
        return f"{asked} holds for a chance of a hit from {threshold:.0%} on: {seen}"
    return f"{asked} does not hold: with a chance of a hit from {threshold:.0%} on, {seen}"


def _checked(
    scores: ArrayLike, is_hit: ArrayLike, age_days: ArrayLike
) -> tuple[Floats, NDArray[np.bool_], Floats]:
    chance = np.asarray(scores, dtype=np.float64)
    hit = np.asarray(is_hit).astype(np.bool_)
    age = np.asarray(age_days, dtype=np.float64)
    if chance.ndim != 1 or chance.shape != hit.shape or chance.shape != age.shape:
        raise SettingError(
            f"scores, hits and ages must have one shape, got {chance.shape}, {hit.shape} and "
            f"{age.shape}"
        )
    if not ((chance >= 0.0) & (chance <= 1.0)).all():
        raise SettingError("a score is no chance: it lies outside of 0 to 1")
    if not np.isfinite(age).all():
        raise SettingError("an age is not known")
    return chance, hit, age


def _check_asked(false_hits: float, confidence: float, half_life: float) -> None:
    for name, part in (("false_hits", false_hits), ("confidence", confidence)):
        if not 0.0 < part < 1.0:
            raise SettingError(f"{name} must lie between 0 and 1, got {part}")
    if not half_life > 0.0:
        raise SettingError(f"the half-life must be above 0, got {half_life}")
