"""Running a notebook from top to bottom, and reading what its cells showed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat

from documents import ROOT

# In a process of its own, so that no warning of the kernel's machinery reaches this one.
EXECUTE = """
import sys
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""


def executed(path: Path, home: Path) -> Any:
    """Run a notebook in a folder, and return it with its outputs."""
    homes = {name: str(home) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR")}
    environment = os.environ | homes | {"PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}
    target = home / "executed.ipynb"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", EXECUTE, str(path), str(target)],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return nbformat.read(target, as_version=4)


def is_bare(path: Path) -> bool:
    """Whether a notebook is valid and kept without outputs."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return bool(code) and all(not cell.outputs and cell.execution_count is None for cell in code)


def ran_without_warnings(notebook: Any) -> None:
    """Fail unless every cell of code ran and none wrote to stderr."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.execution_count is not None
            names = [output.get("name") for output in cell.outputs]
            assert "stderr" not in names, cell.source


def cell_with(notebook: Any, text: str) -> Any:
    """Return the only cell of code that holds a text."""
    (found,) = [c for c in notebook.cells if c.cell_type == "code" and text in c.source]
    return found


def printed(cell: Any) -> str:
    """Return what a cell printed."""
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def pictures(cell: Any) -> int:
    """Return how many pictures a cell shows."""
    return sum("image/png" in output.get("data", {}) for output in cell.outputs)
