"""Forecasts of the days ahead, and of past days beside what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from upswell.api._reading import panel_with
from upswell.data.kinds import kind_of
from upswell.forecasting.protocol import DEFAULT_PATHS, Progress

if TYPE_CHECKING:
    from upswell.forecasting.backtest import Backtest
    from upswell.forecasting.result import Forecast
    from upswell.forecasting.windows import TotalWindow

__all__ = ["backtest", "forecast"]


def backtest(
    source: Any,
    *,
    horizon: int = 30,
    windows: int = 5,
    models: Sequence[str] | None = None,
    plan: Any = None,
    seed: int = 0,
    holidays: str | Sequence[str] = (),
    events: Any = None,
    progress: Progress | None = None,
    **reading: Any,
) -> Backtest:
    """Score forecasters at earlier cutoffs over the whole horizon, beside seasonal naive.

    Parameters
    ----------
    source
        A `Panel`, or anything that `read_panel` takes.
    horizon, windows
        Days ahead, and number of cutoffs at most.
    models
        Names of forecasters; the statistical ones and ``auto`` by default.
    plan
        Anything that `load_plan` takes: what its rules would have cost then stands in `money`.
    seed
        Seed of all random choices.
    holidays, events
        As for `forecast`. An event counts as announced at every cutoff before it.
    progress
        Called with the name of a forecaster after each window.
    **reading
        Passed to `read_panel`.

    Returns
    -------
    Backtest
        Its frames are of the kind of `source` when that is a frame.

    Raises
    ------
    RefusalError
        When the panel holds no window.
    InputError
        When the input or a setting cannot be used.

    Examples
    --------
    >>> import numpy as np
    >>> from upswell.data import Panel
    >>> days = np.arange(80.0)
    >>> panel = Panel.from_arrays(100 + days[None] + 10 * (days % 7 == 5), items=["ana"])
    >>> found = backtest(panel, horizon=7, windows=2, models=["theta-log"])
    >>> found.cutoffs
    (66, 73)
    """
    from upswell.capacity import check_horizon, load_plan
    from upswell.capacity.money import money_of_windows
    from upswell.forecasting.backtest import BACKTEST_MODELS, backtest_panel

    settings = None if plan is None else load_plan(plan)
    if settings is not None:
        check_horizon(settings, horizon)
    panel = panel_with(source, reading, holidays=holidays, events=events, horizon=horizon)
    chosen = BACKTEST_MODELS if models is None else tuple(models)
    seen: list[TotalWindow] = []
    found = backtest_panel(
        panel,
        horizon,
        windows,
        chosen,
        seed=seed,
        progress=progress,
        watch=None if settings is None else seen.append,
    )
    money = None if settings is None else money_of_windows(seen, settings, panel.axis)
    return replace(found, money=money, kind=kind_of(source))


def forecast(
    source: Any,
    *,
    horizon: int = 30,
    model: str = "auto",
    seed: int = 0,
    paths: int = DEFAULT_PATHS,
    holidays: str | Sequence[str] = (),
    events: Any = None,
    progress: Progress | None = None,
    **reading: Any,
) -> Forecast:
    """Forecast the next days of a panel: every series of its tree, with joint sample paths.

    Parameters
    ----------
    source
        A `Panel`, or anything that `read_panel` takes.
    horizon
        Days ahead.
    model
        ``auto``, the name of a forecaster, or the path of a trained bundle.
    seed
        Seed of all random choices; the same input and seed give the same figures, bit for bit.
    paths
        Number of sample paths; lowered for panels with thousands of series, as the result shows.
    holidays
        Countries whose days off are known beforehand, such as ``("US", "DE")``. The panel needs
        dates.
    events
        Announced events, such as launches: anything that `read_panel` takes, with a column of days
        and perhaps one of creators; without a creator an event is everybody's. Of the forecasters
        ``lstm-pretrained`` and ``auto`` read both.
    progress
        Called with the name of a forecaster after each window.
    **reading
        Passed to `read_panel`.

    Returns
    -------
    Forecast
        Its frames are of the kind of `source` when that is a frame.

    Raises
    ------
    RefusalError
        When the history cannot carry a forecast.
    InputError
        When the input or a setting cannot be used.

    Examples
    --------
    >>> import numpy as np
    >>> from upswell.data import Panel
    >>> days = np.arange(60.0)
    >>> panel = Panel.from_arrays(100 + days[None] + 10 * (days % 7 == 5), items=["ana"])
    >>> result = forecast(panel, horizon=7, model="theta-log")
    >>> result.paths.shape
    (1000, 2, 7)
    """
    from upswell.forecasting.making import make_forecast

    panel = panel_with(source, reading, holidays=holidays, events=events, horizon=horizon)
    return make_forecast(
        panel,
        horizon=horizon,
        model=str(model),
        seed=seed,
        paths=paths,
        progress=progress,
        kind=kind_of(source),
    )
