"""The command ``upswell backtest``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.cli._options import Manner, Reading
from upswell.cli._show import say, show_ledger, show_panel, table, working

if TYPE_CHECKING:
    from upswell.forecasting.backtest import Backtest

__all__ = ["run_backtest"]

SHOWN = (
    ("wmape", "wMAPE"),
    ("mase", "MASE"),
    ("ratio_mase", "x naive"),
    ("scaled_quantile_loss", "SQL"),
    ("ratio_scaled_quantile_loss", "x naive"),
    ("error_of_total", "err. total"),
    ("coverage80", "80% day"),
    ("coverage80_total", "80% total"),
    ("coverage80_peak", "80% peak"),
)


def run_backtest(
    inputs: list[str],
    reading: Reading,
    manner: Manner,
    *,
    horizon: int,
    windows: int,
    models: str | None,
    seed: int,
    out: Path | None,
) -> int:
    """Read, backtest, write and print; return the exit code."""
    from upswell.api import backtest, read_panel
    from upswell.cli._json import answer_refusals, print_json
    from upswell.forecasting.saving import OUTPUT_NAMES, backtest_record, save_backtest
    from upswell.store import check_folder

    if out is not None:
        check_folder(out, OUTPUT_NAMES)
    chosen = None if models is None else [m.strip() for m in models.split(",") if m.strip()]
    with answer_refusals(manner):
        panel = read_panel(inputs, **reading.options())
        if manner.talks:
            show_panel(panel)
            show_ledger(panel)
        with working("Backtesting", manner.talks) as progress:
            found = backtest(
                panel, horizon=horizon, windows=windows, models=chosen, seed=seed, progress=progress
            )
    record = backtest_record(panel, found, seed)
    if out is not None:
        save_backtest(panel, found, record, out)
    if manner.as_json:
        print_json({**record, "scores": found.to_frame("polars").to_dicts()})
    elif manner.talks:
        _show(found, record, out)
    return 0


def _show(found: Backtest, record: dict[str, Any], out: Path | None) -> None:
    say()
    say(
        f"{len(found.cutoffs)} cutoffs ({', '.join(record['cutoffs'])}), {found.horizon} days "
        f"each; worth {found.effective_windows:.1f} windows without overlap, which support a "
        f"range of at most {found.supported_level:.0%}."
    )
    for cutoff, code in record["refused"].items():
        say(f"The window of {cutoff} was refused ({code}).")
    frame = found.to_frame("polars")
    for level in dict.fromkeys(frame["level"].to_list()):
        say(f"Level {level}:")
        rows = []
        for row in frame.filter(frame["level"] == level).to_dicts():
            figures = ["-" if row[key] is None else f"{row[key]:.3f}" for key, _ in SHOWN]
            rows.append([row["model"], *figures, row["worse_than_trivial"] or ""])
        table(["forecaster", *(name for _, name in SHOWN), "worse than naive in"], rows)
    say("x naive: geometric mean of the ratio to seasonal naive; below 1 is better.")
    if out is not None:
        say(f"Written to {out}")
