"""Where queries run: DuckDB in the process."""

from upswell.engines.duck import (
    Engine,
    engine_errors,
    fetch_row,
    identifier,
    literal,
    open_engine,
)

__all__ = ["Engine", "engine_errors", "fetch_row", "identifier", "literal", "open_engine"]
