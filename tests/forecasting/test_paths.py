"""From a panel to joint paths: the laws, the named failures and the edges."""

from __future__ import annotations

import numpy as np
import pytest

from observing import daily
from upswell.data import Panel, Tree
from upswell.errors import RefusalError, SettingError
from upswell.forecasting import statistical
from upswell.forecasting.blending import Blend
from upswell.forecasting.history import History
from upswell.forecasting.ladder import Status
from upswell.forecasting.paths import FittedPaths, PathForecaster, path_forecasters
from upswell.forecasting.quantiles import Quantiles
from upswell.forecasting.registry import BASELINE
from worlds import Spy, history_of, panel_of, plain_panel, silent, walk

NAN = np.nan


def fit(panel: Panel, model: str = "theta-log", horizon: int = 14, seed: int = 0) -> FittedPaths:
    return path_forecasters([model])[0].fit(panel, horizon, seed)


def check_sound(fitted: FittedPaths, horizon: int) -> np.ndarray:
    """Sample, and check shape, sign and sums."""
    paths = fitted.sample(120)
    tree = fitted.tree
    assert paths.shape == (120, tree.size, horizon)
    assert np.isfinite(paths).all()
    assert (paths >= 0).all()
    np.testing.assert_allclose(tree.sums(paths[:, tree.first_leaf :]), paths, rtol=1e-9)
    report = fitted.report
    assert len(report.standings) == len(report.models) == tree.size
    assert all(s.status is not Status.REFUSED for s in report.standings)
    return paths


def with_a_planted_future(panel: Panel, days: int, kind: str) -> Panel:
    """Append days to a panel: same creators, new creators or new categories."""
    rng = np.random.default_rng(99)
    future = 1e7 * rng.uniform(1.0, 2.0, (len(panel.items), days))
    values = np.concatenate([panel.values, future], axis=1)
    groups = list(panel.groups or [])
    items = list(panel.items)
    if kind != "same creators":
        new = np.full((2, values.shape[1]), NAN)
        new[:, panel.days :] = 1e8
        values = np.concatenate([new[:1], values, new[1:]])
        items = ["newcomer", *items, "latecomer"]
        fresh = "g0" if kind == "new creators" else "unheard-of"
        groups = [fresh, *groups, fresh]
    return Panel.from_arrays(values, items=items, groups=groups)


@pytest.mark.parametrize("kind", ["same creators", "new creators", "new categories"])
@pytest.mark.parametrize("model", ["seasonal-naive", "auto", "lstm-pretrained"])
def test_nothing_planted_after_the_cutoff_changes_a_bit(model: str, kind: str):
    panel = plain_panel(3, 80)
    values = panel.values.copy()
    values[0, 30:33] = NAN
    panel = panel_of(values, panel.groups)
    cut = with_a_planted_future(panel, 40, kind).until(80)
    before, after = fit(panel, model), fit(cut, model)
    assert after.tree.names == before.tree.names
    assert after.report == before.report
    assert after.shifts.tobytes() == before.shifts.tobytes()
    assert after.sample(100).tobytes() == before.sample(100).tobytes()


@pytest.mark.parametrize("model", ["auto", "seasonal-naive", "lstm-pretrained"])
def test_the_same_seed_gives_the_same_bytes_and_another_does_not(model: str):
    panel = plain_panel()
    first = fit(panel, model).sample(100)
    assert fit(panel, model).sample(100).tobytes() == first.tobytes()
    assert fit(panel, model, seed=1).sample(100).tobytes() != first.tobytes()


def test_a_forecaster_asked_twice_answers_the_same():
    (forecaster,) = path_forecasters(["auto"])
    panel = plain_panel()
    first = forecaster.fit(panel, 14, 0).sample(100)
    forecaster.fit(plain_panel(seed=7), 14, 0)
    assert forecaster.fit(panel, 14, 0).sample(100).tobytes() == first.tobytes()


@pytest.mark.parametrize("model", ["ets", "theta-log", "ces-log"])
def test_paths_scale_with_the_panel(model: str):
    panel = plain_panel(3, 90)
    own = fit(panel, model)
    scaled = fit(panel_of(panel.values * 1000.0, panel.groups), model)
    np.testing.assert_allclose(scaled.medians, own.medians * 1000.0, rtol=1e-6)
    np.testing.assert_allclose(scaled.sample(100), own.sample(100) * 1000.0, rtol=1e-6)
    assert scaled.report.standings == own.report.standings


