"""Ctrl-C in the middle: code 130, one block, and nothing half-written."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from cli.running import FAST, START, Program, contents, environment
from upswell.simulate import simulate_creators, write_creators


@pytest.mark.parametrize("command", ["backtest", "forecast"])
def test_ctrl_c_in_the_middle_of_the_work_leaves_everything_as_it_was(
    command: str, older: Path
) -> None:
    write_creators(simulate_creators(150, 500, seed=2), "views.parquet")
    before = contents(Path.cwd())
    with subprocess.Popen(
        [*START, command, "views.parquet", "--out", str(older)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(PYTHONUNBUFFERED="1"),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        # The ledger is printed once the input is read; what follows takes many seconds.
        for line in process.stdout:
            if line.startswith("Ledger"):
                break
        time.sleep(0.5)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        error = process.stderr.read()
        assert process.wait(timeout=60) == 130
    assert error == "upswell: interrupted: nothing was left half-written\n"
    assert contents(Path.cwd()) == before


@pytest.mark.parametrize("call", ["fsync", "mkdir", "rename", "chmod"])
def test_ctrl_c_while_the_result_is_written_loses_nothing(
    call: str, program: Program, good: Path, older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = contents(Path.cwd())
    with monkeypatch.context() as patch:
        patch.setattr(os, call, interrupt)
        found = program("forecast", good, *FAST, "--out", older, "--quiet")
    assert found.code == 130
    found.says("interrupted")
    assert contents(Path.cwd()) == before
