"""Training on a panel: the LSTM taught by all of its days, judged on the last ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from upswell.data import Panel, Tree, node_values
from upswell.data.kinds import FrameKind, as_kind
from upswell.forecasting.history import History
from upswell.forecasting.ladder import refuse_panel
from upswell.forecasting.lstm import (
    EpochReport,
    LstmSettings,
    TrainedLstm,
    TrainingReport,
    evaluate_training,
    save_lstm,
    train_network,
)

__all__ = ["TrainedPanel", "train_panel"]


@dataclass(frozen=True)
class TrainedPanel:
    """An LSTM trained on a panel.

    Parameters
    ----------
    trained
        The network, taught by all days up to the end of the panel.
    report
        What another network of the same settings, taught without the last days, does on them:
        the figures of the first would flatter.
    panel
        The panel.
    kind
        Library of the frames that are given out.
    """

    trained: TrainedLstm
    report: TrainingReport
    panel: Panel
    kind: FrameKind = FrameKind.POLARS

    def errors(self, kind: FrameKind | str | None = None) -> Any:
        """Return MSE, MAE and RMSE beside seasonal naive's.

        Returns
        -------
        data frame
            Columns ``part, task, scope, count, mse, naive_mse, mae, naive_mae, rmse,
            naive_rmse, worse_than_naive``.
        """
        import polars as pl

        frame = pl.DataFrame(self.report.rows())
        return as_kind(frame, self.kind if kind is None else kind)

    def losses(self, kind: FrameKind | str | None = None) -> Any:
        """Return the loss of each epoch of the judged network.

        Returns
        -------
        data frame
            Columns ``epoch, train, validation``; epoch 0 is the network before training, which
            has no training loss.
        """
        import polars as pl

        record = self.report.trained.record
        frame = pl.DataFrame(
            {
                "epoch": list(range(len(record.validation_loss))),
                "train": [None, *record.train_loss],
                "validation": list(record.validation_loss),
            }
        )
        return as_kind(frame, self.kind if kind is None else kind)

    def save(self, path: str | Path) -> Path:
        """Write the network as a bundle, whole or not at all, and return its path."""
        save_lstm(self.trained, path)
        return Path(path)


def train_panel(
    panel: Panel,
    horizon: int,
    settings: LstmSettings,
    seed: int,
    *,
    progress: Callable[[EpochReport], None] | None = None,
) -> TrainedPanel:
    """Judge the LSTM on the last days of a panel, then train it on all days.

    Parameters
    ----------
    panel
        The panel; creators, categories and the total teach together.
    horizon
        Days ahead.
    settings
        The network and its training.
    seed
        Seed of all random choices.
    progress
        Called after each epoch of both trainings.

    Raises
    ------
    RefusalError
        When the panel cannot carry a forecast.
    ForecasterError
        When it is too short to teach.
    """
    tree, values = Tree.of_panel(panel), node_values(panel)
    refuse_panel(values[0], horizon)
    history = History(values, panel.axis.phase())
    report = evaluate_training(history, horizon, settings, seed, tree=tree, progress=progress)
    trained = train_network(history, horizon, settings, seed, progress=progress)
    trained = replace(trained, taught_until=panel.axis.stop - 1)
    return TrainedPanel(trained, report, panel)
