"""Settings so small that a training takes a second or two."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from upswell.forecasting.lstm.pretraining import PretrainingSettings, _judging, _stream

TINY = PretrainingSettings(
    steps=5,
    units=4,
    head_units=4,
    batch_size=512,
    workers=0,
    threads=1,
    device="cpu",
    report_steps=2,
    validation_lessons=1,
)


@pytest.fixture(scope="session")
def tiny() -> PretrainingSettings:
    return TINY


@pytest.fixture(scope="session", autouse=True)
def lessons_made_once() -> Iterator[None]:
    """Most of a small training is its lessons, which are the same in all tests."""
    keep = functools.lru_cache(maxsize=3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_stream, "chapter_batches", keep(_stream.chapter_batches))
        patch.setattr(_judging.Judge, "of", keep(_judging.Judge.of))
        yield
