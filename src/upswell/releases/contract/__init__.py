"""The contract of the release job: raw tables to typed ones, with every repair in the ledger."""

from upswell.releases.contract._findings import Raw, ignored_columns
from upswell.releases.contract._overall import days_with, describe_gaps, describe_lacks
from upswell.releases.contract._parquet import check_unchanged
from upswell.releases.contract._tables import load_outcomes, load_releases, load_signals

__all__ = [
    "Raw",
    "check_unchanged",
    "days_with",
    "describe_gaps",
    "describe_lacks",
    "ignored_columns",
    "load_outcomes",
    "load_releases",
    "load_signals",
]
