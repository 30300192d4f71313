"""The scorecard: its figures against scikit-learn, and samples too small for them."""

from __future__ import annotations

import datetime as dt
import json
import math
import warnings

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.stats import binomtest
from sklearn import metrics as oracle

from releases.judging.making import SHARES, predictions_of
from upswell.errors import ColumnError, SettingError
from upswell.releases.config import EvaluationSettings, ReleasesConfig, TierSettings
from upswell.releases.judging import ReleaseScorecard, judge
from upswell.scoring import paired_block_bootstrap

CONFIG = ReleasesConfig(evaluation=EvaluationSettings(budget=(5, 20)))
NAMES, BOUNDS = CONFIG.tiers.names, CONFIG.tiers.bounds


@pytest.fixture(scope="module")
def world() -> tuple[pl.DataFrame, pl.DataFrame, ReleaseScorecard]:
    predictions, trivial = predictions_of()
    return predictions, trivial, judge(predictions, trivial, CONFIG, draws=300)


def one(frame: pl.DataFrame, **equal) -> dict:
    """The only row with some values."""
    found = frame.filter(*[pl.col(name) == value for name, value in equal.items()])
    assert found.height == 1
    return found.row(0, named=True)


SCOPES = {
    "all": pl.col("fold") != "final",
    "artist seen": (pl.col("fold") != "final") & pl.col("artist_seen"),
    "artist unseen": (pl.col("fold") != "final") & ~pl.col("artist_seen"),
    "fold 2024-Q1": pl.col("fold") == "2024-Q1",
    "fold 2024-Q2": pl.col("fold") == "2024-Q2",
    "final": pl.col("fold") == "final",
}


def test_the_scopes_are_these(world) -> None:
    *_, card = world
    for frame in (card.regression, card.rounding, card.tiers, card.by_tier):
        assert frame["scope"].unique(maintain_order=True).to_list() == list(SCOPES)
    for frame in (card.bands, card.confusion, card.calibration):
        assert set(frame["scope"]) == {"all", "final"}
    assert set(card.budget["scope"]) == set(SCOPES) - {"artist seen", "artist unseen"}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("horizon", [14, 30])
def test_errors_equal_scikit_learn(world, scope: str, horizon: int) -> None:
    predictions, trivial, card = world
    both = predictions.hstack(trivial.drop("release", "horizon"))
    own = both.filter(pl.col("horizon") == horizon, SCOPES[scope])
    actual = own["actual"].to_numpy()
    for model, column in (("model", "q50"), ("constant", "constant"), ("log-linear",) * 2):
        guess = own[column].to_numpy()
        row = one(card.regression, scope=scope, horizon=horizon, model=model)
        assert row["count"] == own.height
        assert row["excluded"] == (actual == 0).sum()
        assert row["rmsle"] == pytest.approx(oracle.root_mean_squared_log_error(actual, guess))
        assert row["wmape"] == pytest.approx(np.abs(actual - guess).sum() / actual.sum())
        above = actual > 0
        assert row["mape"] == pytest.approx(
            oracle.mean_absolute_percentage_error(actual[above], guess[above])
        )
        assert row["median_ape"] == pytest.approx(
            np.median(np.abs(actual - guess)[above] / actual[above])
        )
        assert row["log_bias"] == pytest.approx(np.mean(np.log1p(guess) - np.log1p(actual)))
    row = one(card.regression, scope=scope, horizon=horizon, model="model")
    assert row["bias"] == pytest.approx(own["mean"].sum() / actual.sum() - 1)
    pinball = [
        oracle.mean_pinball_loss(actual, own[f"q{5 * i:02d}"].to_numpy(), alpha=i / 20)
        for i in range(1, 20)
    ]
    assert row["mean_pinball"] == pytest.approx(np.mean(pinball))
    for level, low, high in ((50, "q25", "q75"), (80, "q10", "q90"), (90, "q05", "q95")):
        inside = (own[low] <= own["actual"]) & (own["actual"] <= own[high])
        assert row[f"coverage{level}"] == pytest.approx(inside.mean())


