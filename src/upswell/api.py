"""The Python API: read a panel, forecast it, explain that, backtest, compare, train the LSTM."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, overload

from upswell.data import Panel
from upswell.data.kinds import kind_of
from upswell.errors import SettingError
from upswell.forecasting.protocol import DEFAULT_PATHS, Progress

if TYPE_CHECKING:
    from upswell.forecasting.adaptation import AdaptedPanel
    from upswell.forecasting.backtest import Backtest
    from upswell.forecasting.comparing import Comparison
    from upswell.forecasting.explaining import Explanation
    from upswell.forecasting.lstm import EpochReport, LstmSettings
    from upswell.forecasting.lstm.adapting import AdaptingSettings, StepReport
    from upswell.forecasting.result import Forecast
    from upswell.forecasting.training import TrainedPanel
    from upswell.forecasting.windows import TotalWindow

__all__ = ["backtest", "compare", "explain", "forecast", "read_panel", "train"]


def read_panel(
    source: Any,
    *,
    time: str | None = None,
    item: str | None = None,
    value: str | None = None,
    group: str | None = None,
    start_date: str | None = None,
    cumulative: bool | None = None,
    on_duplicate: str = "error",
    missing: str = "gap",
    timezone: str | None = None,
) -> Panel:
    """Read daily counts from anything into a checked panel.

    Parameters
    ----------
    source
        A path, glob, folder or database URI, a list of them, or a pandas, Polars or Arrow frame.
    time, item, value, group
        Names of the columns; found by their header words where not given.
    start_date
        Date of the first day when days are integers.
    cumulative
        True when the values are running totals, False when they surely are not; None lets a
        panel that looks cumulative be refused.
    on_duplicate
        What to do with rows that contradict each other: ``error``, ``sum``, ``mean``, ``max`` or
        ``last``.
    missing
        ``gap`` when an absent day is unknown, ``zero`` when it means zero.
    timezone
        IANA name; needed when times carry a zone.

    Returns
    -------
    Panel
        With every repair in its ledger.

    Raises
    ------
    InputError
        When the input cannot be used; the message says where and what to do.
    RefusalError
        When the panel looks cumulative and that was not declared.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"day": [1, 2, 1, 2], "creator": list("aabb"), "views": [5, 6, 7, 8]})
    >>> read_panel(frame).values.tolist()
    [[5.0, 6.0], [7.0, 8.0]]
    """
    from upswell.data import build_panel, read_observations

    observations = read_observations(
        source,
        time=time,
        item=item,
        value=value,
        group=group,
        start_date=start_date,
        timezone=timezone,
    )
    return build_panel(
        observations, cumulative=cumulative, on_duplicate=on_duplicate, missing=missing
    )


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
    >>> days = np.arange(60.0)
    >>> panel = Panel.from_arrays(100 + days[None] + 10 * (days % 7 == 5), items=["ana"])
    >>> result = forecast(panel, horizon=7, model="theta-log")
    >>> result.paths.shape
    (1000, 2, 7)
    """
    from upswell.data.occasions import with_occasions
    from upswell.forecasting.making import make_forecast

    panel = with_occasions(
        _panel_of(source, reading), holidays=holidays, events=events, horizon=horizon
    )
    return make_forecast(
        panel,
        horizon=horizon,
        model=str(model),
        seed=seed,
        paths=paths,
        progress=progress,
        kind=kind_of(source),
    )


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
    >>> days = np.arange(80.0)
    >>> panel = Panel.from_arrays(100 + days[None] + 10 * (days % 7 == 5), items=["ana"])
    >>> found = backtest(panel, horizon=7, windows=2, models=["theta-log"])
    >>> found.cutoffs
    (66, 73)
    """
    from upswell.capacity import check_horizon, load_plan
    from upswell.capacity.money import money_of_windows
    from upswell.data.occasions import with_occasions
    from upswell.forecasting.backtest import BACKTEST_MODELS, backtest_panel

    settings = None if plan is None else load_plan(plan)
    if settings is not None:
        check_horizon(settings, horizon)
    panel = with_occasions(
        _panel_of(source, reading), holidays=holidays, events=events, horizon=horizon
    )
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


def compare(
    old: str | os.PathLike[str] | Forecast,
    new: str | os.PathLike[str] | Forecast,
    *,
    progress: Progress | None = None,
) -> Comparison:
    """Say what changed between two forecasts of one panel, and how good the older one was.

    Parameters
    ----------
    old, new
        Two folders that ``upswell forecast --out`` wrote, or two forecasts, the older one first.
    progress
        Called with the name of a forecaster after each window.

    Returns
    -------
    Comparison
        What each cause adds: the moved horizon, new days, revised history, the model and overlays.
        Each step is a forecast made again with one thing changed; together they are the whole
        change, exactly.

    Raises
    ------
    InputError
        When a folder cannot be read back, or when they are no forecasts of one panel in this order.

    Examples
    --------
    >>> import numpy as np
    >>> days = np.arange(67.0)
    >>> panel = Panel.from_arrays(100 + days[None] + 10 * (days % 7 == 5), items=["ana"])
    >>> last_week = forecast(panel.until(60), horizon=7, model="theta-log")
    >>> this_week = forecast(panel, horizon=7, model="theta-log")
    >>> found = compare(last_week, this_week)
    >>> sum(step.change for step in found.mean.steps) == found.mean.new - found.mean.old
    True
    """
    from functools import partial

    from upswell.capacity import KeptPlan, look_back, overlaid_views, read_plan
    from upswell.forecasting.comparing import actual_values, as_saved, compare_saved
    from upswell.forecasting.loading import SavedForecast, read_saved
    from upswell.forecasting.result import Forecast

    def read(side: Any) -> tuple[SavedForecast, KeptPlan | None]:
        if isinstance(side, Forecast):
            return as_saved(side), None
        saved = read_saved(side)
        return saved, read_plan(side, saved.panel.axis.after(saved.horizon))

    (before, old_plan), (after, new_plan) = read(old), read(new)
    scenarios = [
        None if plan is None else partial(overlaid_views, settings=plan.settings)
        for plan in (old_plan, new_plan)
    ]
    found = compare_saved(before, after, scenarios=(scenarios[0], scenarios[1]), progress=progress)
    if old_plan is None:
        return found
    days = before.panel.axis.after(before.horizon)
    actual = actual_values(before.tree, days, after.panel)[0]
    return replace(found, hindsight=look_back(old_plan, actual))


def explain(
    source: Any,
    *,
    horizon: int = 30,
    model: str = "lstm-pretrained",
    series: str | None = None,
    seed: int = 0,
    **reading: Any,
) -> Explanation:
    """Explain a forecast: what trend, week and bursts of the history add, and what if they did not.

    Parameters
    ----------
    source
        A `Panel`, or anything that `read_panel` takes.
    horizon
        Days ahead.
    model
        The name of a forecaster, or the path of a trained bundle.
    series
        The category or creator; the total by default.
    seed
        Seed of a forecaster that is trained.
    **reading
        Passed to `read_panel`.

    Returns
    -------
    Explanation
        With `sentences` in plain words, `to_frame`, `without_burst` and `plot`.

    Raises
    ------
    RefusalError
        When the history cannot carry a forecast.
    InputError
        When the input or a setting cannot be used.

    Examples
    --------
    >>> import numpy as np
    >>> days = np.arange(84.0)
    >>> views = 1000 + 300 * (days % 7 == 5)
    >>> views[78] = 5000
    >>> found = explain(Panel.from_arrays(views[None], items=["ana"]), model="seasonal-naive")
    >>> found.without_burst("last").first, found.part("bursts").adds > 10_000
    ('79', True)
    """
    from upswell.forecasting.explaining import explain_panel

    panel = _panel_of(source, reading)
    return explain_panel(
        panel, horizon=horizon, model=str(model), series=series, seed=seed, kind=kind_of(source)
    )


@overload
def train(
    source: Any,
    *,
    horizon: int = 30,
    settings: AdaptingSettings | None = None,
    from_scratch: Literal[False] = False,
    seed: int = 0,
    progress: Callable[[StepReport], None] | None = None,
    **reading: Any,
) -> AdaptedPanel: ...


@overload
def train(
    source: Any,
    *,
    horizon: int = 30,
    settings: LstmSettings | None = None,
    from_scratch: Literal[True],
    seed: int = 0,
    progress: Callable[[EpochReport], None] | None = None,
    **reading: Any,
) -> TrainedPanel: ...


def train(
    source: Any,
    *,
    horizon: int = 30,
    settings: LstmSettings | AdaptingSettings | None = None,
    from_scratch: bool = False,
    seed: int = 0,
    progress: Callable[[Any], None] | None = None,
    **reading: Any,
) -> TrainedPanel | AdaptedPanel:
    """Adapt the shipped LSTM to a panel, or train one from scratch; judge it on unseen days.

    The shipped weights are tuned on the panel where its own windows say that this helps; else
    they are kept as they are, and `why` of the answer says so.

    Parameters
    ----------
    source
        A `Panel`, or anything that `read_panel` takes.
    horizon
        Days ahead.
    settings
        An `AdaptingSettings`; from scratch an `LstmSettings`, by default two layers of 50 units,
        as the original.
    from_scratch
        Train a network that knows nothing beforehand.
    seed
        Seed of all random choices.
    progress
        Called after each step with a `StepReport`; from scratch after each epoch with an
        `EpochReport`.
    **reading
        Passed to `read_panel`.

    Returns
    -------
    AdaptedPanel or TrainedPanel
        With its errors beside seasonal naive's, and `save` for the bundle. An adapted one stands
        beside zero-shot, too; one from scratch has its losses.

    Raises
    ------
    RefusalError
        When the history cannot carry a forecast.
    InputError
        When the input or a setting cannot be used, or torch is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> from upswell.forecasting.lstm import LstmSettings
    >>> days = np.arange(60.0)
    >>> panel = Panel.from_arrays(100 + days[None] + 10 * (days % 7 == 5), items=["ana"])
    >>> settings = LstmSettings(units=4, epochs=1)
    >>> taught = train(panel, horizon=7, settings=settings, from_scratch=True)
    >>> taught.errors().columns[:5]
    ['part', 'task', 'scope', 'count', 'mse']
    >>> train(panel.until(24), horizon=7).why
    'kept zero-shot: 24 days are too few to teach and to validate'
    """
    from upswell.forecasting.adaptation import adapt_panel
    from upswell.forecasting.lstm import LstmSettings
    from upswell.forecasting.lstm.adapting import AdaptingSettings
    from upswell.forecasting.training import train_panel

    if settings is not None and isinstance(settings, LstmSettings) != from_scratch:
        needed = LstmSettings if from_scratch else AdaptingSettings
        raise SettingError(
            f"from_scratch={from_scratch} needs settings of {needed.__name__}",
            fix=f"give these, or from_scratch={not from_scratch}",
        )
    panel = _panel_of(source, reading)
    if isinstance(settings, LstmSettings) or from_scratch:
        chosen = settings if isinstance(settings, LstmSettings) else LstmSettings()
        trained = train_panel(panel, horizon, chosen, seed, progress=progress)
        return replace(trained, kind=kind_of(source))
    adapted = adapt_panel(panel, horizon, seed, settings, progress=progress)
    return replace(adapted, kind=kind_of(source))


def _panel_of(source: Any, reading: dict[str, Any]) -> Panel:
    """Read a source unless it has been read; options of reading then come too late."""
    if not isinstance(source, Panel):
        return read_panel(source, **reading)
    if reading:
        raise SettingError(
            f"a panel has been read already: {', '.join(sorted(reading))} would change nothing",
            fix="give the options to read_panel",
        )
    return source
