"""The page in a real browser: sliders, search, foreign names, widths, and no network."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from selenium.webdriver import ActionChains

from pages import PLAN, forecast_of
from report.conftest import Browser
from upswell.capacity import Plan, load_plan, plan_capacity
from upswell.report import write_report

EVIL = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    "\"quoted\" & 'single' {{ 7 * 7 }} ${x}",
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_capacity(forecast_of(EVIL, ["m", "m", "s"]), PLAN)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> Path:
    target = tmp_path_factory.mktemp("page") / "report.html"
    write_report(target, forecast_of(EVIL, ["m", "m", "s"]), plan)
    return target


@pytest.fixture(scope="module")
def opened(browser: Browser, page: Path) -> Browser:
    browser.set_view(1280)
    browser.open(page)
    return browser


def figure(browser: Browser, name: str) -> float:
    query = f"#sliders-answer [data-figure={name}]"
    return float(browser.run("return document.querySelector(arguments[0]).value", query))


def move(browser: Browser, name: str, value: float) -> None:
    script = """
        const input = document.querySelector("#sliders input[name=" + arguments[0] + "]");
        input.value = arguments[1];
        input.dispatchEvent(new Event("input", { bubbles: true }));
    """
    browser.run(script, name, value)


def test_it_opens_without_a_complaint_and_asks_for_nothing(opened: Browser, page: Path) -> None:
    asked = [url for url in opened.requests() if not url.startswith(("data:", "blob:"))]
    assert asked == [page.as_uri()]
    assert opened.complaints() == []


def test_every_chart_is_drawn_and_says_what_it_shows(opened: Browser) -> None:
    script = """return Array.from(document.querySelectorAll(".chart, [data-series]")).map((e) =>
        [e.querySelectorAll("svg path").length, e.getAttribute("aria-label") || ""])"""
    drawn = opened.run(script)
    assert len(drawn) == 6 + 5
    assert all(paths > 3 and len(text) > 40 for paths, text in drawn)


def test_names_from_the_data_are_text(opened: Browser) -> None:
    shown = opened.run(
        "return Array.from(document.querySelectorAll('#series-table .draw')).map((b) => "
        "b.textContent)"
    )
    assert set(EVIL) <= set(shown)
    assert opened.run("return document.querySelectorAll('main script, main img').length") == 0
    assert opened.run("return document.querySelectorAll('script').length") == 3


def test_figures_have_the_separators_of_the_reader(opened: Browser) -> None:
    assert opened.run("return navigator.language") == "de-DE"
    locale = opened.run("return numberLocale()")
    assert (locale["decimal"], locale["thousands"]) == (",", ".")
    cell = "document.querySelector('#series-table tbody td.number data')"
    value = float(opened.run(f"return {cell}.value"))
    assert opened.run(f"return {cell}.textContent") == f"{value:,.0f}".replace(",", ".")


def test_a_slider_that_moves_gives_the_plan_of_the_new_price(opened: Browser, plan: Plan) -> None:
    assert figure(opened, "commitment") == plan.commitment
    assert figure(opened, "cost") == plan.cost.expected
    forecast = forecast_of(EVIL, ["m", "m", "s"])
    for name, value in (("reserved", 0.085), ("headroom", 0.5), ("limit", 50)):
        changed = json.loads(json.dumps(PLAN))
        if name == "reserved":
            changed["prices"]["reserved"] = value
            changed["prices"]["tiers"][0]["reserved"] *= value / 0.06
        elif name == "headroom":
            changed["unit"]["headroom"] = value
        else:
            changed["limit"]["units"] = value
        exact = plan_capacity(forecast, changed)
        move(opened, name, value)
        assert figure(opened, "commitment") != plan.commitment or name == "limit"
        assert figure(opened, "commitment") == pytest.approx(exact.commitment, abs=1)
        assert figure(opened, "cost") == pytest.approx(exact.cost.expected, rel=0.01)
        assert exact.outlook.overload is not None
        assert figure(opened, "chance") == pytest.approx(exact.outlook.overload.chance, abs=0.01)
        opened.run("document.querySelector('#sliders button[type=reset]').click()")
        opened.run("return new Promise((done) => setTimeout(done, 20))")
        assert figure(opened, "commitment") == plan.commitment
    assert opened.complaints() == []


def test_the_cost_curve_follows_a_slider(opened: Browser) -> None:
    path = "[data-chart=cost] [aria-roledescription='line mark']"
    line = f'return document.querySelector("{path}").getAttribute("d")'
    before = opened.run(line)
    move(opened, "on_demand", 0.18)
    opened.run("return new Promise((done) => setTimeout(done, 100))")
    assert opened.run(line) != before
    opened.run("document.querySelector('#sliders button[type=reset]').click()")
    opened.run("return new Promise((done) => setTimeout(done, 100))")
    assert opened.run(line) == before


def test_the_pointer_is_told_the_figures_of_a_day(opened: Browser) -> None:
    chart = opened.driver.find_element("css selector", "[data-chart=total]")
    ActionChains(opened.driver).move_to_element_with_offset(chart, 330, 40).perform()
    opened.run("return new Promise((done) => setTimeout(done, 100))")
    told = opened.run("return document.getElementById('vg-tooltip-element').innerText")
    assert {"day", "median", "10%", "90%"} <= set(told.split())


def test_at_their_first_position_the_sliders_agree_with_the_plan(
    opened: Browser, plan: Plan
) -> None:
    script = """
        const data = JSON.parse(document.getElementById("data").textContent).plan;
        const found = planFor(data, data.settings);
        return [found.commitment, found.cost, found.chance, rulesFor(data, found)];
    """
    commitment, cost, chance, rules = opened.run(script)
    assert commitment == pytest.approx(plan.commitment, abs=1)
    assert cost == pytest.approx(plan.cost.expected, rel=0.005)
    assert plan.outlook.overload is not None
    assert chance == pytest.approx(plan.outlook.overload.chance, abs=0.01)
    for rule in rules:
        exact = plan.outlook.rule(rule["rule"])
        assert rule["units"] == pytest.approx(exact.commitment, abs=1)
        assert rule["cost"] == pytest.approx(exact.cost.expected, rel=0.01)


def test_the_least_cost_of_the_page_is_that_of_every_whole_number(opened: Browser) -> None:
    script = """
        const [units, settings, most] = arguments;
        const terms = termsOf(settings);
        const costs = [];
        for (let c = terms.existing; c <= most; c += 1)
            costs.push(expectedCost(c, units, terms, 1));
        return [leastCost(units, terms, 1), costs];
    """
    rng = np.random.default_rng(5)
    for existing, apply, limit in (
        (0, "units-above", None),
        (7, "all-units", {"units": 30}),
        (3, "units-above", {"units": 40, "on_demand": 6}),
        (0, "all-units", {"on_demand": 4}),
    ):
        settings = {
            "unit": {"views_per_hour": 1.0},
            "prices": {
                "reserved": 0.07,
                "on_demand": 0.1,
                "shortage": 0.4,
                "tiers": [{"from": 12, "reserved": 0.06}, {"from": 20, "reserved": 0.03}],
                "tiers_apply_to": apply,
            },
            "commitment": {"existing": existing},
            "limit": limit,
        }
        units = np.ceil(rng.gamma(3.0, 6.0, 60)).tolist()
        record = load_plan(settings).model_dump(mode="json", by_alias=True)
        most = limit["units"] if limit and "units" in limit else int(max(units)) + 5
        best, costs = opened.run(script, units, record, most)
        assert best["cost"] == pytest.approx(min(costs), rel=1e-12)
        assert costs[int(best["commitment"]) - existing] == pytest.approx(min(costs), rel=1e-12)


def test_the_search_leaves_the_series_that_match(opened: Browser) -> None:
    type_in = """
        const field = document.getElementById("search");
        field.value = arguments[0];
        field.dispatchEvent(new Event("input"));
        return Array.from(document.querySelectorAll("#series-table tbody tr:not([hidden])")).length;
    """
    assert opened.run(type_in, "ALERT(1)") == 1
    assert opened.run(type_in, "category") == 2
    assert opened.run(type_in, "") == 6


def test_the_table_can_be_sorted_by_any_column(opened: Browser) -> None:
    click = """
        document.querySelectorAll("#series-table thead button")[arguments[0]].click();
        return Array.from(document.querySelectorAll("#series-table tbody tr")).map((row) =>
            row.cells[arguments[0]].textContent);
    """
    down = opened.run(click, 3)
    assert opened.run(click, 3) == down[::-1]
    names = opened.run(click, 0)
    assert names == sorted(names, key=str.lower)


def test_a_click_on_a_name_draws_its_series(opened: Browser) -> None:
    opened.run("document.querySelector('#series-table .draw').click()")
    opened.run("return new Promise((done) => setTimeout(done, 300))")
    drawn = "return document.querySelectorAll('#series-table tr.drawn svg path').length"
    assert opened.run(drawn) > 3
    opened.run("document.querySelector('#series-table .draw').click()")
    assert opened.run(drawn) == 0


def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, page: Path) -> None:
    browser.set_view(390)
    browser.open(page)
    assert browser.run("return document.documentElement.scrollWidth") == 390
    wide = browser.run(
        "return Array.from(document.querySelectorAll('main svg, h1, p, form')).filter((e) =>"
        " e.getBoundingClientRect().right > 391).map((e) => e.outerHTML.slice(0, 80))"
    )
    assert wide == []


def test_dark_mode_changes_charts_without_drawing_them_again(browser: Browser, page: Path) -> None:
    ink = """return getComputedStyle(document.querySelector(".chart svg text")).fill"""
    browser.set_view(1280)
    browser.open(page)
    light = browser.run(ink)
    browser.set_view(1280, scheme="dark")
    assert browser.run(ink) != light
    browser.set_view(1280)


def test_without_a_plan_the_page_is_whole_and_says_nothing_of_money(
    browser: Browser, tmp_path: Path
) -> None:
    target = tmp_path / "report.html"
    write_report(target, forecast_of(["ana"], horizon=1, calendar=False))
    browser.open(target)
    assert browser.complaints() == []
    assert browser.run("return document.querySelectorAll('.chart svg').length") == 3
    assert browser.run("return document.getElementById('sliders')") is None
