"""The fan of a release: ranges of its outcome at each horizon, tiers, and what others became."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from upswell.charts._units import shortened
from upswell.charts.parts import LARGE
from upswell.charts.rendering import finished
from upswell.charts.theme import LIGHT, Palette

if TYPE_CHECKING:
    import altair as alt

__all__ = ["RELEASE_LEVELS", "ReleaseFan", "release_fan_chart"]

RELEASE_LEVELS = (0.5, 0.8, 0.9)
"""Central ranges of a fan; 19 quantiles reach no further than the last."""

HEIGHT = 230
_LEAST = 1.0
_FIRST_DIGIT = "slice(format(datum.value, '.0e'), 0, 1)"
_DIGITS = 4
_NAMED = "(domain('y')[1] > 500 * domain('y')[0] ? '1' : '125')"


@dataclass(frozen=True)
class ReleaseFan:
    """What is said of one release.

    Parameters
    ----------
    name
        The release.
    quantiles
        By horizon in days, ascending, the streams at each level in percent: 5, 10, 25, 50, 75, 90
        and 95.
    seen
        Days of the window that were seen; the release date is day 1.
    alike
        What look-alikes had come to at the longest horizon.
    """

    name: str
    quantiles: Mapping[int, Mapping[int, float]]
    seen: int
    alike: Sequence[float] = field(default_factory=tuple)

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each horizon, for the last day seen, and for each look-alike.

        A logarithmic axis has no place for 0: less than one stream is drawn as one.

        Examples
        --------
        >>> levels = {5: 0.0, 10: 1.0, 25: 2.0, 50: 30.0, 75: 40.0, 90: 50.0, 95: 60.0}
        >>> rows = ReleaseFan("a", {14: levels}, 7, [20.0]).rows()
        >>> rows[0]["day"], rows[0]["low90"], rows[0]["median"], rows[1], rows[2]
        (14, 1, 30, {'seen': 7}, {'other': 14, 'became': 20})
        """
        found: list[dict[str, Any]] = []
        for day, levels in self.quantiles.items():
            row: dict[str, Any] = {"day": day, "median": _drawn(levels[50])}
            for level in RELEASE_LEVELS:
                tail = round(50 * (1 - level))
                row[f"low{level * 100:.0f}"] = _drawn(levels[tail])
                row[f"high{level * 100:.0f}"] = _drawn(levels[100 - tail])
            found.append(row)
        last = max(self.quantiles)
        others = [{"other": last, "became": _drawn(streams)} for streams in self.alike]
        return [*found, {"seen": self.seen}, *others]

    @property
    def text(self) -> str:
        """The sentence that stands for the picture where it cannot be seen."""
        parts = [
            f"{levels[50]:,.0f} by day {day} in the middle, 8 times in 10 between "
            f"{levels[10]:,.0f} and {levels[90]:,.0f}"
            for day, levels in self.quantiles.items()
        ]
        alike = f"; {len(self.alike)} look-alikes beside it" if self.alike else ""
        return f"{self.name}: streams, {'; '.join(parts)}{alike}."


def _drawn(streams: float) -> float:
    return shortened(max(streams, _LEAST), _DIGITS)


def release_fan_chart(
    fan: ReleaseFan,
    *,
    tiers: Sequence[str] = (),
    bounds: Sequence[float] = (),
    palette: Palette = LIGHT,
) -> alt.TopLevelMixin:
    """Draw the ranges of a release's streams at each horizon, on a logarithmic axis.

    Parameters
    ----------
    fan
        The release.
    tiers, bounds
        Names of the tiers, and the bounds between them, one fewer.
    palette
        Colours.

    Returns
    -------
    altair chart
        Its first data set is `ReleaseFan.rows`: others put in its place draw another release.

    Examples
    --------
    >>> levels = {5: 1.0, 10: 2.0, 25: 5.0, 50: 30.0, 75: 40.0, 90: 50.0, 95: 60.0}
    >>> chart = release_fan_chart(ReleaseFan("a", {14: levels}, 7))
    >>> chart.to_dict()["description"]
    'a: streams, 30 by day 14 in the middle, 8 times in 10 between 2 and 50.'
    """
    import altair as alt

    whole = alt.Chart(alt.InlineData(values=fan.rows(), name="rows"))
    axes = _Axes.of(fan)
    seen = whole.transform_filter("isValid(datum.seen)").encode(axes.day("seen"))
    layers = [
        *_ranges(whole, axes, palette),
        seen.mark_rule(color=palette.muted, strokeDash=[4, 3]),
        seen.mark_text(text="seen", align="left", dx=5, y=8, color=palette.muted),
        *_tiers(tiers, bounds, axes, palette),
        *_medians(whole, axes, palette),
    ]
    if fan.alike:
        others = whole.transform_filter("isValid(datum.other)").mark_point(
            color=palette.warning, shape="diamond", size=45, xOffset=12, strokeWidth=1.5
        )
        tip = alt.Tooltip("became:Q", title="a look-alike became", format=",.0f")
        layers.append(others.encode(axes.day("other"), axes.streams("became"), tooltip=[tip]))
    return finished(alt.layer(*layers), fan.text, palette, height=HEIGHT)


