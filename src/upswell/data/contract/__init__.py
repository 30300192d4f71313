"""The contract: observations become a panel, and every repair stands in its ledger."""

from upswell.data.contract._contract import build_panel

__all__ = ["build_panel"]
