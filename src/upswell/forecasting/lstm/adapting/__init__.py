"""Adapting: the shipped LSTM fine-tuned on a panel's own days, where its windows say it helps.

Importing this room is light: torch is imported only when a network is tuned.
"""

from upswell.forecasting.lstm.adapting.adapting import Adaptation, adapt_network
from upswell.forecasting.lstm.adapting.bundle import load_adapted, save_adapted
from upswell.forecasting.lstm.adapting.evaluation import (
    AdaptationLine,
    AdaptationReport,
    evaluate_adaptation,
)
from upswell.forecasting.lstm.adapting.model import AdaptedLstm
from upswell.forecasting.lstm.adapting.record import Choice, StepReport
from upswell.forecasting.lstm.adapting.settings import AdaptingSettings

__all__ = [
    "Adaptation",
    "AdaptationLine",
    "AdaptationReport",
    "AdaptedLstm",
    "AdaptingSettings",
    "Choice",
    "StepReport",
    "adapt_network",
    "evaluate_adaptation",
    "load_adapted",
    "save_adapted",
]
