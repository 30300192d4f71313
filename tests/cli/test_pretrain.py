"""upswell pretrain: weights and card or nothing, and work that goes on after Ctrl-C."""

from __future__ import annotations

import fcntl
import functools
import json
import os
import re
import sys
from pathlib import Path

import pytest

from cli.running import Program, contents
from upswell.cli import pretrain as command
from upswell.forecasting.lstm import pretraining
from upswell.forecasting.lstm.pretraining import _judging, _stream

WORDS = (
    *("--steps", 3, "--units", 4, "--batch-size", 600),
    *("--workers", 0, "--threads", 1, "--device", "cpu"),
)
FILES = ["audiences.safetensors", "card.json"]


@pytest.fixture(scope="module", autouse=True)
def lessons_made_once():
    keep = functools.lru_cache(maxsize=3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_stream, "chapter_batches", keep(_stream.chapter_batches))
        patch.setattr(_judging.Judge, "of", keep(_judging.Judge.of))
        often = {"checkpoint_minutes": 0.0, "report_steps": 1, "validation_lessons": 1}
        patch.setattr(
            pretraining,
            "PretrainingSettings",
            functools.partial(pretraining.PretrainingSettings, head_units=4, **often),
        )
        yield


def test_weights_and_their_card_are_written(program: Program) -> None:
    found = program("pretrain", *WORDS, "--out", "weights")
    assert found.code == 0
    lines = found.out.splitlines()
    assert re.fullmatch(
        r"step 1 of 3, 0\.\d min, [\d,]+ examples/s: loss 0\.\d+; "
        r"validation over seasonal naive: day 0\.\d+, sum [01]\.\d+, peak [01]\.\d+",
        lines[0],
    )
    assert "simulated series taught" in found.out
    assert found.out.endswith("Weights and card are written to weights\n")
    assert sorted(contents(Path.cwd())) == ["weights", *(f"weights/{name}" for name in FILES)]
    again = program("pretrain", *WORDS, "--json")
    assert again.json()["card"]["sha256"] == json.loads(_card("weights"))["sha256"]
    assert again.json()["out"] == "pretrained"
    assert program("pretrain", *WORDS, "--quiet", "--out", "weights").out == ""


def _card(folder: str) -> str:
    return Path(folder, "card.json").read_text(encoding="utf-8")


def test_what_ctrl_c_interrupts_is_resumed(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program("pretrain", *WORDS, "--out", "whole")

    def interrupt(report: pretraining.PretrainingReport) -> None:
        if report.step == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(command, "_told", interrupt)
        found = program("pretrain", *WORDS, "--out", "w")
    assert found.code == 130
    found.says("nothing was left half-written", "--resume goes on from the last checkpoint")
    kept = contents(Path.cwd())
    assert not Path("w").exists()
    found = program("pretrain", *WORDS, "--out", "w")
    assert found.code == 2
    found.says("the checkpoint of an interrupted training is there", "w.training", "--resume")
    found = program("pretrain", *WORDS, "--out", "w", "--resume", "--seed", 1)
    assert found.code == 2
    found.says("belongs to a training with other data or settings")
    assert contents(Path.cwd()) == kept
    found = program("pretrain", *WORDS, "--out", "w", "--resume")
    assert found.code == 0
    assert found.out.startswith("step 2 of 3")
    assert json.loads(_card("w"))["sha256"] == json.loads(_card("whole"))["sha256"]
    assert not Path("w.training").exists()


def test_ctrl_c_before_the_first_checkpoint_leaves_nothing(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: pretraining.PretrainingReport) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_told", interrupt)
    found = program("pretrain", *WORDS, "--resume")
    assert found.code == 130
    assert found.err == "upswell: interrupted: nothing was left half-written\n"
    assert contents(Path.cwd()) == {}


def test_a_training_is_refused_before_it_begins(program: Program) -> None:
    for words, said in (
        (("--minutes", 3), "--minutes and --steps were both given"),
        (("--layers", 0), "--layers must be between 1 and 8, got 0"),
        (("--device", "tpu"), "--device must be one of auto, cpu, cuda"),
    ):
        found = program("pretrain", *WORDS, *words)
        assert found.code == 2
        found.says(said)
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("mine", encoding="utf-8")
    found = program("pretrain", *WORDS, "--out", "mine")
    assert found.code == 2
    found.says("notes.txt", "not ours to replace")
    folder = Path("pretrained.training")
    folder.mkdir()
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        program("pretrain", *WORDS).says("another training is at work there")
    finally:
        os.close(handle)


def test_without_torch_the_extra_is_named(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    found = program("pretrain", *WORDS)
    assert found.code == 2
    found.says("needs the package torch", "pip install 'upswell[train]'")
    assert contents(Path.cwd()) == {}
