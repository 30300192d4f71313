"""The scorecard of the page: what a backtest says of forecasters and of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from upswell.forecasting import Backtest

__all__ = ["backtest_context"]


def backtest_context(backtest: Backtest) -> dict[str, Any]:
    """Return a backtest for the template.

    Returns
    -------
    dict
        `cutoffs` and `horizon`; `rows`, the scores of the total, a dict for each forecaster as in
        `Backtest.to_frame`; `money`, the rules of a plan over the same windows, if it had one.
    """
    from upswell.capacity.money import money_by_rule

    frame = backtest.to_frame("polars")
    return {
        "cutoffs": len(backtest.cutoffs),
        "horizon": backtest.horizon,
        "rows": frame.filter(frame["level"] == "total").to_dicts(),
        "money": None if backtest.money is None else money_by_rule(backtest.money).to_dicts(),
    }
