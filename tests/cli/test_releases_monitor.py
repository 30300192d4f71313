"""``upswell releases monitor``: verdict as exit code, files whole or not at all, bad inputs."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from cli.releases_world import LEAN, TABLES, settings
from cli.running import Outcome, Program, contents
from cli.test_releases_reference import OPEN_KEYS, _listed, _table
from documents import codes, keys_of
from releases.teaching import make_quick
from upswell.cli._run import run
from upswell.cli.releases.monitor import EXIT_CODES
from upswell.releases.deciding.bound import BOUND_CODES
from upswell.releases.watching.past import PAST_COLUMNS
from upswell.releases.watching.verdict import TEST_CODES, VERDICTS

DAY = "2025-03-31"
FILES = {"monitor.json", "drift.csv", "past_scores.csv"}


@pytest.fixture(scope="module")
def bundle(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of some months before the tables end, with a final test."""
    folder = tmp_path_factory.mktemp("monitored")
    for name in ("releases", "signals", "outcomes"):
        (folder / f"{name}.parquet").symlink_to(world / f"{name}.parquet")
    text = f"as_of = {DAY}\n" + settings(final_days=120)
    (folder / "config.toml").write_text(text, encoding="utf-8")
    words = ["releases", "train", str(folder / "config.toml"), "--trials", "0", "--quiet"]
    with pytest.MonkeyPatch.context() as patch:
        make_quick(patch)
        patch.chdir(folder)
        assert run([*words, "--out", str(folder / "b")]) == 0
    return folder / "b"


def _monitored(program: Program, bundle: Path, *words: object) -> Outcome:
    tables = (*TABLES, "--outcomes", "outcomes.parquet")
    return program("releases", "monitor", bundle, *tables, *words)


@pytest.mark.usefixtures("here")
def test_a_bundle_that_holds_is_kept_and_the_evidence_is_written(
    program: Program, bundle: Path
) -> None:
    found = _monitored(program, bundle, "--out", "m")
    assert (found.code, found.err) == (0, "")
    assert {path.name for path in Path("m").iterdir()} == FILES
    record = json.loads(Path("m/monitor.json").read_text(encoding="utf-8"))
    assert (record["verdict"], record["scored_by"]) == ("keep", "this bundle")
    assert "Verdict: keep." in found.out
    for one in record["tests"]:
        assert one["sentence"] in found.out
        assert one["code"] in TEST_CODES
    listed = _table("Files of a monitoring", "key of a monitoring")
    assert keys_of(record, OPEN_KEYS) == set(_listed(listed))
    tests = {
        codes(row[0])[0]: codes(row[2])[0]
        for row in _table("Files of a monitoring", "test of a monitoring")
    }
    assert {one["test"]: one["asks"] for one in record["tests"]} == tests
    drift = pl.read_csv("m/drift.csv")
    assert drift.columns == _listed(_table("Files of a monitoring", "column of the drift"))
    assert set(drift["test"]) <= {"signals", "artists", "outcome ratio"}
    past = pl.read_csv("m/past_scores.csv")
    listed = _listed(_table("Files of a monitoring", "column of the past scores"))
    assert past.columns == listed == list(PAST_COLUMNS)
    assert past.height == record["outcomes"] > 20
    assert past["release_date"].min() > DAY  # type: ignore[operator]


@pytest.mark.usefixtures("here")
def test_a_program_reads_the_verdict_and_past_scores_count(program: Program, bundle: Path) -> None:
    words = (
        "releases",
        "score",
        bundle,
        *TABLES,
        *LEAN,
        "--out",
        "s",
        "--quiet",
        "--as-of",
        "2025-05-15",
    )
    assert program(*words).code == 0
    found = _monitored(program, bundle, "--scores", "s", "--json")
    record = found.json()
    assert found.code == EXIT_CODES[record["verdict"]]
    assert record["scored_by"] == "past scores"
    own = _monitored(program, bundle, "--json").json()
    assert record["outcomes"] < own["outcomes"]
    values = {one["test"]: one["value"] for one in own["tests"]}
    assert values["coverage 80"] is not None


@pytest.mark.usefixtures("here")
def test_streams_a_tenth_of_what_was_said_suspend_decisions(program: Program, bundle: Path) -> None:
    later = pl.read_parquet("releases.parquet").filter(
        pl.col("release_date") > pl.date(2025, 3, 31)
    )
    outcomes = pl.read_parquet("outcomes.parquet")
    fewer = pl.when(pl.col("release").is_in(later["release"].to_list()))
    outcomes.with_columns(
        fewer.then(pl.col("streams") // 10).otherwise(pl.col("streams")).alias("streams")
    ).write_parquet("outcomes.parquet")
    found = _monitored(program, bundle, "--quiet", "--out", "m")
    assert (found.code, found.out, found.err) == (5, "", "")
    record = json.loads(Path("m/monitor.json").read_text(encoding="utf-8"))
    assert record["verdict"] == "suspend decisions"
    assert {"too-high-failed", "outcome-ratio-failed"} <= set(record["codes"])


@pytest.mark.usefixtures("here")
def test_soon_after_the_training_there_are_not_enough_outcomes_yet(
    program: Program, bundle: Path
) -> None:
    found = _monitored(program, bundle, "--as-of", "2025-04-20", "--json")
    assert found.code == 0
    told = {one["test"]: one["code"] for one in found.json()["tests"]}
    assert told["error"] == told["coverage 80"] == "too-few-outcomes"


@pytest.mark.usefixtures("here")
def test_bad_inputs_are_named_and_nothing_is_lost(program: Program, bundle: Path) -> None:
    assert _monitored(program, bundle, "--out", "m").code == 0
    before = contents(Path("m"))
    Path("bad.csv").write_text("release,horizon\na,14\n", encoding="utf-8")
    for words, code, said in (
        (("--scores", "missing"), 2, "the past scores cannot be read"),
        (("--scores", "bad.csv"), 2, "no column 'q05'"),
        (("--as-of", "2025-03-31"), 3, "no release came after the bundle"),
        (("--as-of", "soon"), 2, "is not a date"),
    ):
        found = _monitored(program, bundle, *words, "--out", "m")
        assert found.code == code
        assert said in found.err
        assert "Traceback" not in found.err
        assert contents(Path("m")) == before
    Path("other").mkdir()
    Path("other/mine.txt").write_text("mine", encoding="utf-8")
    assert _monitored(program, bundle, "--out", "other").code == 2
    assert _monitored(program, "nothing.bundle", "--out", "n").code == 2  # type: ignore[arg-type]
    assert not Path("n").exists()


def test_codes_and_exit_codes_are_documented() -> None:
    table = _table("Files of a monitoring", "code of a test")
    assert {codes(row[0])[0]: row[1] for row in table} == TEST_CODES
    table = _table("Codes of a bound on false hits", "code")
    assert {codes(row[0])[0]: row[1] for row in table} == BOUND_CODES
    assert tuple(EXIT_CODES) == VERDICTS
    assert list(EXIT_CODES.values()) == [0, 4, 5]
