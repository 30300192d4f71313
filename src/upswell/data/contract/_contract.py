"""From observations to a panel: the repairs, in their order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upswell.data._observations import Observations
from upswell.data.aggregate import VANISHED_AFTER, find_lives
from upswell.data.axis import DayAxis
from upswell.data.composition import composition
from upswell.data.contract._cells import clean_cells
from upswell.data.contract._counters import difference_counters
from upswell.data.contract._cumulative import cumulative_evidence
from upswell.data.contract._duplicates import CHOICES, Entries, check_choice, merge_duplicates
from upswell.data.contract._ends import drop_partial_days
from upswell.data.contract._findings import CellFinding, Cells, Rows
from upswell.data.contract._grid import fill_absent, find_axis, spread
from upswell.data.contract._leaves import Leaves, name_leaves
from upswell.data.contract._outliers import find_outliers
from upswell.data.contract._stale import mark_stale
from upswell.data.ledger import Action, Repair
from upswell.data.panel import Panel
from upswell.errors import RefusalError, SettingError, SourceError

__all__ = ["build_panel"]


def build_panel(
    observations: Observations,
    *,
    cumulative: bool | None = None,
    on_duplicate: str = "error",
    missing: str = "gap",
) -> Panel:
    """Build a panel and write down every repair.

    Parameters
    ----------
    observations
        Rows as they were read, at least one.
    cumulative
        True differences running totals. False says that the values are daily counts. None, the
        default, takes them for daily counts and refuses a panel that looks cumulative.
    on_duplicate
        What to do about rows of one series and day that differ: ``error``, ``sum``, ``mean``,
        ``max`` or ``last`` (in the order of the rows). Exact copies are dropped in any case.
    missing
        What a day without a row means: ``gap``, unknown; or ``zero``, a count of 0 from the
        series' first row to the end of the panel.

    Returns
    -------
    Panel
        ``N`` series over ``T`` days, with outliers and ledger.

    Raises
    ------
    SourceError
        When there are no rows, or days so far apart that one must be wrong.
    DuplicateError
        When rows contradict each other and `on_duplicate` is ``error``.
    SettingError
        When a setting is not one of its values, or counters are to be filled with zeros.
    RefusalError
        With code ``looks-cumulative``.

    Examples
    --------
    >>> from upswell.data import ColumnChoice, Ledger, Source
    >>> frame = pl.DataFrame(
    ...     {
    ...         "item": ["ana", "ana", "ana"],
    ...         "group": [None, None, None],
    ...         "day": [1, 2, 4],
    ...         "value": [10.0, -3.0, 12.0],
    ...         "likes": [None, None, None],
    ...         "file": [0, 0, 0],
    ...         "row": [2, 3, 4],
    ...     },
    ...     schema_overrides={"group": pl.String, "likes": pl.Float64},
    ... )
    >>> columns = ColumnChoice(time="day", value="views")
    >>> rows = Observations(frame, False, columns, (Source("v.csv", "", 3),), Ledger())
    >>> panel = build_panel(rows)
    >>> panel.values.tolist()
    [[10.0, nan, nan, 12.0]]
    >>> [(repair.code, repair.place) for repair in panel.ledger]
    [('negative', 'v.csv, row 3'), ('gap', None)]
    """
    check_choice("on_duplicate", on_duplicate, CHOICES)
    check_choice("missing", missing, ("gap", "zero"))
    if cumulative and missing == "zero":
        raise SettingError(
            "a running total that was not read is not zero",
            fix="leave out --missing zero, or --cumulative",
        )
    if observations.frame.height == 0:
        raise SourceError(
            "there are no rows: nothing but a header, or nothing at all",
            fix="check that the input was exported in full",
        )
    rows = Rows(observations)
    leaves, cells, values, repairs = _gather(
        observations, rows, counters=cumulative is True, on_duplicate=on_duplicate
    )
    values, absent = fill_absent(values, cells.keys, missing)
    values, found = _repair(values, cumulative)
    outliers = find_outliers(values)
    found.append(_flagged("outlier", "far from what the days before let expect; kept", outliers))
    for finding in (absent, *found):
        repairs.extend(cells.repairs(finding))
    days = slice(_lead(values) if cumulative else 0, values.shape[1])
    panel = Panel(
        axis=DayAxis(cells.axis.start + days.start, days.stop - days.start, cells.axis.calendar),
        items=leaves.names,
        values=np.ascontiguousarray(values[:, days]),
        groups=leaves.groups,
        outliers=np.ascontiguousarray(outliers[:, days]),
        columns=observations.columns,
        sources=observations.sources,
    )
    ledger = observations.ledger.extended(repairs).extended(_turnover(panel))
    return replace(panel, ledger=ledger)


def _gather(
    observations: Observations, rows: Rows, *, counters: bool, on_duplicate: str
) -> tuple[Leaves, Cells, NDArray[np.float64], list[Repair]]:
    """Clean the rows, name their series, merge duplicates and lay them on the grid."""
    frame = observations.frame
    entries, found = clean_cells(frame, counters=counters)
    leaves = name_leaves(frame)
    axis = find_axis(rows, len(leaves.names), calendar=observations.calendar)
    merged = merge_duplicates(
        Entries(
            keys=leaves.codes * axis.length + (rows.day - axis.start),
            values=entries,
            likes=frame["likes"].cast(pl.Float64).to_numpy(),
            rows=rows,
            names=lambda position: leaves.names[int(leaves.codes[position])],
        ),
        on_duplicate,
    )
    repairs = [
        repair
        for finding in (*found, *leaves.findings, *merged.findings)
        for repair in rows.repairs(finding)
    ]
    values = spread(merged.keys, merged.values, len(leaves.names), axis.length)
    cells = Cells(leaves.names, axis, merged.keys, merged.positions, rows)
    return leaves, cells, values, repairs


def _repair(
    values: NDArray[np.float64], cumulative: bool | None
) -> tuple[NDArray[np.float64], list[CellFinding]]:
    """Repair the grid: counters, the end, stale values."""
    values, found = _as_daily(values, cumulative)
    keep, ends = drop_partial_days(values)
    values, stale = mark_stale(values[:, :keep])
    never = np.flatnonzero(find_lives(values).last < 0)
    void = CellFinding(
        "no-values", Action.FLAGGED, "the series has no count at all", never, np.zeros_like(never)
    )
    return values, [*found, *ends, *stale, void]


def _as_daily(
    values: NDArray[np.float64], cumulative: bool | None
) -> tuple[NDArray[np.float64], list[CellFinding]]:
    """Return daily counts: differences of counters, or the values after a look at them."""
    if cumulative is False:
        return values, []
    evidence = cumulative_evidence(values)
    everywhere = np.isfinite(values)
    if cumulative:
        counts, found = difference_counters(values)
        if evidence.judged and evidence.rising < 0.5 * evidence.judged:
            reason = "declared cumulative, yet most series fall often, as daily counts do"
            found.append(_flagged("not-cumulative", reason, everywhere, own=False))
        return counts, found
    if evidence.verdict == "cumulative":
        raise RefusalError(
            f"the panel looks cumulative: {evidence.rising} of the {evidence.judged} series that "
            "are long enough to tell hardly ever fall, as running totals do and daily counts "
            "do not",
            code="looks-cumulative",
            fix="use --cumulative to take differences, or --not-cumulative if these are counts "
            "of single days",
        )
    if evidence.verdict == "smooth":
        reason = (
            "the series hardly ever fall and are too smooth to tell; taken for daily counts. If "
            "they are running totals, use --cumulative"
        )
        return values, [_flagged("maybe-cumulative", reason, everywhere, own=False)]
    return values, []


def _flagged(code: str, reason: str, mask: NDArray[np.bool_], *, own: bool = True) -> CellFinding:
    return CellFinding.of_mask(code, Action.FLAGGED, reason, mask, own=own)


def _lead(values: NDArray[np.float64]) -> int:
    """Return how many first days have no value at all; 0 when none has."""
    known = np.isfinite(values).any(axis=0)
    return int(known.argmax()) if known.any() else 0


def _turnover(panel: Panel) -> list[Repair]:
    """Return the ledger lines about creators that appeared and vanished."""
    found = composition(panel)
    lines = []
    for code, names, change, what in (
        ("appeared", found.appeared, found.change_appeared, "first seen after the first day"),
        (
            "vanished",
            found.vanished,
            found.change_vanished,
            f"not seen in the last {VANISHED_AFTER} days and more",
        ),
    ):
        if names:
            reason = (
                f"{what}: {change:+,.0f} of the change of {found.change_total:+,.0f} of the mean "
                f"day between the first and the last {found.window} days"
            )
            only = names[0] if len(names) == 1 else None
            lines.append(Repair(code, Action.FLAGGED, reason, len(names), series=only))
    return lines