def test_ranges_of_sums_lie_between_independent_days_and_added_quantiles():
    fitted = fit(panel_of(walk(150, seed=1)[None]), horizon=30)
    total = fitted.sample(2000)[:, 0]
    shuffled = np.random.default_rng(0).permuted(total, axis=0)

    def width(samples: np.ndarray) -> float:
        low, high = np.quantile(samples, [0.1, 0.9])
        return float(high - low)

    low, high = np.quantile(total, [0.1, 0.9], axis=0)
    assert 1.5 * width(shuffled.sum(axis=1)) < width(total.sum(axis=1))
    assert width(total.sum(axis=1)) < 0.97 * float((high - low).sum())


EDGES = {
    "one creator": daily(1, 60),
    "fourteen days": daily(2, 14),
    "fifteen days": daily(2, 15),
    "inner gaps": np.where(np.arange(120).reshape(2, 60) % 13 == 5, NAN, daily(2, 60)),
    "a week of gaps at the end": np.where(np.arange(60) >= 53, NAN, daily(2, 60)),
    "huge": daily(2, 60) * 1e15,
    "tiny": daily(2, 60) * 1e-9,
    "constant": np.full((2, 60), 5.0),
    "zeros and ones": np.random.default_rng(0).integers(0, 2, (2, 60)).astype(float),
    "mostly zero": (np.random.default_rng(1).random((3, 90)) < 0.05) * 1.0,
    "a perfect week": np.tile(np.arange(1.0, 8.0), (2, 9)),
    "a launch five days ago": np.where(
        (np.arange(3) == 2)[:, None] & (np.arange(60) < 55), NAN, daily(3, 60)
    ),
}


@pytest.mark.parametrize(
    ("model", "grouped"),
    [
        ("seasonal-naive", True),
        ("theta-log", False),
        ("ets", True),
        ("auto", False),
        ("lstm-pretrained", True),
    ],
)
@pytest.mark.parametrize("edge", EDGES)
def test_edges_give_sound_paths(edge: str, model: str, grouped: bool):
    values = EDGES[edge]
    groups = [f"g{i}" for i in range(len(values))] if grouped else None
    check_sound(fit(panel_of(values, groups), model), 14)


@pytest.mark.parametrize("model", ["auto", "lstm-pretrained"])
@pytest.mark.parametrize("horizon", [1, 2, 31, 365])
def test_any_horizon_gives_sound_paths(horizon: int, model: str):
    check_sound(fit(plain_panel(2, 130), model, horizon), horizon)


def test_a_prime_horizon_on_a_short_panel_still_has_windows():
    assert fit(plain_panel(2, 40), "seasonal-naive", 31).report.windows >= 4


def test_a_panel_without_windows_stands_on_the_baseline_and_says_so():
    report = fit(plain_panel(2, 14), "auto").report
    assert report.windows == 0
    assert report.model == BASELINE
    assert "no-windows" in report.standings[0].codes


@pytest.mark.parametrize("how", ["raises", "nan"])
def test_a_failed_forecaster_is_named_and_the_baseline_stands_under_its_own_name(
    monkeypatch: pytest.MonkeyPatch, how: str
):
    def run(values: np.ndarray, horizon: int) -> np.ndarray:
        if how == "raises":
            raise ZeroDivisionError
        return np.full(horizon, values[-1] * NAN)

    monkeypatch.setattr(statistical, "_runner", lambda family: run)  # noqa: ARG005
    panel = plain_panel()
    failed, naive = fit(panel, "theta-log"), fit(panel, "seasonal-naive")
    assert np.isnan(failed.report.scores["theta-log"])
    for standing, model in zip(failed.report.standings, failed.report.models, strict=True):
        assert standing.status is Status.BASELINE_ONLY
        assert "forecaster-failed" in standing.codes
        assert model == BASELINE
    assert failed.medians.tobytes() == naive.medians.tobytes()
    # Its ranges are seasonal naive's as well, not those of a forecaster that said nothing.
    assert failed.sample(100).tobytes() == naive.sample(100).tobytes()


def test_a_forecaster_that_fails_on_one_series_fails_there_only():
    def half(history, horizon):
        out = np.full((history.series, horizon), 7.0)
        out[-1] = NAN
        return out

    panel = plain_panel()
    fitted = PathForecaster("spy", Spy(half)).fit(panel, 14, 0)
    assert fitted.report.models == ("spy",) * 5 + (BASELINE,)
    assert [("forecaster-failed" in s.codes) for s in fitted.report.standings] == [False] * 5 + [
        True
    ]
    assert (fitted.medians[:5] == 7.0).all()
    expected = np.resize(panel.values[-1, -7:], 14)
    assert fitted.medians[5].tolist() == expected.tolist()


