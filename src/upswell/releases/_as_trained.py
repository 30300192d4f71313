"""Errors of tables read with the settings of a bundle, which nobody can change any more."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from upswell.errors import ColumnError

__all__ = ["columns_as_trained"]

_SETTING = re.compile(r"\[(?:releases|signals|outcomes)\]")


@contextlib.contextmanager
def columns_as_trained(*, listed: bool = True) -> Iterator[None]:
    """Say of a missing column what helps where the settings are those of a training.

    Parameters
    ----------
    listed
        Whether there is a table of releases; else the signals have to hold what it would.

    Raises
    ------
    ColumnError
        As inside; one that asks for a setting asks for the columns of the training instead.

    Examples
    --------
    >>> with columns_as_trained():
    ...     raise ColumnError('there is no column "likes"', fix="give [signals] metrics one of it")
    Traceback (most recent call last):
        ...
    upswell.errors.ColumnError: there is no column "likes"
      what to do: name the columns as in the training, or train again on tables like these
    """
    try:
        yield
    except ColumnError as error:
        found = _SETTING.search(error.fix or "")
        if found is None:
            raise
        fix = "name the columns as in the training, or train again on tables like these"
        if found.group() == "[releases]" and not listed:
            fix = f"give the table of releases (--releases, in Python releases=); else {fix}"
        raise ColumnError(error.what, where=error.where, fix=fix) from error
