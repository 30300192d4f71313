"""The command that plans, and plans beside a forecast and a backtest."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cli.running import FAST, Program, contents, daily, table
from upswell.cli._run import run

PLAN = """
[unit]
views_per_hour = 10

[prices]
reserved = 0.06
on_demand = 0.10
"""
LIMITED = PLAN + "shortage = 0.5\n[limit]\nunits = 40\n[commitment]\nlead_time_days = 3\n"
LAUNCH = """
[[overlays]]
name = "launch"
kind = "multiply"
from = 2025-03-08
to = 2025-03-08
factor = 2.0
"""


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A forecast of 7 days after 60 days of two creators, with its paths; not to be changed."""
    home = tmp_path_factory.mktemp("saved")
    with contextlib.chdir(home):
        source = table(Path("views.csv"), daily())
        words = ["forecast", str(source), *FAST, "--paths", "--quiet", "--out", "forecast"]
        assert run(words) == 0
    return home / "forecast"


@pytest.fixture
def saved(made: Path, program: Program) -> Path:  # noqa: ARG001 - it sets the current folder
    """A copy of that forecast."""
    return Path(shutil.copytree(made, "saved"))


@pytest.fixture
def plan() -> Path:
    """A plan without limits."""
    return written(PLAN)


def written(text: str, name: str = "plan.toml") -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_answer_can_be_read_aloud(program: Program, saved: Path) -> None:
    done = program("plan", saved, "--plan", written(LIMITED))
    assert (done.code, done.err) == (0, "")
    text = " ".join(done.out.split())
    assert text.startswith("Commit to ")
    assert "The 7 days then cost" in text
    assert "80 times in 100 between" in text
    assert "The chance that some hour asks for more than the 40 units to be had is" in text
    for rule in ("least cost", "same as last month", "the mean hour", "the peak"):
        assert rule in text


def test_without_a_limit_it_says_so(program: Program, saved: Path, plan: Path) -> None:
    done = program("plan", saved, "--plan", plan)
    assert "There is no limit" in done.out
    assert "hours\nshort" not in done.out


def test_the_files_say_what_json_says(program: Program, saved: Path, plan: Path) -> None:
    done = program("plan", saved, "--plan", plan, "--out", "out", "--json")
    record = done.json()
    assert sorted(contents(Path("out"))) == ["plan.json", "report.html", "rules.csv", "units.csv"]
    rules = pl.read_csv("out/rules.csv")
    assert rules["commitment"][0] == record["commitment"]
    assert rules["expected"][0] == record["cost"]["expected"]
    again = program("plan", saved, "--plan", plan, "--out", "again", "--quiet")
    assert (again.code, again.out) == (0, "")
    assert contents(Path("again")) == contents(Path("out"))


def test_a_forecast_plans_at_once_and_to_the_same_figures(
    program: Program, good: Path, plan: Path
) -> None:
    done = program("forecast", good, *FAST, "--plan", plan, "--out", "out")
    assert done.code == 0
    assert "80 times in 100 the next 7 days" in done.out
    assert "Commit to " in done.out
    assert {"paths.parquet", "plan.json", "units.csv", "rules.csv"} <= set(contents(Path("out")))
    later = program("plan", "out", "--plan", plan, "--out", "later", "--quiet")
    assert later.code == 0
    for name in ("plan.json", "units.csv", "rules.csv"):
        assert Path("later", name).read_bytes() == Path("out", name).read_bytes()


def test_json_of_a_forecast_has_the_plan(program: Program, good: Path, plan: Path) -> None:
    record = program("forecast", good, *FAST, "--plan", plan, "--json").json()
    assert record["plan"]["commitment"] == record["plan"]["base"]["rules"][0]["commitment"]


