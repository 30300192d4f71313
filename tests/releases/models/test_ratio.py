"""The log ratio: nothing dropped, silent releases kept, one absurd row harmless."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from releases.models.ratio_world import table
from upswell.errors import BundleError
from upswell.releases.models.ratio import LogRatio

Floats = NDArray[np.float64]


def world(rows: int, seed: int, silent: int = 0) -> tuple[Floats, Floats]:
    """Return counts a day and log outcomes of releases, the first of them silent."""
    rng = np.random.default_rng(seed)
    daily = np.exp(rng.normal(5, 2, (rows, 1))) * rng.dirichlet(np.ones(4), rows)
    logs = np.log1p(daily.sum(axis=1))[:, None] + rng.normal([1.0, 1.5], 0.5, (rows, 2))
    daily[:silent] = np.nan
    logs[:silent] = rng.normal([3.0, 4.0], 0.3, (silent, 2))
    return daily, logs


@given(st.integers(1, 80), st.integers(0, 30), st.integers(0, 99))
def test_offset_and_ratio_give_the_log_outcome_back(rows: int, silent: int, seed: int) -> None:
    daily, logs = world(rows, seed, min(silent, rows))
    own = table(daily)
    ratio = LogRatio.fit(own, logs, "views")
    found = ratio.of(own, logs)
    assert np.isfinite(found).all()
    kept = (found > ratio.low) & (found < ratio.high)
    np.testing.assert_allclose((ratio.offset(own) + found)[kept], logs[kept])
    assert kept.mean() > 0.9


def test_the_offset_is_the_log_of_the_window_total() -> None:
    daily = np.array([[1.0, np.nan, 2.0], [4.0, 0.0, 0.5]])
    ratio = LogRatio.fit(table(daily), np.ones((2, 1)), "views")
    np.testing.assert_allclose(ratio.offset(table(daily)), np.log([[4.0], [5.5]]))


def _usual(daily: Floats, logs: Floats) -> Floats:
    """Return the median ratio of releases with something in their window."""
    return np.asarray(np.median(logs - np.log1p(np.nansum(daily, axis=1))[:, None], axis=0))


def test_a_usual_ratio_leads_a_silent_release_to_what_silent_releases_came_to() -> None:
    daily, logs = world(100, 1, silent=30)
    ratio = LogRatio.fit(table(daily), logs, "views")
    answer = ratio.offset(table(daily)) + _usual(daily[30:], logs[30:])
    np.testing.assert_allclose(answer[:30], np.tile(np.median(logs[:30], axis=0), (30, 1)))
    # A handful of them says nothing: all releases stand in.
    daily, logs = world(100, 1, silent=5)
    ratio = LogRatio.fit(table(daily), logs, "views")
    answer = ratio.offset(table(daily)) + _usual(daily[5:], logs[5:])
    np.testing.assert_allclose(answer[:5], np.tile(np.median(logs, axis=0), (5, 1)))


def test_a_release_without_the_base_metric_alone_starts_from_nothing() -> None:
    daily, logs = world(100, 6)
    likes = np.where(np.arange(100)[:, None] < 5, 0.0, daily / 20)
    own = replace(table(daily), daily={"views": daily, "likes": likes})
    ratio = LogRatio.fit(own, logs, "likes")
    # It is small, and must not be taken for the median release.
    assert (ratio.offset(own)[:5] == 0.0).all()
    nothing = replace(own, daily={"views": np.zeros_like(daily), "likes": likes})
    total = np.where(np.arange(100) < 5, 0.0, (daily / 20).sum(axis=1))
    usual = np.median(logs - np.log1p(total)[:, None], axis=0)
    middle = np.median(logs, axis=0)
    np.testing.assert_allclose(ratio.offset(nothing)[:5], np.tile(middle - usual, (5, 1)))


def test_one_absurd_release_is_clipped_and_moves_the_others_little() -> None:
    daily, logs = world(200, 2)
    plain = LogRatio.fit(table(daily), logs, "views")
    absurd_daily, absurd_logs = daily.copy(), logs.copy()
    absurd_daily[0], absurd_logs[0] = 0.001, 40.0
    own = table(absurd_daily)
    found = LogRatio.fit(own, absurd_logs, "views")
    np.testing.assert_allclose(found.low, plain.low, atol=0.3)
    np.testing.assert_allclose(found.high, plain.high, atol=0.3)
    ratios = found.of(own, absurd_logs)
    assert (ratios[0] == found.high).all()
    np.testing.assert_allclose(ratios[1:], plain.of(table(daily), logs)[1:], atol=1e-9)


def test_outcomes_unknown_at_a_horizon_stay_unknown() -> None:
    daily, logs = world(50, 3)
    logs[10:20, 1] = np.nan
    ratio = LogRatio.fit(table(daily), logs, "views")
    found = ratio.of(table(daily), logs)
    assert (np.isnan(found) == np.isnan(logs)).all()


def test_equal_ratios_are_not_clipped_to_a_point() -> None:
    daily = np.full((10, 2), 3.0)
    logs = np.full((10, 1), 4.0)
    ratio = LogRatio.fit(table(daily), logs, "views")
    assert (ratio.high - ratio.low >= 2.0).all()


def test_it_is_read_back_from_json_as_it_was() -> None:
    daily, logs = world(60, 4, silent=25)
    ratio = LogRatio.fit(table(daily), logs, "views")
    again = LogRatio.from_json(json.loads(json.dumps(ratio.to_json(), allow_nan=False)))
    assert again.base == ratio.base
    assert again.of(table(daily), logs).tolist() == ratio.of(table(daily), logs).tolist()
    assert again.offset(table(daily)).tolist() == ratio.offset(table(daily)).tolist()


@pytest.mark.parametrize(
    "damage", [{"base": 3}, {"silent": [1.0]}, {"low": "x"}, {"high": None}, {"silent": [[1.0], 2]}]
)
def test_damaged_ratios_are_refused(damage: dict[str, object]) -> None:
    daily, logs = world(60, 5)
    data = LogRatio.fit(table(daily), logs, "views").to_json()
    with pytest.raises(BundleError):
        LogRatio.from_json({**data, **damage})
    with pytest.raises(BundleError):
        LogRatio.from_json({name: each for name, each in data.items() if name not in damage})
