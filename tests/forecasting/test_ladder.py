"""The refusal ladder: each code by a series that earns it, and only it."""

from __future__ import annotations

import numpy as np
import pytest

from observing import daily
from upswell.errors import RefusalError
from upswell.forecasting.ladder import REASONS, Standing, Status, refuse_panel, stand

NAN = np.nan
PLAIN = daily(1, 120, seed=2)[0]


def changed(part: slice | np.ndarray, value: float) -> np.ndarray:
    values = PLAIN.copy()
    values[part] = value
    return values


def shifted(factor: float, days: int = 7) -> np.ndarray:
    values = PLAIN.copy()
    values[-days:] *= factor
    return values


def mostly_missing() -> np.ndarray:
    values = changed(slice(-56, None), NAN)
    values[-56::3] = PLAIN[-56::3]
    return values


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        (PLAIN, ()),
        (PLAIN[:20], ()),
        (PLAIN[:14], ("too-short",)),
        (changed(slice(None, -5), NAN), ("too-short",)),
        (mostly_missing(), ("mostly-missing",)),
        (changed(slice(-56, None), 0.0), ("zero",)),
        (np.full(60, 5.0), ("constant",)),
        (shifted(20.0), ("level-shift",)),
        (shifted(0.05), ("level-shift",)),
        (shifted(1.6), ()),
        (np.where(np.arange(60) % 2 == 0, 0.0, 1.0), ()),
    ],
)
def test_each_series_stands_where_its_history_puts_it(values: np.ndarray, codes: tuple[str, ...]):
    found = stand(values, 30)
    assert found.codes == codes
    assert found.status is (Status.BASELINE_ONLY if codes else Status.OK)
    assert set(codes) <= set(REASONS)


@pytest.mark.parametrize(("gap", "status"), [(7, Status.OK), (8, Status.REFUSED)])
def test_a_series_has_ended_after_more_than_a_week_of_silence(gap: int, status: Status):
    assert stand(changed(slice(-gap, None), NAN), 30).status is status


def test_a_series_never_observed_is_refused():
    assert stand(np.full(60, NAN), 30) == Standing(Status.REFUSED, ("never-observed",))


@pytest.mark.parametrize("unit", [1e-9, 1e15])
@pytest.mark.parametrize("values", [PLAIN, shifted(20.0), shifted(2.4), np.full(60, 5.0)])
def test_the_unit_of_counts_does_not_matter(values: np.ndarray, unit: float):
    assert stand(values * unit, 30) == stand(values, 30)


def test_a_series_that_always_jumps_has_no_level_shift():
    values = PLAIN * np.where(np.arange(120) // 7 % 2 == 0, 1.0, 4.0)
    assert stand(values, 30).codes == ()


def test_rungs_only_go_down_and_codes_add_up():
    low = Standing(Status.OK).lowered(Status.BASELINE_ONLY, "zero").lowered(Status.OK, "constant")
    assert low == Standing(Status.BASELINE_ONLY, ("zero", "constant"))
    assert low.lowered(Status.REFUSED, "vanished").status is Status.REFUSED


@pytest.mark.parametrize(
    ("total", "horizon", "code"),
    [
        (PLAIN[:13], 30, "too-short"),
        (np.zeros(0), 30, "never-observed"),
        (np.full(60, NAN), 30, "never-observed"),
        (changed(slice(13, None), NAN), 30, "too-short"),
        (PLAIN[:20], 61, "too-short"),
        (mostly_missing(), 30, "mostly-missing"),
        (changed(slice(-56, None), 0.0), 30, "zero"),
    ],
)
def test_a_panel_that_cannot_carry_a_forecast_is_refused(
    total: np.ndarray, horizon: int, code: str
):
    with pytest.raises(RefusalError) as caught:
        refuse_panel(total, horizon)
    assert caught.value.code == code
    assert caught.value.exit_code == 3
    assert caught.value.fix


def test_a_panel_that_just_carries_is_let_through():
    refuse_panel(PLAIN[:14], 42)
    refuse_panel(changed(slice(-28, None), NAN), 30)
    refuse_panel(changed(slice(-55, None), 0.0), 30)
