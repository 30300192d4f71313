"""What the priors imply, against series made by hand and against what was published."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import default_rng

from upswell.simulate.audiences import simulate_audiences
from upswell.simulate.audiences.implied import (
    PUBLISHED,
    STATISTICS,
    Published,
    monthly_growth,
    quantiles,
    statistics,
)

BATCH = simulate_audiences(1024, 370, 30, 11)
FOUND = statistics(BATCH.observed)
MUSIC, STREAMS, PLATFORM, FILE, NORMAL = PUBLISHED


def test_statistics_of_series_made_by_hand() -> None:
    growing = 1e6 * np.exp(0.01 * np.arange(100))
    assert monthly_growth(growing[None])[0] == pytest.approx(0.28, abs=1e-3)
    week = np.tile([50.0, 100, 100, 100, 100, 100, 100], 20)
    holes = week.copy()
    holes[30:40] = np.nan
    idle = week.copy()
    idle[70:] = 0
    found = statistics(np.array([week, holes, idle]))
    assert found["weakest weekday"][:2] == pytest.approx(0.5)
    assert found["missing share"].tolist() == [0, 10 / 140, 0]
    assert found["zero share"].tolist() == [0, 0, 0.5]
    assert found["weekly change"][0] == 0
    assert found["largest day"][0] == 1


def test_normal_noise_has_the_tail_of_normal_noise() -> None:
    noise = np.exp(10 + 0.1 * default_rng(1).standard_normal((100, 1000)))
    tail = statistics(noise)["tail of changes"]
    assert np.median(tail) == pytest.approx(NORMAL.low, rel=0.03)
    # The 7-day changes of independent days have no memory of the day before.
    assert np.abs(np.median(statistics(noise)["daily memory"])) < 0.03


def test_series_without_an_answer_have_none() -> None:
    nothing = statistics(np.full((2, 100), np.nan))
    assert all(np.isnan(values).all() or not values.any() for values in nothing.values())
    assert np.isnan(quantiles(np.array([np.nan]))).all()


def test_every_published_figure_is_of_a_statistic() -> None:
    assert {one.statistic for one in PUBLISHED} <= set(STATISTICS)


@pytest.mark.parametrize("one", [MUSIC, STREAMS, PLATFORM], ids=lambda one: one.what[:20])
def test_ordinary_published_figures_lie_in_the_middle_four_fifths(one: Published) -> None:
    low, high = quantiles(FOUND[one.statistic], (0.1, 0.9))
    assert low < one.low
    assert one.high < high


def test_the_growth_of_the_first_file_is_rare_but_there() -> None:
    low, high = quantiles(FOUND["monthly growth"], (0.5, 0.998))
    assert low < FILE.low < high


def test_most_series_have_heavier_tails_than_the_normal() -> None:
    assert quantiles(FOUND["tail of changes"])[2] > NORMAL.low


def test_growth_does_not_depend_on_size() -> None:
    # Gibrat's law, as Miotto and others (2017) find it on average in ten million videos.
    large = FOUND["level"] > 100
    ranks = [
        np.argsort(np.argsort(values[large & np.isfinite(FOUND["monthly growth"])]))
        for values in (FOUND["level"], FOUND["monthly growth"])
    ]
    assert abs(np.corrcoef(ranks)[0, 1]) < 0.1


def test_levels_zeros_and_holes_have_the_range_of_real_files() -> None:
    assert quantiles(FOUND["level"])[0] < 3
    assert quantiles(FOUND["level"])[4] > 1e7
    assert 0.02 < (FOUND["zero share"] > 0.3).mean() < 0.25
    assert 0.5 < (FOUND["missing share"] == 0).mean() < 0.8
    assert np.nanmax(FOUND["missing share"]) > 0.1


def test_a_month_ahead_is_uncertain_but_not_wild() -> None:
    past = BATCH.counts[:, 340:370].sum(axis=1)
    ratio = np.log((BATCH.total + 30) / (past + 30))
    low, middle, high = np.quantile(ratio, [0.05, 0.5, 0.95])
    assert -0.7 < low < -0.2
    assert abs(middle) < 0.08
    assert 0.25 < high < 0.9
