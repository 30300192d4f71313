"""What a decision and its codes mean."""

from __future__ import annotations

from upswell.releases.deciding.bound import BOUND_CODES

__all__ = ["CODES", "DECISIONS"]

DECISIONS = {
    "promote": "worth it, and within the budget: promote",
    "watch": "worth it on average or nearly, but something stands against it: look again",
    "hold": "not worth it",
}
"""What each decision means."""

CODES = {
    "closed": "the days to the horizon are over: nothing is left to promote",
    "no-signals": "nothing was recorded in the window; nothing is promoted on that",
    "short-window": "the window is not complete yet; nothing is promoted before it is",
    "caution": "worth it on average, but not at the caution asked for",
    "nearly": "lacks at most a tenth of its cost to be worth it on average",
    "bound-suspended": BOUND_CODES["bound-suspended"],
    "bound-not-enough-evidence": BOUND_CODES["bound-not-enough-evidence"],
    "bound-not-met": BOUND_CODES["bound-not-met"],
    "over-budget": "worth it, but the budget brings more elsewhere, or is too small",
    "over-shortfall": "worth it, but the list would lose more in its worst tenth than is allowed",
}
"""What each code of a decision means."""
