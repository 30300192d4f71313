"""The regression: finite whatever the features, robust, and the same after reading."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from upswell.errors import BundleError, ColumnError
from upswell.releases.models import blend, companion
from upswell.releases.models.blend import BlendModel
from upswell.releases.models.center import (
    CENTER_SPACE,
    CenterModel,
    CenterRows,
    _options,
    robust_spread,
)
from upswell.releases.models.companion import THOROUGH, CompanionModel, Manner
from upswell.releases.models.space import defaults

Floats = NDArray[np.float64]

SETTINGS = defaults(CENTER_SPACE) | {"trees": 60, "learning_rate": 0.15, "feature_share": 0.6}


@pytest.fixture(autouse=True)
def _few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blend, "PLAIN", Manner(60))
    quick = [Manner(60, (*manner.settings, ("learning_rate", 0.15))) for manner in THOROUGH]
    monkeypatch.setattr(blend, "THOROUGH", tuple(quick))
    monkeypatch.setitem(companion._SETTINGS, "feature_fraction", 0.6)
    monkeypatch.setitem(companion._SETTINGS, "learning_rate", 0.15)


def world(rows: int = 300, seed: int = 1) -> tuple[pl.DataFrame, Floats]:
    """Return features, with gaps and a category, and ratios at two horizons."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(rows, 4))
    genre = rng.choice(["pop", "rap", "<script>"], rows)
    middle = numbers[:, 0] + 0.5 * (genre == "rap") + 0.2 * rng.normal(size=rows)
    numbers[rng.random(numbers.shape) < 0.05] = np.nan
    frame = pl.DataFrame({f"x{i}": numbers[:, i] for i in range(4)}).with_columns(
        pl.all().fill_nan(None), genre=pl.Series(genre)
    )
    return frame, np.column_stack([middle, 1.3 * middle + 0.5])


def fit(frame: pl.DataFrame, ratios: Floats, **more: Any) -> BlendModel:
    return BlendModel.fit(frame, ratios, SETTINGS, seed=1, **more)


def test_it_learns_and_is_the_mean_of_its_two_learners() -> None:
    frame, ratios = world()
    model = fit(frame, ratios)
    fresh, actual = world(500, seed=2)
    said = model.predict(fresh)
    assert said.shape == (500, 2)
    error = np.sqrt(((said - actual) ** 2).mean(axis=0))
    assert (error < 0.6 * actual.std(axis=0)).all()
    halves = (model.center.predict(fresh) + model.companions[0].predict(fresh)) / 2
    assert said[:, 1:].tolist() == halves.tolist()
    assert model.steps is not None
    assert said[:, :1].tolist() == (halves + model.steps.predict(fresh)).tolist()
    for own in (model.center, *model.companions):
        each = np.sqrt(((own.predict(fresh)[:, 0] - actual[:, 1]) ** 2).mean())
        assert each < 0.7 * actual[:, 1].std()


def test_where_releases_are_few_two_companions_that_differ_have_the_same_say() -> None:
    frame, ratios = world()
    model = fit(frame, ratios, thorough=True)
    fresh, _ = world(50, seed=2)
    said = [each.predict(fresh) for each in (model.center, *model.companions)]
    assert len(said) == 3
    assert not np.allclose(said[1], said[2])
    np.testing.assert_allclose(model.predict(fresh)[:, 1:], sum(said) / 3, rtol=1e-12)
    files, head = model.entries("center")
    again = BlendModel.from_entries(files, json.loads(json.dumps(head)))
    assert again.predict(fresh).tolist() == model.predict(fresh).tolist()


def test_horizons_that_differ_by_a_constant_keep_that_difference() -> None:
    frame, ratios = world()
    steady = np.column_stack([ratios[:, 1] - 0.7, ratios[:, 1]])
    said = fit(frame, steady).predict(frame)
    np.testing.assert_allclose(said[:, 1] - said[:, 0], 0.7, atol=1e-6)


