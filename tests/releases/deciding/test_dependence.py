"""The shock that releases of a list share: drawn as it is said, and found again in evidence."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from releases.deciding.making import frame_of, lognormal
from upswell.releases.deciding.curves import StreamCurves
from upswell.releases.deciding.dependence import (
    ASSUMED,
    Dependence,
    dependence_of,
    scenarios,
)


def drawn(correlation: float, weeks: int, each: int = 12) -> pl.DataFrame:
    """Return evidence of weeks, each with a shock of its own."""
    curves = lognormal(np.full(each, 5_000.0), 0.7)
    parts = []
    for week in range(weeks):
        streams = scenarios(curves, correlation, seed=week, count=501)
        place = int(np.random.default_rng([7, week]).integers(501))
        day = dt.date(2024, 1, 1) + dt.timedelta(weeks=week)
        parts.append(frame_of(curves, actual=streams[:, place], release_date=[day] * each))
    return pl.concat(parts)


@pytest.mark.parametrize("correlation", [0.0, 0.2, 0.5])
def test_the_correlation_is_found_again(correlation: float) -> None:
    found = dependence_of(drawn(correlation, weeks=300))
    assert found.correlation == pytest.approx(correlation, abs=0.07)
    assert found.weeks == 300


def test_with_few_weeks_a_correlation_is_assumed_and_said_to_be() -> None:
    assert dependence_of(None) == Dependence(ASSUMED, 0)
    assert dependence_of(drawn(0.5, weeks=7)) == Dependence(ASSUMED, 0)
    assert dependence_of(drawn(0.5, weeks=7).head(0)) == Dependence(ASSUMED, 0)
    assert dependence_of(drawn(0.5, weeks=20, each=1)) == Dependence(ASSUMED, 0)


def test_scenarios_have_the_curves_and_the_correlation_asked_for() -> None:
    curves = lognormal([5_000.0, 80_000.0], [0.5, 1.0])
    streams = scenarios(curves, 0.4, seed=3, count=40_000)
    for level in (0.05, 0.25, 0.5, 0.9):
        low = np.quantile(streams, level - 0.008, axis=1)
        high = np.quantile(streams, level + 0.008, axis=1)
        assert ((low <= curves.at([level])[:, 0]) & (curves.at([level])[:, 0] <= high)).all()
    from scipy.stats import spearmanr

    # Of a Gaussian copula: 6 / pi * arcsin(r / 2).
    expected = 6 / np.pi * np.arcsin(0.4 / 2)
    assert spearmanr(*streams).statistic == pytest.approx(expected, abs=0.02)


def test_a_seed_gives_the_same_scenarios_however_many_releases_follow() -> None:
    curves = lognormal(np.linspace(1e3, 1e6, 600), 0.8)
    some = StreamCurves(curves.quantiles[:300], curves.mean[:300])
    one, other = (scenarios(c, 0.3, seed=5, count=50) for c in (curves, some))
    assert np.array_equal(one[:300], other)
