"""``upswell forecast``: the files it promises, and what it says."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

from cli.running import FAST, FIRST_DAY, Program, contents, daily, table, views
from upswell.scoring import QUANTILE_LEVELS

QUANTILES = [
    *("q025", "q05", "q10", "q15", "q20", "q25", "q30", "q35", "q40", "q45", "q50"),
    *("q55", "q60", "q65", "q70", "q75", "q80", "q85", "q90", "q95", "q975"),
]
FILES = {"forecast.csv", "totals.csv", "repairs.csv", "history.parquet", "fit.json", "run.json"}
KEYS = {
    *("upswell", "command", "status", "codes", "reasons", "versions", "seed", "inputs", "columns"),
    *(
        "panel",
        "repairs",
        "occasions",
        "horizon",
        "forecast_days",
        "paths",
        "model",
        "calibration",
        "series",
    ),
    *("timings", "format", "files"),
}


@pytest.fixture
def grouped() -> Path:
    """Three creators in two categories, a gap and rows that stand twice."""
    rows = [f"{row},{'music' if ',ben,' in row else 'sport'}" for row in daily(("a", "ben", "c"))]
    return table(Path("v.csv"), [*rows[:10], *rows[11:], rows[0]], "Day,Creator,Views,Category")


def test_the_files_are_those_of_the_contract(program: Program, grouped: Path) -> None:
    found = program("forecast", grouped, *FAST, "--out", "out", "--quiet")
    assert found.code == 0
    assert {path.name for path in Path("out").iterdir()} == FILES
    assert len(QUANTILES) == len(QUANTILE_LEVELS) == 21
    days = pl.read_csv("out/forecast.csv", try_parse_dates=True)
    assert days.columns == ["series", "level", "date", "mean", *QUANTILES]
    assert days.height == 6 * 7
    tree = [(row["level"], row["series"]) for row in days.to_dicts()[::7]]
    assert tree == [
        ("total", "total"),
        *(("category", name) for name in ("sport", "music")),
        *(("creator", name) for name in ("a", "ben", "c")),
    ]
    assert str(days["date"].min()) == "2025-03-07"
    assert str(days["date"].max()) == "2025-03-13"
    totals = pl.read_csv("out/totals.csv")
    assert totals.columns == ["series", "level", "quantity", "mean", *QUANTILES]
    assert totals["quantity"].to_list() == ["sum", "peak"] * 6
    for frame in (days, totals):
        figures = frame.select(QUANTILES).to_numpy()
        assert (figures[:, 1:] >= figures[:, :-1]).all()
        assert (figures >= 0).all()


def test_the_record_says_how_it_was_made(program: Program, grouped: Path) -> None:
    program("forecast", grouped, *FAST, "--seed", 5, "--out", "out", "--quiet")
    record = json.loads(Path("out/run.json").read_text())
    assert set(record) == KEYS
    source = {"name": "v.csv", "sha256": hashlib.sha256(grouped.read_bytes()).hexdigest()}
    assert record["inputs"] == [{**source, "rows": 180}]
    assert record["seed"] == 5
    assert (record["status"], record["horizon"]) == ("ok", 7)
    assert record["model"]["chosen"] == "seasonal-naive"
    assert record["columns"]["value"] == "Views"
    assert set(record["timings"]) == {"read", "forecast"}
    assert record["forecast_days"] == ["2025-03-07", "2025-03-13"]
    assert {"python", "upswell", "numpy", "polars"} <= set(record["versions"])


def test_the_ledger_goes_out_whole(program: Program, grouped: Path) -> None:
    program("forecast", grouped, *FAST, "--out", "out", "--quiet")
    ledger = pl.read_csv("out/repairs.csv")
    assert ledger.columns == ["code", "action", "reason", "count", "series", "day", "place"]
    counts = dict(zip(ledger["code"], ledger["count"], strict=True))
    assert counts["exact-duplicate"] == 1
    assert counts["gap"] == 1
    record = json.loads(Path("out/run.json").read_text())
    assert record["repairs"] == counts


def test_paths_are_written_when_asked_and_tell_the_totals(program: Program, grouped: Path) -> None:
    program("forecast", grouped, *FAST, "--paths", "--out", "out", "--quiet")
    assert {path.name for path in Path("out").iterdir()} == {*FILES, "paths.parquet"}
    paths = pl.read_parquet("out/paths.parquet")
    assert paths.columns == ["path", "series", "level", "date", "value"]
    assert paths.height == 1000 * 6 * 7
    totals = pl.read_csv("out/totals.csv")
    key = ["path", "series", "level"]
    for quantity, reduce in (("sum", pl.col("value").sum()), ("peak", pl.col("value").max())):
        own = (
            paths.group_by(key).agg(reduce).group_by("series", "level").agg(pl.col("value").mean())
        )
        both = totals.filter(quantity=quantity).join(own, on=["series", "level"])
        assert both.height == 6
        assert both["mean"].to_list() == pytest.approx(both["value"].to_list(), rel=1e-9)
    sums = paths.group_by("level", "path", "date").agg(pl.col("value").sum()).sort("path", "date")
    levels = [sums.filter(level=level)["value"].to_list() for level in ("total", "creator")]
    assert levels[0] == pytest.approx(levels[1], rel=1e-9)


def test_an_older_result_is_replaced_whole(program: Program, good: Path) -> None:
    program("forecast", good, *FAST, "--paths", "--out", "out", "--quiet")
    program("forecast", good, *FAST, "--out", "out", "--quiet")
    assert {path.name for path in Path("out").iterdir()} == FILES
    assert {path.name for path in Path.cwd().iterdir()} == {"out", "views.csv"}


def test_missing_parents_of_the_folder_are_made(program: Program, good: Path) -> None:
    assert program("forecast", good, *FAST, "--out", "a/b/out", "--quiet").code == 0
    assert Path("a/b/out/run.json").is_file()


def test_without_out_nothing_is_written(program: Program, good: Path) -> None:
    before = contents(Path.cwd())
    assert program("forecast", good, *FAST).code == 0
    assert contents(Path.cwd()) == before


def _tables(folder: str) -> dict[str, bytes]:
    return {name: data for name, data in contents(Path(folder)).items() if name != "run.json"}


def test_the_same_seed_gives_the_same_bytes(program: Program, grouped: Path) -> None:
    for folder, seed in (("one", 3), ("two", 3), ("other", 4)):
        words = ("--model", "theta-log", "--horizon", 7, "--paths", "--seed", seed)
        program("forecast", grouped, *words, "--out", folder, "--quiet")
    assert _tables("one") == _tables("two")
    assert _tables("one")["forecast.csv"] != _tables("other")["forecast.csv"]


@pytest.fixture
def numbered() -> Path:
    rows = [f"{day},{item},{views(day, i)}" for day in range(1, 51) for i, item in enumerate("ab")]
    return table(Path("n.csv"), rows)


def test_integer_days_go_on_as_integers(program: Program, numbered: Path) -> None:
    found = program("forecast", numbered, *FAST, "--out", "out")
    assert "50 days from 1 to 50" in found.out
    assert "the next 7 days (51 to 57)" in found.out
    days = pl.read_csv("out/forecast.csv").filter(series="total")["date"]
    assert days.to_list() == list(range(51, 58))


def test_a_start_date_gives_integer_days_dates(program: Program, numbered: Path) -> None:
    program("forecast", numbered, *FAST, "--start-date", "2024-02-01", "--out", "out", "--quiet")
    days = pl.read_csv("out/forecast.csv").filter(series="total")["date"]
    assert days.to_list() == [f"2024-03-{day}" for day in range(22, 29)]


def test_json_is_all_there_is_on_standard_output(program: Program, good: Path) -> None:
    found = program("forecast", good, *FAST, "--json", "--out", "out")
    assert (found.code, found.err) == (0, "")
    answer = found.json()
    totals = answer.pop("totals")
    assert answer == json.loads(Path("out/run.json").read_text())
    assert [(row["series"], row["quantity"]) for row in totals[:2]] == [
        ("total", "sum"),
        ("total", "peak"),
    ]
    assert set(totals[0]) == {"series", "level", "quantity", "mean", *QUANTILES}


def test_the_answer_reads_like_a_sentence(program: Program, good: Path) -> None:
    found = program("forecast", good, *FAST)
    assert found.code == 0
    assert 'value: "Views", by its header' in found.out
    assert "2 creators, 60 days from 2025-01-06 to 2025-03-06." in found.out
    assert "80 times in 100 the next 7 days (2025-03-07 to 2025-03-13) bring between" in found.out
    assert "Forecaster: seasonal-naive (asked for by name)." in found.out
    totals = dict(zip(QUANTILES, _sums(program, good), strict=True))
    for name in ("q10", "q50", "q90"):
        assert f"{totals[name]:,.0f}" in found.out


def _sums(program: Program, source: Path) -> list[float]:
    program("forecast", source, *FAST, "--out", "sums", "--quiet")
    row = pl.read_csv("sums/totals.csv").filter(series="total", quantity="sum")
    return [float(row[name][0]) for name in QUANTILES]


def test_one_day_ahead_is_one_day(program: Program, good: Path) -> None:
    found = program("forecast", good, "--model", "seasonal-naive", "--horizon", 1)
    assert "80 times in 100 the next day (2025-03-07) brings between" in found.out
    assert "The largest day" not in found.out
    assert "Sums over 1 day;" in found.out


def test_few_windows_are_said_to_support_no_range(program: Program) -> None:
    source = table(Path("v.csv"), daily(days=30))
    found = program("forecast", source, "--model", "seasonal-naive", "--horizon", 21)
    assert found.code == 0
    assert "too few to support any range alone" in found.out
    assert "0%," not in found.out


def test_creators_that_ended_are_counted_and_null(program: Program) -> None:
    rows = [row for row in daily() if ",ben," not in row or row < "2025-02-10"]
    found = program("forecast", table(Path("v.csv"), rows), *FAST, "--out", "out")
    assert "Of 3 series: 2 ok, 1 refused (vanished: 1)." in found.out
    days = pl.read_csv("out/forecast.csv").filter(series="ben")
    assert days.height == 7
    assert days["q50"].null_count() == 7


def test_long_work_is_shortened_to_the_largest_creators(program: Program) -> None:
    names = [f"creator-{i:03d}" for i in range(60)]
    found = program("forecast", table(Path("v.csv"), daily(names, days=40)), *FAST)
    assert found.out.count("creator-0") == 24
    assert "creator-059" in found.out
    assert "and 36 more series" in found.out


def test_the_name_of_a_file_need_not_be_unicode(program: Program) -> None:
    import os

    source = Path(os.fsdecode(b"caf\xe9.csv"))
    try:
        table(source, daily())
    except OSError:
        pytest.skip("this file system wants Unicode")
    assert program("forecast", source, *FAST, "--out", "out", "--quiet").code == 0
    record = json.loads(Path("out/run.json").read_bytes())
    assert record["inputs"][0]["name"] == str(source)
    assert str(FIRST_DAY) == record["panel"]["first_day"]
