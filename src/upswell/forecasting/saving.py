"""A forecast as files: the tables, the ledger and the record of how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from upswell import store
from upswell._version import __version__
from upswell.data import Panel
from upswell.forecasting._fit_record import fit_record
from upswell.forecasting._tables import history_bytes, write_paths
from upswell.forecasting.backtest import Backtest
from upswell.forecasting.known_days import occasions_record
from upswell.forecasting.ladder import REASONS
from upswell.forecasting.loading import FORMAT
from upswell.forecasting.registry import AUTO_NAME, names
from upswell.forecasting.result import Forecast
from upswell.scoring import supported_level
from upswell.store import (
    FolderWriter,
    csv_bytes,
    json_bytes,
    rounded_timings,
    sha256_bytes,
    sha256_file,
    write_folder,
)

__all__ = [
    "OUTPUT_NAMES",
    "backtest_record",
    "bundle_hash",
    "forecast_record",
    "json_bytes",
    "panel_record",
    "save_backtest",
    "save_forecast",
    "versions",
]

OUTPUT_NAMES = frozenset(
    {
        *("forecast.csv", "totals.csv", "history.parquet", "paths.parquet", "repairs.csv"),
        *("scores.csv", "fit.json", "run.json"),
        *("plan.json", "units.csv", "rules.csv", "money.csv"),
        *("report.html", "chart-total.png", "chart-sum.png", "chart-series.png"),
        *("chart-scores.png", "chart-overload.png", "chart-units.png", "chart-cost.png"),
    }
)
_PACKAGES = ("numpy", "polars", "scipy", "statsforecast", "torch")


def versions() -> dict[str, str]:
    """Return the versions of everything that a figure may depend on."""
    return store.versions(_PACKAGES)


def panel_record(panel: Panel) -> dict[str, Any]:
    """Return what is known of a panel's origin, as plain data for JSON."""
    columns = panel.columns
    actions: dict[str, int] = {}
    for repair in panel.ledger:
        actions[repair.code] = actions.get(repair.code, 0) + repair.count
    labels = panel.axis.labels()
    return {
        "inputs": [{"name": s.name, "sha256": s.sha256, "rows": s.rows} for s in panel.sources],
        "columns": None
        if columns is None
        else {
            "time": columns.time,
            "item": columns.item,
            "value": columns.value,
            "group": columns.group,
            "why": list(columns.why),
        },
        "panel": {
            "creators": len(panel.items),
            "categories": 0 if panel.groups is None else len(set(panel.groups)),
            "days": panel.days,
            "first_day": labels[0] if labels else None,
            "last_day": labels[-1] if labels else None,
        },
        "repairs": actions,
    }


def forecast_record(forecast: Forecast, timings: dict[str, float] | None = None) -> dict[str, Any]:
    """Return how a forecast was made and how far it carries, as plain data for JSON.

    Parameters
    ----------
    forecast
        The forecast.
    timings
        Seconds by stage.
    """
    import polars as pl

    report = forecast.report
    total = report.standings[0]
    return {
        "upswell": __version__,
        "command": "forecast",
        "status": str(total.status),
        "codes": list(total.codes),
        "reasons": [REASONS[code] for code in total.codes],
        "versions": versions(),
        "seed": forecast.seed,
        **panel_record(forecast.panel),
        "occasions": occasions_record(forecast.panel, read=report.reads_known_days),
        "horizon": forecast.horizon,
        "forecast_days": [forecast.axis.labels()[0], forecast.axis.labels()[-1]],
        "paths": len(forecast.paths),
        "model": {
            "asked": report.asked,
            "chosen": report.model,
            "why": report.why,
            "relative_errors": {name: _number(score) for name, score in report.scores.items()},
            "windows": report.windows,
            "not_tried": [] if report.asked != AUTO_NAME else ["lstm", "lstm-direct"],
        },
        "calibration": _calibration_record(forecast),
        "series": forecast.series("polars")
        .with_columns(pl.col("codes").str.split(" ").list.filter(pl.element() != ""))
        .to_dicts(),
        "timings": rounded_timings(timings),
    }


def _calibration_record(forecast: Forecast) -> dict[str, Any]:
    """Return how the ranges stand on the backtest windows of the history."""
    calibrations = forecast.report.calibrations
    windows = calibrations[0].effective_windows if 0 in calibrations else 0.0
    return {
        "effective_windows": round(windows, 2),
        "supported_level": round(supported_level(windows), 3),
        "note": "ranges beyond the supported level rest on the assumed shape of the tails",
        "series": [
            {
                "series": forecast.tree.names[node],
                "level": forecast.tree.levels[node],
                "windows": c.windows,
                "effective_windows": round(c.effective_windows, 2),
                "level_factor": _number(c.level_factor),
                "noise_factor": _number(c.noise_factor),
                "coverage80": {
                    "day": _number(c.coverage_day),
                    "sum": _number(c.coverage_sum),
                    "peak": _number(c.coverage_peak),
                },
            }
            for node, c in calibrations.items()
        ],
    }


