"""The command ``upswell releases audit``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.cli._clock import Clock
from upswell.cli._options import Manner
from upswell.cli._output import check_out, keep_inputs
from upswell.cli._show import count, say, table
from upswell.cli._undisturbed import load
from upswell.cli.releases._answer import answer
from upswell.cli.releases._origin import origin_of
from upswell.cli.releases._steps import steps

if TYPE_CHECKING:
    from upswell.releases.auditing import AuditedReleases

__all__ = ["run_releases_audit"]

_TITLES = {"rmsle": "RMSLE", "hit_recall": "hit recall", "cost": "cost"}


def run_releases_audit(
    config: Path, manner: Manner, *, seeds: int | None, seed: int, quick: bool, out: Path | None
) -> int:
    """Read, audit, write and print; return the exit code."""
    load("catboost", "duckdb", "upswell.releases.auditing.run")
    from upswell.cli._json import answer_refusals
    from upswell.releases import audit, load_config
    from upswell.releases.auditing import AUDIT_NAMES, save_audit
    from upswell.report.audit import audit_bytes

    settings = load_config(config)
    check_out(out, AUDIT_NAMES)
    clock = Clock()
    with answer_refusals(manner), steps(manner.talks) as told:
        found = audit(settings, seeds=seeds, seed=seed, quick=quick, progress=told)
    clock.lap("audit")
    origin = origin_of(found.facts)
    keep_inputs(origin.sources, out)
    page = None if out is None else audit_bytes(found)
    record = save_audit(found, out, page=page, timings=clock.laps)
    answer(manner, origin, record=lambda: record, show=lambda: _show(found), out=out)
    return 0


def _show(found: AuditedReleases) -> None:
    """Print what was tested, the verdicts in words, and the table of all."""
    from upswell.releases.auditing.verdicts import CODES

    facts = found.facts
    say()
    say(
        f"{count(facts['releases'], 'release')} of {count(len(facts['periods']), 'period')} and "
        f"{count(facts['weeks'], 'week')}, {count(facts['hits'], 'hit')} among them, each "
        f"predicted by models taught before its period, with {count(facts['seeds'], 'seed')}."
    )
    for part in facts["left_out"]:
        say(f"{part['subject']} was not audited: {part['why']}.")
    for line in found.sentences() or ("Nothing is sure to help or to hurt.",):
        say(f"  {line}")
    rows = found.frame.to_dicts()
    given = {code for row in rows for code in row["codes"].split()}
    for code, meaning in CODES.items():
        if code in given:
            say(f"  {code}: {meaning}")
    say()
    for kind, words in (("signals", "signals"), ("cleaning", "cleaning rule")):
        own = [row for row in rows if row["kind"] == kind]
        names = list(dict.fromkeys(row["subject"] for row in own))
        lines = [_line([row for row in own if row["subject"] == name]) for name in names]
        table([words, *(part for title in _TITLES.values() for part in (title, "gain"))], lines)
    say(
        "gain: what it brings, above 0 for the better: RMSLE, a part of the hits, and "
        f"{facts['cost']['unit']}."
    )


def _line(rows: list[dict[str, Any]]) -> list[str]:
    cells = [rows[0]["title"]]
    for row in rows:
        gain = row["gain"]
        cells += [row["verdict"], "-" if gain is None else f"{gain:+,.3f}"]
    return cells
