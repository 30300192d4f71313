"""The page as text: its order, its words, its size; nothing in it can run or be fetched."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from pages import PLAN, forecast_of
from upswell.capacity import Plan, plan_capacity
from upswell.data import Action, Ledger, Repair
from upswell.forecasting import Forecast
from upswell.report import forecast_page, write_report

NAMES = ["ana", "</script><script>alert(1)</script>", 'x" onmouseover="alert(2)', "\u202egnp.exe"]


class Outline(HTMLParser):
    """Tags with their attributes, and the text of the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.scripts: list[str] = []
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's signature
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.scripts.append(data)
        elif not self.inside:
            self.text.append(data)

    def words(self) -> str:
        """All text, with single spaces."""
        return " ".join("".join(self.text).split())

    def sections(self) -> list[str | None]:
        """Anchors of the second headings, in their order."""
        return [attributes.get("id") for tag, attributes in self.tags if tag == "h2"]


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    made = forecast_of(NAMES, ["m", "m", "<b>s</b>", "m"], absent=["gone"])
    repair = Repair("gap", Action.FLAGGED, "no row <i>stands</i>", 3, "ana", "2025-01-03")
    return replace(made, panel=replace(made.panel, ledger=Ledger((repair,))))


@pytest.fixture(scope="module")
def plan(forecast: Forecast) -> Plan:
    return plan_capacity(forecast, {**PLAN, "limit": {"units": 150}})


@pytest.fixture(scope="module")
def page(forecast: Forecast, plan: Plan) -> str:
    return forecast_page(forecast, plan)


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    return Outline(page)


def test_the_sections_stand_in_the_order_in_which_a_reader_asks(outline: Outline) -> None:
    assert outline.sections() == [
        *("day", "sum", "risk", "cost", "series", "scores", "ledger", "made"),
    ]
    assert outline.tags.index(("h1", {"class": "answer", "id": "answer"})) < next(
        place for place, (tag, _) in enumerate(outline.tags) if tag == "h2"
    )


def test_without_a_plan_the_parts_on_capacity_are_absent(forecast: Forecast) -> None:
    page = Outline(forecast_page(forecast))
    assert page.sections() == ["day", "sum", "series", "scores", "ledger", "made"]
    assert "Commit" not in page.words()
    assert "half the time more than" in page.words()


def test_the_answer_has_its_numbers(forecast: Forecast, plan: Plan, outline: Outline) -> None:
    words = outline.words()
    low, high = plan.outlook.views.low, plan.outlook.views.high
    assert low == forecast.range_of()[0]
    assert f"between {low:,.4g}" in words.replace(" million", "") or f"{low / 1e6:.4g}" in words
    assert f"{high / 1e6:.4g} million views" in words
    assert f"Commit to {plan.commitment} units, {plan.to_reserve} of them new" in words
    assert "EUR expected, and the chance to run short is" in words


def test_text_from_the_data_is_text_everywhere(outline: Outline) -> None:
    names = {tag for tag, _ in outline.tags}
    assert not names & {"b", "i", "img", "iframe", "object", "embed", "link"}
    assert all(not key.startswith("on") for _, attributes in outline.tags for key in attributes)
    words = outline.words()
    assert "</script><script>alert(1)</script>" in words
    assert "no row <i>stands</i>" in words
    assert "\u202e" not in words


def test_text_from_the_plan_is_text_too(forecast: Forecast) -> None:
    settings = {
        "unit": {"views_per_hour": 100.0},
        "prices": {"reserved": 0.06, "on_demand": 0.1, "currency": "<b>"},
        "overlays": [
            {
                "name": "<i>launch</i>",
                "kind": "multiply",
                "from": "2025-03-03",
                "to": "2025-03-04",
                "factor": 2.0,
            }
        ],
    }
    page = Outline(forecast_page(forecast, plan_capacity(forecast, settings)))
    assert not {tag for tag, _ in page.tags} & {"b", "i"}
    words = page.words()
    assert "with <i>launch</i>" in words
    assert "Without the overlays (<i>launch</i>) it would be" in words
    assert "without what the plan lays over it" in words
    assert "<b> expected" in words


def test_data_in_the_page_cannot_end_their_script_element(outline: Outline) -> None:
    kinds = [attributes.get("type") for tag, attributes in outline.tags if tag == "script"]
    assert kinds == ["application/json", None, None]
    data = json.loads(outline.scripts[0])
    assert any("alert(1)" in text for text in data["series"]["texts"])
    assert "<" not in outline.scripts[0]


def test_nothing_is_fetched_and_no_other_script_may_run(outline: Outline) -> None:
    assert all("src" not in a and "href" not in a for _, a in outline.tags)
    policies = [a["content"] for t, a in outline.tags if a.get("http-equiv")]
    (policy,) = policies
    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.split(";")[1]


def test_every_chart_has_an_alternative_text_and_its_data(outline: Outline) -> None:
    figures = [a for _, a in outline.tags if "data-chart" in a]
    named = [str(a["data-chart"]) for a in figures]
    assert named == ["total", "sum", "overload", "units", "cost", "scores"]
    assert all(len(str(a["aria-label"])) > 40 for a in figures)
    assert set(json.loads(outline.scripts[0])["charts"]) == set(named)


def test_how_it_was_made_is_there(forecast: Forecast, outline: Outline) -> None:
    words = outline.words()
    assert "ensemble (asked for: auto)" in words
    assert f"Seed{forecast.seed}" in words.replace(" ", "")
    assert re.search(r"upswell \d+\.\d+", words)
    assert "numpy" in words


def test_series_without_a_future_are_listed_with_the_reason(outline: Outline) -> None:
    assert "refused nothing was observed in the last days: the series has ended" in outline.words()


def test_the_scorecard_stands_beside_the_trivial_forecast(outline: Outline) -> None:
    texts = [a["aria-label"] for _, a in outline.tags if a.get("data-chart") == "scores"]
    (text,) = texts
    assert str(text).endswith(": ensemble 0.80, ets-log 0.90, seasonal-naive 1.00.")


def test_equal_input_gives_an_equal_page(forecast: Forecast, plan: Plan, page: str) -> None:
    assert forecast_page(forecast, plan) == page


@pytest.mark.parametrize("horizon", [30, 365])
def test_two_hundred_series_take_at_most_two_megabytes(tmp_path: Path, horizon: int) -> None:
    names = [f"a creator with a name of usual length {k}" for k in range(190)]
    groups = [f"category {k % 9}" for k in range(190)]
    made = forecast_of(names, groups, days=1200, horizon=horizon, scale=1e6, paths=40)
    target = tmp_path / "report.html"
    plan = plan_capacity(made, {**PLAN, "limit": {"units": 10**9}}) if horizon == 30 else None
    write_report(target, made, plan)
    assert target.stat().st_size < 2_000_000


def test_thousands_of_series_leave_the_page_small_and_are_counted() -> None:
    made = forecast_of([f"c{k}" for k in range(1200)], days=40, horizon=7, paths=100)
    page = forecast_page(made)
    assert len(page) < 2_000_000
    assert "900 more series stand in" in Outline(page).words()


def test_a_total_of_zero_over_one_day_is_no_trouble() -> None:
    made = forecast_of(["ana"], horizon=1)
    flat = replace(made, paths=np.zeros_like(made.paths))
    assert "the next day brings between" in Outline(forecast_page(flat)).words()
