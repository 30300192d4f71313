"""The price of caution as the figures of a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upswell.charts import CautionCurve

if TYPE_CHECKING:
    import polars as pl

__all__ = ["caution_curve"]

_OTHERS = {"window-total": "as many, by window total", "log-linear": "log-linear line"}


def caution_curve(caution: pl.DataFrame, currency: str = "") -> CautionCurve:
    """Return the curve of the dial in use, beside the trivial rules.

    Parameters
    ----------
    caution
        As of `upswell.releases.deciding.price.price_of_caution`.
    currency
        Name of the currency.
    """
    import polars as pl

    chosen = caution.filter("chosen")["rule"].to_list()
    kind = chosen[0] if chosen else "caution"
    # The curve begins without caution, whatever the dial is.
    plain = caution.filter((pl.col("rule") == "caution") & (pl.col("dial") == 1.0))
    own = caution.filter((pl.col("rule") == kind) & (pl.col("dial") != 1.0))
    rows = pl.concat([plain, own]).to_dicts()
    others = {
        _OTHERS[row["rule"]]: (row["false_hits_avoided"], row["hits_lost"], row["profit"])
        for row in caution.to_dicts()
        if row["rule"] in _OTHERS
    }
    return CautionCurve(
        dials=["no caution" if row["rule"] != kind else f"{kind} {row['dial']:g}" for row in rows],
        avoided=[row["false_hits_avoided"] for row in rows],
        lost=[row["hits_lost"] for row in rows],
        profit=[row["profit"] for row in rows],
        chosen=next((place for place, row in enumerate(rows) if row["chosen"]), None),
        others=others,
        currency=currency,
        releases=rows[0]["hits"] + rows[0]["hits_missed"] + _others(caution),
    )


def _others(caution: pl.DataFrame) -> int:
    """Return how many past releases were no hits: all of them would have been promoted by all."""
    return int(caution.filter(rule="all")["false_hits"][0])
