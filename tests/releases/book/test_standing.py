"""The latest entry of each kind counts; earlier ones stay."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from releases.decisions import SCORED, book, model, person

DAY = dt.timedelta(days=1)
ENTRIES = st.lists(
    st.builds(
        lambda name, word, after, own: (person if own else model)(
            name, word, on=SCORED + after * DAY
        ),
        st.sampled_from("ab"),
        st.sampled_from(["promote", "watch", "hold"]),
        st.integers(0, 2),
        st.booleans(),
    ),
    max_size=12,
)


@given(entries=ENTRIES)
def test_the_latest_day_counts_and_of_one_day_what_stands_last(entries: list) -> None:
    found = book(*entries)
    for kind, counting in (("model", found.model()), ("person", found.people())):
        for name in "ab":
            own = [entry for entry in entries if (entry.kind, entry.release) == (kind, name)]
            # The sort is stable, so that of one day the last stays last.
            wanted = sorted(own, key=lambda entry: entry.on)[-1:]
            assert ([counting[name]] if name in counting else []) == wanted
    frame = found.to_frame()
    assert frame.height == len(entries)
    assert frame["counts"].sum() == len(found.model()) + len(found.people())


def test_entries_from_a_day_on_are_passed_over() -> None:
    found = book(model("a"), model("a", "hold", on=SCORED + DAY), person("b"))
    assert found.model({"a": SCORED + DAY})["a"].decision == "promote"
    assert found.model({"a": SCORED}) == {}
    assert found.people({"a": SCORED})["b"].decision == "hold"


def test_the_table_says_who_decided_what_and_why() -> None:
    frame = book(model("a"), person("a", note="=1+1", by="Ana"), person("a", "watch")).to_frame()
    assert frame.select("who", "by", "decision", "note", "expected_profit", "counts").rows() == [
        ("model", None, "promote", None, 50.0, True),
        ("person", "Ana", "hold", "=1+1", None, False),
        ("person", None, "watch", "", None, True),
    ]
    assert book().to_frame().columns == frame.columns
