from dataclasses import replace

import numpy as np
import pytest

from upswell.data import Panel, Tree
from upswell.forecasting.lstm.adapting import evaluate_adaptation

HORIZON = 14


@pytest.fixture(scope="module")
def report(adaptation, history):
    tree = Tree.of_panel(Panel.from_arrays(history.values[1:], items=list("abcd")))
    return evaluate_adaptation(adaptation, history, HORIZON, tree)


def test_figures_of_the_test_come_from_its_eve(report, adaptation, history):
    cut = history.days - HORIZON
    known, truth = history.until(cut), history.values[:, cut:]
    line = report.lines[-2]
    assert (line.part, line.task, line.scope, line.count) == ("test", "horizon", "creators", 56)
    naive = np.tile(history.values[:, cut - 7 : cut], 2)
    forecasts = {
        "": adaptation.judged.predict(known, HORIZON),
        "zero_shot_": adaptation.judged.zero_shot().predict(known, HORIZON),
        "naive_": naive,
    }
    for prefix, forecast in forecasts.items():
        away = (forecast - truth)[1:]
        assert getattr(line, f"{prefix}mae") == pytest.approx(np.abs(away).mean())
        assert getattr(line, f"{prefix}mse") == pytest.approx((away**2).mean())
        assert getattr(line, f"{prefix}rmse") == pytest.approx(np.sqrt((away**2).mean()))


def test_one_step_figures_come_from_the_true_days_before(report, adaptation, history):
    line = report.lines[5]
    assert (line.part, line.task, line.scope, line.count) == ("test", "one-step", "total", 14)
    days = range(history.days - 14, history.days)
    away = [
        adaptation.judged.predict(history.until(d), 1)[0, 0] - history.values[0, d] for d in days
    ]
    assert line.mae == pytest.approx(np.mean(np.abs(away)))


def test_it_says_why_and_has_a_row_a_line(report, adaptation):
    assert report.why == adaptation.adapted.choice.why
    assert [(row["part"], row["task"]) for row in report.rows()] == [
        (part, task) for part in ("train", "test") for task in ("one-step", "horizon") for _ in "ab"
    ]
    assert (report.train_days, report.test_days, report.notes) == (106, 14, ())


def test_a_test_that_speaks_against_the_tuning_is_heard(adaptation, history):
    tree = Tree.of_panel(Panel.from_arrays(history.values[1:], items=list("abcd")))
    worse = replace(
        adaptation.judged, tuned={n: 0.5 * w for n, w in adaptation.judged.untouched.items()}
    )
    found = evaluate_adaptation(replace(adaptation, judged=worse), history, HORIZON, tree)
    (note,) = found.notes
    for line in found.lines[-2:]:
        assert line.mae > line.zero_shot_mae
        assert f"{line.mae / line.zero_shot_mae - 1.0:.1%} for the {line.scope}" in note
    kept = replace(adaptation, judged=adaptation.judged.zero_shot())
    assert not evaluate_adaptation(kept, history, HORIZON, tree).notes
