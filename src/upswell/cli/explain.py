"""The command ``upswell explain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.cli._known import check_known
from upswell.cli._options import Known, Manner, Pictures, Reading
from upswell.cli._output import check_out
from upswell.cli._pages import check_pictures
from upswell.cli._panel import panel_of
from upswell.cli._show import count, figure, say, table, working

if TYPE_CHECKING:
    import polars as pl

    from upswell.forecasting.explaining import BurstEffect, Explanation

__all__ = ["EXPLANATION_NAMES", "run_explain"]

PICTURE = "chart-explanation.png"
EXPLANATION_NAMES = frozenset({"explanation.csv", "repairs.csv", "run.json", PICTURE})
_NAMES = {
    "level": "a usual day, repeated",
    "trend": "trend",
    "week": "weekly profile",
    "bursts": "bursts",
    "rest": "everything else",
    "total": "forecast of the total",
}


def run_explain(
    inputs: list[str],
    reading: Reading,
    manner: Manner,
    *,
    horizon: int,
    model: str,
    series: str | None,
    without_burst: str | None,
    seed: int,
    png: bool,
    out: Path | None,
    known: Known,
) -> int:
    """Read, explain, write and print; return the exit code."""
    from upswell.api import explain
    from upswell.cli._json import answer_refusals, print_json

    check_out(out, EXPLANATION_NAMES)
    check_pictures(Pictures(page=False, png=png), out)
    check_known(known)
    with answer_refusals(manner):
        panel = panel_of(inputs, reading, manner, known=known, horizon=horizon, out=out)
        with working("Explaining", manner.talks):
            found = explain(panel, horizon=horizon, model=model, series=series, seed=seed)
    chosen = None if without_burst is None else found.without_burst(without_burst)
    record = found.record() | {"without_burst": None if chosen is None else chosen.record()}
    if out is not None:
        tables = {"explanation.csv": found.to_frame("polars")}
        tables["repairs.csv"] = panel.ledger.to_frame()
        picture = found.plot(without_burst) if png else None
        _write(out, tables, record, picture)
    if manner.as_json:
        print_json(record)
    elif manner.talks:
        _show(found, chosen)
        if out is not None:
            say(f"Written to {out}")
    return 0


def _write(
    out: Path, tables: dict[str, pl.DataFrame], record: dict[str, Any], picture: Any
) -> None:
    from upswell.charts import png_bytes
    from upswell.store import csv_bytes, json_bytes, write_folder

    with write_folder(out, EXPLANATION_NAMES) as folder:
        for name, frame in tables.items():
            folder.write(name, csv_bytes(frame))
        folder.write("run.json", json_bytes(record))
        if picture is not None:
            folder.write(PICTURE, png_bytes(picture))


def _show(found: Explanation, chosen: BurstEffect | None) -> None:
    """Print the explanation as a manager would read it aloud."""
    from upswell.forecasting.explaining.wording import burst_sentence

    say()
    for sentence in found.sentences():
        say(sentence)
    if chosen is not None and chosen != found.bursts[0]:
        say(burst_sentence(chosen, found, "The burst"))
    for note in found.notes:
        say(f"Note: {note}.")
    _show_parts(found)
    _show_bursts(found)


def _show_parts(found: Explanation) -> None:
    adds = {"level": found.base, **{part.part: part.adds for part in found.parts}}
    adds |= {"rest": found.rest, "total": found.total}
    without = {part.part: figure(part.without) for part in found.parts}
    rows = [
        [name, _signed(adds[part], part), _share(adds[part], found), without.get(part, "")]
        for part, name in _NAMES.items()
    ]
    table([f"over {count(found.ahead.length, 'day')}", "views", "share", "without it"], rows)


def _signed(value: float, part: str) -> str:
    return figure(value) if part in {"level", "total"} else f"{value:+,.0f}"


def _share(value: float, found: Explanation) -> str:
    return f"{value / found.total:.1%}" if found.total else "-"


def _show_bursts(found: Explanation) -> None:
    if not found.bursts:
        return
    rows = [
        [
            burst.first,
            burst.last,
            f"{burst.times:.1f}",
            figure(burst.views),
            f"{burst.adds:+,.0f}",
            figure(burst.without),
        ]
        for burst in found.bursts
    ]
    say("The latest bursts of the history, and the forecast without each:")
    header = ["first day", "last day", "times\nthe usual", "views\nbrought", "adds", "without it"]
    table(header, rows, left=2)
