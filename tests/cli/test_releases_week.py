"""``upswell releases score``: the page of the week, and what earlier commands put into it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from cli.releases_world import TABLES
from cli.running import Program
from cli.test_releases_money import earning, scored
from releases.decisions import REVIEWED
from upswell.releases import AuditedReleases
from upswell.releases.auditing import save_audit
from upswell.releases.auditing.subjects import Subject
from upswell.releases.auditing.verdicts import Finding
from upswell.releases.deciding import CODES

__all__ = ["earning"]  # a fixture

UNIT = "EUR for 100 releases tested"
FINDING = Finding(
    subject=Subject("likes <b>", "signals", ("likes_w",)),
    measure="cost",
    verdict="unclear",
    gain=-0.01,
    low=float("nan"),
    high=0.02,
    over_random=0.0,
    over_permuted=0.0,
    seed_error=0.0,
    p=1.0,
    p_holm=1.0,
    scores=(1.0, 0.99, 1.0, 1.0),
    codes=(),
)


def put_audit() -> Path:
    groups = [{"name": "likes <b>", "features": ["likes_w"]}]
    facts = {"groups": groups, "cost": {"unit": UNIT}}
    save_audit(AuditedReleases((FINDING,), facts), "audit")
    return Path("audit")


def put_review() -> Path:
    Path("review").mkdir()
    REVIEWED.write_csv("review/review.csv")
    return Path("review")


@pytest.mark.usefixtures("here")
def test_the_page_holds_what_earlier_commands_found(program: Program, trained: Path) -> None:
    words = ("--audit", put_audit(), "--review", put_review(), "--out", "week", "--quiet")
    found = program("releases", "score", trained, *TABLES, *words)
    assert (found.code, found.err) == (0, "")
    page = Path("week/report.html").read_text(encoding="utf-8")
    assert "likes &lt;b&gt;" in page
    assert f"saved, {UNIT}" in page
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
