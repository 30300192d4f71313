"""The command line: one thin module per command."""

from upswell.cli._run import main

__all__ = ["main"]
