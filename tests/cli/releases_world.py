"""A small world of releases for the command line: tables, settings, and ways to spoil them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from upswell.simulate import simulate_releases, write_releases

SETTINGS = """\
window = {window}
horizons = [14]
step = 5000

[releases]
source = "releases.parquet"
attributes = ["genre"]

[signals]
source = "signals.parquet"
metrics = [{metrics}]

[outcomes]
source = "outcomes.parquet"

[tiers]
names = ["low", "middle", "hit"]
bounds = [5000, 50000]

[evaluation]
every = "year"
final_days = {final_days}
"""

TABLES = ("--signals", "signals.parquet", "--releases", "releases.parquet")

LEAN = ("--no-reasons", "--no-page")
"""Options of a scoring that is about the scores alone."""


def settings(*, window: int = 1, final_days: int = 0, metrics: tuple[str, ...] = ("views",)) -> str:
    """Return settings as TOML."""
    names = ", ".join(f'"{name}"' for name in metrics)
    return SETTINGS.format(window=window, final_days=final_days, metrics=names)


def write_world(folder: Path, count: int = 200) -> None:
    """Write the tables and the truth of a world, and settings for windows of two days."""
    write_releases(simulate_releases(count, None, seed=1), folder)
    (folder / "config.toml").write_text(settings(window=2), encoding="utf-8")


def tables_of(folder: Path) -> dict[str, pl.DataFrame]:
    """Return the three tables of a folder by name."""
    names = ("releases", "signals", "outcomes")
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in names}


def put(text: str | None = None, **tables: pl.DataFrame) -> None:
    """Write some tables and settings into the current folder."""
    for name, frame in tables.items():
        frame.write_parquet(f"{name}.parquet")
    Path("config.toml").write_text(settings() if text is None else text, encoding="utf-8")


def early(tables: dict[str, pl.DataFrame], count: int) -> dict[str, pl.DataFrame]:
    """Return tables with the first releases only, and what belongs to them."""
    releases = tables["releases"].sort("release_date", "release", nulls_last=True).head(count)
    own = pl.col("release").is_in(releases["release"].to_list())
    return {name: frame.filter(own) for name, frame in tables.items()}


def later(frame: pl.DataFrame, column: str, day: dt.date, days: int) -> pl.DataFrame:
    """Return a table in which what comes after a day comes some days later."""
    moved = pl.col(column) + pl.duration(days=days)
    return frame.with_columns(pl.when(pl.col(column) > day).then(moved).otherwise(pl.col(column)))
