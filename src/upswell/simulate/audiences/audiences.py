"""Audiences: batches of simulated histories with their future, and the truth by component."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError
from upswell.simulate.audiences._block import BLOCK, Block, simulate_block
from upswell.simulate.audiences.components import Components
from upswell.simulate.audiences.events import Events, response
from upswell.simulate.audiences.prior import AudiencePrior

__all__ = ["Audiences", "simulate_audiences"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Audiences:
    """A batch of ``N`` histories of ``T`` days, each with the ``H`` days that followed.

    Parameters
    ----------
    observed
        What a file would say of the history, shape ``(N, T)``; NaN where it says nothing.
    faults
        What happened to each record, shape ``(N, T)``: a `Fault`.
    future
        The counts of the days after, complete and without faults, shape ``(N, H)``.
    counts, expected
        What was counted, and what was expected before the noise of counting, ``(N, T + H)``.
    holidays, announced
        What was known of all days in advance: holidays, and releases that had been announced;
        shape ``(N, T + H)``.
    start
        First day of each history in days since 1970-01-01, shape ``(N,)``.
    panel
        Number of the panel of each series: the number of its first series; shape ``(N,)``.
    first
        Number of the first series.
    bursts, releases
        The events behind the components of these names; `series` counts from 0 in this batch.
    components
        The parts of `expected`, or None where they were not asked for.
    """

    observed: Floats
    faults: NDArray[np.int8]
    future: Floats
    counts: Floats
    expected: Floats
    holidays: Bools
    announced: Bools
    start: NDArray[np.int64]
    panel: NDArray[np.int64]
    first: int
    bursts: Events
    releases: Events
    components: Components | None

    @property
    def days(self) -> int:
        """Days of history, ``T``."""
        return int(self.observed.shape[1])

    @property
    def horizon(self) -> int:
        """Days after it, ``H``."""
        return int(self.future.shape[1])

    @property
    def mask(self) -> Bools:
        """Where the history has a record, shape ``(N, T)``."""
        return np.isfinite(self.observed)

    @property
    def total(self) -> Floats:
        """Counts of all days after the history, shape ``(N,)``."""
        return np.asarray(self.future.sum(axis=1))

    @property
    def peak(self) -> Floats:
        """Count of the largest day after the history, shape ``(N,)``; 0 without a horizon."""
        return np.asarray(self.future.max(axis=1, initial=0.0))

    def panel_sums(self, values: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Return the numbers of the panels, and sums over the series of each.

        Parameters
        ----------
        values
            Of each series, shape ``(N, K)``, such as `future` or `counts`; NaN makes a sum NaN.

        Returns
        -------
        tuple
            Numbers of the panels, shape ``(P,)``, and their sums, shape ``(P, K)``.

        Notes
        -----
        A panel lies within one block of 128 series. Where a batch does not begin and end with
        blocks, its first and last panel may lack series, here as in the batch.
        """
        names, first = np.unique(self.panel, return_index=True)
        return names, np.add.reduceat(values, first, axis=0)

    def expected_without_bursts(self, since: int, until: int) -> Floats:
        """Return what would have been expected, had some bursts not happened; ``(N, T + H)``.

        Left out are bursts that began on the days from `since` to before `until`, counted from
        the first day of the history, and all that they triggered.

        Raises
        ------
        SettingError
            When the simulation has no components.
        """
        if self.components is None:
            raise SettingError("the audiences were simulated without their components")
        stays = (self.bursts.cause < since) | (self.bursts.cause >= until)
        burst = response(self.bursts.where(stays), self.expected.shape)
        return self.components.expected(burst=burst)


def simulate_audiences(
    count: int,
    days: int,
    horizon: int,
    seed: int,
    *,
    first: int = 0,
    prior: AudiencePrior | None = None,
    components: bool = True,
) -> Audiences:
    """Simulate audiences: a pure function of the numbers that it is given.

    Series are drawn in blocks of 128, each from random streams of its own, one a family. Series
    number 1,000 is therefore the same to the last bit whatever batch it comes in. Another number
    of days or another horizon gives other series.

    Parameters
    ----------
    count
        Number of series, ``N``.
    days, horizon
        Days of history, at least 1, and days after it.
    seed
        Not negative.
    first
        Number of the first series.
    prior
        Where everything is drawn from; by default `AudiencePrior`.
    components
        Whether to keep the parts of what was expected. They take four fifths of the memory: with
        them a series of 400 days has about 56 kB, without them 11 kB.

    Returns
    -------
    Audiences
        Histories, futures and truth.

    Raises
    ------
    SettingError
        When a number is out of range.

    Examples
    --------
    >>> batch = simulate_audiences(3, days=120, horizon=30, seed=1)
    >>> batch.observed.shape, batch.future.shape, batch.components.week.shape
    ((3, 120), (3, 30), (3, 150))
    >>> again = simulate_audiences(2, days=120, horizon=30, seed=1, first=1)
    >>> again.observed.tobytes() == batch.observed[1:].tobytes()
    True
    >>> bool((batch.components.expected() == batch.expected).all())
    True
    """
    _check(count, days, horizon, seed, first)
    prior = prior or AudiencePrior()
    parts = []
    for index in range(first // BLOCK, -(-(first + count) // BLOCK)):
        block = simulate_block(int(seed), index, days, horizon, prior)
        begin, end = max(first - index * BLOCK, 0), min(first + count - index * BLOCK, BLOCK)
        parts.append(_rows(block, begin, end, components=components))
    return _joined(parts, first, days)


def _check(count: int, days: int, horizon: int, seed: int, first: int) -> None:
    for name, value, least in (
        ("count", count, 1),
        ("days", days, 1),
        ("horizon", horizon, 0),
        ("seed", seed, 0),
        ("first", first, 0),
    ):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise SettingError(f"{name} must be an integer from {least}, got {value!r}")


def _rows(block: Block, begin: int, end: int, *, components: bool) -> Block:
    """Return the series of a block from `begin` to before `end`."""
    keep = slice(begin, end)
    arrays = {name: getattr(block, name)[keep].copy() for name in Block.ARRAYS}
    kept = block.components.rows(keep) if components and block.components else None
    return replace(
        block,
        **arrays,
        bursts=_events(block.bursts, begin, end),
        releases=_events(block.releases, begin, end),
        components=kept,
    )


def _events(table: Events, begin: int, end: int) -> Events:
    return table.where((table.series >= begin) & (table.series < end)).moved(-begin)


def _joined(parts: list[Block], first: int, days: int) -> Audiences:
    before = np.cumsum([0, *(part.start.size for part in parts[:-1])]).tolist()
    counts = np.concatenate([part.counts for part in parts])
    kept = [part.components for part in parts if part.components is not None]
    return Audiences(
        observed=np.concatenate([part.observed for part in parts]),
        faults=np.concatenate([part.faults for part in parts]),
        future=counts[:, days:].copy(),
        counts=counts,
        expected=np.concatenate([part.expected for part in parts]),
        holidays=np.concatenate([part.holidays for part in parts]),
        announced=np.concatenate([part.announced for part in parts]),
        start=np.concatenate([part.start for part in parts]),
        panel=np.concatenate([part.panel for part in parts]),
        first=first,
        bursts=Events.joined([p.bursts.moved(by) for p, by in zip(parts, before, strict=True)]),
        releases=Events.joined([p.releases.moved(by) for p, by in zip(parts, before, strict=True)]),
        components=Components.joined(kept) if kept else None,
    )
