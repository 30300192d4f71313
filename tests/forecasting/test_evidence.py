"""Evidence: rolling windows that know nothing of what came after their cutoff."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observing import daily
from upswell.forecasting._logscale import offsets
from upswell.forecasting.evidence import (
    COSTLY_FITS,
    LOOK_BACK_DAYS,
    MINIMUM_HISTORY,
    MOST_WINDOWS,
    gather,
    inner_cutoffs,
)
from upswell.forecasting.history import History
from upswell.forecasting.lstm.pretrained import PretrainedLstm
from upswell.forecasting.naive import SeasonalNaive
from upswell.forecasting.statistical import StatisticalForecaster
from worlds import Spy, evidence_of, history_of, walk


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 900), st.integers(1, 400))
def test_cutoffs_ascend_evenly_within_the_history(days: int, horizon: int):
    cutoffs, step = inner_cutoffs(days, horizon)
    assert step >= 1
    assert len(cutoffs) <= MOST_WINDOWS
    if days <= MINIMUM_HISTORY:
        assert len(cutoffs) == 0
        return
    assert len(cutoffs) >= 1
    assert (np.diff(cutoffs) == step).all()
    assert cutoffs[0] >= MINIMUM_HISTORY
    assert cutoffs[0] >= days - LOOK_BACK_DAYS
    assert cutoffs[-1] == days - step


@settings(max_examples=200, deadline=None)
@given(st.integers(60, 900), st.integers(2, 90))
def test_no_horizon_loses_more_than_half_of_the_windows_to_its_divisors(days: int, horizon: int):
    assert 2 * len(inner_cutoffs(days, horizon)[0]) >= len(inner_cutoffs(days, 1)[0]) - 1


def test_windows_of_a_backtest_a_horizon_earlier_are_among_those_of_now():
    late, step = inner_cutoffs(530, 30)
    early, earlier_step = inner_cutoffs(500, 30)
    assert step == earlier_step
    assert set(early[early >= late[0]].tolist()) <= set(late.tolist())


def naive_and_theta() -> tuple[SeasonalNaive, StatisticalForecaster]:
    return SeasonalNaive(), StatisticalForecaster("theta", log=True)


def test_windows_do_not_change_when_later_days_change():
    values = daily(2, 60)
    values[1, 20:24] = np.nan
    horizon = 10
    before = gather(history_of(values), naive_and_theta(), horizon, seed=0)
    for window, cutoff in enumerate(before.cutoffs.tolist()):
        planted = values.copy()
        planted[:, cutoff:] = 1e9
        after = gather(history_of(planted), naive_and_theta(), horizon, seed=0)
        known = slice(0, window + 1)
        assert after.shifts[:, known].tobytes() == before.shifts[:, known].tobytes()
        for name in before.medians:
            own, other = before.medians[name], after.medians[name]
            assert own[:, known].tobytes() == other[:, known].tobytes()


def test_each_forecaster_is_shown_the_days_up_to_the_cutoff_only():
    history = history_of(daily(2, 60))
    spy = Spy(lambda h, n: np.ones((h.series, n)))
    evidence = gather(history, (spy,), 10, seed=0)
    assert [h.days for h in spy.fits] == evidence.cutoffs.tolist()
    assert [h.days for h in spy.asks] == evidence.cutoffs.tolist()
    for shown in spy.asks:
        assert shown.values.tobytes() == history.values[:, : shown.days].tobytes()


def test_truth_is_what_followed_and_nan_after_the_last_known_day():
    values = daily(2, 60)
    values[0, 50] = np.nan
    evidence = gather(history_of(values), (SeasonalNaive(),), 12, seed=0)
    for window, cutoff in enumerate(evidence.cutoffs.tolist()):
        expected = np.full((2, 12), np.nan)
        after = values[:, cutoff : cutoff + 12]
        expected[:, : after.shape[1]] = after
        assert np.array_equal(evidence.truth[:, window], expected, equal_nan=True)
        assert (evidence.shifts[:, window] == offsets(values[:, :cutoff])).all()
    assert evidence.ages().tolist() == (60 - evidence.cutoffs).tolist()
    assert evidence.horizon == 12


def test_a_costly_forecaster_is_fitted_a_few_times_and_never_on_later_days():
    spy = Spy(lambda h, n: np.ones((h.series, n)), costly=True)
    evidence = gather(history_of(daily(1, 200)), (spy,), 10, seed=0)
    assert len(spy.fits) == COSTLY_FITS
    assert len(spy.asks) == len(evidence.cutoffs)
    assert spy.fits[0].days == evidence.cutoffs[0]
    assert spy.fits[1].days in evidence.cutoffs


def test_progress_is_told_of_every_window():
    told: list[str] = []
    evidence = gather(history_of(daily(1, 40)), (SeasonalNaive(),), 10, 0, told.append)
    assert told == ["seasonal-naive"] * len(evidence.cutoffs)


@pytest.mark.parametrize("costly", [False, True])
@pytest.mark.parametrize("days", [1, 14])
def test_a_history_without_windows_gives_empty_evidence(days: int, costly: bool):
    spy = Spy(lambda h, n: np.ones((h.series, n)), costly=costly)
    evidence = gather(history_of(daily(2, days)), (spy,), 30, seed=0)
    assert evidence.truth.shape == (2, 0, 30)
    assert evidence.medians["spy"].shape == (2, 0, 30)
    assert evidence.log_errors("spy").shape == (2, 0, 30)
    assert spy.fits == []


def test_log_errors_are_log_ratios_beside_the_offset_and_nan_where_unknown():
    truth = np.array([[[9.0, 0.0, np.nan]]])
    evidence = evidence_of(truth, {"a": np.array([[[4.0, 3.0, 1.0]]])})
    found = evidence.log_errors("a")[0, 0]
    assert found[:2] == pytest.approx([np.log(10 / 5), np.log(1 / 4)])
    assert np.isnan(found[2])


def test_evidence_of_several_models_takes_each_series_from_its_own():
    truth = np.ones((2, 3, 4))
    evidence = evidence_of(truth, {"a": np.full_like(truth, 2.0), "b": np.full_like(truth, 3.0)})
    mixed = evidence.of_models("mixed", ["b", "a"])
    assert list(mixed.medians) == ["mixed"]
    assert (mixed.medians["mixed"][0] == 3.0).all()
    assert (mixed.medians["mixed"][1] == 2.0).all()


def test_windows_on_which_a_bundle_was_taught_do_not_count():
    spy = Spy(lambda h, n: np.ones((h.series, n)))
    spy.taught_until = 140  # type: ignore[attr-defined]
    history = History(daily(1, 60), np.arange(60) % 7)
    naive = SeasonalNaive()
    evidence = gather(history, (naive, spy), 10, seed=0)
    checked = evidence.without_what_was_taught((naive, spy), start=100)
    last_known = 100 + evidence.cutoffs - 1
    failed = np.isnan(checked.medians["spy"]).all(axis=(0, 2))
    assert failed.tolist() == (last_known < 140).tolist()
    assert failed.any()
    assert not failed.all()
    assert np.isfinite(checked.medians["seasonal-naive"]).all()
    assert np.isfinite(evidence.medians["spy"]).all()


class Taught(PretrainedLstm):
    taught_until = 140


def test_quantiles_said_in_windows_that_taught_are_not_heard():
    history = History(daily(1, 60), np.arange(60) % 7)
    taught = Taught()
    evidence = gather(history, (taught,), 10, seed=0)
    checked = evidence.without_what_was_taught((taught,), start=100)
    for window, cutoff in zip(checked.said[taught.name], evidence.cutoffs.tolist(), strict=True):
        for head in (window.day, window.sum, window.peak):
            assert bool(np.isnan(head).all()) == (100 + cutoff - 1 < 140)
    assert all(np.isfinite(window.day).all() for window in evidence.said[taught.name])


def test_days_are_counted_that_were_observed_before_each_cutoff():
    values = walk(60, 0)[None] * np.ones((3, 1))
    values[1, :30] = np.nan
    values[2, 5:60:5] = np.nan
    evidence = gather(history_of(values), [SeasonalNaive()], 10, 0)
    assert evidence.observed is not None
    for window, cutoff in enumerate(evidence.cutoffs.tolist()):
        counted = [sum(bool(np.isfinite(v)) for v in row[:cutoff]) for row in values]
        assert evidence.observed[:, window].tolist() == counted
    chosen = evidence.select(np.array([1]))
    assert chosen.old_enough().tolist() == [[c >= 44 for c in evidence.cutoffs.tolist()]]
