"""Distributions stay within their ranges and have the medians that they name."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from numpy.random import default_rng

from upswell.errors import SettingError
from upswell.simulate.audiences import AudiencePrior
from upswell.simulate.audiences.priors import (
    Chance,
    Kinds,
    LogNormal,
    LogUniform,
    Normal,
    Uniform,
)

WORDS = {"means": "a number", "why": "a test"}
LISTED = list(AudiencePrior().listed())


@pytest.mark.parametrize(("family", "name", "prior"), LISTED)
def test_draws_stay_in_range_and_each_prior_says_what_and_why(family, name, prior) -> None:
    drawn = prior.draw(default_rng(1), 2000)
    assert drawn.shape == (2000,)
    if isinstance(prior, Kinds):
        assert set(drawn.tolist()) == set(range(len(prior.weights)))
    elif isinstance(prior, Chance):
        assert drawn.dtype == bool
        assert abs(drawn.mean() - prior.probability) < 0.05
    else:
        assert prior.low <= drawn.min() < drawn.max() <= prior.high
    assert len(prior.means) > 5, (family, name)
    assert len(prior.why) > 5, (family, name)
    assert "|" not in prior.means + prior.why


@given(st.floats(0.01, 10), st.floats(1, 5), st.integers(0, 2**32))
def test_a_lognormal_has_its_median_in_the_middle(median: float, factor: float, seed: int) -> None:
    prior = LogNormal(median, factor, median / 100, median * 100, **WORDS)
    drawn = np.log(prior.draw(default_rng(seed), 1500) / median)
    assert abs(np.median(drawn)) < 0.25 * np.log(factor) + 1e-9
    assert np.quantile(drawn, 0.841) == pytest.approx(np.log(factor), abs=0.2 * np.log(factor))


def test_a_log_uniform_prefers_no_order_of_magnitude() -> None:
    drawn = LogUniform(1, 1e4, **WORDS).draw(default_rng(3), 8000)
    shares = np.histogram(np.log10(drawn), bins=[0, 1, 2, 3, 4])[0] / 8000
    assert np.abs(shares - 0.25).max() < 0.02


def test_kinds_come_by_their_weights() -> None:
    prior = Kinds({"a": 1, "b": 0, "c": 3}, **WORDS)
    shares = np.bincount(prior.draw(default_rng(1), 4000)) / 4000
    np.testing.assert_allclose(shares, [0.25, 0.0, 0.75], atol=0.02)
    assert prior.place("c") == 2


@pytest.mark.parametrize(
    "make",
    [
        lambda: Uniform(2, 1, **WORDS),
        lambda: LogUniform(0, 1, **WORDS),
        lambda: Normal(5, 1, 0, 1, **WORDS),
        lambda: LogNormal(1, 0.5, 0.1, 2, **WORDS),
        lambda: Chance(1.5, **WORDS),
        lambda: Kinds({}, **WORDS),
        lambda: Kinds({"a": -1, "b": 2}, **WORDS),
    ],
)
def test_limits_that_do_not_fit_are_refused(make) -> None:
    with pytest.raises(SettingError, match="do not fit"):
        make()
