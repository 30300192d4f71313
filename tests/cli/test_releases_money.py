"""``upswell releases score`` with money: decisions, their files, and bad settings."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from cli.releases_world import TABLES
from cli.running import Outcome, Program, contents
from cli.test_releases_reference import OPEN_KEYS, _listed, _table
from documents import keys_of
from releases.deciding.making import past
from upswell.releases import load_trained
from upswell.releases.deciding import CODES
from upswell.releases.saving import SCORE_NAMES

MONEY = """\
[money]
cost = 20
value = 0.02
uplift = 0.5
budget = 45
caution = 1.5
currency = "=EUR"
"""


def scored(program: Program, bundle: Path, *words: object, money: str = MONEY) -> Outcome:
    Path("money.toml").write_text(money, encoding="utf-8")
    asked = (*TABLES, "--since", "2025-05-20", "--money", "money.toml", "--out", "s")
    return program("releases", "score", bundle, *asked, *words)


@pytest.fixture(scope="session")
def earning(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same bundle with evidence."""
    bundle = tmp_path_factory.mktemp("earning") / "releases.bundle"
    replace(load_trained(trained), kept={"evidence": past()}).save(bundle)
    return bundle


@pytest.mark.usefixtures("here")
def test_decisions_are_written_and_documented(program: Program, earning: Path) -> None:
    found = scored(program, earning)
    assert (found.code, found.err) == (0, "")
    assert {path.name for path in Path("s").iterdir()} == SCORE_NAMES
    scores = pl.read_csv("s/scores.csv")
    title = "Files of a scoring"
    assert scores.columns[-3:] == _listed(_table(title, "column with money"))
    assert scores["expected_profit"].drop_nulls().is_sorted(descending=True)
    assert scores.filter(decision="promote").height == 2
    price = pl.read_csv("s/caution.csv")
    assert price.columns == _listed(_table(title, "column of the price"))
    bounded = scored(program, earning, "--no-page", money=f"{MONEY}[money.bound]\n")
    assert bounded.code == 0
    record = json.loads(Path("s/run.json").read_text(encoding="utf-8"))
    documented = set(_listed(_table(title, "key with money")))
    keys = {
        key for key in keys_of({"money": record["money"]}, OPEN_KEYS) if ".settings." not in key
    }
    assert {key.split("[")[0] for key in keys} | {"money.settings"} == documented
    settings = _table("Money", "setting of money")
    assert _listed(settings) == list(record["money"]["settings"])


@pytest.mark.usefixtures("here")
def test_the_terminal_says_what_is_funded_and_what_caution_would_have_brought(
    program: Program, earning: Path
) -> None:
    found = scored(program, earning)
    for words in (
        "Promotion costs 20 =EUR and pays from 2,000 streams; money lost weighs 1.5 times",
        "Promoted: 2 releases for 40 =EUR of 45 =EUR; watched: ",
        "The list is expected to make ",
        "On 200 releases of 2024-01-0",
        "  this rule: ",
        "  without caution: ",
        "  as many, by window total: ",
        "  by the log-linear line: ",
        f"  over-budget: {CODES['over-budget']}",
    ):
        assert words in found.out
    first = pl.read_csv("s/scores.csv").row(0, named=True)
    (line,) = [x for x in found.out.splitlines() if x.startswith(first["release"])]
    assert "promote" in line.split()


@pytest.mark.usefixtures("here")
def test_without_evidence_the_price_is_not_said_and_not_written(
    program: Program, trained: Path
) -> None:
    found = scored(program, trained, "--json")
    assert (found.code, found.err) == (0, "")
    record = found.json()
    assert record["money"]["evidence"]["status"] == "not-enough-evidence"
    assert {path.name for path in Path("s").iterdir()} == SCORE_NAMES - {"caution.csv"}
    text = scored(program, trained).out
    assert "The price of caution cannot be said (not-enough-evidence): the bundle was" in text


@pytest.mark.usefixtures("here")
def test_the_bound_is_said_by_terminal_page_and_record(program: Program, trained: Path) -> None:
    found = scored(program, trained, money=f"{MONEY}[money.bound]\nfalse_hits = 0.3\n")
    assert (found.code, found.err) == (0, "")
    said = json.loads(Path("s/run.json").read_text(encoding="utf-8"))["money"]["bound"]
    assert said["code"] == "bound-not-enough-evidence"
    sentence = "at most 30% false hits at 90% confidence cannot be held: the bundle keeps no"
    assert said["sentence"].startswith(sentence)
    assert f"A{sentence[1:]}" in found.out
    assert sentence in Path("s/report.html").read_text(encoding="utf-8")
    assert "promote" not in set(pl.read_csv("s/scores.csv")["decision"])


BAD = {
    "a key below": (MONEY.replace("cost = 20", "cost = -20"), ("[money] cost", "money.toml")),
    "a misspelt key": (MONEY.replace("uplift", "uplfit"), ("[money] uplfit", "[money] uplift")),
    "no number": (MONEY.replace("45", '"45"'), ("[money] budget must be a number",)),
    "two dials": (f"{MONEY}quantile = 0.2\n", ("[money] has both caution and quantile",)),
    "another section": (f"{MONEY}[tiers]\nbounds = [5]\n", ('no setting "tiers"',)),
    "no TOML": ("[money", ("no TOML", "money.toml, row 1")),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.usefixtures("here")
def test_bad_money_is_one_block_and_nothing_is_written(
    kind: str, program: Program, trained: Path
) -> None:
    text, words = BAD[kind]
    Path("money.toml").write_text(text, encoding="utf-8")
    before = contents(Path.cwd())
    found = scored(program, trained, money=text)
    assert (found.code, found.out) == (2, "")
    found.says(*words)
    assert contents(Path.cwd()) == before


@pytest.mark.usefixtures("here")
def test_a_file_of_money_that_is_not_there_is_named(program: Program, trained: Path) -> None:
    found = program("releases", "score", trained, *TABLES, "--money", "absent.toml", "--out", "s")
    assert found.code == 2
    found.says("absent.toml", "cannot be read")
