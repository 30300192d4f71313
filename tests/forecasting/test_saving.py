"""A forecast as files: names, columns, harmless text and the same bytes every time."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import upswell
from observing import daily
from upswell.data import Panel
from upswell.errors import OutputError
from upswell.forecasting.result import Forecast
from upswell.forecasting.saving import (
    backtest_record,
    bundle_hash,
    forecast_record,
    json_bytes,
    save_backtest,
    save_forecast,
    versions,
)

QUANTILES = ["q025", *(f"q{5 * i:02d}" if i % 2 else f"q{5 * i}" for i in range(1, 20)), "q975"]
EVIL = '=HYPERLINK("http://x","y")'
FILES = {"forecast.csv", "totals.csv", "repairs.csv", "history.parquet", "fit.json", "run.json"}


def evil_panel() -> Panel:
    values = daily(4, 70)
    values[3, 30:] = np.nan
    items = [EVIL, "+49", "<script>alert(1)</script>", "gone"]
    return Panel.from_arrays(
        values, items=items, groups=["@cat", "@cat", "b,c", "b,c"], start=19723, calendar=True
    )


@pytest.fixture(scope="module")
def result() -> Forecast:
    return upswell.forecast(evil_panel(), horizon=8, model="theta-log", paths=150)


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8"))))


def test_the_files_are_those_that_the_issue_promises(result: Forecast, tmp_path: Path):
    save_forecast(result, tmp_path / "a")
    assert {file.name for file in (tmp_path / "a").iterdir()} == FILES
    save_forecast(result, tmp_path / "b", paths=True)
    assert {file.name for file in (tmp_path / "b").iterdir()} == FILES | {"paths.parquet"}


def test_headers_are_exact(result: Forecast, tmp_path: Path):
    assert len(QUANTILES) == 21
    save_forecast(result, tmp_path / "a")
    day = (tmp_path / "a" / "forecast.csv").read_text().splitlines()[0]
    total = (tmp_path / "a" / "totals.csv").read_text().splitlines()[0]
    assert day == ",".join(["series", "level", "date", "mean", *QUANTILES])
    assert total == ",".join(["series", "level", "quantity", "mean", *QUANTILES])
    assert QUANTILES[:3] == ["q025", "q05", "q10"]
    assert QUANTILES[-3:] == ["q90", "q95", "q975"]


def test_every_series_has_its_days_and_its_sum_and_peak(result: Forecast, tmp_path: Path):
    save_forecast(result, tmp_path / "a")
    days = rows_of(tmp_path / "a" / "forecast.csv")[1:]
    totals = rows_of(tmp_path / "a" / "totals.csv")[1:]
    assert len(days) == 7 * 8
    assert [row[2] for row in totals] == ["sum", "peak"] * 7
    assert days[0][:3] == ["total", "total", "2024-03-11"]
    assert {row[1] for row in days} == {"total", "category", "creator"}
    gone = [row for row in days if row[0] == "gone"]
    assert len(gone) == 8
    assert all(cell == "" for row in gone for cell in row[3:])


def test_names_that_look_like_formulas_are_neutralised(result: Forecast, tmp_path: Path):
    save_forecast(result, tmp_path / "a")
    for name in ("forecast.csv", "totals.csv"):
        names = {row[0] for row in rows_of(tmp_path / "a" / name)[1:]}
        assert {"'" + EVIL, "'+49", "'@cat", "b,c", "<script>alert(1)</script>"} <= names
        assert not any(text[:1] in "=+-@" for text in names)


def test_saved_paths_agree_with_the_totals(result: Forecast, tmp_path: Path):
    save_forecast(result, tmp_path / "a", paths=True)
    paths = pl.read_parquet(tmp_path / "a" / "paths.parquet")
    sums = paths.group_by("path", "series", maintain_order=True).agg(pl.col("value").sum())
    totals = rows_of(tmp_path / "a" / "totals.csv")
    header = totals[0]
    total = dict(zip(header, totals[1], strict=True))
    drawn = sums.filter(series="total")["value"].to_numpy()
    for name, level in (("q025", 0.025), ("q10", 0.1), ("q50", 0.5), ("q90", 0.9)):
        assert float(total[name]) == pytest.approx(np.quantile(drawn, level), rel=1e-12)
    leaves = paths.filter(level="creator").group_by("path", maintain_order=True)
    assert leaves.agg(pl.col("value").sum())["value"].to_numpy() == pytest.approx(drawn, rel=1e-9)


def test_the_same_input_and_seed_give_the_same_csv_bytes(tmp_path: Path):
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        made = upswell.forecast(evil_panel(), horizon=8, model="auto", paths=150, seed=seed)
        save_forecast(made, tmp_path / name, paths=True)
    for file in FILES | {"paths.parquet"}:
        first, again = ((tmp_path / name / file).read_bytes() for name in "ab")
        assert first == again
    assert (tmp_path / "a" / "totals.csv").read_bytes() != (
        tmp_path / "c" / "totals.csv"
    ).read_bytes()


def test_the_record_says_how_the_forecast_was_made(result: Forecast, tmp_path: Path):
    returned = save_forecast(result, tmp_path / "a", timings={"read": 0.12345})
    record = json.loads((tmp_path / "a" / "run.json").read_bytes())
    assert record == json.loads(json_bytes(returned))
    assert list(record) == [
        *("upswell", "command", "status", "codes", "reasons", "versions", "seed", "inputs"),
        *("columns", "panel", "repairs", "occasions", "horizon", "forecast_days", "paths"),
        *("model", "calibration", "series", "timings", "format", "files"),
    ]
    assert record["status"] == "ok"
    assert record["panel"] == {
        "creators": 4,
        "categories": 2,
        "days": 70,
        "first_day": "2024-01-01",
        "last_day": "2024-03-10",
    }
    assert (record["horizon"], record["paths"], record["seed"]) == (8, 150, 0)
    assert record["forecast_days"] == ["2024-03-11", "2024-03-18"]
    assert record["model"]["chosen"] == record["model"]["asked"] == "theta-log"
    assert set(record["model"]["relative_errors"]) == {"theta-log", "seasonal-naive"}
    assert record["timings"] == {"read": 0.123}
    assert record["series"][-1] == {
        "series": "gone",
        "level": "creator",
        "status": "refused",
        "codes": ["vanished"],
        "model": None,
    }
    calibrated = record["calibration"]["series"][0]
    assert set(calibrated) == {
        *("series", "level", "windows", "effective_windows", "level_factor", "noise_factor"),
        "coverage80",
    }
    assert 0.0 <= record["calibration"]["supported_level"] < 1.0


def test_a_file_that_was_read_stands_in_the_record_with_its_hash(tmp_path: Path):
    import hashlib

    file = tmp_path / "views.csv"
    lines = [f"{d},{c},{100 + d % 7}" for d in range(1, 31) for c in "ab"]
    file.write_text("day,creator,views\n" + "\n".join(lines) + "\n")
    made = upswell.forecast(str(file), horizon=5, model="seasonal-naive", paths=100)
    record = forecast_record(made)
    (source,) = record["inputs"]
    assert source["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert source["rows"] == 60
    assert (record["columns"]["time"], record["columns"]["item"]) == ("day", "creator")
    assert record["forecast_days"] == ["31", "35"]


def test_a_record_without_windows_has_null_for_what_is_unknown(tmp_path: Path):
    panel = Panel.from_arrays(daily(1, 14), items=["a"])
    record = save_forecast(upswell.forecast(panel, horizon=7, paths=100), tmp_path / "a")
    assert record["calibration"]["supported_level"] == 0.0
    assert record["model"]["relative_errors"]["lstm-pretrained"] is None
    assert record["status"] == "baseline-only"
    assert len(record["reasons"]) == len(record["codes"])


def test_the_record_has_size_and_hash_of_each_file(result: Forecast, tmp_path: Path):
    import hashlib

    for paths in (False, True):
        record = save_forecast(result, tmp_path / "a", paths=paths)
        files = {file.name: file.read_bytes() for file in (tmp_path / "a").iterdir()}
        files.pop("run.json")
        assert record["files"] == {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
        }


def test_a_bundle_is_known_by_its_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("views.upswell").write_bytes(b"x")
    Path("auto").write_bytes(b"x")
    assert str(bundle_hash("views.upswell")).startswith("2d711642b726b044")
    assert [
        bundle_hash(name) for name in ("auto", "theta", "gone.upswell", ".", "/dev/zero", "\0")
    ] == [None] * 6


def test_versions_name_all_that_a_figure_may_depend_on():
    assert {"upswell", "python", "numpy", "polars", "statsforecast"} <= set(versions())


def test_a_folder_with_foreign_files_is_left_alone(result: Forecast, tmp_path: Path):
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(OutputError):
        save_forecast(result, tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"thesis.doc"}


def test_a_backtest_is_saved_with_its_card_and_record(tmp_path: Path):
    panel = evil_panel()
    found = upswell.backtest(panel, horizon=7, windows=2, models=["theta-log"])
    record = backtest_record(panel, found, seed=0)
    save_backtest(panel, found, record, tmp_path / "a")
    assert {f.name for f in (tmp_path / "a").iterdir()} == {"scores.csv", "repairs.csv", "run.json"}
    card = rows_of(tmp_path / "a" / "scores.csv")
    assert card[0][:3] == ["model", "level", "windows"]
    assert {row[0] for row in card[1:]} == {"seasonal-naive", "theta-log"}
    saved = json.loads((tmp_path / "a" / "run.json").read_bytes())
    assert saved["cutoffs"] == ["2024-02-25", "2024-03-03"]
    assert saved["effective_windows"] == 2.0
    assert {c["forecaster"] for c in saved["chosen"]} == {"seasonal-naive", "theta-log"}
