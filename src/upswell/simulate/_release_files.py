"""A simulated world of releases as a folder of files."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from upswell.errors import SettingError
from upswell.simulate._release_tables import outcome_tables
from upswell.store import FolderWriter, csv_bytes, write_folder

if TYPE_CHECKING:
    import pyarrow as pa

    from upswell.simulate.releases import SimulatedReleases

_TABLES = ("releases", "signals", "outcomes", "truth")

CONFIG = """\
# Settings of the release job for a simulated world; truth.{ending} is not for training.
window = 7
horizons = [14, 30]
step = 50000

[releases]
source = "releases.{ending}"
release = "release"
date = "release_date"
artist = "artist"
attributes = ["label", "genre"]

[signals]
source = "signals.{ending}"
release = "release"
date = "date"
creator = "creator"
video = "video"
metrics = ["views", "likes", "comments", "shares"]

[outcomes]
source = "outcomes.{ending}"
release = "release"
date = "date"
streams = "streams"

[tiers]
names = ["low", "middle", "hit"]
bounds = [20000, 200000]

[evaluation]
every = "quarter"
final_days = 90
"""


def write_releases(
    simulated: SimulatedReleases,
    directory: str | os.PathLike[str],
    format: Literal["parquet", "csv"] = "parquet",  # noqa: A002
) -> dict[str, int]:
    """Write the three tables, the truth and settings that train on them, whole or not at all.

    Parameters
    ----------
    simulated
        What to write; its signals are drawn and written part by part.
    directory
        The folder: ``releases``, ``signals``, ``outcomes`` and ``truth`` with the ending of the
        format, and ``config.toml``.
    format
        ``parquet`` or ``csv``.

    Returns
    -------
    dict
        Rows of each table.

    Raises
    ------
    SettingError
        When the format is another.
    OutputError
        When the place cannot be written to.
    """
    if format not in ("parquet", "csv"):
        raise SettingError(f"the format must be parquet or csv, got {format!r}")
    owned = {f"{name}.{ending}" for name in _TABLES for ending in ("parquet", "csv")}
    with write_folder(directory, owned | {"config.toml"}) as folder:
        write = _write_parquet if format == "parquet" else _write_csv
        tables = {
            "releases": iter([simulated.releases.to_arrow()]),
            "outcomes": outcome_tables(simulated),
            "truth": iter([simulated.truth.to_arrow()]),
            "signals": simulated.signal_chunks(),
        }
        rows = {name: write(folder, name, parts) for name, parts in tables.items()}
        folder.write("config.toml", CONFIG.replace("{ending}", format).encode())
    return rows


def _write_parquet(folder: FolderWriter, name: str, tables: Iterator[pa.Table]) -> int:
    """Write tables as the row groups of one file, without Arrow's own schema; return the rows.

    Without that schema, readers see coded columns as the plain texts they are.
    """
    import pyarrow.parquet as pq

    rows = 0
    with contextlib.ExitStack() as stack:
        writer: Any = None
        for table in tables:
            rows += table.num_rows
            if writer is None:
                path = folder.path(f"{name}.parquet")
                writer = stack.enter_context(
                    pq.ParquetWriter(path, table.schema, store_schema=False, compression="zstd")
                )
            writer.write_table(table, row_group_size=max(1, table.num_rows))
    return rows


def _write_csv(folder: FolderWriter, name: str, tables: Iterator[pa.Table]) -> int:
    """Write tables one after the other into one file; return the rows."""
    import polars as pl

    rows = 0
    path: Path = folder.path(f"{name}.csv")
    with path.open("wb") as handle:
        for place, table in enumerate(tables):
            rows += table.num_rows
            data = csv_bytes(pl.DataFrame(pl.from_arrow(table)), neutralise=False)
            handle.write(data if place == 0 else data.split(b"\n", 1)[1])
    return rows
