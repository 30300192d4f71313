"""The page of the week in a real browser: order, filters, links, paper, a phone, no network."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from report.conftest import Browser
from report.releases.weeks import week_of
from upswell.charts.theme import DARK, LIGHT, Palette
from upswell.report.releases import WeekFacts, week_bytes

NAMES = ["<script>alert(1)</script>", "x" * 300, "Ärger", *(f"song {k:02}" for k in range(21))]
ROWS = """return Array.from(document.querySelectorAll("#week-list tbody tr"))
    .filter((row) => !row.hidden)"""


@pytest.fixture(scope="module")
def facts() -> WeekFacts:
    return week_of(NAMES)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, facts: WeekFacts) -> Path:
    target = tmp_path_factory.mktemp("week") / "report.html"
    target.write_bytes(week_bytes(facts))
    return target


@pytest.fixture(scope="module")
def opened(browser: Browser, page: Path) -> Browser:
    browser.set_view(1280)
    browser.open(page)
    return browser


def put(browser: Browser, name: str, value: str) -> None:
    script = """
        const field = document.getElementById(arguments[0]);
        field.value = arguments[1];
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
    """
    browser.run(script, name, value)


def shown(browser: Browser, of: str) -> list[Any]:
    found: list[Any] = browser.run(f"{ROWS}.map((row) => {of})")
    return found


def settle(browser: Browser) -> None:
    browser.run("return new Promise((done) => setTimeout(done, 300))")


def test_it_opens_without_a_complaint_and_asks_for_nothing(opened: Browser, page: Path) -> None:
    asked = [url for url in opened.requests() if not url.startswith(("data:", "blob:"))]
    assert asked == [page.as_uri()]
    assert opened.complaints() == []
    assert opened.run("return document.querySelectorAll('main script, main img').length") == 0


def test_the_list_begins_with_the_largest_expected_profit(opened: Browser) -> None:
    profits = shown(opened, "Number(row.querySelector('.profit data').value)")
    assert profits == sorted(profits, reverse=True)
    assert len(profits) == len(NAMES)


def test_menu_and_heads_put_the_list_in_one_and_the_same_order(opened: Browser) -> None:
    put(opened, "order", "streams")
    medians = shown(opened, "Number(row.querySelector('.streams data').value)")
    assert medians == sorted(medians, reverse=True)
    click = "document.querySelector(\"th[data-name='streams'] button\").click()"
    opened.run(click)
    assert shown(opened, "Number(row.querySelector('.streams data').value)") == medians[::-1]
    put(opened, "order", "release")
    names = shown(opened, "row.querySelector('.names').textContent.trim().toLowerCase()")
    assert names == sorted(names)
    head = "return document.querySelector(\"th[data-name='release']\").getAttribute('aria-sort')"
    assert opened.run(head) == "ascending"
    put(opened, "order", "decision")
    decisions = shown(opened, "row.dataset.decision")
    assert decisions == sorted(decisions, key=["promote", "watch", "hold"].index)
    opened.run("document.querySelector(\"th[data-name='profit'] button\").click()")
    assert opened.run("return document.getElementById('order').value") == "profit"
    profits = shown(opened, "Number(row.querySelector('.profit data').value)")
    assert profits == sorted(profits, reverse=True)


def test_filters_leave_what_fits_all_of_them(opened: Browser, facts: WeekFacts) -> None:
    last = facts.scores.filter(horizon=30).join(facts.keys, on="release")
    put(opened, "decision", "watch")
    assert len(shown(opened, "1")) == last.filter(decision="watch").height
    put(opened, "tier", "middle")
    both = last.filter(decision="watch", tier="middle")
    assert len(shown(opened, "1")) == both.height
    said = opened.run("return document.getElementById('found').textContent")
    assert said == f"{both.height} of {len(NAMES)}"
    put(opened, "decision", "")
    put(opened, "tier", "")
    put(opened, "search", "ÄRGER")
    assert shown(opened, "row.querySelector('a, bdi').textContent") == ["Ärger"]
    put(opened, "search", "SONG artist 3")
    names = last.select(name=pl.col("release") + " " + pl.col("artist"))["name"].to_list()
    fitting = [name for name in names if "song" in name and "artist" in name and "3" in name]
    assert len(shown(opened, "1")) == len(fitting) > 2
    put(opened, "search", "")
    assert len(shown(opened, "1")) == len(NAMES)


def test_a_link_opens_its_release_and_draws_its_fan(opened: Browser) -> None:
    assert opened.run("return document.querySelectorAll('[data-fan] svg').length") == 0
    opened.run("document.querySelector('#week-list a[href=\"#release-2\"]').click()")
    settle(opened)
    assert opened.run("return document.getElementById('release-2').open")
    drawn = opened.run(
        "return [document.querySelectorAll('[data-fan] svg').length,"
        " document.querySelectorAll('#release-2 [data-fan] svg path').length]"
    )
    assert drawn[0] == 1
    assert drawn[1] > 10
    assert opened.complaints() == []


def test_an_address_with_a_release_opens_it(browser: Browser, page: Path) -> None:
    browser.driver.get("about:blank")
    browser.driver.get(page.as_uri() + "#release-3")
    settle(browser)
    browser.run("return new Promise((done) => setTimeout(done, 500))")
    assert browser.run("return document.getElementById('release-3').open")
    assert browser.run("return document.querySelectorAll('#release-3 [data-fan] svg').length") == 1


def test_on_paper_every_release_is_open_and_drawn(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run("dispatchEvent(new Event('beforeprint'))")
    settle(browser)
    counts = "return [...document.querySelectorAll('details')].filter((e) => e.open).length"
    assert browser.run(counts) == len(NAMES) + 2
    assert browser.run("return document.querySelectorAll('[data-fan] svg').length") == len(NAMES)
    # No chart is wider than a sheet: shrunk to fit, its letters could not be read.
    widths = "return [...document.querySelectorAll('main figure svg, [data-fan] svg')]"
    widths += ".map((e) => e.viewBox.baseVal.width)"
    drawn = browser.run(widths)
    assert len(drawn) > len(NAMES)
    assert max(drawn) <= 690
    browser.run("dispatchEvent(new Event('afterprint'))")
    settle(browser)
    assert browser.run(counts) == 0
    assert max(browser.run(widths)) > 700
    assert browser.complaints() == []
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    hidden = "return getComputedStyle(document.getElementById('controls')).display"
    assert browser.run(hidden) == "none"
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, page: Path) -> None:
    browser.set_view(360)
    browser.open(page)
    browser.run(
        "for (const e of [...document.querySelectorAll('details')].slice(-4)) e.open = true"
    )
    settle(browser)
    assert browser.run("return document.documentElement.scrollWidth") == 360
    wide = browser.run(
        "return Array.from(document.querySelectorAll('main svg, h1, p, form, .week td, summary'))"
        ".filter((e) => e.getBoundingClientRect().right > 361).map((e) => e.outerHTML.slice(0, 80))"
    )
    assert wide == []
    # One scale for all: a bar is as long beside a large profit as beside a small one.
    long = "row.querySelector('.range').getBoundingClientRect().width"
    assert len(set(shown(browser, long))) == 1
    browser.set_view(1280)


def test_a_long_list_shows_its_first_rows_and_finds_all(browser: Browser, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_bytes(week_bytes(week_of([f"song {k:03}" for k in range(130)], full=False)))
    browser.open(target)
    said = "return document.getElementById('found').textContent"
    assert len(shown(browser, "1")) == 100
    assert browser.run(said) == "the first 100 of 130 are shown"
    hidden = browser.run(
        "return document.querySelector('#week-list tbody tr[hidden] bdi').textContent"
    )
    put(browser, "search", hidden)
    assert shown(browser, "row.querySelector('bdi').textContent") == [hidden]
    put(browser, "search", "")
    put(browser, "order", "release")
    assert shown(browser, "row.querySelector('bdi').textContent")[-1] == "song 099"
    browser.run("document.getElementById('more').click()")
    assert len(shown(browser, "1")) == 130
    assert browser.run(said) == ""
    assert browser.run("return document.getElementById('more').hidden")


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG 2 has it."""
    shades = []
    for text in (one, other):
        parts = [int(text[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        shades.append(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    return (max(shades) + 0.05) / (min(shades) + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_all_that_is_written_stands_out_from_its_ground(palette: Palette) -> None:
    for ink in (palette.ink, palette.muted, palette.median, palette.good, palette.warning):
        for ground in (palette.paper, palette.raised):
            assert contrast(ink, ground) >= 4.5


def test_headings_step_down_one_by_one(opened: Browser) -> None:
    levels = opened.run(
        "return [...document.querySelectorAll('h1, h2, h3, h4')].map((e) => Number(e.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_dark_mode_changes_pictures_without_drawing_them_again(
    browser: Browser, page: Path
) -> None:
    stroke = "return getComputedStyle(document.querySelector('.spark path')).stroke"
    browser.open(page)
    light = browser.run(stroke)
    browser.set_view(1280, scheme="dark")
    assert browser.run(stroke) != light
    browser.set_view(1280)


def test_without_money_there_is_a_list_without_decisions(browser: Browser, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_bytes(week_bytes(week_of(["a", "b"], decided=False, full=False, horizons=(14,))))
    browser.open(target)
    put(browser, "search", "a")
    put(browser, "order", "chance")
    browser.run("document.querySelector('details.release').open = true")
    settle(browser)
    assert browser.run("return document.querySelectorAll('[data-fan] svg').length") == 1
    assert browser.complaints() == []
