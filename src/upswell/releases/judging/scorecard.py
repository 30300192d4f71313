"""The scorecard of the release job: every figure beside that of its trivial neighbour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from upswell.releases.judging._regression import LEVEL, band_rows, regression_rows, rounding_rows
from upswell.releases.judging._sample import samples_of
from upswell.releases.judging._tables import COLUMNS, Row, frame_of
from upswell.releases.judging._tiers import (
    budget_rows,
    by_tier_rows,
    calibration_rows,
    confusion_rows,
    tier_rows,
)

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.config import ReleasesConfig

__all__ = ["ReleaseScorecard", "judge"]


@dataclass(frozen=True, kw_only=True)
class ReleaseScorecard:
    """All scores of one evaluation, as Polars frames; what is not defined is null.

    Each frame has the columns ``horizon`` and ``scope``. Scopes are ``all`` (every release of the
    rolling folds), ``artist seen`` and ``artist unseen``, ``complete window``, ``short window`` and
    ``short window, day <age>`` (where predictions from short windows are given), ``fold <label>``,
    and ``final``: the last period, in no other scope. A scope without a release has no row.
    ``worse_than_trivial`` names the scores in which a trivial neighbour is better, separated by
    spaces. Intervals are at the 90% level.

    Parameters
    ----------
    regression
        One row for the model and each neighbour: ``count``, ``excluded`` (outcomes of 0, which have
        no percentage error), ``rmsle`` and ``log_bias``, ``wmape``, ``mape``, ``median_ape`` of the
        median, ``bias`` of the mean relative to the sum, ``mean_pinball`` over 19 levels, coverage
        of the central 50, 80 and 90% ranges. Of the model also ``best_trivial`` (the neighbour of
        lowest RMSLE in this scope), ``ratio`` of the RMSLEs with its paired block bootstrap
        interval over the release weeks, ``better`` (share of draws in which the model wins) and
        ``weeks``.
    bands
        Percentage errors by size of the outcome, ``[low, high)``, `high` null where there is none;
        of ``all`` and ``final``.
    rounding
        MAPE and share of exact figures after rounding median and outcome by each rule, with those
        of the constant. Outcomes that round to 0 are ``excluded`` from the MAPE, and there the
        constant is at least one step.
    tiers
        One row for the model, the majority (most frequent tier and shares of the releases that
        taught) and the tier that each neighbour's number lies in: ``accuracy``,
        ``balanced_accuracy``, ``log_loss``, ``brier``, ``rps``, and ``ece``, the mean over the
        tiers.
    by_tier
        Of each tier, ``precision`` and ``recall`` with Clopper-Pearson intervals,
        ``average_precision`` beside its ``share`` and the ranking by the base metric, ``ece``.
    confusion
        Counts by true tier and answer, of ``all`` and ``final``.
    calibration
        What happened by the probability given, of ``all`` and ``final``.
    budget
        Hits among ``places`` promoted, `budget` in each test period; ``recall_possible`` is the
        most that so few places can find.
    unknown
        How many predictions were left out because their outcome is unknown.
    step, rounding_rule, tier_names, tier_bounds, draws, seed
        What it was made with.
    """

    regression: pl.DataFrame
    bands: pl.DataFrame
    rounding: pl.DataFrame
    tiers: pl.DataFrame
    by_tier: pl.DataFrame
    confusion: pl.DataFrame
    calibration: pl.DataFrame
    budget: pl.DataFrame
    unknown: int
    step: float
    rounding_rule: str
    tier_names: tuple[str, ...]
    tier_bounds: tuple[float, ...]
    draws: int
    seed: int

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]:
        """The frames by name."""
        return {name: getattr(self, name) for name in COLUMNS}

    def to_record(self) -> dict[str, Any]:
        """Return everything as plain values that JSON can hold; what is not defined is None."""
        settings = [item.name for item in fields(self) if item.name not in COLUMNS]
        values = {name: getattr(self, name) for name in settings}
        record = {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}
        record["level"] = LEVEL
        record["tables"] = {name: frame.to_dicts() for name, frame in self.tables.items()}
        return record


def judge(
    predictions: pl.DataFrame,
    trivial: pl.DataFrame | None,
    config: ReleasesConfig,
    *,
    seed: int = 0,
    draws: int = 2000,
) -> ReleaseScorecard:
    """Score predictions beside those of the trivial neighbours.

    Parameters
    ----------
    predictions
        One row a release and horizon: ``release, horizon, release_date, fold, actual, mean`` and
        ``q05`` to ``q95`` (19 levels); if given also ``artist_seen`` and ``complete`` (booleans),
        ``age`` (whole number), ``tier`` (a name) and ``probability_<tier>``. The fold is the label
        of the test period, `FINAL` for the last. Rows whose ``actual`` is null or NaN are counted
        and left out.
    trivial
        What the neighbours said of the same rows in the same order, as `TrivialRules.answers` gives
        it; None when there is nothing to compare with.
    config
        Step, tiers and budgets.
    seed, draws
        Of the bootstrap.

    Returns
    -------
    ReleaseScorecard

    Raises
    ------
    ColumnError
        When a column is missing.
    SettingError
        When the two frames do not belong together, or a tier is not one of the settings.
    """
    names, bounds = config.tiers.names, config.tiers.bounds
    rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    for sample in samples_of(predictions, trivial, config.tiers):
        rows["regression"] += regression_rows(sample, draws=draws, seed=seed)
        rows["bands"] += band_rows(sample)
        rows["rounding"] += rounding_rows(sample, config.step)
        rows["tiers"] += tier_rows(sample, names, bounds)
        rows["by_tier"] += by_tier_rows(sample, names)
        rows["confusion"] += confusion_rows(sample, names)
        rows["calibration"] += calibration_rows(sample, names)
        rows["budget"] += budget_rows(sample, config.evaluation.budget)
    actual = predictions["actual"]
    scored = int((actual.is_not_null() & actual.is_not_nan()).sum())
    return ReleaseScorecard(
        **{name: frame_of(name, found) for name, found in rows.items()},
        unknown=predictions.height - scored,
        step=config.step,
        rounding_rule=config.rounding,
        tier_names=names,
        tier_bounds=bounds,
        draws=draws,
        seed=seed,
    )
