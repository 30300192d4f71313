"""``upswell releases score``: the page of the week, and what earlier commands put into it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from cli.releases_world import TABLES
from cli.running import Program
from cli.test_releases_money import earning, scored
from upswell.cli.releases._earlier import audit_in, review_in
from upswell.errors import SourceError
from upswell.releases.deciding import CODES

__all__ = ["earning"]  # a fixture

FINDING = {
    "title": "likes <b>",
    "kind": "signals",
    "measure": "rmsle",
    "verdict": "unclear",
    "gain": -0.01,
    "low": None,
    "high": 0.02,
    "p": 1,
}
UNIT = "EUR for 100 releases tested"
REVIEW = pl.DataFrame(
    {
        "release": ["one", "two", "three"],
        "status": ["judged", "judged", "waiting"],
        "model": ["hold", "promote", "promote"],
        "person": ["promote", None, None],
        "by": ["Ana", None, None],
        "note": ["heard it live", None, None],
        "without_promotion": [41_000.0, 900.5, None],
        "model_profit": [0.0, -380.0, None],
        "person_profit": [220.0, None, None],
        "more": ["a", "b", "c"],
    }
)


def put_audit(folder: str = "audit", **changed: object) -> Path:
    Path(folder).mkdir()
    record = {
        "command": "releases audit",
        "findings": [{**FINDING, **changed}],
        "cost": {"unit": UNIT},
    }
    (Path(folder) / "audit.json").write_text(json.dumps(record), encoding="utf-8")
    return Path(folder)


def put_review(frame: pl.DataFrame = REVIEW) -> Path:
    Path("review").mkdir()
    frame.write_csv("review/review.csv")
    return Path("review")


@pytest.mark.usefixtures("here")
def test_the_page_holds_what_earlier_commands_found(program: Program, trained: Path) -> None:
    words = ("--audit", put_audit(), "--review", put_review(), "--out", "week", "--quiet")
    found = program("releases", "score", trained, *TABLES, *words)
    assert (found.code, found.err) == (0, "")
    page = Path("week/report.html").read_text(encoding="utf-8")
    assert "likes &lt;b&gt;" in page
    assert "heard it live" in page
    first = pl.read_csv("week/scores.csv")["release"][0]
    assert f'<a href="#release-1"><bdi>{first}</bdi></a>' in page


@pytest.mark.usefixtures("here")
def test_without_a_page_an_old_one_does_not_stay(program: Program, trained: Path) -> None:
    for words in ((), ("--no-page",)):
        program("releases", "score", trained, *TABLES, "--out", "week", "--quiet", *words)
        assert Path("week/report.html").exists() is not bool(words)
    found = program(
        "releases", "score", trained, *TABLES, "--out", "week", "--no-page", "--audit", put_audit()
    )
    assert (found.code, found.out) == (2, "")
    found.says("--audit stands in the page, and there is to be none", "--no-page")


@pytest.mark.usefixtures("here")
def test_a_folder_without_an_audit_is_told_before_the_work(program: Program, trained: Path) -> None:
    Path("empty").mkdir()
    for option, command in (("--audit", "audit"), ("--review", "review")):
        words = ("--out", "week", option, "empty")
        found = program("releases", "score", trained, *TABLES, *words)
        assert (found.code, found.out) == (2, "")
        found.says(f"the folder holds no {command}", f"upswell releases {command}")
    assert not Path("week").exists()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"findings": 3}', '{"findings": [{"title": "a"}]}', '{"findings": [3]}'],
)
def test_a_damaged_audit_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "audit.json").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match="is not as upswell releases audit writes it"):
        audit_in(tmp_path)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("changed", [{"gain": "much"}, {"title": 3}, {"low": [1]}])
def test_findings_of_the_wrong_kind_are_refused(changed: dict[str, object]) -> None:
    with pytest.raises(SourceError):
        audit_in(put_audit(**changed))


@pytest.mark.usefixtures("here")
def test_findings_come_back_as_they_were() -> None:
    (row,) = audit_in(put_audit()).to_dicts()
    assert row == {name: FINDING[name] for name in FINDING if name != "p"} | {"unit": UNIT}


@pytest.mark.usefixtures("here")
def test_a_review_gives_a_line_for_each_decision_that_was_judged() -> None:
    assert review_in(put_review()).rows() == [
        ("one", 41_000.0, "model", "hold", "", 0.0),
        ("one", 41_000.0, "Ana", "promote", "heard it live", 220.0),
        ("two", 900.5, "model", "promote", "", -380.0),
    ]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "frame", [REVIEW.drop("by"), REVIEW.with_columns(model_profit=pl.lit("much"))]
)
def test_a_damaged_review_is_refused(frame: pl.DataFrame) -> None:
    with pytest.raises(SourceError, match="is not as upswell releases review writes it"):
        review_in(put_review(frame))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "review.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError):
        review_in(tmp_path)


@pytest.mark.usefixtures("here")
def test_decisions_and_their_price_stand_in_the_page(program: Program, earning: Path) -> None:
    assert scored(program, earning, "--quiet").code == 0
    page = Path("s/report.html").read_text(encoding="utf-8")
    for words in (
        '<span class="status promote">promote</span>',
        'data-chart="caution"',
        'data-chart="reliability-0"',
        CODES["over-budget"],
        "=EUR",
    ):
        assert words in page
