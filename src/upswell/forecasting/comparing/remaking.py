"""Forecasts made again: the same settings on the same or another history, each once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from upswell.data import Panel
from upswell.errors import Place, SourceError, UpswellError
from upswell.forecasting.comparing.gist import Gist
from upswell.forecasting.loading import SavedForecast
from upswell.forecasting.making import make_forecast
from upswell.forecasting.protocol import Progress
from upswell.forecasting.registry import AUTO_NAME, BASELINE, names
from upswell.forecasting.result import Forecast
from upswell.forecasting.saving import bundle_hash, versions
from upswell.store import csv_bytes, sha256_bytes

__all__ = ["Remaker", "Settings", "as_saved", "naive_settings", "settings_of", "with_paths"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a forecast was made with, besides its history and horizon.

    Parameters
    ----------
    model
        Name of the forecaster that answered, or the path of the bundle.
    seed, paths
        Seed and number of paths.
    """

    model: str
    seed: int
    paths: int


def settings_of(saved: SavedForecast) -> tuple[Settings | None, str]:
    """Return the settings with which a forecast can be made again, or None and why it cannot.

    What ``auto`` chose is asked for by its name: its paths are the same ones, and on another
    history it stays the same forecaster.
    """
    report = saved.report
    if report.asked == AUTO_NAME or report.asked in names():
        return Settings(report.model, saved.seed, saved.count), ""
    found = bundle_hash(report.asked)
    if found is None:
        return None, f"the bundle {report.asked} is not there any more"
    if found != saved.bundle:
        return None, f"the bundle {report.asked} is another one now"
    return Settings(report.asked, saved.seed, saved.count), ""


def naive_settings(saved: SavedForecast) -> Settings:
    """Return the settings of the trivial forecast beside a saved one."""
    return Settings(BASELINE, saved.seed, saved.count)


def as_saved(forecast: Forecast) -> SavedForecast:
    """Return a forecast at hand as if it had been saved with its paths and read back."""
    return SavedForecast(
        place=Path("<forecast>"),
        record={"versions": versions()},
        panel=forecast.panel,
        tree=forecast.tree,
        report=forecast.report,
        horizon=forecast.horizon,
        count=len(forecast.paths),
        seed=forecast.seed,
        bundle=bundle_hash(forecast.report.asked),
        paths=forecast.paths,
    )


@dataclass
class Remaker:
    """Makes forecasts, each once, and keeps the gist of them.

    Parameters
    ----------
    progress
        Called with the name of a forecaster after each window.
    """

    progress: Progress | None = None
    problems: list[str] = field(default_factory=list)
    _kept: list[tuple[Panel, Settings, int, Gist | None]] = field(default_factory=list)

    def gist(self, panel: Panel, settings: Settings | None, horizon: int) -> Gist | None:
        """Return the gist of a forecast, or None when it cannot be made.

        Panels are told apart by identity. `problems` says why one could not be made.
        """
        if settings is None:
            return None
        for history, made_with, days, kept in self._kept:
            if history is panel and (made_with, days) == (settings, horizon):
                return kept
        made = self.forecast(panel, settings, horizon)
        return None if made is None else self._kept[-1][3]

    def forecast(self, panel: Panel, settings: Settings, horizon: int) -> Forecast | None:
        """Return all of a forecast, and keep its gist."""
        made = self._attempt(panel, settings, horizon)
        self._kept.append((panel, settings, horizon, None if made is None else Gist.of(made)))
        return made

    def _attempt(self, panel: Panel, settings: Settings, horizon: int) -> Forecast | None:
        try:
            return make_forecast(
                panel,
                horizon=horizon,
                model=settings.model,
                seed=settings.seed,
                paths=settings.paths,
                progress=self.progress,
            )
        except UpswellError as error:
            labels = panel.axis.labels()
            self.problems.append(
                f"{settings.model} could not forecast {horizon} days after {labels[-1]}: "
                f"{error.what}"
            )
            return None


def with_paths(saved: SavedForecast, remaker: Remaker) -> Forecast:
    """Return a saved forecast, its paths made again when they were not saved.

    Raises
    ------
    SourceError
        When they were not saved, and cannot be made again as they were.
    """
    if saved.paths is not None:
        return saved.forecast()
    settings, why = settings_of(saved)
    made = None if settings is None else remaker.forecast(saved.panel, settings, saved.horizon)
    if made is None:
        why = why or remaker.problems[-1]
    elif _is_what_was_saved(made, saved):
        return replace(made, report=saved.report)
    else:
        why = "made again today, it is not the same"
    raise SourceError(
        f"the folder holds a forecast without its sampled paths, and {why}",
        where=Place(str(saved.place)),
        fix="save forecasts with --paths to compare them later",
    )


def _is_what_was_saved(made: Forecast, saved: SavedForecast) -> bool:
    """Whether a forecast has the very tables that were saved."""
    tables = {"forecast.csv": made.daily("polars"), "totals.csv": made.totals("polars")}
    files = saved.record["files"]
    return all(
        sha256_bytes(csv_bytes(table)) == files[name]["sha256"] for name, table in tables.items()
    )