def test_a_model_read_from_its_entries_says_the_same() -> None:
    frame, ratios = world()
    ratios[:, 1] = 2.0  # one horizon is a constant
    model = fit(frame, ratios)
    files, head = model.entries("complete")
    assert sorted(files) == ["complete/steps/horizon-1.cbm"]
    again = BlendModel.from_entries(files, json.loads(json.dumps(head)))
    assert again.predict(frame).tolist() == model.predict(frame).tolist()


def test_the_same_rows_and_seed_give_the_same_bytes() -> None:
    frame, ratios = world()
    assert fit(frame, ratios).entries("a") == fit(frame, ratios).entries("a")
    other = BlendModel.fit(frame, ratios, SETTINGS, seed=2)
    assert other.entries("a") != fit(frame, ratios).entries("a")


def test_a_constant_target_is_said_as_it_is() -> None:
    frame, _ = world(100)
    for value in (0.0, -3.25, 7.0):
        model = fit(frame, np.full((100, 2), value))
        assert model.predict(frame).tolist() == [[value, value]] * 100
        files, head = model.entries("x")
        assert files == {}
        again = BlendModel.from_entries({}, json.loads(json.dumps(head)))
        assert again.predict(frame).tolist() == [[value, value]] * 100


def strange(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    numbers = [name for name in frame.columns if name != "genre"]
    none = pl.lit(None, dtype=pl.Float64)
    return {
        "one constant": frame.with_columns(x1=pl.lit(3.0)),
        "one missing": frame.with_columns(x1=none),
        "all constant": frame.select(numbers).with_columns(pl.lit(2.0).alias(n) for n in numbers),
        "all missing": frame.select(numbers).with_columns(none.alias(n) for n in numbers),
        "categories only": frame.select("genre"),
        "category missing": frame.with_columns(genre=pl.lit(None, dtype=pl.String)),
        "huge": frame.with_columns(x1=pl.col("x1") * 1e300),
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        *("one constant", "one missing", "all constant", "all missing"),
        *("categories only", "category missing", "huge"),
    ],
)
def test_strange_features_give_finite_answers(kind: str) -> None:
    frame, ratios = world(120)
    own = strange(kind, frame)
    model = fit(own, ratios)
    said = model.predict(own)
    assert np.isfinite(said).all()
    files, head = model.entries("x")
    again = BlendModel.from_entries(files, json.loads(json.dumps(head)))
    assert again.predict(own).tolist() == said.tolist()
    if kind.startswith("all"):
        # Nothing tells the releases apart.
        assert np.ptp(said, axis=0).max() == 0
        assert np.abs(said[0] - ratios.mean(axis=0)).max() < 0.3


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 9, 10, 11, 30])
@pytest.mark.parametrize("share", [0.5, 0.8, 1.0])
def test_few_rows_give_finite_answers(rows: int, share: float) -> None:
    frame, ratios = world(rows)
    few = SETTINGS | {"row_share": share}
    rows_in_bins = CenterRows(frame, ratios[:, 0], np.ones(rows))
    assert np.isfinite(rows_in_bins.predict(rows_in_bins.encoder.matrix(frame), few, 1)).all()
    said = BlendModel.fit(frame, ratios, few, seed=1).predict(world(50, seed=3)[0])
    assert np.isfinite(said).all()
    assert said.min() >= ratios.min() - 1
    assert said.max() <= ratios.max() + 1


def test_unknown_ratios_do_not_teach() -> None:
    frame, ratios = world()
    holes = ratios.copy()
    holes[::2, 0] = np.nan
    model = fit(frame, holes)
    alone = fit(frame, ratios[:, 1:])
    assert model.predict(frame)[:, 1].tolist() == alone.predict(frame)[:, 0].tolist()
    # What is unknown may be anything: only the known half teaches the first horizon.
    half = fit(frame[1::2], ratios[1::2])
    np.testing.assert_allclose(
        model.predict(frame)[:, 0].mean(), half.predict(frame)[:, 0].mean(), atol=0.1
    )


