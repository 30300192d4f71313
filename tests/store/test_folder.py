"""A folder is written whole or not at all, and never at the cost of foreign files."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from store.faults import faults, locked_folder, tree
from upswell.errors import OutputError, SettingError
from upswell.store import check_folder, write_folder

OWNED = {"a.csv", "b.csv", "c.csv"}
OLD = {"a.csv": b"old a", "b.csv": b"old b"}
NEW = {"a.csv": b"new a", "c.csv": b"new c"}


def fill(target: Path, contents: dict[str, bytes]) -> None:
    with write_folder(target, OWNED) as folder:
        for name, data in contents.items():
            folder.write(name, data)


def test_an_absent_folder_is_created_with_its_parents(tmp_path: Path) -> None:
    fill(tmp_path / "x" / "out", NEW)
    assert tree(tmp_path / "x" / "out") == NEW
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == ["out"]


def test_an_owned_folder_is_swapped_and_stale_files_go(tmp_path: Path) -> None:
    fill(tmp_path / "out", OLD)
    fill(tmp_path / "out", NEW)
    assert tree(tmp_path / "out") == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_nothing_is_seen_before_the_block_ends(tmp_path: Path) -> None:
    fill(tmp_path / "out", OLD)
    with write_folder(tmp_path / "out", OWNED) as folder:
        folder.write("a.csv", b"new")
        folder.path("c.csv").write_bytes(b"large")
        assert tree(tmp_path / "out") == OLD
    assert tree(tmp_path / "out") == {"a.csv": b"new", "c.csv": b"large"}


def test_a_file_may_be_taken_over_from_the_folder_that_is_replaced(tmp_path: Path) -> None:
    fill(tmp_path / "out", OLD)
    with write_folder(tmp_path / "out", OWNED) as folder:
        folder.write("a.csv", b"new")
        folder.keep("b.csv")
        folder.keep("c.csv")
        with pytest.raises(SettingError):
            folder.keep("notes.txt")
    assert tree(tmp_path / "out") == {"a.csv": b"new", "b.csv": b"old b"}


@pytest.mark.parametrize("foreign", ["notes.txt", ".hidden", "sub", "link"])
def test_foreign_content_is_named_and_kept(tmp_path: Path, foreign: str) -> None:
    out = tmp_path / "out"
    fill(out, OLD)
    if foreign == "sub":
        (out / "sub").mkdir()
    elif foreign == "link":
        (out / "link").symlink_to(out / "a.csv")
    else:
        (out / foreign).write_bytes(b"mine")
    before = tree(tmp_path)
    with pytest.raises(OutputError, match=foreign) as caught:
        fill(out, NEW)
    assert "empty folder" in (caught.value.fix or "")
    assert tree(tmp_path) == before


def test_an_owned_name_that_is_a_folder_is_foreign(tmp_path: Path) -> None:
    (tmp_path / "out" / "a.csv").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"a\.csv"):
        fill(tmp_path / "out", NEW)


@pytest.mark.parametrize("current", [False, True])
def test_a_foreign_file_that_comes_while_writing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, current: bool
) -> None:
    out = tmp_path / "out"
    fill(out, OLD)
    if current:
        monkeypatch.chdir(out)

    def surprised() -> None:
        with write_folder(out, OWNED) as folder:
            folder.write("a.csv", b"new")
            (out / "late.txt").write_bytes(b"mine")

    with pytest.raises(OutputError, match=r"late\.txt"):
        surprised()
    assert tree(out) == OLD | {"late.txt": b"mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for target, message in (("file", "is a file"), ("file/out", "cannot be written")):
        with pytest.raises(OutputError, match=message):
            fill(tmp_path / target, NEW)
    assert tree(tmp_path) == {"file": b"x"}


def test_a_name_that_is_not_owned_is_refused(tmp_path: Path) -> None:
    for name in ("d.csv", "../a.csv", "/a.csv"):
        with pytest.raises(SettingError, match="not a file of this"):
            fill(tmp_path / "out", {name: b"x"})
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_exception_in_the_block_leaves_everything_as_it_was(
    tmp_path: Path, error: type[BaseException]
) -> None:
    fill(tmp_path / "out", OLD)
    before = tree(tmp_path)

    def interrupted(target: Path) -> None:
        with write_folder(target, OWNED) as folder:
            folder.write("a.csv", b"half")
            raise error

    for target in (tmp_path / "out", tmp_path / "x" / "y"):
        with pytest.raises(error):
            interrupted(target)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("place", ["absent", "there", "current"])
def test_ctrl_c_at_any_moment_leaves_the_old_folder_or_the_new_one(
    tmp_path: Path, place: str, after: bool
) -> None:
    for number, fault in enumerate(faults(KeyboardInterrupt, after=after)):
        out = tmp_path / str(number) / "out"
        out.parent.mkdir()
        if place != "absent":
            fill(out, OLD)
        fault.during(lambda out=out: fill(out, NEW), out if place == "current" else None)
        left = {path.name for path in out.parent.iterdir()}
        if place == "absent":
            assert left <= {"out"}, fault.struck
            assert not left or tree(out) == NEW, fault.struck
        else:
            assert left == {"out"}, fault.struck
            assert tree(out) in (OLD, NEW), fault.struck


@pytest.mark.parametrize("place", ["there", "current"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_every_fault_of_the_disk_keeps_the_old_folder_or_has_the_new_one(
    tmp_path: Path, place: str, code: int
) -> None:
    for number, fault in enumerate(faults(lambda: OSError(code, os.strerror(code)), after=False)):
        out = tmp_path / str(number) / "out"
        fill(out, OLD)
        error = fault.during(lambda out=out: fill(out, NEW), out if place == "current" else None)
        if error is None:
            # What is left of the old one could not be removed; the new one is complete.
            assert NEW.items() <= tree(out).items(), fault.struck
        else:
            assert str(out) in str(error)
            assert tree(out) == OLD, fault.struck


def test_a_full_disk_while_a_file_is_written_keeps_the_old_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    fill(out, OLD)
    opened = Path.open

    def open_full(self: Path, mode: str = "r") -> object:
        return opened(Path("/dev/full"), mode) if self.name == "c.csv" else opened(self, mode)

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(OutputError, match="disk is full") as caught:
        fill(out, NEW)
    monkeypatch.undo()
    assert str(out / "c.csv") in str(caught.value)
    assert tree(tmp_path) == {"out": b"<folder>"} | {f"out/{k}": v for k, v in OLD.items()}


def test_the_current_folder_stays_the_same_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    fill(out, OLD)
    monkeypatch.chdir(out)
    inode = out.stat().st_ino
    fill(Path(), NEW)
    assert out.stat().st_ino == inode
    assert tree(out) == NEW


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    fill(tmp_path / "real", OLD)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    fill(tmp_path / "link", NEW)
    assert (tmp_path / "link").is_symlink()
    assert tree(tmp_path / "real") == NEW


def test_permissions_of_the_folder_are_kept(tmp_path: Path) -> None:
    fill(tmp_path / "out", OLD)
    (tmp_path / "out").chmod(0o750)
    fill(tmp_path / "out", NEW)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o750


def test_checking_changes_nothing(tmp_path: Path) -> None:
    check_folder(tmp_path / "x" / "out", OWNED)
    check_folder(tmp_path, OWNED)
    assert tree(tmp_path) == {}


def test_a_read_only_parent_is_refused() -> None:
    with locked_folder() as folder, pytest.raises(OutputError, match="Permission denied"):
        fill(folder / "out", NEW)
