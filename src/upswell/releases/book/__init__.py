"""The decision book: what the model and people decided, kept and later held against outcomes.

>>> import datetime as dt, pathlib, tempfile
>>> path = pathlib.Path(tempfile.mkdtemp()) / "decisions.jsonl"
>>> entry = PersonEntry(release="a", on=dt.date(2026, 3, 6), decision="hold", note="too long")
>>> added = add_entries(path, [entry])
>>> read_book(path).people()["a"].note
'too long'
"""

from upswell.releases.book.entries import DECISIONS, Entry, ModelEntry, PersonEntry
from upswell.releases.book.file import Added, add_entries, check_book, read_book
from upswell.releases.book.reading import read_review
from upswell.releases.book.review import ReviewedDecisions
from upswell.releases.book.scored import entries_of
from upswell.releases.book.standing import Book

__all__ = [
    "DECISIONS",
    "Added",
    "Book",
    "Entry",
    "ModelEntry",
    "PersonEntry",
    "ReviewedDecisions",
    "add_entries",
    "check_book",
    "entries_of",
    "read_book",
    "read_review",
]
