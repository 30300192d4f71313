"""The decisions of a week: on all releases that were scored, with their money and their record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.charts import LIGHT, Palette, caution_chart
from upswell.errors import RefusalError
from upswell.releases._settings import MoneySettings
from upswell.releases.deciding.bound import BOUND_CODES, FalseHitBound
from upswell.releases.deciding.bounding import bound_codes
from upswell.releases.deciding.codes import DECISIONS
from upswell.releases.deciding.decisions import Decisions, decide
from upswell.releases.deciding.dependence import SCENARIOS, Dependence, dependence_of
from upswell.releases.deciding.money import break_even
from upswell.releases.deciding.picture import caution_curve
from upswell.releases.deciding.price import lacks_evidence, price_of_caution
from upswell.releases.scoring import ScoredReleases
from upswell.releases.trained import TrainedReleases

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

__all__ = ["NOT_ENOUGH", "DecidedReleases", "decide_week"]

Flags = NDArray[np.bool_]

NOT_ENOUGH = "not-enough-evidence"


@dataclass(frozen=True)
class DecidedReleases:
    """What to do about the releases of a week.

    Parameters
    ----------
    money
        The settings.
    decisions
        The decision on each release, and the list that is funded.
    caution
        The price of caution; see `upswell.releases.deciding.price`. None without enough evidence.
    dependence
        How strongly outcomes of one list hang together.
    bound
        What the evidence says of false hits; None where the settings ask for no bound.
    record
        All of it but the table of caution, as JSON has it.
    """

    money: MoneySettings
    decisions: Decisions
    caution: pl.DataFrame | None
    dependence: Dependence
    bound: FalseHitBound | None
    record: Mapping[str, Any]

    def plot(self, palette: Palette = LIGHT) -> alt.TopLevelMixin:
        """Draw the price of caution: hits lost against false hits avoided.

        Raises
        ------
        RefusalError
            When there is not enough evidence.
        """
        if self.caution is None:
            raise RefusalError(
                f"the price of caution cannot be drawn: {self.record['evidence']['reason']}",
                code="not-enough-evidence",
                fix="train with [money] on a longer history",
            )
        return caution_chart(caution_curve(self.caution, self.money.currency), palette=palette)


def decide_week(
    trained: TrainedReleases,
    scored: ScoredReleases,
    money: MoneySettings,
    *,
    bound: FalseHitBound | None = None,
    objections: Mapping[str, Flags] | None = None,
) -> ScoredReleases:
    """Decide on all releases that were scored.

    Parameters
    ----------
    trained
        With its evidence, if it was trained with ``[money]``.
    scored
        What it says of the releases.
    money
        The settings.
    bound
        On false hits, as of `upswell.releases.deciding.bounding.bound_for`; None for none.
    objections
        By code, which releases must not be promoted: of shape ``(N,)``, in the order of the rows
        of ``scored.frame`` at the longest horizon.

    Returns
    -------
    ScoredReleases
        The same with ``decision``, ``expected_profit`` and ``decision_codes`` at the longest
        horizon (null at the others), the largest expected profit first, and with ``decided``.
    """
    import polars as pl

    config = trained.config
    longest = config.horizons[-1]
    rows = scored.frame.filter(pl.col("horizon") == longest)
    evidence = trained.kept.get("evidence")
    dependence = dependence_of(evidence)
    decisions = decide(
        rows,
        money,
        cost=_costs(rows, money, scored.costs),
        objections={
            "closed": _closed(rows, scored, longest),
            **_out_of_bound(rows, bound, config.tiers.names[-1]),
            **(objections or {}),
        },
        correlation=dependence.correlation,
        seed=trained.facts["seed"],
    )
    top = config.tiers.bounds[-1]
    about = _of_evidence(evidence, top)
    caution = None
    if evidence is not None and about["status"] == "ok":
        caution = price_of_caution(evidence, money, top)
    record = _record(money, decisions, dependence, about, caution=caution, bound=bound)
    return replace(
        scored,
        frame=_joined(scored.frame, decisions.frame, longest),
        decided=DecidedReleases(money, decisions, caution, dependence, bound, record),
        record={**scored.record, "money": record},
    )


def _costs(
    rows: pl.DataFrame, money: MoneySettings, own: Mapping[str, float]
) -> NDArray[np.float64]:
    """Return the cost of promoting each release: its own where the table has one."""
    return np.array([own.get(name, money.cost) for name in rows["release"].to_list()])


def _closed(rows: pl.DataFrame, scored: ScoredReleases, longest: int) -> Flags:
    """Return which releases have no days left to the horizon after the as-of day."""
    import polars as pl

    ends = pl.col("release_date") + pl.duration(days=longest - 1)
    dated = rows.join(scored.keys, on="release", how="left", maintain_order="left")
    return np.asarray(dated.select((ends <= scored.as_of).alias("closed"))["closed"].to_numpy())


def _out_of_bound(rows: pl.DataFrame, bound: FalseHitBound | None, top: str) -> dict[str, Flags]:
    """Return by code which releases the bound stands against."""
    codes = np.array(bound_codes(rows, bound, top), dtype=object)
    # Of another status the code of that status says it already.
    whole = rows["status"].to_numpy() == "ok"
    return {code: whole & (codes == code) for code in BOUND_CODES if (codes == code).any()}


def _joined(frame: pl.DataFrame, decisions: pl.DataFrame, longest: int) -> pl.DataFrame:
    """Return scores with decisions beside them, the largest expected profit first."""
    import polars as pl

    own = decisions.select("release", "decision", "expected_profit", "decision_codes")
    order = decisions.select("release", size=pl.col("expected_profit"))
    return (
        frame.join(
            own.with_columns(horizon=pl.lit(longest, dtype=pl.Int64)),
            on=["release", "horizon"],
            how="left",
            maintain_order="left",
        )
        .join(order, on="release", how="left", maintain_order="left")
        .sort(["size", "release", "horizon"], descending=[True, False, False], nulls_last=True)
        .drop("size")
    )


def _record(
    money: MoneySettings,
    decisions: Decisions,
    dependence: Dependence,
    evidence: Mapping[str, Any],
    *,
    caution: pl.DataFrame | None,
    bound: FalseHitBound | None,
) -> dict[str, Any]:
    """Return the money part of the record of a scoring."""
    import polars as pl

    named = decisions.frame["decision"]
    plain = (pl.col("rule") == "caution") & (pl.col("dial") == 1.0)
    telling = pl.col("chosen") | plain | pl.col("dial").is_null()
    return {
        "settings": money.model_dump(),
        "break_even": float(break_even(money)),
        "decisions": {name: int((named == name).sum()) for name in DECISIONS},
        "funded": asdict(decisions.funded),
        "bound": None if bound is None else asdict(bound),
        "scenarios": {"count": SCENARIOS, **asdict(dependence)},
        "evidence": dict(evidence),
        "caution": [] if caution is None else caution.filter(telling).to_dicts(),
    }


def _of_evidence(evidence: pl.DataFrame | None, top: float) -> dict[str, Any]:
    """Return whether there is enough evidence, and how many past releases there are, of when."""
    lacking = lacks_evidence(evidence, top)
    first = last = None
    if evidence is not None and evidence.height:
        first, last = evidence["release_date"].min(), evidence["release_date"].max()
    return {
        "status": "ok" if lacking is None else NOT_ENOUGH,
        "reason": lacking,
        "releases": 0 if evidence is None else evidence.height,
        "hits": 0 if evidence is None else int((evidence["actual"] >= top).sum()),
        "first": first.isoformat() if isinstance(first, dt.date) else None,
        "last": last.isoformat() if isinstance(last, dt.date) else None,
    }
