"""Charts: one Altair definition each, for the page, for PNG files and for notebooks.

Every function takes plain arrays and gives a chart; none of them reads, writes or knows what a
forecast is. `alternative_text` gives the sentence that stands for a chart where it cannot be seen.
"""

from upswell.charts._days import Days
from upswell.charts._units import Unit, shortened, unit_of
from upswell.charts.caution import CautionCurve, caution_chart
from upswell.charts.cost import CostCurve, cost_chart
from upswell.charts.effects import Effect, effects_chart
from upswell.charts.fan import FAN_LEVELS, cumulative_chart, fan_chart
from upswell.charts.multiples import SeriesPicture, multiples_chart, series_chart
from upswell.charts.overload import overload_chart, units_chart
from upswell.charts.parts import Implied, PartLine, implied_chart, parts_chart
from upswell.charts.release_fan import RELEASE_LEVELS, ReleaseFan, release_fan_chart
from upswell.charts.reliability import ReliabilityPoint, reliability_chart
from upswell.charts.rendering import alternative_text, png_bytes, sized
from upswell.charts.scores import scores_chart
from upswell.charts.theme import DARK, LIGHT, PAGE, Palette
from upswell.charts.what_if import what_if_chart

__all__ = [
    "DARK",
    "FAN_LEVELS",
    "LIGHT",
    "PAGE",
    "RELEASE_LEVELS",
    "CautionCurve",
    "CostCurve",
    "Days",
    "Effect",
    "Implied",
    "Palette",
    "PartLine",
    "ReleaseFan",
    "ReliabilityPoint",
    "SeriesPicture",
    "Unit",
    "alternative_text",
    "caution_chart",
    "cost_chart",
    "cumulative_chart",
    "effects_chart",
    "fan_chart",
    "implied_chart",
    "multiples_chart",
    "overload_chart",
    "parts_chart",
    "png_bytes",
    "release_fan_chart",
    "reliability_chart",
    "scores_chart",
    "series_chart",
    "shortened",
    "sized",
    "unit_of",
    "units_chart",
    "what_if_chart",
]