def test_a_backtest_says_what_the_rules_would_have_cost(
    program: Program, good: Path, plan: Path
) -> None:
    words = ("--models", "seasonal-naive", "--windows", "2", "--horizon", "7", "--plan", plan)
    done = program("backtest", good, *words, "--out", "out")
    assert done.code == 0
    assert "Money: what 2 windows would have cost" in done.out
    money = pl.read_csv("out/money.csv")
    assert money.height == 2 * (3 + 2)
    assert money["regret"].min() == 0.0
    assert program("backtest", good, *words, "--json").json()["money"] == [
        {**row, "cutoff": str(row["cutoff"])} for row in money.to_dicts()
    ]


def test_the_figures_follow_from_the_saved_paths_by_plain_arithmetic(
    program: Program, saved: Path
) -> None:
    hours = [0.02] * 12 + [0.06] * 11 + [0.10]
    tier = "[[prices.tiers]]\nfrom = 12\nreserved = 0.05\n"
    limit = "[limit]\nunits = 43\n"
    unit = PLAN.replace("= 10\n", "= 10\nheadroom = 0.15\n")
    text = f"{unit}shortage = 0.5\n{tier}{limit}[profile]\nhours = {hours}\n"
    record = program("plan", saved, "--plan", written(text), "--json").json()
    paths = pl.read_parquet(saved / "paths.parquet").filter(pl.col("level") == "total")
    views = paths.sort("path", "date")["value"].to_numpy().reshape(-1, 7)
    units = np.ceil(views[:, :, None] * np.array(hours) * 1.15 / 10 - 1e-9)
    costs = {}
    for commitment in range(44):
        reserved = 0.06 * min(commitment, 11) + 0.05 * max(commitment - 11, 0)
        bought = np.clip(np.minimum(units, 43) - commitment, 0, None)
        missing = np.clip(units - 43, 0, None)
        by_path = (0.10 * bought + 0.50 * missing).sum(axis=(1, 2))
        costs[commitment] = 7 * 24 * reserved + by_path.mean()
    best = min(costs, key=costs.__getitem__)
    assert record["commitment"] == best
    assert record["cost"]["expected"] == pytest.approx(costs[best], rel=1e-12)
    curve = record["base"]["cost_curve"]
    for commitment, cost in zip(curve["commitments"], curve["expected"], strict=True):
        assert cost == pytest.approx(costs[commitment], rel=1e-12)
    short = (units > 43).any(axis=2)
    assert 0 < record["base"]["overload"]["chance"] < 1
    assert record["base"]["overload"]["chance"] == short.any(axis=1).mean()
    assert record["base"]["overload"]["by_day"] == short.mean(axis=0).tolist()
    enough = np.sort(units.max(axis=2), axis=0)[int(0.9 * len(units)) - 1]
    assert record["base"]["units"]["units90"] == enough.tolist()


def test_overlays_stand_beside_the_untouched_forecast(program: Program, saved: Path) -> None:
    done = program("plan", saved, "--plan", written(PLAN + LAUNCH))
    assert "This is with the overlays (launch)." in done.out


def test_the_example_is_a_plan(program: Program, saved: Path) -> None:
    done = program("plan", "--example")
    assert done.code == 0
    example = done.out.replace("horizon = 30", "horizon = 7")
    assert program("plan", saved, "--plan", written(example), "--quiet").code == 0


def test_names_from_a_plan_cannot_steer_the_terminal(program: Program, saved: Path) -> None:
    evil = PLAN + LAUNCH.replace("launch", "\\u001b[31mred")
    done = program("plan", saved, "--plan", written(evil))
    assert done.code == 0
    assert "\x1b" not in done.out


def tiers(*starts: int) -> str:
    return "".join(f"[[prices.tiers]]\nfrom = {start}\nreserved = 0.05\n" for start in starts)


