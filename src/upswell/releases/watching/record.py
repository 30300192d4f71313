"""The record of past scores: bias, error and coverage, each beside what the final test promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from upswell.releases.watching._weekly import WeeklyMean, greater, weekly_mean
from upswell.releases.watching.past import values_of
from upswell.releases.watching.reference import day_numbers
from upswell.releases.watching.verdict import Evidence

if TYPE_CHECKING:
    import polars as pl

__all__ = ["judged"]


def judged(past: pl.DataFrame, promise: pl.DataFrame | None) -> tuple[Evidence, ...]:
    """Test bias, error and coverage of past scores, the weeks being the draws.

    Parameters
    ----------
    past
        As `upswell.releases.watching.past.past_scores` gives them.
    promise
        As `upswell.releases.watching.past.promise_kept` kept it; None without a final test.

    Returns
    -------
    tuple of Evidence
        ``too high``, ``too low``, ``error``, ``coverage 80``, ``coverage 90`` and, where a line is
        known, ``neighbour``; not decided yet.
    """
    days = day_numbers(past["release_date"])
    signed = values_of(past, "log_error")
    beside = values_of(past, "neighbour_log_error")
    kept = (
        {} if promise is None else {name: values_of(promise, name) for name in promise.columns[1:]}
    )
    before = (
        np.zeros(0, dtype=np.int64) if promise is None else day_numbers(promise["release_date"])
    )

    def promised(values: Any) -> WeeklyMean | None:
        return None if promise is None or not before.size else weekly_mean(values, before)

    error = promised(np.abs(kept["log_error"])) if kept else None
    bias = promised(kept["log_error"]) if kept else None
    tests = [
        _one("too high", weekly_mean(-signed, days), _minus(bias), "suspend decisions"),
        _one("too low", weekly_mean(signed, days), bias, "retrain"),
        _one("error", weekly_mean(np.abs(signed), days), error, "retrain"),
    ]
    for name, nominal in (("80", 0.8), ("90", 0.9)):
        misses = weekly_mean(1.0 - values_of(past, f"inside_{name}"), days, nominal * (1 - nominal))
        old = promised(1.0 - kept[f"inside_{name}"]) if kept else None
        tests.append(_coverage(name, nominal, misses, old))
    if np.isfinite(beside).all():
        worse = weekly_mean(np.abs(signed) - np.abs(beside), days)
        tests.append(_one("neighbour", worse, 0.0, "retrain"))
    return tuple(tests)


def _minus(mean: WeeklyMean | None) -> WeeklyMean | None:
    if mean is None:
        return None
    return WeeklyMean(-mean.mean, mean.variance, mean.count, mean.weeks)


_WORDS = {
    "too high": "scores lie above the outcomes by a factor of {value:.2f} (final test: {old:.2f})",
    "too low": "outcomes lie above the scores by a factor of {value:.2f} (final test: {old:.2f})",
    "error": "the typical error is a factor of {value:.2f} (final test: {old:.2f})",
    "neighbour": "the typical error is {value:.2f} times that of the log-linear line",
}


def _one(test: str, now: WeeklyMean, before: WeeklyMean | float | None, asks: str) -> Evidence:
    expected = before.mean if isinstance(before, WeeklyMean) else before
    if before is None or not now.enough:
        return _untold(test, asks, now, "no-final-test" if now.enough else "too-few-outcomes")
    value, old = float(np.exp(now.mean)), float(np.exp(expected or 0.0))
    return Evidence(
        test=test,
        code="ok",
        sentence=_WORDS[test].format(value=value, old=old) + _of(now),
        value=value,
        expected=old,
        p_value=greater(now, before),
        asks=asks,
    )


def _coverage(name: str, nominal: float, misses: WeeklyMean, before: WeeklyMean | None) -> Evidence:
    """Fail only what covers less than it should and less than the final test did."""
    test = f"coverage {name}"
    if not misses.enough:
        return _untold(test, "retrain", misses, "too-few-outcomes")
    p_value = greater(misses, 1.0 - nominal)
    tested = ""
    if before is not None and before.weeks >= 2:
        p_value = max(p_value, greater(misses, before))
        tested = f" (final test: {1 - before.mean:.0%})"
    return Evidence(
        test=test,
        code="ok",
        sentence=f"the {name}% range held {1 - misses.mean:.0%} of the outcomes{tested}"
        + _of(misses),
        value=1.0 - misses.mean,
        expected=nominal,
        p_value=p_value,
        asks="retrain",
    )


def _of(mean: WeeklyMean) -> str:
    counts = ((mean.count, "release"), (mean.weeks, "week"))
    return ", " + " of ".join(f"{number} {word}{'s'[: number != 1]}" for number, word in counts)


def _untold(test: str, asks: str, now: WeeklyMean, code: str) -> Evidence:
    words = {
        "too-few-outcomes": "not enough outcomes yet",
        "no-final-test": "the bundle has no final test to hold it against",
    }
    return Evidence(
        test=test,
        code=code,
        sentence=words[code] + _of(now),
        value=None,
        expected=None,
        p_value=None,
        asks=asks,
    )
