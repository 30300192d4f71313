"""The notebook runs from top to bottom and shows what it promises."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat

from documents import ROOT

NOTEBOOK = ROOT / "notebooks" / "train_lstm.ipynb"
# In a process of its own, so that no warning of the kernel's machinery reaches this one.
EXECUTE = """
import sys
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""


def _executed(home: Path) -> Any:
    """Run the notebook in a folder, and return it with its outputs."""
    homes = {name: str(home) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR")}
    environment = os.environ | homes | {"PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}
    target = home / "executed.ipynb"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", EXECUTE, str(NOTEBOOK), str(target)],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return nbformat.read(target, as_version=4)


def _cell(notebook: Any, text: str) -> Any:
    (found,) = [c for c in notebook.cells if c.cell_type == "code" and text in c.source]
    return found


def _printed(cell: Any) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def _pictures(cell: Any) -> int:
    return sum("image/png" in output.get("data", {}) for output in cell.outputs)


def test_it_is_kept_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


def test_it_runs_and_shows_what_it_promises(tmp_path: Path) -> None:
    # One test, so that no second process runs the notebook again.
    executed = _executed(tmp_path)
    _every_cell_ran_and_none_warned(executed)
    _the_loss_and_the_comparison_are_drawn(executed)
    _the_errors_stand_beside_seasonal_naives(executed)
    _the_forecast_gives_a_range_and_a_picture(executed)


def _every_cell_ran_and_none_warned(executed: Any) -> None:
    for cell in executed.cells:
        if cell.cell_type == "code":
            assert cell.execution_count is not None
            names = [output.get("name") for output in cell.outputs]
            assert "stderr" not in names, cell.source


def _the_loss_and_the_comparison_are_drawn(executed: Any) -> None:
    assert _pictures(_cell(executed, "plot_losses(record, axes)\nplt.show()")) == 1
    comparison = _cell(executed, "second = upswell.train")
    assert _pictures(comparison) == 1
    assert _printed(comparison).count("total") == 2


def _the_errors_stand_beside_seasonal_naives(executed: Any) -> None:
    text = _printed(_cell(executed, "taught.errors()"))
    assert "naive_rmse" in text
    assert len(re.findall(r"│ (?:train|test) ", text)) == 8


def _the_forecast_gives_a_range_and_a_picture(executed: Any) -> None:
    cell = _cell(executed, "taught.save(")
    found = re.search(
        r"80% range of the sum: ([\d,]+) to ([\d,]+); median ([\d,]+)", _printed(cell)
    )
    assert found
    low, high, median = (int(figure.replace(",", "")) for figure in found.groups())
    assert 0 < low < median < high
    assert "ranges-of-seasonal-naive" in _printed(cell)
    assert _pictures(cell) == 1
    assert any("text/html" in output.get("data", {}) for output in cell.outputs)
