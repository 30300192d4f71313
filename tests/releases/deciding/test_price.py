"""The price of caution: counted again release by release."""

from __future__ import annotations

import polars as pl
import pytest

from releases.deciding.making import frame_of, lognormal, money, past
from upswell.releases.deciding.picture import caution_curve
from upswell.releases.deciding.price import (
    CAUTIONS,
    QUANTILES,
    lacks_evidence,
    price_of_caution,
)
from upswell.releases.deciding.prospects import prospects_of

TOP = 150_000.0


@pytest.mark.parametrize("own", [money(caution=2.5), money(quantile=0.22), money()])
def test_every_row_is_what_counting_gives(own: object) -> None:
    evidence = past()
    table = price_of_caution(evidence, own, TOP)  # type: ignore[arg-type]
    found = prospects_of(evidence, money())
    gains, losses = found.gain.tolist(), found.loss.tolist()
    rows = evidence.to_dicts()
    neutral = [gain >= loss for gain, loss in zip(gains, losses, strict=True)]

    def counted(promoted: list[bool]) -> dict[str, float]:
        pairs = list(zip(promoted, rows, strict=True))
        hits = sum(p and row["actual"] >= TOP for p, row in pairs)
        false = sum(p and row["actual"] < TOP for p, row in pairs)
        return {
            "promoted": sum(promoted),
            "hits": hits,
            "false_hits": false,
            "hits_missed": sum(row["actual"] >= TOP for row in rows) - hits,
            "losing": sum(p and row["actual"] < 100_000 for p, row in pairs),
            "profit": sum(0.002 * row["actual"] - 200 for p, row in pairs if p),
        }

    first = counted(neutral)
    for row in table.to_dicts():
        if row["rule"] == "caution":
            mask = [g >= row["dial"] * x for g, x in zip(gains, losses, strict=True)]
            mask = [m and n for m, n in zip(mask, neutral, strict=True)]
        elif row["rule"] == "log-linear":
            mask = [each["log_linear"] >= 100_000 for each in rows]
        elif row["rule"] in ("all", "none"):
            mask = [row["rule"] == "all"] * len(rows)
        else:
            continue
        expected = counted(mask)
        assert {name: row[name] for name in expected} == pytest.approx(expected), row
        assert row["hits_lost"] == first["hits"] - expected["hits"]
        assert row["false_hits_avoided"] == first["false_hits"] - expected["false_hits"]
        if expected["promoted"]:
            each = expected["profit"] / expected["promoted"]
            assert row["profit_per_release"] == pytest.approx(each)


def test_a_quantile_promotes_what_pays_there() -> None:
    evidence = past()
    table = price_of_caution(evidence, money(quantile=0.25), TOP)
    row = table.filter(rule="quantile", dial=0.25).to_dicts()[0]
    assert row["chosen"]
    assert row["promoted"] == int((evidence["q25"] >= 100_000).sum())
    assert not table.filter(rule="caution")["chosen"].any()


@pytest.mark.parametrize("own", [money(caution=2.5), money(quantile=0.22), money()])
def test_the_dial_in_use_has_its_place_in_the_grid(own: object) -> None:
    table = price_of_caution(past(), own, TOP)  # type: ignore[arg-type]
    assert table["chosen"].sum() == 1
    dials = table.filter(rule="caution")["dial"].to_list()
    assert dials == sorted(dials)
    assert set(CAUTIONS) <= set(dials)
    levels = table.filter(rule="quantile")["dial"].to_list()
    assert levels == sorted(levels, reverse=True)
    assert set(QUANTILES) <= set(levels)
    (chosen,) = table.filter("chosen").to_dicts()
    top = table.filter(rule="window-total").to_dicts()[0]
    assert top["promoted"] == chosen["promoted"]


def test_more_caution_avoids_more_false_hits_and_loses_more_hits() -> None:
    table = price_of_caution(past(), money(), TOP).filter(rule="caution")
    for column in ("hits_lost", "false_hits_avoided"):
        assert table[column].is_sorted()
        assert table[column][0] == 0
    assert table["false_hits_avoided"][-1] > 0


def test_the_largest_window_totals_are_taken() -> None:
    curves = lognormal([300_000.0] * 3 + [10_000.0] * 3, 0.4)
    evidence = frame_of(
        curves,
        actual=[200_000.0, 90_000.0, 0.0, 160_000.0, 0.0, 0.0],
        window_total=[1.0, 9.0, 2.0, 8.0, 7.0, 3.0],
        log_linear=[0.0] * 6,
    )
    (row,) = price_of_caution(evidence, money(), TOP).filter(rule="window-total").to_dicts()
    # Three are worth it, so the three of the largest totals are taken.
    assert (row["promoted"], row["hits"], row["false_hits"], row["losing"]) == (3, 1, 2, 2)
    assert row["profit"] == pytest.approx((180 - 200) + (320 - 200) - 200)


def test_too_little_evidence_says_why() -> None:
    assert "trained without [money]" in (lacks_evidence(None, TOP) or "")
    assert "29 past releases, and 30 are needed" in (lacks_evidence(past(29), TOP) or "")
    assert "none of 200" in (lacks_evidence(past(), 1e12) or "")
    assert lacks_evidence(past(), TOP) is None


@pytest.mark.parametrize("own", [money(caution=2.5), money(quantile=0.22)])
def test_the_curve_of_the_chart_has_the_figures_of_the_table(own: object) -> None:
    table = price_of_caution(past(), own, TOP)  # type: ignore[arg-type]
    curve = caution_curve(table, "USD")
    assert curve.releases == 200
    assert (curve.avoided[0], curve.lost[0]) == (0, 0)
    assert curve.chosen is not None
    (row,) = table.filter("chosen").to_dicts()
    place = curve.chosen
    assert curve.dials[place] == f"{row['rule']} {row['dial']:g}"
    assert (curve.avoided[place], curve.lost[place], curve.profit[place]) == (
        row["false_hits_avoided"],
        row["hits_lost"],
        row["profit"],
    )
    for name, rule in (("log-linear line", "log-linear"), ("as many, by window total",) * 2):
        others = table.filter(pl.col("rule") == rule).to_dicts()
        if others:
            assert curve.others[name][1] == others[0]["hits_lost"]
