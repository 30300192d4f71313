"""The catalogue of features as a Markdown page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from upswell.releases.frames import FeatureNote

__all__ = ["catalogue_markdown"]


def catalogue_markdown(notes: Iterable[FeatureNote]) -> str:
    """Return a page with one table per group, groups in order of first appearance.

    Parameters
    ----------
    notes
        Lines of the catalogue.

    Examples
    --------
    >>> note = FeatureNote("views_log_total", "views", "Logarithm of one more than all views.")
    >>> print(catalogue_markdown([note]))
    # Features
    <BLANKLINE>
    1 feature in 1 group.
    <BLANKLINE>
    ## views
    <BLANKLINE>
    | feature | what it says |
    |---|---|
    | `views_log_total` | Logarithm of one more than all views. |
    <BLANKLINE>
    """
    listed = list(notes)
    order = list(dict.fromkeys(note.group for note in listed))
    ranked = sorted(listed, key=lambda note: order.index(note.group))
    lines = [
        "# Features",
        "",
        f"{_count(len(listed), 'feature')} in {_count(len(order), 'group')}.",
    ]
    for group, members in groupby(ranked, key=lambda note: note.group):
        lines += ["", f"## {_plain(group)}", "", "| feature | what it says |", "|---|---|"]
        for note in members:
            kind = " (a category)" if note.category else ""
            lines.append(f"| `{note.name}` | {_plain(note.text)}{kind} |")
    return "\n".join([*lines, ""])


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _plain(text: str) -> str:
    """Return text in which names of columns cannot break a table or become markup."""
    flat = " ".join(text.split())
    for sign in "\\|<>`*_[]":
        flat = flat.replace(sign, "\\" + sign)
    return flat