def test_auto_never_chooses_a_failed_forecaster():
    fitted = PathForecaster("auto", Spy(silent, "bad")).fit(plain_panel(), 14, 0)
    assert fitted.report.model == BASELINE
    assert np.isnan(fitted.report.scores["bad"])


def test_auto_asks_the_lstm_alone_of_a_short_history_and_blends_a_long_one():
    short, long = plain_panel(2, 27), plain_panel(2, 28)
    assert set(fit(short, "auto").report.scores) == {BASELINE, "lstm-pretrained"}
    report = fit(long, "auto").report
    assert set(report.scores) == {BASELINE, "lstm-pretrained", "smoothing", "usual-week", "blend"}
    assert report.model == "blend"
    assert "averaged with smoothing and usual-week" in report.why


def test_a_series_on_the_baseline_is_forecast_by_it_and_the_others_are_not():
    values = daily(3, 60)
    values[1] = 5.0
    fitted = fit(panel_of(values), "theta-log")
    assert fitted.report.models == ("theta-log", "theta-log", BASELINE, "theta-log")
    assert fitted.report.standings[2].codes == ("constant",)
    assert (fitted.medians[2] == 5.0).all()


def test_a_series_on_the_baseline_takes_the_ranges_of_the_baseline():
    values = daily(3, 100)
    values[1] = 900.0
    bad = Spy(lambda h, n: np.full((h.series, n), 100.0), "bad")
    fitted = PathForecaster("bad", bad).fit(panel_of(values), 14, 0)
    spread = [s.structure.variance_of_mean(14) for s in fitted.errors.series]
    # The constant creator repeats itself without error, whatever the bad forecaster says of it.
    assert fitted.report.models[2] == BASELINE
    assert spread[2] < 0.01 < spread[1]


def test_a_spy_sees_the_panel_up_to_its_end_and_windows_before_it():
    spy = Spy(lambda h, n: np.ones((h.series, n)))
    panel = plain_panel(2, 60)
    PathForecaster("spy", spy).fit(panel, 14, 0)
    assert max(h.days for h in spy.asks) == 60
    assert spy.asks[-1].values.shape == (5, 60)


def test_series_that_ended_or_are_zero_are_named_and_left_out():
    values = daily(5, 100)
    values[1, 60:] = NAN
    values[2] = 0.0
    values[3, 80:] = NAN
    fitted = fit(panel_of(values, ["a", "a", "b", "c", "a"]))
    assert fitted.tree.names == ("total", "a", "c0", "c4")
    found = {(a.name, a.level): (str(a.standing.status), a.value) for a in fitted.report.absent}
    assert found[("c2", "creator")] == ("baseline-only", 0.0)
    for name, level in (("c1", "creator"), ("c3", "creator"), ("c", "category")):
        status, value = found[(name, level)]
        assert status == "refused"
        assert np.isnan(value)
    check_sound(fitted, 14)


def test_a_sum_whose_gaps_never_coincide_is_bridged_and_says_so():
    values = daily(6, 80)
    for i in range(4):
        values[2 + i, np.arange(80) % 4 != i] = NAN
    values[2:] *= 0.02
    fitted = fit(panel_of(values, ["a", "a", "b", "b", "b", "b"]))
    paths = check_sound(fitted, 14)
    node = fitted.tree.names.index("b")
    standing = fitted.report.standings[node]
    assert (standing.status, standing.codes) == (Status.BASELINE_ONLY, ("mostly-missing",))
    assert fitted.report.models[node] == BASELINE
    recent = np.nanmean(values[2:, -28:], axis=1).sum()
    assert 0.6 * recent < np.median(paths[:, node]) < 1.6 * recent


def test_a_total_unknown_of_late_is_not_refused_while_it_has_figures():
    values = daily(2, 100)
    values[0, -9:-4] = NAN
    values[1, -5:] = NAN
    fitted = fit(panel_of(values))
    check_sound(fitted, 14)
    assert fitted.report.standings[0].codes[0] == "mostly-missing"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (daily(1, 13), "too-short"),
        (np.zeros((2, 80)), "zero"),
        (np.where(np.arange(80) % 3 != 0, NAN, daily(1, 80)), "mostly-missing"),
        (np.where(np.arange(80) >= 70, NAN, daily(2, 80)), "vanished"),
    ],
)
def test_panels_without_a_future_are_refused_with_their_code(values: np.ndarray, code: str):
    with pytest.raises(RefusalError) as caught:
        fit(panel_of(values), "seasonal-naive", 30)
    assert caught.value.code == code


