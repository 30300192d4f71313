"""What a terminal shows: short tables, harmless text, progress on long work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from upswell.data import Panel
from upswell.store import terminal_text

__all__ = ["LEDGER_LINES", "figure", "say", "show_ledger", "show_panel", "table", "working"]

LEDGER_LINES = 12


def say(text: str = "") -> None:
    """Print one line of text, made harmless."""
    print(terminal_text(text))  # noqa: T201


def figure(value: float | None) -> str:
    """Return a count with separators and about four significant digits.

    Examples
    --------
    >>> figure(1234567.8), figure(12.34), figure(None)
    ('1,234,568', '12.34', '-')
    """
    if value is None or value != value:  # noqa: PLR0124 - NaN is unequal to itself
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> None:
    """Print a table; the first `left` columns are text, the others figures."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for position, name in enumerate(header):
        shown.add_column(name, justify="left" if position < left else "right", no_wrap=position > 0)
    for row in rows:
        shown.add_row(*(Text(terminal_text(cell)) for cell in row))
    console = Console(highlight=False)
    # A pipe has no width: a table cut at 80 would lose figures.
    width = console.width if console.is_terminal else 200
    Console(highlight=False, width=width).print(shown)


def show_panel(panel: Panel) -> None:
    """Print the columns found, the tree and what was repaired."""
    columns = panel.columns
    if columns is not None:
        for line in columns.why:
            say(f"  {line}")
    labels = panel.axis.labels()
    groups = 0 if panel.groups is None else len(set(panel.groups))
    tree = f"{len(panel.items)} creators" + (f" in {groups} categories" if groups else "")
    say(f"{tree}, {panel.days} days from {labels[0]} to {labels[-1]}.")


def show_ledger(panel: Panel) -> None:
    """Print the first lines of the ledger, and how many more there are."""
    if not len(panel.ledger):
        say("Ledger: nothing to repair.")
        return
    say(f"Ledger ({len(panel.ledger)} lines):")
    for repair in panel.ledger.repairs[:LEDGER_LINES]:
        where = ", ".join(part for part in (repair.series, repair.day, repair.place) if part)
        say(
            f"  {repair.code}: {repair.count} {repair.action} - {repair.reason}"
            + (f" ({where})" if where else "")
        )
    more = len(panel.ledger) - LEDGER_LINES
    if more > 0:
        say(f"  and {more} more lines; --out writes all of them to repairs.csv")


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
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(text, total=None)
        yield lambda name: progress.update(task, description=f"{text}: {name}")
