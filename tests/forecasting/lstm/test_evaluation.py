import math

import numpy as np
import pytest

from upswell.data import Tree
from upswell.errors import ForecasterError
from upswell.forecasting.history import History
from upswell.forecasting.lstm import LstmSettings, evaluate_training, train_network

QUICK = LstmSettings(units=6, epochs=2, batch_size=32, device="cpu")


def line_of(report, part, task, scope):
    (found,) = [
        line for line in report.lines if (line.part, line.task, line.scope) == (part, task, scope)
    ]
    return found


@pytest.fixture(scope="module")
def tree():
    return Tree.of(tuple("abcdefgh"), None)


@pytest.fixture(scope="module")
def report(make_panel, tree):
    return evaluate_training(make_panel(50), 30, QUICK, seed=1, tree=tree)


def test_fifty_days_are_twenty_to_train_and_thirty_to_test(report):
    assert (report.train_days, report.test_days) == (20, 30)
    assert report.trained.record.days == 20
    assert len(report.lines) == 8


def test_the_test_figures_equal_a_plain_computation(report, make_panel):
    panel = make_panel(50)
    past, truth = panel.until(20), panel.values[:, 20:]
    trained = train_network(past, 30, QUICK, seed=1)
    away = (trained.predict(past, 30) - truth)[1:]
    line = line_of(report, "test", "horizon", "creators")
    assert line.count == 8 * 30
    assert line.mse == pytest.approx(np.mean(away**2))
    assert line.mae == pytest.approx(np.mean(np.abs(away)))
    assert line.rmse == pytest.approx(math.sqrt(np.mean(away**2)))
    naive = np.tile(past.values[:, -7:], 5)[0, :30] - truth[0]
    total = line_of(report, "test", "horizon", "total")
    assert total.count == 30
    assert total.naive_mae == pytest.approx(np.mean(np.abs(naive)))


def test_one_step_figures_come_from_the_true_days_before(report, make_panel):
    panel = make_panel(50)
    said = [report.trained.predict(panel.until(day), 1)[0, 0] for day in range(20, 50)]
    line = line_of(report, "test", "one-step", "total")
    assert line.mae == pytest.approx(np.mean(np.abs(said - panel.values[0, 20:])))
    week_before = panel.values[0, 13:43]
    assert line.naive_mae == pytest.approx(np.mean(np.abs(week_before - panel.values[0, 20:])))


def test_the_test_days_do_not_reach_the_training(report, make_panel, tree):
    panel = make_panel(50)
    values = panel.values.copy()
    values[:, 20:] = 5e9
    planted = evaluate_training(History(values, panel.phase), 30, QUICK, seed=1, tree=tree)
    for name, weight in report.trained.weights.items():
        np.testing.assert_array_equal(weight, planted.trained.weights[name])
    assert report.trained.record == planted.trained.record
    for task in ("one-step", "horizon"):
        before = line_of(report, "train", task, "total")
        assert before == line_of(planted, "train", task, "total")


def test_figures_worse_than_naive_are_marked():
    # Last week repeats exactly, so naive makes no error and any error is worse.
    days = np.arange(60)
    values = np.array([[500.0], [90.0]]) * (1 + (days % 7 == 3) * 2.0)
    report = evaluate_training(History(values, days % 7), 14, QUICK)
    line = line_of(report, "test", "horizon", "series")
    assert line.naive_mae == 0
    assert line.worse_than_naive == ("mse", "mae", "rmse")
    assert report.worse_than_naive
    marked = [row["worse_than_naive"] for row in report.rows() if row["part"] == "test"]
    assert marked == ["mse, mae, rmse"] * 2


def test_a_short_history_has_the_longest_test_that_leaves_enough_and_says_so(make_panel):
    report = evaluate_training(make_panel(33), 30, QUICK)
    assert (report.train_days, report.test_days) == (20, 13)
    assert any("the test has 13 days, not 30" in note for note in report.notes)


def test_without_a_day_to_test_the_forecaster_is_named(make_panel):
    with pytest.raises(ForecasterError, match="lstm: 20 days leave no test"):
        evaluate_training(make_panel(20), 30, QUICK)


def test_missing_days_are_not_compared(make_panel):
    panel = make_panel(50)
    values = panel.values.copy()
    values[0, 45] = np.nan
    values[1] = np.nan
    report = evaluate_training(History(values, panel.phase), 14, QUICK)
    line = line_of(report, "test", "horizon", "series")
    assert line.count == 8 * 14 - 1
    assert math.isfinite(line.mse)


def test_a_direct_model_is_judged_too(make_panel):
    settings = LstmSettings(units=6, epochs=2, batch_size=32, strategy="direct", device="cpu")
    report = evaluate_training(make_panel(60), 14, settings)
    assert all(math.isfinite(line.mse) for line in report.lines)
