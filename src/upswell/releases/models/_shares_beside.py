"""Shapley values of several forests, half of the trees in a second process.

What is reckoned are many small steps, between which Python's threads would wait for each other.
The second process is a plain Python that reads arrays and writes arrays. Which half a tree is in
does not depend on how many processes there are, so neither does any digit; where the second process
fails, or there is but one core, the first does both halves.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from upswell.releases.models._array_tree import ArrayTree
from upswell.releases.models._tree_shares import shares_of_trees

__all__ = ["Forest", "serve", "shares_of_forests"]

Floats = NDArray[np.float64]

_WORTH_IT = 100_000_000
"""Rows times leaves, about two seconds, from which on a second process is worth its start."""

_SIZES = ("feature", "value")
"""Arrays as long as a tree has nodes and leaves."""

_CODE = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from upswell.releases.models._shares_beside import serve; "
    "serve(sys.stdin.buffer, sys.stdout.buffer)"
)


@dataclass(frozen=True)
class Forest:
    """Trees, and the rows that they are asked of, ``(N, F)``, in single or double precision."""

    trees: tuple[ArrayTree, ...]
    matrix: NDArray[np.floating]

    @property
    def work(self) -> int:
        """Rows times leaves."""
        return len(self.matrix) * sum(len(tree.value) for tree in self.trees)

    def half(self, which: int) -> Forest:
        """Return every second tree."""
        return Forest(self.trees[which::2], self.matrix)

    def shares(self) -> Floats:
        """Return what features add to the sum of the trees, shape ``(N, F + 1)``."""
        return shares_of_trees(self.trees, self.matrix.astype(np.float64, copy=False))


def shares_of_forests(forests: Sequence[Forest]) -> list[Floats]:
    """Return what features add to the sum of the trees of each forest, shape ``(N, F + 1)``."""
    first, second = ([forest.half(which) for forest in forests] for which in (0, 1))
    if _cores() < 2 or sum(forest.work for forest in forests) < _WORTH_IT:
        found = [(one.shares(), other.shares()) for one, other in zip(first, second, strict=True)]
    else:
        with _beside(second) as answer:
            own = [forest.shares() for forest in first]
            others = answer() or [forest.shares() for forest in second]
        found = list(zip(own, others, strict=True))
    return [one + other for one, other in found]


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Read forests and write what features add: all that the second process does."""
    # A pipe cannot be read twice, which NumPy does.
    said = io.BytesIO()
    for forest in _read(source.read()):
        np.save(said, forest.shares(), allow_pickle=False)
    target.write(said.getbuffer())
    target.flush()


@contextlib.contextmanager
def _beside(forests: Sequence[Forest]) -> Iterator[Callable[[], list[Floats] | None]]:
    """Ask a second process meanwhile; what is given waits for its answer, None where it failed.

    It ends with the block, however that ends. A Ctrl-C of the terminal reaches the first alone.
    """
    command = [sys.executable, "-c", _CODE, *sys.path]
    try:
        process = subprocess.Popen(  # noqa: S603 - this Python, and nothing that a user wrote
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        yield lambda: None
        return
    with process, ThreadPoolExecutor(1) as talking:
        said = talking.submit(process.communicate, _written(forests))
        try:
            yield lambda: _answer(said.result()[0], len(forests))
        finally:
            process.kill()


def _answer(said: bytes, count: int) -> list[Floats] | None:
    """Return what a process wrote; None where it did not come to the end."""
    source = io.BytesIO(said)
    try:
        return [np.load(source, allow_pickle=False) for _ in range(count)]
    except (ValueError, EOFError):
        return None


def _written(forests: Sequence[Forest]) -> bytes:
    """Return forests as arrays in NumPy's format, one after the other."""
    target = io.BytesIO()
    for forest in forests:
        trees = forest.trees
        nodes, leaves = ([len(getattr(tree, name)) for tree in trees] for name in _SIZES)
        np.save(target, np.array([nodes, leaves], dtype=np.int64))
        np.save(target, forest.matrix)
        for name, sizes, kind in _arrays(nodes, leaves):
            # A tree of one leaf may tell of a node that it has not.
            own = [getattr(tree, name)[:size] for tree, size in zip(trees, sizes, strict=True)]
            np.save(target, np.concatenate([np.empty(0, kind), *own]))
    return target.getvalue()


def _read(data: bytes) -> Iterator[Forest]:
    """Yield the forests that were written."""
    source = io.BytesIO(data)
    while source.tell() < len(data):
        nodes, leaves = np.load(source, allow_pickle=False).tolist()
        matrix = np.load(source, allow_pickle=False)
        parts = {
            name: np.split(np.load(source, allow_pickle=False), np.cumsum(sizes)[:-1])
            for name, sizes, _ in _arrays(nodes, leaves)
        }
        trees = [
            ArrayTree(**{name: own[place] for name, own in parts.items()})
            for place in range(len(nodes))
        ]
        yield Forest(tuple(trees), matrix)


def _arrays(nodes: list[int], leaves: list[int]) -> Iterator[tuple[str, list[int], type]]:
    """Yield the name, the length by tree and the kind of each array of trees."""
    for field in fields(ArrayTree):
        of_leaves = field.name in ("leaf_count", "value")
        whole = field.name in ("feature", "kind", "left", "right")
        yield field.name, leaves if of_leaves else nodes, np.int64 if whole else np.float64


def _cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
