"""Zeros before a debut are no part of a series; zeros of a rare thing are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from upswell.forecasting.lstm.pretrained.beginning import since_beginning
from upswell.forecasting.lstm.pretrained.forecaster import forecast_quantiles

NAN = np.nan


def in_words(row: list[float], keep: int) -> list[float]:
    """The same, day by day."""
    first = next((t for t, v in enumerate(row) if v > 0), len(row))
    life = [v for v in row[first:] if np.isfinite(v)]
    if len(life) < 3 or sum(v > 0 for v in life) < 2 * len(life) / 3:
        return row
    observed_last = [t for t, v in enumerate(row) if np.isfinite(v)][-keep:]
    return [NAN if t < first and t not in observed_last else v for t, v in enumerate(row)]


@given(arrays(float, (3, 12), elements=st.sampled_from([0.0, 0.0, 2.0, NAN])), st.integers(1, 9))
@settings(max_examples=150, deadline=None)
def test_it_agrees_with_plain_words(counts: np.ndarray, keep: int) -> None:
    plain = np.array([in_words(row, keep) for row in counts.tolist()])
    np.testing.assert_array_equal(since_beginning(counts, keep), plain)


@pytest.mark.parametrize("alive", [7, 10, 14, 28])
@pytest.mark.parametrize("level", [300.0, 1e8])
def test_a_debut_in_a_filled_file_is_forecast_at_its_level(alive: int, level: float) -> None:
    noise = np.exp(0.1 * np.random.default_rng(1).standard_normal((8, alive)))
    history = np.zeros((8, 200))
    history[:, -alive:] = np.round(level * noise)
    said = forecast_quantiles(history, 30)
    ratio = said.sum[:, :, -1] / (30 * level)
    assert 0.7 < np.median(ratio[6]) < 1.4
    assert np.median(ratio[10]) < 3.0
    missing = np.where(np.arange(200) < 200 - alive, NAN, history)
    assert forecast_quantiles(missing, 30).sum.tobytes() == said.sum.tobytes()


@pytest.mark.parametrize("days", [[290, 297], [298, 299], [270, 277, 284, 291, 298]])
def test_what_is_rare_stays_rare(days: list[int]) -> None:
    history = np.zeros((1, 300))
    history[0, days] = 5.0
    np.testing.assert_array_equal(since_beginning(history, 7), history)
