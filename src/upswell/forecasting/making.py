"""A forecast of a panel: fit, draw joint paths, as many as the memory holds."""

from __future__ import annotations

from upswell.data import Panel
from upswell.data.kinds import FrameKind
from upswell.errors import SettingError
from upswell.forecasting.paths import path_forecasters
from upswell.forecasting.protocol import DEFAULT_PATHS, Progress
from upswell.forecasting.result import Forecast

__all__ = ["LEAST_PATHS", "make_forecast"]

LEAST_PATHS = 100
MOST_CELLS = 40_000_000


def make_forecast(
    panel: Panel,
    *,
    horizon: int,
    model: str,
    seed: int,
    paths: int = DEFAULT_PATHS,
    progress: Progress | None = None,
    kind: FrameKind = FrameKind.POLARS,
) -> Forecast:
    """Forecast a panel; see `upswell.api.forecast` for the parameters.

    Raises
    ------
    RefusalError
        When the history cannot carry a forecast.
    InputError
        When a setting cannot be used.

    Examples
    --------
    >>> import numpy as np
    >>> panel = Panel.from_arrays(100.0 + np.arange(60.0)[None] % 7, items=["ana"])
    >>> make_forecast(panel, horizon=7, model="seasonal-naive", seed=0).paths.shape
    (1000, 2, 7)
    """
    if paths < LEAST_PATHS:
        raise SettingError(f"{paths} paths are too few for quantiles", fix=f"use {LEAST_PATHS}")
    (forecaster,) = path_forecasters([model])
    fitted = forecaster.fit(panel, horizon, seed, progress)
    cells = fitted.tree.size * horizon
    if cells * LEAST_PATHS > 10 * MOST_CELLS:
        raise SettingError(
            f"{fitted.tree.size:,} series of {horizon:,} days are too many for joint paths",
            fix=f"use a horizon of {10 * MOST_CELLS // (fitted.tree.size * LEAST_PATHS)} or less",
        )
    count = max(min(paths, MOST_CELLS // cells), LEAST_PATHS)
    return Forecast(
        panel=panel,
        axis=panel.axis.after(horizon),
        tree=fitted.tree,
        paths=fitted.sample(count),
        report=fitted.report,
        seed=seed,
        kind=kind,
    )
