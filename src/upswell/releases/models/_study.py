"""A study at work: batches of trials, written down one by one."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from upswell.errors import UpswellError
from upswell.releases.models._journal import Identity, Journal
from upswell.releases.models._result import TuningResult
from upswell.releases.models._suggestion import (
    State,
    TrialRecord,
    should_prune,
    suggest_batch,
    trial_seed,
)

BATCH = 2
"""Number of trials that do not know of each other's results, and may run at once."""

Objective = Callable[[Mapping[str, Any], int], Iterator[float]]
"""From settings and a seed to the score on each inner fold, one by one; lower is better."""

Progress = Callable[[int, int, float | None, float | None, float], None]
"""Called after each trial with its index, the number of trials, its value (None when it was given
up or failed), the best value so far (None before any) and its seconds."""


@dataclass(kw_only=True)
class Study:
    """A study at work; parameters as for `upswell.releases.models.tuning.tune`.

    Parameters
    ----------
    deadline
        When no further trial starts, on the monotonic clock.
    """

    identity: Identity
    objective: Objective
    journal: Journal
    trials: int
    deadline: float
    progress: Progress | None
    workers: int
    _records: dict[int, TrialRecord] = field(default_factory=dict)
    _stopping: bool = False

    def run(self) -> TuningResult:
        """Run the trials that are missing, batch by batch."""
        self._records = {record.index: record for record in self.journal.records()}
        resumed = len(self._records)
        for start in range(0, self.trials, BATCH):
            indices = range(start, min(start + BATCH, self.trials))
            if all(index in self._records for index in indices):
                continue
            earlier = [self._records[index] for index in range(start)]
            settings = suggest_batch(self.identity.space, self.identity.seed, indices, earlier)
            missing = [
                (index, params)
                for index, params in zip(indices, settings, strict=True)
                if index not in self._records
            ]
            if not self._run_batch(missing, earlier):
                break
        return self._result(resumed)

    def _run_batch(
        self, batch: list[tuple[int, dict[str, Any]]], earlier: Sequence[TrialRecord]
    ) -> bool:
        """Run some trials; return False when time is up before all were started."""
        if self.workers == 1:
            for index, params in batch:
                if self._time_is_up():
                    return False
                self._note(self._run_trial(index, params, earlier))
            return True
        if self._time_is_up():
            return False
        with ThreadPoolExecutor(self.workers) as pool:
            futures = [pool.submit(self._run_trial, *trial, earlier) for trial in batch]
            try:
                for future in as_completed(futures):
                    self._note(future.result())
            except BaseException:
                self._stopping = True
                raise
        return True

    def _run_trial(
        self, index: int, params: dict[str, Any], earlier: Sequence[TrialRecord]
    ) -> TrialRecord:
        """Run one trial and write it down."""
        started = time.perf_counter()
        number = self.journal.start(index, params)
        scores: list[float] = []
        state: State = "complete"
        error = None
        try:
            for score in self._scores(index, params):
                scores.append(score)
                self.journal.report(number, scores)
                if should_prune(scores, earlier):
                    state = "pruned"
                    break
                if self._stopping:
                    raise KeyboardInterrupt
            if not scores:
                raise UpswellError("the objective gave no score")
        except Exception as fault:  # noqa: BLE001 - whatever a model raises is a failed trial
            state, error = "failed", f"{type(fault).__name__}: {fault}"
        seconds = time.perf_counter() - started
        record = TrialRecord(index, params, state, tuple(scores), seconds, error)
        self.journal.finish(number, record)
        return record

    def _scores(self, index: int, params: dict[str, Any]) -> Iterator[float]:
        """Yield the scores of a trial, checked; close the objective in any case."""
        scores = self.objective(dict(params), trial_seed(self.identity.seed, index, 1))
        with closing(_generator(scores)) as source:
            for score in source:
                value = float(score)
                if not math.isfinite(value):
                    raise UpswellError(f"the score is {value}")
                yield value

    def _note(self, record: TrialRecord) -> None:
        self._records[record.index] = record
        if self.progress is not None:
            values = [each.value for each in self._records.values() if each.value is not None]
            best = min(values, default=None)
            self.progress(record.index, self.trials, record.value, best, record.seconds)

    def _time_is_up(self) -> bool:
        complete = any(record.value is not None for record in self._records.values())
        return complete and time.monotonic() >= self.deadline

    def _result(self, resumed: int) -> TuningResult:
        """Return the study as it stands.

        Raises
        ------
        UpswellError
            When all trials failed.
        """
        records = tuple(self._records[index] for index in sorted(self._records))
        if all(record.value is None for record in records):
            first = next((record.error for record in records if record.error), "no trial was run")
            raise UpswellError(
                f"all {len(records)} trials of the study {self.identity.name!r} failed; "
                f"the first with: {first}",
                fix="look at the data and the settings that this error is about",
            )
        return TuningResult(
            name=self.identity.name,
            records=records,
            space=self.identity.space,
            stopped="trials" if len(records) >= self.trials else "timeout",
            resumed=resumed,
            interrupted=self.journal.interrupted,
        )


def _generator(scores: Iterator[float]) -> Any:
    """Return an iterator as something that can be closed."""
    return scores if hasattr(scores, "close") else (score for score in scores)
