"""The commands as a whole: help, cheap start, usage errors."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import upswell
from cli.running import Program, environment

COMMANDS = ("forecast", "backtest", "explain", "train", "check", "simulate", "releases")
HEAVY = (
    "torch",
    "catboost",
    "duckdb",
    "statsforecast",
    "polars",
    "pandas",
    "pyarrow",
    "scipy",
    "numpy",
    "rich.table",
)


def _loaded(*words: str) -> list[str]:
    """Run the program in a process of its own; return the heavy modules that it loaded."""
    code = (
        "import json, sys\n"
        "from upswell.cli._run import run\n"
        f"code = run({list(words)!r})\n"
        "assert code == 0, code\n"
        f"found = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "print(json.dumps(found), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
    )
    found: list[str] = json.loads(done.stderr.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("--version",),
        ("forecast", "--help"),
        ("train", "-h"),
        ("releases", "train", "-h"),
    ],
)
def test_help_and_version_load_nothing_heavy(words: tuple[str, ...]) -> None:
    assert _loaded(*words) == []


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_command(flag: str, program: Program) -> None:
    found = program(flag)
    assert (found.code, found.err) == (0, "")
    for command in COMMANDS:
        assert f"  {command} " in found.out
    # A summary that is cut says nothing at all.
    assert "..." not in found.out.split("Commands:")[1]


OPTIONS = {
    "forecast": """--horizon --time --item --value --group --start-date --cumulative --on-duplicate
        --missing --timezone --model --seed --paths --out --json --quiet""",
    "backtest": "--windows --models --out --horizon --json --quiet",
    "explain": """--horizon --time --item --value --group --model --series --without-burst --seed
        --png --out --json --quiet""",
    "train": """--layers --units --dropout --sequence-length --learning-rate --batch-size --epochs
        --patience --strategy --device --seed --out""",
    "check": "--time --item --value --group --json --quiet",
    "simulate creators": "--creators --days --seed --out",
    "simulate releases": "--releases --rows --seed --out --format --quiet",
    "releases train": "--trials --timeout --resume --seed --out --json --quiet",
    "releases score": "--signals --releases --as-of --since --out --json --quiet",
    "releases evaluate": "--trials --seed --out --json --quiet",
    "releases features": "--out --json --quiet",
}


@pytest.mark.parametrize("command", OPTIONS)
def test_every_command_has_its_options(command: str, program: Program) -> None:
    found = program(*command.split(), "--help")
    assert found.code == 0
    for option in OPTIONS[command].split():
        assert option in found.out.split()


def test_the_version_is_shown(program: Program) -> None:
    assert program("--version").out == f"upswell {upswell.__version__}\n"


@pytest.mark.parametrize("words", [(), ("simulate",), ("releases",)])
def test_without_a_command_the_help_is_shown_as_a_mistake(
    words: tuple[str, ...], program: Program
) -> None:
    found = program(*words)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("Usage: upswell")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("forecast", "v.csv", "--wrong"), ("--wrong", "upswell forecast --help")),
        (("forecast",), ("INPUT", "upswell forecast --help")),
        (("forecast", "v.csv", "--horizon"), ("--horizon",)),
        (("forecast", "v.csv", "--horizon", "0"), ("--horizon", "1")),
        (("forecast", "v.csv", "--horizon", "ten"), ("--horizon", "integer")),
        (("forecast", "v.csv", "--seed", "-1"), ("--seed",)),
        (("forecast", "v.csv", "--missing", "guess"), ("--missing", "'guess'", "'gap'", "'zero'")),
        (("check", "v.csv", "--on-duplicate", "first"), ("--on-duplicate", "'last'")),
        (("forcast", "v.csv"), ("forcast", "forecast")),
        (("backtest", "v.csv", "--windows", "0"), ("--windows",)),
        (("simulate", "creators"), ("--out",)),
        (("simulate", "releases"), ("--out",)),
        (("simulate", "releases", "--out", "x", "--format", "xlsx"), ("--format", "'parquet'")),
        (("train", "v.csv"), ("--out", "upswell train --help")),
    ],
)
def test_misuse_is_one_block_that_points_to_the_help(
    words: tuple[str, ...], expected: tuple[str, ...], program: Program
) -> None:
    found = program(*words)
    assert (found.code, found.out) == (2, "")
    found.says("upswell: usage: ", "what to do: see upswell", *expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("forecast", "absent.csv", "--model", "oracle"), ('"oracle"', "theta-log")),
        (("backtest", "absent.csv", "--models", "oracle,ets"), ('"oracle"', "theta-log")),
        (("backtest", "absent.csv", "--models", ","), ("--models",)),
        (("forecast", "absent.csv", "--start-date", "soon"), ('"soon"', "--start-date")),
        (("forecast", "absent.csv", "--timezone", "Mars/Base"), ('"Mars/Base"', "--timezone")),
    ],
)
def test_a_setting_that_cannot_be_is_named_before_the_input_is_read(
    words: tuple[str, ...], expected: tuple[str, ...], program: Program
) -> None:
    found = program(*words)
    assert (found.code, found.out) == (2, "")
    found.says("upswell: error: ", "what to do", *expected)
