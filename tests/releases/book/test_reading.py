"""A review read back gives what was judged; anything else is refused."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from releases.book.test_review import BOOK, outcomes
from releases.decisions import REVIEWED
from upswell.errors import SourceError
from upswell.releases import review
from upswell.releases.book import read_review
from upswell.releases.book.saving import save_review


def _written(folder: Path, table: pl.DataFrame) -> Path:
    table.write_csv(folder / "review.csv")
    return folder


def test_each_decision_that_was_judged_gives_a_line(tmp_path: Path) -> None:
    assert read_review(_written(tmp_path, REVIEWED)).rows() == [
        ("one", 41_000.0, "model", "hold", "", 0.0),
        ("one", 41_000.0, "Ana", "promote", "heard it live", 220.0),
        ("two", 900.5, "model", "promote", "", -380.0),
    ]


def test_what_a_review_writes_is_read_back(tmp_path: Path) -> None:
    found = review(BOOK, outcomes=outcomes())
    save_review(found, tmp_path / "r")
    again = read_review(tmp_path / "r")
    of_model = found.frame.filter(pl.col("status") == "judged").drop_nulls("model")
    kept = again.filter(pl.col("who") == "model")
    assert kept["release"].to_list() == of_model["release"].to_list() == ["a", "b"]
    assert kept["decision"].to_list() == of_model["model"].to_list()
    assert kept["profit"].to_list() == pytest.approx(of_model["model_profit"].to_list())
    assert again.filter(pl.col("who") == "Ana")["decision"].to_list() == ["hold"]


@pytest.mark.parametrize(
    "table", [REVIEWED.drop("by"), REVIEWED.with_columns(model_profit=pl.lit("much"))]
)
def test_a_damaged_review_is_refused(tmp_path: Path, table: pl.DataFrame) -> None:
    with pytest.raises(SourceError, match="is not as upswell releases review writes it"):
        read_review(_written(tmp_path, table))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "review.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match="is not as upswell releases review writes it"):
        read_review(tmp_path)


def test_a_folder_without_a_review_is_refused_with_the_command_to_run(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"holds no review\.csv") as caught:
        read_review(tmp_path)
    assert "upswell releases review" in (caught.value.fix or "")
