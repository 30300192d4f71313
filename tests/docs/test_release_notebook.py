"""The notebook of the release job runs from top to bottom and shows what it promises."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from documents import ROOT
from executing import cell_with, executed, is_bare, pictures, printed, ran_without_warnings

NOTEBOOK = ROOT / "notebooks" / "score_releases.ipynb"


def test_it_is_kept_without_outputs() -> None:
    assert is_bare(NOTEBOOK)


def test_it_runs_and_shows_what_it_promises(tmp_path: Path) -> None:
    # One test, so that no second process runs the notebook again.
    found = executed(NOTEBOOK, tmp_path)
    ran_without_warnings(found)
    _the_features_come_with_words_and_a_ledger(found)
    _the_model_stands_beside_its_neighbours(found)
    _the_list_stands_beside_the_truth(found)


def _the_features_come_with_words_and_a_ledger(found: Any) -> None:
    text = printed(cell_with(found, "table = features(config)"))
    assert len(re.findall(r"^  \w+: .+\.$", text, re.MULTILINE)) == 4
    assert re.search(r"^exact-duplicate: \d+ dropped - ", text, re.MULTILINE)


def _the_model_stands_beside_its_neighbours(found: Any) -> None:
    text = printed(cell_with(found, "judged = evaluate(config"))
    for name in ("model", "constant", "median-ratio", "log-linear", "artist-mean"):
        assert f"│ {name} " in text
    assert "Day 30: typical error factor" in text
    floor = re.search(r"floor: RMSLE ([\d.]+)", printed(cell_with(found, "floor_rmsle(world")))
    assert floor
    assert 0.2 < float(floor[1]) < 0.8


def _the_list_stands_beside_the_truth(found: Any) -> None:
    text = printed(cell_with(found, "scored = score(trained"))
    match = re.search(r"(\d+) of (\d+) releases came to lie inside", text)
    assert match
    inside, count = int(match[1]), int(match[2])
    assert inside <= count == len(re.findall(r"│ r\d{4} ", text)) > 5
    assert "short-window" in text
    assert pictures(cell_with(found, "axes.barh(place")) == 1
