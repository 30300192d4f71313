"""The command ``upswell check``."""

from __future__ import annotations

from typing import Any

from upswell.cli._options import Manner, Reading
from upswell.cli._show import figure, say, show_ledger, show_panel, table

__all__ = ["run_check"]

MOST_ROWS = 40


def run_check(inputs: list[str], reading: Reading, manner: Manner, *, horizon: int) -> int:
    """Read, validate and print; return 0, or 3 when a forecast would be refused."""
    from upswell.api import read_panel
    from upswell.cli._json import answer_refusals, print_json
    from upswell.data import Tree, composition, node_values
    from upswell.errors import RefusalError
    from upswell.forecasting.ladder import refuse_panel, stand
    from upswell.forecasting.saving import panel_record

    with answer_refusals(manner):
        panel = read_panel(inputs, **reading.options())
    tree, values = Tree.of_panel(panel), node_values(panel)
    standings = [stand(series, horizon) for series in values]
    refusal: RefusalError | None = None
    try:
        refuse_panel(values[0], horizon)
    except RefusalError as error:
        refusal = error
    series = [
        {"series": name, "level": level, "status": str(s.status), "codes": list(s.codes)}
        for name, level, s in zip(tree.names, tree.levels, standings, strict=True)
    ]
    if manner.as_json:
        status = "refused" if refusal else str(standings[0].status)
        codes = [refusal.code] if refusal else list(standings[0].codes)
        ledger = panel.ledger.to_frame().to_dicts()
        record = {"status": status, "codes": codes, **panel_record(panel)}
        print_json({**record, "ledger": ledger, "series": series})
    else:
        show_panel(panel)
        show_ledger(panel)
        _show_tree(series, values)
        change = composition(panel)
        if change.appeared or change.vanished:
            say(
                f"{len(change.appeared)} creators appeared and {len(change.vanished)} vanished: "
                f"{figure(change.change_appeared)} and {figure(change.change_vanished)} of the "
                f"total's change of {figure(change.change_total)} a day."
            )
    if refusal is not None:
        raise refusal
    return 0


def _show_tree(series: list[dict[str, Any]], values: Any) -> None:
    import numpy as np

    rows = []
    for row, line in list(zip(series, values, strict=True))[:MOST_ROWS]:
        seen = line[np.isfinite(line)]
        codes = f" ({', '.join(row['codes'])})" if row["codes"] else ""
        rows.append(
            [row["series"], row["level"], f"{row['status']}{codes}", str(len(seen))]
            + ([figure(float(seen.mean())), figure(float(seen.max()))] if len(seen) else ["-", "-"])
        )
    table(["series", "level", "status", "days", "mean", "largest"], rows, left=3)
    if len(series) > MOST_ROWS:
        say(f"and {len(series) - MOST_ROWS} more series")
