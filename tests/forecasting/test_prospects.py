"""Prospects: who has a future, who has not, and that check and forecast agree on it."""

from __future__ import annotations

import json

import numpy as np
import pytest

import upswell
from upswell.cli._run import run
from upswell.data import Panel
from upswell.errors import RefusalError
from upswell.forecasting.ladder import Status
from upswell.forecasting.prospects import prospects_of

RNG = np.random.default_rng(3)
DAYS = 60


def living(count: int) -> np.ndarray:
    return RNG.poisson(200.0, (count, DAYS)).astype(float)


def named(panel: Panel) -> dict[tuple[str, str], tuple[str, tuple[str, ...]]]:
    found = prospects_of(panel, 30)
    keys = zip(found.tree.names, found.tree.levels, strict=True)
    rows = {key: (str(s.status), s.codes) for key, s in zip(keys, found.standings, strict=True)}
    absent = {(a.name, a.level): (str(a.standing.status), a.standing.codes) for a in found.absent}
    return rows | absent


def ended_and_zero() -> Panel:
    values = living(4)
    values[1, 30:] = np.nan
    values[2] = 0.0
    return Panel.from_arrays(values, items=list("abcd"), groups=["x", "x", "y", "x"])


def alternating() -> Panel:
    values = living(3)
    # So large that the total is known on each day although half of the others is not.
    values[0] *= 100.0
    values[1, ::2] = np.nan
    values[2, 1::2] = np.nan
    return Panel.from_arrays(values, items=list("abc"), groups=["x", "y", "y"])


def test_a_creator_that_ended_is_refused_and_its_category_lives_on():
    found = named(ended_and_zero())
    assert found["b", "creator"] == ("refused", ("vanished",))
    assert found["x", "category"][0] == "ok"


def test_a_category_ends_with_its_last_creator():
    found = prospects_of(ended_and_zero(), 30)
    assert "y" not in found.tree.names
    by_name = {a.name: a for a in found.absent}
    assert by_name["y"].standing.status is Status.REFUSED
    assert np.isnan(by_name["b"].value)
    assert by_name["c"].value == 0.0


def test_values_and_standings_belong_to_the_tree():
    found = prospects_of(ended_and_zero(), 30)
    assert found.values.shape == (found.tree.size, DAYS)
    assert len(found.standings) == found.tree.size


def test_without_a_living_creator_the_panel_is_refused():
    values = living(2)
    values[0, 50:] = np.nan
    values[1] = 0.0
    with pytest.raises(RefusalError) as refusal:
        prospects_of(Panel.from_arrays(values, items=["ana", "bo"]), 30)
    assert refusal.value.code == "vanished"


@pytest.mark.parametrize("panel", [ended_and_zero(), alternating()])
def test_check_says_of_each_series_what_forecast_says(
    panel: Panel, tmp_path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "views.csv"
    panel.to_frame().drop_nulls("value").write_csv(path)
    assert run(["check", str(path), "--json"]) == 0
    checked = json.loads(capsys.readouterr().out)["series"]
    found = upswell.forecast(path, model="seasonal-naive").series().to_dicts()
    # Only windows, which check does not look at, may add to what the history says.
    expected = {(r["series"], r["level"]): r["status"] for r in found}
    assert {(r["series"], r["level"]): r["status"] for r in checked} == expected
