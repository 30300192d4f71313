"""``upswell releases audit``: files, words, JSON, and bad input."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cli.releases_world import put, settings
from cli.running import Program
from documents import codes, read, rows, section
from upswell.releases.auditing import AUDIT_NAMES, run
from upswell.releases.auditing.audited import COLUMNS
from upswell.releases.auditing.subjects import RULES
from upswell.releases.auditing.verdicts import CODES

QUICK = ("--quick", "--seeds", 2)


@pytest.fixture(scope="module")
def found() -> list[Any]:
    return []


@pytest.fixture(autouse=True)
def _once(found: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Audit once, with few trees; the same tables are audited in each test."""
    monkeypatch.setattr(run, "QUICK_TREES", 3)
    first = run.audit_tables

    def audit_tables(*given: Any, **options: Any) -> Any:
        if not found:
            found.append(first(*given, **{**options, "only": {"views", "calendar", *RULES}}))
        return found[0]

    monkeypatch.setattr(run, "audit_tables", audit_tables)


@pytest.mark.usefixtures("here")
def test_an_audit_leaves_a_table_a_record_and_a_page(program: Program) -> None:
    answer = program("releases", "audit", "config.toml", *QUICK, "--out", "a")
    assert (answer.code, answer.err) == (0, "")
    assert {path.name for path in Path("a").iterdir()} == AUDIT_NAMES
    table = pl.read_csv("a/audit.csv")
    assert tuple(table.columns) == COLUMNS
    record = json.loads(Path("a/audit.json").read_text(encoding="utf-8"))
    assert [row["verdict"] for row in record["findings"]] == table["verdict"].to_list()
    assert record["command"] == "releases audit"
    # Why nothing can be said is said, too.
    assert record["codes"]
    for code, meaning in record["codes"].items():
        assert f"{code}: {meaning}" in answer.out
    page = Path("a/audit.html").read_text(encoding="utf-8")
    assert "drop the top 1%" in page
    for words in ("RMSLE", "hit recall", "calendar", "clip at 1.5 IQR", "Written to a"):
        assert words in answer.out


@pytest.mark.usefixtures("here")
def test_an_audit_answers_programs_in_json_and_writes_nothing(program: Program) -> None:
    before = set(Path.cwd().iterdir())
    answer = program("releases", "audit", "config.toml", *QUICK, "--json")
    assert (answer.code, answer.err) == (0, "")
    record = answer.json()
    assert record["seeds"] == 2
    assert {row["subject"] for row in record["findings"]} >= {"calendar", "clip", "drop", "raw"}
    assert set(Path.cwd().iterdir()) == before
    quiet = program("releases", "audit", "config.toml", *QUICK, "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


@pytest.mark.usefixtures("here")
def test_a_folder_with_foreign_files_is_kept(program: Program) -> None:
    Path("a").mkdir()
    Path("a/thesis.txt").write_text("mine")
    answer = program("releases", "audit", "config.toml", "--out", "a")
    assert (answer.code, answer.out) == (2, "")
    assert "thesis.txt" in answer.err
    assert Path("a/thesis.txt").read_text() == "mine"


@pytest.mark.usefixtures("here")
def test_one_seed_and_a_bad_setting_are_refused_before_the_tables_are_read(
    program: Program,
) -> None:
    answer = program("releases", "audit", "config.toml", "--seeds", 1)
    assert answer.code == 2
    put(settings().replace("final_days", "finale_days"))
    answer = program("releases", "audit", "config.toml")
    assert answer.code == 2
    assert "finale_days" in answer.err


@pytest.mark.usefixtures("here")
def test_the_files_of_an_audit_are_documented(program: Program) -> None:
    text = section(read("docs/reference.md"), "Files of an audit")

    def listed(head: str) -> list[list[str]]:
        start = text.index(f"| {head} |")
        return rows(text[start:].split("\n\n")[0])

    assert tuple(code for row in listed("column of the audit") for code in codes(row[0])) == COLUMNS
    assert {codes(row[0])[0]: row[1] for row in listed("code of a finding")} == CODES
    program("releases", "audit", "config.toml", *QUICK, "--out", "a")
    record = json.loads(Path("a/audit.json").read_text(encoding="utf-8"))
    keys = {
        re.split(r"[.\[]", code)[0] for row in listed("key of an audit") for code in codes(row[0])
    }
    assert set(record) == keys
