"""Every bad input through the command line: one block, the right code, and nothing is lost."""

from __future__ import annotations

import errno
import gzip
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cli.running import FAST, FIRST_DAY, Program, contents, daily, table, views
from store.faults import locked_folder

SMALL = Path(__file__).parents[1] / "bad_inputs"
HEADER = "Day,Creator,Views"


def _write(name: str, data: bytes) -> Path:
    path = Path(name)
    path.write_bytes(data)
    return path


def _rows(*changed: str) -> list[str]:
    """Good rows under some that are not."""
    return [*changed, *daily(days=40)]


def _truncated_gzip() -> Path:
    whole = gzip.compress("\n".join([HEADER, *daily()]).encode(), mtime=0)
    return _write("views.csv.gz", whole[:-20])


def _truncated_parquet() -> Path:
    buffer = io.BytesIO()
    pl.DataFrame({"Day": [1, 2], "Creator": ["a", "a"], "Views": [5, 6]}).write_parquet(buffer)
    return _write("views.parquet", buffer.getvalue()[:-10])


def _wide_without_days() -> Path:
    names = [f"x{i}" for i in range(10_000)]
    return table(Path("wide.csv"), [",".join(["1"] * 10_000)] * 20, ",".join(names))


def _empty_folder() -> Path:
    folder = Path("days")
    folder.mkdir()
    return folder


