"""The page of the week: which releases get money, why, and how far such answers can be trusted."""

from upswell.report.releases._facts import WeekFacts
from upswell.report.releases.page import week_bytes, week_page

__all__ = ["WeekFacts", "week_bytes", "week_page"]
