"""Tiny pictures as inline SVG: first days, and a range on a logarithmic scale with its tiers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from upswell.store import html_text

__all__ = ["StreamScale", "bars", "brief", "sparkline"]

WIDTH, HEIGHT, EDGE = 72, 22, 2
BAR_HEIGHT, BAR_HEAD, BAR_FOOT = 96, 16, 18
MOST_LABELS = 10
MOST_LETTERS, LETTER = 18, 2.6
"""Of a tier's name so many letters stand above the scale, each so many percent of it wide."""


def brief(value: float) -> str:
    """Return a count as short as a small picture needs it, in the units of the charts' axes.

    Examples
    --------
    >>> [brief(value) for value in (0, 7, 940, 1234, 56_789, 1_500_000, 999_960, 2.5e9)]
    ['0', '7', '940', '1.2k', '57k', '1.5M', '1M', '2.5B']
    """
    if abs(value) < 999.5:
        return f"{value:.3g}"
    rounded = float(f"{value:.2g}")
    signs = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
    return next(f"{rounded / unit:g}{sign}" for unit, sign in signs if abs(rounded) >= unit)


def sparkline(values: Sequence[float], what: str, days: int = 0) -> Any:
    """Return the first days as a line with a scale of its own; a day without a count is a gap.

    Parameters
    ----------
    values
        Counts a day from the release date on; NaN where nothing was recorded.
    what
        What is counted.
    days
        So many days are as wide as the picture: of a window that is not over the rest stays empty.

    Examples
    --------
    >>> print(sparkline([1.0, float("nan")], "views a day"))  # doctest: +ELLIPSIS
    <svg class="spark" ... aria-label="views a day: 1, none">...<circle class="dot" ...
    """
    known = [value for value in values if math.isfinite(value)]
    top = max([*known, 1.0])
    across = (WIDTH - 2 * EDGE) / max(len(values) - 1, days - 1, 1)
    points = [
        (EDGE + day * across, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / top)
        if math.isfinite(value)
        else None
        for day, value in enumerate(values)
    ]
    strokes, last = [], None
    for point, after in zip(points, [*points[1:], None], strict=True):
        if point is not None:
            strokes.append(f"{'M' if last is None else 'L'}{point[0]:.4g} {point[1]:.4g}")
            if last is None and after is None:
                # A line to where it is: its round ends make a dot of a day between two gaps.
                strokes.append(f"L{point[0]:.4g} {point[1]:.4g}")
        last = point
    path = f'<path d="{"".join(strokes)}"/>' if len(strokes) > 1 else ""
    ends = [point for point in points if point is not None][-1:]
    dot = "".join(f'<circle class="dot" cx="{x:.4g}" cy="{y:.4g}" r="2"/>' for x, y in ends)
    box, told = f"0 0 {WIDTH} {HEIGHT}", _told(values, what)
    head = f'<svg class="spark" viewBox="{box}" role="img" aria-label="{told}">'
    return _markup(f"{head}{path}{dot}</svg>")