def test_the_ratio_is_to_the_best_neighbour_and_has_an_interval(world) -> None:
    *_, card = world
    for row in card.regression.filter(pl.col("model") == "model").iter_rows(named=True):
        others = card.regression.filter(
            pl.col("model") != "model",
            pl.col("scope") == row["scope"],
            pl.col("horizon") == row["horizon"],
        )
        best = others.sort("rmsle").row(0, named=True)
        assert row["best_trivial"] == best["model"]
        assert row["ratio"] == pytest.approx(row["rmsle"] / best["rmsle"])
        assert row["ratio_low"] <= row["ratio"] <= row["ratio_high"]
        assert row["weeks"] > 2


def test_the_interval_draws_whole_release_weeks(world) -> None:
    predictions, trivial, card = world
    both = predictions.hstack(trivial.drop("release", "horizon"))
    own = both.filter(pl.col("horizon") == 30, SCOPES["all"])
    actual = np.log1p(own["actual"].to_numpy())
    losses = [np.square(np.log1p(own[name].to_numpy()) - actual) for name in ("q50", "log-linear")]
    weeks = ["{}-{:02d}".format(*day.isocalendar()) for day in own["release_date"]]
    expected = paired_block_bootstrap(
        *losses, weeks, statistic="root-ratio", draws=300, seed=0, level=0.9
    )
    row = one(card.regression, scope="all", horizon=30, model="model")
    assert (row["ratio_low"], row["ratio_high"]) == pytest.approx((expected.low, expected.high))
    assert (row["better"], row["weeks"]) == (expected.better, expected.blocks)


def test_bands_hold_every_release_once(world) -> None:
    predictions, _, card = world
    for model in ("model", "constant"):
        own = card.bands.filter(pl.col("model") == model, pl.col("scope") == "all")
        own = own.filter(pl.col("horizon") == 14)
        assert own["count"].sum() == predictions.filter(SCOPES["all"]).height / 2
        assert own["low"].is_sorted()
    big = one(card.bands, model="model", scope="all", horizon=14, low=1e5)
    own = predictions.filter(
        SCOPES["all"], pl.col("horizon") == 14, pl.col("actual").is_between(1e5, 1e6, closed="left")
    )
    assert big["mape"] == pytest.approx(
        oracle.mean_absolute_percentage_error(own["actual"].to_numpy(), own["q50"].to_numpy())
    )


@pytest.mark.parametrize("rule", ["nearest", "up"])
def test_rounded_figures_stand_beside_the_constants(world, rule: str) -> None:
    predictions, _, card = world
    own = predictions.filter(SCOPES["all"], pl.col("horizon") == 30)

    def rounded(value: float) -> float:
        steps = value / 50_000
        return 50_000 * (math.ceil(steps) if rule == "up" else math.floor(steps + 0.5))

    pairs = [(rounded(a), rounded(g)) for a, g in own.select("actual", "q50").iter_rows()]
    row = one(card.rounding, scope="all", horizon=30, rule=rule)
    errors = [abs(a - g) / a for a, g in pairs if a]
    assert row["mape"] == pytest.approx(np.mean(errors))
    assert row["exact"] == pytest.approx(np.mean([a == g for a, g in pairs]))
    assert row["excluded"] == len(pairs) - len(errors)
    # The constant of 8,103 becomes one step when rounded up, and 0 when rounded to the nearest;
    # in the MAPE, which excludes outcomes of 0, it is one step all the same.
    assert row["mape_constant"] == pytest.approx(np.mean([1 - 50_000 / a for a, _ in pairs if a]))
    zero = 50_000 if rule == "up" else 0
    assert row["exact_constant"] == pytest.approx(np.mean([a == zero for a, _ in pairs]))


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("horizon", [14, 30])
def test_tiers_equal_scikit_learn(world, scope: str, horizon: int) -> None:
    predictions, _, card = world
    own = predictions.filter(pl.col("horizon") == horizon, SCOPES[scope])
    actual = np.searchsorted(BOUNDS, own["actual"].to_numpy(), side="right")
    answer = np.array([NAMES.index(name) for name in own["tier"]])
    chances = own.select(f"probability_{name}" for name in NAMES).to_numpy()
    row = one(card.tiers, scope=scope, horizon=horizon, model="model")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tiers that do not occur
        balanced = oracle.balanced_accuracy_score(actual, answer)
    assert row["accuracy"] == pytest.approx(oracle.accuracy_score(actual, answer))
    assert row["balanced_accuracy"] == pytest.approx(balanced)
    assert row["log_loss"] == pytest.approx(
        oracle.log_loss(actual, chances, labels=range(3)), rel=1e-6
    )
    assert row["brier"] == pytest.approx(
        oracle.brier_score_loss(actual, chances, labels=range(3), scale_by_half=False)
    )
    most = one(card.tiers, scope=scope, horizon=horizon, model="majority")
    assert most["accuracy"] == pytest.approx((actual == 0).mean())
    assert most["log_loss"] == pytest.approx(-np.log([0.8, 0.15, 0.05])[actual].mean())
    for place, name in enumerate(NAMES):
        row = one(card.by_tier, scope=scope, horizon=horizon, tier=name)
        truth, named = actual == place, answer == place
        if truth.any():
            assert row["recall"] == pytest.approx(named[truth].mean())
            exact = binomtest(int((truth & named).sum()), int(truth.sum()))
            ends = exact.proportion_ci(0.9, method="exact")
            assert (row["recall_low"], row["recall_high"]) == pytest.approx((ends.low, ends.high))
            assert row["average_precision"] == pytest.approx(
                oracle.average_precision_score(truth, chances[:, place])
            )
        if named.any():
            assert row["precision"] == pytest.approx(truth[named].mean())
        assert row["share"] == pytest.approx(truth.mean())


