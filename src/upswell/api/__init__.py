"""The Python API: read a panel, forecast it, explain that, backtest, compare, train the LSTM."""

from upswell.api._explaining import compare, explain
from upswell.api._forecasting import backtest, forecast
from upswell.api._reading import read_panel
from upswell.api._training import train

__all__ = ["backtest", "compare", "explain", "forecast", "read_panel", "train"]
