"""Reading: from files, folders, databases and data frames to typed observations or columns."""

from upswell.data.reading import _event_roles as event_roles
from upswell.data.reading import _release_roles as release_roles
from upswell.data.reading._columnwise import Columns, holds, read_columns
from upswell.data.reading._databases import without_secrets
from upswell.data.reading._entries import list_inputs
from upswell.data.reading._inputs import FileInput
from upswell.data.reading._reading import read_observations
from upswell.data.reading._selecting import Column, Holds, Rest, Selection, select_columns

__all__ = [
    "Column",
    "Columns",
    "FileInput",
    "Holds",
    "Rest",
    "Selection",
    "event_roles",
    "holds",
    "list_inputs",
    "read_columns",
    "read_observations",
    "release_roles",
    "select_columns",
    "without_secrets",
]
