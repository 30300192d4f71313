"""Work shared out to threads, each of which multiplies matrices by itself."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

__all__ = ["in_threads"]

Job = TypeVar("Job")

# Two calls at once would restore each other's number of threads.
_ONE_CALL = threading.Lock()


def in_threads(work: Callable[[Job], None], jobs: Iterable[Job]) -> None:
    """Do all jobs, as many at once as there are cores.

    A BLAS that shares out each product of its own accord waits for its threads after each: on a
    busy machine that took five times as long. One thread a job does not, and the bits of an
    answer do not depend on the number of cores.

    Parameters
    ----------
    work
        Called with each job; it must not touch what another job touches.
    jobs
        The jobs.

    Examples
    --------
    >>> done = []
    >>> in_threads(done.append, [1, 2])
    >>> sorted(done)
    [1, 2]
    """
    todo = list(jobs)
    with _ONE_CALL, _controller().limit(limits=1, user_api="blas"):
        workers = min(_cores(), len(todo))
        if workers < 2:
            for job in todo:
                work(job)
            return
        with ThreadPoolExecutor(workers) as pool:
            for done in [pool.submit(work, job) for job in todo]:
                done.result()


@functools.cache
def _controller() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
