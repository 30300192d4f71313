"""Whole-process time and peak memory of the commands that people wait for.

Run ``python benchmarks/speed.py [--runs 5]``; it prints a Markdown table for
``docs/benchmarks.md``. Each figure stands beside ``python -c pass`` of the same run, since
machines differ and are noisy.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from upswell.simulate import simulate_creators, write_creators

PYTHON = sys.executable
UPSWELL = [PYTHON, "-m", "upswell"]
LAUNCHER = """
import os, sys, time
start = time.perf_counter()
quiet = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", 1, 0)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - start, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True)
class Case:
    """A command and the most that it may take, in seconds and in MB."""

    name: str
    command: list[str]
    seconds: float | None = None
    megabytes: float | None = None


def main() -> None:
    """Run all cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        cases = prepare(Path(folder))
        base = statistics.median(measure(cases[0].command)[0] for _ in range(runs))
        print("| what | median s | of python -c pass | target s | peak MB | target MB |")
        print("|---|---|---|---|---|---|")
        for case in cases:
            found = [measure(case.command) for _ in range(runs)]
            seconds = statistics.median(second for second, _ in found)
            megabytes = max(peak for _, peak in found)
            print(
                f"| {case.name} | {seconds:.2f} | {seconds / base:.0f}x | {case.seconds or '-'} "
                f"| {megabytes:.0f} | {case.megabytes or '-'} |",
                flush=True,
            )


def prepare(folder: Path) -> list[Case]:
    """Write the inputs and return the cases."""
    small, large = folder / "500.csv", folder / "million.csv"
    write_creators(simulate_creators(10, 50, seed=1), small)
    write_million(large)
    return [
        Case("python -c pass", [PYTHON, "-c", "pass"]),
        Case("import upswell", [PYTHON, "-c", "import upswell"], seconds=0.5),
        Case("upswell --help", [*UPSWELL, "--help"], seconds=0.5),
        Case(
            "upswell forecast, 500 rows, auto",
            [*UPSWELL, "forecast", str(small), "--out", str(folder / "out")],
            seconds=1.5,
        ),
        Case(
            "upswell forecast, 500 rows, lstm-pretrained",
            [
                *UPSWELL,
                *("forecast", str(small), "--model", "lstm-pretrained"),
                *("--out", str(folder / "out-lstm")),
            ],
            seconds=1.5,
        ),
        Case(
            "upswell check, 1 million rows of CSV",
            [*UPSWELL, "check", str(large)],
            seconds=3.0,
            megabytes=500.0,
        ),
    ]


def write_million(path: Path) -> None:
    """Write 1,000 creators of 1,000 days."""
    generator = np.random.default_rng(0)
    creators, days = 1000, 1000
    level = generator.lognormal(9.0, 1.5, creators)[:, None]
    week = 1.0 + 0.3 * np.sin(2 * np.pi * np.arange(days) / 7.0)
    views = generator.poisson(level * week * generator.lognormal(0.0, 0.2, (creators, days)))
    first = dt.date(2022, 1, 1)
    dates = pl.date_range(first, first + dt.timedelta(days=days - 1), eager=True)
    pl.DataFrame(
        {
            "date": pl.concat([dates] * creators),
            "creator": np.repeat([f"creator-{i:04d}" for i in range(creators)], days),
            "category": np.repeat([f"category-{i % 12}" for i in range(creators)], days),
            "views": views.ravel(),
        }
    ).write_csv(path)


def measure(command: list[str]) -> tuple[float, float]:
    """Run a command and return its wall time in seconds and its peak memory in MB."""
    # A child starts with the peak of the process that forks it: a small one must fork.
    answer = subprocess.run(
        [PYTHON, "-I", "-S", "-c", LAUNCHER, *command], capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed: {answer.stderr}")
    seconds, kilobytes = answer.stdout.split()
    return float(seconds), float(kilobytes) / 1024.0


if __name__ == "__main__":
    main()
