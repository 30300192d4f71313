"""A second process changes no digit, and neither stays nor is missed."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import lightgbm
import numpy as np
import pytest

from upswell.releases.models import _shares_beside
from upswell.releases.models._shares_beside import Forest, shares_of_forests
from upswell.releases.models._text_trees import trees_of_text


@pytest.fixture(scope="module")
def forests() -> list[Forest]:
    matrix = np.random.default_rng(2).normal(size=(300, 5))
    booster = lightgbm.train(
        {"verbosity": -1, "num_threads": 1, "min_data_in_leaf": 2},
        lightgbm.Dataset(matrix, matrix[:, 0] * matrix[:, 1]),
        num_boost_round=5,
    )
    trees = trees_of_text(booster.model_to_string())
    assert trees is not None
    return [Forest(trees, matrix), Forest(trees[:1], matrix.astype(np.float32)), Forest((), matrix)]


@pytest.fixture(autouse=True)
def processes(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Two cores and work enough; the second processes that were started."""
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            started.append(self)

    monkeypatch.setattr(_shares_beside, "_WORTH_IT", 0)
    monkeypatch.setattr(_shares_beside, "_cores", lambda: 2)
    monkeypatch.setattr(subprocess, "Popen", Noted)
    return started


def alone(forests: list[Forest], monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    with monkeypatch.context() as one_core:
        one_core.setattr(_shares_beside, "_cores", lambda: 1)
        return shares_of_forests(forests)


def test_two_processes_give_the_digits_of_one(
    forests: list[Forest], processes: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = alone(forests, monkeypatch)
    assert not processes
    read = []
    monkeypatch.setattr(_shares_beside, "_answer", noting(_shares_beside._answer, read))
    found = shares_of_forests(forests)
    assert len(processes) == 1
    assert processes[0].returncode == 0
    assert len(read[0]) == len(forests)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("executable", ["/nowhere/python", None])
def test_a_second_process_that_fails_is_made_up_for(
    forests: list[Forest], executable: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = alone(forests, monkeypatch)
    if executable:
        monkeypatch.setattr(sys, "executable", executable)
    else:
        monkeypatch.setattr(_shares_beside, "_CODE", "raise SystemExit(3)")
    found = shares_of_forests(forests)
    np.testing.assert_array_equal(found[0], expected[0])


def test_it_ends_with_the_first_however_that_ends(
    forests: list[Forest], processes: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Forest) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Forest, "shares", interrupted)
    monkeypatch.setattr(_shares_beside, "_CODE", "import time; time.sleep(600)")
    with pytest.raises(KeyboardInterrupt):
        shares_of_forests(forests)
    assert processes[0].returncode is not None


def noting(function: Any, answers: list[Any]) -> Any:
    def noted(*given: Any) -> Any:
        answers.append(function(*given))
        return answers[-1]

    return noted
