"""From medians to joint paths: any forecaster of medians becomes one of coherent sample paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.data import Panel, Tree
from upswell.errors import SettingError
from upswell.forecasting._logscale import offsets, recent_mean
from upswell.forecasting.calibration import calibrate
from upswell.forecasting.coherence import make_coherent
from upswell.forecasting.error_model import ErrorModel, fit_errors, weekly_change
from upswell.forecasting.evidence import Evidence, gather
from upswell.forecasting.failure import fit_or_fail
from upswell.forecasting.history import History, MedianForecaster
from upswell.forecasting.ladder import Standing, Status
from upswell.forecasting.naive import SeasonalNaive
from upswell.forecasting.prospects import prospects_of
from upswell.forecasting.protocol import FitReport, Progress
from upswell.forecasting.registry import AUTO_CANDIDATES, BASELINE, forecasters
from upswell.forecasting.sampling import draw_paths
from upswell.forecasting.selection import Selection, relative_errors, select

__all__ = ["FittedPaths", "PathForecaster", "path_forecasters"]

STUDIED_CATEGORIES = 20
STUDIED_CREATORS = 40


@dataclass(frozen=True)
class FittedPaths:
    """Medians and an error model for every series of a tree."""

    tree: Tree
    medians: NDArray[np.float64]
    shifts: NDArray[np.float64]
    errors: ErrorModel
    report: FitReport
    seed: int

    def sample(self, paths: int) -> NDArray[np.float64]:
        """Draw joint, coherent sample paths, shape ``(P, S, H)``."""
        drawn = draw_paths(
            self.medians, self.shifts, self.errors, self.tree.parents, paths=paths, seed=self.seed
        )
        return make_coherent(drawn, self.tree)


@dataclass(frozen=True)
class PathForecaster:
    """One forecaster of medians, or the best of several, with paths learnt from its own errors.

    Parameters
    ----------
    name
        The name that was asked for.
    candidates
        Forecasters of medians. With one the choice is made; with more the panel's backtest
        makes it.
    """

    name: str
    candidates: tuple[MedianForecaster, ...]

    def fit(
        self, panel: Panel, horizon: int, seed: int, progress: Progress | None = None
    ) -> FittedPaths:
        """Fit on everything in the panel; see `upswell.forecasting.protocol.Forecaster`."""
        if horizon < 1:
            raise SettingError(f"the horizon must be at least 1 day, not {horizon}")
        if seed < 0:
            raise SettingError(f"the seed must not be negative, but it is {seed}")
        prospects = prospects_of(panel, horizon)
        tree, standings = prospects.tree, list(prospects.standings)
        history = History(prospects.values, panel.axis.phase())
        studied = _studied(tree, history.values)
        asked = {f.name: f for f in (SeasonalNaive(), *self.candidates)}
        evidence = gather(history.select(studied), tuple(asked.values()), horizon, seed, progress)
        evidence = evidence.without_what_was_taught(asked.values(), panel.axis.start)
        selection = self._choose(evidence)
        chosen = asked[selection.chosen]
        medians, standings, models = _medians(chosen, history, standings, horizon, seed)
        standings[0] = _with_evidence(standings[0], selection)
        shifts = offsets(history.values)
        units = weekly_change(history.values, shifts)
        teacher = _teacher_of_errors(evidence, selection.chosen)
        if teacher != selection.chosen:
            standings[0] = standings[0].lowered(Status.OK, "ranges-of-seasonal-naive")
        # A series that fell back to the baseline has the baseline's errors, too.
        own = [teacher if models[k] == selection.chosen else models[k] for k in studied]
        behind = evidence.of_models("behind", own)
        errors = fit_errors(behind, "behind", studied, tree.parents, units)
        errors, calibrations = calibrate(errors, behind, "behind", studied, seed)
        report = FitReport(
            asked=self.name,
            model=selection.chosen,
            why=selection.why,
            scores=selection.scores,
            windows=selection.windows,
            standings=tuple(standings),
            models=tuple(models),
            calibrations=calibrations,
            absent=prospects.absent,
        )
        return FittedPaths(tree, medians, shifts, errors, report, seed)

    def _choose(self, evidence: Evidence) -> Selection:
        if len(self.candidates) > 1:
            return select(evidence)
        only = self.candidates[0].name
        scores = relative_errors(evidence)
        return Selection(only, "asked for by name", scores, len(evidence.cutoffs))


def path_forecasters(names: Sequence[str]) -> tuple[PathForecaster, ...]:
    """Return forecasters of paths by name, ``auto`` included.

    They share their forecasters of medians, which remember what they were asked.

    Raises
    ------
    SettingError
        When there is none of a name.

    Examples
    --------
    >>> [f.name for f in path_forecasters(["auto", "theta-log"])]
    ['auto', 'theta-log']
    """
    wanted = {name: AUTO_CANDIDATES if name == "auto" else (name,) for name in names}
    made = forecasters([member for members in wanted.values() for member in members])
    return tuple(PathForecaster(n, tuple(made[m] for m in ms)) for n, ms in wanted.items())


def _studied(tree: Tree, values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Series whose windows are looked at: the total, the largest categories and creators."""
    size = recent_mean(values)
    first = tree.first_leaf

    def largest(low: int, high: int, count: int) -> NDArray[np.int64]:
        order = np.argsort(-size[low:high], kind="stable")[:count]
        return low + np.sort(order)

    categories = largest(1, first, STUDIED_CATEGORIES)
    creators = largest(first, tree.size, STUDIED_CREATORS)
    return np.concatenate([np.zeros(1, dtype=np.int64), categories, creators])


