"""A saved forecast read back: the same panel, tree, paths and report, or a clear refusal."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upswell.data import Panel, Tree
from upswell.errors import Place, SettingError, SourceError
from upswell.forecasting._fit_record import panel_of, report_of
from upswell.forecasting._tables import parse_history, parse_paths
from upswell.forecasting.protocol import FitReport
from upswell.forecasting.result import Forecast
from upswell.store import sha256_bytes

__all__ = ["FORMAT", "SavedForecast", "read_forecast", "read_saved"]

FORMAT = 1
"""Version of the files from which a forecast is read back."""

# What comes of content that is valid JSON or Parquet, but not ours.
_SENSELESS = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)
_AGAIN = "make the forecast again: upswell forecast ... --paths --out DIR"


@dataclass(frozen=True)
class SavedForecast:
    """What a folder holds of a forecast.

    Parameters
    ----------
    place
        The folder, as it was named.
    record
        The content of ``run.json``.
    panel
        The history.
    tree
        The series that have a future.
    report
        What the fit did.
    horizon, count, seed
        Days ahead, number of paths and seed.
    bundle
        SHA-256 of the bundle that was asked for; None when a forecaster was asked for by name.
    paths
        Shape ``(count, S, horizon)``; None when they were not saved.
    """

    place: Path
    record: Mapping[str, Any] = field(repr=False)
    panel: Panel = field(repr=False)
    tree: Tree = field(repr=False)
    report: FitReport = field(repr=False)
    horizon: int
    count: int
    seed: int
    bundle: str | None = None
    paths: NDArray[np.float64] | None = field(repr=False, default=None)

    def forecast(self) -> Forecast:
        """Return the forecast.

        Raises
        ------
        SourceError
            When the paths were not saved.
        """
        if self.paths is None:
            raise SourceError(
                "the folder holds a forecast without its sampled paths",
                where=Place(str(self.place)),
                fix=f"{_AGAIN}; the same input and seed give the same paths",
            )
        return Forecast(
            panel=self.panel,
            axis=self.panel.axis.after(self.horizon),
            tree=self.tree,
            paths=self.paths,
            report=self.report,
            seed=self.seed,
        )


def read_forecast(directory: str | os.PathLike[str]) -> Forecast:
    """Read back a forecast that was saved with its paths.

    Parameters
    ----------
    directory
        The folder that ``upswell forecast --paths --out`` or `save_forecast` wrote.

    Returns
    -------
    Forecast
        What was saved, bit for bit; its frames are of Polars.

    Raises
    ------
    InputError
        When the folder is missing, foreign, damaged, of another version, or without paths.

    Examples
    --------
    >>> import tempfile, upswell
    >>> from upswell.forecasting.saving import save_forecast
    >>> panel = Panel.from_arrays(np.arange(60.0)[None] + 50, items=["ana"])
    >>> made = upswell.forecast(panel, horizon=7, model="theta-log", paths=100)
    >>> folder = Path(tempfile.mkdtemp()) / "next-week"
    >>> record = save_forecast(made, folder, paths=True)
    >>> bool((read_forecast(folder).paths == made.paths).all())
    True
    """
    return read_saved(directory).forecast()


def read_saved(directory: str | os.PathLike[str]) -> SavedForecast:
    """Read what a folder holds of a forecast, with or without its paths.

    Parameters
    ----------
    directory
        The folder that ``upswell forecast --out`` or `save_forecast` wrote.

    Raises
    ------
    InputError
        When the folder is missing, foreign, damaged or of another version.
    """
    folder = Path(directory)
    record = _read_record(folder)
    files = _Files(folder, record["files"])
    try:
        return _rebuilt(folder, record, files)
    except (*_SENSELESS, SettingError) as error:
        raise SourceError(
            f"the folder holds no forecast of this version: {error}",
            where=Place(str(folder)),
            fix=_AGAIN,
        ) from error


def _rebuilt(folder: Path, record: Mapping[str, Any], files: _Files) -> SavedForecast:
    kept = json.loads(files.read("fit.json"))
    panel = panel_of(kept["panel"], parse_history(files.read("history.parquet")))
    report = report_of(kept["report"])
    tree = _tree_of(panel, report)
    shape = (int(kept["paths"]), tree.size, int(kept["horizon"]))
    seed = int(kept["seed"])
    if min(shape) < 1 or seed < 0:
        raise ValueError(f"{shape[0]} paths of {shape[2]} days with seed {seed}")
    return SavedForecast(
        place=folder,
        record=record,
        panel=panel,
        tree=tree,
        report=report,
        horizon=shape[2],
        count=shape[0],
        seed=seed,
        bundle=kept["bundle_sha256"],
        paths=parse_paths(files.read("paths.parquet"), shape) if "paths.parquet" in files else None,
    )


def _tree_of(panel: Panel, report: FitReport) -> Tree:
    """Return the series of a panel that have a future: all but the absent ones."""
    whole = Tree.of_panel(panel)
    absent = {(series.level, series.name) for series in report.absent}
    keys = list(zip(whole.levels, whole.names, strict=True))
    tree = whole.pruned(np.array([key not in absent for key in keys]))
    if not len(tree.names) == len(report.standings) == len(report.models):
        raise ValueError(f"{len(report.standings)} standings for {tree.size} series")
    return tree


def _read_record(folder: Path) -> dict[str, Any]:
    """Read ``run.json`` and see that it speaks of a forecast of this version."""
    path = folder / "run.json"
    if not folder.is_dir():
        problem = "the folder of the forecast is a file" if folder.exists() else "no such folder"
        raise SourceError(
            problem, where=Place(str(folder)), fix="name the folder given to upswell forecast --out"
        )
    data = _bytes_of(path, fix="name the folder given to upswell forecast --out")
    try:
        record = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SourceError(
            f"the record of the run is damaged: {error}", where=Place(str(path)), fix=_AGAIN
        ) from error
    command = record.get("command") if isinstance(record, dict) else None
    if command != "forecast" or not isinstance(record, dict):
        holds = f"the output of upswell {command}" if isinstance(command, str) else "something else"
        raise SourceError(
            f"the folder holds {holds}, and not a forecast",
            where=Place(str(folder)),
            fix="name the folder given to upswell forecast --out",
        )
    _check_format(record, path)
    return record


def _check_format(record: Mapping[str, Any], path: Path) -> None:
    """Raise unless the files are of the version that this program writes."""
    found, version = record.get("format"), record.get("upswell", "an unknown version")
    if found is None:
        what = "the forecast was saved by an earlier version, which kept neither history nor fit"
        raise SourceError(what, where=Place(str(path)), fix=_AGAIN)
    if found != FORMAT or isinstance(found, bool):
        raise SourceError(
            f"the forecast was saved by upswell {version} in format {found!r}, and this version "
            f"reads format {FORMAT}",
            where=Place(str(path)),
            fix=f"{_AGAIN}, or use the version that saved it",
        )
    if not isinstance(record.get("files"), dict):
        raise SourceError(
            "the record of the run does not list its files", where=Place(str(path)), fix=_AGAIN
        )


@dataclass(frozen=True)
class _Files:
    """The files of a folder, with what the record says of them."""

    folder: Path
    listed: Mapping[str, Any]

    def __contains__(self, name: str) -> bool:
        return name in self.listed

    def read(self, name: str) -> bytes:
        """Return the content of one file, which is the one that was saved."""
        path = self.folder / name
        data = _bytes_of(path, fix=_AGAIN)
        entry = self.listed[name]
        if len(data) != entry["bytes"] or sha256_bytes(data) != entry["sha256"]:
            raise SourceError(
                f"{name} is not the file that run.json describes: it was changed or cut short",
                where=Place(str(path)),
                fix=f"bring back the file as it was saved, or {_AGAIN}",
            )
        return data


def _bytes_of(path: Path, *, fix: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(f"{path.name} is missing", where=Place(str(path)), fix=fix) from error
    except OSError as error:
        raise SourceError(
            f"{path.name} cannot be read: {error.strerror}", where=Place(str(path)), fix=fix
        ) from error
