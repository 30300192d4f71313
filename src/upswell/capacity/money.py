"""What each rule would have cost over the windows of a backtest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from upswell.capacity._settings import PlanSettings
from upswell.capacity.load import hourly_load, profile_shares
from upswell.capacity.past import Past
from upswell.capacity.rules import choices, compare_rules
from upswell.capacity.terms import Terms
from upswell.data import DayAxis
from upswell.forecasting.windows import TotalWindow

if TYPE_CHECKING:
    import polars as pl

__all__ = ["FORECAST_RULES", "money_by_rule", "money_of_windows"]

FORECAST_RULES = ("least-cost", "mean", "peak")
"""Rules that ask a forecaster; the others look at the past or, for a bound, at the future."""

_BILL = ("existing", "reserved", "on_demand", "shortage")


def money_of_windows(
    windows: Sequence[TotalWindow], settings: PlanSettings, axis: DayAxis
) -> pl.DataFrame:
    """Return what each rule would have cost in each window, on the days as they then came.

    A rule sees what was known at the cutoff: paths and history. ``same-as-last-month`` keeps what
    would have cost least over as many days before the cutoff, whatever the plan says of last
    month; overlays are left out, as they are of days to come. Days of a window that are missing
    are billed for nobody.

    Parameters
    ----------
    windows
        Of any forecasters.
    settings
        Of the plan.
    axis
        Days of the panel.

    Returns
    -------
    polars.DataFrame
        Columns ``rule, model, cutoff, days, commitment, cost, existing, reserved, on_demand,
        shortage, regret, shortage_hours, shortage_unit_hours``. A row for each rule, forecaster
        and window; `model` is null for ``same-as-last-month`` and ``perfect-foresight``, which
        have one row a window. `cutoff` is the last day known, `days` how many days of the window
        are, `regret` the cost above that of perfect foresight.
    """
    import polars as pl

    rows: list[dict[str, Any]] = []
    done: set[int] = set()
    for window in windows:
        rows += _rows(window, settings, axis, alone=window.cutoff not in done)
        done.add(window.cutoff)
    return pl.DataFrame(
        rows,
        schema={
            "rule": pl.String,
            "model": pl.String,
            "cutoff": pl.String,
            "days": pl.Int64,
            "commitment": pl.Int64,
            "cost": pl.Float64,
            **dict.fromkeys(_BILL, pl.Float64),
            "regret": pl.Float64,
            "shortage_hours": pl.Float64,
            "shortage_unit_hours": pl.Float64,
        },
    )


def _rows(
    window: TotalWindow, settings: PlanSettings, axis: DayAxis, *, alone: bool
) -> list[dict[str, Any]]:
    """Return the rows of one window; those of rules without a forecaster only when `alone`."""
    terms, shares = Terms.of(settings), profile_shares(settings.profile)
    actual = window.actual[np.isfinite(window.actual)]
    if not len(actual):
        return []
    chosen = choices(
        hourly_load(window.paths, shares, settings.unit),
        terms,
        _last_month(window, settings, axis),
    )
    came = hourly_load(actual[None], shares, settings.unit)
    return [
        {
            "rule": rule.name,
            "model": window.model if rule.name in FORECAST_RULES else None,
            "cutoff": axis.label(axis.start + window.cutoff - 1),
            "days": len(actual),
            "commitment": rule.commitment,
            "cost": rule.cost.expected,
            **asdict(rule.bill),
            "regret": rule.regret,
            "shortage_hours": rule.shortage_hours,
            "shortage_unit_hours": rule.shortage_unit_hours,
        }
        for rule in compare_rules(came, terms, chosen)
        if alone or rule.name in FORECAST_RULES
    ]


def _last_month(window: TotalWindow, settings: PlanSettings, axis: DayAxis) -> float:
    known = np.flatnonzero(np.isfinite(window.history))
    owned = settings.commitment.model_copy(update={"last_month": None})
    past = Past(
        axis=axis,
        days=axis.start + known,
        views=window.history[known],
        shares=profile_shares(settings.profile),
        settings=settings.model_copy(update={"commitment": owned}),
    )
    return past.last_month(len(window.actual))


def money_by_rule(money: pl.DataFrame) -> pl.DataFrame:
    """Return the means over the windows by rule and forecaster, the cheapest first.

    Parameters
    ----------
    money
        As `money_of_windows` returns it.

    Returns
    -------
    polars.DataFrame
        Columns ``rule, model, windows, commitment, cost, regret, regret_share, shortage_hours``;
        `regret_share` is the regret as a share of the cost of perfect foresight.
    """
    import polars as pl

    bound = pl.col("cost") - pl.col("regret")
    return (
        money.group_by("rule", "model", maintain_order=True)
        .agg(
            pl.len().alias("windows"),
            pl.col("commitment", "cost", "regret").mean(),
            (pl.col("regret").sum() / bound.sum()).alias("regret_share"),
            pl.col("shortage_hours").mean(),
        )
        .sort("cost", maintain_order=True)
    )
