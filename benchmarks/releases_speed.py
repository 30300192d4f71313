"""How long the release job takes: features, training, scoring, a world of 71 million rows.

Run ``python benchmarks/releases_speed.py [--only features,train,score,world] [--trials 60]``. The
whole process is timed, imports included, but for the features, which are timed with and without
the reading of the tables.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import polars as pl

from upswell.releases import load_config
from upswell.releases.gate import features_at
from upswell.releases.tables import read_tables
from upswell.simulate import simulate_releases, write_releases

UPSWELL = [sys.executable, "-m", "upswell"]
RELEASES, ROWS = 20_000, 1_400_000


def main() -> None:
    """Time what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="features,train,score,world")
    parser.add_argument("--trials", type=int, default=60)
    arguments = parser.parse_args()
    wanted = arguments.only.split(",")
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        tables, bundle = folder / "tables", folder / "releases.bundle"
        write_releases(simulate_releases(RELEASES, ROWS, seed=3), tables)
        if "features" in wanted:
            _features(tables)
        if "train" in wanted:
            command = ["releases", "train", str(tables / "config.toml"), "--out", str(bundle)]
            _timed(
                f"train, {RELEASES:,} releases, {arguments.trials} trials",
                [*command, "--trials", str(arguments.trials), "--quiet"],
            )
        if "score" in wanted and bundle.exists():
            _score(tables, bundle, folder)
        if "world" in wanted:
            size = ["--releases", "200000", "--rows", "71000000"]
            command = ["simulate", "releases", *size, "--out", str(folder / "large"), "--quiet"]
            _timed("simulate 71 million rows", command)


def _features(tables: Path) -> None:
    config = load_config(tables / "config.toml")
    rows = pl.scan_parquet(tables / "signals.parquet").select(pl.len()).collect().item()
    start = perf_counter()
    with read_tables(config) as read:
        done = perf_counter() - start
        seconds = []
        for _ in range(3):
            start = perf_counter()
            found = features_at(read, window=7, horizons=(14, 30))
            seconds.append(perf_counter() - start)
    print(
        f"- {found.features.width} features of {len(found):,} releases from {rows:,} rows: "
        f"{sorted(seconds)[1]:.2f} s, after reading in {done:.2f} s",
        flush=True,
    )


def _score(tables: Path, bundle: Path, folder: Path) -> None:
    releases = pl.read_parquet(tables / "releases.parquet").drop_nulls("release_date")
    since = releases["release_date"].sort(descending=True)[10_000]
    inputs = ["--signals", str(tables / "signals.parquet")]
    inputs += ["--releases", str(tables / "releases.parquet"), "--since", str(since)]
    command = ["releases", "score", str(bundle), *inputs, "--out", str(folder / "scores")]
    _timed("score 10,000 releases", [*command, "--quiet"])


def _timed(name: str, command: list[str]) -> None:
    start = perf_counter()
    subprocess.run([*UPSWELL, *command], check=True)
    print(f"- {name}: {perf_counter() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
