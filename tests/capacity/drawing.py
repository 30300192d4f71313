"""Terms and loads drawn by hypothesis."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import strategies as st

from upswell.capacity.load import Load
from upswell.capacity.terms import Terms

cents = st.integers(1, 40).map(lambda number: number / 100)


@st.composite
def terms(draw: st.DrawFn, *, limited: bool | None = None) -> Terms:
    """Draw prices in whole cents, tiers of both kinds, existing units, a limit and a quota."""
    reserved = draw(st.integers(1, 20))
    on_demand = draw(st.integers(reserved, 40))
    shortage = draw(st.integers(on_demand, 120))
    starts = draw(st.lists(st.integers(2, 25), unique=True, max_size=3).map(sorted))
    falling = draw(
        st.lists(st.integers(1, reserved), min_size=len(starts), max_size=len(starts)).map(
            lambda prices: sorted(prices, reverse=True)
        )
    )
    existing = draw(st.integers(0, 12))
    has_limit = draw(st.booleans()) if limited is None else limited
    limit = draw(st.integers(max(existing, 1), 40)) if has_limit else math.inf
    quota = draw(st.one_of(st.just(math.inf), st.integers(0, 15)))
    return Terms(
        existing=existing,
        existing_price=draw(cents),
        starts=(1, *starts),
        prices=tuple(price / 100 for price in [reserved, *falling]),
        all_units=draw(st.booleans()),
        on_demand=on_demand / 100,
        shortage=shortage / 100,
        limit=float(limit),
        quota=float(quota),
    )


@st.composite
def loads(draw: st.DrawFn, *, most_paths: int = 4) -> Load:
    """Draw hours of a few paths, sorted as a load keeps them."""
    columns = draw(st.integers(1, 12))
    paths = draw(st.integers(1, most_paths))
    hour = st.integers(0, 30)
    rows = draw(
        st.lists(st.lists(hour, min_size=columns, max_size=columns), min_size=paths, max_size=paths)
    )
    units = np.array(rows, dtype=np.float64)
    return Load(np.sort(units, axis=1), draw(st.sampled_from([1, 24])), units)
