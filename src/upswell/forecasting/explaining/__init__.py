"""Why a forecast says what it says: level, trend, week and bursts of the history, each left out."""

from upswell.forecasting.explaining.bursts import Burst
from upswell.forecasting.explaining.explanation import BurstEffect, Explanation, PartEffect
from upswell.forecasting.explaining.making import explain_panel
from upswell.forecasting.explaining.occlusion import Occlusion, occlude, occlude_bursts
from upswell.forecasting.explaining.parts import FAMILIES, Parts, split_history

__all__ = [
    "FAMILIES",
    "Burst",
    "BurstEffect",
    "Explanation",
    "Occlusion",
    "PartEffect",
    "Parts",
    "explain_panel",
    "occlude",
    "occlude_bursts",
    "split_history",
]
