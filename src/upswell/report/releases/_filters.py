"""Figures and names as only the page of the week writes them."""

from __future__ import annotations

import math
from typing import Any

from upswell.report._numbers import fixed, safe
from upswell.report.releases._svg import brief

__all__ = ["filters"]

MOST_CHARACTERS = 60


def amount(value: float | None) -> Any:
    """Return an amount of money without cents; a loss has a minus.

    Examples
    --------
    >>> print(amount(-1234.5), amount(None))
    <data value="-1234.5" data-style="fixed" data-digits="0">-1,234</data> –
    """
    return fixed(value if value is None else round(value, 2), beside=math.inf)


def odds(value: float | None) -> Any:
    """Return a chance in whole percent; what is neither nothing nor all is never rounded to either.

    Examples
    --------
    >>> [str(odds(chance)) for chance in (0.004, 0.336, 0.998)]
    ['<data value="0.004">&lt;1%</data>', '<data value="0.336">34%</data>', \
'<data value="0.998">&gt;99%</data>']
    """
    from markupsafe import Markup

    if value is None or not math.isfinite(value):
        return "–"
    text = f"{value:.0%}"
    text = {"0%": "&lt;1%" if value > 0 else text, "100%": "&gt;99%" if value < 1 else text}.get(
        text, text
    )
    return Markup(f'<data value="{value:.4g}">{text}</data>')  # noqa: S704 - numbers only


def short(value: float | None) -> str:
    """Return a count with two digits.

    Examples
    --------
    >>> short(56_789.0)
    '57k'
    """
    return "–" if value is None or not math.isfinite(value) else brief(value)


def factor(value: float | None) -> str:
    """Return by how much a reason multiplies an answer.

    Examples
    --------
    >>> factor(1.8), factor(0.524), factor(123.4), factor(None)
    ('×1.80', '×0.52', '×123', '')
    """
    if value is None or not math.isfinite(value):
        return ""
    return f"×{value:.2f}" if value < 10 else f"×{value:,.3g}"


def error_factor(rmsle: float | None) -> str:
    """Return a typical error on the log scale as a factor.

    Examples
    --------
    >>> error_factor(0.693)
    '×2.00'
    """
    return "–" if rmsle is None else f"×{math.exp(rmsle):.2f}"


def shorttext(text: object) -> Any:
    """Return a text from data, cut where it is too long for a list.

    Examples
    --------
    >>> print(shorttext("<b>"), len(shorttext("a" * 300)))
    &lt;b&gt; 60
    """
    whole_text = str(text)
    cut = len(whole_text) > MOST_CHARACTERS
    return nametext(f"{whole_text[: MOST_CHARACTERS - 1]}…" if cut else whole_text)


def nametext(text: object) -> Any:
    """Return a name from data; one without a letter to be seen, or clicked on, is called so.

    Examples
    --------
    >>> print(nametext(" "), nametext("a b"))
    (blank) a b
    """
    return safe(text if str(text).strip() else "(blank)")


def filters() -> dict[str, Any]:
    """Return the filters by name."""
    own = (amount, odds, short, factor, error_factor, shorttext, nametext)
    return {each.__name__: each for each in own}
