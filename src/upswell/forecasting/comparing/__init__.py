"""Two forecasts of one panel: what changed, cause by cause, and how good the older one was."""

from upswell.forecasting.comparing.bridge import CAUSES, Bridge, Step
from upswell.forecasting.comparing.comparison import Comparison, Mover, Side
from upswell.forecasting.comparing.pairing import compare_saved
from upswell.forecasting.comparing.remaking import as_saved
from upswell.forecasting.comparing.splicing import Revisions
from upswell.forecasting.comparing.track_record import TrackRecord, actual_values

__all__ = [
    "CAUSES",
    "Bridge",
    "Comparison",
    "Mover",
    "Revisions",
    "Side",
    "Step",
    "TrackRecord",
    "actual_values",
    "as_saved",
    "compare_saved",
]
