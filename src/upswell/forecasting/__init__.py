"""The next days: forecasters, joint sample paths, coherent sums, backtests.

A forecaster of medians (`MedianForecaster`) knows a level, a rhythm and a trend.
`PathForecaster` asks it at earlier cutoffs, learns from its errors how wrong it is wont to be
and how that hangs together over days and series, and draws joint paths. Totals, peaks and
quantiles are read off those (`Forecast`).
"""

from upswell.forecasting.backtest import Backtest, backtest_panel
from upswell.forecasting.history import FittedMedian, History, MedianForecaster
from upswell.forecasting.ladder import REASONS, Standing, Status
from upswell.forecasting.loading import SavedForecast, read_forecast, read_saved
from upswell.forecasting.paths import PathForecaster, path_forecasters
from upswell.forecasting.protocol import AbsentSeries, FitReport, FittedForecaster, Forecaster
from upswell.forecasting.registry import forecasters, names
from upswell.forecasting.result import Forecast
from upswell.forecasting.saving import save_forecast
from upswell.forecasting.training import TrainedPanel, train_panel

__all__ = [
    "REASONS",
    "AbsentSeries",
    "Backtest",
    "FitReport",
    "FittedForecaster",
    "FittedMedian",
    "Forecast",
    "Forecaster",
    "History",
    "MedianForecaster",
    "PathForecaster",
    "SavedForecast",
    "Standing",
    "Status",
    "TrainedPanel",
    "backtest_panel",
    "forecasters",
    "names",
    "path_forecasters",
    "read_forecast",
    "read_saved",
    "save_forecast",
    "train_panel",
]
