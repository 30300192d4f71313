"""What is kept: outputs written whole or not at all, and model bundles."""

from upswell.store.atomic import write_bytes, write_whole
from upswell.store.bundle import (
    Bundle,
    bundle_bytes,
    parse_bundle,
    read_bundle,
    write_bundle,
)
from upswell.store.csv import csv_bytes
from upswell.store.escape import csv_cell, html_text, terminal_text
from upswell.store.folder import FolderWriter, check_folder, write_folder
from upswell.store.hashing import Entry, manifest, sha256_bytes, sha256_file
from upswell.store.lock import sole_writer
from upswell.store.record import json_bytes, rounded_timings, versions

__all__ = [
    "Bundle",
    "Entry",
    "FolderWriter",
    "bundle_bytes",
    "check_folder",
    "csv_bytes",
    "csv_cell",
    "html_text",
    "json_bytes",
    "manifest",
    "parse_bundle",
    "read_bundle",
    "rounded_timings",
    "sha256_bytes",
    "sha256_file",
    "sole_writer",
    "terminal_text",
    "versions",
    "write_bundle",
    "write_bytes",
    "write_folder",
    "write_whole",
]
