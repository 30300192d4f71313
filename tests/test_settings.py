"""Errors of settings name the key as the file spells it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from upswell.errors import SettingError, SourceError
from upswell.settings import checked, parsed_toml, sections


class Tier(BaseModel):
    model_config = ConfigDict(extra="forbid")
    first: int = Field(alias="from")

    @field_validator("first")
    @classmethod
    def _is_even(cls, first: int) -> int:
        if first % 2:
            raise ValueError("must be even")
        return first


class Prices(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reserved: float
    discount: float = Field(default=0.1, ge=0, lt=1)
    tiers: tuple[Tier, ...] = ()


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    horizon: int = 30
    prices: Prices
    limit: Tier | None = None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"prices": {}}, ["[prices] reserved is missing"]),
        ({}, ["[prices] is missing"]),
        ({"prices": {"reserved": "x"}}, ["[prices] reserved must be a number, got 'x'"]),
        ({"prices": {"reserved": 1, "tiers": [{"from": 2}, {"from": 3}]}}, ["number 2: from must"]),
        (
            {"prices": {"reserved": 1, "tiers": [{}]}},
            ["[[prices.tiers]] number 1: from is missing"],
        ),
        (
            {"prices": {"reserved": 1, "tiers": [{"form": 2}]}},
            ['"[[prices.tiers]] number 1: form"', "did you mean [[prices.tiers]] number 1: from?"],
        ),
        ({"reserved": 1, "prices": {"reserved": 1}}, ["it belongs under [prices]"]),
        ({"prices": {"reserved": 1, "horizon": 1}}, ["write horizon above the first section"]),
        ({"prices": {"reserved": 1}, "limit": {"from": 1}}, ["[limit] from must be even"]),
        (
            {"prices": {"reserved": 1, "discount": 30}},
            ["[prices] discount must be less than 1, got 30", "write 0.3 for 30%"],
        ),
        (
            {"prices": {"reserved": 1, "discount": 300}},
            ["[prices] discount must be less than 1, got 300", "correct the setting"],
        ),
        ({"prices": 3}, ["[prices] must be a section with settings of its own"]),
    ],
)
def test_an_error_names_the_key_and_what_to_do(data: dict[str, object], words: list[str]) -> None:
    with pytest.raises(SettingError) as error:
        checked(Settings, data, "plan.toml")
    for word in [*words, "where: plan.toml"]:
        assert word in str(error.value)


def test_settings_that_make_sense_come_back_typed() -> None:
    found = checked(Settings, {"prices": {"reserved": 1, "tiers": [{"from": 2}]}}, None)
    assert (found.horizon, found.prices.tiers[0].first) == (30, 2)
    assert set(sections(Settings)) == {"prices", "limit"}


def test_a_file_that_is_no_toml_is_placed(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text("a = 1\nb = \n", encoding="utf-8")
    with pytest.raises(SettingError, match="no TOML") as error:
        parsed_toml(path, "plan.toml")
    assert "row 2" in str(error.value)
    path.write_bytes(b"\xff")
    with pytest.raises(SourceError, match="UTF-8"):
        parsed_toml(path, "plan.toml")
    with pytest.raises(SourceError, match="cannot be read"):
        parsed_toml(tmp_path, "folder")
