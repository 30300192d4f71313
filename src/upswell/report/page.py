"""The page itself: context from a forecast and a plan, one template, one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from upswell._version import __version__
from upswell.charts import PAGE, alternative_text, sized
from upswell.forecasting.saving import forecast_record
from upswell.report._pictures import draw_all
from upswell.report._plan import plan_context, slider_data
from upswell.report._rendering import render
from upswell.report._scores import backtest_context
from upswell.report._series import series_context, series_data
from upswell.store import write_bytes

if TYPE_CHECKING:
    from upswell.capacity import Plan
    from upswell.forecasting import Backtest, Forecast

__all__ = ["REPORT_NAME", "forecast_page", "page_bytes", "write_report"]

REPORT_NAME = "report.html"


def forecast_page(
    forecast: Forecast,
    plan: Plan | None = None,
    *,
    backtest: Backtest | None = None,
) -> str:
    """Return the page of a forecast as HTML that needs no other file and no network.

    Parameters
    ----------
    forecast
        The forecast.
    plan
        What to commit to; without it the page says nothing of capacity and money.
    backtest
        Scores from earlier cutoffs, and the money of a plan's rules there if it was given a plan.

    Returns
    -------
    str
        Equal input gives equal text.
    """
    charts = draw_all(forecast, plan, PAGE)
    data = {
        "charts": {name: sized(chart) for name, chart in charts.items()},
        "series": series_data(forecast),
        "plan": None if plan is None else slider_data(plan),
    }
    return render(
        "page.html.j2",
        data=data,
        scripts=("numbers.js", "charts.js", "tables.js", "series.js", "plan.js", "page.js"),
        record=forecast_record(forecast),
        version=__version__,
        days=[forecast.axis.label(n) for n in (forecast.axis.start, forecast.axis.stop - 1)],
        calendar=forecast.axis.calendar,
        plan=None if plan is None else plan_context(plan),
        total=forecast.range_of(),
        peak=forecast.range_of(quantity="peak"),
        series=series_context(forecast),
        backtest=None if backtest is None else backtest_context(backtest),
        ledger=list(forecast.panel.ledger),
        texts={name: alternative_text(chart) for name, chart in charts.items()},
    )


def page_bytes(
    forecast: Forecast, plan: Plan | None = None, *, backtest: Backtest | None = None
) -> bytes:
    """Return the page of a forecast as a file in UTF-8; see `forecast_page`."""
    page = forecast_page(forecast, plan, backtest=backtest)
    # A name that is no UTF-8 holds surrogates; none of them reaches the page.
    return page.encode("utf-8", "replace")


def write_report(
    path: str | Path,
    forecast: Forecast,
    plan: Plan | None = None,
    *,
    backtest: Backtest | None = None,
) -> None:
    """Write the page of a forecast as one file, whole or not at all; see `forecast_page`.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    write_bytes(path, page_bytes(forecast, plan, backtest=backtest))
