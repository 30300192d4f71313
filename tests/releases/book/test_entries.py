"""Entries go to a line and back without a loss, and a damaged line says what is wrong with it."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.decisions import model, person
from upswell.errors import SettingError
from upswell.releases.book.entries import entry_of, line_of, name_of, readable

DECIDED = st.sampled_from(["promote", "watch", "hold"])
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(
    release=st.text(min_size=1),
    note=st.text(),
    by=st.none() | st.text(),
    decision=DECIDED,
    on=st.dates(),
)
def test_a_persons_entry_comes_back_whatever_its_texts_hold(
    release: str, note: str, by: str | None, decision: str, on: dt.date
) -> None:
    entry = person(release, decision, note=note, by=by, on=on)
    line = line_of(entry)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    found = entry_of(line)
    assert found == entry
    assert (found.release, found.note, found.by) == (release, note, by)


@given(release=st.text(min_size=1), profit=NUMBERS, codes=st.text(), decision=DECIDED)
def test_a_models_entry_comes_back_to_the_last_bit(
    release: str, profit: float, codes: str, decision: str
) -> None:
    entry = model(release, decision, expected_profit=profit, codes=codes)
    found = entry_of(line_of(entry))
    assert found == entry
    assert line_of(found) == line_of(entry)


def test_settings_of_money_that_are_not_known_here_come_back_too() -> None:
    entry = model()
    money = entry.money.model_copy(update={"caution": 2.0, "bound": {"false_hits": 0.2}})
    entry = entry.model_copy(update={"money": money})
    assert entry_of(line_of(entry)).money.model_dump() == money.model_dump()


def _changed(**keys: object) -> bytes:
    record = {**json.loads(line_of(model())), **keys}
    return json.dumps({key: value for key, value in record.items() if value != "gone"}).encode()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"schema": 1, "kind": "per', "no JSON in UTF-8"),
        (b'{"release": "\xff"}', "no JSON in UTF-8"),
        (b"[" * 100_000, "no JSON in UTF-8"),
        (b'["model"]', "no JSON object"),
        (b"{}", '"schema" is None, and 1 can be read'),
        (_changed(schema=2), '"schema" is 2, and 1 can be read'),
        (_changed(kind="robot"), "'robot', neither model nor person"),
        (_changed(kind=["model"]), "neither model nor person"),
        (_changed(decision="Promote"), "\"decision\" is 'Promote'"),
        (_changed(decision="gone"), '"decision" is missing'),
        (_changed(release=""), "\"release\" is ''"),
        (_changed(on="last week"), "\"on\" is 'last week'"),
        (_changed(expected_profit="many"), "\"expected_profit\" is 'many'"),
        (_changed(expected_profit=float("nan")), '"expected_profit" is nan'),
        (_changed(money={"cost": -1, "value": 1, "uplift": 1}), '"money.cost" is -1'),
        (_changed(notes="x"), '"notes" is not known'),
        (_changed(release="\ud800"), '"release" is'),
    ],
)
def test_a_damaged_line_says_what_is_wrong_with_it(line: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        entry_of(line)


def test_a_name_is_written_as_the_tables_have_it() -> None:
    assert name_of(" cafe\u0301 ", "release") == unicodedata.normalize("NFC", "cafe\u0301")
    for empty in ("", "  "):
        with pytest.raises(SettingError, match="the release is empty"):
            name_of(empty, "release")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(SettingError, match="the note holds bytes that are no UTF-8"):
        readable("ca\udce9", "note")
