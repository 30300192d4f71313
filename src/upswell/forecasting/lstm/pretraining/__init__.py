"""Pretraining: simulated lessons, the network in torch, its training and its card.

Importing this room is light: torch is imported only when training begins.
"""

from upswell.forecasting.lstm.pretraining.pretraining import CARD, WEIGHTS, pretrain, write_weights
from upswell.forecasting.lstm.pretraining.report import Pretrained, PretrainingReport, Scores
from upswell.forecasting.lstm.pretraining.settings import PretrainingSettings

__all__ = [
    "CARD",
    "WEIGHTS",
    "Pretrained",
    "PretrainingReport",
    "PretrainingSettings",
    "Scores",
    "pretrain",
    "write_weights",
]
