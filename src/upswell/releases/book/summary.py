"""Model and people beside each other, and beside promoting all and none; who was right."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.releases.book.verdict import PROMOTE
from upswell.scoring import paired_block_bootstrap

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ANSWERS", "Comparison", "compared", "summed"]

ANSWERS = {
    "people-better": "people's decisions brought more, and chance alone would hardly do that",
    "model-better": "the model's decisions brought more, and chance alone would hardly do that",
    "no-difference": "neither side's decisions brought more than chance could explain",
    "depends-on-uplift": "who decided better depends on what promotion really added to outcomes",
    "not-enough-evidence": "too few decisions differ, or they lie in too few weeks, to tell",
}
"""What each answer to the question who decides better means."""

LEAST_WEEKS = 8
LEAST_DIFFERENT = 20
LEVEL = 0.9
_DRAWS = 2000
_WORDS = {"promoted": PROMOTE, "watched": "watch", "held": "hold"}


@dataclass(frozen=True)
class Comparison:
    """Model and people on the releases that both decided.

    Parameters
    ----------
    both
        Releases that both decided, and whose outcome has closed.
    same
        Those on which both say the same word.
    different
        Those that one would promote and the other not.
    people_right, model_right
        Those of `different` on which either is right: a promotion that pays, or none where it
        would not have paid.
    weeks
        Weeks of release in which they differ.
    difference
        Profit of people's decisions less that of the model's.
    low, high
        Its interval at the 90% level, weeks being drawn again; None without enough evidence.
    difference_as_seen
        The same difference, had promotion added nothing to the outcomes of those promoted.
    answer
        A key of `ANSWERS`.
    """

    both: int
    same: int
    different: int
    people_right: int
    model_right: int
    weeks: int
    difference: float
    low: float | None
    high: float | None
    difference_as_seen: float
    answer: str

    def record(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def summed(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Return how each decider did, beside promoting all and none.

    Parameters
    ----------
    verdicts
        As `upswell.releases.book.verdict.verdicts` returns them.

    Returns
    -------
    polars.DataFrame
        Rows by ``scope`` (``all`` that were judged, ``both``: those that model and people decided,
        ``different``: those that one of them would promote and the other not) and ``decider``.
        ``releases`` is how many the scope has, ``undecided`` those of which the decider said
        nothing, which counts as no promotion; then ``promoted``, ``watched``, ``held``, ``hits``,
        ``hits_caught``, ``hits_lost``, ``false_hits``, ``right`` (promotions that pay, and those
        left out that would not have paid), ``profit``, and ``expected_profit``: what the model
        expected of the same promotions, as far as it had scored them.
    """
    import polars as pl

    judged = verdicts.filter(pl.col("status") == "judged")
    both = judged.drop_nulls(["model", "person"])
    scopes = {"all": judged, "both": both, "different": both.filter(_differ())}
    rows = []
    for scope, frame in scopes.items():
        theirs = {"final": "done"} if scope == "all" else {"people": "person"}
        for decider, column in {"model": "model", **theirs}.items():
            rows.append({"scope": scope, "decider": decider, **_tally(frame, frame[column])})
        for decider, word in (("promote all", PROMOTE), ("promote none", "hold")):
            said = pl.repeat(word, frame.height, dtype=pl.String, eager=True)
            rows.append({"scope": scope, "decider": decider, **_tally(frame, said)})
    return pl.DataFrame(rows)


def compared(verdicts: pl.DataFrame, seed: int = 0) -> Comparison:
    """Compare people with the model on the releases that both decided.

    Parameters
    ----------
    verdicts
        As `upswell.releases.book.verdict.verdicts` returns them.
    seed
        Of the draws of the interval.

    Notes
    -----
    Only releases on which one would promote and the other not make a difference. With fewer than
    20 of them, or fewer than 8 weeks in which they were released, no interval is given: few
    blocks make it too narrow. See `upswell.scoring.paired_block_bootstrap`.

    What promotion added to an outcome was never seen, and who promoted more is judged by it. So
    the comparison is made twice: as if it had added the whole uplift, and as if it had added
    nothing. Only where both say the same is anything said.
    """
    import polars as pl

    both = verdicts.filter(pl.col("status") == "judged").drop_nulls(["model", "person"])
    other = both.filter(_differ())
    people_right = int(_right(other, other["person"]).sum())
    week = both["release_date"].dt.truncate("1w")
    weeks = other["release_date"].dt.truncate("1w").n_unique()
    gained = {worth: _gained(both, worth) for worth in ("profit_if_promoted", "profit_as_seen")}
    corrected, seen = (float(own.sum()) for own in gained.values())
    low = high = None
    answer = "not-enough-evidence"
    if other.height >= LEAST_DIFFERENT and weeks >= LEAST_WEEKS:
        ranges = [_interval(own, week, seed) for own in gained.values()]
        low, high = ranges[0]
        said = {_said(*each) for each in ranges}
        answer = said.pop() if len(said) == 1 else "depends-on-uplift"
    return Comparison(
        both=both.height,
        same=int((both["model"] == both["person"]).sum()),
        different=other.height,
        people_right=people_right,
        model_right=other.height - people_right,
        weeks=weeks,
        difference=corrected,
        low=low,
        high=high,
        difference_as_seen=seen,
        answer=answer,
    )


def _gained(both: pl.DataFrame, worth: str) -> NDArray[np.float64]:
    """Return what people's decision brought more than the model's, release by release."""
    sides = [(both[who] == PROMOTE).to_numpy().astype(np.float64) for who in ("person", "model")]
    return np.asarray((sides[0] - sides[1]) * both[worth].to_numpy())


def _interval(gained: NDArray[np.float64], week: pl.Series, seed: int) -> tuple[float, float]:
    """Return the interval of the sum, weeks being drawn again."""
    found = paired_block_bootstrap(
        gained,
        np.zeros_like(gained),
        week.to_numpy(),
        statistic="difference",
        draws=_DRAWS,
        seed=seed,
        level=LEVEL,
    )
    # Of the mean a release, so it is taken times all.
    return found.low * len(gained), found.high * len(gained)


def _said(low: float, high: float) -> str:
    return "people-better" if low > 0 else "model-better" if high < 0 else "no-difference"


def _differ() -> pl.Expr:
    import polars as pl

    return (pl.col("model") == PROMOTE) != (pl.col("person") == PROMOTE)


def _right(frame: pl.DataFrame, said: pl.Series) -> NDArray[np.bool_]:
    """Whether a promotion pays, or would not have paid and was not made."""
    promoted = (said == PROMOTE).fill_null(value=False).to_numpy()
    return np.asarray(promoted == (frame["profit_if_promoted"].to_numpy() > 0))


def _tally(frame: pl.DataFrame, said: pl.Series) -> dict[str, int | float]:
    """Return how one decider did on some releases."""
    hit = frame["hit"].to_numpy()
    promoted = (said == PROMOTE).fill_null(value=False).to_numpy()
    return {
        "releases": frame.height,
        "undecided": said.null_count(),
        **{name: int((said == word).sum()) for name, word in _WORDS.items()},
        "hits": int(hit.sum()),
        "hits_caught": int((hit & promoted).sum()),
        "hits_lost": int((hit & ~promoted).sum()),
        "false_hits": int((~hit & promoted).sum()),
        "right": int(_right(frame, said).sum()),
        "profit": float(frame["profit_if_promoted"].to_numpy()[promoted].sum()),
        "expected_profit": float(
            frame["expected_profit"].fill_null(0.0).to_numpy()[promoted].sum()
        ),
    }
