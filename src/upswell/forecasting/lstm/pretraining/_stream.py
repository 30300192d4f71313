"""Batches in an order that the seed fixes, made ahead by processes that end with this one."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from upswell.errors import UpswellError
from upswell.forecasting.lstm.pretraining.lessons import Batch, chapter_batches

__all__ = ["Place", "batches_from"]

# Batches that a worker makes ahead of what was asked for.
AHEAD = 16


@dataclass(frozen=True)
class Place:
    """Where to go on reading: a chapter, and a batch of it."""

    chapter: int = 0
    batch: int = 0


@dataclass(frozen=True)
class _Failure:
    """What a worker says when it cannot go on."""

    text: str


Delivered = tuple[Batch, Place]


@contextlib.contextmanager
def batches_from(
    seed: int, batch_size: int, begin: Place, workers: int
) -> Iterator[Iterator[Delivered]]:
    """Give batches for ever, each with the place of the next one.

    Parameters
    ----------
    seed, batch_size
        As `chapter_batches` takes them.
    begin
        The first batch.
    workers
        Processes that make chapters ahead, in turn; 0 makes them when they are asked for. Their
        number changes nothing in what is given.

    Yields
    ------
    iterator
        Of pairs of a `Batch` and a `Place`.

    Raises
    ------
    UpswellError
        From the iterator, when a worker failed or was ended.

    Notes
    -----
    Workers are started afresh (spawned), so a script that uses them must be importable. When this
    process dies, even by SIGKILL, they end too: nobody is left to read what they send.
    """
    if workers == 0:
        yield _made(seed, batch_size, begin, 1)
        return
    started: list[tuple[BaseProcess, Connection]] = []
    try:
        for turn in range(workers):
            chapter = Place(begin.chapter + turn, begin.batch if turn == 0 else 0)
            started.append(_started(seed, batch_size, chapter, workers))
        yield _received(started)
    finally:
        for process, receiver in started:
            receiver.close()
            process.terminate()
        for process, _ in started:
            process.join()
            process.close()


def _made(seed: int, batch_size: int, begin: Place, stride: int) -> Iterator[Delivered]:
    """Make batches of each chapter that is `stride` after the one before."""
    skipped = begin.batch
    for chapter in itertools.count(begin.chapter, stride):
        batches = chapter_batches(seed, chapter, batch_size)
        for number, batch in enumerate(batches[skipped:], start=skipped + 1):
            last = number == len(batches)
            yield batch, Place(chapter + 1) if last else Place(chapter, number)
        skipped = 0


def _started(
    seed: int, batch_size: int, begin: Place, stride: int
) -> tuple[BaseProcess, Connection]:
    spawning = multiprocessing.get_context("spawn")
    receiver, sender = spawning.Pipe(duplex=False)
    process = spawning.Process(
        target=_work, args=(sender, seed, batch_size, begin, stride), daemon=True
    )
    with _deaf_to_interrupts():
        process.start()
    # The worker now has the only end to write to, and this process the only one to read from.
    sender.close()
    return process, receiver


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let a process that is started here not hear Ctrl-C, which this one answers for both."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _received(started: list[tuple[BaseProcess, Connection]]) -> Iterator[Delivered]:
    """Take turns: each worker sends one chapter after the other."""
    for process, receiver in itertools.cycle(started):
        while True:
            try:
                found: Delivered | _Failure = receiver.recv()
            except (EOFError, OSError) as error:
                process.join(timeout=5)
                raise UpswellError(
                    f"the process that makes lessons ended by itself (code {process.exitcode})",
                    fix="free some memory, and go on with --resume",
                ) from error
            if isinstance(found, _Failure):
                raise UpswellError(f"making lessons failed: {found.text}")
            yield found
            if found[1].batch == 0:
                break


def _work(sender: Connection, seed: int, batch_size: int, begin: Place, stride: int) -> None:
    """Make chapters until nobody reads them any more."""
    with contextlib.suppress(OSError):
        os.nice(5)  # the training goes first
    ahead: queue.Queue[Delivered | _Failure] = queue.Queue(AHEAD)
    sending = threading.Thread(target=_send, args=(sender, ahead), daemon=True)
    sending.start()
    try:
        for delivered in _made(seed, batch_size, begin, stride):
            ahead.put(delivered)
    except Exception as error:  # noqa: BLE001 - the reader says it
        ahead.put(_Failure(f"{type(error).__name__}: {error}"))
        sending.join()


def _send(sender: Connection, ahead: queue.Queue[Delivered | _Failure]) -> None:
    while True:
        item = ahead.get()
        try:
            sender.send(item)
        except OSError:
            os._exit(0)  # the reader is gone, and the main thread may be anywhere
        if isinstance(item, _Failure):
            return