def test_the_confusion_and_the_calibration_hold_every_release(world) -> None:
    predictions, _, card = world
    count = predictions.filter(SCOPES["all"]).height / 2
    where = (pl.col("scope") == "all") & (pl.col("horizon") == 14)
    assert card.confusion.filter(where)["count"].sum() == count
    hits = card.calibration.filter(where, pl.col("tier") == "hit")
    assert hits["count"].sum() == count
    actual = predictions.filter(SCOPES["all"], pl.col("horizon") == 14)["actual"]
    assert hits["hits"].sum() == (actual >= 500_000).sum()


def test_a_budget_is_spent_in_each_period(world) -> None:
    predictions, trivial, card = world
    both = predictions.hstack(trivial.select("base"))
    for budget in (5, 20):
        found = base = 0
        for fold in ("2024-Q1", "2024-Q2"):
            own = both.filter(pl.col("horizon") == 30, pl.col("fold") == fold)
            ranked = own.sort("probability_hit", "mean", descending=True).head(budget)
            found += (ranked["actual"] >= 500_000).sum()
            base += (own.sort("base", descending=True).head(budget)["actual"] >= 500_000).sum()
        row = one(card.budget, scope="all", horizon=30, budget=budget)
        assert row["found"] == pytest.approx(found)
        assert row["recall"] == pytest.approx(found / row["hits"])
        assert row["recall_base"] == pytest.approx(base / row["hits"])
        assert (row["periods"], row["places"]) == (2, 2 * budget)


def test_equal_probabilities_are_ranked_by_the_mean() -> None:
    predictions, trivial = predictions_of()
    same = {f"probability_{name}": pl.lit(share) for name, share in SHARES.items()}
    ranked = predictions.with_columns(**same, mean=pl.col("actual"))
    row = one(judge(ranked, trivial, CONFIG, draws=20).budget, scope="all", horizon=30, budget=5)
    assert 0 < row["hits"] == row["recall_possible"] * row["hits"] == row["found"]
    reverse = ranked.with_columns(mean=1e9 - pl.col("actual"))
    row = one(judge(reverse, trivial, CONFIG, draws=20).budget, scope="all", horizon=30, budget=5)
    assert row["found"] == 0


def test_a_figure_worse_than_its_neighbours_is_marked() -> None:
    predictions, trivial = predictions_of()
    swapped = trivial.with_columns(
        constant=pl.lit(8103.0), **{"log-linear": predictions["q50"]}, base=predictions["actual"]
    )
    poor = predictions.with_columns(
        *[pl.col(f"q{5 * i:02d}") * 20 for i in range(1, 20)],
        tier=pl.lit("hit"),
        **{f"probability_{name}": pl.lit(float(name == "hit")) for name in NAMES},
    )
    card = judge(poor, swapped, CONFIG, draws=50)
    row = one(card.regression, scope="all", horizon=30, model="model")
    assert row["worse_than_trivial"] == "rmsle wmape median_ape mean_pinball"
    assert row["ratio_low"] > 1
    assert row["better"] == 0.0
    row = one(card.tiers, scope="all", horizon=30, model="model")
    assert row["worse_than_trivial"] == "accuracy balanced_accuracy log_loss brier rps"
    row = one(card.by_tier, scope="all", horizon=30, tier="hit")
    assert row["worse_than_trivial"] == "average_precision"
    row = one(card.rounding, scope="all", horizon=30, rule="up")
    assert row["worse_than_trivial"] == "mape exact"
    row = one(card.budget, scope="all", horizon=30, budget=5)
    assert row["worse_than_trivial"] == ("recall" if row["recall"] < row["recall_base"] else "")


