"""Components make what was expected again, and can be left out."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from upswell.errors import SettingError
from upswell.simulate.audiences import Components, simulate_audiences
from upswell.simulate.audiences.components import EXTRAS, FACTORS, LOGS

BATCH = simulate_audiences(64, 80, 10, 2)
PARTS = BATCH.components
assert PARTS is not None


def test_every_component_is_a_log_an_extra_or_a_factor() -> None:
    assert {field.name for field in fields(Components)} == {*LOGS, *EXTRAS, *FACTORS}


def test_the_formula_in_plain_words_gives_what_was_expected() -> None:
    logs = sum(getattr(PARTS, name) for name in LOGS)
    plain = np.exp(logs) * (1 + PARTS.burst + PARTS.release) * PARTS.outlier * PARTS.presence
    np.testing.assert_allclose(plain, BATCH.expected, rtol=1e-12)
    assert (PARTS.expected() == BATCH.expected).all()


@pytest.mark.parametrize("name", ["trend", "week", "shared", "level"])
def test_leaving_a_log_out_divides_by_its_factor(name: str) -> None:
    factor = np.exp(np.broadcast_to(getattr(PARTS, name), BATCH.expected.shape))
    np.testing.assert_allclose(PARTS.expected([name]) * factor, BATCH.expected, rtol=1e-10)


def test_without_extras_and_factors_only_the_logs_are_left() -> None:
    left = PARTS.expected([*EXTRAS, *FACTORS])
    assert (left == np.exp(PARTS.logs())).all()
    assert (left > 0).all()


def test_an_unknown_component_is_refused() -> None:
    with pytest.raises(SettingError, match="weeek"):
        PARTS.expected(["weeek"])


def test_the_limit_is_all_but_never_needed() -> None:
    assert (PARTS.limit <= 0).all()
    assert (PARTS.limit < 0).mean() < 0.01
