"""From medians to joint paths: any forecaster of medians becomes one of coherent sample paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upswell.data import Panel, Tree
from upswell.errors import SettingError
from upswell.forecasting._logscale import offsets
from upswell.forecasting.calibration import Calibration, calibrate
from upswell.forecasting.coherence import make_coherent
from upswell.forecasting.error_model import ErrorModel, fit_errors, weekly_change
from upswell.forecasting.evidence import Evidence
from upswell.forecasting.failure import fit_or_fail
from upswell.forecasting.history import History, MedianForecaster
from upswell.forecasting.known_days import flags_of, reads_known_days
from upswell.forecasting.ladder import Standing, Status
from upswell.forecasting.naive import SeasonalNaive
from upswell.forecasting.prospects import prospects_of
from upswell.forecasting.protocol import FitReport, Progress
from upswell.forecasting.quantile_calibration import calibrate_quantiles, widened
from upswell.forecasting.quantiles import QuantileForecaster, Quantiles
from upswell.forecasting.registry import AUTO, AUTO_NAME, BASELINE, forecasters
from upswell.forecasting.said_paths import SaidPaths
from upswell.forecasting.sampling import draw_paths
from upswell.forecasting.selection import Selection
from upswell.forecasting.settling import settle

__all__ = ["FittedPaths", "PathForecaster", "path_forecasters"]


@dataclass(frozen=True)
class FittedPaths:
    """Medians and an error model for every series of a tree, and quantiles where they were said.

    Series with quantiles of their own take only half of their correlation with their parent from
    the error model.
    """

    tree: Tree
    medians: NDArray[np.float64]
    shifts: NDArray[np.float64]
    errors: ErrorModel
    report: FitReport
    seed: int
    said: SaidPaths | None = None

    def sample(self, paths: int) -> NDArray[np.float64]:
        """Draw joint, coherent sample paths, shape ``(P, S, H)``."""
        errors, own = self.errors, None
        if self.said is not None:
            own = self.said.makers(self.tree)
            errors = self.said.related(errors, self.tree)
        drawn = draw_paths(
            self.medians,
            self.shifts,
            errors,
            self.tree.parents,
            paths=paths,
            seed=self.seed,
            own=own,
        )
        if self.said is not None:
            self.said.add_up(drawn, self.tree)
        return make_coherent(drawn, self.tree)


@dataclass(frozen=True)
class PathForecaster:
    """One forecaster of medians, with paths of its own or learnt from its errors.

    Parameters
    ----------
    name
        The name that was asked for. ``auto`` falls back on seasonal naive where the panel's
        windows speak for it.
    forecaster
        The forecaster of medians.
    """

    name: str
    forecaster: MedianForecaster

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
        known_days = flags_of(panel, tree, prospects.values, horizon)
        history = History(prospects.values, panel.axis.phase(), known_days)
        settled = settle(
            *(self.name, self.forecaster, history, tree),
            horizon=horizon,
            seed=seed,
            start=panel.axis.start,
            progress=progress,
        )
        chosen, selection = settled.chosen, settled.selection
        evidence, studied = settled.evidence, settled.studied
        medians, standings, models, said = _medians(chosen, history, standings, horizon, seed)
        standings[0] = _with_evidence(standings[0], selection)
        shifts = offsets(history.values)
        units = weekly_change(history.values, shifts)
        teacher = _teacher_of_errors(evidence, selection.chosen)
        if teacher != selection.chosen and said is None:
            standings[0] = standings[0].lowered(Status.OK, "ranges-of-seasonal-naive")
        # A series that fell back to the baseline has the baseline's errors, too.
        own = [teacher if models[k] == selection.chosen else models[k] for k in studied]
        behind = evidence.of_models("behind", own)
        errors = fit_errors(behind, "behind", studied, tree.parents, units)
        errors, said, calibrations = _calibrated(errors, said, behind, studied, seed)
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
            reads_known_days=reads_known_days(chosen),
        )
        return FittedPaths(tree, medians, shifts, errors, report, seed, said)


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
    wanted = {name: AUTO if name == AUTO_NAME else name for name in names}
    made = forecasters(list(wanted.values()))
    return tuple(PathForecaster(name, made[own]) for name, own in wanted.items())


def _medians(
    chosen: MedianForecaster,
    history: History,
    standings: list[Standing],
    horizon: int,
    seed: int,
) -> tuple[NDArray[np.float64], list[Standing], list[str], SaidPaths | None]:
    """Forecast each series by the chosen forecaster, or by what its standing allows."""
    medians = SeasonalNaive().fit(history, horizon, seed).predict(history, horizon)
    models = [BASELINE] * history.series
    able = np.flatnonzero([standing.status is Status.OK for standing in standings])
    part = history.select(able)
    said: Quantiles | None = None
    if isinstance(chosen, QuantileForecaster):
        said = chosen.quantiles(part, horizon)
        own = said.median
    else:
        own = fit_or_fail(chosen, part, horizon, seed).predict(part, horizon)
    done = np.asarray(np.isfinite(own).all(axis=1))
    updated = list(standings)
    for node, row, fine in zip(able.tolist(), own, done.tolist(), strict=True):
        if fine:
            medians[node], models[node] = row, chosen.name
        else:
            updated[node] = updated[node].lowered(Status.BASELINE_ONLY, "forecaster-failed")
    if said is None:
        return medians, updated, models, None
    kept = SaidPaths(chosen.name, able[done], said.select(np.flatnonzero(done)))
    return medians, updated, models, kept


def _calibrated(
    errors: ErrorModel,
    said: SaidPaths | None,
    evidence: Evidence,
    studied: NDArray[np.int64],
    seed: int,
) -> tuple[ErrorModel, SaidPaths | None, dict[int, Calibration]]:
    """Set the ranges on the windows: of quantiles that were said, and of the error model's."""
    if said is None:
        errors, calibrations = calibrate(errors, evidence, "behind", studied, seed)
        return errors, None, calibrations
    own = np.isin(studied, said.nodes)
    theirs, ours = np.flatnonzero(~own), np.flatnonzero(own)
    errors, calibrations = calibrate(
        errors, evidence.select(theirs), "behind", studied[theirs], seed
    )
    worth = np.array([errors.series[node].windows for node in studied[ours]])
    widening, found = calibrate_quantiles(evidence.select(ours), said.name, worth)
    calibrations |= dict(zip(studied[ours].tolist(), found, strict=True))
    sums = np.full(len(said.nodes), widening.sum)
    sums[np.searchsorted(said.nodes, studied[ours])] = [own.level_factor for own in found]
    return (
        errors,
        replace(said, quantiles=widened(said.quantiles, widening.day, sums, widening.peak)),
        calibrations,
    )


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
