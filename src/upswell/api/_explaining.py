"""What a forecast rests on, and what changed since the last one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from upswell.api._reading import panel_with
from upswell.data.kinds import kind_of
from upswell.forecasting.protocol import Progress

if TYPE_CHECKING:
    from upswell.forecasting.comparing import Comparison
    from upswell.forecasting.explaining import Explanation
    from upswell.forecasting.result import Forecast

__all__ = ["compare", "explain"]


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
    >>> from upswell.api import forecast
    >>> from upswell.data import Panel
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
    model: str = "auto",
    series: str | None = None,
    seed: int = 0,
    holidays: str | Sequence[str] = (),
    events: Any = None,
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
        ``auto``, which explains what `forecast` answers with, the name of a forecaster, or the path
        of a trained bundle.
    series
        The category or creator; the total by default.
    seed
        Seed of a forecaster that is trained.
    holidays, events
        As for `forecast`.
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
    >>> from upswell.data import Panel
    >>> days = np.arange(84.0)
    >>> views = 1000 + 300 * (days % 7 == 5)
    >>> views[78] = 5000
    >>> found = explain(Panel.from_arrays(views[None], items=["ana"]), model="seasonal-naive")
    >>> found.without_burst("last").first, found.part("bursts").adds > 10_000
    ('79', True)
    """
    from upswell.forecasting.explaining import explain_panel

    panel = panel_with(source, reading, holidays=holidays, events=events, horizon=horizon)
    return explain_panel(
        panel, horizon=horizon, model=str(model), series=series, seed=seed, kind=kind_of(source)
    )
