"""What the reference says of the release job is what the program does."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

import polars as pl
import pytest

import upswell.releases
from cli.releases_world import TABLES
from cli.running import Program
from documents import codes, keys_of, read, rows, section
from upswell.releases.answers import CODES
from upswell.releases.judging._tables import COLUMNS

TEXT = read("docs/reference.md")
OPEN_KEYS = {"versions", "status", "timings"}
TIERS = ("low", "middle", "hit")


def _table(title: str, head: str) -> list[list[str]]:
    """Return the rows of the table with this head in a section."""
    text = section(TEXT, title)
    start = text.index(f"| {head} |")
    return rows(text[start:].split("\n\n")[0])


def _listed(table: list[list[str]]) -> list[str]:
    return [code for row in table for code in codes(row[0])]


@pytest.mark.usefixtures("here")
def test_the_files_of_a_scoring_are_documented(program: Program, trained: Path) -> None:
    assert program("releases", "score", trained, *TABLES, "--out", "s", "--quiet").code == 0
    title = "Files of a scoring"
    listed = _listed(_table(title, "column of the scores"))
    place = listed.index("probability_<tier>")
    listed[place : place + 1] = [f"probability_{tier}" for tier in TIERS]
    assert pl.read_csv("s/scores.csv").columns == listed
    reasons = _listed(_table(title, "column of the reasons"))
    assert set(pl.read_csv("s/reasons.csv").columns) == set(reasons)
    alike = _listed(_table(title, "column of the look-alikes"))
    days = [f"day{k}" for k in range(1, 8)]
    assert [name for name in pl.read_csv("s/alike.csv").columns if name not in days[1:]] == alike
    record = json.loads(Path("s/run.json").read_text(encoding="utf-8"))
    assert keys_of(record, OPEN_KEYS) == set(_listed(_table(title, "key of a scoring")))


def test_the_codes_are_documented() -> None:
    table = _table("Codes of a scored release", "code")
    assert {codes(row[0])[0]: row[1] for row in table} == CODES


def test_the_tables_of_the_scorecard_are_documented() -> None:
    table = _table("Files of an evaluation", "table")
    assert {codes(row[0])[0]: tuple(codes(row[2])) for row in table} == {
        f"{name}.csv": columns for name, columns in COLUMNS.items()
    }


def test_the_files_of_a_training_are_documented(trained: Path) -> None:
    study = trained.with_name(f"{trained.name}.study")
    listed = set(_listed(_table("Files of a training", "file in `BUNDLE.study`")))
    # There was no final test.
    assert {path.name for path in study.iterdir()} == listed - {"scorecard.json"}


@pytest.mark.parametrize(
    "name", ["train", "score", "evaluate", "audit", "features", "monitor", "decide", "review"]
)
def test_the_signatures_are_those_of_the_code(name: str) -> None:
    signature = inspect.signature(getattr(upswell.releases, name))
    plain = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    assert f"`upswell.releases.{name}{inspect.Signature(plain)}`" in TEXT


def test_every_public_name_is_documented() -> None:
    text = section(TEXT, "Python API of releases")
    named = set(re.findall(r"`upswell\.releases\.(\w+)", text))
    assert named == set(upswell.releases.__all__)
