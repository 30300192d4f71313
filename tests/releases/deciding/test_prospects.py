"""What promotion may win and lose: held to draws, and to what a dial of caution means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from releases.deciding.making import any_curves, frame_of, lognormal, money
from upswell.releases.deciding.curves import StreamCurves
from upswell.releases.deciding.money import profit
from upswell.releases.deciding.prospects import nearly, prospects_of, worth_it


def test_gain_and_loss_are_those_of_draws() -> None:
    curves = lognormal([40_000.0, 90_000.0, 250_000.0], [1.0, 0.5, 0.8])
    draws = curves.at(np.random.default_rng(1).uniform(size=(3, 400_000)))
    cost = np.array([100.0, 200.0, 400.0])
    brought = profit(draws, money(), cost[:, None])
    found = prospects_of(frame_of(curves), money(), cost)
    assert found.gain == pytest.approx(np.maximum(brought, 0).mean(axis=1), rel=0.02)
    assert found.loss == pytest.approx(np.maximum(-brought, 0).mean(axis=1), rel=0.01)
    assert found.expected == pytest.approx(0.002 * curves.mean - cost)


@given(any_curves(), st.floats(1.0, 1000.0))
@settings(max_examples=40, deadline=None)
def test_gain_less_loss_is_the_expected_profit_and_neither_is_negative(
    curves: StreamCurves, cost: float
) -> None:
    found = prospects_of(frame_of(curves), money(cost=0.2 + cost / 10))
    np.testing.assert_allclose(found.gain - found.loss, found.expected, atol=1e-9)
    assert (found.gain >= 0).all()
    assert (found.loss >= 0).all()


@given(any_curves(), st.floats(1.0, 100.0), st.floats(1.0, 100.0))
@settings(max_examples=40, deadline=None)
def test_more_caution_never_promotes_more(curves: StreamCurves, one: float, other: float) -> None:
    frame = frame_of(curves)
    low, high = sorted((one, other))
    lax, strict = (
        worth_it(prospects_of(frame, own), own)
        for own in (money(cost=1.0, caution=low), money(cost=1.0, caution=high))
    )
    assert (lax | ~strict).all()
    plain = money(cost=1.0)
    found = prospects_of(frame, plain)
    assert (worth_it(found, plain) == (found.expected >= 0)).all()


def test_caution_is_the_ratio_at_which_a_bet_is_even() -> None:
    found = prospects_of(frame_of(lognormal([120_000.0], [1.0])), money())
    even = float(found.gain[0] / found.loss[0])
    assert even > 1
    for caution, expected in ((even * 0.999, True), (even * 1.001, False)):
        assert worth_it(found, money(caution=caution)).tolist() == [expected]


def test_a_quantile_asks_that_promotion_pays_there() -> None:
    frame = frame_of(lognormal([99_000.0, 101_000.0], [0.5, 0.5]))
    for level, expected in ((0.5, [False, True]), (0.3, [False, False])):
        own = money(quantile=level)
        assert worth_it(prospects_of(frame, own), own).tolist() == expected
    # On average the first pays as well: its mean lies above its median.
    assert (prospects_of(frame, money()).expected > 0).all()


def test_nothing_that_loses_on_average_is_worth_it_at_any_quantile() -> None:
    quantiles = np.concatenate([np.zeros(9), np.full(10, 101_000.0)])[None]
    curves = StreamCurves(quantiles, np.array([52_000.0]))
    own = money(quantile=0.5)
    found = prospects_of(frame_of(curves), own)
    assert found.cautious[0] > 0 > found.expected[0]
    assert worth_it(found, own).tolist() == [False]


def test_nearly_is_a_tenth_of_the_cost() -> None:
    curves = StreamCurves(np.full((3, 19), 1.0), np.array([100_000.0, 90_100.0, 89_900.0]))
    assert nearly(prospects_of(frame_of(curves), money())).tolist() == [True, True, False]
