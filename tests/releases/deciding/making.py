"""Scores and evidence made up for tests of decisions: curves of any shape, read as they go out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
from hypothesis import strategies as st

from upswell.releases.deciding.curves import LEVELS, StreamCurves
from upswell.releases.deciding.money import load_money
from upswell.scoring import quantile_name

NAMES = [quantile_name(level) for level in LEVELS]


def money(**others: Any) -> Any:
    """Return settings by which promotion pays from 100,000 streams on."""
    return load_money({"cost": 200.0, "value": 0.004, "uplift": 0.5, **others})


def frame_of(curves: StreamCurves, **columns: Any) -> pl.DataFrame:
    """Return scores with these curves, all of complete windows unless told otherwise."""
    count = len(curves)
    own = {name: curves.quantiles[:, place] for place, name in enumerate(NAMES)}
    plain = {
        "release": [f"r{place:04d}" for place in range(count)],
        "mean": curves.mean,
        **own,
        "probability_low": np.full(count, 0.75),
        "probability_hit": np.full(count, 0.25),
        "status": ["ok"] * count,
    }
    return pl.DataFrame({**plain, **columns})


def lognormal(center: Any, width: Any) -> StreamCurves:
    """Return curves of lognormal streams, by median and standard deviation of their log."""
    from scipy.special import ndtri

    middle = np.atleast_1d(np.asarray(center, dtype=np.float64))
    spread = np.broadcast_to(np.asarray(width, dtype=np.float64), middle.shape)
    scores = ndtri(np.array(LEVELS))
    quantiles = middle[:, None] * np.exp(spread[:, None] * scores)
    return StreamCurves(quantiles, middle * np.exp(spread**2 / 2))


def past(count: int = 200, seed: int = 4, **columns: Any) -> pl.DataFrame:
    """Return evidence: lognormal curves, and streams that were drawn from them."""
    rng = np.random.default_rng(seed)
    curves = lognormal(np.exp(rng.normal(11.0, 1.2, count)), rng.uniform(0.3, 1.0, count))
    actual = curves.at(rng.uniform(0.001, 0.999, (count, 1)))[:, 0]
    start = dt.date(2024, 1, 1)
    days = [start + dt.timedelta(days=int(day)) for day in np.sort(rng.integers(0, 300, count))]
    plain = {
        "release_date": days,
        "actual": np.round(actual),
        "window_total": np.round(actual * np.exp(rng.normal(0.0, 1.0, count))),
        "log_linear": curves.quantiles[:, 9] * np.exp(rng.normal(0.0, 0.5, count)),
    }
    return frame_of(curves, **{**plain, **columns})


@st.composite
def any_curves(draw: st.DrawFn) -> StreamCurves:
    """Return one to four curves: steps, zeros, flats and jumps, with a mean from low to high."""
    number = draw(st.integers(1, 4))
    rows, means = [], []
    for _ in range(number):
        steps = draw(st.lists(st.sampled_from([0.0, 1.0, 7.5, 900.0]), min_size=19, max_size=19))
        row = np.cumsum([draw(st.sampled_from([0.0, 3.0, 250.0])), *steps[1:]])
        rows.append(row)
        means.append(row.mean() * draw(st.floats(0.5, 3.0)) + draw(st.sampled_from([0.0, 50.0])))
    return StreamCurves(np.array(rows), np.array(means))
