"""What happened: read files, frames and databases; find the columns; hold the contract."""

from typing import TYPE_CHECKING, Any

from upswell.data.aggregate import node_values
from upswell.data.axis import DayAxis
from upswell.data.composition import Composition, composition
from upswell.data.ledger import Action, Ledger, Repair
from upswell.data.panel import ColumnChoice, Panel, Source
from upswell.data.tree import LEVELS, Tree

if TYPE_CHECKING:
    from upswell.data._observations import Observations
    from upswell.data.contract import build_panel
    from upswell.data.reading import read_observations

__all__ = [
    "LEVELS",
    "Action",
    "ColumnChoice",
    "Composition",
    "DayAxis",
    "Ledger",
    "Observations",
    "Panel",
    "Repair",
    "Source",
    "Tree",
    "build_panel",
    "composition",
    "node_values",
    "read_observations",
]

# Names whose modules import polars, which takes longer than all the rest.
_LAZY = {
    "Observations": "upswell.data._observations",
    "build_panel": "upswell.data.contract",
    "read_observations": "upswell.data.reading",
}


def __getattr__(name: str) -> Any:
    """Import a name on its first use."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)
