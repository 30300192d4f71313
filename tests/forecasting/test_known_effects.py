"""Effects of known days: measured as they are, believed as far as they repeat, and put back."""

from __future__ import annotations

import numpy as np
import pytest

import upswell
from upswell.data import DayAxis, Panel
from upswell.data.occasions import days_off
from upswell.forecasting.history import History, KnownDays
from upswell.forecasting.known_effects import DAYS_AFTER, known_effects
from upswell.forecasting.lstm.pretrained.forecaster import PretrainedLstm
from upswell.forecasting.registry import forecasters

DAYS, HORIZON = 160, 21
PAST, AHEAD = [20, 43, 61, 88, 109, 131, 150], [DAYS + 4, DAYS + 15]
NONE = np.zeros(DAYS + HORIZON, dtype=bool)


def flags(days: list[int]) -> np.ndarray:
    return np.isin(np.arange(DAYS + HORIZON), days)


def views(factors: dict[int, float], *, noise: float = 0.05, series: int = 1) -> np.ndarray:
    rng = np.random.default_rng(3)
    time = np.arange(DAYS + HORIZON)
    logs = (
        8 + 0.15 * np.sin(2 * np.pi * time / 7) + noise * rng.standard_normal((series, time.size))
    )
    for day, factor in factors.items():
        logs[:, day] += np.log(factor)
    return np.exp(logs)


def history(values: np.ndarray, *, announced: list[int] = (), off: list[int] = ()) -> History:
    marks = np.broadcast_to(flags(list(announced)), (len(values), NONE.size))
    known = KnownDays(flags(list(off)), marks.copy())
    return History(values[:, :DAYS], np.arange(DAYS) % 7, known)


@pytest.mark.parametrize("kind", ["announced", "off"])
@pytest.mark.parametrize("factor", [0.3, 1.0, 2.5])
def test_what_such_days_did_is_expected_of_the_next_ones(kind: str, factor: float) -> None:
    values = views(dict.fromkeys(PAST, factor))
    found = known_effects(history(values, **{kind: PAST + AHEAD}), HORIZON)
    said = np.exp(found.log[0, [day - DAYS for day in AHEAD]])
    assert said == pytest.approx(factor, rel=0.08)
    others = np.delete(found.log[0], [d - DAYS + k for d in AHEAD for k in DAYS_AFTER["announced"]])
    assert (others == 0).all()


def test_nothing_is_left_of_them_in_the_history() -> None:
    plain, strong = views({}), views(dict.fromkeys(PAST, 4.0))
    found = known_effects(history(strong, announced=PAST + AHEAD), HORIZON).history
    np.testing.assert_allclose(found.values, plain[:, :DAYS], rtol=0.25)
    assert found.known is not None
    assert not found.known.announced.any()


def test_an_effect_that_goes_on_is_found_day_by_day() -> None:
    fading = {day + k: 1 + 3 * 0.5**k for day in PAST for k in range(4)}
    found = known_effects(history(views(fading), announced=PAST + AHEAD), HORIZON)
    after = np.exp(found.log[0, 4:8])
    np.testing.assert_allclose(after, [4.0, 2.5, 1.75, 1.375], rtol=0.12)


def test_few_noisy_days_are_hardly_believed() -> None:
    sizes = []
    for days in (PAST[:1], PAST):
        values = views(dict.fromkeys(days, 2.0), noise=0.5)
        found = known_effects(history(values, announced=[*days, *AHEAD]), HORIZON)
        sizes.append(found.log[0, 4])
    assert 0 < sizes[0] < 0.75 * np.log(2)
    assert sizes[0] < sizes[1] < 1.5 * np.log(2)


def test_days_that_go_either_way_are_believed_less_than_those_that_agree() -> None:
    agree = dict.fromkeys(PAST, 1.5)
    apart = {day: 1.5 * (4.0 if place % 2 else 0.25) for place, day in enumerate(PAST[:-1])}
    sizes = [
        known_effects(history(views(days), announced=[*days, *AHEAD]), HORIZON).log[0, 4]
        for days in (agree, apart)
    ]
    assert sizes[0] == pytest.approx(np.log(1.5), rel=0.1)
    assert 0.1 < sizes[1] < 0.75 * np.log(1.5)


def test_flags_of_what_was_never_seen_are_left_to_the_network() -> None:
    values = views({})
    found = known_effects(history(values, announced=AHEAD, off=PAST), HORIZON)
    assert found.history.known is not None
    assert np.flatnonzero(found.history.known.announced[0]).tolist() == AHEAD
    assert not found.history.known.holidays.any()


def test_it_knows_nothing_after_the_cutoff() -> None:
    values = views(dict.fromkeys(PAST, 3.0))
    whole = history(values, announced=PAST + AHEAD)
    cut = whole.until(100)
    spoiled = values[:, :DAYS].copy()
    spoiled[:, 100:] = 1e9
    again = History(spoiled, np.arange(DAYS) % 7, whole.known).until(100)
    assert known_effects(cut, HORIZON).log.tobytes() == known_effects(again, HORIZON).log.tobytes()


@pytest.mark.parametrize("model", ["lstm-pretrained", "smoothing", "blend"])
def test_forecasts_rise_on_such_days_as_past_ones_did(model: str) -> None:
    values = views(dict.fromkeys(PAST, 2.5))
    (forecaster,) = forecasters([model]).values()
    with_flags = history(values, announced=PAST + AHEAD)
    known = forecaster.fit(with_flags, HORIZON, 0).predict(with_flags, HORIZON)[0]
    truth = views(dict.fromkeys(AHEAD, 2.5))[0, DAYS:]
    np.testing.assert_allclose(known, truth, rtol=0.35)


def test_quantiles_move_together_and_gaps_do_no_harm() -> None:
    values = views(dict.fromkeys(PAST, 2.5), series=3)
    values[1, 10:60] = np.nan
    values[2] = 0.0
    said = PretrainedLstm().quantiles(history(values, announced=PAST + AHEAD), HORIZON)
    for head in (said.day, said.sum, said.peak):
        assert np.isfinite(head).all()
        assert (np.diff(head, axis=0) >= 0).all()
    assert (np.diff(said.sum, axis=2) >= 0).all()
    assert (said.day[:, 2] == 0).all()


def test_a_forecast_of_a_panel_expects_the_next_holiday_to_be_as_the_last_ones() -> None:
    rng = np.random.default_rng(1)
    start, days = 19_358, 700  # from 2023-01-01 to 2024-11-30: Christmas lies ahead
    panel = Panel.from_arrays(
        1e4 * np.exp(0.05 * rng.standard_normal((1, days))), items=["a"], start=start, calendar=True
    )
    axis = DayAxis(start, days, calendar=True)
    off = np.array([day - start for day in days_off(("US",), axis) if day < axis.stop + 30])
    panel.values[0, off[off < days]] *= 2.0
    found = {
        name: upswell.forecast(panel, horizon=30, holidays=name, paths=200).paths[:, 0]
        for name in ("US", ())
    }
    christmas = off[off >= days] - days
    ratio = np.median(found["US"], axis=0)[christmas] / np.median(found[()], axis=0)[christmas]
    assert ratio == pytest.approx(2.0, rel=0.25)
