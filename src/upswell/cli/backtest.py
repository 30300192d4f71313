"""The command ``upswell backtest``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.cli._known import check_known, show_known
from upswell.cli._options import Known, Manner, Reading
from upswell.cli._output import check_out
from upswell.cli._panel import panel_of
from upswell.cli._plans import plan_settings, show_money
from upswell.cli._show import count, say, table, working
from upswell.cli._words import evidence
from upswell.errors import SettingError

if TYPE_CHECKING:
    from upswell.forecasting.backtest import Backtest

__all__ = ["run_backtest"]

# Headers of two lines, so that a scorecard fits a terminal of 80 columns.
SHOWN = (
    ("wmape", "wMAPE"),
    ("mase", "MASE"),
    ("ratio_mase", "x\nnaive"),
    ("scaled_quantile_loss", "SQL"),
    ("ratio_scaled_quantile_loss", "x\nnaive"),
    ("error_of_total", "error of\ntotal"),
    ("coverage80", "80%\nday"),
    ("coverage80_total", "80%\ntotal"),
    ("coverage80_peak", "80%\npeak"),
)


def run_backtest(
    inputs: list[str],
    reading: Reading,
    manner: Manner,
    *,
    known: Known,
    horizon: int,
    windows: int,
    models: str | None,
    plan: str | None,
    seed: int,
    out: Path | None,
) -> int:
    """Read, backtest, write and print; return the exit code."""
    from upswell.api import backtest
    from upswell.cli._json import answer_refusals, print_json
    from upswell.forecasting.paths import path_forecasters
    from upswell.forecasting.saving import OUTPUT_NAMES, backtest_record, save_backtest

    # What can be known to be wrong before the input is read is said before.
    check_out(out, OUTPUT_NAMES)
    chosen = _names(models)
    path_forecasters(chosen or [])
    check_known(known)
    settings = plan_settings(plan)
    with answer_refusals(manner):
        panel = panel_of(inputs, reading, manner, known=known, horizon=horizon, out=out)
        with working("Backtesting", manner.talks) as progress:
            found = backtest(
                panel,
                horizon=horizon,
                windows=windows,
                models=chosen,
                plan=settings,
                seed=seed,
                progress=progress,
            )
    record = backtest_record(panel, found, seed)
    if out is not None:
        save_backtest(panel, found, record, out)
    if manner.as_json:
        money = {} if found.money is None else {"money": found.money.to_dicts()}
        print_json({**record, "scores": found.to_frame("polars").to_dicts(), **money})
    elif manner.talks:
        _show(found, record)
        if settings is not None and found.money is not None:
            show_money(found.money, settings.prices.currency)
        if out is not None:
            say(f"Written to {out}")
    return 0


def _names(models: str | None) -> list[str] | None:
    if models is None:
        return None
    names = [name.strip() for name in models.split(",") if name.strip()]
    if not names:
        raise SettingError("--models names no forecaster", fix="write --models theta-log,ensemble")
    return names


def _show(found: Backtest, record: dict[str, Any]) -> None:
    cutoffs = record["cutoffs"]
    span = f"{cutoffs[0]} to {cutoffs[-1]}" if len(cutoffs) > 1 else str(cutoffs[0])
    say()
    say(f"{count(len(cutoffs), 'cutoff')} ({span}), {count(found.horizon, 'day')} after each.")
    known = evidence(
        len(cutoffs) - len(found.refused), found.effective_windows, found.supported_level
    )
    say(f"Evidence: {known}.")
    show_known(record["occasions"])
    for cutoff, code in record["refused"].items():
        say(f"The window after {cutoff} was refused ({code}).")
    frame = found.to_frame("polars")
    say()
    for level in dict.fromkeys(frame["level"].to_list()):
        _show_level(level, frame.filter(frame["level"] == level).to_dicts())
    say("x naive: geometric mean of the ratio to seasonal naive; below 1 is better.")
    say("SQL: scaled quantile loss. 80%: share of the truth inside the 80% range; 0.8 is right.")


def _show_level(level: str, rows: list[dict[str, Any]]) -> None:
    """Print the scores of one level, and who does worse there than seasonal naive."""
    scored = count(max(row["series"] for row in rows), "series", "series")
    say(f"Level {level} ({scored} scored):")
    figures = [["-" if row[key] is None else f"{row[key]:.3f}" for key, _ in SHOWN] for row in rows]
    lines = [[row["model"], *line] for row, line in zip(rows, figures, strict=True)]
    table(["forecaster", *(name for _, name in SHOWN)], lines)
    remarks = []
    for row in rows:
        if row["worse_than_trivial"]:
            metrics = ", ".join(row["worse_than_trivial"].split())
            remarks.append(f"{row['model']} is worse than seasonal naive in {metrics}.")
        if row["failed"]:
            windows = count(row["failed"], "window")
            remarks.append(f"{row['model']} failed in {windows} that seasonal naive was scored in.")
    for remark in remarks:
        say(remark)
    if remarks:
        say()
