"""The command ``upswell check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.cli._ledger import show_ledger
from upswell.cli._options import Manner, Reading
from upswell.cli._show import count, figure, say, show_panel, table, working
from upswell.cli._words import tally
from upswell.data import Panel, Tree
from upswell.errors import RefusalError

if TYPE_CHECKING:
    from upswell.forecasting.prospects import Prospects

__all__ = ["run_check"]

MOST_ROWS = 40


def run_check(inputs: list[str], reading: Reading, manner: Manner, *, horizon: int) -> int:
    """Read, validate and print; return 0, or raise when a forecast would be refused."""
    from upswell.api import read_panel
    from upswell.cli._json import answer_refusals
    from upswell.data import node_values
    from upswell.forecasting.prospects import prospects_of

    with answer_refusals(manner), working("Reading", manner.talks):
        panel = read_panel(inputs, **reading.options())
    tree, values = Tree.of_panel(panel), node_values(panel)
    refusal: RefusalError | None = None
    prospects: Prospects | None = None
    try:
        prospects = prospects_of(panel, horizon)
    except RefusalError as error:
        refusal = error
    series = _judged(tree, values, horizon, prospects, refusal)
    if manner.as_json:
        _answer(panel, series, refusal)
    elif manner.talks:
        _show(panel, tree, values, series, horizon)
    if refusal is not None:
        raise refusal
    return 0


def _judged(
    tree: Tree,
    values: NDArray[np.float64],
    horizon: int,
    prospects: Prospects | None,
    refusal: RefusalError | None,
) -> list[dict[str, Any]]:
    """Say of each series how far it carries, as a forecast would; a refused total is refused."""
    from upswell.forecasting.ladder import stand

    keys = list(zip(tree.names, tree.levels, strict=True))
    if prospects is None:
        found = {key: stand(line, horizon) for key, line in zip(keys, values, strict=True)}
    else:
        living = zip(prospects.tree.names, prospects.tree.levels, strict=True)
        found = dict(zip(living, prospects.standings, strict=True))
        found |= {(a.name, a.level): a.standing for a in prospects.absent}
    rows = []
    for name, level in keys:
        standing = found[name, level]
        status, codes = str(standing.status), list(standing.codes)
        if refusal is not None and level == tree.levels[0]:
            status, codes = "refused", [refusal.code]
        rows.append({"series": name, "level": level, "status": status, "codes": codes})
    return rows


def _answer(panel: Panel, series: list[dict[str, Any]], refusal: RefusalError | None) -> None:
    """Print everything as JSON."""
    from upswell.cli._json import print_json
    from upswell.forecasting.ladder import REASONS
    from upswell.forecasting.saving import panel_record

    codes = series[0]["codes"]
    record = {
        "status": series[0]["status"],
        "codes": codes,
        "reasons": [REASONS[code] for code in codes] if refusal is None else [refusal.what],
        **panel_record(panel),
        "ledger": panel.ledger.to_frame().to_dicts(),
        "series": series,
    }
    print_json(record)


def _show(
    panel: Panel,
    tree: Tree,
    values: NDArray[np.float64],
    series: list[dict[str, Any]],
    horizon: int,
) -> None:
    """Print what was read, and what a forecast of it would be worth."""
    from upswell.forecasting.ladder import REASONS

    show_panel(panel)
    show_ledger(panel, where="--json prints all of it")
    _show_tree(tree, values, series)
    standings = tally((row["status"], row["codes"]) for row in series)
    say(f"For {count(horizon, 'day')} ahead, of {count(len(series), 'series', 'series')}:")
    say(f"  {standings}.")
    if series[0]["status"] == "baseline-only":
        for code in series[0]["codes"]:
            say(f"Note ({code}): {REASONS[code]}.")


def _show_tree(tree: Tree, values: NDArray[np.float64], series: list[dict[str, Any]]) -> None:
    """Print the total, the categories and the largest creators."""
    sums = np.nansum(values, axis=1)
    first = tree.first_leaf
    creators = first + np.argsort(-sums[first:], kind="stable")
    shown = [*range(first), *creators.tolist()][:MOST_ROWS]
    rows = []
    for node in shown:
        row, line = series[node], values[node]
        seen = line[np.isfinite(line)]
        codes = f" ({', '.join(row['codes'])})" if row["codes"] else ""
        numbers = (
            [figure(float(seen.mean())), figure(float(seen.max()))] if len(seen) else ["-", "-"]
        )
        rows.append(
            [row["series"], row["level"], f"{row['status']}{codes}", f"{len(seen):,}", *numbers]
        )
    table(["series", "level", "status", "days", "mean", "largest"], rows, left=3)
    if len(series) > MOST_ROWS:
        say(f"and {len(series) - MOST_ROWS:,} more series; --json prints all of them")
