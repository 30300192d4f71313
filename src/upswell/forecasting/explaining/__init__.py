"""Why a forecast says what it says: level, trend, week and bursts of the history, each left out."""

from upswell.forecasting.explaining.bursts import Burst
from upswell.forecasting.explaining.occlusion import Occlusion, occlude, occlude_bursts
from upswell.forecasting.explaining.parts import FAMILIES, Parts, split_history

__all__ = [
    "FAMILIES",
    "Burst",
    "Occlusion",
    "Parts",
    "occlude",
    "occlude_bursts",
    "split_history",
]
