"""Where queries run: DuckDB in the process."""
