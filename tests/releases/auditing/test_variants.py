"""What each variant teaches: checked on small matrices by hand."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.releases.auditing.periods import Period, View
from upswell.releases.auditing.subjects import SIGNALS, Subject, cleaning_rules
from upswell.releases.auditing.variants import BASE, Variant, answers, cleaned, variants_of

ROWS, ASKED = 400, 50


class Spy:
    """A learner that keeps what it was shown and answers with a constant."""

    def __call__(
        self, taught: np.ndarray, target: np.ndarray, asked: np.ndarray, seed: int
    ) -> np.ndarray:
        self.taught, self.target, self.asked, self.seed = taught, target, asked, seed
        return np.full(len(asked), 0.25)


@pytest.fixture
def period() -> Period:
    rng = np.random.default_rng(1)
    views = tuple(
        View(
            rng.standard_normal((ROWS, 10)),
            rng.standard_normal((ASKED, 10)),
            rng.normal(7.0, 1.0, ROWS),
            rng.normal(7.0, 1.0, ASKED),
        )
        for _ in range(2)
    )
    logs = views[0].taught_offset + rng.normal(1.0, 1.0, ROWS)
    return Period("2024-Q3", logs, np.zeros(ASKED), np.zeros(ASKED, dtype=int), views)


def _shown(variant: Variant, period: Period) -> tuple[Spy, np.ndarray]:
    spy = Spy()
    return spy, answers(variant, period, spy, 5, np.random.default_rng(2))


def test_the_base_sees_everything_and_learns_the_ratio(period: Period) -> None:
    spy, said = _shown(BASE, period)
    view = period.views[0]
    assert (spy.taught == view.taught).all()
    assert (spy.asked == view.asked).all()
    np.testing.assert_allclose(spy.target, period.logs - view.taught_offset)
    np.testing.assert_allclose(said, view.asked_offset + 0.25)
    assert spy.seed == 5


def test_without_a_group_its_columns_are_gone(period: Period) -> None:
    spy, _ = _shown(Variant("g", "changed", (1, 4)), period)
    kept = [0, 2, 3, 5, 6, 7, 8, 9]
    assert (spy.taught == period.views[0].taught[:, kept]).all()
    assert (spy.asked == period.views[0].asked[:, kept]).all()


def test_the_random_control_loses_as_many_others_and_keeps_the_group(period: Period) -> None:
    spy, _ = _shown(Variant("g", "random", (1, 4)), period)
    whole = period.views[0].taught
    kept = [n for n in range(10) if any((whole[:, n] == own).all() for own in spy.taught.T)]
    assert spy.taught.shape == (ROWS, 8)
    assert {1, 4} <= set(kept)
    assert (spy.asked == period.views[0].asked[:, kept]).all()


def test_the_permuted_control_deals_whole_rows_of_the_group_out(period: Period) -> None:
    spy, _ = _shown(Variant("g", "permuted", (1, 4)), period)
    for found, whole in ((spy.taught, period.views[0].taught), (spy.asked, period.views[0].asked)):
        others = [0, 2, 3, 5, 6, 7, 8, 9]
        assert (found[:, others] == whole[:, others]).all()
        assert (found[:, [1, 4]] != whole[:, [1, 4]]).any()
        assert sorted(map(tuple, found[:, [1, 4]])) == sorted(map(tuple, whole[:, [1, 4]]))


def test_without_the_base_metric_another_view_teaches(period: Period) -> None:
    group = Subject("shares", SIGNALS, ("x1", "x4"))
    variants = variants_of([group], [f"x{n}" for n in range(10)], {"shares": 1})
    assert [(each.role, each.view) for each in variants] == [
        ("base", 0),
        ("changed", 1),
        ("random", 0),
        ("permuted", 1),
    ]
    spy, said = _shown(variants[1], period)
    np.testing.assert_allclose(said, period.views[1].asked_offset + 0.25)
    np.testing.assert_allclose(spy.target, period.logs - period.views[1].taught_offset, atol=5)


def test_rules_have_the_controls_that_make_sense() -> None:
    keys = [each.key for each in variants_of(cleaning_rules(), [], {})]
    assert keys == [
        ("", "base"),
        ("clip", "changed"),
        ("clip", "random"),
        ("drop", "changed"),
        ("drop", "random"),
        ("raw", "changed"),
    ]


@pytest.mark.parametrize("rule", ["clip", "drop"])
def test_what_is_asked_is_never_cleaned(period: Period, rule: str) -> None:
    spy, said = _shown(Variant(rule, "changed"), period)
    assert (spy.asked == period.views[0].asked).all()
    np.testing.assert_allclose(said, period.views[0].asked_offset + 0.25)


def test_dropping_leaves_the_largest_out_and_its_control_as_many(period: Period) -> None:
    rng = np.random.default_rng(3)
    logs, kept = cleaned(Variant("drop", "changed"), period.logs, rng)
    gone = np.setdiff1d(np.arange(ROWS), kept)
    assert len(gone) == 4
    assert period.logs[gone].min() > logs.max()
    _, others = cleaned(Variant("drop", "random"), period.logs, rng)
    assert len(others) == len(kept)
    assert set(np.setdiff1d(np.arange(ROWS), others)) != set(gone)
    spy, _ = _shown(Variant("drop", "changed"), period)
    assert (spy.taught == period.views[0].taught[kept]).all()


def test_clipping_is_tukeys_fence_and_its_control_changes_others_as_much(period: Period) -> None:
    rng = np.random.default_rng(4)
    streams = np.expm1(period.logs)
    low, high = np.quantile(streams, [0.25, 0.75])
    fence = high + 1.5 * (high - low)
    logs, kept = cleaned(Variant("clip", "changed"), period.logs, rng)
    np.testing.assert_allclose(np.expm1(logs), np.minimum(streams, fence))
    assert len(kept) == ROWS
    dealt, _ = cleaned(Variant("clip", "random"), period.logs, rng)
    np.testing.assert_allclose(np.sort(dealt - period.logs), np.sort(logs - period.logs))
    assert not np.allclose(dealt, logs)


def test_without_a_logarithm_the_streams_themselves_are_learned(period: Period) -> None:
    spy, said = _shown(Variant("raw", "changed"), period)
    np.testing.assert_allclose(spy.target, np.expm1(period.logs))
    np.testing.assert_allclose(np.expm1(said), 0.25)
