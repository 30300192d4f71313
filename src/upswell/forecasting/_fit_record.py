"""What a fit did as plain data, and back again: every figure exact, NaN as null."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from upswell.data import Action, ColumnChoice, Ledger, Panel, Repair, Source
from upswell.data.occasions import Occasions
from upswell.forecasting._tables import HistoryTable
from upswell.forecasting.calibration import Calibration
from upswell.forecasting.ladder import Standing, Status
from upswell.forecasting.protocol import AbsentSeries, FitReport

__all__ = ["fit_record", "panel_of", "report_of"]


def fit_record(panel: Panel, report: FitReport) -> dict[str, Any]:
    """Return what is known of a panel and of a fit besides days, names and figures.

    Examples
    --------
    >>> import numpy as np, upswell
    >>> panel = Panel.from_arrays(np.arange(60.0)[None] + 50, items=["ana"])
    >>> made = upswell.forecast(panel, horizon=7, model="theta-log", paths=100)
    >>> record = fit_record(panel, made.report)
    >>> report_of(record["report"]) == made.report
    True
    """
    return {
        "panel": {
            "columns": None if panel.columns is None else asdict(panel.columns),
            "sources": [asdict(source) for source in panel.sources],
            "ledger": [asdict(repair) for repair in panel.ledger],
            **_occasions_record(panel),
        },
        "report": {
            "asked": report.asked,
            "model": report.model,
            "why": report.why,
            "scores": {name: _null(score) for name, score in report.scores.items()},
            "windows": report.windows,
            "standings": [_standing_record(standing) for standing in report.standings],
            "models": list(report.models),
            "calibrations": [
                {"index": index, **{name: _null(value) for name, value in asdict(found).items()}}
                for index, found in report.calibrations.items()
            ],
            "reads_known_days": report.reads_known_days,
            "absent": [
                {"name": a.name, "level": a.level, **_standing_record(a.standing)}
                for a in report.absent
            ],
        },
    }


def _occasions_record(panel: Panel) -> dict[str, Any]:
    """Return nothing without any: records are then what they were before there were any."""
    return {} if panel.occasions is None else {"occasions": panel.occasions.record()}


def panel_of(record: Mapping[str, Any], table: HistoryTable) -> Panel:
    """Return the panel of a table and of what was known besides.

    Raises
    ------
    KeyError, TypeError, ValueError, SettingError
        When the record is not one of ours.
    """
    columns = record["columns"]
    return Panel(
        axis=table.axis,
        items=table.items,
        values=table.values,
        groups=table.groups,
        outliers=table.outliers,
        ledger=Ledger(
            tuple(Repair(**{**line, "action": Action(line["action"])}) for line in record["ledger"])
        ),
        columns=None
        if columns is None
        else ColumnChoice(**{**columns, "why": tuple(columns["why"])}),
        sources=tuple(Source(**source) for source in record["sources"]),
        occasions=Occasions.of_record(record["occasions"]) if "occasions" in record else None,
    )


def report_of(record: Mapping[str, Any]) -> FitReport:
    """Return the report of a fit.

    Raises
    ------
    KeyError, TypeError, ValueError
        When the record is not one of ours.
    """
    names = [item.name for item in fields(Calibration)]
    return FitReport(
        asked=record["asked"],
        model=record["model"],
        why=record["why"],
        scores={name: _nan(score) for name, score in record["scores"].items()},
        windows=record["windows"],
        standings=tuple(_standing(row) for row in record["standings"]),
        models=tuple(record["models"]),
        calibrations={
            row["index"]: Calibration(**{name: _nan(row[name]) for name in names})
            for row in record["calibrations"]
        },
        absent=tuple(
            AbsentSeries(row["name"], row["level"], _standing(row)) for row in record["absent"]
        ),
        reads_known_days=bool(record.get("reads_known_days", False)),
    )


def _standing_record(standing: Standing) -> dict[str, Any]:
    return {"status": str(standing.status), "codes": list(standing.codes)}


def _standing(row: Mapping[str, Any]) -> Standing:
    return Standing(Status(row["status"]), tuple(row["codes"]))


def _null(value: float) -> float | None:
    """Return None for NaN, which JSON does not know."""
    return None if math.isnan(value) else value


def _nan(value: Any) -> Any:
    return math.nan if value is None else value
