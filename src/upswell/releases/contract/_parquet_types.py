"""Columns of Parquet files as typed columns: which types fit which role, and how, in SQL."""

from __future__ import annotations

from dataclasses import dataclass

from upswell.data.reading import Holds
from upswell.engines import literal

__all__ = ["TypedColumn", "holds_type"]

_SIGNED = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_INTEGERS = frozenset({*_SIGNED, *(f"U{kind}" for kind in _SIGNED)})
_FLOATS = frozenset({"FLOAT", "DOUBLE"})
_NUMBERS = _INTEGERS | _FLOATS | {"DECIMAL"}
_TEXTS = frozenset({"VARCHAR", "ENUM", "BOOLEAN"})
_DAYS = frozenset({"DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"})
_MOMENT = "TIMESTAMP WITH TIME ZONE"
_FIRST, _LAST = "DATE '1900-01-01'", "DATE '2200-12-31'"
# What the reading room strips from names: white space as Unicode knows it.
_SPACES = "".join(map(chr, (*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B),
                            0x2028, 0x2029, 0x202F, 0x205F, 0x3000)))  # fmt: skip
_SPACED = r"^[\s\x{0b}\x{85}\p{Z}]|[\s\x{0b}\x{85}\p{Z}]$"
_CLEAN = "[!-~]([ -~]*[!-~])?"


def holds_type(kind: str) -> Holds:
    """Return what the cells of a column are, by its type without parameters.

    Examples
    --------
    >>> str(holds_type("DECIMAL")), str(holds_type("BLOB"))
    ('number', 'other')
    """
    if kind in _NUMBERS:
        return Holds.NUMBER
    if kind in _DAYS or kind == _MOMENT:
        return Holds.DAY
    return Holds.TEXT if kind in _TEXTS else Holds.OTHER


@dataclass(frozen=True, slots=True)
class TypedColumn:
    """A column that plays a role.

    Parameters
    ----------
    role
        Its name in the view.
    column
        Its quoted name in the files.
    kind
        Its type in the files, without parameters.
    wanted
        What its cells must be.
    """

    role: str
    column: str
    kind: str
    wanted: Holds

    def fits(self, timezone: str | None) -> bool:
        """Tell whether the type can be brought to what is wanted without looking at text."""
        if self.wanted == Holds.NUMBER:
            return self.kind in _NUMBERS
        if self.wanted == Holds.DAY:
            return self.kind in _DAYS or (self.kind == _MOMENT and timezone is not None)
        return self.kind in _INTEGERS or self.kind in _TEXTS

    def check(self, timezone: str | None) -> str:
        """Return SQL of an aggregate: whether days are in range, or names clean ASCII."""
        if self.wanted == Holds.DAY:
            day = self.expression(timezone, clean=True)
            return f"coalesce(min({day}) >= {_FIRST} AND max({day}) <= {_LAST}, true)"
        if self.wanted == Holds.TEXT and self.kind not in _INTEGERS:
            text = self.expression(timezone, clean=True)
            return f"coalesce(bool_and(regexp_full_match({text}, '{_CLEAN}')), true)"
        return "true"

    def expression(self, timezone: str | None, *, clean: bool) -> str:
        """Return SQL of the column as wanted; `clean` names are taken as they are."""
        column = self.column
        if self.wanted == Holds.NUMBER:
            number = f"CAST({column} AS DOUBLE)"
            # Not by comparison: the engine decides those by a file's extremes, which lack NaN.
            sound = f"CASE WHEN NOT isnan({number}) THEN {number} END"
            return sound if self.kind in _FLOATS else number
        if self.wanted == Holds.DAY:
            if self.kind == _MOMENT:
                return f"CAST(timezone({literal(timezone or 'UTC')}, {column}) AS DATE)"
            return column if self.kind == "DATE" else f"CAST({column} AS DATE)"
        text = column if self.kind == "VARCHAR" else f"CAST({column} AS VARCHAR)"
        if clean:
            return text
        # Trimming is slow, and names with spaces around them are rare.
        trimmed = f"trim({text}, {literal(_SPACES)})"
        spaced = f"regexp_matches({text}, {literal(_SPACED)})"
        return f"nullif(nfc_normalize(CASE WHEN {spaced} THEN {trimmed} ELSE {text} END), '')"
