"""How good are forecasts of the next 30 days? One definition, all forecasters, the same windows.

``make bench-demand`` asks every forecaster and writes the tables of ``docs/benchmarks.md``.
``--only A --only B`` asks some and keeps the other rows; ``--quick`` takes the latest cutoff alone
and prints only.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from demand_forecasters import TRAINED, Asked, asked, everyone
from demand_record import Record, Result, placed, tables, together
from demand_scores import row_of_panel, score
from demand_windows import CUTOFFS, Window, fingerprint, windows_of
from panels import PANELS

HERE = Path(__file__).resolve().parent
RECORD = HERE / "demand_record.json"
PAGE = HERE.parent / "docs" / "benchmarks.md"
HISTORIES: dict[str, int | None] = {"128": 128, "50": 50, "all": None}


def main() -> None:
    """Ask, score, print, and write."""
    options = _options()
    everything = [
        window
        for name in PANELS
        for window in windows_of(name, PANELS[name](), cutoffs=1 if options.quick else CUTOFFS)
    ]
    record = Record.read(RECORD) if options.only and not options.quick else Record({}, [])
    for history in options.history or HISTORIES:
        windows = [window.last(HISTORIES[history]) for window in everything]
        _same_windows(record, history, fingerprint(windows))
        for name in options.only or everyone():
            forecaster = asked(name)
            if forecaster is None:
                print(f"{name}: not installed, left out", flush=True)
                continue
            results = _ask(name, forecaster, history, windows)
            record.put(results)
            _say(together(results)[0])
            if not options.quick:
                record.write(RECORD)
    text = tables(record)
    print(f"\n{text}")
    if not options.quick:
        PAGE.write_text(placed(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    known = (*everyone(), *TRAINED)
    parser.add_argument("--only", action="append", choices=known, metavar="NAME")
    parser.add_argument("--history", action="append", choices=tuple(HISTORIES))
    parser.add_argument("--quick", action="store_true", help="the latest cutoff alone; print only")
    return parser.parse_args()


def _same_windows(record: Record, history: str, found: str) -> None:
    """Refuse to put rows of other windows into one table."""
    if record.windows.setdefault(history, found) != found:
        raise SystemExit(
            f"the kept rows of history {history} are of other windows than these: the panels or "
            "the reading of them changed. Run it without --only."
        )


def _ask(name: str, forecaster: Asked, history: str, windows: Sequence[Window]) -> list[Result]:
    """Ask one forecaster for all windows; one result a panel."""
    results = []
    for panel in dict.fromkeys(window.panel for window in windows):
        own = [window for window in windows if window.panel == panel]
        begun = _processor_seconds()
        answers = [forecaster.answer(window) for window in own]
        seconds = _processor_seconds() - begun
        scores = [score(answer, window) for answer, window in zip(answers, own, strict=True)]
        results.append(Result(history, name, panel, seconds, row_of_panel(scores)))
    return results


def _processor_seconds() -> float:
    """Processor time so far, of children too: a busy machine does not change it much."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _say(result: Result) -> None:
    row = result.row
    print(
        f"{result.history:>4} {result.forecaster:32s} SQL {row.sql:.3f} MASE {row.mase:.3f} "
        f"error of sum {row.total:.3f}; {row.windows} windows in {result.seconds:.1f} s",
        flush=True,
    )


if __name__ == "__main__":
    main()
