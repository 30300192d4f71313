"""The notebook runs from top to bottom and shows what it promises."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from documents import ROOT
from executing import cell_with, executed, is_bare, pictures, printed, ran_without_warnings

NOTEBOOK = ROOT / "notebooks" / "train_lstm.ipynb"


def test_it_is_kept_without_outputs() -> None:
    assert is_bare(NOTEBOOK)


def test_it_runs_and_shows_what_it_promises(tmp_path: Path) -> None:
    # One test, so that no second process runs the notebook again.
    found = executed(NOTEBOOK, tmp_path)
    ran_without_warnings(found)
    _the_loss_and_the_comparison_are_drawn(found)
    _the_errors_stand_beside_seasonal_naives(found)
    _the_forecast_gives_a_range_and_a_picture(found)


def _the_loss_and_the_comparison_are_drawn(found: Any) -> None:
    assert pictures(cell_with(found, "plot_losses(record, axes)\nplt.show()")) == 1
    comparison = cell_with(found, "second = upswell.train")
    assert pictures(comparison) == 1
    assert printed(comparison).count("total") == 2


def _the_errors_stand_beside_seasonal_naives(found: Any) -> None:
    text = printed(cell_with(found, "taught.errors()"))
    assert "naive_rmse" in text
    assert len(re.findall(r"│ (?:train|test) ", text)) == 8


def _the_forecast_gives_a_range_and_a_picture(found: Any) -> None:
    cell = cell_with(found, "taught.save(")
    found = re.search(r"80% range of the sum: ([\d,]+) to ([\d,]+); median ([\d,]+)", printed(cell))
    assert found
    low, high, median = (int(figure.replace(",", "")) for figure in found.groups())
    assert 0 < low < median < high
    assert "ranges-of-seasonal-naive" in printed(cell)
    assert pictures(cell) == 1
    assert any("text/html" in output.get("data", {}) for output in cell.outputs)
