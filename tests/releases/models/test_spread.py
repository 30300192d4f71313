"""Ranges hold what they say, stay finite with few errors, and are never absurd."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from upswell.errors import BundleError
from upswell.releases.models.spread import GRID, SpreadModel

Floats = NDArray[np.float64]


def world(rows: int, seed: int) -> tuple[pl.DataFrame, Floats, Floats]:
    """Return features, errors at two horizons whose width follows a feature, and that width."""
    rng = np.random.default_rng(seed)
    frame = {f"x{i}": rng.normal(size=rows) for i in range(5)}
    width = 0.2 + 0.6 * (frame["x0"] > 0) + 0.2 * np.abs(frame["x1"])
    errors = width[:, None] * rng.standard_t(6, (rows, 1)) * np.array([1.0, 1.3])
    return pl.DataFrame(frame), errors, width


def fit(rows: int, seed: int = 1, blocks: int = 3, **more: Floats) -> SpreadModel:
    features, errors, _ = world(rows, seed)
    parts = [np.asarray(part) for part in np.array_split(np.arange(rows), blocks)]
    return SpreadModel.fit(features, more.get("errors", errors), parts, seed=1)


@pytest.fixture(scope="module")
def wide() -> SpreadModel:
    return fit(3_000)


def test_ranges_hold_the_share_they_name_on_fresh_releases(wide: SpreadModel) -> None:
    features, errors, width = world(4_000, seed=2)
    quantiles = wide.quantiles(features)
    for place in (0, 1):
        for low, high, least, most in ((0.1, 0.9, 0.76, 0.84), (0.25, 0.75, 0.45, 0.55)):
            bottom, top = quantiles[GRID.index(low)], quantiles[GRID.index(high)]
            held = (errors >= bottom) & (errors <= top)
            assert least < held[:, place].mean() < most
        # Not by one width for all: narrow and wide releases each hold about their share.
        inside = (errors >= quantiles[GRID.index(0.1)]) & (errors <= quantiles[GRID.index(0.9)])
        for part in (width < np.quantile(width, 0.4), width > np.quantile(width, 0.6)):
            assert 0.7 < inside[part, place].mean() < 0.9


def test_releases_that_err_more_have_wider_ranges(wide: SpreadModel) -> None:
    features, _, width = world(1_000, seed=3)
    quantiles = wide.quantiles(features)
    reach = quantiles[GRID.index(0.9)] - quantiles[GRID.index(0.1)]
    assert np.corrcoef(reach[:, 0], width)[0, 1] > 0.7


@pytest.mark.parametrize("rows", [1, 2, 5, 50, 150])
@pytest.mark.parametrize("blocks", [1, 3])
def test_few_errors_give_ranges_that_are_finite_ascend_and_are_wide(rows: int, blocks: int) -> None:
    if rows < blocks:
        pytest.skip("no block without a release")
    model = fit(rows, blocks=blocks)
    quantiles = model.quantiles(world(300, seed=4)[0])
    assert quantiles.shape == (len(GRID), 300, 2)
    assert np.isfinite(quantiles).all()
    assert (np.diff(quantiles, axis=0) >= 0).all()
    assert (quantiles[GRID.index(0.9)] - quantiles[GRID.index(0.1)] > 0).all()


@pytest.mark.parametrize("rows", [120, 150, 250])
def test_no_quantile_lies_far_beyond_all_errors_that_were_seen(rows: int) -> None:
    for seed in range(3):
        features, errors, _ = world(rows, seed)
        model = SpreadModel.fit(features, errors, np.array_split(np.arange(rows), 3), seed=1)
        quantiles = model.quantiles(world(500, seed=5)[0])
        assert np.abs(quantiles).max() < 1.6 * np.abs(errors).max() + 0.5


@pytest.mark.parametrize("rows", [60, 150, 300])
def test_ranges_from_few_errors_hold_about_what_they_name(rows: int) -> None:
    held = []
    for seed in range(4):
        features, errors, _ = world(1_000, seed=50 + seed)
        quantiles = fit(rows, seed=seed).quantiles(features)
        inside = (errors >= quantiles[GRID.index(0.1)]) & (errors <= quantiles[GRID.index(0.9)])
        held.append(inside.mean())
    assert 0.72 < np.mean(held) < 0.90


def test_the_shape_of_normal_errors_is_normal() -> None:
    rng = np.random.default_rng(9)
    features = pl.DataFrame({"x": rng.normal(size=4_000)})
    errors = 0.5 * rng.normal(size=(4_000, 1))
    model = SpreadModel.fit(features, errors, np.array_split(np.arange(4_000), 4), seed=1)
    middle = model.quantiles(pl.DataFrame({"x": [0.0]}))[:, 0, 0]
    inner = slice(GRID.index(0.1), GRID.index(0.9) + 1)
    np.testing.assert_allclose(middle[inner], 0.5 * norm.ppf(GRID)[inner], atol=0.12)


def test_unknown_outcomes_are_left_out() -> None:
    features, errors, _ = world(600, seed=6)
    holes = errors.copy()
    holes[::3, 0] = np.nan
    whole = np.delete(np.arange(600), np.s_[::3])
    parts = [np.arange(300), np.arange(300, 600)]
    known = [np.intersect1d(part, whole) for part in parts]
    one = SpreadModel.fit(features, holes, parts, seed=1).quantiles(features)[:, :, 0]
    other = SpreadModel.fit(features, errors, known, seed=1)
    # The same releases teach the boosters and the shape; only the middle may differ.
    assert np.isfinite(one).all()
    assert np.abs(one - other.quantiles(features)[:, :, 0]).mean() < 0.1


def test_errors_that_are_all_zero_or_all_equal_give_a_narrow_finite_range() -> None:
    for value in (0.0, 2.5):
        model = fit(150, errors=np.full((150, 2), value))
        quantiles = model.quantiles(world(20, seed=1)[0])
        assert np.isfinite(quantiles).all()
        assert np.abs(quantiles - value).max() < 0.1


def test_a_model_read_from_its_entries_says_the_same() -> None:
    for rows in (50, 300):
        model = fit(rows)
        files, head = model.entries("spread")
        again = SpreadModel.from_entries(files, json.loads(json.dumps(head)))
        features = world(40, seed=7)[0]
        assert again.quantiles(features).tolist() == model.quantiles(features).tolist()
        assert again.entries("spread")[1] == head


@pytest.mark.parametrize(
    "damage",
    [
        {"shape": [[0.0]]},
        {"usual": [1.0]},
        {"most": None},
        {"trust": "much"},
        {"bias": []},
        {"boosters": ["gone.cbm", "gone.cbm"]},
        {"boosters": [[1.0], [2.0]]},
        {"boosters": 7},
        {"features": {}},
    ],
)
def test_damaged_ranges_are_refused(damage: dict[str, object]) -> None:
    files, head = fit(50).entries("spread")
    with pytest.raises(BundleError):
        SpreadModel.from_entries(files, {**head, **damage})
    without = {name: value for name, value in head.items() if name not in damage}
    with pytest.raises(BundleError):
        SpreadModel.from_entries(files, without)
