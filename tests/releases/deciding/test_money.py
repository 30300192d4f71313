"""Money settings: what they mean, and errors that name the key as the file spells it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from releases.deciding.making import money
from upswell.errors import SettingError, SourceError
from upswell.releases.config import config_record, load_config
from upswell.releases.deciding import break_even, load_money, profit

SOUND = {"cost": 200.0, "value": 0.004, "uplift": 0.5}

BAD: list[tuple[dict[str, Any], str]] = [
    ({"cost": 0}, r"\[money\] cost must be greater than 0, got 0"),
    ({"cost": -5}, r"\[money\] cost must be greater than 0, got -5"),
    ({"cost": "200"}, r"\[money\] cost must be a number, got '200'"),
    ({"cost": True}, r"\[money\] cost must be a number"),
    ({"cost": float("nan")}, r"\[money\] cost must be a finite number"),
    ({"value": 0.0}, r"\[money\] value must be greater than 0"),
    ({"value": float("inf")}, r"\[money\] value must be a finite number"),
    ({"uplift": 0}, r"\[money\] uplift must be greater than 0"),
    ({"uplift": -0.1}, r"\[money\] uplift must be greater than 0"),
    ({"uplift": 15}, r"\[money\] uplift is a part .*, not a percentage: .* write 0.15 for 15%"),
    ({"budget": -1}, r"\[money\] budget must be greater than or equal to 0"),
    ({"budget": "all"}, r"\[money\] budget must be a number"),
    ({"caution": 0.5}, r"\[money\] caution must be greater than or equal to 1"),
    ({"caution": 5000}, r"\[money\] caution must be less than or equal to 1000"),
    ({"quantile": 0}, r"\[money\] quantile must be greater than 0"),
    ({"quantile": 0.9}, r"\[money\] quantile must be less than or equal to 0.5"),
    ({"quantile": 0.2, "caution": 3}, r"\[money\] has both caution and quantile: .*; keep one"),
    ({"shortfall": -1}, r"\[money\] shortfall must be greater than or equal to 0"),
    ({"currency": 3}, r"\[money\] currency must be text"),
    ({"currency": "United States dollars"}, r"\[money\] currency must be at most 12 letters"),
    ({"cots": 3}, r'no setting "\[money\] cots"'),
    ({"bound": 0.1}, r"\[money\] bound must be a section"),
    ({"bound": {"false_hits": 10}}, r"\[money.bound\] false_hits must be less than 1"),
    ({"bound": {"confidence": 0.2}}, r"\[money.bound\] confidence must be greater than 0.5"),
    ({"value": 4.0, "uplift": 1.0}, r"\[money\] cost, value and uplift promotion pays from 50 str"),
    ({"value": 1e-12}, r"pays from 4e\+14 streams on, .* check their units"),
    (
        {"budget": 500, "shortfall": 500},
        r"\[money\] shortfall 500 is not below \[money\] budget 500: a list loses no more than",
    ),
]


@pytest.mark.parametrize(("change", "what"), BAD)
def test_settings_that_make_no_sense_are_named(change: dict[str, Any], what: str) -> None:
    for load in (load_money, lambda own: load_config({"money": own})):
        with pytest.raises(SettingError, match=what) as caught:
            load({**SOUND, **change})
        assert caught.value.fix


@pytest.mark.parametrize("key", ["cost", "value", "uplift"])
def test_what_is_needed_is_asked_for(key: str) -> None:
    with pytest.raises(SettingError, match=rf"\[money\] {key} is missing"):
        load_money({name: value for name, value in SOUND.items() if name != key})


@given(st.floats(0.0, 1e9), st.floats(1.0, 1e6), st.floats(1e-4, 0.1), st.floats(0.01, 10.0))
def test_profit_is_zero_at_the_break_even_and_rises_with_the_streams(
    streams: float, cost: float, value: float, uplift: float
) -> None:
    assume(100.0 <= cost / (value * uplift) <= 1e11)
    own = load_money({"cost": cost, "value": value, "uplift": uplift})
    assert profit(break_even(own), own) == pytest.approx(0.0, abs=1e-9 * cost)
    assert profit(streams, own) == pytest.approx(value * uplift * streams - cost)
    assert (profit(streams, own) >= 0) == (streams >= break_even(own)) or streams == pytest.approx(
        break_even(own)
    )


def test_a_release_may_have_a_cost_of_its_own() -> None:
    own = money()
    assert profit([100_000.0, 100_000.0], own, [100.0, 300.0]).tolist() == [100.0, -100.0]
    assert break_even(own, np.array([100.0, 300.0])).tolist() == [50_000.0, 150_000.0]


def test_a_file_holds_money_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "money.toml"
    path.write_text("[money]\ncost = 200\nvalue = 0.004\nuplift = 0.5\nbudget = 900\n")
    assert load_money(path) == money(budget=900)
    assert load_money(load_money(path)) == money(budget=900)
    path.write_text("window = 7\n" + path.read_text())
    with pytest.raises(SettingError, match='no setting "window"') as caught:
        load_money(str(path))
    assert caught.value.where is not None
    assert caught.value.where.file == str(path)
    path.write_text("[mony]\ncost = 200\n")
    with pytest.raises(SettingError) as caught:
        load_money(path)
    assert re.search(r"did you mean \[?money", caught.value.fix or "")
    path.write_text("cost = 200\nvalue = 0.004")
    with pytest.raises(SettingError, match="cost"):
        load_money(path)
    path.write_text("[money\n")
    with pytest.raises(SettingError, match="no TOML"):
        load_money(path)
    with pytest.raises(SourceError, match="No such file"):
        load_money(tmp_path / "absent.toml")
    with pytest.raises(SettingError, match="from the type int"):
        load_money(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("dial", [{"caution": 3.0}, {"quantile": 0.2}, {}])
def test_money_in_a_record_reads_back_to_the_same(dial: dict[str, float]) -> None:
    config = load_config({"money": {**SOUND, **dial, "bound": {"false_hits": 0.1}}})
    assert load_config(config_record(config)) == config
