"""What a study found: its trials, the best of them, and what mattered."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from upswell.releases.models._importance import importance_of_settings
from upswell.releases.models._suggestion import State, TrialRecord
from upswell.releases.models.space import Space

if TYPE_CHECKING:
    import polars as pl

__all__ = ["TuningResult"]


@dataclass(frozen=True)
class TuningResult:
    """How a study ended.

    Parameters
    ----------
    name
        Name of the study.
    records
        Its trials, by index.
    space
        What could be tried.
    stopped
        What ended it.
    resumed
        Number of trials taken over from the journal.
    interrupted
        Number of trials that a killed training left unfinished; they were repeated.
    """

    name: str
    records: tuple[TrialRecord, ...]
    space: Space
    stopped: Literal["trials", "timeout"]
    resumed: int
    interrupted: int

    @property
    def best(self) -> TrialRecord:
        """The complete trial with the lowest value, the first of equals."""
        complete = [record for record in self.records if record.value is not None]
        return min(complete, key=_by_value)

    @property
    def best_params(self) -> dict[str, Any]:
        """What the best trial tried."""
        return dict(self.best.params)

    @property
    def best_value(self) -> float:
        """Its mean score."""
        return _by_value(self.best)

    @property
    def default_value(self) -> float | None:
        """Mean score of the default settings; None when they failed."""
        return self.records[0].value

    @property
    def history(self) -> list[float | None]:
        """Best value up to each trial; None before any was complete."""
        best: float | None = None
        answer: list[float | None] = []
        for record in self.records:
            if record.value is not None:
                best = record.value if best is None else min(best, record.value)
            answer.append(best)
        return answer

    def count(self, state: State) -> int:
        """Return the number of trials that ended so."""
        return sum(record.state == state for record in self.records)

    def importance(self) -> dict[str, float]:
        """Return the share of each setting in what set good trials apart, largest first.

        Empty when there are too few trials to tell.
        """
        return importance_of_settings(self.space, self.records)

    def table(self) -> pl.DataFrame:
        """Return one row per trial: index, state, value, best, seconds, folds, params, error."""
        import polars as pl

        rows = self.records
        return pl.DataFrame(
            [
                pl.Series("index", [row.index for row in rows], dtype=pl.Int64),
                pl.Series("state", [row.state for row in rows], dtype=pl.String),
                pl.Series("value", [row.value for row in rows], dtype=pl.Float64),
                pl.Series("best", self.history, dtype=pl.Float64),
                pl.Series("seconds", [row.seconds for row in rows], dtype=pl.Float64),
                pl.Series("folds", [list(row.scores) for row in rows], dtype=pl.List(pl.Float64)),
                pl.Series("params", [row.params for row in rows], strict=False),
                pl.Series("error", [row.error for row in rows], dtype=pl.String),
            ]
        )

    def facts(self) -> dict[str, Any]:
        """Return what is kept in a bundle: the same for the same input, so without times."""
        return {
            "study": self.name,
            "trials": len(self.records),
            "complete": self.count("complete"),
            "pruned": self.count("pruned"),
            "failed": self.count("failed"),
            "best_trial": self.best.index,
            "best_value": self.best_value,
            "default_value": self.default_value,
            "best_params": self.best_params,
            "importance": self.importance(),
        }


def _by_value(record: TrialRecord) -> float:
    value = record.value
    return math.inf if value is None else value
