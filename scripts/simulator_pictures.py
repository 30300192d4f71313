"""The pictures of docs/simulator.md: one drawing a family, and what the priors imply."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from upswell.charts import Implied, PartLine, implied_chart, parts_chart
from upswell.simulate.audiences import Audiences, Events, Fault, simulate_audiences
from upswell.simulate.audiences.events import response
from upswell.simulate.audiences.implied import PUBLISHED, quantiles, statistics
from upswell.simulate.audiences.trend import decline, exponential, saturation

COUNT, DAYS, HORIZON, SEED = 768, 370, 30, 0


@cache
def world() -> Audiences:
    """Return the batch that is drawn and measured."""
    return simulate_audiences(COUNT, DAYS, HORIZON, SEED)


def strongest(
    values: NDArray[np.float64], ranks: tuple[float, ...] = (0.6, 0.85, 0.97)
) -> list[int]:
    """Return series whose part moves more than that share of all series."""
    order = np.argsort(values.std(axis=1), kind="stable")
    return [int(order[int(rank * (len(order) - 1))]) for rank in ranks]


def drawn(name: str, *, days: int = DAYS + HORIZON) -> list[PartLine]:
    """Return three draws of a part on the log scale, as factors."""
    values = getattr(world().components, name)
    names = ("mild", "strong", "very strong")
    rows = strongest(values)
    return [PartLine(n, np.exp(values[row, :days])) for n, row in zip(names, rows, strict=True)]


def small(lines: list[PartLine], text: str, title: str = "factor", **more: object) -> object:
    """Return a picture of the whole history and future, unless told otherwise."""
    return parts_chart(lines, text, title=title, **({"cutoff": DAYS} | more))


def level() -> object:
    """Return three series of very different size."""
    counts = world().counts
    parts = world().components
    assert parts is not None
    there = parts.presence.all(axis=1)  # one that pauses would say more of pauses
    usual = np.where(there, np.log10(1 + np.median(counts[:, :DAYS], axis=1)), np.inf)
    rows = [int(np.argmin(np.abs(usual - wanted))) for wanted in (1, 3.5, 6)]
    names = ("tens", "thousands", "a million")
    lines = [PartLine(n, np.log10(1 + counts[r, -150:])) for n, r in zip(names, rows, strict=True)]
    text = "Daily counts of three simulated series, of about ten, 3,000 and a million views a day."
    return small(lines, text, "log10 of views", cutoff=120)


def trend() -> object:
    """Return one trend of each kind that lasts."""
    time = np.arange(DAYS + HORIZON, dtype=np.float64)
    one = np.atleast_1d
    curves = {
        "3.5% a day for 60 days": exponential(one(0.035), one(DAYS - 60.0), one(DAYS + 9.0), time),
        "saturation": saturation(one(0.03), one(150.0), time),
        "decline": decline(one(60.0), one(0.2), time),
    }
    lines = [PartLine(n, np.exp(c - c[DAYS - 1])) for n, c in curves.items()]
    text = "Three trends relative to the cutoff: exponential growth, an S-curve, a decline."
    return small(lines, text, zero=True)


def week() -> object:
    """Return three weekly rhythms over ten weeks."""
    text = "Three weekly rhythms over ten weeks, mild to very strong."
    return small(drawn("week", days=70), text, cutoff=None)


def bursts() -> object:
    """Return one burst of each shape."""
    names = ("exponential, half-life 2", "power 1.0", "with a rise")
    rows, day = np.arange(3), np.full(3, 20)
    table = Events(
        series=rows,
        day=day,
        size=np.full(3, 4.0),
        exponent=np.array([0.0, 1.0, 0.0]),
        half_life=np.array([2.0, 0.0, 5.0]),
        rise=np.array([0.0, 0.0, 3.0]),
        cause=day,
        known=np.zeros(3, dtype=bool),
    )
    shapes = 1.0 + response(table, (3, 60))
    lines = [PartLine(name, shape) for name, shape in zip(names, shapes, strict=True)]
    text = "Three bursts of five times the usual views: exponential, by a power, with a rise."
    return small(lines, text, cutoff=None, zero=True)


def launches() -> object:
    """Return a debut with hype, one with a ramp, and a series that lives on releases."""
    parts = world().components
    assert parts is not None
    first = parts.debut[:, :DAYS]
    hype, ramp = int(first.max(axis=1).argmax()), int(first.min(axis=1).argmin())
    regular = int(np.argsort(parts.release.mean(axis=1))[int(0.95 * COUNT)])
    lines = [
        PartLine("debut with hype", np.exp(parts.debut[hype]) * parts.presence[hype]),
        PartLine("debut with a ramp", np.exp(parts.debut[ramp]) * parts.presence[ramp]),
        PartLine("releases", 1.0 + parts.release[regular]),
    ]
    return small(lines, "Two debuts, and a series that lives on releases.", zero=True)


def outliers() -> object:
    """Return the single days of three series."""
    factor = world().components.outlier  # type: ignore[union-attr]
    names = ("mild", "strong", "very strong")
    rows = strongest(np.log1p(factor), (0.6, 0.75, 0.9))
    lines = [PartLine(n, factor[row]) for n, row in zip(names, rows, strict=True)]
    return small(lines, "Single days far off in three series.", zero=True)


def counts() -> object:
    """Return what was expected of a small series, and what was counted."""
    usual = np.median(world().expected, axis=1)
    row = int(np.argmin(np.abs(usual - 12)))
    lines = [
        PartLine("counted", world().counts[row, :150], dots=True),
        PartLine("expected", world().expected[row, :150]),
    ]
    return small(
        lines, "Counts of a dozen views a day around what was expected.", "views", cutoff=None
    )


def recording() -> object:
    """Return a history with many kinds of faults, and what really happened."""
    shown = slice(DAYS - 120, DAYS)
    kinds = [((world().faults[:, shown] == fault).any(axis=1)) for fault in Fault if fault > 1]
    large = np.median(world().counts, axis=1) > 500
    row = int(np.argmax(np.sum(kinds, axis=0) * large))
    lines = [
        PartLine("happened", world().counts[row, shown]),
        PartLine("recorded", world().observed[row, shown], dots=True),
    ]
    text = "The last 120 days of a history: what happened, and what the file says."
    return small(lines, text, "views", cutoff=None, zero=True)


def panels() -> object:
    """Return what three series of one panel share."""
    names, sizes = np.unique(world().panel, return_counts=True)
    shared = world().components.shared  # type: ignore[union-attr]
    large = [int(name) for name, size in zip(names, sizes, strict=True) if size >= 5]
    row = max(large, key=lambda name: float(shared[name].std()))
    lines = [PartLine(f"series {i + 1}", np.exp(shared[row + i])) for i in range(3)]
    return small(lines, "What moves three series of one panel at once.")


def factors(name: str, text: str) -> Callable[[], object]:
    """Return a function that draws a part on the log scale."""
    return lambda: small(drawn(name), text)


DRAWINGS: dict[str, Callable[[], object]] = {
    "panels": panels,
    "level": level,
    "trend": trend,
    "walk": factors("walk", "Three random walks, mild to very strong."),
    "moods": lambda: small(
        drawn("moods", days=120), "Moods of three series, mild to very strong.", cutoff=None
    ),
    "week": week,
    "year": factors("year", "Three seasons, mild to very strong."),
    "holidays": factors("holiday", "Holidays of three series, mild to very strong."),
    "bursts": bursts,
    "shifts": factors("shift", "Level shifts of three series, some of which pass."),
    "launches": launches,
    "outliers": outliers,
    "counts": counts,
    "recording": recording,
}


def implied() -> object:
    """Return the picture of what the priors imply."""
    rows = []
    for name, found in statistics(world().observed).items():
        if name in ("level", "zero share", "missing share"):
            continue
        figures = {f for p in PUBLISHED if p.statistic == name for f in (p.low, p.high)}
        scaled = np.log10 if name in ("tail of changes", "largest day") else np.asarray
        label = f"log10 of {name}" if scaled is np.log10 else name
        shown = tuple(float(scaled(figure)) for figure in sorted(figures))
        rows.append(Implied(label, scaled(quantiles(found)), shown))
    return implied_chart(rows)


def charts() -> dict[str, object]:
    """Return all pictures by name."""
    return {name: draw() for name, draw in DRAWINGS.items()} | {"implied": implied()}
