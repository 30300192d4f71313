"""The commands that write simulated worlds, and their options."""

from __future__ import annotations

import typer

from upswell.cli import _options as o

__all__ = ["simulate"]

simulate = typer.Typer(help="Write worlds with known truth.", no_args_is_help=True)


@simulate.command("creators")
def simulate_creators(
    out: o.SimulationOut,
    creators: o.Creators = 12,
    days: o.Days = 120,
    seed: o.Seed = 0,
    quiet: o.Quiet = False,
) -> int:
    """Write daily views of simulated creators to CSV or Parquet."""
    from upswell.cli.simulate import run_simulate_creators

    return run_simulate_creators(creators=creators, days=days, seed=seed, out=out, quiet=quiet)


@simulate.command("releases")
def simulate_releases(
    out: o.WorldOut,
    releases: o.Releases = 3000,
    rows: o.Rows = None,
    seed: o.Seed = 0,
    table_format: o.TableFormat = "parquet",
    quiet: o.Quiet = False,
) -> int:
    """Write a world of releases: signals, streams, settings and the truth."""
    from upswell.cli.simulate import run_simulate_releases

    return run_simulate_releases(
        releases=releases, rows=rows, seed=seed, out=out, table_format=table_format, quiet=quiet
    )
