"""A saved forecast comes back as it was, and what is no saved forecast is refused in words."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import upswell
from observing import daily
from upswell.data import Action, ColumnChoice, DayAxis, Ledger, Panel, Repair, Source, Tree
from upswell.errors import InputError, SourceError
from upswell.forecasting import read_forecast, read_saved, save_forecast
from upswell.forecasting._fit_record import fit_record, panel_of, report_of
from upswell.forecasting._tables import history_bytes, parse_history, parse_paths, write_paths
from upswell.forecasting.calibration import Calibration
from upswell.forecasting.ladder import Standing, Status
from upswell.forecasting.protocol import AbsentSeries, FitReport
from upswell.forecasting.result import Forecast
from upswell.forecasting.saving import forecast_record
from upswell.store import sha256_bytes

HOSTILE = [
    "",
    " ",
    "<script>alert(1)</script>",
    "=1+1",
    "a\nb",
    "名前🎬",
    "null",
    "total",
    "a,b;c\t'",
]


def hostile_panel(*, calendar: bool, groups: bool) -> Panel:
    """Names as bad as they come; one creator vanished, one is zero, one has gaps."""
    values = daily(len(HOSTILE), 60)
    values[1, 30:] = np.nan
    values[2] = 0.0
    values[3, 20:24] = np.nan
    panel = Panel.from_arrays(
        values,
        items=HOSTILE,
        groups=["total", "null", "", *["=x"] * (len(HOSTILE) - 3)] if groups else None,
        start=19723 if calendar else -5,
        calendar=calendar,
    )
    line = Repair("gap", Action.FLAGGED, "=cmd", 4, series="=1+1", place="a\nb.csv, row 7")
    return replace(
        panel,
        outliers=values > np.nanquantile(values, 0.9) if groups else None,
        ledger=Ledger((line, replace(line, action=Action.DROPPED, day="3"))),
        columns=ColumnChoice("t", "v", "i", None, ("one", "two")),
        sources=(Source("x\udc80.csv", "00", 3),),
    )


def equal_panels(one: Panel, other: Panel) -> None:
    assert one.axis == other.axis
    assert (one.items, one.groups) == (other.items, other.groups)
    assert (one.ledger, one.columns, one.sources) == (other.ledger, other.columns, other.sources)
    assert one.values.tobytes() == other.values.tobytes()
    assert (one.outliers is None) == (other.outliers is None)
    if one.outliers is not None and other.outliers is not None:
        assert (one.outliers == other.outliers).all()


def equal_forecasts(one: Forecast, other: Forecast) -> None:
    equal_panels(one.panel, other.panel)
    assert (one.tree.names, one.tree.levels) == (other.tree.names, other.tree.levels)
    assert (one.tree.parents == other.tree.parents).all()
    assert (one.axis, one.seed) == (other.axis, other.seed)
    assert one.paths.tobytes() == other.paths.tobytes()
    assert repr(one.report) == repr(other.report)
    for table in ("daily", "totals", "series"):
        assert_frame_equal(getattr(one, table)("polars"), getattr(other, table)("polars"))


@pytest.fixture(scope="module", params=["dates and categories", "neither"])
def made(request: pytest.FixtureRequest) -> Forecast:
    rich = request.param != "neither"
    panel = hostile_panel(calendar=rich, groups=rich)
    return upswell.forecast(panel, horizon=6, model="theta-log", paths=120, seed=3)


def test_a_forecast_comes_back_bit_for_bit(made: Forecast, tmp_path: Path):
    assert any(a.standing.status is Status.REFUSED for a in made.report.absent)
    assert any("zero" in a.standing.codes for a in made.report.absent)
    record = save_forecast(made, tmp_path / "a", paths=True, timings={"read": 1.0})
    again = read_forecast(tmp_path / "a")
    equal_forecasts(made, again)
    ours = forecast_record(again)
    saved = json.loads((tmp_path / "a" / "run.json").read_bytes())
    for extra in ("format", "files", "timings"):
        record.pop(extra), saved.pop(extra), ours.pop(extra, None)
    assert ours == record == saved


def test_what_is_read_back_can_be_saved_again_with_the_same_bytes(made: Forecast, tmp_path: Path):
    save_forecast(made, tmp_path / "a", paths=True)
    save_forecast(read_forecast(tmp_path / "a"), tmp_path / "b", paths=True)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name


def test_a_forecast_of_auto_and_one_without_windows_come_back_too(tmp_path: Path):
    for days, model in ((70, "auto"), (14, "auto"), (40, "seasonal-naive")):
        panel = Panel.from_arrays(daily(2, days), items=["a", "b"])
        one = upswell.forecast(panel, horizon=5, model=model, paths=100)
        save_forecast(one, tmp_path / "a", paths=True)
        equal_forecasts(one, read_forecast(tmp_path / "a"))


def test_without_paths_all_else_is_read_and_the_forecast_is_refused(made: Forecast, tmp_path: Path):
    save_forecast(made, tmp_path / "a")
    saved = read_saved(tmp_path / "a")
    equal_panels(made.panel, saved.panel)
    assert (saved.paths, saved.horizon, saved.count, saved.seed) == (None, 6, 120, 3)
    with pytest.raises(SourceError, match="without its sampled paths") as caught:
        read_forecast(tmp_path / "a")
    assert "--paths" in str(caught.value)


def test_an_older_folder_that_is_written_again_without_paths_keeps_none(
    made: Forecast, tmp_path: Path
):
    save_forecast(made, tmp_path / "a", paths=True)
    save_forecast(made, tmp_path / "a")
    assert not (tmp_path / "a" / "paths.parquet").exists()
    assert read_saved(tmp_path / "a").paths is None


# Anything that a file of the record can hold.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
counts = st.floats(0, 1e300) | st.just(float("nan")) | st.just(5e-324) | st.integers(0, 9)


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    items = draw(st.lists(texts, min_size=1, max_size=4, unique=True))
    days = draw(st.integers(1, 5))
    cells = draw(st.lists(counts, min_size=len(items) * days, max_size=len(items) * days))
    values = np.array(cells, dtype=np.float64).reshape(len(items), days)
    groups = draw(st.none() | st.lists(texts, min_size=len(items), max_size=len(items)))
    panel = Panel.from_arrays(
        values,
        items=items,
        groups=groups,
        start=draw(st.integers(-25_000, 84_000)),
        calendar=draw(st.booleans()),
    )
    return replace(panel, outliers=draw(st.sampled_from([None, values > 5])))


@given(panels())
def test_any_panel_comes_back_from_its_table(panel: Panel):
    report = FitReport("a", "b", "c", {}, 0, (), (), {})
    record = json.loads(json.dumps(fit_record(panel, report)))
    equal_panels(panel, panel_of(record["panel"], parse_history(history_bytes(panel))))


@given(st.data())
@settings(max_examples=30)
def test_any_report_comes_back_from_its_record(data: st.DataObject):
    figures = st.floats(allow_infinity=False)
    standings = st.builds(Standing, st.sampled_from(Status), st.lists(texts, max_size=2).map(tuple))
    calibrations = st.builds(
        Calibration, st.integers(0, 9), figures, figures, figures, figures, figures, figures
    )
    report = FitReport(
        asked=data.draw(texts),
        model=data.draw(texts),
        why=data.draw(texts),
        scores=data.draw(st.dictionaries(texts, figures, max_size=3)),
        windows=data.draw(st.integers(0, 9)),
        standings=tuple(data.draw(st.lists(standings, max_size=3))),
        models=tuple(data.draw(st.lists(texts, max_size=3))),
        calibrations=data.draw(st.dictionaries(st.integers(0, 9), calibrations, max_size=2)),
        absent=tuple(
            data.draw(st.lists(st.builds(AbsentSeries, texts, texts, standings), max_size=2))
        ),
    )
    record = fit_record(Panel.from_arrays(np.ones((1, 1)), items=["a"]), report)
    assert repr(report_of(json.loads(json.dumps(record["report"], allow_nan=False)))) == repr(
        report
    )


@pytest.mark.parametrize("group", [1, 7, 1000])
def test_paths_come_back_from_files_of_any_number_of_groups(group: int, tmp_path: Path):
    tree = Tree.of(("total", "b", "=c"), ("total", "x", "total"))
    rng = np.random.default_rng(0)
    paths = np.exp(rng.normal(0, 30, (11, tree.size, 4)))
    paths[0, 0, 0] = 0.0
    axis = DayAxis(10, 4, calendar=True)
    write_paths(tmp_path / "p.parquet", paths, tree, axis, group=group)
    data = (tmp_path / "p.parquet").read_bytes()
    assert parse_paths(data, paths.shape).tobytes() == paths.tobytes()
    with pytest.raises(ValueError, match="reshape"):
        parse_paths(data, (12, tree.size, 4))


def test_saved_paths_are_the_table_that_the_forecast_shows(made: Forecast, tmp_path: Path):
    import duckdb

    save_forecast(made, tmp_path / "a", paths=True)
    file = tmp_path / "a" / "paths.parquet"
    assert_frame_equal(pl.read_parquet(file), made.sampled("polars"))
    # Another program reads plain columns, too.
    kinds = duckdb.sql(f"describe select * from '{file}'").fetchall()
    day = "DATE" if made.axis.calendar else "INTEGER"
    assert [kind[1] for kind in kinds] == ["INTEGER", "VARCHAR", "VARCHAR", day, "DOUBLE"]


def refused(folder: Path, *words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_saved(folder)
    for word in ("what to do: ", *words):
        assert word in str(caught.value), str(caught.value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    panel = Panel.from_arrays(daily(2, 40), items=["a", "b"])
    made = upswell.forecast(panel, horizon=5, model="seasonal-naive", paths=100)
    save_forecast(made, tmp_path / "saved", paths=True)
    return tmp_path / "saved"


def edited(folder: Path, **changes: object) -> Path:
    record = json.loads((folder / "run.json").read_bytes())
    for key, value in changes.items():
        record.pop(key) if value is None else record.update({key: value})
    (folder / "run.json").write_text(json.dumps(record))
    return folder


def test_places_that_hold_no_forecast_are_refused(folder: Path, tmp_path: Path):
    refused(tmp_path / "nowhere", "no such folder", "nowhere")
    refused(folder / "run.json", "is a file")
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", "run.json is missing", "--out")
    (folder / "run.json").write_text("{")
    refused(folder, "damaged")
    (folder / "run.json").write_text("[" * 100_000)
    refused(folder, "damaged")
    (folder / "run.json").write_bytes(b"\xff\xfe{}")
    refused(folder, "damaged")
    for foreign in ("[]", '"forecast"', "{}", '{"command": 7}'):
        (folder / "run.json").write_text(foreign)
        refused(folder, "something else, and not a forecast")


def test_outputs_of_other_commands_are_named(folder: Path):
    refused(edited(folder, command="backtest"), "the output of upswell backtest")


def test_other_versions_are_refused(folder: Path):
    refused(edited(folder, format=None), "an earlier version", "make the forecast again")
    refused(edited(folder, format=2, upswell="9.1"), "upswell 9.1", "format 2", "reads format 1")
    refused(edited(folder, format=True), "format True")
    refused(edited(folder, format=1, files=[]), "does not list its files")


@pytest.mark.parametrize("name", ["history.parquet", "paths.parquet", "fit.json"])
def test_files_that_are_missing_cut_or_exchanged_are_refused(name: str, folder: Path):
    file = folder / name
    data = file.read_bytes()
    for damaged in (data[:-1], data[: len(data) // 2], b"", bytes([data[0] ^ 1]) + data[1:]):
        file.write_bytes(damaged)
        refused(folder, f"{name} is not the file that run.json describes", "cut short")
    file.unlink()
    refused(folder, f"{name} is missing")
    file.mkdir()
    refused(folder, f"{name} cannot be read")


def signed(folder: Path, name: str, data: bytes) -> Path:
    """Exchange a file, and its hash with it."""
    (folder / name).write_bytes(data)
    files = json.loads((folder / "run.json").read_bytes())["files"]
    files[name] = {"bytes": len(data), "sha256": sha256_bytes(data)}
    return edited(folder, files=files)


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept.pop("panel"),
        lambda kept: kept.update(report=None),
        lambda kept: kept.update(paths="many"),
        lambda kept: kept.update(paths=99),
        lambda kept: kept.update(horizon=0),
        lambda kept: kept.update(seed=-1),
        lambda kept: kept["report"]["standings"].pop(),
        lambda kept: kept["report"]["absent"].append({"name": "a", "level": "creator"}),
        lambda kept: kept["report"]["standings"][0].update(status="great"),
        lambda kept: kept["panel"].update(sources=[{"name": "x"}]),
        lambda kept: kept["panel"].update(ledger=7),
    ],
)
def test_a_record_of_the_fit_that_makes_no_sense_is_refused(change, folder: Path):
    kept = json.loads((folder / "fit.json").read_bytes())
    change(kept)
    refused(signed(folder, "fit.json", json.dumps(kept).encode()), "no forecast of this version")


def test_a_history_that_is_no_panel_is_refused(folder: Path):
    table = pl.read_parquet(folder / "history.parquet")
    for wrong in (
        table.head(-1),
        table.clear(),
        table.drop("value"),
        table.reverse(),
        table.sort("date"),
        table.with_columns(value=-pl.col("value")),
        table.with_columns(date=pl.lit("x")),
    ):
        copy = folder.with_name("copy")
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        wrong.write_parquet(copy / "x")
        data = (copy / "x").read_bytes()
        refused(signed(copy, "history.parquet", data), "no forecast of this version")
    refused(signed(folder, "history.parquet", b"no parquet"), "no forecast of this version")
