"""The page of features is what the code says of them."""

from __future__ import annotations

import runpy

from documents import ROOT, codes, read, rows, section

SCRIPT = runpy.run_path(str(ROOT / "scripts" / "catalogue.py"))


def test_the_page_is_the_one_that_the_script_writes() -> None:
    assert SCRIPT["TARGET"] == ROOT / "docs" / "features.md"
    # Where this fails: PYTHONPATH=src .venv/bin/python scripts/catalogue.py
    assert read("docs/features.md") == SCRIPT["page"]()


def test_every_feature_has_a_name_of_its_own_and_a_sentence() -> None:
    table = rows(read("docs/features.md"))
    names = [codes(row[0])[0] for row in table]
    assert len(set(names)) == len(names)
    assert f"{len(names)} features in" in read("docs/features.md")
    for name, text in table:
        assert text.removesuffix(" (a category)").endswith("."), name
    assert len(rows(section(read("docs/features.md"), "track record"))) == 30
