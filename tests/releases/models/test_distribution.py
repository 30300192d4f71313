"""One distribution from which number, range, tier and chances are read, against other math."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.stats import lognorm, norm
from sklearn.isotonic import IsotonicRegression

from upswell.releases.judging.trivial import tiers_of
from upswell.releases.models.distribution import (
    mean_of,
    monotone,
    pool,
    quantiles_at,
    reach_of,
)
from upswell.releases.models.ordinal import tier_probabilities
from upswell.releases.models.spread import GRID
from upswell.scoring import round_to_step

LEVELS = np.array(GRID)
BOUNDS = (50.0, 5_000.0, 500_000.0)
OUT = tuple(i / 20 for i in range(1, 20))

Floats = NDArray[np.float64]


def logit(share: Floats | float) -> Floats:
    return np.log(share) - np.log1p(-np.asarray(share))


finite = st.floats(0.0, 40.0)


@st.composite
def curves_of(draw: st.DrawFn, horizons: int = 2) -> Floats:
    """Quantiles in any order, some of them equal: what models can say at worst."""
    rows = draw(st.integers(1, 4))
    shape = (len(GRID), rows, horizons)
    steps = draw(arrays(np.float64, shape, elements=finite, fill=st.nothing()))
    flat = draw(st.booleans())
    return np.repeat(steps[:1], len(GRID), axis=0) if flat else steps


@st.composite
def chances_of(draw: st.DrawFn, rows: int) -> Floats:
    elements = st.floats(0.0, 1.0)
    found = draw(arrays(np.float64, (rows, len(BOUNDS)), elements=elements))
    return -np.sort(-found, axis=1)


@settings(max_examples=60)
@given(st.data(), st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]))
def test_everything_read_from_the_curves_agrees_with_everything_else(
    data: st.DataObject, weight: float
) -> None:
    raw = np.maximum.accumulate(data.draw(curves_of()), axis=0)
    for place in range(raw.shape[2]):
        reached = data.draw(chances_of(raw.shape[1]))
        raw[:, :, place] = pool(raw[:, :, place], BOUNDS, reached, weight)
        assert (np.diff(raw[:, :, place], axis=0) >= 0).all()
    curves = monotone(raw)
    earlier, later = curves[:, :, 0], curves[:, :, 1]
    assert np.isfinite(curves).all()
    assert (np.diff(curves, axis=0) >= 0).all()
    # Day 14 never above day 30: any quantile, the mean, the chance of any tier or above.
    assert (quantiles_at(earlier, OUT) <= quantiles_at(later, OUT)).all()
    assert (mean_of(earlier) <= mean_of(later)).all()
    reached_early, reached_late = reach_of(earlier, BOUNDS), reach_of(later, BOUNDS)
    assert (reached_early <= reached_late + 1e-12).all()
    for own in (earlier, later):
        streams = quantiles_at(own, OUT)
        assert (np.diff(streams, axis=0) >= 0).all()
        assert (streams >= 0).all()
        chances = tier_probabilities(reach_of(own, BOUNDS))
        assert (chances >= 0).all()
        np.testing.assert_allclose(chances.sum(axis=1), 1.0, rtol=0, atol=1e-12)
        # The tier in which the median lies is reached with a chance of a half at least.
        median = streams[OUT.index(0.5)]
        tier = tiers_of(median, BOUNDS)
        reached = np.column_stack([np.ones(len(median)), reach_of(own, BOUNDS)])
        assert (reached[np.arange(len(tier)), tier] >= 0.5 - 1e-9).all()
        least, most = quantiles_at(own, [GRID[0], GRID[-1]])
        # The way through the exponential loses what is smaller than the last place of 1.
        assert (mean_of(own) >= least * (1 - 1e-9) - 1e-12).all()
        assert (mean_of(own) <= most * (1 + 1e-9)).all()


def lines(rows: int, seed: int) -> Floats:
    """Quantiles of normals on the log scale, shape ``(G, N)``."""
    rng = np.random.default_rng(seed)
    middle, spread = rng.normal(7.0, 3.0, rows), rng.uniform(0.3, 2.5, rows)
    return np.maximum(middle + norm.ppf(LEVELS)[:, None] * spread, 0.0)


def pooled_by_hand(curve: Floats, reached: Floats, weight: float) -> tuple[Floats, Floats]:
    """Return the chance of one release to reach each bound before and after, by plain steps."""
    before, after = [], []
    for bound, other in zip(np.log1p(BOUNDS), reached, strict=True):
        below = np.interp(bound, curve, logit(LEVELS))
        mixed = (1 - weight) * -below + weight * logit(float(np.clip(other, 1e-4, 1 - 1e-4)))
        before.append(1 / (1 + np.exp(below)))
        after.append(1 / (1 + np.exp(-mixed)))
    return np.array(before), np.array(after)


@pytest.mark.parametrize("weight", [0.25, 0.75, 1.0])
def test_pool_brings_each_bound_to_the_logarithmic_opinion_pool(weight: float) -> None:
    curves = lines(300, seed=4)
    rng = np.random.default_rng(5)
    reached = -np.sort(-rng.uniform(0.01, 0.99, (300, len(BOUNDS))), axis=1)
    moved = reach_of(pool(curves, BOUNDS, reached, weight), BOUNDS)
    checked = 0
    for row in range(300):
        curve = curves[:, row]
        before, wanted = pooled_by_hand(curve, reached[row], weight)
        np.testing.assert_allclose(reach_of(curve[:, None], BOUNDS)[0], before, atol=1e-3)
        # Where a bound lies outside of the grid, the curve cannot say how far.
        inside = (np.log1p(BOUNDS) > curve[0]) & (np.log1p(BOUNDS) < curve[-1])
        inside &= (wanted > 0.002) & (wanted < 0.998)
        checked += inside.sum()
        # Two bounds wanted at about the same level share a step of the grid.
        np.testing.assert_allclose(moved[row][inside], wanted[inside], atol=0.04)
    assert checked > 300


def test_pool_without_weight_or_bounds_changes_nothing() -> None:
    curves = lines(5, seed=1)
    reached = np.full((5, len(BOUNDS)), 0.5)
    assert pool(curves, BOUNDS, reached, 0.0) is curves
    assert pool(curves, (), reached[:, :0], 0.5) is curves


def test_pool_of_two_models_that_agree_changes_nothing() -> None:
    curves = lines(200, seed=2)
    moved = pool(curves, BOUNDS, reach_of(curves, BOUNDS), 0.5)
    beyond = (reach_of(curves, BOUNDS) < 1e-3).any(axis=1) | (curves == 0).any(axis=0)
    assert (~beyond).sum() > 20
    np.testing.assert_allclose(moved[:, ~beyond], curves[:, ~beyond], atol=1e-9)


def test_pool_of_one_release_does_not_depend_on_the_others() -> None:
    curves = lines(50, seed=3)
    reached = -np.sort(-np.random.default_rng(3).random((50, len(BOUNDS))), axis=1)
    together = pool(curves, BOUNDS, reached, 0.5)
    for row in (0, 17, 49):
        alone = pool(curves[:, [row]], BOUNDS, reached[[row]], 0.5)
        assert alone[:, 0].tolist() == together[:, row].tolist()


def test_pool_reads_the_old_curve_by_linear_interpolation() -> None:
    curves = lines(40, seed=6)
    reached = -np.sort(-np.random.default_rng(7).random((40, len(BOUNDS))), axis=1)
    moved = pool(curves, BOUNDS, reached, 0.5)
    own = logit(1 - reach_of(curves, BOUNDS))
    other = logit(1 - np.clip(reached, 1e-4, 1 - 1e-4))
    for row in range(40):
        wanted = np.maximum.accumulate(0.5 * own[row] + 0.5 * other[row])
        knots, first = np.unique(wanted, return_index=True)
        shifts = own[row][first] - wanted[first]
        spans = np.abs(shifts[[0, -1]]) + 4.0
        knots = np.array([knots[0] - spans[0], *knots, knots[-1] + spans[1]])
        read = logit(LEVELS) + np.interp(logit(LEVELS), knots, [0.0, *shifts, 0.0])
        expected = np.interp(np.maximum.accumulate(read), logit(LEVELS), curves[:, row])
        np.testing.assert_allclose(moved[:, row], expected, atol=1e-9)


@settings(max_examples=30)
@given(curves_of(horizons=4))
def test_monotone_is_isotonic_regression_over_horizons(curves: Floats) -> None:
    ordered = np.maximum.accumulate(curves, axis=0)
    answer = monotone(curves)
    isotonic = IsotonicRegression()
    for level in (0, len(GRID) // 2, len(GRID) - 1):
        for row in range(curves.shape[1]):
            expected = isotonic.fit_transform(np.arange(4), ordered[level, row])
            np.testing.assert_allclose(answer[level, row], expected, atol=1e-9)


def test_monotone_leaves_what_ascends_as_it_is() -> None:
    curves = np.sort(np.random.default_rng(1).random((len(GRID), 3, 3)), axis=0)
    curves = np.cumsum(curves, axis=2)
    np.testing.assert_allclose(monotone(curves), curves, rtol=1e-12)


@pytest.mark.parametrize(("spread", "within"), [(0.3, 0.01), (0.7, 0.01), (1.0, 0.02)])
def test_mean_is_that_of_a_lognormal(spread: float, within: float) -> None:
    law = lognorm(s=spread, scale=20_000.0)
    curves = np.log1p(law.ppf(LEVELS))[:, None]
    assert mean_of(curves)[0] == pytest.approx(law.mean(), rel=within)


def test_mean_is_the_area_under_the_quantiles() -> None:
    curves = lines(20, seed=8)
    found = mean_of(curves)
    shares = (np.arange(200_000) + 0.5) / 200_000
    for row in range(20):
        streams = np.interp(shares, LEVELS, np.expm1(curves[:, row]))
        assert found[row] == pytest.approx(streams.mean(), rel=1e-3)


def test_reach_is_that_of_a_normal_on_the_log_scale() -> None:
    middle, spread = np.array([5.0, 9.0, 13.0]), np.array([1.0, 1.5, 2.0])
    curves = middle + norm.ppf(LEVELS)[:, None] * spread
    expected = norm.sf((np.log1p(BOUNDS)[None, :] - middle[:, None]) / spread[:, None])
    inside = (expected > 0.001) & (expected < 0.999)
    assert inside.sum() == 5
    np.testing.assert_allclose(reach_of(curves, BOUNDS)[inside], expected[inside], atol=0.002)
    # Beyond the grid a chance is small, not nothing.
    assert (reach_of(curves, BOUNDS)[~inside] > 0).all()
    assert (reach_of(curves, BOUNDS)[~inside] < 1).all()


def test_a_constant_curve_has_its_value_as_mean_and_every_quantile() -> None:
    curves = np.full((len(GRID), 2), np.log1p(777.0))
    np.testing.assert_allclose(mean_of(curves), 777.0)
    np.testing.assert_allclose(quantiles_at(curves, OUT), 777.0)
    chances = tier_probabilities(reach_of(curves, [777.0 + 1, 5_000.0]))
    assert chances.argmax(axis=1).tolist() == [0, 0]
    assert tier_probabilities(reach_of(curves, [700.0, 5_000.0])).argmax(axis=1).tolist() == [1, 1]


def test_levels_of_the_grid_are_read_without_rounding() -> None:
    curves = lines(7, seed=9)
    at = [GRID.index(level) for level in OUT]
    assert quantiles_at(curves, OUT).tolist() == np.expm1(curves[at]).tolist()


@settings(max_examples=50)
@given(st.floats(0, 1e8).map(lambda x: round(x, 3)), st.sampled_from([1.0, 50.0, 50_000.0]))
def test_the_rounded_figure_follows_its_rule(streams: float, step: float) -> None:
    nearest = float(round_to_step(np.array([streams]), step, "nearest")[0])
    above = float(round_to_step(np.array([streams]), step, "up")[0])
    assert nearest / step == round(nearest / step)
    assert abs(nearest - streams) <= step / 2
    assert streams <= above < streams + step
