"""A simulated world of releases as tables and files."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError
from upswell.simulate._release_cast import AS_OF, DAYS, GENRES, LABELS, Integers
from upswell.simulate._release_days import LENGTH, WINDOW
from upswell.simulate._release_rows import Rows
from upswell.simulate._release_truth import HORIZONS
from upswell.store import FolderWriter, csv_bytes, write_folder

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from upswell.simulate.releases import SimulatedReleases

FIRST = AS_OF - DAYS + 1
"""First day of the world, in days since 1970."""

_TABLES = ("releases", "signals", "outcomes", "truth")
_OUTCOMES_TOGETHER = 20_000

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


def release_names(places: Integers, count: int) -> list[str]:
    """Return names of releases; a negative place is a release that the world does not know."""
    width = max(4, len(str(count)))
    return [f"r{place + 1:0{width}d}" if place >= 0 else f"lost{-place}" for place in places]


def releases_frame(world: SimulatedReleases) -> pl.DataFrame:
    """Return the table of releases."""
    import polars as pl

    cast = world.cast
    width = max(3, len(str(world.artists)))
    days = pl.Series((cast.day + FIRST).astype(np.int32)).cast(pl.Date)
    return pl.DataFrame(
        {
            "release": release_names(np.arange(len(cast)), len(cast)),
            "release_date": days,
            "artist": [f"artist-{place + 1:0{width}d}" for place in cast.artist],
            "label": [LABELS[place] for place in cast.label],
            "genre": [GENRES[place] for place in cast.genre],
        }
    ).with_columns(pl.when(pl.Series(cast.dated)).then(pl.col("release_date")))


def truth_frame(world: SimulatedReleases) -> pl.DataFrame:
    """Return the truth, a row for each release and horizon."""
    import polars as pl

    cast, days = world.cast, world.days
    dates = pl.Series((cast.day + FIRST).astype(np.int32)).cast(pl.Date)
    window = slice(0, WINDOW)
    early = (days.natural + days.picked + 0.0)[:, window].sum(axis=1)
    shared = {
        "release": release_names(np.arange(len(cast)), len(cast)),
        "release_date": dates,
        "fame": cast.fame,
        "quality": cast.quality,
        "conversion": cast.conversion,
        "virality": cast.reproduction,
        "natural": early,
        "paid": days.paid[:, window].sum(axis=1),
        "bots": days.bots[:, window].sum(axis=1),
        "bought_likes": cast.bought / (1.0 + cast.bought),
    }
    frames = [
        pl.DataFrame(
            shared
            | {
                "place": np.arange(len(cast)),
                "horizon": np.full(len(cast), horizon),
                "streams": days.streams[:, :horizon].sum(axis=1),
                "expected_log": days.expected_log[:, column],
                "deviation_log": days.deviation[:, column],
                "mature": cast.day + horizon <= DAYS,
            }
        )
        for column, horizon in enumerate(HORIZONS)
    ]
    lead = ["release", "horizon", "release_date", "mature", "streams"]
    lead += ["expected_log", "deviation_log"]
    joined = pl.concat(frames).sort("place", "horizon").drop("place")
    return joined.select(*lead, pl.exclude(*lead))


def outcome_tables(world: SimulatedReleases) -> Iterator[pa.Table]:
    """Yield the outcomes; a day without streams has no row."""
    import pyarrow as pa

    count = len(world.cast)
    for start in range(0, count, _OUTCOMES_TOGETHER):
        streams = world.days.streams[start : start + _OUTCOMES_TOGETHER]
        dates = world.cast.day[start : start + _OUTCOMES_TOGETHER, None] + np.arange(LENGTH)
        place, day = np.nonzero((streams > 0) & (dates < DAYS))
        yield pa.table(
            {
                "release": _coded(place, release_names(np.arange(len(dates)) + start, count)),
                "date": _dates(dates[place, day]),
                "streams": streams[place, day],
            }
        )


def signal_table(world: SimulatedReleases, rows: Rows) -> pa.Table:
    """Return rows of signals as an Arrow table, its texts coded."""
    import pyarrow as pa

    columns = {}
    names = {
        "release": lambda places: release_names(places, len(world.cast)),
        "creator": _creator_names,
        "video": lambda places: [f"v{place}" for place in places],
    }
    for column, name in names.items():
        values, codes = _code(getattr(rows, column))
        columns[column] = _coded(codes, name(values))
    columns["date"] = _dates(rows.day)
    for column in ("views", "likes", "comments", "shares"):
        columns[column] = pa.array(getattr(rows, column))
    order = ("release", "date", "creator", "video", "views", "likes", "comments", "shares")
    return pa.table({column: columns[column] for column in order})


def _creator_names(places: Integers) -> list[str]:
    """Return names of creators; a negative place is an artist's own channel."""
    return [f"c{place}" if place >= 0 else f"a{-place}" for place in places.tolist()]


def _code(values: Integers) -> tuple[Integers, NDArray[np.int32]]:
    """Return the different values in order, and the place of each value among them.

    Values lie close together, so a table of all between is quicker than sorting.
    """
    low = int(values.min(initial=0))
    there = np.zeros(int(values.max(initial=0)) - low + 1, dtype=np.bool_)
    there[values - low] = True
    places = np.cumsum(there, dtype=np.int32) - 1
    return np.flatnonzero(there) + low, places[values - low]


def _coded(codes: Any, names: Sequence[str]) -> pa.DictionaryArray:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(
        pa.array(codes, type=pa.int32()), pa.array(names, type=pa.string())
    )


def _dates(days: Integers) -> pa.Array:
    import pyarrow as pa

    return pa.array((days + FIRST).astype(np.int32)).view(pa.date32())


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
