"""Bad tables, settings and bundles of the release job: one block or a code, and nothing lost."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from cli.releases_world import LEAN, TABLES, early, later, put, settings, tables_of
from cli.running import Outcome, Program, contents

Tables = dict[str, pl.DataFrame]
ONE = settings()


@pytest.fixture
def tables(world: Path) -> Tables:
    """The first 110 releases of the world."""
    return early(tables_of(world), 110)


def _trained(program: Program, *words: object) -> Outcome:
    return program("releases", "train", "config.toml", "--trials", 0, "--out", "b", *words)


def _scored(program: Program, bundle: Path | str, *words: object) -> Outcome:
    return program("releases", "score", bundle, *TABLES, *LEAN, "--out", "s", *words)


def _codes() -> list[str]:
    record = json.loads(Path("s/run.json").read_text(encoding="utf-8"))
    return [row["code"] for row in record["ledger"]]


def _no_outcomes_file(tables: Tables) -> None:
    put(ONE, releases=tables["releases"], signals=tables["signals"])


def _no_outcomes_named(tables: Tables) -> None:
    put(ONE.replace('source = "outcomes.parquet"', ""), **tables)


def _no_outcomes(tables: Tables) -> None:
    put(ONE, **tables | {"outcomes": tables["outcomes"].head(0)})


def _text_metric(tables: Tables) -> None:
    words = pl.when(pl.int_range(pl.len()) == 4).then(pl.lit("many")).otherwise(pl.lit("7"))
    put(ONE, **tables | {"signals": tables["signals"].with_columns(words.alias("views"))})


def _no_such_metric(tables: Tables) -> None:
    put(settings(metrics=("views", "plays")), **tables)


def _misspelt_key(tables: Tables) -> None:
    put(ONE.replace("horizons", "horizon"), **tables)


def _one_bound(tables: Tables) -> None:
    put(ONE.replace("[5000, 50000]", "[5000]"), **tables)


def _no_toml(tables: Tables) -> None:
    put("window = seven\n", **tables)


UNUSABLE: dict[str, tuple[Callable[[Tables], None], tuple[str, ...]]] = {
    "missing file": (_no_outcomes_file, ("outcomes.parquet does not exist", "check the path")),
    "empty table": (_no_outcomes, ("no rows", "outcomes.parquet")),
    "missing table": (_no_outcomes_named, ("the table of outcomes is missing", "[outcomes]")),
    "text metric": (_text_metric, ("signals.parquet", 'column "views"', "many")),
    "missing metric": (_no_such_metric, ('"plays"', "signals.parquet")),
    "misspelt key": (_misspelt_key, ('no setting "horizon"', "config.toml", "horizons")),
    "too few bounds": (_one_bound, ("[tiers] bounds", "config.toml", "one fewer")),
    "no TOML": (_no_toml, ("no TOML", "config.toml, row 1")),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_what_cannot_be_used_is_named_and_nothing_is_lost(
    kind: str, program: Program, tables: Tables
) -> None:
    spoil, words = UNUSABLE[kind]
    spoil(tables)
    Path("e").mkdir()
    Path("e/run.json").write_text("{}", encoding="utf-8")
    before = contents(Path.cwd())
    for command in (
        ("train", "config.toml", "--trials", 0, "--out", "b"),
        ("evaluate", "config.toml", "--out", "e"),
    ):
        found = program("releases", *command)
        assert (found.code, found.out) == (2, "")
        found.says(*words)
        assert contents(Path.cwd()) == before


def _no_mature_release(tables: Tables) -> None:
    day = tables["releases"]["release_date"].min()
    assert isinstance(day, dt.date)
    put(f"as_of = {day + dt.timedelta(days=6)}\n{ONE}", **tables)


def _one_release(tables: Tables) -> None:
    put(ONE, **early(tables, 1))


def _all_after(tables: Tables) -> None:
    put(f"as_of = 2020-01-01\n{ONE}", **tables)


REFUSED: dict[str, tuple[Callable[[Tables], None], str, str]] = {
    "no mature release": (_no_mature_release, "no-mature-release", "outcome"),
    "one release": (_one_release, "too-few-mature", "30 are needed"),
    "dates after the as-of day": (_all_after, "no-mature-release", "2020-01-01"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_too_little_to_learn_from_is_refused(kind: str, program: Program, tables: Tables) -> None:
    spoil, code, words = REFUSED[kind]
    spoil(tables)
    before = contents(Path.cwd())
    found = _trained(program)
    assert (found.code, found.out) == (3, "")
    found.says(f"refused ({code})", words)
    answer = _trained(program, "--json")
    assert answer.code == 3
    assert answer.json()["codes"] == [code]
    assert contents(Path.cwd()) == before


def _ledger_of_features(program: Program) -> dict[str, int]:
    found = program("releases", "features", "config.toml", "--out", "f.csv", "--json")
    assert (found.code, found.err) == (0, "")
    counts: dict[str, int] = {}
    for row in found.json()["ledger"]:
        counts[row["code"]] = counts.get(row["code"], 0) + row["count"]
    return counts


def test_rows_that_belong_to_nothing_are_counted(program: Program, tables: Tables) -> None:
    stranger = tables["signals"].head(7).with_columns(pl.lit("nobody").alias("release"))
    silent = tables["outcomes"]["release"][0]
    without = tables["signals"].filter(pl.col("release") != silent)
    put(ONE, **tables | {"signals": pl.concat([without, stranger])})
    counts = _ledger_of_features(program)
    assert counts["unknown-release"] == 7
    assert counts["no-signals"] == 1


def test_a_tier_without_an_example_is_marked(program: Program, tables: Tables) -> None:
    put(ONE.replace("50000]", "1e15]"), **tables)
    assert _trained(program, "--quiet").code == 0
    found = _scored(program, "b")
    assert (found.code, found.err) == (0, "")
    frame = pl.read_csv("s/scores.csv")
    assert set(frame["tier"]) <= {"low", "middle"}
    assert all("empty-tier" in codes for codes in frame["codes"])
    assert "  empty-tier: training had no example of some tier" in found.out.splitlines()


def test_outcomes_that_are_all_equal_are_expected_again(program: Program, tables: Tables) -> None:
    first = tables["outcomes"].unique("release", keep="first", maintain_order=True)
    equal = first.with_columns(pl.lit(8000, dtype=pl.Int64).alias("streams"))
    last = (
        tables["outcomes"]
        .select(pl.col("date").max())
        .with_columns(
            pl.lit(first["release"][0]).alias("release"), pl.lit(0, dtype=pl.Int64).alias("streams")
        )
    )
    columns = ["release", "date", "streams"]
    put(ONE, **tables | {"outcomes": pl.concat([equal.select(columns), last.select(columns)])})
    found = _trained(program, "--quiet")
    assert (found.code, found.err) == (0, "")
    assert _scored(program, "b", "--quiet").code == 0
    frame = pl.read_csv("s/scores.csv")
    assert frame.null_count().drop("codes").sum_horizontal().item() == 0
    middle = frame.filter(pl.col("status") == "ok")["q50"].median()
    assert 4000 < middle < 16_000


def test_a_year_of_gap_is_survived(program: Program, tables: Tables) -> None:
    day = dt.date(2024, 2, 1)
    moved = {
        "releases": later(tables["releases"], "release_date", day, 366),
        "signals": later(tables["signals"], "date", day, 366),
        "outcomes": later(tables["outcomes"], "date", day, 366),
    }
    put(ONE, **moved)
    found = _trained(program, "--json")
    assert (found.code, found.err) == (0, "")
    assert "long-gap" in {row["code"] for row in found.json()["ledger"]}
    assert _scored(program, "b", "--quiet").code == 0
    frame = pl.read_csv("s/scores.csv")
    assert frame.height == tables["releases"].drop_nulls("release_date").height
    assert frame["mean"].is_finite().all()


def test_a_metric_that_is_missing_in_scoring_is_an_error(
    program: Program, here: Path, trained: Path
) -> None:
    pl.read_parquet("signals.parquet").drop("views").write_parquet("signals.parquet")
    before = contents(here)
    found = _scored(program, trained)
    assert (found.code, found.out) == (2, "")
    found.says("views", "signals.parquet")
    assert contents(here) == before


def test_a_metric_that_training_did_not_have_is_counted_and_not_used(
    program: Program, tables: Tables
) -> None:
    text = ONE.replace('metrics = ["views"]', 'creator = "creator"\nvideo = "video"')
    signals = tables["signals"].select("release", "date", "creator", "video", "views")
    put(text, **tables | {"signals": signals})
    assert _trained(program, "--quiet").code == 0
    assert _scored(program, "b", "--quiet").code == 0
    before = Path("s/scores.csv").read_bytes()
    tables["signals"].write_parquet("signals.parquet")
    found = _scored(program, "b")
    assert (found.code, found.err) == (0, "")
    assert "unknown-metric" in found.out
    assert "unknown-metric" in _codes()
    assert Path("s/scores.csv").read_bytes() == before


@pytest.mark.usefixtures("here")
def test_names_that_look_like_code_stay_names(program: Program, trained: Path) -> None:
    releases = pl.read_parquet("releases.parquet")
    first, second = releases.filter(pl.col("release_date") > pl.date(2025, 5, 1))["release"][:2]
    names = {first: "<script>alert(1)</script>", second: "=1+1\x1b[31m"}
    artist = pl.col("release").replace_strict(names, default=pl.col("artist"))
    renamed = {first: first, second: "=1+1"}
    name = pl.col("release").replace(renamed)
    releases.with_columns(artist.alias("artist"), name).write_parquet("releases.parquet")
    signals = pl.read_parquet("signals.parquet").with_columns(name)
    signals.write_parquet("signals.parquet")
    found = _scored(program, trained, "--since", "2025-05-01")
    assert (found.code, found.err) == (0, "")
    assert "<script>alert(1)</script>" in found.out
    assert "=1+1\\x1b[31m" in found.out
    assert "\x1b" not in found.out
    assert "\n'=1+1," in Path("s/scores.csv").read_text(encoding="utf-8")


def test_a_damaged_bundle_is_refused(program: Program, here: Path, trained: Path) -> None:
    whole = trained.read_bytes()
    place = len(whole) // 2
    Path("changed").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    Path("cut").write_bytes(whole[:-100])
    Path("empty").write_bytes(b"")
    before = contents(here)
    for name in ("changed", "cut", "empty", "absent", "releases.parquet"):
        found = _scored(program, name)
        assert (found.code, found.out) == (2, "")
        found.says(name)
        assert contents(here) == before


def test_what_is_asked_of_a_scoring_is_checked(program: Program, here: Path, trained: Path) -> None:
    before = contents(here)
    for words, code, said in (
        (("--as-of", "yesterday"), 2, 'the as-of day "yesterday" is not a date'),
        (("--since", "31.12.2024"), 2, '"31.12.2024" is not a date'),
        (("--since", "2030-01-01"), 3, "nothing-to-score"),
        (("--as-of", "2020-01-01"), 3, "nothing-to-score"),
    ):
        found = _scored(program, trained, *words)
        assert (found.code, found.out) == (code, "")
        found.says(said)
        assert contents(here) == before
    found = program("releases", "score", trained, "--signals", "absent.csv", "--out", "s")
    assert found.code == 2
    found.says("absent.csv does not exist")


def test_outputs_never_replace_what_is_not_theirs(
    program: Program, here: Path, trained: Path
) -> None:
    before = contents(here)
    found = program("releases", "score", trained, *TABLES, "--out", ".")
    assert found.code == 2
    found.says("is not ours to replace")
    Path("mine").mkdir()
    shutil.move("signals.parquet", "mine/scores.csv")
    words = ("--signals", "mine/scores.csv", "--releases", "releases.parquet")
    found = program("releases", "score", trained, *words, "--out", "mine")
    assert found.code == 2
    found.says("the output folder holds the input")
    shutil.move("mine/scores.csv", "signals.parquet")
    Path("mine").rmdir()
    found = program("releases", "features", "config.toml", "--out", "features.txt")
    assert found.code == 2
    found.says("features.txt", ".csv or .parquet")
    found = program("releases", "evaluate", "config.toml", "--out", "signals.parquet")
    assert found.code == 2
    found.says("the output folder is a file")
    assert contents(here) == before