def _medians(
    chosen: MedianForecaster,
    history: History,
    standings: list[Standing],
    horizon: int,
    seed: int,
) -> tuple[NDArray[np.float64], list[Standing], list[str]]:
    """Forecast each series by the chosen forecaster, or by what its standing allows."""
    medians = SeasonalNaive().fit(history, horizon, seed).predict(history, horizon)
    models = [BASELINE] * history.series
    able = np.flatnonzero([standing.status is Status.OK for standing in standings])
    part = history.select(able)
    own = fit_or_fail(chosen, part, horizon, seed).predict(part, horizon)
    updated = list(standings)
    for node, row in zip(able.tolist(), own, strict=True):
        if np.isfinite(row).all():
            medians[node], models[node] = row, chosen.name
        else:
            updated[node] = updated[node].lowered(Status.BASELINE_ONLY, "forecaster-failed")
    return medians, updated, models


def _teacher_of_errors(evidence: Evidence, chosen: str) -> str:
    """Name whose errors set the ranges: the chosen forecaster's own, where there are enough.

    A bundle has seen the days of its training; its errors there would make ranges too narrow.
    Seasonal naive's are known, and mostly wider.
    """
    tested = np.isfinite(evidence.log_errors(chosen)[0]).any(axis=1).sum()
    possible = np.isfinite(evidence.log_errors(BASELINE)[0]).any(axis=1).sum()
    return BASELINE if 2 * tested < possible else chosen


def _with_evidence(standing: Standing, selection: Selection) -> Standing:
    """Say of the total what the windows say of the chosen forecaster."""
    if selection.windows == 0:
        return standing.lowered(Status.BASELINE_ONLY, "no-windows")
    score = selection.scores.get(selection.chosen, float("nan"))
    if selection.chosen != BASELINE and not score < 1.0:
        # Asked for by name: its numbers stand, with the warning.
        code = "untested" if np.isnan(score) else "loses-to-seasonal-naive"
        return standing.lowered(Status.OK, code)
    if selection.chosen == BASELINE and len(selection.scores) > 1:
        return standing.lowered(Status.BASELINE_ONLY, "loses-to-seasonal-naive")
    return standing
