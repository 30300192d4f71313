"""The decision on each release: promote, watch or hold, with what stands against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.releases._settings import MoneySettings
from upswell.releases.deciding.curves import StreamCurves
from upswell.releases.deciding.dependence import scenarios
from upswell.releases.deciding.money import profit
from upswell.releases.deciding.portfolio import best_list, expected_shortfall
from upswell.releases.deciding.prospects import Prospects, nearly, prospects_of, worth_it

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Decisions", "Funded", "decide"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_CLOSED = "closed"


@dataclass(frozen=True)
class Funded:
    """The list that is funded.

    Parameters
    ----------
    releases
        How many.
    cost, expected_profit
        Their sums, in the currency.
    expected_hits
        Sum of their chances of the top tier.
    shortfall
        Mean loss of the list in the worst tenth of scenarios; below 0 where that is a profit. 0 for
        an empty list.
    chance_of_loss
        Part of the scenarios in which the list loses money.
    best_possible
        Expected profit that no list within budget and shortfall exceeds: that of this list, unless
        the proof took too long.
    """

    releases: int
    cost: float
    expected_profit: float
    expected_hits: float
    shortfall: float
    chance_of_loss: float
    best_possible: float


@dataclass(frozen=True)
class Decisions:
    """What to do about ``N`` releases.

    Parameters
    ----------
    frame
        A row a release, in the order that was given: ``release``, ``decision``, ``cost``,
        ``expected_profit``, ``expected_gain``, ``expected_loss`` (all three null where nothing is
        left to promote) and ``decision_codes``, separated by spaces.
    funded
        The list of those that are promoted.
    """

    frame: pl.DataFrame
    funded: Funded


def decide(
    frame: pl.DataFrame,
    money: MoneySettings,
    *,
    cost: Floats | None = None,
    objections: Mapping[str, Flags] | None = None,
    correlation: float,
    seed: int,
) -> Decisions:
    """Decide on releases.

    A release is promoted when it is worth it at the caution asked for (`worth_it`), no objection
    concerns it, its window is complete and has signals, and the list of most expected profit within
    budget and shortfall has it (`best_list`). Else it is watched where it is worth it on average or
    nearly, and held where not.

    Parameters
    ----------
    frame
        A row a release at the longest horizon, with the columns of ``scores.csv``; the last
        ``probability_`` is that of the top tier.
    money
        The settings.
    cost
        Of promoting each release, shape ``(N,)``; by default ``money.cost``.
    objections
        By code, which releases must not be promoted, each of shape ``(N,)``. ``closed`` makes them
        held, any other watched.
    correlation, seed
        Of the scenarios; see `upswell.releases.deciding.dependence`.

    Examples
    --------
    >>> import polars as pl
    >>> from upswell.releases.deciding.curves import LEVELS
    >>> from upswell.scoring import quantile_name
    >>> curve = {quantile_name(p): [0.8e6 * p, 0.2e6 * p] for p in LEVELS}
    >>> frame = pl.DataFrame({"release": ["a", "b"], "mean": [0.4e6, 0.1e6], **curve,
    ...                       "probability_hit": [0.7, 0.1], "status": ["ok", "ok"]})
    >>> money = MoneySettings(cost=500.0, value=0.004, uplift=0.5)
    >>> made = decide(frame, money, correlation=0.2, seed=0).frame
    >>> made.select("decision", "expected_profit").rows()
    [('promote', 300.0), ('hold', -300.0)]
    """
    import polars as pl

    prospects = prospects_of(frame, money, cost)
    worth, close = worth_it(prospects, money), nearly(prospects)
    status = frame["status"].to_numpy()
    against: dict[str, Flags] = {
        code: np.asarray(status == code) for code in ("no-signals", "short-window")
    }
    against |= {code: np.asarray(mask, dtype=np.bool_) for code, mask in (objections or {}).items()}
    closed = against.get(_CLOSED, np.zeros(len(worth), dtype=np.bool_))
    codes: dict[str, Flags] = {
        code: mask if code == _CLOSED else mask & close for code, mask in against.items()
    }
    codes["caution"] = ~worth & (prospects.expected >= 0)
    codes["nearly"] = close & (prospects.expected < 0)
    free = worth & ~np.any(list(against.values()), axis=0)
    promoted, funded = _funded(frame, money, prospects, free, correlation=correlation, seed=seed)
    codes |= _left_out(prospects, money, free & ~promoted, funded)
    names = np.where(promoted, "promote", np.where(close & ~closed, "watch", "hold"))
    money_columns = {
        "expected_profit": prospects.expected,
        "expected_gain": prospects.gain,
        "expected_loss": prospects.loss,
    }
    made = pl.DataFrame(
        {
            "release": frame["release"],
            "decision": pl.Series(names.tolist(), dtype=pl.String),
            "cost": prospects.cost,
            **money_columns,
            "decision_codes": pl.Series(_joined(codes, ~promoted, closed), dtype=pl.String),
        }
    )
    # Where nothing is left to promote there is nothing to earn either.
    open_ = pl.lit(pl.Series(~closed))
    return Decisions(
        made.with_columns(pl.when(open_).then(pl.col(name)).alias(name) for name in money_columns),
        funded,
    )


def _funded(
    frame: pl.DataFrame,
    money: MoneySettings,
    prospects: Prospects,
    free: Flags,
    *,
    correlation: float,
    seed: int,
) -> tuple[Flags, Funded]:
    """Return which of the releases that may be promoted are, and what comes of the list."""
    # In the order of their names, so that the order of rows changes nothing.
    places = np.flatnonzero(free)
    places = places[np.argsort(frame["release"].to_numpy()[places].astype(str), kind="stable")]
    curves = StreamCurves.of(frame[places.tolist()])
    cost = prospects.cost[places]
    streams = scenarios(curves, correlation, seed=seed)
    outcomes = profit(streams, money, cost[:, None])
    best = best_list(
        prospects.expected[places],
        cost,
        budget=money.budget,
        shortfall=money.shortfall,
        outcomes=outcomes,
    )
    chosen = best.chosen
    promoted = np.zeros(len(free), dtype=np.bool_)
    promoted[places[chosen]] = True
    totals = outcomes[chosen].sum(axis=0)
    top = [name for name in frame.columns if name.startswith("probability_")][-1]
    return promoted, Funded(
        releases=int(promoted.sum()),
        cost=float(cost[chosen].sum()),
        expected_profit=float(prospects.expected[promoted].sum()),
        expected_hits=float(frame[top].to_numpy()[promoted].sum()),
        shortfall=expected_shortfall(totals) + 0.0 if chosen.any() else 0.0,
        chance_of_loss=float((totals < 0).mean()) if chosen.any() else 0.0,
        best_possible=best.bound,
    )


def _left_out(
    prospects: Prospects, money: MoneySettings, left: Flags, funded: Funded
) -> dict[str, Flags]:
    """Return why releases were left out of the list: the budget has no room, or the risk."""
    room = np.inf if money.budget is None else money.budget - funded.cost
    fits = prospects.cost <= room * (1 + 1e-12)
    return {"over-budget": left & ~fits, "over-shortfall": left & fits}


def _joined(codes: Mapping[str, Flags], concerned: Flags, closed: Flags) -> list[str]:
    """Return the codes of each release in one text; of one that is closed, only that."""
    texts = []
    for place, concerns in enumerate(concerned):
        own = [code for code, mask in codes.items() if mask[place]] if concerns else []
        texts.append(_CLOSED if closed[place] else " ".join(own))
    return texts
