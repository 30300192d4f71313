"""The figures of the demand benchmark: kept as JSON, and shown as Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demand_scores import COVERAGES, Row, as_dict, row_of_all

BEGIN = "<!-- bench-demand: begin -->"
END = "<!-- bench-demand: end -->"
MAIN_HISTORY = "128"
WORDS = {"total": "error of sum", "sql": "SQL / naive", "mase": "MASE / naive"}
FIGURES = ("sql", "mase", "total", *COVERAGES)


@dataclass(frozen=True)
class Result:
    """One forecaster on one panel.

    Parameters
    ----------
    history
        Days of history, or ``all``.
    forecaster, panel
        Names.
    seconds
        Processor seconds of all windows of the panel.
    row
        The scores.
    """

    history: str
    forecaster: str
    panel: str
    seconds: float
    row: Row


@dataclass
class Record:
    """All results, and the windows they are of, by history."""

    windows: dict[str, str]
    results: list[Result]

    @classmethod
    def read(cls, path: Path) -> Record:
        """Read a record; an absent file is an empty one."""
        if not path.exists():
            return cls({}, [])
        held = json.loads(path.read_text(encoding="utf-8"))
        return cls(held["windows"], [_result(entry) for entry in held["results"]])

    def write(self, path: Path) -> None:
        """Write one line a result, so that a change reads well."""
        lines = ",\n".join("  " + json.dumps(_entry(result)) for result in self.results)
        head = json.dumps(self.windows)
        path.write_text(f'{{"windows": {head},\n"results": [\n{lines}\n]}}\n', encoding="utf-8")

    def put(self, results: Sequence[Result]) -> None:
        """Take results in, each in the place of an older one of the same name."""
        new = {_key(result) for result in results}
        self.results = [r for r in self.results if _key(r) not in new] + list(results)

    def histories(self) -> list[str]:
        """Name the histories, the main one first."""
        found = dict.fromkeys(result.history for result in self.results)
        return sorted(found, key=lambda name: (name != MAIN_HISTORY, name))


def _key(result: Result) -> tuple[str, str, str]:
    return result.history, result.forecaster, result.panel


def _entry(result: Result) -> dict[str, Any]:
    row = {k: round(v, 4) if isinstance(v, float) else v for k, v in as_dict(result.row).items()}
    return {
        "history": result.history,
        "forecaster": result.forecaster,
        "panel": result.panel,
        "seconds": round(result.seconds, 2),
        **row,
    }


def _result(entry: dict[str, Any]) -> Result:
    known = {k: float("nan") if v is None else v for k, v in entry.items()}
    head = [known.pop(k) for k in ("history", "forecaster", "panel", "seconds")]
    return Result(*head, row=Row(**known))


def tables(record: Record) -> str:
    """Show a record: all panels together for each history, then each panel alone."""
    parts = []
    for history in record.histories():
        of_history = [r for r in record.results if r.history == history]
        title = "all of its history" if history == "all" else f"the last {history} days"
        parts += [f"**All panels, {title}.**", "", *_table(together(of_history)), ""]
    main = [r for r in record.results if r.history == MAIN_HISTORY]
    for panel in dict.fromkeys(r.panel for r in main):
        parts += [f"**{panel}, the last {MAIN_HISTORY} days.**", ""]
        parts += [*_table([r for r in main if r.panel == panel]), ""]
    return "\n".join(parts).rstrip("\n")


def together(results: Sequence[Result]) -> list[Result]:
    """Put the panels of each forecaster together; one that missed a panel has no such row."""
    panels = {result.panel for result in results}
    out = []
    for name in dict.fromkeys(result.forecaster for result in results):
        own = [result for result in results if result.forecaster == name]
        if {result.panel for result in own} == panels:
            seconds = sum(result.seconds for result in own)
            row = row_of_all([result.row for result in own])
            out.append(Result(own[0].history, name, "all", seconds, row))
    return out


def _table(results: Iterable[Result]) -> list[str]:
    """Write one table, the best first."""
    heads = [WORDS.get(name, f"{name[-2:]}% {name[:-2]}") for name in FIGURES]
    lines = ["| forecaster | " + " | ".join(heads) + " | seconds |"]
    lines.append("|---|" + "---|" * (len(heads) + 1))
    for result in sorted(results, key=lambda r: r.row.sql):
        cells = [_cell(getattr(result.row, name)) for name in FIGURES]
        mark = f" ({result.row.unanswered} unanswered)" if result.row.unanswered else ""
        seconds = f"{result.seconds:.1f}" if result.seconds < 10 else f"{result.seconds:.0f}"
        lines.append(f"| {result.forecaster}{mark} | {' | '.join(cells)} | {seconds} |")
    return lines


def _cell(value: float) -> str:
    return "-" if value != value else f"{value:.3f}"  # noqa: PLR0124


def placed(page: str, text: str) -> str:
    """Put a text between the two marks of a page.

    Raises
    ------
    ValueError
        When the page has not each mark once, in order.
    """
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end or BEGIN in tail or END in tail:
        raise ValueError(f"the page needs {BEGIN} and then {END}, each once")
    return f"{head}{BEGIN}\n\n{text}\n\n{END}{tail}"
