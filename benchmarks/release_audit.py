"""The audit on simulated worlds whose truth is known: bought likes, a top 1%, and pure noise.

Run ``python benchmarks/release_audit.py --out FILE [--worlds 100 --only likes,noise]``
to audit worlds; each adds a line of JSON to the file, worlds that are there already are passed
over, and the table for ``docs/benchmarks.md`` is printed at the end.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import polars as pl

from upswell.releases import load_config
from upswell.releases.auditing import run
from upswell.releases.auditing.learner import lean_learner
from upswell.releases.tables import read_tables
from upswell.simulate import simulate_releases

BOUNDS = [20_000.0, 200_000.0]


def main() -> None:
    """Audit the worlds that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--worlds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1, help="seed of the first world")
    parser.add_argument("--releases", type=int, default=3000)
    parser.add_argument("--seeds", type=int, default=run.SEEDS)
    parser.add_argument("--trees", type=int, default=run.TREES)
    parser.add_argument("--bounds", type=float, nargs=2, default=BOUNDS, help="of the tiers")
    parser.add_argument("--only", help="subjects, such as likes,noise,drop; by default all")
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    done = _read(arguments.out)
    for world in range(arguments.first, arguments.first + arguments.worlds):
        if not any(line["world"] == world for line in done):
            line = audit_world(world, arguments)
            done.append(line)
            with arguments.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
    print(tables(done))


def audit_world(world: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """Audit one world with a metric of pure noise among its signals."""
    simulated = simulate_releases(arguments.releases, None, seed=world)
    config = load_config(
        {
            "releases": {"source": simulated.releases},
            "signals": {"source": with_noise(simulated.signals, world)},
            "outcomes": {"source": simulated.outcomes},
            "tiers": {"bounds": arguments.bounds},
        }
    )
    start, cpu = perf_counter(), process_time()
    with read_tables(config) as raw:
        found = run.audit_tables(
            raw,
            config,
            learner=lean_learner(arguments.trees),
            seeds=arguments.seeds,
            seed=0,
            workers=arguments.workers,
            only=arguments.only.split(",") if arguments.only else None,
        )
    facts = {name: found.facts[name] for name in ("releases", "weeks", "hits", "base", "scores")}
    return {
        "world": world,
        "wall": perf_counter() - start,
        "cpu": process_time() - cpu,
        **facts,
        "findings": found.frame.select(
            *("subject", "measure", "verdict", "gain", "low", "high"),
            *("over_random", "over_permuted", "p", "p_holm", "score_with", "score_without"),
        ).to_dicts(),
    }


def with_noise(signals: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return signals with a metric that is drawn for each release and says nothing of it."""
    rng = np.random.default_rng([seed, 99])
    names = signals["release"].unique(maintain_order=True)
    drawn = pl.DataFrame({"release": names, "drawn": np.exp(rng.normal(7.0, 1.5, len(names)))})
    rows = pl.Series("weight", rng.random(signals.height))
    share = pl.col("weight") / pl.col("weight").sum().over("release")
    return (
        signals.with_columns(rows)
        .join(drawn, on="release", how="left", maintain_order="left")
        .with_columns(noise=(share * pl.col("drawn")).round().cast(pl.Int64))
        .drop("weight", "drawn")
    )


def tables(lines: list[dict[str, Any]]) -> str:
    """Return how often each subject got each verdict, as Markdown."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    gains: dict[tuple[str, str], list[float]] = defaultdict(list)
    for line in lines:
        for row in line["findings"]:
            key = row["subject"], row["measure"]
            counts[key][row["verdict"]] += 1
            gains[key] += [] if row["gain"] is None else [row["gain"]]
    made = [
        f"{len(lines)} worlds; {np.mean([line['cpu'] for line in lines]):.0f} s each; hits "
        + " ".join(str(line["hits"]) for line in lines),
        "",
        "| subject | measure | helps | hurts | unclear | median gain |",
        "|---|---|---|---|---|---|",
    ]
    for (subject, measure), own in counts.items():
        middle = np.median(gains[subject, measure]) if gains[subject, measure] else np.nan
        made.append(
            f"| {subject} | {measure} | {own['helps']} | {own['hurts']} | {own['unclear']} "
            f"| {middle:+.3f} |"
        )
    return "\n".join(made)


def _read(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
