"""The command ``upswell releases monitor``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from upswell.cli._clock import Clock
from upswell.cli._options import Manner
from upswell.cli._output import check_out, keep_inputs
from upswell.cli._show import count, say, table, working
from upswell.cli._undisturbed import load
from upswell.cli.releases._answer import answer
from upswell.cli.releases._options import one_or_many
from upswell.cli.releases._origin import origin_of

if TYPE_CHECKING:
    from upswell.releases.watching.monitoring import MonitoredReleases

__all__ = ["EXIT_CODES", "run_releases_monitor"]

EXIT_CODES = {"keep": 0, "retrain": 4, "suspend decisions": 5}
"""Exit code of each verdict."""


def run_releases_monitor(
    bundle: Path,
    manner: Manner,
    *,
    signals: list[str],
    outcomes: list[str],
    releases: list[str] | None,
    scores: list[Path] | None,
    as_of: str | None,
    out: Path | None,
) -> int:
    """Read, hold the bundle against what came, write and print; return the exit code."""
    clock = Clock()
    load("duckdb", "polars", "upswell.releases.scoring")
    from upswell.cli._json import answer_refusals
    from upswell.releases import monitor
    from upswell.releases.watching.saving import MONITOR_NAMES, save_monitoring

    check_out(out, MONITOR_NAMES)
    clock.lap("load")
    with answer_refusals(manner), working("Monitoring", manner.talks):
        found = monitor(
            bundle,
            signals=one_or_many(signals),
            outcomes=one_or_many(outcomes),
            releases=one_or_many(releases),
            scores=scores or None,
            as_of=as_of,
        )
        clock.lap("monitor")
    origin = origin_of(found.record)
    keep_inputs(origin.sources, out)
    record = save_monitoring(found, out, clock.laps)
    answer(manner, origin, record=lambda: record, show=lambda: _show(found), out=out)
    return EXIT_CODES[found.verdict]


def _show(found: MonitoredReleases) -> None:
    """Print the tests and the verdict."""
    record = found.record
    say()
    say(
        f"{count(record['releases'], 'release')} of {record['first']} to {record['last']} came "
        f"after the bundle; {count(record['outcomes'], 'outcome')} known by {found.as_of}."
    )
    if record["told"] is not None:
        say(f"The past scores speak of {record['told']:,} of them; of others nothing is judged.")
    lines = [
        [one.test, one.code, one.sentence, "-" if one.p_value is None else f"{one.p_value:.2g}"]
        for one in found.tests
    ]
    table(["test", "found", "p"], [[test, code, p] for test, code, _, p in lines], left=2)
    for test, _, sentence, _ in lines:
        say(f"  {test}: {sentence}")
    say()
    say(f"Verdict: {found.verdict}.")
