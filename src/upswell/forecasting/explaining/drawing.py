"""The picture of an explanation: history with its bursts, forecast with and without some of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upswell.charts import LIGHT, Days, Palette, what_if_chart
from upswell.forecasting.explaining.explanation import LAST, Explanation
from upswell.forecasting.explaining.wording import span

if TYPE_CHECKING:
    import altair as alt

__all__ = ["draw_explanation"]

LEAST_SHOWN, HORIZONS_SHOWN, SHOWN_BEFORE = 90, 3, 28


def draw_explanation(
    found: Explanation, without_burst: str | None = None, palette: Palette = LIGHT
) -> alt.TopLevelMixin:
    """Draw an explanation; see `Explanation.plot`."""
    length = found.past.length
    shown = min(max(LEAST_SHOWN, HORIZONS_SHOWN * found.ahead.length), length)
    start = length - shown
    chosen = None
    if without_burst is not None or found.bursts:
        chosen = found.without_burst(LAST if without_burst is None else without_burst)
        start = min(start, max(chosen.places[0] - SHOWN_BEFORE, 0))
    numbers = found.past.numbers()
    bursts = [
        (max(first - start, 0), last - start)
        for first, last in (burst.places for burst in found.bursts)
        if last >= start
    ]
    return what_if_chart(
        Days.of(numbers[start:], calendar=found.past.calendar),
        found.values[start:],
        bursts,
        Days.of(found.ahead.numbers(), calendar=found.ahead.calendar),
        found.medians,
        other=None if chosen is None else chosen.medians,
        name=found.series,
        without="" if chosen is None else f"without the burst of {span(chosen.first, chosen.last)}",
        palette=palette,
    )
