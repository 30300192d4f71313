"""How good a network is on simulated audiences that it is never taught, beside seasonal naive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from upswell.forecasting.history import History
from upswell.forecasting.lstm.pretrained.layout import HEADS, LEVELS
from upswell.forecasting.lstm.pretrained.targets import targets
from upswell.forecasting.lstm.pretraining._loss import pinball
from upswell.forecasting.lstm.pretraining._network import AudienceNetwork
from upswell.forecasting.lstm.pretraining.lessons import Batch, Lesson, lesson
from upswell.forecasting.lstm.pretraining.report import JUDGED_DAY, RANGES, Scores
from upswell.forecasting.naive import SeasonalNaive

__all__ = ["Judge"]

# Above every seed that can be asked for: no training learns from these lessons.
VALIDATION_SEED = 2**63
AT_ONCE = 512


@dataclass(frozen=True)
class Judge:
    """Lessons that are kept apart, and what seasonal naive loses on them.

    Parameters
    ----------
    batches
        What a network is asked.
    naive_loss
        Mean pinball loss of seasonal naive by head; it says one number for all quantiles.
    """

    batches: tuple[Batch, ...]
    naive_loss: tuple[float, ...]

    @classmethod
    def of(cls, lessons: int) -> Judge:
        """Make the first so many lessons."""
        batches, losses = [], []
        for number in range(lessons):
            one = lesson(VALIDATION_SEED, number)
            batches.append(one.batch())
            losses.append(_naive_loss(one))
        return cls(tuple(batches), tuple(np.concatenate(losses).mean(axis=0).tolist()))

    @torch.no_grad()
    def scores(self, network: AudienceNetwork, device: torch.device) -> Scores:
        """Ask a network, in 32 bits, and compare."""
        network.eval()
        losses, covered = [], []
        for batch in self.batches:
            for start in range(0, len(batch), AT_ONCE):
                rows = slice(start, start + AT_ONCE)
                past, future, truth = (
                    torch.from_numpy(part[rows]).to(device)
                    for part in (batch.past, batch.future, batch.targets)
                )
                said = network(past, future)
                losses.append(pinball(said, truth).cpu().numpy())
                covered.append(_covered(said[:, : truth.shape[1]].cpu().numpy(), batch, rows))
        loss = np.concatenate(losses).mean(axis=0)
        share = np.concatenate(covered).mean(axis=0)
        return Scores(
            loss=dict(zip(HEADS, loss.tolist(), strict=True)),
            naive_loss=dict(zip(HEADS, self.naive_loss, strict=True)),
            coverage={
                name: dict(zip(HEADS, row, strict=True))
                for name, row in zip(RANGES, share.tolist(), strict=True)
            },
            examples=sum(map(len, self.batches)),
        )


def _naive_loss(one: Lesson) -> NDArray[np.float64]:
    """Return seasonal naive's mean pinball loss of each example and head, shape ``(E, 3)``."""
    histories = one.examples.histories
    history = History(histories, np.arange(histories.shape[1]) % 7)
    model = SeasonalNaive()
    said = model.fit(history, 0, seed=0).predict(history, one.targets.shape[1])
    away = one.targets - targets(one.inputs, said)
    levels = LEVELS.astype(np.float64)
    losses = np.maximum(levels * away[..., None], (levels - 1) * away[..., None])
    return np.asarray(losses.mean(axis=(1, 3)))


def _covered(said: NDArray[np.float32], batch: Batch, rows: slice) -> NDArray[np.float64]:
    """Return how often ranges hold the truth, shape ``(E, ranges, 3)``.

    Of the days up to the judged one, and of its sum and its peak.
    """
    truth = batch.targets[rows, :JUDGED_DAY]
    out = []
    for low, high in RANGES.values():
        lower, upper = (_level(said, level)[:, :JUDGED_DAY] for level in (low, high))
        inside = ((truth >= lower) & (truth <= upper)).astype(np.float64)
        out.append(np.concatenate([inside[:, :, :1].mean(axis=1), inside[:, -1, 1:]], axis=1))
    return np.stack(out, axis=1)


def _level(said: NDArray[np.float32], level: float) -> NDArray[np.float32]:
    return said[..., int(np.argmin(np.abs(LEVELS - level)))]
