"""PNG files and sizes."""

from __future__ import annotations

import struct

import numpy as np

from upswell.charts import Days, Unit, alternative_text, overload_chart, png_bytes, sized, unit_of

CHART = overload_chart(Days((1, 2), calendar=False), np.array([0.1, 0.2]))


def test_a_png_has_the_size_of_the_chart_twice_over() -> None:
    data = png_bytes(CHART)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    assert width > 2 * 600
    assert height > 2 * 190
    assert data == png_bytes(CHART)


def test_in_the_page_a_chart_takes_the_width_that_there_is() -> None:
    assert sized(CHART)["width"] == "container"
    assert CHART.to_dict()["width"] == 640
    assert sized(CHART)["description"] == alternative_text(CHART)


def test_axes_count_in_the_largest_unit_that_fits() -> None:
    assert unit_of(0.0) == Unit(1.0, "")
    assert unit_of(999.0) == Unit(1.0, "")
    assert unit_of(1000.0) == Unit(1e3, "thousand")
    assert unit_of(2.5e9) == Unit(1e9, "billion")
