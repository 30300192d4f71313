"""Progress of the release job on a terminal: the step, n of N, the best value so far."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from upswell.store import terminal_text

__all__ = ["Step", "steps"]

Step = Callable[[str, int, int, float | None], None]
"""Told of what is done, how many of how many are done, and the best value so far."""


@contextmanager
def steps(enabled: bool) -> Iterator[Step]:
    """Show a bar, on a terminal only; a pipe is told nothing."""
    if not (enabled and sys.stderr.isatty()):
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns: tuple[Any, ...] = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[said]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=None, said="")

        def told(step: str, done: int, count: int, best: float | None) -> None:
            # A single step has no end that could be foreseen.
            total = count if count > 1 else None
            said = "" if total is None else f"{done} of {count}"
            said += "" if best is None else f", best {best:.4g}"
            progress.update(
                task, description=terminal_text(step), completed=done, total=total, said=said
            )

        yield told