def bars(values: Sequence[float], what: str, age: int) -> Any:
    """Return the first days as bars with their counts.

    Parameters
    ----------
    values
        Counts a day from the release date on; NaN where nothing was recorded.
    what
        What is counted.
    age
        So many days are over; later ones are empty.
    """
    top = max([1.0, *(value for value in values if math.isfinite(value))])
    slot = 100 / len(values)
    step = -(-len(values) // MOST_LABELS)
    room = BAR_HEIGHT - BAR_HEAD - BAR_FOOT
    parts = []
    for day, value in enumerate(values):
        middle = f"{(day + 0.5) * slot:.4g}%"
        labelled = day % step == 0
        if labelled:
            parts.append(f'<text x="{middle}" y="{BAR_HEIGHT - 4}">{day + 1}</text>')
        if not math.isfinite(value):
            if day < age:
                parts.append(
                    f'<text class="gap" x="{middle}" y="{BAR_HEIGHT - BAR_FOOT - 4}">?</text>'
                )
            continue
        tall = max(room * value / top, 1.0)
        high = BAR_HEIGHT - BAR_FOOT - tall
        parts.append(
            f'<rect x="{(day + 0.15) * slot:.4g}%" y="{high:.4g}" '
            f'width="{0.7 * slot:.4g}%" height="{tall:.4g}"/>'
        )
        if labelled:
            parts.append(
                f'<text class="count" x="{middle}" y="{high - 4:.4g}">{brief(value)}</text>'
            )
    head = f'<svg class="bars" height="{BAR_HEIGHT}" role="img" aria-label="{_told(values, what)}">'
    return _markup(f"{head}{''.join(parts)}</svg>")


def _told(values: Sequence[float], what: str) -> str:
    told = ", ".join(brief(value) if math.isfinite(value) else "none" for value in values)
    return html_text(f"{what}: {told}")


@dataclass(frozen=True)
class StreamScale:
    """A logarithmic scale of streams that many releases share.

    Parameters
    ----------
    low, high
        Its ends, in streams.
    bounds
        Between the tiers, in streams.
    """

    low: float
    high: float
    bounds: tuple[float, ...]

    @classmethod
    def over(
        cls, lows: Sequence[float], highs: Sequence[float], bounds: Sequence[float]
    ) -> StreamScale:
        """Return a scale that holds most ranges, and always the tiers' bounds.

        It ends three powers of ten below the first bound and two above the last: beyond, a range is
        cut off, and its figures say how far it reaches.

        Examples
        --------
        >>> scale = StreamScale.over([1.0, 80.0], [5e4, 6e5], (1000.0, 1e5))
        >>> scale.low, scale.high
        (1.0, 600000.0)
        """
        first, last = bounds[0], bounds[-1]
        low = min(max(min(lows), first / 1000), first / 3)
        high = max(min(max(highs), last * 100), last * 3)
        return cls(low, high, tuple(bounds))

    def place(self, streams: float) -> float:
        """Return where a count lies, in percent of the scale's length.

        Examples
        --------
        >>> StreamScale(1.0, 100.0, (10.0,)).place(10.0)
        50.0
        """
        inside = min(max(streams, self.low), self.high)
        part = math.log(inside / self.low) / math.log(self.high / self.low)
        return round(100 * part, 1)

    def labels(self, tiers: Sequence[str]) -> list[dict[str, Any]]:
        """Return where the names of the tiers stand, on several lines where they would overlap.

        Each begins where its tier does, below any name before it that reaches so far; one for which
        there is no room on the right ends with the scale.

        Returns
        -------
        list of dict
            ``name``; ``short``, what is shown of it; ``start`` in percent; ``line`` from 0 on;
            ``right``, whether it ends with the scale.

        Examples
        --------
        >>> scale = StreamScale(1.0, 1e4, (100.0, 200.0))
        >>> [(x["short"], x["start"], x["line"]) for x in scale.labels(["low", "middle", "hit"])]
        [('low', 0.0, 0), ('middle', 50.0, 0), ('hit', 57.5, 1)]
        """
        found: list[dict[str, Any]] = []
        ends: list[float] = []
        starts = [0.0, *(self.place(bound) for bound in self.bounds)]
        for name, start in zip(tiers, starts, strict=True):
            cut = len(name) > MOST_LETTERS
            short = f"{name[: MOST_LETTERS - 1]}…" if cut else name
            wide = LETTER * (len(short) + 1)
            right = start + wide > 100
            begin = 100 - wide if right else start
            before = zip(found, ends, strict=True)
            line = max((one["line"] + 1 for one, end in before if end > begin), default=0)
            found.append(
                {"name": name, "short": short, "start": start, "line": line, "right": right}
            )
            ends.append(100.0 if right else start + wide)
        return found

    def bar(self, quantiles: Sequence[float], text: str) -> Any:
        """Return a range as a bar.

        Parameters
        ----------
        quantiles
            At 10, 25, 50, 75 and 90%.
        text
            What it says in words.
        """
        a, b, c, d, e = map(self.place, quantiles)
        bounds = "".join(
            f'<line x1="{x}%" x2="{x}%" y2="18"/>' for x in map(self.place, self.bounds)
        )
        return _markup(
            f'<svg class="range" height="18" role="img" aria-label="{html_text(text)}">'
            f'<rect class="r80" x="{a}%" y="5" width="{max(e - a, 0.5):.4g}%" height="8"/>'
            f'<rect class="r50" x="{b}%" y="5" width="{max(d - b, 0.5):.4g}%" height="8"/>'
            f'{bounds}<circle cx="{c}%" cy="9" r="4"/></svg>'
        )


def _markup(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - numbers, and text that is escaped above
