"""The palettes: complete, and readable in the light and in the dark."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from upswell.charts import DARK, LIGHT, PAGE, Palette


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_text_can_be_read_on_its_ground(palette: Palette) -> None:
    for ground in (palette.paper, palette.raised):
        for text in (palette.ink, palette.muted, palette.median, palette.warning, palette.good):
            assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_names_and_lines_stand_out_from_the_ranges(palette: Palette) -> None:
    for shade in (palette.range50, palette.range80, palette.range95, palette.range99):
        assert contrast(palette.ink, shade) >= 3.0
    steps = [palette.range50, palette.range80, palette.range95, palette.range99, palette.paper]
    order = [luminance(shade) for shade in steps]
    assert order in (sorted(order), sorted(order, reverse=True))


def test_the_page_names_each_colour_as_a_variable() -> None:
    assert asdict(PAGE) == {name: f"var(--{name})" for name in asdict(LIGHT)}
