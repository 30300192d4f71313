"""How an LSTM was trained or adapted, and what it achieves, as plain data for JSON."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from upswell._version import __version__
from upswell.forecasting.adaptation import AdaptedPanel
from upswell.forecasting.saving import panel_record, versions
from upswell.forecasting.training import TrainedPanel

__all__ = ["adaptation_record", "training_record"]


def training_record(taught: TrainedPanel, seed: int, path: str | Path) -> dict[str, Any]:
    """Return how an LSTM was trained and what it achieves, as plain data for JSON."""
    record = taught.report.trained.record
    return {
        "upswell": __version__,
        "command": "train",
        "versions": versions(),
        "seed": seed,
        **panel_record(taught.panel),
        "settings": asdict(taught.trained.settings),
        "train_days": taught.report.train_days,
        "test_days": taught.report.test_days,
        "errors": [
            {name: _plain(value) for name, value in row.items()} for row in taught.report.rows()
        ],
        "worse_than_naive": taught.report.worse_than_naive,
        "losses": {"train": list(record.train_loss), "validation": list(record.validation_loss)},
        "best_epoch": record.best_epoch,
        "notes": list(taught.report.notes),
        "bundle": str(path),
    }


def adaptation_record(adapted: AdaptedPanel, seed: int, path: str | Path) -> dict[str, Any]:
    """Return whether an LSTM was adapted and what it achieves, as plain data for JSON."""
    choice, report = adapted.adapted.choice, adapted.report
    return {
        "upswell": __version__,
        "command": "train",
        "versions": versions(),
        "seed": seed,
        **panel_record(adapted.panel),
        "adapted": choice.adapted,
        "why": report.why,
        "choice": {name: _plain(value) for name, value in asdict(choice).items()},
        "train_days": report.train_days,
        "test_days": report.test_days,
        "errors": [{name: _plain(value) for name, value in row.items()} for row in report.rows()],
        "worse_than_naive": report.worse_than_naive,
        "notes": list(report.notes),
        "bundle": str(path),
    }


def _plain(value: float | str) -> float | str | None:
    """Return None for NaN, which JSON does not know."""
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124
