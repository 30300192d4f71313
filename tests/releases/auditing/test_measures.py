"""Losses of each measure, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from upswell.releases import ReleasesConfig
from upswell.releases.auditing.measures import losses_of, score_of
from upswell.releases.auditing.refits import Refits
from upswell.scoring import rmsle

TRUTH = np.array([100.0, 20_000.0, 19_999.0, 80_000.0])
SAID = np.array([[120.0, 30_000.0, 25_000.0, 5_000.0], [90.0, 20_000.0, 100.0, 90_000.0]])
MONEY = {"cost": 1000.0, "value": 0.5, "uplift": 0.2}


def _losses(**others: Any) -> dict[str, np.ndarray]:
    config = ReleasesConfig.model_validate({"tiers": {"bounds": [1_000, 20_000]}, **others})
    refits = Refits(
        truth=np.log1p(TRUTH),
        weeks=np.arange(4),
        spread=np.full(4, 0.5),
        said={("", "base"): np.log1p(SAID), ("raw", "changed"): np.log1p(SAID)},
    )
    return {each.measure: each.by_variant for each in losses_of(refits, config)}


def test_the_error_is_the_log_error() -> None:
    found = _losses()["rmsle"]["", "base"]
    assert found.shape == (2, 4)
    assert score_of("rmsle", found[:1]) == pytest.approx(rmsle(TRUTH, SAID[0]))


def test_a_hit_that_was_not_named_is_lost() -> None:
    found = _losses()["hit_recall"]["", "base"]
    # Hits are the second and the last; the first seed misses the last.
    assert found.tolist() == [[0.0, 1.0], [0.0, 0.0]]
    assert score_of("hit_recall", found) == 0.75


def test_without_money_each_release_judged_wrongly_costs_one() -> None:
    found = _losses()["cost"]["", "base"]
    assert found.tolist() == [[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]]
    assert score_of("cost", found) == 25.0


def test_with_money_the_profit_of_what_would_have_been_promoted_counts() -> None:
    found = _losses(money=MONEY)["cost"]
    # It pays from 10,000 streams on; the mean is exp(0.125) times the median.
    promoted = SAID * np.exp(0.125) > 10_000
    profit = np.where(promoted, 0.1 * TRUTH - 1000.0, 0.0)
    np.testing.assert_allclose(-found["", "base"], profit)
    assert profit[0].tolist() == pytest.approx([0.0, 1000.0, 999.9, 0.0])
    # Streams learned as they are have no median to be turned into a mean.
    close = np.log1p(9_500.0)
    refits = Refits(
        np.log1p(np.array([50_000.0])),
        np.zeros(1, dtype=int),
        np.array([0.5]),
        {key: np.array([[close]]) for key in (("", "base"), ("raw", "changed"))},
    )
    config = ReleasesConfig.model_validate({"tiers": {"bounds": [1_000, 20_000]}, "money": MONEY})
    cost = losses_of(refits, config)[2].by_variant
    assert cost["", "base"][0, 0] == pytest.approx(-4000.0)
    assert cost["raw", "changed"][0, 0] == 0.0


def test_without_a_hit_there_is_no_recall() -> None:
    assert np.isnan(score_of("hit_recall", np.zeros((2, 0))))
