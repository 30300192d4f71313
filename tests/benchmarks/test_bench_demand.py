from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from documents import ROOT
from upswell.data import Panel

sys.path.append(str(ROOT / "benchmarks"))

import bench_demand
from demand_record import BEGIN, END, Record

# Its modules share names with folders of tests.
sys.path.remove(str(ROOT / "benchmarks"))

YARDSTICK = "last week (yardstick)"


@pytest.fixture
def panels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Panel]:
    """Two small panels in the place of the real ones, and a page and a record of their own."""
    rng = np.random.default_rng(0)
    found = {
        name: Panel.from_arrays(rng.gamma(4.0, 25.0, (2, 160)), items=["a", "b"])
        for name in ("one", "two")
    }
    monkeypatch.setattr(bench_demand, "PANELS", {n: lambda p=p: p for n, p in found.items()})
    monkeypatch.setattr(bench_demand, "RECORD", tmp_path / "record.json")
    monkeypatch.setattr(bench_demand, "PAGE", tmp_path / "page.md")
    (tmp_path / "page.md").write_text(f"head\n{BEGIN}\n{END}\ntail\n", encoding="utf-8")
    return found


def run(monkeypatch: pytest.MonkeyPatch, *options: str) -> None:
    monkeypatch.setattr(sys, "argv", ["bench_demand.py", *options])
    bench_demand.main()


def test_it_writes_the_page_and_adds_a_row_to_the_others(
    panels: dict[str, Panel],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(monkeypatch, "--history", "50", "--only", YARDSTICK)
    run(monkeypatch, "--history", "50", "--only", "seasonal-naive")
    kept = Record.read(tmp_path / "record.json")
    found = {(r.forecaster, r.panel): r.row for r in kept.results}
    assert set(found) == {(f, p) for f in (YARDSTICK, "seasonal-naive") for p in panels}
    assert found[YARDSTICK, "one"].sql == found[YARDSTICK, "two"].mase == 1.0
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert page.startswith("head\n")
    assert page.endswith("tail\n")
    assert page.count("| seasonal-naive | ") == 1
    assert "SQL" in capsys.readouterr().out


def test_it_refuses_to_mix_rows_of_other_windows(
    panels: dict[str, Panel], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch, "--history", "50", "--only", YARDSTICK)
    panels["one"].values[0, 140] += 1.0
    with pytest.raises(SystemExit, match="of other windows"):
        run(monkeypatch, "--history", "50", "--only", YARDSTICK)


@pytest.mark.usefixtures("panels")
def test_the_quick_way_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (tmp_path / "page.md").read_bytes()
    run(monkeypatch, "--quick", "--history", "50", "--only", YARDSTICK)
    assert (tmp_path / "page.md").read_bytes() == before
    assert not (tmp_path / "record.json").exists()
    assert "All panels, the last 50 days" in capsys.readouterr().out
