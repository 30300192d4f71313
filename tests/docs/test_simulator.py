"""The page of the simulator is what the code says of it."""

from __future__ import annotations

import re
import runpy
import sys

import pytest

from documents import ROOT, codes, read, rows
from upswell.simulate.audiences import AudiencePrior

sys.path.append(str(ROOT / "scripts"))
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "simulator.py"))
PAGE = read("docs/simulator.md")
FIGURE = r"-?\d[\d,]*(?:\.\d+)?"


def test_the_page_is_the_one_that_the_script_writes() -> None:
    # Where this fails: PYTHONPATH=src .venv/bin/python scripts/simulator.py
    written = SCRIPT["page"]()
    head, _, measured = PAGE.partition("## What it implies")
    assert head == written.partition("## What it implies")[0]
    found = written.partition("## What it implies")[2]
    assert re.sub(FIGURE, "#", measured) == re.sub(FIGURE, "#", found)
    # Another processor rounds differently here and there.
    pairs = zip(re.findall(FIGURE, measured), re.findall(FIGURE, found), strict=True)
    for one, other in pairs:
        assert float(one.replace(",", "")) == pytest.approx(
            float(other.replace(",", "")), rel=0.1, abs=0.01
        )


def test_every_prior_stands_in_the_page_with_its_reason() -> None:
    listed = [codes(row[0])[0] for row in rows(PAGE) if row[0].startswith("`")]
    assert sorted(listed) == sorted(name for _, name, _ in AudiencePrior().listed())


def test_every_name_with_a_year_stands_among_the_sources() -> None:
    head, _, sources = PAGE.partition("## Sources")
    cited = set(re.findall(r"\(?([A-Z]\w+)(?: and [A-Za-z ]+?)? \(?(\d{4})\)?", head))
    cited = {(name, year) for name, year in cited if 1950 < int(year) < 2027}
    assert len(cited) >= 8
    for name, year in cited:
        assert re.search(rf"{name}[^\n]*(?:\n[^\n]*)?\({year}\)", sources), (name, year)


def test_every_picture_is_there_is_small_and_no_other_is() -> None:
    folder = SCRIPT["PICTURES"]
    shown = {folder.parents[1] / name for name in re.findall(r"\]\((images/[^)]+)\)", PAGE)}
    assert shown == set(folder.iterdir())
    for path in shown:
        data = path.read_bytes()
        assert data.startswith(b"\x89PNG")
        assert len(data) < 120_000
