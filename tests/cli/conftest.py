"""Fixtures for the tests of the command line: each runs in an empty current folder."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest

from cli.releases_world import write_world
from cli.running import Program, daily, runner, table
from upswell.cli._run import run


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


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a simulated world of releases; not to be changed."""
    folder = tmp_path_factory.mktemp("world") / "world"
    write_world(folder)
    return folder


@pytest.fixture(scope="session")
def trained(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle taught on that world by the command line in one go, with its study beside it."""
    bundle = tmp_path_factory.mktemp("trained") / "releases.bundle"
    words = ["releases", "train", "config.toml", "--trials", "2", "--quiet", "--out", str(bundle)]
    # The names of the sources stand in the bundle, so they are to be the same everywhere.
    with contextlib.chdir(world):
        assert run(words) == 0
    return bundle


@pytest.fixture
def here(world: Path) -> Path:
    """The current folder, with the tables and settings of the world in it."""
    for path in world.iterdir():
        shutil.copy(path, path.name)
    return Path.cwd()
