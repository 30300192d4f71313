"""Fixtures for the tests of the command line: each runs in an empty current folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.running import Program, daily, runner, table


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("UPSWELL_DEBUG", raising=False)


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str]) -> Program:
    """Runs one command in this process."""
    return runner(capsys)


@pytest.fixture
def good() -> Path:
    """A file with 60 days of two creators."""
    return table(Path("views.csv"), daily())


@pytest.fixture
def older() -> Path:
    """An output folder with an older result."""
    folder = Path("out")
    folder.mkdir()
    (folder / "run.json").write_text("{}")
    (folder / "forecast.csv").write_text("older\n")
    return folder
