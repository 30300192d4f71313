"""Hashes against known vectors."""

from __future__ import annotations

from pathlib import Path

import pytest

from upswell.store import Entry, manifest, sha256_bytes, sha256_file

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
MILLION_A = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"


def test_known_vectors() -> None:
    assert sha256_bytes(b"abc") == ABC
    assert sha256_bytes(b"a" * 1_000_000) == MILLION_A


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1])
def test_a_file_has_the_hash_of_its_bytes(tmp_path: Path, size: int) -> None:
    path = tmp_path / "data"
    path.write_bytes(b"x" * size)
    assert sha256_file(path) == sha256_bytes(b"x" * size)


def test_manifest_is_sorted_whatever_the_order() -> None:
    expected = (Entry("a", 0, sha256_bytes(b"")), Entry("b", 3, ABC))
    assert manifest({"b": b"abc", "a": b""}) == manifest({"a": b"", "b": b"abc"}) == expected
