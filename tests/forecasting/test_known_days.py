"""Days off and announced events in a forecast: where they count, and where they change nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import upswell
from upswell.data import Panel, Tree
from upswell.data.occasions import Event, Occasions, with_occasions
from upswell.errors import SettingError
from upswell.forecasting.history import History, KnownDays
from upswell.forecasting.known_days import flags_of
from upswell.forecasting.lstm.adapting.model import AdaptedLstm
from upswell.forecasting.lstm.adapting.record import Choice
from upswell.forecasting.lstm.adapting.windows import teaching_windows
from upswell.forecasting.lstm.pretrained.forecaster import PretrainedLstm
from upswell.forecasting.lstm.pretrained.weights import shipped_weights
from worlds import history_of, panel_of, plain_panel, walk

DAYS, HORIZON = 90, 21
VIEWS = np.stack([walk(DAYS, seed) for seed in range(2)])


def _flagged(days: list[int], *, announced: bool, length: int = DAYS + HORIZON) -> History:
    flags = np.isin(np.arange(length), days)
    none = np.zeros(length, dtype=bool)
    known = KnownDays(none if announced else flags, np.stack([flags if announced else none, none]))
    return replace(history_of(VIEWS), known=known)


def _said(history: History) -> np.ndarray:
    return PretrainedLstm().quantiles(history, HORIZON).day


PLAIN = _said(history_of(VIEWS))


@pytest.mark.parametrize("announced", [True, False])
@given(day=st.integers(0, HORIZON - 1))
@settings(max_examples=10, deadline=None)
def test_a_flag_of_a_future_day_changes_its_week_and_what_follows(
    day: int, *, announced: bool
) -> None:
    found = _said(_flagged([DAYS + day], announced=announced))
    week = day // 7 * 7
    # Days come in weeks that are read at once, counted from the cutoff.
    assert (found[:, :, :week] == PLAIN[:, :, :week]).all()
    assert (found[:, 0, day] != PLAIN[:, 0, day]).any()
    if announced:
        assert (found[:, 1] == PLAIN[:, 1]).all()


def test_flags_beyond_the_horizon_and_none_change_nothing() -> None:
    beyond = [DAYS + HORIZON, DAYS + HORIZON + 5]
    for announced in (True, False):
        later = _flagged(beyond, announced=announced, length=DAYS + HORIZON + 9)
        assert (_said(later) == PLAIN).all()
        assert (_said(_flagged([], announced=announced, length=3)) == PLAIN).all()


def test_a_past_flag_is_read() -> None:
    assert (_said(_flagged([DAYS - 10], announced=True))[:, 0] != PLAIN[:, 0]).any()


def test_a_cut_history_keeps_the_flags_of_later_days() -> None:
    cut = _flagged([70], announced=True).until(60)
    assert cut.known is not None
    _, announced = cut.known.first(75)
    assert np.flatnonzero(announced[0]).tolist() == [70]
    chosen = cut.select(np.array([1, 0])).known
    assert chosen is not None
    assert np.flatnonzero(chosen.announced[1]).tolist() == [70]


def test_flags_of_another_number_of_series_or_days_are_an_error() -> None:
    three = KnownDays(np.zeros(5, dtype=bool), np.zeros((3, 5), dtype=bool))
    with pytest.raises(SettingError, match="3 series have flags"):
        replace(history_of(VIEWS), known=three)
    with pytest.raises(SettingError, match="shape"):
        KnownDays(np.zeros(4, dtype=bool), np.zeros((3, 5), dtype=bool))


def test_a_sum_is_flagged_when_most_of_it_is() -> None:
    views = np.array([[60.0], [30.0], [10.0]]) * np.ones((3, 28))
    panel = panel_of(views, ["x", "y", "y"])
    events = (Event(30, "c0"), Event(31, "c1"), Event(32, "c2"), Event(33, "c1"), Event(33, "c2"))
    known = Occasions(days_off=(35,), events=(*events, Event(34), Event(99), Event(34, "gone")))
    tree = Tree.of_panel(panel)
    flags = flags_of(replace(panel, occasions=known), tree, tree.sums(views), 7)
    assert flags is not None
    days = {name: np.flatnonzero(flags.announced[k]) + 1 for k, name in enumerate(tree.names)}
    assert {name: found.tolist() for name, found in days.items()} == {
        "total": [30, 34],
        "x": [30, 34],
        "y": [31, 33, 34],
        "c0": [30, 34],
        "c1": [31, 33, 34],
        "c2": [32, 33, 34],
    }
    assert (np.flatnonzero(flags.holidays) + 1).tolist() == [35]


def _known(panel: Panel) -> Panel:
    events = pl.DataFrame({"date": [19723 + 104], "creator": ["c0"], "event": ["tour"]})
    events = events.with_columns(pl.col("date").cast(pl.Int32).cast(pl.Date))
    return with_occasions(panel, holidays="US", events=events, horizon=14)


def _dated_panel() -> Panel:
    plain = plain_panel()
    return panel_of(plain.values, plain.groups, calendar=True)


def test_nothing_changes_without_occasions_or_for_who_does_not_read_them() -> None:
    panel = _dated_panel()
    assert with_occasions(panel) is panel
    for model in ("lstm-pretrained", "seasonal-naive"):
        plain = upswell.forecast(panel, horizon=14, model=model, paths=100)
        empty = replace(panel, occasions=Occasions())
        same = upswell.forecast(empty, horizon=14, model=model, paths=100)
        assert same.paths.tobytes() == plain.paths.tobytes()
    known = upswell.forecast(_known(panel), horizon=14, model="seasonal-naive", paths=100)
    assert known.paths.tobytes() == plain.paths.tobytes()


def test_they_are_kept_with_a_saved_forecast_and_told_by_compare(tmp_path: Path) -> None:
    panel = _dated_panel()
    plain = upswell.forecast(panel, horizon=14, model="lstm-pretrained", paths=100)
    made = upswell.forecast(_known(panel), horizon=14, model="lstm-pretrained", paths=100)
    assert (made.paths != plain.paths).any()
    record = upswell.save_forecast(made, tmp_path / "new", paths=True)
    assert record["occasions"] == {
        "countries": ["US"],
        "events": 1,
        "inputs": record["occasions"]["inputs"],
        "read": True,
    }
    assert len(record["occasions"]["inputs"][0]["sha256"]) == 64
    assert upswell.save_forecast(plain, tmp_path / "old")["occasions"] is None
    assert upswell.read_forecast(tmp_path / "new").panel.occasions == made.panel.occasions
    found = upswell.compare(tmp_path / "old", tmp_path / "new")
    changes = {step.causes: step.change for step in found.mean.steps}
    assert [cause for cause, change in changes.items() if change] == [("revised-history",)]
    assert any("different days off or events" in note for note in found.notes)
    # Made again from what was saved, it is the same: nothing is left to the software.
    assert found.mean.new - found.mean.old == found.mean.change != 0


def test_an_explanation_reads_them() -> None:
    panel = _dated_panel()
    plain = upswell.explain(panel, horizon=14)
    known = upswell.explain(_known(panel), horizon=14)
    assert plain.total != known.total
    events = _known(panel).occasions
    assert events is not None
    only = replace(panel, occasions=replace(events, days_off=(), countries=()))
    # The event is of a creator that is less than half of the total.
    assert upswell.explain(only, horizon=14).total == plain.total
    of_creator = [upswell.explain(p, horizon=14, series="c0").total for p in (panel, only)]
    assert of_creator[0] != of_creator[1]


def test_an_adapted_network_is_taught_and_asked_with_them() -> None:
    series = np.zeros(DAYS, dtype=bool)
    flags = KnownDays(np.isin(np.arange(DAYS), range(3, DAYS, 9)), np.stack([series, series]))
    with_flags = replace(history_of(VIEWS), known=flags)
    plain, known = (teaching_windows(h, 14) for h in (history_of(VIEWS), with_flags))
    assert plain.targets.tobytes() == known.targets.tobytes()
    assert (plain.past != known.past).any(axis=(1, 2)).all()
    assert (plain.future != known.future).any(axis=(1, 2)).all()
    kept = Choice(0, 0.0, 1.0, 1.0, 2, DAYS)
    adapted = AdaptedLstm(shipped_weights(), {}, kept, HORIZON)
    flagged = _flagged([DAYS + 3], announced=True)
    assert adapted.quantiles(flagged, HORIZON).day.tobytes() == _said(flagged).tobytes()


def test_a_backtest_reads_them() -> None:
    panel = _dated_panel()
    asked = {"horizon": 7, "windows": 2, "models": ["lstm-pretrained"]}
    plain = upswell.backtest(panel, **asked)
    known = upswell.backtest(panel, holidays=("US",), **asked)
    assert plain.to_frame()["scaled_quantile_loss"].to_list() != (
        known.to_frame()["scaled_quantile_loss"].to_list()
    )
