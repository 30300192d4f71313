"""From scores with decisions to the entries that the model writes into a decision book."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from upswell.errors import SettingError
from upswell.releases.book.entries import ModelEntry, MoneyThen

if TYPE_CHECKING:
    from upswell.releases.scoring import ScoredReleases

__all__ = ["entries_of"]


def entries_of(scored: ScoredReleases) -> list[ModelEntry]:
    """Return an entry for each release that was decided, in the order of the scores.

    A bundle that was trained later than the as-of day of the scores knew what came after it, so the
    later of the two days is that of the entry.

    Parameters
    ----------
    scored
        With decisions; rows without one, such as those of shorter horizons, are passed over.

    Raises
    ------
    SettingError
        When the scores hold no decisions.
    """
    frame, decided = scored.frame, scored.decided
    if decided is None:
        raise SettingError(
            "the scores hold no decisions, so there is nothing to write into a decision book",
            fix="give money: in [money] of the training's settings, or by --money",
        )
    tiers = scored.record["tiers"]
    top, start = tiers["names"][-1], tiers["bounds"][-1]
    day = max(scored.as_of, dt.date.fromisoformat(scored.record["bundle"]["as_of"]))
    released = dict(scored.keys.select("release", "release_date").iter_rows())
    then = MoneyThen.model_validate(decided.money.model_dump(mode="json"))
    return [
        ModelEntry(
            release=row["release"],
            on=day,
            decision=row["decision"],
            codes=row["decision_codes"] or "",
            expected_profit=row["expected_profit"],
            released=released.get(row["release"]),
            horizon=row["horizon"],
            tier=top,
            tier_from=start,
            chance=row[f"probability_{top}"],
            mean=row["mean"],
            q10=row["q10"],
            q50=row["q50"],
            q90=row["q90"],
            bundle=scored.record["bundle"]["sha256"],
            cost=scored.costs.get(row["release"]),
            money=then,
        )
        for row in frame.drop_nulls("decision").iter_rows(named=True)
    ]