def test_new_categories_and_order_of_columns_do_not_matter() -> None:
    frame, ratios = world()
    model = fit(frame, ratios)
    fresh = frame.with_columns(genre=pl.lit("never heard"))
    assert np.isfinite(model.predict(fresh)).all()
    mixed = frame.select(reversed(frame.columns))
    assert model.predict(mixed).tolist() == model.predict(frame).tolist()


def test_a_missing_or_changed_feature_is_named() -> None:
    frame, ratios = world()
    model = fit(frame, ratios)
    with pytest.raises(ColumnError, match="x2"):
        model.predict(frame.drop("x2"))
    with pytest.raises(ColumnError, match="genre"):
        model.predict(frame.with_columns(genre=pl.lit(1.0)))


def test_wild_outcomes_bend_a_robust_model_less_than_their_mean_would() -> None:
    frame, ratios = world(400)
    wild = ratios.copy()
    wild[:8] += 60.0
    settings = SETTINGS | {"bend": 0.5}
    plain = CenterModel.fit(frame, ratios, settings, seed=1).predict(frame)
    robust = CenterModel.fit(frame, wild, settings, seed=1).predict(frame)
    # Eight of 400 raise the mean by 1.2.
    assert np.abs((robust - plain)[8:].mean(axis=0)).max() < 0.6
    own = CompanionModel.fit(frame, ratios, seed=1).predict(frame)
    other = CompanionModel.fit(frame, wild, seed=1).predict(frame)
    assert np.abs((other - own)[8:].mean(axis=0)).max() < 0.6


def test_the_bend_is_in_units_of_the_robust_spread() -> None:
    target = np.random.default_rng(1).normal(0, 2.0, 20_000)
    assert robust_spread(target) == pytest.approx(2.0, rel=0.03)
    assert robust_spread(np.zeros(5)) == 1e-3
    loss = _options(SETTINGS | {"bend": 1.5}, target)["loss_function"]
    assert float(loss.removeprefix("Huber:delta=")) == pytest.approx(3.0, rel=0.03)


def test_weights_say_who_counts() -> None:
    frame, ratios = world(300)
    shifted = ratios.copy()
    shifted[:150] += 3.0
    late = np.repeat([1e-6, 1.0], 150)
    for model in (
        CenterModel.fit(frame, shifted, SETTINGS, seed=1, weights=late),
        CompanionModel.fit(frame, shifted, seed=1, weights=late),
    ):
        said = model.predict(frame)[150:]
        assert np.abs((said - ratios[150:]).mean(axis=0)).max() < 0.4


def test_rows_in_bins_teach_as_rows_do() -> None:
    frame, ratios = world(200)
    fresh = world(50, seed=4)[0]
    rows = CenterRows(frame, ratios[:, 0], np.ones(200))
    said = rows.predict(rows.encoder.matrix(fresh), SETTINGS, 1)
    own = CenterModel.fit(frame, ratios[:, :1], SETTINGS, seed=1).predict(fresh)[:, 0]
    np.testing.assert_allclose(said, own, atol=1e-6)
    still = CenterRows(frame, np.full(200, 2.5), np.ones(200))
    assert set(still.predict(still.encoder.matrix(fresh), SETTINGS, 1)) == {2.5}


def test_damaged_heads_are_refused() -> None:
    frame, ratios = world(100)
    files, head = fit(frame, ratios).entries("x")
    for damage in ({"boosters": ["gone", "gone"]}, {"features": None}, {"boosters": 5}):
        for hurt in (
            {"center": {**head["center"], **damage}},
            {"companions": [{**head["companions"][0], **damage}]},
        ):
            with pytest.raises(BundleError):
                BlendModel.from_entries(files, {**head, **hurt})
