"""A training repeats, goes on after a kill, and leaves torch as it was."""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import asdict

import numpy as np
import pytest
import torch

from upswell.errors import BundleError, MissingPackageError, SettingError, UpswellError
from upswell.forecasting.lstm.pretraining import _loop, pretrain, settings


def same(one, two):
    return one.weights.keys() == two.weights.keys() and all(
        np.array_equal(one.weights[name], two.weights[name]) for name in one.weights
    )


@pytest.fixture(scope="module")
def whole(tiny):
    return pretrain(tiny)


def test_the_same_seed_gives_the_same_bits_and_torch_is_left_alone(tiny, whole):
    torch.manual_seed(99)
    before, threads = torch.random.get_rng_state(), torch.get_num_threads()
    again = pretrain(tiny)
    assert same(again, whole)
    assert torch.equal(before, torch.random.get_rng_state())
    assert torch.get_num_threads() == threads
    assert not same(pretrain(dataclasses.replace(tiny, seed=1, steps=1)), whole)


def test_reports_say_how_far_it_is(tiny):
    told = []
    result = pretrain(tiny, progress=told.append)
    assert [report.step for report in told] == [2, 4, 5]
    assert result.reports == tuple(told)
    assert all(report.steps == 5 for report in told)
    assert 4 * 400 < told[-1].examples < 6 * 600
    assert result.chapters == 2
    assert result.device == "cpu"


def test_it_learns(tiny):
    larger = {"units": 16, "head_units": 16, "warmup": 5, "learning_rate": 0.01}
    told = pretrain(dataclasses.replace(tiny, steps=16, report_steps=1, **larger)).reports
    before, after = told[0].scores, told[-1].scores
    assert all(after.loss[head] < 0.97 * loss for head, loss in before.loss.items())
    assert after.loss["peak"] < 0.75 * before.loss["peak"]
    assert all(value < 0.75 for value in after.relative.values())


def test_a_killed_training_goes_on_to_the_same_weights(tiny, whole, run_python, tmp_path):
    kept = tmp_path / "kept"
    code = f"""
import os, signal, sys
from upswell.forecasting.lstm.pretraining import PretrainingSettings, pretrain
if __name__ == "__main__":
    def die(report):
        if report.step == 4:
            os.kill(os.getpid(), signal.SIGKILL)
    settings = PretrainingSettings(**{asdict(tiny) | {"checkpoint_minutes": 0.0, "workers": 1}})
    pretrain(settings, progress=die, checkpoint=sys.argv[1])
"""
    assert run_python(code, str(kept)) == -9
    told = []
    resumed = pretrain(tiny, progress=told.append, checkpoint=kept)
    assert [report.step for report in told] == [4, 5]  # step 4 was not yet kept
    assert [report.step for report in resumed.reports] == [2, 4, 5]
    assert same(resumed, whole)
    assert [report.scores for report in resumed.reports] == [r.scores for r in whole.reports]
    assert same(pretrain(tiny, checkpoint=kept), whole)


def test_the_steps_that_fit_the_time_can_be_repeated(tiny, monkeypatch):
    clock = iter(range(1_000_000))
    monkeypatch.setattr(_loop.time, "monotonic", lambda: next(clock))
    asked = dataclasses.replace(tiny, steps=None, minutes=0.1)
    timed = pretrain(asked)
    assert timed.last.step == timed.last.steps == 8  # 70% of 6 seconds are over after 5 steps
    assert same(pretrain(dataclasses.replace(tiny, steps=8)), timed)


def test_the_step_size_rises_stays_and_falls(tiny):
    loop = _loop._Loop.begin(dataclasses.replace(tiny, steps=100, warmup=10), torch.device("cpu"))
    rates = []
    for loop.step in range(100):
        rates.append(loop.rate())
    assert rates[:10] == pytest.approx(np.arange(1, 11) / 10)
    assert rates[10:71] == [1.0] * 61
    assert rates[71:] == pytest.approx(np.arange(29, 0, -1) / 30)


def test_a_checkpoint_of_another_training_is_refused(tiny, tmp_path):
    kept = tmp_path / "kept"
    pretrain(dataclasses.replace(tiny, steps=1), checkpoint=kept)
    with pytest.raises(SettingError, match="belongs to a training with other data or settings"):
        pretrain(dataclasses.replace(tiny, steps=1, seed=8), checkpoint=kept)
    kept.write_bytes(kept.read_bytes()[:-9])
    with pytest.raises(BundleError, match="damaged"):
        pretrain(dataclasses.replace(tiny, steps=1), checkpoint=kept)


def test_large_networks_are_rounded_before_they_are_judged(tiny, monkeypatch):
    monkeypatch.setattr(settings, "LARGEST_FILE", 10_000)
    small = dataclasses.replace(tiny, steps=2)
    assert small.precision == "float16"
    result = pretrain(small)
    assert {array.dtype for array in result.weights.values()} == {np.dtype("float16")}
    monkeypatch.undo()
    exact = pretrain(small)
    assert exact.last.scores.loss != result.last.scores.loss
    for name, array in exact.weights.items():
        assert np.array_equal(array.astype("float16"), result.weights[name])


def test_a_loss_that_is_not_finite_ends_the_training(tiny, monkeypatch):
    monkeypatch.setattr(_loop, "pinball", lambda said, _: said.mean(dim=(1, 3)) * float("nan"))
    with pytest.raises(UpswellError, match="the loss of step 1 is not finite"):
        pretrain(tiny)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there_is_an_input_error(tiny):
    with pytest.raises(SettingError, match="torch finds no CUDA device"):
        pretrain(dataclasses.replace(tiny, device="cuda"))


def test_without_torch_the_extra_is_named(tiny, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingPackageError, match=r"upswell\[train\]"):
        pretrain(tiny)


def test_importing_the_room_imports_no_torch(run_python):
    code = """
import sys
import upswell.forecasting.lstm.pretraining, upswell.forecasting.lstm.pretraining._stream
sys.exit("torch" in sys.modules)
"""
    assert run_python(code) == 0
