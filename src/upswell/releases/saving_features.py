"""Features as a file, with their catalogue beside it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from upswell.errors import Place, SettingError
from upswell.store import csv_bytes, write_bytes

if TYPE_CHECKING:
    from upswell.releases.frames import FeatureTable

__all__ = ["check_ending", "save_features"]


def save_features(table: FeatureTable, path: Path) -> Path:
    """Write keys and features, and the catalogue beside them.

    Parameters
    ----------
    table
        Features of some releases.
    path
        Ends in ``.csv`` or ``.parquet``.

    Returns
    -------
    pathlib.Path
        The catalogue: the path with ``.catalogue.md`` behind it.

    Raises
    ------
    SettingError
        When the ending is another.
    OutputError
        When the place cannot be written to.
    """
    import polars as pl

    from upswell.releases.gate import catalogue_markdown

    check_ending(path)
    # An attribute may have the name of a key; the key is not to be lost.
    taken = {name.casefold() for name in table.keys.columns}
    features = table.features.rename(
        lambda name: f"{name}_attribute" if name.casefold() in taken else name
    )
    frame = pl.concat([table.keys, features], how="horizontal")
    if path.suffix.lower() == ".csv":
        data = csv_bytes(frame)
    else:
        buffer = io.BytesIO()
        frame.write_parquet(buffer, compression="zstd")
        data = buffer.getvalue()
    beside = path.with_name(f"{path.name}.catalogue.md")
    write_bytes(beside, catalogue_markdown(table.catalogue).encode())
    write_bytes(path, data)
    return beside


def check_ending(path: Path) -> None:
    """Raise unless a file of features can have this name.

    Raises
    ------
    SettingError
        When it does not end in ``.csv`` or ``.parquet``.
    """
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise SettingError(
            "features are written as CSV or Parquet",
            where=Place(str(path)),
            fix="let the name end in .csv or .parquet",
        )
