"""One file is written whole or not at all, whatever happens."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from store.faults import faults, locked_folder, tree
from upswell.errors import OutputError, SourceError
from upswell.store import write_bytes, write_whole


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_bytes(path, b"one")
    assert tree(tmp_path) == {"a.txt": b"one"}
    write_bytes(str(path), b"two")
    assert tree(tmp_path) == {"a.txt": b"two"}


def test_missing_parents_are_created(tmp_path: Path) -> None:
    write_bytes(tmp_path / "x" / "y" / "a.txt", b"one")
    assert (tmp_path / "x" / "y" / "a.txt").read_bytes() == b"one"


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SystemExit])
def test_an_exception_in_the_block_leaves_everything_as_it_was(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def interrupted(target: Path) -> None:
        with write_whole(target) as file:
            file.write(b"half")
            raise error

    for target in (path, tmp_path / "x" / "y" / "b.txt"):
        with pytest.raises(error):
            interrupted(target)
    assert tree(tmp_path) == {"a.txt": b"old"}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("old", [b"old", None])
def test_ctrl_c_at_any_moment_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, old: bytes | None, after: bool
) -> None:
    for number, fault in enumerate(faults(KeyboardInterrupt, after=after)):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / ("a.txt" if old else "x/a.txt")
        if old:
            path.write_bytes(old)
        before = tree(folder)
        fault.during(lambda path=path: write_bytes(path, b"new"))
        written = {str(path.relative_to(folder)): b"new"} | ({} if old else {"x": b"<folder>"})
        assert tree(folder) in (before, written), fault.struck


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_every_fault_of_the_disk_becomes_an_output_error(tmp_path: Path, code: int) -> None:
    for number, fault in enumerate(faults(lambda: OSError(code, os.strerror(code)), after=False)):
        path = tmp_path / str(number) / "a.txt"
        error = fault.during(lambda path=path: write_bytes(path, b"new"))
        if error is None:
            # Syncing the folder is a wish; the file is there.
            assert path.read_bytes() == b"new"
        else:
            assert str(path) in str(error)
            assert "what to do" in str(error)
            assert not path.parent.exists(), fault.struck


def test_a_full_disk_of_the_kernel_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    opened = Path.open

    def open_full(self: Path, mode: str = "r") -> object:
        opened(self, mode).close()
        return opened(Path("/dev/full"), "wb")

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(OutputError, match="disk is full"):
        write_bytes(path, b"new" * 100_000)
    monkeypatch.undo()
    assert tree(tmp_path) == {"a.txt": b"old"}


def test_a_file_size_limit_of_the_kernel_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "from upswell.errors import OutputError; from upswell.store import write_bytes\n"
        "try: write_bytes(sys.argv[1], bytes(5000))\n"
        "except OutputError as error: print(error)"
    )
    source = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env=os.environ | {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "disk is full" in done.stdout
    assert tree(tmp_path) == {"a.txt": b"old"}


def test_a_folder_or_device_or_impossible_path_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path, message in (
        (tmp_path, "is a folder"),
        (Path("/dev/null"), "device"),
        (tmp_path / "file" / "a.txt", "cannot be written"),
        (tmp_path / ("x" * 300), "cannot be written"),
        (tmp_path / "loop", "cannot be written"),
        (tmp_path / "a\0b", "cannot be named"),
    ):
        with pytest.raises(OutputError, match=message) as caught:
            write_bytes(path, b"x")
        assert caught.value.fix
    assert Path("/dev/null").is_char_device()
    assert sorted(tree(tmp_path)) == ["file", "loop"]


def test_a_read_only_folder_is_refused() -> None:
    with locked_folder() as folder:
        for path in (folder / "a.txt", folder / "x" / "a.txt"):
            with pytest.raises(OutputError, match="Permission denied") as caught:
                write_bytes(path, b"x")
            assert "may write" in (caught.value.fix or "")


def test_a_link_stays_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_bytes(b"old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real" / "a.txt")
    write_bytes(tmp_path / "link.txt", b"new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real" / "a.txt").read_bytes() == b"new"


def test_permissions_are_kept_and_new_files_follow_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_bytes(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o640
    mask = os.umask(0o027)
    try:
        write_bytes(tmp_path / "b.txt", b"new")
    finally:
        os.umask(mask)
    assert (tmp_path / "b.txt").stat().st_mode & 0o777 == 0o640


def test_errors_of_others_pass_through(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"input\.csv"), write_whole(tmp_path / "a.txt"):
        (tmp_path / "input.csv").read_bytes()
    with pytest.raises(SourceError), write_whole(tmp_path / "a.txt"):
        raise SourceError("the input changed")
    assert tree(tmp_path) == {}