# Which input, and the words that tell its reader what is wrong, where, and what to do.
UNUSABLE: dict[str, tuple[Callable[[], Path], tuple[str, ...]]] = {
    "absent": (lambda: Path("absent.csv"), ("absent.csv does not exist", "check the path")),
    "empty": (lambda: _write("empty.csv", b""), ("the file is empty", "empty.csv")),
    "header only": (lambda: table(Path("h.csv"), []), ("no rows", "h.csv")),
    "wrong delimiter": (
        lambda: table(
            Path("w.csv"), [r.replace(",", "^") for r in daily()], HEADER.replace(",", "^")
        ),
        ("w.csv", "what to do"),
    ),
    "binary": (lambda: _write("b.csv", bytes(range(256)) * 8), ("b.csv", "what to do")),
    "truncated gzip": (_truncated_gzip, ("views.csv.gz", "what to do")),
    "truncated Parquet": (_truncated_parquet, ("views.parquet", "what to do")),
    "missing column": (
        lambda: table(Path("m.csv"), daily(), "Day,Creator,Likes"),
        ("--value", '"Likes"', "m.csv"),
    ),
    "two candidates": (
        lambda: table(Path("t.csv"), [f"{r},7" for r in daily()], f"{HEADER},Plays"),
        ("--value", '"Views"', '"Plays"'),
    ),
    "text in a number": (
        lambda: table(Path("n.csv"), _rows("2025-01-01,ana,many")),
        ("many", "row 2", '"Views"'),
    ),
    "mixed dates": (
        lambda: table(Path("d.csv"), _rows("13/01/2025,ana,5", "2025-01-14,ana,5")),
        ("13/01/2025", "2025-01-14", "row 2", "row 3"),
    ),
    "day or month first": (
        lambda: table(Path("d.csv"), ["13/01/2025,ana,5", "01/14/2025,ana,5"]),
        ("13/01/2025", "01/14/2025"),
    ),
    "year 0001": (lambda: table(Path("y.csv"), _rows("0001-01-01,ana,5")), ("0001-01-01", "row 2")),
    "year 9999": (lambda: table(Path("y.csv"), _rows("9999-12-31,ana,5")), ("9999-12-31", "row 2")),
    "duplicate headers": (
        lambda: table(Path("v.csv"), [f"{r},7" for r in daily()], f"{HEADER},Views"),
        ('"Views"', "v.csv"),
    ),
    "10,000 columns without days": (_wide_without_days, ("--time", "wide.csv")),
    "contradicting rows": (
        lambda: table(Path("c.csv"), ["2025-01-06,ana,1", *daily()]),
        ("--on-duplicate", "ana", "2025-01-06"),
    ),
    "a folder without files": (_empty_folder, ("days", "no data files")),
    "a glob without files": (lambda: Path("*.nothing"), ("*.nothing", "check the pattern")),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_unusable_input_ends_with_one_block_and_leaves_the_output_as_it_was(
    name: str, program: Program, older: Path
) -> None:
    make, words = UNUSABLE[name]
    source = make()
    before = contents(Path.cwd())
    found = program("forecast", source, *FAST, "--out", older, "--quiet")
    assert found.code == 2
    assert found.out == ""
    found.says("upswell: error: ", *words)
    assert len(found.err) < 1500, "a block is read at a glance"
    assert contents(Path.cwd()) == before


@pytest.mark.parametrize("command", ["backtest", "check"])
@pytest.mark.parametrize("name", ["empty", "missing column", "year 0001"])
def test_other_commands_say_the_same(name: str, command: str, program: Program) -> None:
    make, words = UNUSABLE[name]
    found = program(command, make())
    assert (found.code, found.out) == (2, "")
    found.says(*words)


@pytest.mark.parametrize("path", sorted(SMALL.iterdir()), ids=lambda path: path.name)
def test_no_kept_bad_input_is_a_fault_of_ours(path: Path, program: Program) -> None:
    found = program("check", path, "--json")
    assert found.code in (0, 2, 3)
    if found.code:
        found.says("what to do")
    if found.code != 2:
        assert found.json()["status"] in ("ok", "baseline-only", "refused")


REFUSED: dict[str, tuple[list[str], str]] = {
    "one day": ([f"{FIRST_DAY},{item},5" for item in ("ana", "ben")], "too-short"),
    "ten days": (daily(days=10), "too-short"),
    "all zero": ([row.rsplit(",", 1)[0] + ",0" for row in daily()], "zero"),
    "all missing": ([row.rsplit(",", 1)[0] + "," for row in daily()], "never-observed"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("command", ["forecast", "check"])
def test_too_little_evidence_is_refused_for_people_and_programs(
    name: str, command: str, program: Program, older: Path
) -> None:
    rows, code = REFUSED[name]
    source = table(Path("views.csv"), rows)
    before = contents(Path.cwd())
    out = ("--out", older) if command == "forecast" else ()
    found = program(command, source, "--horizon", 7, *out, "--json")
    assert found.code == 3
    found.says(f"refused ({code})", "what to do")
    answer = found.json()
    assert (answer["status"], answer["codes"]) == ("refused", [code])
    assert answer["reasons"]
    assert contents(Path.cwd()) == before


def test_a_backtest_without_a_window_is_refused(program: Program) -> None:
    found = program("backtest", table(Path("v.csv"), daily(days=30)), "--out", "out")
    assert found.code == 3
    found.says("refused (too-short)", "--horizon")
    assert not Path("out").exists()


def test_counters_are_refused_with_the_option_to_use(program: Program) -> None:
    total, rows = 0, []
    for row in daily(("ana",)):
        day, item, count = row.split(",")
        total += int(count)
        rows.append(f"{day},{item},{total}")
    source = table(Path("v.csv"), rows)
    found = program("forecast", source, *FAST, "--json")
    assert (found.code, found.json()["codes"]) == (3, ["looks-cumulative"])
    found.says("--cumulative", "--not-cumulative")
    assert program("forecast", source, *FAST, "--cumulative", "--quiet").code == 0


def test_one_creator_works(program: Program) -> None:
    found = program("forecast", table(Path("v.csv"), daily(("ana",))), *FAST)
    assert found.code == 0
    assert "1 creator, 60 days" in found.out


def test_ten_thousand_columns_work(program: Program) -> None:
    junk = ",".join(f"x{i}" for i in range(9_997))
    ones = ",1" * 9_997
    source = table(Path("w.csv"), [row + ones for row in daily(("ana",))], f"{HEADER},{junk}")
    found = program("check", source, "--horizon", 7)
    assert found.code == 0
    assert len(found.out) < 3000


def test_values_of_a_quintillion_work(program: Program) -> None:
    rows = [
        f"{row.rsplit(',', 1)[0]},{10**18 + 10**14 * views(i)}"
        for i, row in enumerate(daily(("ana",)))
    ]
    found = program("forecast", table(Path("v.csv"), rows), *FAST, "--out", "out")
    assert found.code == 0
    assert "e+18" in found.out
    totals = pl.read_csv("out/totals.csv").filter(quantity="sum")
    assert totals["q50"][0] == pytest.approx(7e18, rel=0.2)


def test_an_output_folder_that_is_a_file_is_refused_before_the_work(
    program: Program, good: Path
) -> None:
    Path("taken").write_text("mine")
    found = program("forecast", good, "--out", "taken")
    assert (found.code, found.out) == (2, "")
    found.says("the output folder is a file", "taken", "choose another name")
    assert Path("taken").read_text() == "mine"


@pytest.mark.parametrize("command", ["forecast", "backtest"])
def test_foreign_files_in_the_output_folder_are_refused_before_the_work(
    command: str, program: Program, good: Path, older: Path
) -> None:
    (older / "thesis.docx").write_text("years of work")
    before = contents(Path.cwd())
    found = program(command, good, "--out", older)
    assert (found.code, found.out) == (2, "")
    found.says("'thesis.docx'", "not ours to replace")
    assert contents(Path.cwd()) == before


def test_a_folder_that_holds_the_input_is_not_replaced(program: Program) -> None:
    Path("out").mkdir()
    source = table(Path("out/forecast.csv"), daily())
    before = contents(Path.cwd())
    for given in (source, Path("out"), Path("out/*.csv")):
        found = program("forecast", given, *FAST, "--out", "out", "--quiet")
        assert found.code == 2
        found.says("holds the input", "choose another folder")
    assert contents(Path.cwd()) == before


def test_a_read_only_place_is_refused_before_the_work(program: Program) -> None:
    with locked_folder() as folder:
        found = program("forecast", "nobody-reads-this.csv", "--out", folder / "out")
        assert found.code == 2
        found.says("read-only", str(folder), "choose a place you may write to")


def _failing(error: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    return fail


DISK = {
    errno.ENOSPC: ("the disk is full", "free some space"),
    errno.EDQUOT: ("the disk is full", "free some space"),
    errno.EROFS: ("Read-only file system", "choose a place that is not read-only"),
    errno.EIO: ("Input/output error", "what to do"),
}


@pytest.mark.parametrize("error", DISK)
@pytest.mark.parametrize("call", ["fsync", "mkdir", "rename"])
def test_a_disk_that_fails_while_the_result_is_written_loses_nothing(
    call: str, error: int, program: Program, older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = table(Path("views.csv"), daily())
    before = contents(Path.cwd())
    with monkeypatch.context() as patch:
        patch.setattr(os, call, _failing(error))
        found = program("forecast", good, *FAST, "--out", older, "--quiet")
    assert found.code == 2
    found.says(*DISK[error], "out")
    assert contents(Path.cwd()) == before


def test_a_simulation_on_a_full_disk_leaves_no_file(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _failing(errno.ENOSPC))
        found = program("simulate", "creators", "--days", 20, "--out", "sim.csv")
    assert found.code == 2
    found.says("the disk is full")
    assert contents(Path.cwd()) == {}


def test_a_file_that_changes_while_it_is_read_is_refused(
    program: Program, good: Path, older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from upswell.data.reading import _inputs

    read = _inputs._read_all

    def read_while_another_writes(path: Path) -> bytes:
        data = read(path)
        with path.open("a", encoding="utf-8") as handle:
            handle.write("2025-04-01,ana,5\n")
        return data

    monkeypatch.setattr(_inputs, "_read_all", read_while_another_writes)
    before = contents(older)
    found = program("forecast", good, *FAST, "--out", older)
    assert found.code == 2
    found.says("changed while it was read", "views.csv", "run again")
    assert contents(older) == before


NASTY = ("=HYPERLINK(1)", "<script>alert(1)</script>", "@SUM(A1)", "\x1b[31mred\x07", "\u202etxt")


@pytest.fixture
def nasty() -> Path:
    return table(Path("names.csv"), daily(NASTY))


def test_names_are_neutral_in_csv_and_verbatim_in_json(program: Program, nasty: Path) -> None:
    found = program("forecast", nasty, *FAST, "--out", "out", "--json")
    assert found.code == 0
    for name in ("forecast.csv", "totals.csv", "repairs.csv"):
        for line in Path("out", name).read_text().splitlines():
            assert not line.startswith(("=", "@", "+", "-")), line
    series = pl.read_csv("out/totals.csv")["series"].unique().to_list()
    assert {"'=HYPERLINK(1)", "'@SUM(A1)", "<script>alert(1)</script>"} <= set(series)
    recorded = {row["series"] for row in found.json()["series"]}
    assert {"=HYPERLINK(1)", "@SUM(A1)", "<script>alert(1)</script>"} <= recorded


@pytest.mark.parametrize("command", ["forecast", "backtest", "check"])
def test_nothing_from_data_steers_the_terminal(command: str, program: Program, nasty: Path) -> None:
    extra = ("--models", "theta-log", "--windows", 1) if command == "backtest" else ()
    found = program(command, nasty, "--horizon", 7, *extra)
    assert found.code == 0
    shown = found.out + found.err
    assert not [char for char in shown if ord(char) < 32 and char != "\n"]
    assert "\u202e" not in shown
    if command != "backtest":
        assert "\\x1b[31mred" in shown


def test_errors_about_nasty_cells_are_harmless(program: Program) -> None:
    source = table(Path("v.csv"), _rows("2025-01-01,ana,\x1b]0;owned\x07"))
    found = program("check", source)
    assert found.code == 2
    found.says("\\x1b]0;owned\\x07")
    assert "\x1b" not in found.err
    found = program("check", "\x1b[31m.csv")
    assert found.code == 2
    assert "\x1b" not in found.err
