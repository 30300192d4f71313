"""An explanation of a panel: of which series, of which days, and what it must add up to."""

from __future__ import annotations

import numpy as np
import pytest

import upswell
from upswell.errors import RefusalError, SettingError
from upswell.forecasting.explaining import explain_panel
from upswell.forecasting.history import History

DAYS = np.arange(150)
RNG = np.random.default_rng(31)


def panel(days: int = 150, dated: bool = True) -> upswell.Panel:
    """Two creators and one that has ended; the first one has a burst in its last days."""
    week = np.array([1.0, 0.9, 0.8, 0.9, 1.1, 1.4, 1.3])
    views = np.stack([9000.0 * week[DAYS % 7], 700.0 * week[DAYS % 7], np.full(150, 50.0)])
    views *= np.exp(0.05 * RNG.standard_normal(views.shape))
    views[0, 141:145] *= 3.5, 2.5, 2.0, 1.5
    views[0, 60:62] *= 4.0
    views[2, 80:] = np.nan
    start = 20_455 if dated else 1
    made = upswell.Panel.from_arrays(views.round(), items=["ana", "ben", "gone"])
    from dataclasses import replace

    axis = replace(made.axis, start=start, calendar=dated)
    return replace(made, axis=axis).until(days)


PANEL = panel()


def explained(**options: object):
    chosen = {"horizon": 30, "model": "lstm-pretrained", "series": None, "seed": 0} | options
    return explain_panel(PANEL, **chosen)


def test_the_parts_add_up_to_what_the_network_says() -> None:
    from upswell.data import node_values
    from upswell.forecasting.lstm.pretrained.forecaster import forecast_quantiles

    found = explained()
    said = forecast_quantiles(node_values(PANEL)[:1], 30).sum[6, 0, -1]
    assert found.total == said
    whole = found.base + sum(part.adds for part in found.parts) + found.rest
    assert whole == pytest.approx(found.total, rel=1e-9)
    assert found.base == pytest.approx(found.usual * 30)


def test_the_week_and_the_bursts_are_those_of_the_history() -> None:
    found = explained(series="ana")
    assert found.level == "creator"
    first = PANEL.axis.label(PANEL.axis.start + 141)
    assert found.bursts[0].first == first
    assert found.bursts[1].first == PANEL.axis.label(PANEL.axis.start + 60)
    assert 2.5 < found.bursts[0].times < 4.5
    # Slot 5 of seven days: the day after Friday 2026-01-02, which is day 0.
    assert found.strongest is not None
    assert found.weakest is not None
    names = ["Fridays", "Saturdays", "Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays"]
    assert found.strongest[0] == names[5]
    assert found.weakest[0] == names[2]
    assert found.strongest[1] == pytest.approx(1.4 / 1.057, rel=0.1)


def test_days_without_a_calendar_have_no_weekday() -> None:
    found = explain_panel(
        panel(dated=False), horizon=14, model="seasonal-naive", series=None, seed=0
    )
    assert found.strongest is not None
    assert found.strongest[0] == "the strongest day of the week"


def test_nothing_after_the_cutoff_is_read() -> None:
    options = {"horizon": 14, "model": "lstm-pretrained", "series": None, "seed": 0}
    early = explain_panel(PANEL.until(120), **options)
    assert explain_panel(panel(120), **options).ahead == early.ahead
    assert early.past.length == 120
    assert all(burst.places[1] < 120 for burst in early.bursts)


def test_the_same_input_is_explained_the_same() -> None:
    assert explained().record() == explained().record()


def test_a_series_that_is_not_there_or_has_ended_is_an_error() -> None:
    with pytest.raises(SettingError, match="no series 'bob'"):
        explained(series="bob")
    with pytest.raises(SettingError, match="'gone' has no future"):
        explained(series="gone")


def test_a_history_that_carries_no_forecast_is_refused() -> None:
    with pytest.raises(RefusalError):
        explain_panel(PANEL.until(9), horizon=30, model="lstm-pretrained", series=None, seed=0)


def test_a_horizon_without_days_is_an_error() -> None:
    with pytest.raises(SettingError, match="horizon of 0"):
        explained(horizon=0)


def test_a_series_that_gets_the_baseline_is_noted() -> None:
    views = np.concatenate([np.full(60, 100.0), np.full(7, 2000.0)]) + np.arange(67) % 7
    shifted = upswell.Panel.from_arrays(views[None], items=["ana"])
    found = explain_panel(shifted, horizon=7, model="lstm-pretrained", series=None, seed=0)
    assert "seasonal naive" in found.notes[0]


def test_any_forecaster_can_be_explained() -> None:
    found = explained(model="ces-log", horizon=7)
    whole = found.base + sum(part.adds for part in found.parts) + found.rest
    assert whole == pytest.approx(found.total)


def test_a_forecaster_is_taught_by_all_series_and_asked_about_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from upswell.forecasting.naive import SeasonalNaive

    taught = []

    def fit(self: SeasonalNaive, history: History, *_: int) -> SeasonalNaive:
        taught.append(history.values.shape)
        return self

    monkeypatch.setattr(SeasonalNaive, "fit", fit)
    found = explained(model="seasonal-naive", series="ben")
    assert taught == [(3, 150)]
    assert found.series == "ben"


def test_a_forecaster_that_reads_no_known_days_is_noted() -> None:
    from upswell.data.occasions import with_occasions

    known = with_occasions(PANEL, holidays="US", events=None, horizon=7)
    options = {"horizon": 7, "series": None, "seed": 0}
    (note,) = explain_panel(known, model="seasonal-naive", **options).notes
    assert note == "seasonal-naive reads neither days off nor announced events"
    assert explain_panel(known, model="smoothing", **options).notes == ()
    assert explain_panel(PANEL, model="seasonal-naive", **options).notes == ()
