"""What changed since last time: each cause alone, all together, and the awkward cases."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import upswell
from upswell.data import Panel
from upswell.errors import SettingError, SourceError
from upswell.forecasting import read_saved, save_forecast
from upswell.forecasting.comparing import Comparison, as_saved, compare_saved
from upswell.forecasting.making import make_forecast
from upswell.forecasting.result import Forecast
from upswell.forecasting.saving import json_bytes
from upswell.store import sha256_bytes
from worlds import plain_panel

WHOLE = plain_panel(4, 100)
CUT = WHOLE.until(95)
CACHE: dict[tuple[object, ...], tuple[Panel, Forecast]] = {}
ORDER = ("software-old", "moved-horizon", "new-days", "revised-history", "model", "software-new")


def made(
    panel: Panel, *, model: str = "seasonal-naive", horizon: int = 10, seed: int = 0
) -> Forecast:
    """Forecast a panel, once: the panel is kept so that its identity stays its own."""
    key = (id(panel), model, horizon, seed)
    if key not in CACHE:
        found = make_forecast(panel, horizon=horizon, model=model, seed=seed, paths=120)
        CACHE[key] = (panel, found)
    return CACHE[key][1]


def steps(found: Comparison, figure: str = "mean") -> dict[str, float]:
    bridge = getattr(found, figure)
    return {"+".join(step.causes): float(step.change) for step in bridge.steps}


def adds_up(found: Comparison) -> None:
    """Steps are the whole change, for every series and both figures, in all that is shown."""
    for bridge in (found.mean, found.median, *(mover.bridge for mover in found.movers)):
        assert sum((step.change for step in bridge.steps), Decimal(0)) == bridge.new - bridge.old
    record = json.loads(json_bytes(found.record()))
    for part in (*record["total"].values(), *record["movers"]):
        changes = [Decimal(repr(step["change"])) for step in part["steps"]]
        assert sum(changes, Decimal(0)) == Decimal(repr(part["change"]))
        assert Decimal(repr(part["new"])) - Decimal(repr(part["old"])) == sum(changes, Decimal(0))


def moved(found: Comparison) -> set[str]:
    return {cause for cause, change in steps(found).items() if change}


def revised(panel: Panel, factor: float = 1.2, day: int = 85) -> Panel:
    values = panel.values.copy()
    values[0, day] *= factor
    return replace(panel, values=values)


def test_the_same_forecast_twice_did_not_change():
    one = made(WHOLE)
    found = upswell.compare(one, one)
    adds_up(found)
    assert tuple(steps(found)) == ORDER
    assert not moved(found)
    assert found.mean.change == found.median.change == 0
    assert (found.track_record, found.notes) == (None, ())
    assert not found.revisions.any
    assert all(mover.bridge.change == 0 for mover in found.movers)


def test_each_cause_alone_moves_its_own_step_only():
    base = made(WHOLE)
    longer = upswell.compare(base, made(WHOLE, horizon=12))
    assert moved(longer) == {"moved-horizon"}
    history = upswell.compare(base, made(revised(WHOLE)))
    assert moved(history) == {"revised-history"}
    assert (history.revisions.cells, history.revisions.first_day) == (1, "86")
    seed = upswell.compare(base, made(WHOLE, seed=1))
    assert moved(seed) == {"model"}
    model = upswell.compare(base, made(WHOLE, model="theta-log"))
    assert moved(model) == {"model"}
    for found in (longer, history, seed, model):
        adds_up(found)


def test_new_days_move_the_horizon_too():
    found = upswell.compare(made(CUT), made(WHOLE))
    adds_up(found)
    assert moved(found) == {"moved-horizon", "new-days"}
    assert found.revisions.new_days == 5


def test_every_stop_is_the_forecast_that_it_says_it_is():
    old_panel, new_panel = WHOLE.until(94), revised(WHOLE)
    old, new = made(old_panel, seed=3), made(new_panel, model="theta-log", horizon=8)
    found = upswell.compare(old, new)
    appended = replace(WHOLE, values=WHOLE.values.copy())
    stops = [
        old.paths[:, 0],
        make_forecast(old_panel, horizon=14, model="seasonal-naive", seed=3, paths=120).paths[
            :, 0, 6:
        ],
        made(appended, horizon=8, seed=3).paths[:, 0],
        made(new_panel, horizon=8, seed=3).paths[:, 0],
        new.paths[:, 0],
    ]
    for figure, summary in (("mean", np.mean), ("median", np.median)):
        wanted = np.diff([summary(paths.sum(axis=1)) for paths in stops])
        got = [steps(found, figure)[cause] for cause in ORDER[1:5]]
        assert got == pytest.approx(wanted, abs=1.01)
        assert steps(found, figure)["software-old"] == steps(found, figure)["software-new"] == 0
    # The days that left are the first six, the days that came the last four.
    assert (found.horizon.days_left, found.horizon.days_came, found.horizon.days_kept) == (6, 4, 4)
    assert (
        float(found.horizon.left)
        == pytest.approx(  # type: ignore[arg-type]
            -old.paths[:, 0, :6].mean(axis=0).sum(), abs=1.01
        )
    )
    assert found.horizon.left + found.horizon.came + found.horizon.kept == Decimal(  # type: ignore[operator]
        repr(steps(found)["moved-horizon"])
    )
    assert found.track_record is not None
    assert found.track_record.days == 6
    adds_up(found)


def test_a_horizon_without_a_day_in_common_is_all_left_and_all_come():
    found = upswell.compare(made(WHOLE.until(85), horizon=7), made(WHOLE, horizon=7))
    adds_up(found)
    assert (found.horizon.days_left, found.horizon.days_came, found.horizon.days_kept) == (7, 7, 0)
    assert found.horizon.kept == 0
    assert found.track_record is not None
    assert found.track_record.days == 7


def test_creators_who_came_and_went_are_named():
    values = WHOLE.values.copy()
    values[1, 92:] = np.nan
    values[2, :60] = np.nan
    whole = replace(WHOLE, values=values)
    old = Panel.from_arrays(
        values[[0, 1, 3], :90], items=("c0", "c1", "c3"), groups=("g0", "g1", "g1")
    )
    found = upswell.compare(made(old), made(whole))
    adds_up(found)
    notes = {mover.series: mover.note for mover in found.movers}
    assert (notes["c2"], notes["c1"], notes["c0"]) == ("appeared", "gone", "")
    assert found.revisions.appeared == ("c2",)
    kept = [0, 2, 3]
    fewer = Panel.from_arrays(WHOLE.values[kept], items=("c0", "c2", "c3"), groups=["g0"] * 3)
    gone = upswell.compare(made(WHOLE), made(fewer))
    adds_up(gone)
    notes = {mover.series: mover.note for mover in gone.movers}
    assert (notes["c1"], notes["g1"], notes["c0"]) == ("gone", "gone", "")
    assert gone.revisions.regrouped == 1
    assert gone.revisions.gone == ("c1",)


def test_the_largest_changes_come_first_and_creators_sum_to_the_total():
    found = upswell.compare(made(CUT), made(revised(WHOLE)))
    changes = [abs(mover.bridge.change) for mover in found.movers]
    assert changes == sorted(changes, reverse=True)
    creators = [m.bridge for m in found.movers if m.level == "creator"]
    assert float(sum(bridge.change for bridge in creators)) == pytest.approx(
        float(found.mean.change), abs=6
    )


def test_other_panels_and_the_wrong_order_are_refused():
    one = made(WHOLE)
    with pytest.raises(SettingError, match="different panels"):
        upswell.compare(one, made(replace(WHOLE, items=("w", "x", "y", "z"))))
    with pytest.raises(SettingError, match="knows more days"):
        upswell.compare(one, made(WHOLE.until(90)))


def test_where_the_old_bundle_is_gone_the_model_changes_first(tmp_path: Path):
    old = as_saved(made(CUT))
    name = str(tmp_path / "gone.upswell")
    old = replace(old, report=replace(old.report, asked=name, model="gone.upswell"), bundle="ab")
    found = compare_saved(old, as_saved(made(WHOLE, model="theta-log")))
    adds_up(found)
    assert list(steps(found)) == [
        *("software-old+model", "moved-horizon", "new-days", "revised-history", "software-new")
    ]
    assert any("is not there any more" in note for note in found.notes)
    by_new = made(CUT, model="theta-log").paths[:, 0].sum(axis=1).mean()
    assert steps(found)["software-old+model"] == pytest.approx(
        by_new - old.forecast().paths[:, 0].sum(axis=1).mean(), abs=1.01
    )
    Path(name).write_bytes(b"another")
    assert any("another one now" in note for note in compare_saved(old, old).notes)


def test_where_both_models_are_gone_the_causes_stand_together():
    sides = [as_saved(made(panel)) for panel in (CUT, WHOLE)]
    old, new = (
        replace(side, report=replace(side.report, asked="no/gone.upswell"), bundle="ab")
        for side in sides
    )
    found = compare_saved(old, new)
    adds_up(found)
    assert list(steps(found)) == ["+".join(ORDER)]
    assert found.horizon.left is None
    assert found.track_record is not None
    # Nobody needs the bundle for the trivial forecast.
    assert found.track_record.pinball_naive > 0


def test_a_step_that_is_refused_joins_the_next_and_says_why():
    short = plain_panel(2, 90)
    old = made(short.until(20), horizon=20)
    found = upswell.compare(old, made(short))
    adds_up(found)
    assert "moved-horizon+new-days" in steps(found)
    assert any("20 days of history are too short" in note for note in found.notes)


def test_what_other_software_makes_otherwise_is_shown_as_such():
    one = made(WHOLE)
    other = replace(one, paths=one.paths * 1.5)
    found = upswell.compare(other, one)
    adds_up(found)
    assert moved(found) == {"software-old"}
    assert moved(upswell.compare(one, other)) == {"software-new"}


def test_overlays_of_plans_are_the_scenario():
    old, new = as_saved(made(CUT)), as_saved(made(WHOLE))
    plain = compare_saved(old, new)
    totals = [side.forecast().paths[:, 0] for side in (old, new)]
    found = compare_saved(
        old, new, scenarios=(lambda _: totals[0] * 1.1, lambda _: totals[1] * 2.0)
    )
    adds_up(found)
    wanted = 1.0 * totals[1].sum(axis=1).mean() - 0.1 * totals[0].sum(axis=1).mean()
    assert steps(found)["scenario"] == pytest.approx(wanted, abs=1.01)
    assert list(steps(found))[-1] == "scenario"
    for cause, change in steps(plain).items():
        assert steps(found)[cause] == pytest.approx(change, abs=1.01)
    one_sided = compare_saved(old, new, scenarios=(None, lambda _: totals[1] * 2.0))
    adds_up(one_sided)
    assert float(one_sided.mean.old) == pytest.approx(float(plain.mean.old), abs=1.01)


def test_the_table_holds_every_series_and_every_step():
    found = upswell.compare(made(CUT), made(WHOLE))
    table = found.changes()
    assert table.columns == ["series", "level", "figure", "old", *ORDER, "new", "change", "note"]
    assert table.height == 2 + len(found.movers)
    total = table.select(ORDER).sum_horizontal()
    assert total.to_numpy() == pytest.approx(table["change"].to_numpy(), abs=1.01)


def test_folders_without_paths_are_made_again_when_that_gives_the_same_tables(tmp_path: Path):
    save_forecast(made(CUT), tmp_path / "old")
    save_forecast(made(WHOLE), tmp_path / "new", paths=True)
    found = upswell.compare(tmp_path / "old", str(tmp_path / "new"))
    assert steps(found) == steps(upswell.compare(made(CUT), made(WHOLE)))
    assert found.old.versions["upswell"] == upswell.__version__
    saved = read_saved(tmp_path / "old")
    files = dict(saved.record["files"]) | {"totals.csv": {"sha256": sha256_bytes(b"")}}
    with pytest.raises(SourceError, match="it is not the same"):
        compare_saved(replace(saved, record={"files": files}), read_saved(tmp_path / "new"))
    lost = replace(saved, report=replace(saved.report, asked="no/gone.upswell"), bundle="ab")
    with pytest.raises(SourceError, match="not there any more"):
        compare_saved(lost, read_saved(tmp_path / "new"))
