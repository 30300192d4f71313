"""The page of an audit: what it says, that it is safe, and that a browser can show it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from releases.auditing.light import CONFIG, light_world, line
from report.conftest import Browser
from report.test_page import Outline
from upswell.releases import AuditedReleases
from upswell.releases.auditing.run import audit_periods
from upswell.releases.auditing.subjects import SIGNALS, Subject, cleaning_rules
from upswell.report.audit import audit_bytes, audit_charts, audit_context, audit_page

EVIL = "</script><script>alert(1)</script>{{ 7 * 7 }}"


@pytest.fixture(scope="module")
def audited() -> AuditedReleases:
    world = light_world(2, misleading=True)
    real, noise = world.groups
    subjects = [real, Subject(EVIL, SIGNALS, noise.features), *cleaning_rules()]
    found = audit_periods(
        world.periods, subjects, world.names, CONFIG, line, instead={}, seeds=3, seed=1
    )
    return replace(found, facts={**found.facts, "base": EVIL, "left_out": []})


def test_the_page_says_what_helps_and_what_hurts(audited: AuditedReleases) -> None:
    outline = Outline(audit_page(audited))
    text = " ".join(" ".join(outline.text).split())
    assert "real: helps, as the error is" in text
    assert ": hurts, as the error is" in text
    for words in ("Error", "Hits found", "Cost", "drop the top 1%", "no-control", "How this was"):
        assert words in text
    rows = [tag for tag, _ in outline.tags if tag == "tr"]
    assert len(rows) == 3 * (1 + 2 + 3)


def test_a_name_cannot_break_out_of_the_page(audited: AuditedReleases) -> None:
    page = audit_page(audited)
    assert "<script>alert" not in page
    assert page.count("<script") == 3
    assert "&lt;/script&gt;&lt;script&gt;" in page


def test_the_same_audit_gives_the_same_page(audited: AuditedReleases) -> None:
    assert audit_bytes(audited) == audit_bytes(audited)


def test_each_measure_has_a_chart_and_each_subject_its_rows(audited: AuditedReleases) -> None:
    assert list(audit_charts(audited)) == [
        f"audit-{measure}-{kind}"
        for measure in ("rmsle", "hit_recall", "cost")
        for kind in ("signals", "cleaning")
    ]
    context = audit_context(audited)
    assert [own["title"] for own in context["subjects"]] == [
        "real",
        EVIL,
        "clip at 1.5 IQR",
        "drop the top 1%",
        "no logarithm",
    ]
    assert all(set(own["by_measure"]) == set(context["measures"]) for own in context["subjects"])


def test_it_opens_in_a_browser_without_network_wide_and_narrow(
    browser: Browser, audited: AuditedReleases, tmp_path: Path
) -> None:
    page = tmp_path / "audit.html"
    page.write_bytes(audit_bytes(audited))
    for width in (1280, 390):
        browser.set_view(width)
        browser.open(page)
        assert browser.complaints() == []
        assert [url for url in browser.requests() if not url.startswith(("data:", "blob:"))] == [
            page.as_uri()
        ]
        assert browser.run("return document.querySelectorAll('[data-chart] svg').length") == 6
        # Nothing but a table in its own frame reaches beyond the screen.
        assert browser.run("return document.documentElement.scrollWidth") <= width
