"""The contract of the release job: raw tables to typed ones, with every repair in the ledger."""

from upswell.releases.contract._overall import describe_gaps, describe_lacks
from upswell.releases.contract._tables import load_outcomes, load_releases, load_signals

__all__ = ["describe_gaps", "describe_lacks", "load_outcomes", "load_releases", "load_signals"]
