"""From a chart to what is shown: its theme, its size, its alternative text, its PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upswell.charts.theme import Palette, settings

if TYPE_CHECKING:
    import altair as alt

__all__ = ["alternative_text", "finished", "png_bytes", "sized"]

WIDTH, HEIGHT = 640, 260
PNG_SCALE = 2.0


def finished(
    chart: Any, text: str, palette: Palette, *, height: int | None = HEIGHT
) -> alt.TopLevelMixin:
    """Give a chart its alternative text, its size and the theme."""
    described = chart.properties(description=text)
    if height is not None:
        described = described.properties(width=WIDTH, height=height)
    configured: alt.TopLevelMixin = described.configure(**settings(palette))
    return configured


def sized(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """Return a chart's Vega-Lite specification that fills the width of what it stands in."""
    specification = chart.to_dict()
    if "width" in specification:
        specification["width"] = "container"
        specification["autosize"] = {"type": "fit-x", "contains": "padding", "resize": True}
    return specification


def alternative_text(chart: Any) -> str:
    """Return the sentence that stands for a chart where it cannot be seen."""
    return str(chart.description)


def png_bytes(chart: alt.TopLevelMixin, *, scale: float = PNG_SCALE) -> bytes:
    """Return a chart as a PNG file, drawn without a browser and without network.

    Parameters
    ----------
    chart
        Any chart.
    scale
        Pixels of the file for each of the chart.

    Examples
    --------
    >>> from upswell.charts import scores_chart
    >>> png_bytes(scores_chart({"seasonal-naive": 1.0, "ets": 0.8}, "ets"))[1:4]
    b'PNG'
    """
    import json

    import vl_convert

    return vl_convert.vegalite_to_png(
        json.dumps(chart.to_dict()), vl_version=_grammar(), scale=scale
    )


def _grammar() -> str:
    """Return the version of Vega-Lite that Altair writes, as vl-convert names it."""
    import altair as alt

    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