def test_a_figure_better_than_its_neighbours_is_not_marked(world) -> None:
    *_, card = world
    row = one(card.regression, scope="all", horizon=30, model="model")
    assert row["worse_than_trivial"] == ""
    assert one(card.tiers, scope="all", horizon=30, model="model")["worse_than_trivial"] == ""


def test_the_same_input_gives_the_same_card(world) -> None:
    predictions, trivial, card = world
    again = judge(predictions, trivial, CONFIG, draws=300)
    for name, frame in card.tables.items():
        assert_frame_equal(frame, again.tables[name], check_exact=True)


def test_short_windows_stand_apart() -> None:
    predictions, trivial = predictions_of(60)
    ages = np.where(np.arange(120) % 4 < 2, 2, 5)
    short = predictions.with_columns(
        *[pl.col(f"q{5 * i:02d}") * 3 for i in range(1, 20)], complete=pl.lit(value=False), age=ages
    )
    both = pl.concat([predictions.with_columns(age=pl.lit(7, pl.Int64)), short])
    card = judge(both, pl.concat([trivial, trivial]), CONFIG, draws=20)
    alone = judge(predictions, trivial, CONFIG, draws=20)
    assert_frame_equal(
        card.regression.filter(pl.col("scope").is_in(list(SCOPES))), alone.regression
    )
    whole = {
        scope: one(card.regression, scope=scope, horizon=14, model="model")
        for scope in ("all", "complete window", "short window")
    }
    assert whole["all"]["rmsle"] == whole["complete window"]["rmsle"]
    assert whole["short window"]["rmsle"] > whole["all"]["rmsle"]
    parts = [
        one(card.regression, scope=f"short window, day {age}", horizon=14, model="model")["count"]
        for age in (2, 5)
    ]
    assert sum(parts) == whole["short window"]["count"]


def _no_nan(value: object) -> None:
    if isinstance(value, dict):
        for part in value.values():
            _no_nan(part)
    elif isinstance(value, list):
        for part in value:
            _no_nan(part)
    else:
        assert value is None or isinstance(value, str | int | bool | float)
        assert not (isinstance(value, float) and not math.isfinite(value))


def _one_release(predictions, trivial):
    return predictions[:2], trivial[:2]


def _one_week(predictions, trivial):
    day = pl.lit(dt.date(2024, 5, 5))
    return predictions.with_columns(release_date=day), trivial


def _no_hits(predictions, trivial):
    return predictions.with_columns(pl.col("actual").clip(0, 1000)), trivial


def _all_equal(predictions, trivial):
    same = pl.lit(7_000.0)
    quantiles = {f"q{5 * i:02d}": same for i in range(1, 20)}
    return (
        predictions.with_columns(actual=same, mean=same, **quantiles),
        trivial.with_columns(**{"constant": same, "log-linear": same, "base": same}),
    )


def _all_zero(predictions, trivial):
    return predictions.with_columns(actual=pl.lit(0.0)), trivial


def _without_classes(predictions, trivial):
    return predictions.drop("tier", *[f"probability_{name}" for name in NAMES]), trivial


def _without_neighbours(predictions, _trivial):
    return predictions, None


def _with_an_empty_neighbour(predictions, trivial):
    return predictions, trivial.with_columns(constant=pl.lit(None, pl.Float64))


def _final_only(predictions, trivial):
    return predictions.with_columns(fold=pl.lit("final")), trivial


def _unknown_artists(predictions, trivial):
    return predictions.with_columns(artist_seen=pl.lit(None, pl.Boolean)), trivial


def _nothing(predictions, trivial):
    return predictions.clear(), trivial.clear()


SMALL = [
    *(_one_release, _one_week, _no_hits, _all_equal, _all_zero, _without_classes, _nothing),
    *(_without_neighbours, _with_an_empty_neighbour, _final_only, _unknown_artists),
]


