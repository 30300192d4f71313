"""Batches made ahead: the same in any number of processes, which fail loudly and end with us."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import upswell
from upswell.errors import UpswellError
from upswell.forecasting.lstm.pretraining._stream import Place, batches_from


def taken(number, seed=3, size=1000, begin=None, workers=0):
    with batches_from(seed, size, begin or Place(), workers) as batches:
        return [
            (batch.targets.tobytes(), batch.past.tobytes(), place)
            for batch, place in itertools.islice(batches, number)
        ]


@pytest.fixture(scope="module")
def alone():
    return taken(5)


def test_the_number_of_workers_changes_nothing(alone):
    assert taken(5, workers=2) == alone
    assert [place for *_, place in alone][:2] == [Place(0, 1), Place(1, 0)]


@pytest.mark.parametrize("read", [1, 2])
def test_reading_goes_on_where_it_stopped(alone, read):
    rest = taken(3, begin=alone[read - 1][2], workers=1)
    assert rest == alone[read : read + 3]


def test_an_error_in_a_worker_reaches_the_reader():
    with pytest.raises(UpswellError, match="making lessons failed: ZeroDivisionError"):
        taken(1, size=0, workers=1)


def test_the_end_of_a_worker_reaches_the_reader():
    code = """
import multiprocessing, os, signal
from upswell.errors import UpswellError
from upswell.forecasting.lstm.pretraining._stream import Place, batches_from
if __name__ == "__main__":
    with batches_from(3, 1000, Place(), 1) as batches:
        os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)
        try:
            next(batches)
        except UpswellError as error:
            print(error)
"""
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    assert "ended by itself (code -9)" in found.stdout
    assert found.stderr == ""


def test_workers_end_with_a_process_that_is_killed():
    code = """
import multiprocessing, os, signal
from upswell.forecasting.lstm.pretraining._stream import Place, batches_from
if __name__ == "__main__":
    with batches_from(3, 1000, Place(), 1) as batches:
        next(batches)
        print(multiprocessing.active_children()[0].pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False
    )
    assert found.returncode == -9
    worker = int(found.stdout)
    for _ in range(600):
        if gone(worker):
            break
        time.sleep(0.1)
    assert gone(worker)


def gone(process: int) -> bool:
    """Whether a process has ended, taken note of by its new parent or not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state.split()[0] == "Z"


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(upswell.__file__).parents[1])}
