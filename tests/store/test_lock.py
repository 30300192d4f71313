"""One writer at a time: the others wait, and not for ever."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from store.faults import locked_folder
from upswell.errors import OutputError
from upswell.store import lock, sole_writer


def test_a_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    said: list[str] = []
    entered = threading.Event()

    def second() -> None:
        entered.set()
        with sole_writer(path):
            said.append("second")

    other = threading.Thread(target=second)
    with sole_writer(path):
        other.start()
        entered.wait()
        other.join(timeout=0.1)
        said.append("first")
    other.join()
    assert said == ["first", "second"]
    assert list(path.parent.iterdir()) == []


def test_a_writer_that_does_not_end_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.0)
    path = tmp_path / "file"
    expected = pytest.raises(OutputError, match="another program")
    with sole_writer(path), expected, sole_writer(path):
        raise AssertionError
    with sole_writer(path):
        path.write_text("free again")


def test_a_place_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError), sole_writer(tmp_path / "file" / "book"):
        raise AssertionError
    with (
        locked_folder() as folder,
        pytest.raises(OutputError),
        sole_writer(folder / "new" / "book"),
    ):
        raise AssertionError
