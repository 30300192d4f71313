"""Figures in the page: readable as they stand, and marked so that the page can follow the reader.

A figure is a ``<data>`` element with its value; a script of the page writes it again with the
separators of the reader. Without scripts it stands as written here.
"""

from __future__ import annotations

import json
import math
from typing import Any

from upswell.store import html_text

__all__ = ["filters"]

_WORDS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_WHOLE_FROM = 1000.0


def _missing(value: float | None) -> bool:
    return value is None or not math.isfinite(value)


def _marked(value: float, style: str, text: str, **more: str) -> Any:
    from markupsafe import Markup

    extra = "".join(f' data-{name}="{html_text(part)}"' for name, part in more.items())
    figure = f'<data value="{value!r}" data-style="{style}"{extra}>{html_text(text)}</data>'
    return Markup(figure)  # noqa: S704 - its parts are escaped above


def spoken(value: float | None) -> Any:
    """Return a figure as it is read aloud, with four significant digits.

    Examples
    --------
    >>> print(spoken(183_214_551.0))
    <data value="183214551.0" data-style="spoken" data-word="million">183.2 million</data>
    """
    if value is None or _missing(value):
        return "–"
    for divisor, word in _WORDS:
        if abs(value) >= divisor:
            return _marked(value, "spoken", f"{value / divisor:,.4g} {word}", word=word)
    return whole(value)


def whole(value: float | None) -> Any:
    """Return a figure in full, without a fraction where it is large.

    Examples
    --------
    >>> print(whole(12345.6))
    <data value="12345.6" data-style="whole">12,346</data>
    """
    if value is None or _missing(value):
        return "–"
    text = f"{value:,.0f}" if abs(value) >= _WHOLE_FROM else f"{value:,.4g}"
    return _marked(value, "whole", text)


def percent(value: float | None) -> Any:
    """Return a share in percent; what is neither nothing nor all is never rounded to either.

    Examples
    --------
    >>> print(percent(0.9999))
    <data value="0.9999" data-style="percent">more than 99.9%</data>
    """
    if value is None or _missing(value):
        return "–"
    if 0 < value < 0.001:
        return _marked(value, "percent", "less than 0.1%")
    if 0.999 < value < 1:
        return _marked(value, "percent", "more than 99.9%")
    return _marked(value, "percent", f"{100 * value:.3g}%")


def chance(value: float, paths: int) -> Any:
    """Return a chance found on so many paths, which cannot tell never from seldom.

    Examples
    --------
    >>> print(chance(0.0, 1000))
    <data value="0.0" data-style="percent" data-paths="1000">less than 0.1%</data>
    """
    least = f"{100 / paths:.3g}%"
    if value == 0:
        text = f"less than {least}"
    else:
        text = f"more than {100 - 100 / paths:.4g}%" if value == 1 else f"{100 * value:.3g}%"
    return _marked(value, "percent", text, paths=str(paths))


def ratio(value: float | None) -> Any:
    """Return a ratio with two decimals.

    Examples
    --------
    >>> print(ratio(0.8))
    <data value="0.8" data-style="ratio">0.80</data>
    """
    if value is None or _missing(value):
        return "–"
    return _marked(value, "ratio", f"{value:,.2f}")


def price(value: float | None) -> Any:
    """Return a price with four significant digits.

    Examples
    --------
    >>> print(price(0.061234))
    <data value="0.061234" data-style="price">0.06123</data>
    """
    return "–" if value is None or _missing(value) else _marked(value, "price", f"{value:,.4g}")


def fixed(value: float | None, beside: float = 0.0) -> Any:
    """Return an amount as it stands in a column: cents only where the column is small.

    Parameters
    ----------
    value
        The amount.
    beside
        The largest amount of the column.

    Examples
    --------
    >>> print(fixed(96.25, 3410.0))
    <data value="96.25" data-style="fixed" data-digits="0">96</data>
    """
    if value is None or _missing(value):
        return "–"
    digits = 0 if max(abs(value), abs(beside)) >= _WHOLE_FROM else 2
    return _marked(value, "fixed", f"{value:,.{digits}f}", digits=str(digits))


def safe(text: object) -> Any:
    """Return a text from data that is shown as text, whatever it holds.

    Examples
    --------
    >>> print(safe("<script>"))
    &lt;script&gt;
    """
    from markupsafe import Markup

    return Markup(html_text(str(text)))  # noqa: S704 - escaped in html_text


def filters() -> dict[str, Any]:
    """Return the filters of the templates by name."""
    return {
        "spoken": spoken,
        "whole": whole,
        "percent": percent,
        "chance": chance,
        "ratio": ratio,
        "price": price,
        "fixed": fixed,
        "safetext": safe,
        "tojson_text": lambda value: json.dumps(value, ensure_ascii=False),
    }
