"""The LSTM: network, training, inference, evaluation and the bundle it is kept in.

Importing this room is light: torch is imported only when a network is trained.
"""

from upswell.forecast.lstm.bundle import load_lstm, save_lstm
from upswell.forecast.lstm.evaluation import ErrorLine, TrainingReport, evaluate_training
from upswell.forecast.lstm.model import LstmForecaster, TrainedLstm
from upswell.forecast.lstm.record import EpochReport, TrainingRecord
from upswell.forecast.lstm.settings import LstmSettings
from upswell.forecast.lstm.training import train_network

__all__ = [
    "EpochReport",
    "ErrorLine",
    "LstmForecaster",
    "LstmSettings",
    "TrainedLstm",
    "TrainingRecord",
    "TrainingReport",
    "evaluate_training",
    "load_lstm",
    "save_lstm",
    "train_network",
]
