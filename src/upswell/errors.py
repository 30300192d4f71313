"""Every error that Upswell raises on purpose, in one tree.

::

    UpswellError                 exit 1: a fault of ours
    ├── InputError               exit 2: what came in cannot be used
    │   ├── SourceError          a file, folder, frame or database that cannot be read
    │   ├── ColumnError          a column is missing, or two could be meant
    │   ├── CellError            one cell cannot be read as a number or a date
    │   ├── DuplicateError       rows that contradict each other
    │   ├── SettingError         an option or setting that makes no sense
    │   ├── OutputError          the place to write to cannot be used
    │   ├── BundleError          a model bundle that is damaged or of another version
    │   └── MissingPackageError  an optional package is needed and not installed
    ├── RefusalError             exit 3: not enough evidence for an answer
    └── ForecasterError          a forecaster failed, and is named

Each error says what was wrong, where, and what to do about it.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BundleError",
    "CellError",
    "ColumnError",
    "DuplicateError",
    "ForecasterError",
    "InputError",
    "MissingPackageError",
    "OutputError",
    "Place",
    "RefusalError",
    "SettingError",
    "SourceError",
    "UpswellError",
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found: a file, a row (1 is the header) and a column.

    Examples
    --------
    >>> str(Place(file="views.csv", row=12, column="Views"))
    'views.csv, row 12, column "Views"'
    """

    file: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = []
        if self.file is not None:
            parts.append(self.file)
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column is not None:
            parts.append(f'column "{self.column}"')
        return ", ".join(parts)


class UpswellError(Exception):
    """The root of the tree.

    Parameters
    ----------
    what
        What was wrong, as a sentence.
    where
        Where it was found, if anywhere in particular.
    fix
        What the reader can do about it.

    Examples
    --------
    >>> print(InputError("the file is empty", where=Place("views.csv"), fix="export it again"))
    the file is empty
      where: views.csv
      what to do: export it again
    """

    exit_code = 1

    def __init__(self, what: str, *, where: Place | None = None, fix: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        lines = [self.what]
        if self.where is not None and str(self.where):
            lines.append(f"  where: {self.where}")
        if self.fix is not None:
            lines.append(f"  what to do: {self.fix}")
        return "\n".join(lines)


class InputError(UpswellError):
    """What came in cannot be used."""

    exit_code = 2


class SourceError(InputError):
    """A file, folder, frame or database cannot be read."""


class ColumnError(InputError):
    """A column is missing, or two could be meant."""


class CellError(InputError):
    """One cell cannot be read as a number or a date."""


class DuplicateError(InputError):
    """Rows contradict each other."""


class SettingError(InputError):
    """An option or setting makes no sense."""


class OutputError(InputError):
    """The place to write to cannot be used."""


class BundleError(InputError):
    """A model bundle is damaged, foreign or of another version."""


class MissingPackageError(InputError):
    """An optional package is needed and not installed."""


class RefusalError(UpswellError):
    """There is not enough evidence for an answer.

    Parameters
    ----------
    what, where, fix
        As for `UpswellError`.
    code
        The reason in a form that a program can read, such as ``looks-cumulative``.

    Examples
    --------
    >>> RefusalError("the panel has 3 days", code="too-short").code
    'too-short'
    """

    exit_code = 3

    def __init__(
        self, what: str, *, code: str, where: Place | None = None, fix: str | None = None
    ) -> None:
        super().__init__(what, where=where, fix=fix)
        self.code = code


class ForecasterError(UpswellError):
    """A forecaster failed; its name stands in the message."""
