"""The next days: forecasters, joint sample paths, coherent sums, backtests."""
