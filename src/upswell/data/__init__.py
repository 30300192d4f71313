"""What happened: read files, frames and databases; find the columns; hold the contract."""

from upswell.data.axis import DayAxis
from upswell.data.ledger import Action, Ledger, Repair
from upswell.data.panel import ColumnChoice, Panel, Source
from upswell.data.tree import LEVELS, Tree

__all__ = [
    "LEVELS",
    "Action",
    "ColumnChoice",
    "DayAxis",
    "Ledger",
    "Panel",
    "Repair",
    "Source",
    "Tree",
]