@dataclass(frozen=True)
class _Axes:
    """Both axes, which all layers share."""

    days: Any
    reach: Any
    height: Any
    counts: Any

    @classmethod
    def of(cls, fan: ReleaseFan) -> _Axes:
        import altair as alt

        last = max(fan.quantiles)
        return cls(
            days=alt.Axis(title="day", values=[1, *fan.quantiles], format="d"),
            reach=alt.Scale(domain=[1, last * 1.06], nice=False),
            # Of a logarithmic axis only powers of ten have a line, and beside these only 2 and 5 a
            # name, where they have room: on a long axis powers of ten alone.
            counts=alt.Axis(
                title="streams",
                labelExpr=f"indexof({_NAMED}, {_FIRST_DIGIT}) < 0 ? '' : {LARGE}",
                gridOpacity=alt.condition(f"{_FIRST_DIGIT} == '1'", alt.value(1), alt.value(0)),
            ),
            height=alt.Scale(type="log", nice=False, padding=16),
        )

    def day(self, name: str = "day") -> alt.X:
        """Return the encoding of a day."""
        import altair as alt

        axis = {"axis": self.days} if name == "day" else {}
        return alt.X(f"{name}:Q", scale=self.reach, **axis)

    def streams(self, name: str) -> alt.Y:
        """Return the encoding of a count."""
        import altair as alt

        return alt.Y(f"{name}:Q", axis=self.counts, scale=self.height)


def _ranges(whole: alt.Chart, axes: _Axes, palette: Palette) -> list[Any]:
    """Return the ranges, the widest first: between horizons as areas, at them as bars."""
    import altair as alt

    known = whole.transform_filter("isValid(datum.day)")
    shades = dict(
        zip(RELEASE_LEVELS, (palette.range50, palette.range80, palette.range95), strict=True)
    )
    areas, bars = [], []
    for level, shade in reversed(shades.items()):
        low, high = f"low{level * 100:.0f}", f"high{level * 100:.0f}"
        ends = (axes.day(), axes.streams(low), alt.Y2(f"{high}:Q"))
        areas.append(known.mark_area(color=shade, opacity=0.55).encode(*ends))
        bars.append(known.mark_rule(color=shade, strokeWidth=12).encode(*ends))
    return [*areas, *bars]


def _medians(whole: alt.Chart, axes: _Axes, palette: Palette) -> list[Any]:
    """Return the medians, which tell their figures to the pointer."""
    import altair as alt

    base = whole.transform_filter("isValid(datum.day)").encode(axes.day(), axes.streams("median"))
    named = (("low80", "10%"), ("median", "median"), ("high80", "90%"))
    tips = [
        alt.Tooltip("day:Q", title="day"),
        *(alt.Tooltip(f"{name}:Q", title=title, format=",.0f") for name, title in named),
    ]
    points = base.mark_point(color=palette.median, filled=True, size=70, opacity=1)
    return [base.mark_line(color=palette.median, strokeWidth=1.5), points.encode(tooltip=tips)]


def _tiers(
    tiers: Sequence[str], bounds: Sequence[float], axes: _Axes, palette: Palette
) -> list[Any]:
    """Return a line at each bound, with the name of the tier above it."""
    import altair as alt

    if not bounds:
        return []
    rows = [
        {"bound": bound, "tier": name, "first": 1}
        for bound, name in zip(bounds, tiers[1:], strict=True)
    ]
    lines = alt.Chart(alt.InlineData(values=rows, name="tiers")).encode(axes.streams("bound"))
    place: dict[str, Any] = {"align": "left", "baseline": "bottom", "dx": 4, "dy": -2, "limit": 110}
    # The name stands on paper of its own, since the last day seen may go through it.
    halo: dict[str, Any] = {"color": palette.paper, "stroke": palette.paper, "strokeWidth": 4}
    return [
        lines.mark_rule(color=palette.ink, strokeDash=[2, 3], opacity=0.6),
        *(
            lines.mark_text(**place, **own).encode(axes.day("first"), text="tier:N")
            for own in (halo, {"color": palette.muted})
        ),
    ]
