"""The record of a training: what was learnt from, and the loss by epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["EpochReport", "TrainingRecord"]


@dataclass(frozen=True, slots=True)
class EpochReport:
    """One pass over the training windows, as reported while training.

    Parameters
    ----------
    epoch
        Number of the epoch, from 1.
    epochs
        Largest number of epochs.
    train_loss, validation_loss
        Loss of the epoch; see `TrainingRecord`.
    best_epoch
        The epoch with the lowest validation loss so far; 0 is the network before training.
    """

    epoch: int
    epochs: int
    train_loss: float
    validation_loss: float
    best_epoch: int


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """What a training did.

    Parameters
    ----------
    train_loss
        Mean absolute error of each epoch's windows in units of each series' own day-to-day
        change, shape ``(epochs,)``: the mean over the epoch's steps, with dropout. For the
        recursive strategy it is that of the next day, for the direct one of the whole horizon.
    validation_loss
        The same unit over the validation tail without dropout, shape ``(1 + epochs,)``: the
        first is that of the network before training. For the recursive strategy it is that of
        the forecast of the whole tail, each day from the forecast of the day before.
    best_epoch
        The epoch whose weights were kept; 0 when nothing learnt was better than what the
        untrained network says, that the window's level stays.
    train_windows, validation_windows
        Number of windows that could teach, and number that validated.
    steps
        Steps of the optimiser in an epoch.
    days, validation_days
        Length of the training part of time, and of the tail of it that validated.
    device
        ``cpu`` or ``cuda``.
    notes
        Sentences on what a reader should know, such as a cap that was reached.
    """

    train_loss: tuple[float, ...]
    validation_loss: tuple[float, ...]
    best_epoch: int
    train_windows: int
    validation_windows: int
    steps: int
    days: int
    validation_days: int
    device: str
    notes: tuple[str, ...] = ()

    @property
    def epochs(self) -> int:
        """Number of epochs that were run."""
        return len(self.train_loss)

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TrainingRecord:
        """Build a record from plain data; unknown or missing keys raise TypeError."""
        plain = dict(data)
        for name in ("train_loss", "validation_loss", "notes"):
            plain[name] = tuple(plain[name])
        return cls(**plain)
