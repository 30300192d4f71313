"""The one theme: a palette for light paper, one for dark, and one of CSS variables for the page."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

__all__ = ["DARK", "LIGHT", "PAGE", "Palette", "settings"]

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by what they mean; each is any colour that SVG knows.

    Parameters
    ----------
    paper, raised
        The ground, and what stands out from it a little.
    ink, muted
        Text and lines that matter, and those that matter less.
    grid
        Grid and borders.
    median
        The middle of a forecast.
    range50, range80, range95, range99
        Central ranges, from the inside out.
    good, warning
        What is as it should be, and what is not.
    """

    paper: str
    raised: str
    ink: str
    muted: str
    grid: str
    median: str
    range50: str
    range80: str
    range95: str
    range99: str
    good: str
    warning: str

    def css(self) -> str:
        """Return the palette as CSS declarations of variables.

        Examples
        --------
        >>> LIGHT.css().splitlines()[0]
        '--paper: #ffffff;'
        """
        return "\n".join(f"--{name}: {colour};" for name, colour in asdict(self).items())


LIGHT = Palette(
    paper="#ffffff",
    raised="#f4f7f8",
    ink="#1f2a30",
    muted="#56656d",
    grid="#dde3e6",
    median="#0f5f7c",
    range50="#7db4c8",
    range80="#aed2de",
    range95="#d9eaf0",
    range99="#edf5f8",
    good="#2f7d4f",
    warning="#b3261e",
)
DARK = Palette(
    paper="#12181b",
    raised="#1b2428",
    ink="#e6ecef",
    muted="#a3b1b8",
    grid="#334047",
    median="#8fd3ec",
    range50="#3a7d96",
    range80="#2a5b6e",
    range95="#1f3f4c",
    range99="#192d36",
    good="#7fcf9d",
    warning="#ff8a80",
)
PAGE = Palette(**{f.name: f"var(--{f.name})" for f in fields(Palette)})
"""Colours as CSS variables: one drawing then follows screen, dark mode and print by itself."""


def settings(palette: Palette) -> dict[str, Any]:
    """Return the theme as a configuration of Vega-Lite."""
    text = {"font": FONT, "fontSize": 12}
    return {
        "background": "transparent" if palette is PAGE else palette.paper,
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": {
            "domainColor": palette.grid,
            "gridColor": palette.grid,
            "tickColor": palette.grid,
            "labelColor": palette.muted,
            "titleColor": palette.muted,
            "labelFont": FONT,
            "titleFont": FONT,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "labelOverlap": True,
            "labelSeparation": 6,
            "titlePadding": 8,
        },
        "axisX": {"grid": False},
        "axisY": {
            "domain": False,
            "ticks": False,
            "titleAngle": 0,
            "titleAlign": "left",
            "titleAnchor": "start",
            "titleX": 0,
            "titleY": -10,
            "titleBaseline": "bottom",
        },
        "legend": {
            "labelColor": palette.ink,
            "titleColor": palette.muted,
            "labelFont": FONT,
            "labelFontSize": 12,
            "orient": "top",
            "direction": "horizontal",
            "columns": 3,
            "symbolSize": 140,
            "offset": 26,
        },
        "header": {"labelColor": palette.ink, "labelFont": FONT, "labelFontSize": 12},
        "text": {"color": palette.ink, **text},
        "title": {"color": palette.ink, "font": FONT, "fontSize": 14, "anchor": "start"},
    }
