"""Trainings that are killed, stopped, resumed, or that meet another one."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from cli.releases_world import put, settings
from cli.running import START, Program, contents, environment
from upswell.releases import training

TRAIN = ("releases", "train", "config.toml", "--trials", "2", "--out", "b")


pytestmark = pytest.mark.usefixtures("here")


def _ended(journal: Path) -> int:
    """Return how many trials of a journal have ended."""
    return journal.read_text(encoding="utf-8").count('"result"') if journal.exists() else 0


def _until_a_trial_ended(process: subprocess.Popen[str], journal: Path) -> None:
    limit = time.monotonic() + 120
    while not _ended(journal):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < limit
        time.sleep(0.05)


def _started(*more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*START, *TRAIN, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(OMP_NUM_THREADS="1"),
    )


def test_a_killed_training_is_resumed_to_the_bytes_of_an_uninterrupted_one(
    program: Program, trained: Path
) -> None:
    journal = Path("b.study/streams.journal")
    with _started() as process:
        _until_a_trial_ended(process, journal)
        second = program(*TRAIN, "--resume")
        process.kill()
        process.wait(timeout=60)
    assert second.code == 2
    second.says("another training is at work", "b.study", "wait until it ends")
    assert not Path("b").exists()
    kept = journal.read_bytes()
    assert kept
    anew = program(*TRAIN)
    assert anew.code == 2
    anew.says("journal of an earlier training", "b.study", "--resume")
    assert journal.read_bytes() == kept
    found = program(*TRAIN, "--resume")
    assert (found.code, found.err) == (0, "")
    assert journal.read_bytes().startswith(kept)
    assert Path("b").read_bytes() == trained.read_bytes()


def test_ctrl_c_in_a_study_says_that_it_can_be_resumed() -> None:
    journal = Path("b.study/streams.journal")
    with _started() as process:
        _until_a_trial_ended(process, journal)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, "")
    assert err == (
        "upswell: interrupted: nothing was left half-written; --resume goes on where this training "
        "stopped\n"
    )
    assert not Path("b").exists()
    assert _ended(journal) >= 1


def test_ctrl_c_before_any_trial_leaves_nothing(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "lay_ground", interrupt)
    before = contents(Path.cwd())
    found = program(*TRAIN)
    assert found.code == 130
    assert found.err == "upswell: interrupted: nothing was left half-written\n"
    assert contents(Path.cwd()) == before


def test_a_journal_of_other_settings_is_not_resumed(program: Program, trained: Path) -> None:
    shutil.copytree(trained.with_name("releases.bundle.study"), "b.study")
    before = contents(Path("b.study"))
    put(settings(window=1))
    found = program(*TRAIN, "--resume")
    assert found.code == 2
    found.says("journal is that of another training", "streams.journal", "other data or other")
    found = program(*TRAIN[:4], "2", "--out", "b", "--resume", "--seed", 5)
    assert found.code == 2
    found.says("streams.journal", "another seed")
    assert contents(Path("b.study")) == before


def test_a_training_is_refused_before_its_tables_are_read(program: Program) -> None:
    Path("signals.parquet").write_bytes(b"not a table")
    folder = Path("b.study")
    folder.mkdir()
    (folder / "tiers.journal").write_text("{}\n", encoding="utf-8")
    program(*TRAIN).says("the journal of an earlier training is there")
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        program(*TRAIN).says("another training is at work there")
    finally:
        os.close(handle)
    (folder / "tiers.journal").unlink()
    program(*TRAIN).says("signals.parquet")
    assert not folder.exists()


def test_nothing_but_a_bundle_of_releases_is_replaced(program: Program, trained: Path) -> None:
    before = contents(Path.cwd())
    found = program("releases", "train", "config.toml", "--out", "releases.parquet")
    assert found.code == 2
    found.says("no bundle, and it would be replaced", "releases.parquet")
    assert contents(Path.cwd()) == before
    Path("file").write_text("", encoding="utf-8")
    found = program("releases", "train", "config.toml", "--out", "file/b")
    assert found.code == 2
    found.says("the folder of the training cannot be made", "file/b.study")
    shutil.copy(trained, "b")
    Path("config.toml").write_text("window = 0\n", encoding="utf-8")
    found = program(*TRAIN)
    assert found.code == 2
    found.says("window", "config.toml")
