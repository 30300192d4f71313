"""``upswell check``: what was read, what was repaired, and what a forecast would be worth."""

from __future__ import annotations

from pathlib import Path

from cli.running import Program, contents, daily, table


def test_it_prints_columns_tree_and_ledger_and_changes_nothing(
    program: Program, good: Path
) -> None:
    before = contents(Path.cwd())
    found = program("check", good)
    assert (found.code, found.err) == (0, "")
    for words in (
        'time: "Day"',
        'item: "Creator"',
        'value: "Views"',
        "2 creators, 60 days from 2025-01-06 to 2025-03-06.",
        "Ledger: nothing to repair.",
        "For 30 days ahead, of 3 series:",
        "3 ok.",
    ):
        assert words in found.out
    assert contents(Path.cwd()) == before


def test_json_holds_the_whole_ledger_and_every_series(program: Program) -> None:
    rows = daily()
    source = table(Path("v.csv"), [rows[0], *rows])
    found = program("check", source, "--json")
    assert (found.code, found.err) == (0, "")
    answer = found.json()
    assert (answer["status"], answer["codes"], answer["reasons"]) == ("ok", [], [])
    assert [line["code"] for line in answer["ledger"]] == ["exact-duplicate"]
    assert answer["ledger"][0]["count"] == 1
    assert [row["series"] for row in answer["series"]] == ["total", "ana", "ben"]


def test_findings_of_a_kind_stand_in_one_line(program: Program) -> None:
    rows = daily(("ana", "ben", "eve"))
    rows[30] = rows[30].rsplit(",", 1)[0] + ",-5"
    rows[61] = rows[61].rsplit(",", 1)[0] + ",-7"
    found = program("check", table(Path("v.csv"), rows))
    lines = [line for line in found.out.splitlines() if line.startswith("  negative:")]
    assert len(lines) == 1
    assert lines[0].startswith("  negative: 2 marked missing")
    # The only file need not be named again and again.
    assert "(first: ana, 2025-01-16, row 32)" in lines[0]


def test_the_largest_creators_come_first(program: Program) -> None:
    names = [f"c{i:02d}" for i in range(50)]
    found = program("check", table(Path("v.csv"), daily(names)))
    assert found.out.index("c49 ") < found.out.index("c48 ") < found.out.index("c20 ")
    assert "c05 " not in found.out
    assert "and 11 more series; --json prints all of them" in found.out


def test_a_refusal_is_shown_after_what_was_read(program: Program) -> None:
    found = program("check", table(Path("v.csv"), daily(("ana", "ben"), days=9)), "--horizon", 7)
    assert found.code == 3
    assert "refused (too-short)" in found.out
    assert "2 creators, 9 days" in found.out
    found.says("upswell: refused (too-short): 9 observed days")


def test_a_total_below_ok_says_why(program: Program) -> None:
    rows = [row.rsplit(",", 1)[0] + ",7" for row in daily(("ana",))]
    found = program("check", table(Path("v.csv"), rows))
    assert found.code == 0
    assert "Note (constant): all observed days have the same value." in found.out