BAD = {
    "no prices": ("[unit]\nviews_per_hour = 1\n", ["[prices] is missing"]),
    "no unit": ("[prices]\nreserved = 1\non_demand = 1\n", ["[unit] is missing"]),
    "no reserved": (PLAN.replace("reserved = 0.06", ""), ["[prices] reserved is missing"]),
    "no on-demand": (PLAN.replace("on_demand = 0.10", ""), ["[prices] on_demand is missing"]),
    "zero price": (PLAN.replace("0.06", "0"), ["[prices] reserved must be greater than 0"]),
    "negative price": (PLAN.replace("0.10", "-0.1"), ["[prices] on_demand must be greater than 0"]),
    "text for a price": (PLAN.replace("0.10", '"dear"'), ["[prices] on_demand must be a number"]),
    "infinite price": (PLAN.replace("0.10", "inf"), ["[prices] on_demand must be a finite number"]),
    "reserved above": (PLAN.replace("0.06", "0.2"), ["[prices] reserved (0.2) must not be above"]),
    "shortage below": (PLAN + "shortage = 0.01\n", ["[prices] shortage (0.01) must not be below"]),
    "unknown key": (
        PLAN + "reservd = 1\n",
        ['"[prices] reservd"', "did you mean [prices] reserved"],
    ),
    "unknown section": (PLAN + "[price]\n", ['"price"', "did you mean [prices]"]),
    "key astray": ("headroom = 0.1\n" + PLAN, ['"headroom"', "it belongs under [unit]"]),
    "no views": (PLAN.replace("10\n", "0\n", 1), ["[unit] views_per_hour must be greater than 0"]),
    "headroom": (PLAN.replace("= 10\n", "= 10\nheadroom = -1\n", 1), ["[unit] headroom must be"]),
    "profile too long": (
        PLAN + "[profile]\nhours = [0.5, 0.5]\n",
        ["[profile] hours", "24 shares"],
    ),
    "profile sum": (
        PLAN + f"[profile]\nhours = {[0.04] * 24}\n",
        ["[profile] hours must sum to 1, but its shares sum to 0.96"],
    ),
    "profile twice": (
        PLAN + f"[profile]\nhours = {[1 / 24] * 24}\npeak_to_average = 2\n",
        ["[profile] takes hours or peak_to_average"],
    ),
    "flatter than flat": (
        PLAN + "[profile]\npeak_to_average = 0.9\n",
        ["[profile] peak_to_average must be from 1 to 20"],
    ),
    "tiers overlap": (PLAN + tiers(10, 10), ["[[prices.tiers]] overlap", "number 2"]),
    "tiers fall": (PLAN + tiers(10, 5), ["[[prices.tiers]] overlap", "number 2 is from 5"]),
    "tier too dear": (PLAN + tiers(10).replace("0.05", "0.07"), ["[[prices.tiers]] number 1"]),
    "tier with an end": (PLAN + tiers(10) + "to = 5\n", ['"[[prices.tiers]] number 1: to"']),
    "limit without price": (PLAN + "[limit]\nunits = 5\n", ["[prices] shortage is missing"]),
    "empty limit": (PLAN + "shortage = 1\n[limit]\n", ["[limit] needs units or on_demand"]),
    "limit below existing": (
        PLAN + "shortage = 1\n[limit]\nunits = 5\n[commitment]\nexisting = 6\n",
        ["[limit] units (5) must not be below [commitment] existing (6)"],
    ),
    "fractional units": (
        PLAN + "[commitment]\nexisting = 1.5\n",
        ["[commitment] existing must be a whole number"],
    ),
    "overlay without factor": (
        PLAN + LAUNCH.replace("factor = 2.0", ""),
        ['[[overlays]] "launch": factor is missing'],
    ),
    "overlay backwards": (
        PLAN + LAUNCH.replace("to = 2025-03-08", "to = 2025-03-07"),
        ['[[overlays]] "launch": from (2025-03-08) must not be after to'],
    ),
    "no toml": (PLAN + "a = \n", ["the settings are no TOML", "row 8"]),
}
"""Plans that are wrong whatever the forecast: text, and what the error says."""


