"""By what decisions are judged: settings before the book, and the book where there are none."""

from __future__ import annotations

import datetime as dt

import pytest

from releases.decisions import PRICES, SCORED, book, model, person
from upswell.errors import SettingError
from upswell.releases.book.entries import MoneyThen
from upswell.releases.book.terms import terms_of
from upswell.releases.config import MoneySettings, load_config

OTHER = {"cost": 7.0, "value": 0.5, "uplift": 0.1}
CONFIG = {"horizons": [7, 14], "tiers": {"names": ["rest", "top"], "bounds": [900]}}


def test_without_settings_the_models_latest_entry_counts() -> None:
    later = model("b", on=SCORED + dt.timedelta(days=7), horizon=14, money=MoneyThen(**OTHER))
    found = terms_of(book(model("a"), later, model("c"), person("a")))
    assert found.record() == {
        "horizon": 14, "tier": "hit", "tier_from": 50_000.0, **OTHER, "currency": "",
        "source": "book", "others": 2,
    }  # fmt: skip


def test_settings_come_before_the_book_and_money_before_both() -> None:
    found = terms_of(book(model()), load_config(CONFIG))
    assert (found.horizon, found.tier, found.tier_from) == (14, "top", 900)
    assert (found.money.cost, found.source) == (PRICES["cost"], "settings")
    found = terms_of(book(model()), load_config({**CONFIG, "money": OTHER}))
    assert found.money.cost == 7
    found = terms_of(book(model()), load_config(CONFIG), MoneySettings(**{**OTHER, "cost": 8.0}))
    assert found.money.cost == 8


def test_what_nobody_says_is_asked_for() -> None:
    with pytest.raises(SettingError, match="nothing of horizon and tiers"):
        terms_of(book(person()))
    with pytest.raises(SettingError, match="there are no money settings"):
        terms_of(book(person()), load_config(CONFIG))
    assert terms_of(book(person()), load_config({**CONFIG, "money": OTHER})).others == 0
