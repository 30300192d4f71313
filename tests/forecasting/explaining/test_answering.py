"""Who is explained: the same forecaster, with the same weights, that a forecast would ask."""

from __future__ import annotations

import numpy as np
import pytest

import upswell
from upswell.data import Panel
from upswell.errors import SettingError
from upswell.forecasting import blending
from upswell.forecasting.blending import Blend
from upswell.forecasting.explaining import explain_panel
from upswell.forecasting.explaining.answering import Answering, answering
from upswell.forecasting.history import History
from upswell.forecasting.prospects import prospects_of
from worlds import walk


def panel_of(days: int) -> Panel:
    values = np.stack([walk(days, seed) * size for seed, size in enumerate((4.0, 1.0, 0.2))])
    return Panel.from_arrays(values.round(), items=["ana", "ben", "cy"])


def asked(panel: Panel, model: str, node: int = 0, horizon: int = 14) -> Answering:
    prospects = prospects_of(panel, horizon)
    history = History(prospects.values, panel.axis.phase())
    start = panel.axis.start
    return answering(model, history, prospects, node, horizon=horizon, seed=0, start=start)


@pytest.mark.parametrize("model", ["auto", "blend"])
def test_the_weights_are_those_of_the_forecast(model: str) -> None:
    panel = panel_of(150)
    found = asked(panel, model)
    report = upswell.forecast(panel, model=model, horizon=14).report
    assert isinstance(found.forecaster, Blend)
    assert found.members is not None
    assert found.members.why == report.why
    assert found.forecaster.described() in report.why
    assert found.forecaster.share == found.members.share != Blend.share
    assert (found.members.chosen, found.members.lead) == ("blend", "lstm-pretrained")
    assert found.members.partners == ("smoothing", "usual-week")


def test_what_is_explained_is_what_the_blend_says() -> None:
    panel = panel_of(150)
    prospects = prospects_of(panel, 14)
    history = History(prospects.values, panel.axis.phase())
    found = explain_panel(panel, horizon=14, model="auto", series="ben", seed=0)
    blend = asked(panel, "auto").forecaster
    assert isinstance(blend, Blend)
    node = prospects.tree.names.index("ben")
    assert found.total == pytest.approx(blend.quantiles(history, 14).sum[6, node, -1])
    whole = found.base + sum(part.adds for part in found.parts) + found.rest
    assert whole == pytest.approx(found.total)
    assert found.members is not None
    alone = blend.lead.quantiles(history, 14).sum[6, node, -1]
    assert found.members.lead_alone == pytest.approx(alone)
    said = found.sentences()[1]
    assert f"lstm-pretrained ({blend.share:.0%}) with smoothing" in said
    record = found.record()
    assert record["model"] == "auto"
    assert record["members"]["share"] == blend.share


def test_a_short_history_is_explained_by_the_lead_alone() -> None:
    panel = panel_of(27)
    found = explain_panel(panel, horizon=14, model="auto", series=None, seed=0)
    alone = explain_panel(panel, horizon=14, model="lstm-pretrained", series=None, seed=0)
    assert found.total == alone.total
    assert found.sentences()[1].startswith("That is lstm-pretrained alone (")


def test_where_the_windows_speak_for_seasonal_naive_it_is_explained() -> None:
    # Each week repeats the last one, but for a number that no average can guess.
    days = np.arange(160)
    numbers = np.random.default_rng(5).choice([1.0, 30.0], 7)
    panel = Panel.from_arrays((1000.0 * numbers[days % 7] + (days == 40))[None], items=["ana"])
    found = explain_panel(panel, horizon=14, model="auto", series=None, seed=0)
    report = upswell.forecast(panel, horizon=14).report
    assert report.model == "seasonal-naive"
    naive = explain_panel(panel, horizon=14, model="seasonal-naive", series=None, seed=0)
    assert found.total == naive.total
    assert "That is seasonal-naive alone" in found.sentences()[1]


def test_small_series_of_a_large_panel_are_the_leads_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blending, "MOST_BLENDED", 2)
    panel = panel_of(150)
    shares = [asked(panel, "auto", node).members for node in range(4)]
    assert [members.share < 1.0 for members in shares if members] == [True, True, False, False]


def test_a_forecaster_that_is_named_stands_for_itself() -> None:
    found = asked(panel_of(60), "seasonal-naive")
    assert (found.forecaster.name, found.members, found.lead) == ("seasonal-naive", None, None)
    with pytest.raises(SettingError, match="no forecaster called"):
        asked(panel_of(60), "nonsense")
