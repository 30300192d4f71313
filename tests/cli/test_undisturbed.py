"""Ctrl-C while native code is loaded."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from threading import Thread

import pytest

from cli.running import HEARS_CTRL_C, environment
from upswell.cli._undisturbed import undisturbed

READY = f"{HEARS_CTRL_C}from upswell.cli import main; print('ready', flush=True); main()"


def test_ctrl_c_waits_for_the_end_of_the_block() -> None:
    done = []

    def press() -> None:
        with undisturbed():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)
            done.append(True)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        press()
    assert done == [True]
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_and_quiet_blocks_pass_through() -> None:
    done = []

    def work() -> None:
        with undisturbed():
            done.append(True)

    thread = Thread(target=work)
    thread.start()
    thread.join()
    work()
    assert done == [True, True]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("seconds", [0.3, 1.0])
def test_a_training_can_be_stopped_at_any_time(seconds: float) -> None:
    words = ("releases", "train", "config.toml", "--trials", "1", "--out", "b")
    with subprocess.Popen(
        [sys.executable, "-c", READY, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(OMP_NUM_THREADS="1"),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.startswith("upswell: interrupted: nothing was left half-written")
