"""Scores of the expected streams: errors, ranges, size bands and rounded figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from upswell.releases.judging._sample import ALL, LEVELS, Sample
from upswell.releases.judging._tables import Row
from upswell.releases.judging.folds import FINAL
from upswell.scoring import (
    RoundingRule,
    coverage,
    log_bias,
    log_error,
    mape,
    mape_by_size,
    mean_absolute_error,
    mean_over_known,
    mean_pinball_loss,
    median_ape,
    paired_block_bootstrap,
    relative_bias,
    rmsle,
    rounded_score,
    wmape,
)

Floats = NDArray[np.float64]

MODEL = "model"
"""Name of what is judged, beside its trivial neighbours."""

RANGES: Mapping[str, tuple[float, float]] = {
    "coverage50": (0.25, 0.75),
    "coverage80": (0.1, 0.9),
    "coverage90": (0.05, 0.95),
}
"""The quantiles that bound each central range."""

COMPARED = ("rmsle", "wmape", "median_ape", "mean_pinball")
"""The scores, lower is better, in which the model is held against its best neighbour."""

LEVEL = 0.9
"""Confidence level of every interval of the scorecard."""

BANDS = (1e3, 1e4, 1e5, 1e6, 1e7)
"""Outcomes that part the size bands."""

CONSTANT = "constant"
RULES: tuple[RoundingRule, ...] = ("nearest", "up")


def worse(
    own: Mapping[str, float], trivial: Mapping[str, float], *, higher_is_better: bool = False
) -> str:
    """Return the names of the scores in which a trivial one is better, separated by spaces.

    What is undefined on either side is not compared.
    """
    sign = -1.0 if higher_is_better else 1.0
    slack = 1e-9
    return " ".join(
        name
        for name, value in own.items()
        if sign * (value - trivial.get(name, np.nan)) > slack * max(abs(value), slack)
    )


def regression_rows(sample: Sample, *, draws: int, seed: int) -> Iterator[Row]:
    """Yield the row of the model, then one of each neighbour."""
    rows = {name: _point_scores(sample.actual, guess) for name, guess in sample.neighbours.items()}
    own = _point_scores(sample.actual, sample.median)
    # Sums are kept by means, not by medians.
    own["bias"] = float(relative_bias(sample.actual, sample.mean))
    own["mean_pinball"] = float(
        mean_over_known(mean_pinball_loss(sample.actual, sample.quantiles, LEVELS), sample.actual)
    )
    for name, (low, high) in RANGES.items():
        own[name] = float(coverage(sample.actual, sample.quantile(low), sample.quantile(high)))
    best = {name: _lowest([row[name] for row in rows.values()]) for name in COMPARED}
    shared = {"horizon": sample.horizon, "scope": sample.scope, "count": len(sample)}
    shared["excluded"] = int((sample.actual == 0).sum())
    yield {
        **shared,
        "model": MODEL,
        **own,
        **_comparison(sample, rows, draws=draws, seed=seed),
        "worse_than_trivial": worse({name: own[name] for name in COMPARED}, best),
    }
    for name, row in rows.items():
        yield {**shared, "model": name, **row}


def band_rows(sample: Sample) -> Iterator[Row]:
    """Yield the errors by size of the outcome, of the model and each neighbour; no empty band."""
    if sample.scope not in {ALL, FINAL}:
        return
    for name, guess in {MODEL: sample.median, **sample.neighbours}.items():
        for band in mape_by_size(sample.actual, guess, BANDS):
            if band.count:
                yield {
                    "horizon": sample.horizon,
                    "scope": sample.scope,
                    "model": name,
                    **{key: getattr(band, key) for key in band.__slots__},
                }


def rounding_rows(sample: Sample, step: float) -> Iterator[Row]:
    """Yield the errors after rounding by each rule, with the constant's beside them.

    In the MAPE the constant is at least one step.
    """
    for rule in RULES:
        own = rounded_score(sample.actual, sample.median, step, rule)
        row: Row = {
            "horizon": sample.horizon,
            "scope": sample.scope,
            "rule": rule,
            "step": step,
            "count": own.count,
            "excluded": own.excluded,
            "mape": own.mape,
            "exact": own.exact,
        }
        if CONSTANT in sample.neighbours:
            constant = sample.neighbours[CONSTANT]
            # Outcomes of 0 are excluded from the MAPE, where a constant of 0 would be 100% wrong
            # on all that is left: one step is the constant that is hard to beat.
            raised = np.maximum(constant, step)
            trivial = replace(
                rounded_score(sample.actual, constant, step, rule),
                mape=rounded_score(sample.actual, raised, step, rule).mape,
            )
            row |= {"mape_constant": trivial.mape, "exact_constant": trivial.exact}
            names = (
                worse({"mape": own.mape}, {"mape": trivial.mape}),
                worse({"exact": own.exact}, {"exact": trivial.exact}, higher_is_better=True),
            )
            row["worse_than_trivial"] = " ".join(filter(None, names))
        yield row


def _point_scores(actual: Floats, guess: Floats) -> dict[str, float]:
    """Return the scores that every forecast of one number has."""
    return {
        "rmsle": float(rmsle(actual, guess)),
        "log_bias": float(log_bias(actual, guess)),
        "wmape": float(wmape(actual, guess)),
        "mape": mape(actual, guess),
        "median_ape": median_ape(actual, guess),
        "bias": float(relative_bias(actual, guess)),
        # One number stands for all quantiles, of which the levels lie evenly about one half.
        "mean_pinball": 0.5 * float(mean_absolute_error(actual, guess)),
    }


def _comparison(
    sample: Sample, rows: Mapping[str, Mapping[str, float]], *, draws: int, seed: int
) -> Row:
    """Compare the RMSLE with that of the neighbour that has the lowest."""
    known = {name: row["rmsle"] for name, row in rows.items() if np.isfinite(row["rmsle"])}
    weeks = len(np.unique(sample.weeks))
    if not known:
        return {"weeks": weeks}
    best = min(known, key=lambda name: known[name])
    found = paired_block_bootstrap(
        np.square(log_error(sample.actual, sample.median)),
        np.square(log_error(sample.actual, sample.neighbours[best])),
        sample.weeks,
        statistic="root-ratio",
        draws=draws,
        seed=seed,
        level=LEVEL,
    )
    return {
        "best_trivial": best,
        "ratio": found.estimate,
        "weeks": weeks,
        "ratio_low": found.low,
        "ratio_high": found.high,
        "better": found.better,
    }


def _lowest(values: list[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return min(known, default=float("nan"))
