"""``upswell releases``: what the commands write and say when all goes well."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cli.releases_world import LEAN, TABLES, early, put, settings, tables_of
from cli.running import Outcome, Program
from documents import codes, read, rows, section
from upswell.releases import _api
from upswell.releases.answers import CODES
from upswell.releases.saving import EVALUATION_NAMES

LEVELS = [f"q{level:02d}" for level in range(5, 100, 5)]


def _scored(program: Program, bundle: Path, *words: object) -> Outcome:
    return program("releases", "score", bundle, *TABLES, "--out", "scores", *words)


def test_a_training_leaves_the_bundle_and_its_study_beside_it(trained: Path) -> None:
    study = trained.with_name("releases.bundle.study")
    assert {path.name for path in trained.parent.iterdir()} == {trained.name, study.name}
    assert sorted(path.name for path in study.iterdir()) == [
        "history-streams.svg",
        "history-tiers.svg",
        "importance-streams.svg",
        "importance-tiers.svg",
        "streams.journal",
        "tiers.journal",
        "trials-streams.csv",
        "trials-tiers.csv",
    ]
    trials = pl.read_csv(study / "trials-streams.csv")
    assert trials.height == 2
    assert {"index", "state", "value", "seconds", "folds", "trees", "depth"} <= set(trials.columns)
    assert (study / "history-streams.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_training_says_what_it_taught_and_what_came_of_the_test(
    program: Program, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_api, "MOST_WORKERS", 1)
    put(settings(final_days=120))
    found = program("releases", "train", "config.toml", "--trials", 1, "--out", "b")
    assert (found.code, found.err) == (0, "")
    for words in (
        "mature releases of 2023",
        "of the window say most of the outcome",
        "Final test: releases of ",
        "  Day 14, last period: typical error factor x",
        "Tuning of streams: 1 trial (1 complete); best ",
        "learning rate",
        "The bundle, taught by all mature releases, is written to b",
    ):
        assert words in found.out
    card = json.loads(Path("b.study/scorecard.json").read_text(encoding="utf-8"))
    assert {row["scope"] for row in card["tables"]["regression"]} >= {"final"}
    # Neither CatBoost's log nor anything else lies about.
    assert {path.name for path in here.iterdir()} - {"b", "b.study"} == {
        *("config.toml", "releases.parquet", "signals.parquet"),
        *("outcomes.parquet", "truth.parquet"),
    }


def test_a_training_answers_programs_in_json(program: Program, world: Path) -> None:
    put(settings(), **early(tables_of(world), 110))
    found = program("releases", "train", "config.toml", "--trials", 0, "--out", "b", "--json")
    assert (found.code, found.err) == (0, "")
    record = found.json()
    assert record["command"] == "releases train"
    assert (record["bundle"], record["trials"], record["study"]) == ("b", 0, [])
    assert record["final_test"] is None
    assert not Path("b.study").exists()


def test_a_time_limit_ends_the_tuning_and_keeps_the_best_so_far(
    program: Program, world: Path
) -> None:
    put(settings(), **early(tables_of(world), 110))
    words = ("--trials", 40, "--timeout", 0.01, "--out", "b")
    found = program("releases", "train", "config.toml", *words)
    assert (found.code, found.err) == (0, "")
    assert found.out.count("The time limit ended it") == 2
    for name in ("streams", "tiers"):
        assert 1 <= pl.read_csv(f"b.study/trials-{name}.csv").height <= 4
    assert Path("b").exists()


@pytest.mark.usefixtures("here")
def test_scores_are_a_row_a_release_and_horizon(program: Program, trained: Path) -> None:
    dated = pl.read_parquet("releases.parquet").drop_nulls("release_date")
    last = dated["release_date"].max()
    found = _scored(program, trained, "--as-of", last)
    assert (found.code, found.err) == (0, "")
    names = {"scores.csv", "reasons.csv", "alike.csv", "report.html", "run.json"}
    assert {path.name for path in Path("scores").iterdir()} == names
    frame = pl.read_csv("scores/scores.csv")
    chances = [f"probability_{tier}" for tier in ("low", "middle", "hit")]
    assert frame.columns == [
        *("release", "horizon", "mean", *LEVELS, "rounded", "tier", *chances, "status", "codes"),
    ]
    assert sorted(frame["release"]) == sorted(dated["release"])
    assert set(frame["horizon"]) == {14}
    assert (frame["q50"] - frame["q50"].sort(descending=True)).abs().max() == 0
    for low, high in pairwise(LEVELS):
        assert (frame[low] <= frame[high]).all()
    assert frame.select(pl.sum_horizontal(chances)).to_series().to_list() == pytest.approx(
        [1.0] * frame.height
    )
    assert (frame["rounded"] % 5000 == 0).all()
    given = {code for codes in frame["codes"].fill_null("").to_list() for code in codes.split()}
    assert "short-window" in given
    assert given <= set(CODES)
    assert f"{frame.height} releases as of {last}: " in found.out
    assert f"and {frame.height - 25} more; scores.csv holds all of them" in found.out
    first = frame.row(0, named=True)
    (line,) = [line for line in found.out.splitlines() if line.startswith(first["release"])]
    artist = dated.filter(release=first["release"])["artist"][0]
    assert line.split()[1:5] == [
        artist,
        str(dated.filter(release=first["release"])["release_date"][0]),
        first["tier"],
        f"{first['probability_' + first['tier']]:.0%}",
    ]


@pytest.mark.usefixtures("here")
def test_reasons_stand_beside_the_scores_unless_they_are_left_out(
    program: Program, trained: Path
) -> None:
    found = _scored(program, trained, "--since", "2025-05-01")
    scores, reasons = pl.read_csv("scores/scores.csv"), pl.read_csv("scores/reasons.csv")
    order = scores["release"].unique(maintain_order=True).to_list()
    assert reasons.filter(group="size")["release"].to_list() == order
    first = reasons.filter(rank=1).row(0, named=True)
    assert f"  {first['release']}: {first['sentence']} ({first['direction']} it x" in found.out
    alike = pl.read_csv("scores/alike.csv")
    assert alike["release"].unique(maintain_order=True).to_list() == order
    assert alike.height == 5 * len(order)
    plain = _scored(program, trained, "--since", "2025-05-01", "--no-reasons", "--no-page")
    assert {path.name for path in Path("scores").iterdir()} == {"scores.csv", "run.json"}
    assert "What moves it most" not in plain.out
    assert pl.read_csv("scores/scores.csv").equals(scores)


@pytest.mark.usefixtures("here")
def test_the_record_says_how_scores_were_made(program: Program, trained: Path) -> None:
    found = _scored(program, trained, "--since", "2025-05-01", "--json")
    assert (found.code, found.err) == (0, "")
    answer = found.json()
    record = json.loads(Path("scores/run.json").read_text(encoding="utf-8"))
    assert {name: value for name, value in answer.items() if name != "scores"} == record
    assert record["command"] == "releases score"
    assert (record["as_of"], record["since"]) == ("2025-07-03", "2025-05-01")
    assert [source["name"] for source in record["sources"]] == [
        "releases.parquet",
        "signals.parquet",
    ]
    assert len(record["bundle"]["sha256"]) == 64
    assert set(record["timings"]) == {"load", "score", "page"}
    assert "exact-duplicate" in {row["code"] for row in record["ledger"]}
    frame = pl.read_csv("scores/scores.csv")
    assert [row["release"] for row in answer["scores"]] == frame["release"].to_list()
    assert record["releases"] == frame.height
    kept = pl.read_parquet("releases.parquet").filter(pl.col("release_date") >= pl.date(2025, 5, 1))
    assert sorted(frame["release"]) == sorted(kept["release"])


@pytest.mark.usefixtures("here")
def test_what_is_left_out_by_its_date_changes_no_other_score(
    program: Program, trained: Path
) -> None:
    assert _scored(program, trained, *LEAN, "--quiet").out == ""
    every = pl.read_csv("scores/scores.csv")
    _scored(program, trained, *LEAN, "--quiet", "--since", "2025-05-01")
    some = pl.read_csv("scores/scores.csv")
    assert some.height < every.height
    assert some.equals(every.filter(pl.col("release").is_in(some["release"].to_list())))


@pytest.mark.usefixtures("here")
def test_scores_as_of_a_day_know_nothing_of_later_days(program: Program, trained: Path) -> None:
    day = pl.date(2025, 4, 30)
    words = ("--no-page", "--as-of", "2025-04-30")
    _scored(program, trained, *words, "--quiet")
    then = {path.name: path.read_bytes() for path in Path("scores").glob("*.csv")}
    signals = pl.read_parquet("signals.parquet")
    signals.filter(pl.col("date") <= day).write_parquet("signals.parquet")
    found = _scored(program, trained, *words)
    assert {path.name: path.read_bytes() for path in Path("scores").glob("*.csv")} == then
    releases = pl.read_parquet("releases.parquet")
    known = releases.filter(pl.col("release_date") <= day)
    assert sorted(pl.read_csv("scores/scores.csv")["release"]) == sorted(known["release"])
    assert f"{known.height} releases as of 2025-04-30: " in found.out
    later = releases.filter(pl.col("release_date") > day).height
    assert f"after-as-of: {later} dropped" in found.out


@pytest.mark.usefixtures("here")
def test_quiet_commands_say_nothing(program: Program, trained: Path) -> None:
    for words in (
        ("score", trained, *TABLES, *LEAN, "--out", "scores", "--quiet"),
        ("features", "config.toml", "--out", "f.csv", "--quiet"),
    ):
        found = program("releases", *words)
        assert (found.code, found.out, found.err) == (0, "", "")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.usefixtures("here")
def test_features_come_with_their_catalogue(ending: str, program: Program) -> None:
    file = f"features.{ending}"
    found = program("releases", "features", "config.toml", "--out", file)
    assert (found.code, found.err) == (0, "")
    frame = pl.read_csv(file) if ending == "csv" else pl.read_parquet(file)
    assert frame.columns[:5] == ["release", "release_date", "gate", "age", "artist"]
    names = frame.columns[5:]
    assert f"{frame.height} releases, {len(names)} features." in found.out
    assert "exact-duplicate" in found.out
    catalogue = Path(f"{file}.catalogue.md").read_text(encoding="utf-8")
    assert catalogue.startswith(f"# Features\n\n{len(names)} features in ")
    for name in names:
        assert f"| `{name}` | " in catalogue
    answer = program("releases", "features", "config.toml", "--out", file, "--json").json()
    assert (answer["releases"], answer["features"]) == (frame.height, names)


def test_an_attribute_called_like_a_key_does_not_replace_it(program: Program, world: Path) -> None:
    tables = early(tables_of(world), 40)
    tables["releases"] = tables["releases"].rename({"genre": "age"})
    put(settings().replace("genre", "age"), **tables)
    assert program("releases", "features", "config.toml", "--out", "f.csv").code == 0
    frame = pl.read_csv("f.csv")
    assert set(frame["age"]) == {1}
    assert set(frame["age_attribute"]) == set(tables["releases"]["age"])


@pytest.fixture(scope="module")
def evaluated(world: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Where the result of the one evaluation of this module is kept."""
    del world, tmp_path_factory
    return []


