"""What is told of a training while it runs, and what it ends with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["JUDGED_DAY", "RANGES", "Pretrained", "PretrainingReport", "Scores"]

JUDGED_DAY = 30
"""Days ahead whose coverage is judged."""

RANGES = {"80%": (0.1, 0.9), "95%": (0.025, 0.975)}
"""Ranges that are judged, by the levels of their ends."""


@dataclass(frozen=True, slots=True)
class Scores:
    """How good a network is on the simulated validation set.

    Parameters
    ----------
    loss, naive_loss
        Mean pinball loss of the network and of seasonal naive, by head, on the network's scale.
    coverage
        By range and head, how often it holds the truth: of the first 30 days, of their sum and
        of their peak.
    examples
        Number of examples.
    """

    loss: Mapping[str, float]
    naive_loss: Mapping[str, float]
    coverage: Mapping[str, Mapping[str, float]]
    examples: int

    @property
    def relative(self) -> dict[str, float]:
        """Loss over that of seasonal naive, by head."""
        return {head: loss / self.naive_loss[head] for head, loss in self.loss.items()}

    def to_json(self) -> dict[str, Any]:
        """Return the scores as plain data, four digits after the point."""
        return {
            "examples": self.examples,
            "loss": _rounded(self.loss),
            "seasonal_naive_loss": _rounded(self.naive_loss),
            "relative_to_seasonal_naive": _rounded(self.relative),
            "coverage": {name: _rounded(part) for name, part in self.coverage.items()},
        }


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in figures.items()}


@dataclass(frozen=True, slots=True)
class PretrainingReport:
    """How far a training is.

    Parameters
    ----------
    step
        Batches learnt from.
    steps
        Batches in all; None while time decides.
    seconds
        Time spent on them, interruptions left out.
    examples
        Examples learnt from.
    train_loss
        Mean loss since the last report.
    scores
        Of the averaged weights.
    """

    step: int
    steps: int | None
    seconds: float
    examples: int
    train_loss: float
    scores: Scores

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data, without the coverage."""
        plain = asdict(self)
        del plain["scores"], plain["steps"]
        return {
            **plain,
            "seconds": round(self.seconds, 1),
            "train_loss": round(self.train_loss, 4),
            "validation_loss": _rounded(self.scores.loss),
        }


@dataclass(frozen=True, slots=True)
class Pretrained:
    """What a training ends with.

    Parameters
    ----------
    weights
        By the names of the file; float32 or float16.
    reports
        All reports, the last of them about these weights.
    device
        ``cpu`` or ``cuda``.
    hardware
        What it ran on, in words.
    threads
        Threads of torch.
    chapters
        Groups of lessons that were begun.
    """

    weights: Mapping[str, NDArray[np.floating[Any]]]
    reports: tuple[PretrainingReport, ...]
    device: str
    hardware: str
    threads: int
    chapters: int

    @property
    def last(self) -> PretrainingReport:
        """The last report."""
        return self.reports[-1]
