"""The forecasters by name."""

from __future__ import annotations

import pytest

from upswell.errors import SettingError
from upswell.forecasting.blending import Blend
from upswell.forecasting.ensemble import Ensemble
from upswell.forecasting.registry import AUTO, ENSEMBLE_MEMBERS, forecasters, names


def test_every_name_makes_a_forecaster_of_that_name():
    made = forecasters(names())
    assert tuple(made) == names()
    assert [forecaster.name for forecaster in made.values()] == list(names())
    assert {AUTO} | set(ENSEMBLE_MEMBERS) <= set(names())


def test_the_names_are_those_that_the_reference_promises():
    assert set(names()) == {
        *("seasonal-naive", "ets", "theta", "ces", "ets-log", "theta-log", "ces-log"),
        *("smoothing", "usual-week", "lstm", "lstm-direct", "lstm-pretrained", "ensemble", "blend"),
    }


def test_the_ensemble_shares_its_members_so_that_a_fit_is_made_once():
    for order in (["theta-log", "ensemble"], ["ensemble", "theta-log"]):
        made = forecasters(order)
        ensemble = made["ensemble"]
        assert isinstance(ensemble, Ensemble)
        assert any(member is made["theta-log"] for member in ensemble.members)
        assert list(made) == order


def test_the_blend_shares_its_partners():
    made = forecasters(["smoothing", "blend"])
    blend = made["blend"]
    assert isinstance(blend, Blend)
    assert blend.members[0].name == "lstm-pretrained"
    assert any(partner is made["smoothing"] for partner in blend.partners)


def test_a_name_given_twice_is_made_once():
    assert list(forecasters(["ets", "ets"])) == ["ets"]


def test_an_unknown_name_is_an_error_that_lists_the_names():
    with pytest.raises(SettingError, match="prophet") as caught:
        forecasters(["prophet"])
    assert all(name in str(caught.value) for name in names())


@pytest.mark.parametrize("path", ["folder/none.upswell", "none.upswell"])
def test_a_path_without_a_file_is_an_input_error_that_names_it(path: str):
    from upswell.errors import InputError

    with pytest.raises(InputError, match=r"none\.upswell"):
        forecasters([path])
