"""What a forecaster may see."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.errors import SettingError
from upswell.forecasting.history import History
from worlds import history_of


def test_a_cut_history_holds_the_first_days_and_no_more():
    values = np.arange(20.0).reshape(2, 10)
    cut = history_of(values).until(4)
    assert cut.values.tolist() == values[:, :4].tolist()
    assert (cut.days, cut.series, len(cut.phase)) == (4, 2, 4)


def test_the_future_goes_on_with_the_week():
    history = History(np.zeros((1, 3)), np.array([4, 5, 6]))
    assert history.future_phase(9).tolist() == [0, 1, 2, 3, 4, 5, 6, 0, 1]


def test_a_history_without_days_starts_its_week_at_zero():
    assert History(np.zeros((1, 0)), np.zeros(0, dtype=np.int64)).future_phase(2).tolist() == [0, 1]


def test_some_series_are_selected_in_the_order_asked_for():
    history = history_of(np.array([[1.0], [2.0], [3.0]]))
    assert history.select(np.array([2, 0])).values.ravel().tolist() == [3.0, 1.0]


@pytest.mark.parametrize(("values", "phase"), [((1, 3), 4), ((3,), 3)])
def test_shapes_that_disagree_are_an_error(values: tuple[int, ...], phase: int):
    with pytest.raises(SettingError, match="shape"):
        History(np.zeros(values), np.zeros(phase, dtype=np.int64))
