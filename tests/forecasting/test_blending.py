"""The blend: quantiles of the lead around a mean of medians, weighted as windows support."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from upswell.forecasting._logscale import offsets
from upswell.forecasting.blending import LEAST_DAYS, MOST_BLENDED, PRIOR_SHARE, Blend
from upswell.forecasting.evidence import gather
from upswell.forecasting.history import History
from upswell.forecasting.naive import BASELINE, SeasonalNaive
from upswell.forecasting.quantiles import Quantiles, moved
from worlds import Spy, evidence_of, history_of, silent, walk

LEVELS = np.array([0.1, 0.3, 0.5, 0.7, 0.9])


@dataclass(frozen=True)
class Sayer:
    """Says a level, and a hundredth to a hundred times of it."""

    level: float = 100.0
    range: tuple[float, ...] = (0.01, 0.1, 1.0, 10.0, 100.0)
    name: str = "lead"
    costly: bool = False

    def fit(self, history: History, horizon: int, seed: int) -> Sayer:
        del history, horizon, seed
        return self

    def predict(self, history: History, horizon: int) -> np.ndarray:
        return self.quantiles(history, horizon).median

    def quantiles(self, history: History, horizon: int) -> Quantiles:
        day = self.level * np.array(self.range)[:, None, None]
        day = day * np.ones((1, history.series, horizon))
        return Quantiles(LEVELS, day, np.cumsum(day, axis=2), day)


def says(level: float, name: str = "partner") -> Spy:
    return Spy(lambda h, n: np.full((h.series, n), level), name)


def test_medians_are_averaged_on_the_log_scale_by_their_weights():
    history = history_of(np.full(60, 50.0))
    blend = Blend(Sayer(100.0), (says(200.0, "a"), says(50.0, "b")), share=0.6)
    shift = offsets(history.values)[0]
    logs = 0.6 * np.log(100 + shift) + 0.2 * np.log(200 + shift) + 0.2 * np.log(50 + shift)
    assert blend.predict(history, 3)[0] == pytest.approx(np.exp(logs) - shift)


def test_quantiles_move_with_the_median_and_stay_in_proportion():
    history = history_of(np.full(60, 50.0))
    said = Blend(Sayer(100.0), (says(400.0),), share=0.5).quantiles(history, 4)
    assert (said.median > 150).all()
    assert said.day[0] / said.median == pytest.approx(0.01)
    assert said.sum[-1, 0, -1] == pytest.approx(100 * said.median.sum())
    assert said.peak[-1, 0, -1] == pytest.approx(100 * said.median.max())


def test_partners_divide_what_the_lead_leaves_by_their_parts():
    history = history_of(np.full(60, 50.0))
    partners = (says(200.0, "a"), says(50.0, "b"))
    blend = Blend(Sayer(100.0), partners, parts=(0.75, 0.25), share=0.6)
    shift = offsets(history.values)[0]
    logs = 0.6 * np.log(100 + shift) + 0.3 * np.log(200 + shift) + 0.1 * np.log(50 + shift)
    assert blend.predict(history, 3)[0] == pytest.approx(np.exp(logs) - shift)


@pytest.mark.parametrize(("partner", "heard"), [(1e6, 110.0), (0.0, 90.0), (104.0, 104.0)])
def test_a_partner_is_heard_within_the_range_of_a_lead_that_is_sure(partner: float, heard: float):
    history = history_of(np.full(60, 50.0))
    sure = Sayer(100.0, (0.8, 0.9, 1.0, 1.1, 1.2))
    found = Blend(sure, (says(partner),), share=0.5).predict(history, 3)
    shift = offsets(history.values)[0]
    expected = np.sqrt((100 + shift) * (heard + shift)) - shift
    assert found[0] == pytest.approx(expected)


def test_where_a_partner_fails_the_lead_stands_alone():
    history = history_of(np.full(60, 50.0))
    blend = Blend(Sayer(100.0), (Spy(silent, "bad"), says(400.0)))
    assert blend.predict(history, 4) == pytest.approx(100.0)


def test_only_the_largest_series_are_worth_a_partner():
    values = np.ones((MOST_BLENDED + 1, 60)) * 9.0
    values[7] = 1.0
    partner = says(400.0)
    found = Blend(Sayer(100.0), (partner,)).predict(history_of(values), 2)
    assert (found[7] == 100.0).all()
    assert (np.delete(found, 7, axis=0) > 100.0).all()
    assert partner.asks[0].series == MOST_BLENDED


def test_a_lead_with_all_the_weight_asks_nobody():
    partner = says(400.0)
    Blend(Sayer(), (partner,), share=1.0).predict(history_of(np.ones(60)), 2)
    assert partner.asks == []


@pytest.mark.parametrize(("lead", "partner"), [(6.0, 20.0), (20.0, 6.0)])
def test_the_share_goes_to_who_was_better_the_more_the_longer(lead: float, partner: float):
    shares = []
    for windows in (2, 60):
        truth = np.full((2, windows, 5), 100.0)
        medians = {BASELINE: truth + 10, "lead": truth + lead, "partner": truth + partner}
        blend = Blend(Sayer(), (says(1.0),)).supported(evidence_of(truth, medians))
        shares.append(blend.share)
    few, many = shares
    usual = PRIOR_SHARE
    assert (usual < few < many) if lead < partner else (usual > few > many)
    assert abs(many - (lead < partner)) < 0.1


def test_errors_of_opposite_sign_share():
    truth = np.full((2, 60, 5), 100.0)
    medians = {BASELINE: truth + 10, "lead": truth + 8.0, "partner": truth - 8.0}
    blend = Blend(Sayer(), (says(1.0),)).supported(evidence_of(truth, medians))
    assert 0.4 < blend.share < 0.6 < PRIOR_SHARE


def test_without_windows_the_share_is_the_usual_one():
    truth = np.zeros((2, 0, 5))
    medians = {BASELINE: truth, "lead": truth, "partner": truth}
    assert Blend(Sayer(), (says(1.0),)).supported(evidence_of(truth, medians)).share == PRIOR_SHARE


def test_its_windows_are_what_it_would_have_said():
    history = history_of(walk(150, 3))
    blend = Blend(Sayer(3000.0, (0.8, 0.9, 1.0, 1.1, 1.2)), (says(2500.0),))
    evidence = gather(history, (SeasonalNaive(), *blend.members), 7, seed=0)
    tested = blend.tested(evidence)
    cutoff = int(evidence.cutoffs[5])
    expected = blend.quantiles(history.until(cutoff), 7)
    assert tested.medians["blend"][:, 5] == pytest.approx(expected.median)
    assert tested.said["blend"][5].sum == pytest.approx(expected.sum)


def test_a_short_history_is_left_to_the_lead():
    blend = Blend(Sayer(), (says(1.0),))
    assert blend.for_days(LEAST_DAYS - 1) is blend.lead
    assert blend.for_days(LEAST_DAYS) is blend


def test_a_median_of_zero_cannot_be_moved_and_nothing_becomes_infinite():
    day = np.array([0.0, 0.0, 0.0, 3.0, 4.0])[:, None, None] * np.ones((1, 1, 3))
    said = Quantiles(LEVELS, day, np.cumsum(day, axis=2), day)
    found = moved(said, np.array([[5.0, np.nan, 1e300]]))
    assert found.day.tolist() == day.tolist()


def test_quantiles_stay_ordered_whatever_the_medians():
    rng = np.random.default_rng(0)
    day = np.sort(rng.lognormal(size=(5, 4, 9)), axis=0)
    said = Quantiles(LEVELS, day, np.cumsum(day, axis=2), np.maximum.accumulate(day, axis=2))
    found = moved(said, rng.lognormal(sigma=3.0, size=(4, 9)))
    for head in (found.day, found.sum, found.peak):
        assert (np.diff(head, axis=0) >= 0).all()
    for head in (found.sum, found.peak):
        assert (np.diff(head, axis=2) >= 0).all()