@pytest.mark.parametrize("case", BAD)
def test_a_plan_that_makes_no_sense_is_refused_with_its_key(program: Program, case: str) -> None:
    text, words = BAD[case]
    done = program("plan", "no/such/folder", "--plan", written(text), "--out", "out")
    assert (done.code, done.out) == (2, "")
    done.says(*words, "plan.toml")
    assert not Path("out").exists()


FIT = {
    "another horizon": ("horizon = 30\n" + PLAN, ["horizon is 30 days in the plan", "has 7"]),
    "limit below use": (LIMITED.replace("= 40", "= 3"), ["[limit] units (3) is below today's use"]),
    "unknown series": (PLAN + LAUNCH + 'series = "zoe"\n', ['"launch": series "zoe" is no']),
    "day outside": (
        PLAN + LAUNCH.replace("to = 2025-03-08", "to = 2025-04-08"),
        ['"launch": to (2025-04-08) lies outside', "2025-03-07 to 2025-03-13"],
    ),
    "number for a date": (
        PLAN + LAUNCH.replace("2025-03-08", "8"),
        ['"launch": from is a number (8), but the panel has dates'],
    ),
}
"""Plans that do not fit the forecast."""


@pytest.mark.parametrize("case", FIT)
def test_a_plan_that_does_not_fit_is_refused_by_each_command(
    program: Program, saved: Path, good: Path, case: str
) -> None:
    text, words = FIT[case]
    plan = written(text)
    for command in (("plan", saved), ("forecast", good, *FAST)):
        done = program(*command, "--plan", plan, "--out", "out")
        assert done.code == 2
        done.says(*words)
        assert not Path("out").exists()


def test_a_backtest_looks_at_its_plan_before_the_work(program: Program, good: Path) -> None:
    done = program("backtest", good, "--plan", written("horizon = 9\n" + PLAN), "--out", "out")
    done.says("horizon is 9 days in the plan")
    assert done.code == 2


def test_a_plan_that_is_not_there_is_named(program: Program, saved: Path) -> None:
    done = program("plan", saved, "--plan", "none.toml")
    assert done.code == 2
    done.says("none.toml", "check the path")


def test_a_folder_without_paths_says_how_to_get_them(program: Program, saved: Path) -> None:
    folder = Path("bare")
    shutil.copytree(saved, folder)
    (folder / "paths.parquet").unlink()
    done = program("plan", folder, "--plan", written(PLAN))
    assert done.code == 2
    done.says("--paths")


def test_without_a_folder_of_its_own_the_plan_goes_to_its_forecast(
    program: Program, saved: Path, plan: Path
) -> None:
    before = contents(saved)
    done = program("plan", saved, "--plan", plan)
    assert f"Written to {saved}" in done.out
    first = contents(saved)
    assert set(first) - set(before) == {"plan.json", "report.html", "rules.csv", "units.csv"}
    assert {name: first[name] for name in before} == before
    # Another plan takes its place, charts included; the same folder by name is no other.
    assert program("plan", saved, "--plan", plan, "--png", "--quiet").code == 0
    charts = {name for name in contents(saved) if name.endswith(".png")}
    other = program("plan", saved, "--plan", written(LIMITED), "--out", saved, "--quiet")
    assert (other.code, other.out) == (0, "")
    last = contents(saved)
    assert last["plan.json"] != first["plan.json"]
    assert charts < {name for name in last if name.endswith(".png")}
    assert {name: last[name] for name in before} == before


def test_another_forecast_is_never_replaced_by_a_plan(program: Program, saved: Path) -> None:
    folder = Path("mine")
    shutil.copytree(saved, folder)
    before = contents(folder)
    done = program("plan", saved, "--plan", written(PLAN), "--out", folder)
    assert done.code == 2
    done.says("not ours to replace")
    assert contents(folder) == before
