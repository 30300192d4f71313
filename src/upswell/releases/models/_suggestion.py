"""Which settings a trial tries, and when it is given up: functions of seed, index and the past.

Trials come in batches. What a trial tries depends on the seed of the study, its own index and the
results of earlier batches, and on nothing else: not on how many trials run at once, on which of
them ends first, or on whether the program was stopped in between. Within a batch, the settings of
those before it are passed to the sampler as running, so that it does not try the same twice.
"""

from __future__ import annotations

import statistics
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from upswell.releases.models.space import Space, defaults

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

STARTUP_TRIALS = 8
"""Trials drawn at random, the default included, before the sampler learns."""

LEAST_TO_PRUNE = 5
"""Complete trials that must stand before any is given up."""

State = Literal["complete", "pruned", "failed"]


@dataclass(frozen=True)
class TrialRecord:
    """What is known of a trial that ended.

    Parameters
    ----------
    index
        Its place in the study, from 0.
    params
        What it tried.
    state
        How it ended.
    scores
        Its score on each inner fold so far; lower is better.
    seconds
        How long it took.
    error
        Why it failed, if it did.
    """

    index: int
    params: dict[str, Any]
    state: State
    scores: tuple[float, ...]
    seconds: float
    error: str | None = None

    @property
    def value(self) -> float | None:
        """Mean of its scores, when it is complete."""
        return running_mean(self.scores) if self.state == "complete" else None


def running_mean(scores: Sequence[float]) -> float:
    """Return the mean of some scores."""
    return statistics.fmean(scores)


def trial_seed(seed: int, index: int, purpose: int) -> int:
    """Return a seed of 31 bits for one trial and purpose (0: its settings, 1: its model)."""
    return int(np.random.SeedSequence([seed, index, purpose]).generate_state(1)[0] >> 1)


@contextmanager
def quiet_optuna() -> Iterator[None]:
    """Silence Optuna's log for a while, and leave it as it was."""
    with warnings.catch_warnings():
        # Its progress bar, which is not used here, warns in notebooks without widgets.
        warnings.simplefilter("ignore")
        import optuna

    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)


def suggest_batch(
    space: Space, seed: int, indices: Sequence[int], earlier: Sequence[TrialRecord]
) -> list[dict[str, Any]]:
    """Return what each trial of one batch tries.

    The first trial of a study tries the defaults. The others follow the tree-structured Parzen
    estimator (Bergstra et al. 2011), after some that are drawn at random.

    Parameters
    ----------
    space
        What may be tried.
    seed
        The seed of the study.
    indices
        The trials of the batch.
    earlier
        All that ended in earlier batches.
    """
    import optuna
    from optuna.trial import TrialState

    distributions = {name: entry.distribution() for name, entry in space.items()}
    past = [_frozen(record, distributions) for record in earlier if record.state != "failed"]
    answer: list[dict[str, Any]] = []
    for index in indices:
        if index == 0:
            params = defaults(space)
        else:
            sampler = optuna.samplers.TPESampler(
                seed=trial_seed(seed, index, 0), n_startup_trials=STARTUP_TRIALS
            )
            study = optuna.create_study(sampler=sampler)
            study.add_trials(past)
            params = study.ask(distributions).params
        answer.append(params)
        past.append(
            optuna.create_trial(
                state=TrialState.RUNNING, params=params, distributions=distributions
            )
        )
    return answer


def _frozen(record: TrialRecord, distributions: dict[str, Any]) -> FrozenTrial:
    """Return a trial as Optuna has it."""
    import optuna
    from optuna.trial import TrialState

    complete = record.state == "complete"
    return optuna.create_trial(
        state=TrialState.COMPLETE if complete else TrialState.PRUNED,
        value=record.value if complete else None,
        params=record.params,
        distributions=distributions,
        intermediate_values={
            step: running_mean(record.scores[: step + 1]) for step in range(len(record.scores))
        },
    )


def should_prune(scores: Sequence[float], earlier: Sequence[TrialRecord]) -> bool:
    """Say whether a trial is to be given up after its latest inner fold.

    It is when the mean of its scores is worse than the median of what complete trials had after
    as many folds (the median stopping rule of Golovin et al. 2017). The running mean is compared
    at the same fold, since folds in time are not equally hard. Optuna's own pruner takes the best
    over folds, which spares every trial whose first fold was easy.

    Examples
    --------
    >>> past = [TrialRecord(i, {}, "complete", (1.0, 3.0), 0.0) for i in range(5)]
    >>> should_prune([1.1], past), should_prune([0.9], past), should_prune([1.1, 9.0], past)
    (True, False, False)
    """
    complete = [record.scores for record in earlier if record.state == "complete"]
    folds = len(scores)
    others = [running_mean(each[:folds]) for each in complete if len(each) > folds]
    if len(others) < LEAST_TO_PRUNE:
        return False
    return running_mean(scores) > statistics.median(others)
