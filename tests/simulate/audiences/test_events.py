"""Events fade as they should, and can be taken out one by one."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from upswell.simulate.audiences.events import FAINT, Events, response


def one(*, day=3, size=2.0, exponent=0.0, half_life=0.0, rise=0.0, series=0) -> Events:
    return Events(
        *(np.array([value]) for value in (series, day, size, exponent, half_life, rise, day, False))
    )


def slow(events: Events, shape: tuple[int, int]) -> np.ndarray:
    """Day by day, without cutting faint tails."""
    out = np.zeros(shape)
    for i in range(len(events)):
        for day in range(shape[1]):
            age = day - int(events.day[i])
            if age >= 0 and events.exponent[i] > 0:
                part = (1.0 + age) ** -events.exponent[i]
            elif age >= 0:
                part = 0.5 ** (age / events.half_life[i])
            else:
                part = 0.5 ** (-age / events.rise[i]) if events.rise[i] > 0 else 0.0
            out[events.series[i], day] += events.size[i] * part
    return out


EVENTS = st.builds(
    one,
    day=st.integers(0, 59),
    size=st.floats(0.01, 300),
    exponent=st.sampled_from([0.0, 0.0, 0.6, 1.0, 1.4]),
    half_life=st.floats(0.4, 20),
    rise=st.sampled_from([0.0, 0.5, 5.0]),
    series=st.integers(0, 2),
)


@given(st.lists(EVENTS, min_size=1, max_size=6))
def test_the_response_is_the_sum_day_by_day(tables: list[Events]) -> None:
    events = Events.joined(tables)
    fast = response(events, (3, 60))
    allowed = 3 * FAINT * events.size.sum()
    np.testing.assert_allclose(fast, slow(events, (3, 60)), atol=allowed, rtol=1e-9)
    assert (fast >= 0).all()


@given(st.lists(EVENTS, min_size=2, max_size=6))
def test_events_add_up(tables: list[Events]) -> None:
    whole = response(Events.joined(tables), (3, 60))
    parts = sum(response(table, (3, 60)) for table in tables)
    np.testing.assert_allclose(whole, parts, rtol=1e-9, atol=1e-9)


def test_no_events_do_nothing_and_tables_can_be_cut_and_moved() -> None:
    assert (response(Events.none(), (2, 5)) == 0).all()
    table = Events.joined([one(series=0), one(series=2)])
    assert table.moved(3).series.tolist() == [3, 5]
    assert table.where(table.series == 2).series.tolist() == [2]
    assert len(table) == 2
