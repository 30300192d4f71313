"""What is left out or changed in each refit: a group, a rule, and the controls beside them.

What is asked is never cleaned: a rule touches the outcomes that teach, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.releases.auditing.learner import Learner
from upswell.releases.auditing.periods import Period
from upswell.releases.auditing.subjects import SIGNALS, Subject
from upswell.releases.models.ratio import ratio_limits

__all__ = ["BASE", "Variant", "answers", "cleaned", "variants_of"]

Floats = NDArray[np.float64]

CHANGED, RANDOM, PERMUTED = "changed", "random", "permuted"
_ROLES = {"base": 0, CHANGED: 1, RANDOM: 2, PERMUTED: 3}
_TOP, _REACH = 0.99, 1.5


@dataclass(frozen=True)
class Variant:
    """One way to teach.

    Parameters
    ----------
    subject
        The group or rule; empty for the base, which has every signal and no rule.
    role
        ``changed`` for the group left out or the rule applied, ``random`` for as much left out at
        random, ``permuted`` for the group with its values dealt out among the releases.
    columns
        Positions of the group's features; none for a rule.
    view
        Which base metric's view it is taught by.
    """

    subject: str
    role: str
    columns: tuple[int, ...] = ()
    view: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Subject and role."""
        return self.subject, self.role


BASE = Variant("", "base")


def variants_of(
    subjects: Iterable[Subject], names: Sequence[str], instead: dict[str, int]
) -> tuple[Variant, ...]:
    """Return the base, and for each subject the change and its controls.

    Parameters
    ----------
    subjects
        Groups and rules.
    names
        Names of all features, in the order of the columns.
    instead
        For a metric that is the base metric, the view that does without it.
    """
    place = {name: n for n, name in enumerate(names)}
    found = [BASE]
    for subject in subjects:
        own = tuple(place[name] for name in subject.features)
        if subject.kind == SIGNALS:
            view = instead.get(subject.name, 0)
            found += [
                Variant(subject.name, CHANGED, own, view),
                Variant(subject.name, RANDOM, own),
                Variant(subject.name, PERMUTED, own, view),
            ]
        else:
            found.append(Variant(subject.name, CHANGED))
            if subject.name != "raw":
                found.append(Variant(subject.name, RANDOM))
    return tuple(found)


def answers(
    variant: Variant, period: Period, learner: Learner, seed: int, rng: Generator
) -> Floats:
    """Return the log outcomes that a variant expects of the releases asked, shape ``(M,)``.

    Parameters
    ----------
    variant
        The way to teach.
    period
        What teaches and is asked.
    learner
        Learns.
    seed
        Of the learner.
    rng
        Source of what is left out or dealt out at random.
    """
    view = period.views[variant.view]
    taught, asked = _features(variant, view.taught, view.asked, rng)
    if variant.subject == "raw":
        return np.log1p(np.maximum(learner(taught, np.expm1(period.logs), asked, seed), 0.0))
    logs, kept = cleaned(variant, period.logs, rng)
    ratios = logs - view.taught_offset[kept]
    target = np.clip(ratios, *ratio_limits(ratios))
    return view.asked_offset + learner(taught[kept], target, asked, seed)


def _features(
    variant: Variant, taught: Floats, asked: Floats, rng: Generator
) -> tuple[Floats, Floats]:
    own = np.array(variant.columns, dtype=np.int64)
    if not own.size:
        return taught, asked
    others = np.setdiff1d(np.arange(taught.shape[1]), own)
    if variant.role == PERMUTED:
        return tuple(_dealt(each, own, rng) for each in (taught, asked))  # type: ignore[return-value]
    kept = others
    if variant.role == RANDOM:
        gone = rng.choice(others, min(own.size, others.size - 1), replace=False)
        kept = np.setdiff1d(np.arange(taught.shape[1]), gone)
    return np.ascontiguousarray(taught[:, kept]), np.ascontiguousarray(asked[:, kept])


def _dealt(matrix: Floats, columns: NDArray[np.int64], rng: Generator) -> Floats:
    """Return a matrix in which the rows of some columns are dealt out anew, as whole rows."""
    dealt = matrix.copy()
    dealt[:, columns] = matrix[rng.permutation(len(matrix))][:, columns]
    return dealt


def cleaned(variant: Variant, logs: Floats, rng: Generator) -> tuple[Floats, NDArray[np.int64]]:
    """Return the log outcomes that teach under a variant, and the positions of their releases.

    - ``clip``: streams more than 1.5 interquartile ranges above the third quartile, or below the
      first, are set there. Its control makes the same changes to releases chosen at random.
    - ``drop``: the releases of the top 1% of streams are left out. Its control leaves out as many
      at random.

    Parameters
    ----------
    variant
        The way to teach.
    logs
        ``log(1 + streams)`` of ``N`` releases.
    rng
        Source of the controls.

    Examples
    --------
    >>> logs = np.log1p(np.arange(200.0))
    >>> _, kept = cleaned(Variant("drop", "changed"), logs, np.random.default_rng(1))
    >>> len(kept), int(kept.max())
    (198, 197)
    """
    every = np.arange(len(logs))
    if variant.subject == "drop":
        stays = logs <= np.quantile(logs, _TOP)
        return _picked(logs, every[rng.permutation(stays) if variant.role == RANDOM else stays])
    if variant.subject == "clip":
        low, high = np.quantile(np.expm1(logs), [0.25, 0.75])
        reach = _REACH * (high - low)
        change = np.clip(logs, np.log1p(max(low - reach, 0.0)), np.log1p(high + reach)) - logs
        return logs + (rng.permutation(change) if variant.role == RANDOM else change), every
    return logs, every


def _picked(logs: Floats, kept: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    return logs[kept], kept
