"""Upswell sees audience demand coming: daily counts into forecasts and decisions.

Four names do the work: `read_panel`, `forecast`, `backtest` and `train`; `save_forecast` keeps a
forecast, `read_forecast` brings it back, `compare` says what changed since, `explain` what it rests
on; `plan_capacity` turns a forecast into a commitment, its cost and its risk, and `write_report`
makes a page of both. They load what they need when they are first used, so that importing the
package stays cheap.
"""

from typing import TYPE_CHECKING, Any

from upswell._version import __version__

if TYPE_CHECKING:
    from upswell.api import backtest, compare, explain, forecast, read_panel, train
    from upswell.capacity import load_plan, plan_capacity
    from upswell.data import Panel
    from upswell.errors import InputError, RefusalError, UpswellError
    from upswell.forecasting.loading import read_forecast
    from upswell.forecasting.saving import save_forecast
    from upswell.report import write_report

__all__ = [
    "InputError",
    "Panel",
    "RefusalError",
    "UpswellError",
    "__version__",
    "backtest",
    "compare",
    "explain",
    "forecast",
    "load_plan",
    "plan_capacity",
    "read_forecast",
    "read_panel",
    "save_forecast",
    "train",
    "write_report",
]

_HOMES = {
    "backtest": "upswell.api",
    "compare": "upswell.api",
    "explain": "upswell.api",
    "forecast": "upswell.api",
    "load_plan": "upswell.capacity",
    "plan_capacity": "upswell.capacity",
    "read_forecast": "upswell.forecasting.loading",
    "read_panel": "upswell.api",
    "save_forecast": "upswell.forecasting.saving",
    "train": "upswell.api",
    "write_report": "upswell.report",
    "Panel": "upswell.data",
    "InputError": "upswell.errors",
    "RefusalError": "upswell.errors",
    "UpswellError": "upswell.errors",
}


def __getattr__(name: str) -> Any:
    """Import a public name on its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