@pytest.fixture
def evaluate_once(evaluated: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every evaluation after the first answer what the first did."""
    first = _api.evaluate

    def evaluate(*words: Any, **options: Any) -> Any:
        if not evaluated:
            evaluated.append(first(*words, **options))
        return evaluated[0]

    monkeypatch.setattr(_api, "evaluate", evaluate)


@pytest.mark.usefixtures("evaluate_once", "here")
def test_an_evaluation_shows_the_model_beside_its_neighbours(program: Program) -> None:
    put(settings(final_days=120))
    found = program("releases", "evaluate", "config.toml", "--out", "e")
    assert (found.code, found.err) == (0, "")
    for words in ("Day 14: typical error factor x", "The last period, ", "was opened once."):
        assert words in found.out
    lines = [line.split() for line in found.out.splitlines() if line]
    assert {"model", "log-linear", "majority"} <= {line[0] for line in lines}
    assert {path.name for path in Path("e").iterdir()} == EVALUATION_NAMES
    table = pl.read_csv("e/regression.csv").filter(scope="all")
    model = table.filter(model="model")["rmsle"][0]
    (line,) = [line for line in lines if line[0] == "model"][:1]
    assert line[1] == f"{model:.3f}"
    record = json.loads(Path("e/run.json").read_text(encoding="utf-8"))
    assert record["final_test"]["opened"] == 1
    assert record["folds"][-1]["label"] == "final"
    assert record["predictions"] == pl.read_csv("e/predictions.csv").height
    assert len(record["sources"]) == 3
    text = section(read("docs/reference.md"), "Files of an evaluation")
    listed = {key for row in rows(text) for key in codes(row[0])}
    assert {re.split(r"[.\[]", key)[0] for key in listed if not key.endswith(".csv")} == set(record)


@pytest.mark.usefixtures("evaluate_once", "here")
def test_openings_of_the_last_period_are_counted(program: Program) -> None:
    put(settings(final_days=120))

    def opened(*words: object) -> tuple[int, str]:
        found = program("releases", "evaluate", "config.toml", "--out", "e", *words)
        assert (found.code, found.err) == (0, "")
        record = json.loads(Path("e/run.json").read_text(encoding="utf-8"))
        # What the settings are is taken from the first run; see `evaluate_once`.
        record["config"]["window"] = 2 if words else 1
        Path("e/run.json").write_text(json.dumps(record), encoding="utf-8")
        return record["final_test"]["opened"], found.out

    assert opened()[0] == 1
    assert opened()[0] == 1
    number, said = opened("--seed", 0, "--trials", 0)
    assert number == 1
    number, said = opened()
    assert number == 2
    assert "Note: the last period was opened once before, with other settings, according to e" in (
        " ".join(said.split())
    )
    assert "was opened 2 times." in said


@pytest.mark.usefixtures("evaluate_once")
def test_an_evaluation_without_a_folder_writes_nothing(program: Program, here: Path) -> None:
    put(settings(final_days=120))
    before = set(here.iterdir())
    answer = program("releases", "evaluate", "config.toml", "--json").json()
    assert set(here.iterdir()) == before
    assert answer["scorecard"]["tables"]["tiers"]
    found = program("releases", "evaluate", "config.toml", "--quiet")
    assert (found.code, found.out, found.err) == (0, "", "")
