"""Failure: a fit that cannot learn gives NaN and a name, and never ends the whole forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

import upswell
from upswell.data import Panel
from upswell.errors import ForecasterError
from upswell.forecasting.evidence import gather
from upswell.forecasting.failure import Failed, fit_or_fail
from upswell.forecasting.history import History
from upswell.forecasting.naive import SeasonalNaive


@dataclass(frozen=True)
class Choosy:
    """Learns from a number of days at least."""

    least: int
    name: str = "choosy"
    costly: bool = True

    def fit(self, history: History, horizon: int, seed: int) -> SeasonalNaive:
        if history.days < self.least:
            raise ForecasterError("choosy: too few days")
        return SeasonalNaive().fit(history, horizon, seed)


HISTORY = History(np.arange(60.0)[None, :] + 5.0, np.arange(60) % 7)


def test_a_failed_fit_says_nothing_and_keeps_its_reason():
    failed = fit_or_fail(Choosy(100), HISTORY, 7, 0)
    assert isinstance(failed, Failed)
    assert "too few days" in str(failed.error)
    assert np.isnan(failed.predict(HISTORY, 7)).all()
    assert failed.predict(HISTORY, 7).shape == (1, 7)


def test_what_failed_on_few_days_is_tried_again_on_more():
    evidence = gather(HISTORY, [Choosy(30)], 10, 0)
    known = np.isfinite(evidence.medians["choosy"]).all(axis=(0, 2))
    assert known.tolist() == (evidence.cutoffs >= 30).tolist()
    assert known.any()
    assert not known.all()


@pytest.mark.parametrize("values", [np.full((2, 60), 5.0), np.full((1, 20), 7.0)])
def test_the_lstm_on_a_constant_panel_leaves_it_to_the_baseline_and_says_so(values: np.ndarray):
    panel = Panel.from_arrays(values, items=list("ab")[: len(values)])
    result = upswell.forecast(panel, model="lstm", horizon=7)
    assert set(result.report.models) == {"seasonal-naive"}
    assert result.report.standings[0].codes[:1] == ("constant",)
    assert np.isnan(result.report.scores["lstm"])
