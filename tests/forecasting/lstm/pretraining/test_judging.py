"""Judging: seasonal naive beside the network, and how often ranges hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from upswell.forecasting.lstm.pretrained import LEVELS, targets
from upswell.forecasting.lstm.pretraining._judging import VALIDATION_SEED, Judge, _naive_loss
from upswell.forecasting.lstm.pretraining.lessons import lesson

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge.of(1)


class Oracle:
    """Says the truth, and its quantiles so far away."""

    def __init__(self, judge: Judge, spread: np.ndarray) -> None:
        self.left = [row for batch in judge.batches for row in batch.targets]
        self.spread = torch.from_numpy(spread.astype(np.float32))

    def eval(self) -> None:
        pass

    def __call__(self, past: torch.Tensor, _: torch.Tensor) -> torch.Tensor:
        rows, self.left = self.left[: len(past)], self.left[len(past) :]
        return torch.from_numpy(np.stack(rows))[..., None] + self.spread


def test_naive_repeats_the_last_week(judge):
    one = lesson(VALIDATION_SEED, 0)
    histories, truth = one.examples.histories, one.targets
    whole = np.isfinite(histories[:, -7:]).all(axis=1)
    assert whole.sum() > 200
    said = np.tile(np.nan_to_num(histories[:, -7:]), (1, truth.shape[1] // 7))
    away = (truth - targets(one.inputs, said))[whole]
    losses = [
        np.where(away >= 0, level * away, (level - 1) * away).mean(axis=1) for level in LEVELS
    ]
    found = _naive_loss(one)
    assert np.allclose(found[whole], np.mean(losses, axis=0))
    assert judge.naive_loss == pytest.approx(found.mean(axis=0))


def test_whoever_knows_the_truth_loses_nothing_and_holds_it_always(judge):
    scores = judge.scores(Oracle(judge, np.zeros(len(LEVELS))), CPU)
    assert all(loss == pytest.approx(0, abs=1e-6) for loss in scores.loss.values())
    assert all(share == 1 for part in scores.coverage.values() for share in part.values())
    assert scores.relative == pytest.approx(dict.fromkeys(("day", "sum", "peak"), 0), abs=1e-5)
    assert scores.examples == sum(len(batch) for batch in judge.batches)


def test_ranges_beside_the_truth_hold_it_never(judge):
    spread = np.where(LEVELS <= 0.1, 1.0, 2.0) + LEVELS
    spread[0] = -1
    scores = judge.scores(Oracle(judge, spread), CPU)
    assert set(scores.coverage["80%"].values()) == {0.0}
    assert set(scores.coverage["95%"].values()) == {1.0}
    assert scores.to_json()["coverage"]["80%"] == {"day": 0.0, "sum": 0.0, "peak": 0.0}
