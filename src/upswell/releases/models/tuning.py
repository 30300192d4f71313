"""Tuning: the settings that did best on inner folds in time, found by Optuna, resumable."""

from __future__ import annotations

import math
import time
from pathlib import Path

from upswell.errors import SettingError
from upswell.releases.models._journal import Identity, open_journal
from upswell.releases.models._result import TuningResult
from upswell.releases.models._study import BATCH, Objective, Progress, Study
from upswell.releases.models._suggestion import TrialRecord, quiet_optuna
from upswell.releases.models.space import Space

__all__ = ["BATCH", "Objective", "Progress", "TrialRecord", "TuningResult", "tune"]


def tune(
    name: str,
    space: Space,
    objective: Objective,
    *,
    trials: int,
    seed: int,
    journal: Path,
    fingerprint: str,
    timeout: float | None = None,
    progress: Progress | None = None,
    resume: bool = False,
    workers: int = 1,
) -> TuningResult:
    """Search for the settings with the lowest mean score over inner folds.

    The first trial tries the defaults and is never given up, so the best is no worse than them on
    the inner folds. Settings, seeds and giving up depend on the seed, the index of the trial and
    the results of earlier batches only (see `upswell.releases.models._suggestion`): one worker or
    two, in one go or killed and resumed, the study is the same, bit for bit, unless a timeout cuts
    it short. A trial that raises is a failed one; the study goes on.

    Parameters
    ----------
    name
        Name of the study.
    space
        What may be tried.
    objective
        A generator of one score per inner fold; it is closed early when a trial is given up. With
        two workers it runs in threads.
    trials
        Number of trials, those in the journal included. All in the journal count, even when they
        are more.
    seed
        Seed of the study, 0 or more.
    journal
        The file on which the study is kept, in the format of Optuna's ``JournalFileBackend``.
    fingerprint
        A text that changes with the data and with all other settings: the journal of another
        fingerprint is not resumed.
    timeout
        Seconds after which no further trial starts; the first complete one is always waited for.
    progress
        Called in this thread after each trial.
    resume
        Whether to go on with a journal that is there. Trials that were running when a training was
        killed are marked as failed in it and repeated.
    workers
        Number of trials at once, at most `BATCH`.

    Raises
    ------
    SettingError
        When a number makes no sense, or the journal cannot be used: see `open_journal`.
    OutputError
        When the journal cannot be written.
    UpswellError
        When all trials failed.
    """
    _check_numbers(space, trials, seed, timeout, workers)
    identity = Identity(name, space, seed, BATCH, fingerprint)
    with quiet_optuna(), open_journal(journal, identity, resume=resume) as held:
        study = Study(
            identity=identity,
            objective=objective,
            journal=held,
            trials=trials,
            deadline=math.inf if timeout is None else time.monotonic() + timeout,
            progress=progress,
            workers=workers,
        )
        return study.run()


def _check_numbers(
    space: Space, trials: int, seed: int, timeout: float | None, workers: int
) -> None:
    if not space:
        raise SettingError("there is nothing to tune: the space is empty")
    if trials < 1:
        raise SettingError(f"a study needs at least 1 trial, and {trials} are asked for")
    if seed < 0:
        raise SettingError(f"a seed cannot be negative, and {seed} is")
    if timeout is not None and not timeout > 0:
        raise SettingError(f"a timeout must be above 0 seconds, and {timeout} is not")
    if workers < 1:
        raise SettingError(f"{workers} workers cannot run a trial")
