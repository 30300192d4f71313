"""upswell train: adapts the shipped network or says why not; from scratch when asked to."""

from __future__ import annotations

import functools
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from cli.running import Program
from upswell.forecasting.lstm import adapting, load_bundled
from upswell.forecasting.lstm.adapting import adapting as module
from upswell.forecasting.lstm.pretraining._network import AudienceNetwork, file_name
from upswell.forecasting.lstm.pretraining.settings import PretrainingSettings


def write_views(path: Path, days: int, growth: float) -> None:
    draw = np.random.default_rng(1)
    first = np.datetime64("2025-01-06")
    lines = ["Day,CreatorID,Views"]
    for name in ("ana", "ben"):
        views = 5000 * np.exp(growth * np.arange(days) + draw.normal(0, 0.03, days))
        lines += [f"{first + day},{name},{view:.0f}" for day, view in enumerate(views)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small network that was never taught in place of the shipped one, and few steps."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        network = AudienceNetwork(PretrainingSettings(units=8, layers=1, head_units=16))
    weights = {file_name(n): t.numpy().copy() for n, t in network.state_dict().items()}
    monkeypatch.setattr(module, "shipped_weights", lambda: weights)
    few = functools.partial(
        adapting.AdaptingSettings, steps=(15,), learning_rate=0.02, batch_size=16
    )
    monkeypatch.setattr(adapting, "AdaptingSettings", few)


@pytest.mark.usefixtures("tiny")
def test_a_panel_that_gains_is_adapted_to_and_forecast_from(program: Program) -> None:
    write_views(Path("views.csv"), 80, growth=0.03)
    words = ("train", "views.csv", "--horizon", "7", "--device", "cpu")
    found = program(*words, "--json", "--out", "a.upswell")
    record = found.json()
    assert (found.code, record["adapted"], record["test_days"]) == (0, True, 7)
    assert record["why"].startswith("adapted: on 5 validation windows")
    assert record["choice"]["loss"] < record["choice"]["zero_shot_loss"]
    assert len(record["errors"]) == 8
    again = program(*words, "--out", "b.upswell")
    assert again.code == 0
    for line in ("Adapted: on 5 validation windows", "zero: the shipped", "Test, 7 days ahead"):
        assert line in again.out
    assert Path("a.upswell").read_bytes() == Path("b.upswell").read_bytes()
    last = np.datetime64("2025-01-06").astype(int) + 79
    assert load_bundled("a.upswell").taught_until == last
    forecast = program("forecast", "views.csv", "--model", "./a.upswell", "--horizon", "7")
    assert forecast.code == 0
    assert "Forecaster: a.upswell (asked for by name)" in forecast.out
    assert "Note (untested)" in forecast.out


def test_a_short_history_keeps_zero_shot_and_says_so(program: Program) -> None:
    write_views(Path("views.csv"), 30, growth=0.0)
    found = program("train", "views.csv", "--horizon", "7", "--out", "kept.upswell")
    assert found.code == 0
    assert "Kept zero-shot: 30 days are too few to teach and to validate." in found.out
    forecast = program("forecast", "views.csv", "--model", "kept.upswell", "--horizon", "7")
    assert forecast.code == 0
    assert "untested" not in forecast.out
    plain = program("forecast", "views.csv", "--model", "lstm-pretrained", "--horizon", "7")
    assert plain.out.splitlines()[-4:] == forecast.out.splitlines()[-4:]


def test_an_option_of_a_network_from_scratch_asks_for_it(program: Program) -> None:
    write_views(Path("views.csv"), 30, growth=0.0)
    found = program("train", "views.csv", "--epochs", "3", "--out", "x.upswell")
    assert found.code == 2
    found.says("--epochs is of a network that is trained from scratch", "add --from-scratch")
    assert not Path("x.upswell").exists()


def test_from_scratch_is_the_network_of_the_original(program: Program) -> None:
    write_views(Path("views.csv"), 40, growth=0.0)
    words = ("--from-scratch", "--epochs", "1", "--units", "4", "--horizon", "7", "--json")
    record = program("train", "views.csv", *words, "--out", "x.upswell").json()
    assert record["settings"]["layers"] == 2
    assert len(record["errors"]) == 8
    assert load_bundled("x.upswell").name == "x.upswell"
    # An earlier bundle of either kind may be replaced, and nothing else.
    kept = program("train", "views.csv", "--horizon", "14", "--out", "views.csv")
    assert kept.code == 2
    kept.says("no bundle, and it would be replaced")


def test_without_torch_the_error_says_what_to_install(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_views(Path("views.csv"), 60, growth=0.0)
    monkeypatch.setitem(sys.modules, "torch", None)
    found = program("train", "views.csv", "--horizon", "7", "--out", "x.upswell")
    assert found.code == 2
    found.says("adapting the LSTM needs the package torch", "lstm-pretrained")
    assert not Path("x.upswell").exists()


def test_a_network_from_scratch_says_that_it_reads_no_days_off(program: Program) -> None:
    write_views(Path("views.csv"), 50, 0.0)
    words = ("--from-scratch", "--epochs", 1, "--units", 4, "--horizon", 7, "--out", "kept.upswell")
    note = "Note: a network from scratch reads neither days off nor announced events"
    plain, known = (
        program("train", "views.csv", *words, *more) for more in ((), ("--holidays", "US"))
    )
    assert (plain.code, known.code) == (0, 0), known.err
    assert note in known.out
    assert note not in plain.out
