"""The LSTM: network, training, inference, evaluation and the bundle it is kept in.

Importing this room is light: torch is imported only when a network is trained.
"""

from upswell.forecasting.lstm.bundle import BundledLstm, load_bundled, load_lstm, save_lstm
from upswell.forecasting.lstm.evaluation import ErrorLine, TrainingReport, evaluate_training
from upswell.forecasting.lstm.model import LstmForecaster, TrainedLstm
from upswell.forecasting.lstm.record import EpochReport, TrainingRecord
from upswell.forecasting.lstm.settings import LstmSettings
from upswell.forecasting.lstm.training import train_network

__all__ = [
    "BundledLstm",
    "EpochReport",
    "ErrorLine",
    "LstmForecaster",
    "LstmSettings",
    "TrainedLstm",
    "TrainingRecord",
    "TrainingReport",
    "evaluate_training",
    "load_bundled",
    "load_lstm",
    "save_lstm",
    "train_network",
]