@pytest.mark.parametrize("change", SMALL)
def test_what_is_not_defined_is_null_and_nothing_breaks(change) -> None:
    card = judge(*change(*predictions_of(30)), CONFIG, draws=20)
    record = json.loads(json.dumps(card.to_record(), allow_nan=False))
    _no_nan(record)
    assert set(record["tables"]) == set(card.tables)
    for frame in card.tables.values():
        assert all(column.is_finite().all() for column in frame.select(pl.col(pl.Float64)))
    full = judge(*predictions_of(30), CONFIG, draws=20)
    for name, frame in card.tables.items():
        assert frame.schema == full.tables[name].schema


def test_one_release_has_errors_and_no_interval() -> None:
    card = judge(*_one_release(*predictions_of(30)), CONFIG, draws=20)
    row = one(card.regression, scope="all", horizon=14, model="model")
    assert (row["count"], row["weeks"]) == (1, 1)
    assert row["ratio"] is not None
    assert (row["ratio_low"], row["ratio_high"], row["better"]) == (None, None, None)
    hit = one(card.by_tier, scope="all", horizon=14, tier="hit")
    assert (hit["recall"], hit["recall_low"], hit["average_precision"]) == (None, None, None)


def test_outcomes_that_are_all_equal_make_the_ratio_undefined() -> None:
    card = judge(*_all_equal(*predictions_of(30)), CONFIG, draws=20)
    row = one(card.regression, scope="all", horizon=14, model="model")
    assert (row["rmsle"], row["ratio"], row["ratio_low"]) == (0.0, None, None)
    assert row["worse_than_trivial"] == ""
    assert one(card.budget, scope="all", horizon=14, budget=5)["recall"] is None


def test_a_neighbour_without_predictions_is_never_the_best() -> None:
    card = judge(*_with_an_empty_neighbour(*predictions_of(30)), CONFIG, draws=20)
    assert one(card.regression, scope="all", horizon=14, model="constant")["rmsle"] is None
    row = one(card.regression, scope="all", horizon=14, model="model")
    assert row["best_trivial"] == "log-linear"


def test_unknown_outcomes_are_counted_and_left_out() -> None:
    predictions, trivial = predictions_of(40)
    rows = pl.int_range(pl.len())
    gone = predictions.with_columns(
        actual=pl.when(rows < 6).then(None).when(rows < 8).then(float("nan")).otherwise("actual")
    )
    card = judge(gone, trivial, CONFIG, draws=20)
    assert card.unknown == 8
    kept = judge(predictions[8:], trivial[8:], CONFIG, draws=20)
    for name, frame in kept.tables.items():
        assert_frame_equal(card.tables[name], frame)


OTHER_TIERS = [("ab", (2e4,)), ("abcd", (1e3, 1e4, 1e5))]


def test_another_number_of_tiers_is_judged_alike() -> None:
    predictions, trivial = predictions_of(40)
    for letters, bounds in OTHER_TIERS:
        names = tuple(letters)
        config = CONFIG.model_copy(update={"tiers": TierSettings(names=names, bounds=bounds)})
        chance = {f"probability_{name}": pl.lit(1 / len(names)) for name in names}
        share = {f"share_{name}": pl.lit(1 / len(names)) for name in names}
        card = judge(
            predictions.with_columns(tier=pl.lit("a"), **chance),
            trivial.with_columns(majority=pl.lit("a"), **share),
            config,
            draws=20,
        )
        _no_nan(card.to_record())
        assert set(card.by_tier["tier"]) == set(names)
        assert one(card.tiers, scope="all", horizon=14, model="model")["worse_than_trivial"] in {
            "",
            "accuracy balanced_accuracy",
        }


def test_what_does_not_belong_together_is_refused() -> None:
    predictions, trivial = predictions_of(10)
    with pytest.raises(ColumnError, match="q35"):
        judge(predictions.drop("q35"), trivial, CONFIG)
    with pytest.raises(SettingError, match="beside"):
        judge(predictions, trivial[1:], CONFIG)
    with pytest.raises(SettingError, match="differ in release"):
        judge(predictions, trivial.reverse(), CONFIG)
    with pytest.raises(SettingError, match="huge"):
        judge(predictions.with_columns(tier=pl.lit("huge")), trivial, CONFIG)
