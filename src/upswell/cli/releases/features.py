"""The command ``upswell releases features``."""

from __future__ import annotations

from pathlib import Path

from upswell.cli._ledger import show_ledger
from upswell.cli._options import Manner
from upswell.cli._show import count, say, working
from upswell.cli._undisturbed import load
from upswell.cli.releases._origin import Origin

__all__ = ["run_releases_features"]


def run_releases_features(config: Path, manner: Manner, *, out: Path) -> int:
    """Read, make features, write and print; return the exit code."""
    load("duckdb", "polars", "upswell.releases.tables")
    from upswell.cli._json import answer_refusals, print_json
    from upswell.releases import features, load_config
    from upswell.releases.saving import versions
    from upswell.releases.saving_features import check_ending, save_features

    settings = load_config(config)
    check_ending(out)
    with answer_refusals(manner), working("Making features", manner.talks):
        table = features(settings)
    beside = save_features(table, out)
    if manner.as_json:
        print_json(
            {
                "command": "releases features",
                "versions": versions(),
                "releases": len(table),
                "features": [note.name for note in table.catalogue],
                "ledger": table.ledger.to_frame().to_dicts(),
                "file": str(out),
                "catalogue": str(beside),
            }
        )
    elif manner.talks:
        show_ledger(Origin(table.ledger, ()), where="--json prints all of it")
        say(f"{count(len(table), 'release')}, {count(len(table.catalogue), 'feature')}.")
        say(f"Written to {out}, the catalogue to {beside}")
    return 0
