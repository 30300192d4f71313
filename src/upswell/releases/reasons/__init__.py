"""Why: what moves an answer, in words, and the past releases that were most alike.

>>> import numpy as np
>>> from upswell.releases.reasons._figures import share
>>> share(0.61)
'61%'
"""

from upswell.releases.reasons.explaining import MOST, reasons_of, with_reasons
from upswell.releases.reasons.lookalikes import lookalikes_of
from upswell.releases.reasons.result import CODES, REASON_COLUMNS, Reasons
from upswell.releases.reasons.training import reasons_kept

__all__ = [
    "CODES",
    "MOST",
    "REASON_COLUMNS",
    "Reasons",
    "lookalikes_of",
    "reasons_kept",
    "reasons_of",
    "with_reasons",
]