def save_forecast(
    forecast: Forecast,
    directory: str | Path,
    *,
    paths: bool = False,
    timings: dict[str, float] | None = None,
    beside: Mapping[str, bytes] | None = None,
) -> dict[str, Any]:
    """Write a forecast into a folder, whole or not at all.

    `upswell.forecasting.loading.read_forecast` reads it back when the paths are there, too.

    Parameters
    ----------
    forecast
        The forecast.
    directory
        Created when absent; replaced when it holds nothing but files of ours.
    paths
        Whether to write the sampled paths too.
    timings
        Seconds by stage, for the record.
    beside
        Further files for the folder, such as those of a plan, by name.

    Returns
    -------
    dict
        The content of ``run.json``: `forecast_record`, ``format``, and ``files`` with the size
        and SHA-256 of each.

    Raises
    ------
    OutputError
        When the folder cannot be written, or holds foreign files.
    """
    record = forecast_record(forecast, timings)
    kept = fit_record(forecast.panel, forecast.report)
    kept |= {"seed": forecast.seed, "horizon": forecast.horizon, "paths": len(forecast.paths)}
    kept |= {"bundle_sha256": bundle_hash(forecast.report.asked)}
    with write_folder(directory, OUTPUT_NAMES) as folder:
        contents = {
            "forecast.csv": csv_bytes(forecast.daily("polars")),
            "totals.csv": csv_bytes(forecast.totals("polars")),
            "repairs.csv": csv_bytes(forecast.panel.ledger.to_frame()),
            "history.parquet": history_bytes(forecast.panel),
            "fit.json": json_bytes(kept),
        }
        files = {}
        for name, data in contents.items():
            folder.write(name, data)
            files[name] = {"bytes": len(data), "sha256": sha256_bytes(data)}
        if paths:
            files["paths.parquet"] = _save_paths(forecast, folder)
        for name, data in (beside or {}).items():
            folder.write(name, data)
        record |= {"format": FORMAT, "files": files}
        folder.write("run.json", json_bytes(record))
    return record


def bundle_hash(asked: str) -> str | None:
    """Return the SHA-256 of the bundle that was asked for; None when none was, or it is gone."""
    if asked == AUTO_NAME or asked in names():
        return None
    try:
        # A pipe or a device would never end.
        return sha256_file(Path(asked)) if Path(asked).is_file() else None
    except (OSError, ValueError):
        return None


def _save_paths(forecast: Forecast, folder: FolderWriter) -> dict[str, Any]:
    """Write the paths, and return the size and hash of their file."""
    target = folder.path("paths.parquet")
    write_paths(target, forecast.paths, forecast.tree, forecast.axis)
    return {"bytes": target.stat().st_size, "sha256": sha256_file(target)}


def _number(value: float) -> float | None:
    """Return a rounded figure, or None for NaN, which JSON does not know."""
    return round(value, 4) if value == value else None  # noqa: PLR0124 - NaN is unequal to itself


def backtest_record(panel: Panel, found: Backtest, seed: int) -> dict[str, Any]:
    """Return how a backtest was made, as plain data for JSON."""
    label = {cutoff: panel.axis.label(panel.axis.start + cutoff - 1) for cutoff in found.cutoffs}
    return {
        "upswell": __version__,
        "command": "backtest",
        "versions": versions(),
        "seed": seed,
        **panel_record(panel),
        "occasions": occasions_record(
            panel, read=any(report.reads_known_days for report in found.reports.values())
        ),
        "horizon": found.horizon,
        "cutoffs": [label[cutoff] for cutoff in found.cutoffs],
        "effective_windows": round(found.effective_windows, 2),
        "supported_level": round(found.supported_level, 3),
        "refused": {label[cutoff]: code for cutoff, code in found.refused.items()},
        "chosen": [
            {"forecaster": name, "cutoff": label[cutoff], "model": report.model}
            for (name, cutoff), report in found.reports.items()
        ],
    }


def save_backtest(
    panel: Panel, found: Backtest, record: dict[str, Any], directory: str | Path
) -> None:
    """Write the scorecard, the ledger and the record into a folder, whole or not at all."""
    with write_folder(directory, OUTPUT_NAMES) as folder:
        folder.write("scores.csv", csv_bytes(found.to_frame("polars")))
        if found.money is not None:
            folder.write("money.csv", csv_bytes(found.money))
        folder.write("repairs.csv", csv_bytes(panel.ledger.to_frame()))
        folder.write("run.json", json_bytes(record))
