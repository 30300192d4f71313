"""Parts that add up to their whole in every digit that is shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upswell.forecasting.comparing.bridge import CAUSES, Stop, build_bridge
from upswell.forecasting.comparing.exact import exact_figures

figures = st.floats(0, 1e25) | st.floats(0, 1e9) | st.integers(0, 10**6).map(float)


@given(st.lists(figures, min_size=1, max_size=8))
def test_figures_are_near_share_a_last_place_and_fit_a_float(values: list[float]):
    found = exact_figures(values)
    assert len({figure.as_tuple().exponent for figure in found}) == 1
    unit = Decimal(1).scaleb(int(found[0].as_tuple().exponent))
    for value, figure in zip(values, found, strict=True):
        assert abs(Decimal(value) - figure) <= unit
        assert Decimal(repr(float(figure))) == figure
    # Never coarser than a view, unless a float could not tell views apart.
    assert unit <= 1 or max(values) >= 1e14
    assert unit * 1000 <= Decimal(max(values)) or max(values) < 10


@given(st.lists(st.none() | figures, max_size=6), figures, figures)
def test_steps_add_up_in_what_is_shown_whatever_is_unknown(
    between: list[float | None], first: float, last: float
):
    causes = list(CAUSES)[: len(between) + 1]
    stops = [Stop("", first)]
    stops += [Stop(*pair) for pair in zip(causes, [*between, last], strict=True)]
    bridge = build_bridge(stops)
    assert sum((step.change for step in bridge.steps), Decimal(0)) == bridge.change
    assert [cause for step in bridge.steps for cause in step.causes] == causes
    assert len(bridge.steps) == 1 + sum(figure is not None for figure in between)
    # Also as somebody adds them up who reads the floats of the JSON in decimals.
    parts = [Decimal(repr(float(step.change))) for step in bridge.steps]
    whole = Decimal(repr(float(bridge.new))) - Decimal(repr(float(bridge.old)))
    if max(first, last, *(b or 0.0 for b in between)) < 1e14:
        assert sum(parts) == whole


def test_a_cause_that_comes_twice_is_one_step():
    stops = [
        Stop("", 110.0),
        Stop("scenario", 100.0),
        Stop("new-days", 150.0),
        Stop("scenario", 180.0),
    ]
    bridge = build_bridge(stops)
    assert [(step.causes, step.change) for step in bridge.steps] == [
        (("new-days",), Decimal(50)),
        (("scenario",), Decimal(20)),
    ]
    assert bridge.change == Decimal(70)


def test_equal_figures_make_steps_of_zero_without_a_sign():
    bridge = build_bridge([Stop("", 12345.6), Stop("model", 12345.6)])
    assert str(bridge.steps[0].change) == "0"


@pytest.mark.parametrize("value", [0.0, 0.4, 5e-324])
def test_next_to_nothing_is_no_fault(value: float):
    assert float(build_bridge([Stop("", 0.0), Stop("model", value)]).new) == pytest.approx(value)
