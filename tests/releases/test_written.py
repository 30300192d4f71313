"""A file that a command wrote is read, or refused with the command that writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from upswell.errors import SourceError
from upswell.releases import _written
from upswell.releases._written import written_text


def test_the_text_is_given_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("ä\n", encoding="utf-8")
    assert written_text(path, "upswell x") == "ä\n"


def test_a_file_far_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_text("12345")
    monkeypatch.setattr(_written, "MOST_BYTES", 5)
    assert written_text(path, "upswell x") == "12345"
    monkeypatch.setattr(_written, "MOST_BYTES", 4)
    with pytest.raises(SourceError, match=r"a\.json is not as upswell x writes it"):
        written_text(path, "upswell x")


def test_a_missing_file_names_folder_and_command(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"the folder holds no a\.json") as caught:
        written_text(tmp_path / "a.json", "upswell x")
    assert str(tmp_path) in str(caught.value)
    assert caught.value.fix == "give the folder that upswell x wrote to"
