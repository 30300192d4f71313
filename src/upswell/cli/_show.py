"""What a terminal shows: short tables, harmless text, progress on long work."""

from __future__ import annotations

import io
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from upswell.cli._stdout import write
from upswell.data import Panel
from upswell.store import terminal_text

__all__ = ["count", "figure", "say", "show_panel", "table", "working"]

LONGEST_NAME = 60
SHORTEST_TEXT = 8
ENORMOUS = 1e15


def say(text: str = "") -> None:
    """Print one line of text, made harmless; a terminal gets it folded between words."""
    line = terminal_text(text)
    if sys.stdout.isatty():
        line = _folded(line, shutil.get_terminal_size().columns)
    write(line + "\n")


def _folded(line: str, width: int) -> str:
    """Fold one line between words; what follows hangs a little further in.

    Examples
    --------
    >>> print(_folded("  gap: the day stays missing", 20))
      gap: the day stays
        missing
    """
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.fill(
        line,
        max(width, 20),
        subsequent_indent=indent if line.startswith(" ") else "",
        break_long_words=False,
        break_on_hyphens=False,
    )


def figure(value: float | None) -> str:
    """Return a count with separators and about four significant digits.

    Examples
    --------
    >>> figure(1234567.8), figure(12.34), figure(None), figure(3e19)
    ('1,234,568', '12.34', '-', '3.000e+19')
    """
    if value is None or value != value:  # noqa: PLR0124 - NaN is unequal to itself
        return "-"
    if abs(value) >= ENORMOUS:
        return f"{value:.3e}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun in the singular or the plural.

    Examples
    --------
    >>> count(1, "day"), count(1200, "day"), count(0, "category", "categories")
    ('1 day', '1,200 days', '0 categories')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> None:
    """Print a table; the first `left` columns are text, the others figures.

    On a terminal, texts end in an ellipsis where there is too little room; figures are never cut.
    """
    from rich import box
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    lines = [[_shortened(terminal_text(cell)) for cell in row] for row in rows]
    # A header may hold text of the user's, such as the name of a currency.
    header = ["\n".join(map(terminal_text, name.split("\n"))) for name in header]
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    needed = 0
    for position, name in enumerate(header):
        text = position < left
        natural = max(cell_len(part) for part in [*name.split("\n"), *_column(lines, position)])
        least = min(natural, SHORTEST_TEXT) if text else natural
        needed += least + 2
        shown.add_column(
            Text(name), justify="left" if text else "right", no_wrap=not text, min_width=least
        )
    for line in lines:
        shown.add_row(*(Text(cell, no_wrap=True, overflow="ellipsis") for cell in line))
    terminal = sys.stdout.isatty()
    # A pipe has no width: a table cut at 80 would lose text.
    width = max(shutil.get_terminal_size().columns, needed) if terminal else 1000
    page = io.StringIO()
    Console(file=page, force_terminal=terminal, width=width, highlight=False).print(shown)
    text_page = page.getvalue()
    if not (sys.stdout.encoding or "utf-8").lower().startswith("utf"):
        text_page = text_page.replace("─", "-").replace("…", "~")
    write(f"\n{text_page}\n")


def _column(lines: Sequence[Sequence[str]], position: int) -> list[str]:
    return [line[position] for line in lines]


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def show_panel(panel: Panel) -> None:
    """Print the columns found, and the size of the tree."""
    columns = panel.columns
    if columns is not None:
        for line in columns.why:
            say(f"  {line}")
    labels = panel.axis.labels()
    groups = 0 if panel.groups is None else len(set(panel.groups))
    inside = f" in {count(groups, 'category', 'categories')}" if groups else ""
    span = f" from {labels[0]} to {labels[-1]}" if labels else ""
    say(f"{count(len(panel.items), 'creator')}{inside}, {count(panel.days, 'day')}{span}.")


@contextmanager
def working(text: str, enabled: bool) -> Iterator[Callable[[str], None]]:
    """Show a spinner with what is being done, on a terminal only."""
    if not (enabled and sys.stderr.isatty()):
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns: tuple[Any, ...] = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(text, total=None)
        yield lambda name: progress.update(task, description=f"{text}: {terminal_text(name)}")
