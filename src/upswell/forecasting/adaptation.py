"""Adaptation to a panel: the shipped LSTM, tuned where that helps, judged on the last days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from upswell.data import Panel, Tree, node_values
from upswell.data.kinds import FrameKind, as_kind
from upswell.forecasting.history import History
from upswell.forecasting.known_days import flags_of
from upswell.forecasting.ladder import refuse_panel
from upswell.forecasting.lstm.adapting import (
    AdaptationReport,
    AdaptedLstm,
    AdaptingSettings,
    StepReport,
    adapt_network,
    evaluate_adaptation,
    save_adapted,
)

__all__ = ["AdaptedPanel", "adapt_panel"]


@dataclass(frozen=True)
class AdaptedPanel:
    """The shipped LSTM after a panel had its say.

    Parameters
    ----------
    adapted
        The forecaster, taught by all days up to the end of the panel; or, where the panel's
        windows did not speak for it, untouched.
    report
        What the same does on the last days when they did not teach.
    panel
        The panel.
    kind
        Library of the frames that are given out.
    """

    adapted: AdaptedLstm
    report: AdaptationReport
    panel: Panel
    kind: FrameKind = FrameKind.POLARS

    @property
    def why(self) -> str:
        """Whether it was adapted, and why, in one sentence."""
        return self.report.why

    def errors(self, kind: FrameKind | str | None = None) -> Any:
        """Return MSE, MAE and RMSE beside those of zero-shot and of seasonal naive.

        Returns
        -------
        data frame
            Columns ``part, task, scope, count``, then ``mse, zero_shot_mse, naive_mse``, the
            same of ``mae`` and ``rmse``, and ``worse_than_naive``.
        """
        import polars as pl

        frame = pl.DataFrame(self.report.rows())
        return as_kind(frame, self.kind if kind is None else kind)

    def save(self, path: str | Path) -> Path:
        """Write the forecaster as a bundle, whole or not at all, and return its path."""
        save_adapted(self.adapted, path)
        return Path(path)


def adapt_panel(
    panel: Panel,
    horizon: int,
    seed: int,
    settings: AdaptingSettings | None = None,
    *,
    progress: Callable[[StepReport], None] | None = None,
) -> AdaptedPanel:
    """Adapt the shipped LSTM to a panel, and judge it on the last days.

    Parameters
    ----------
    panel
        The panel; creators, categories and the total teach together.
    horizon
        Days ahead.
    seed
        Seed of all random choices.
    settings
        Of the fine-tuning; None for the defaults.
    progress
        Called after each step of each training.

    Raises
    ------
    RefusalError
        When the panel cannot carry a forecast.
    MissingPackageError
        When torch is not installed.
    """
    tree, values = Tree.of_panel(panel), node_values(panel)
    refuse_panel(values[0], horizon)
    flags = flags_of(panel, tree, values, horizon)
    history = History(values, panel.axis.phase(), flags)
    found = adapt_network(history, horizon, settings, seed, progress=progress)
    report = evaluate_adaptation(found, history, horizon, tree)
    adapted = found.adapted
    if adapted.choice.adapted:
        adapted = replace(adapted, taught_until=panel.axis.stop - 1)
    return AdaptedPanel(adapted, report, panel)