@pytest.mark.parametrize(("horizon", "seed"), [(0, 0), (-3, 0), (14, -1)])
def test_settings_that_make_no_sense_are_refused(horizon: int, seed: int):
    with pytest.raises(SettingError):
        fit(plain_panel(), "seasonal-naive", horizon, seed)


def test_forecasters_of_several_names_share_their_medians():
    auto, other = path_forecasters(["auto", "smoothing"])
    assert (auto.name, other.name) == ("auto", "smoothing")
    assert isinstance(auto.forecaster, Blend)
    assert any(other.forecaster is partner for partner in auto.forecaster.partners)


def test_a_forecaster_that_loses_says_so_and_keeps_its_numbers():
    bad = Spy(lambda h, n: np.full((h.series, n), 3.0), "bad")
    fitted = PathForecaster("bad", bad).fit(plain_panel(), 14, 0)
    assert fitted.report.scores["bad"] > 1.0
    assert fitted.report.standings[0].status is Status.OK
    assert fitted.report.standings[0].codes == ("loses-to-seasonal-naive",)
    assert (fitted.medians == 3.0).all()


def test_progress_tells_every_window_of_every_candidate():
    told: list[str] = []
    report = path_forecasters(["theta-log"])[0].fit(plain_panel(), 14, 0, told.append).report
    assert told.count("theta-log") == told.count(BASELINE) == report.windows


def test_medians_are_those_of_the_forecaster_on_the_whole_history():
    panel = panel_of(daily(1, 90))
    fitted = fit(panel, "theta-log")
    history = history_of(np.repeat(panel.values, 2, axis=0))
    expected = statistical.StatisticalForecaster("theta", log=True).predict(history, 14)
    assert fitted.medians.tobytes() == expected.tobytes()
    assert fitted.tree.names == Tree.of_panel(panel).names


def test_paths_have_the_ranges_that_a_forecaster_said_itself():
    fitted = fit(plain_panel(3, 120), "lstm-pretrained", 30)
    assert fitted.report.models == ("lstm-pretrained",) * 6
    assert fitted.said is not None
    said = fitted.said.quantiles
    total = fitted.sample(1000)[:, 0]
    for level in (0.1, 0.5, 0.9):
        place = said.place(level)
        found = np.quantile(total.sum(axis=1), level)
        assert found == pytest.approx(said.sum[place, 0, -1], rel=0.03)
        # Peaks give way most where what was said of days, sum and peak does not agree.
        assert np.quantile(total.max(axis=1), level) == pytest.approx(
            said.peak[place, 0, -1], rel=0.12
        )
    calibrations = fitted.report.calibrations.values()
    assert len({own.noise_factor for own in calibrations}) == 1
    assert len({own.level_factor for own in calibrations}) > 1
    assert sorted(fitted.report.calibrations) == list(range(6))


def test_a_series_on_the_baseline_keeps_its_own_ranges_beside_those_that_were_said():
    values = daily(3, 100)
    values[1] = 900.0
    fitted = fit(panel_of(values), "lstm-pretrained")
    assert fitted.report.models[2] == BASELINE
    assert fitted.said is not None
    assert 2 not in fitted.said.nodes
    assert fitted.report.calibrations[2].level_factor != fitted.report.calibrations[1].level_factor
    paths = check_sound(fitted, 14)
    assert np.median(paths[:, 2].sum(axis=1)) == pytest.approx(900.0 * 14, rel=0.15)


def test_a_forecaster_that_says_quantiles_is_asked_once_a_window():
    asked: list[int] = []

    class Sayer(Spy):
        def quantiles(self, history: History, horizon: int) -> Quantiles:
            asked.append(history.days)
            one = np.stack([self.answer(history, horizon) * f for f in (0.5, 1.0, 2.0)])
            return Quantiles(np.array([0.1, 0.5, 0.9]), one, np.cumsum(one, axis=2), one)

    sayer = Sayer(lambda h, n: np.full((h.series, n), 50.0))
    report = PathForecaster("spy", sayer).fit(plain_panel(), 14, 0).report
    assert report.models == ("spy",) * 6
    assert len(asked) == report.windows + 1
    assert asked[-1] == 100


def test_auto_is_not_scared_off_by_creators_that_appeared_lately():
    values = np.stack([walk(150, seed) for seed in range(9)])
    for late in range(1, 9):
        values[late, : 100 + 5 * late] = np.nan
    panel = Panel.from_arrays(values, items=[f"c{k}" for k in range(9)])
    report = fit(panel, "auto", horizon=30).report
    assert report.model == "blend"
    assert all(np.isfinite(score) for score in report.scores.values())
