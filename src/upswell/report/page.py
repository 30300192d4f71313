"""The page itself: context from a forecast and a plan, one template, one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.charts import PAGE, alternative_text, sized
from upswell.forecasting.saving import forecast_record
from upswell.report._numbers import filters
from upswell.report._pictures import draw_all
from upswell.report._plan import plan_context, slider_data
from upswell.report._scores import backtest_context
from upswell.report._scripts import embedded_json, own_script, policy, style, vega_script
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
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("upswell.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters() | {"zip": zip}
    charts = draw_all(forecast, plan, PAGE)
    data = {
        "charts": {name: sized(chart) for name, chart in charts.items()},
        "series": series_data(forecast),
        "plan": None if plan is None else slider_data(plan),
    }
    runtime, own = f"\n{vega_script()}\n", f"\n{own_script()}\n"
    return environment.get_template("page.html.j2").render(
        record=forecast_record(forecast),
        days=[forecast.axis.label(n) for n in (forecast.axis.start, forecast.axis.stop - 1)],
        calendar=forecast.axis.calendar,
        plan=None if plan is None else plan_context(plan),
        total=forecast.range_of(),
        peak=forecast.range_of(quantity="peak"),
        series=series_context(forecast),
        backtest=None if backtest is None else backtest_context(backtest),
        ledger=list(forecast.panel.ledger),
        texts={name: alternative_text(chart) for name, chart in charts.items()},
        data=_markup(embedded_json(data)),
        style=_markup(style()),
        runtime=_markup(runtime),
        own=_markup(own),
        policy=policy(runtime, own),
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


def _markup(text: str) -> Any:
    """Mark a text of our own making as fit to stand in the page."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - scripts and styles of the package, and escaped JSON
