"""What is kept: outputs written whole or not at all, and model bundles."""

from upswell.store.csv import csv_bytes
from upswell.store.escape import csv_cell, html_text, terminal_text
from upswell.store.hashing import Entry, manifest, sha256_bytes, sha256_file

__all__ = [
    "Entry",
    "csv_bytes",
    "csv_cell",
    "html_text",
    "manifest",
    "sha256_bytes",
    "sha256_file",
    "terminal_text",
]
