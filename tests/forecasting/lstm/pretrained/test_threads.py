"""Work in threads: all of it is done, an error comes out, and the BLAS is left as it was."""

from __future__ import annotations

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from upswell.forecasting.lstm.pretrained import _threads
from upswell.forecasting.lstm.pretrained._threads import in_threads


def blas() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@pytest.mark.parametrize("cores", [1, 3])
def test_every_job_is_done_with_a_blas_of_one_thread(cores: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_threads, "_cores", lambda: cores)
    done = {}
    with threadpool_limits(2, user_api="blas"):
        before = blas()
        in_threads(lambda job: done.update({job: blas()}), range(20))
        assert blas() == before
    assert sorted(done) == list(range(20))
    assert all(1 in found for found in done.values())


@pytest.mark.parametrize("cores", [1, 3])
def test_an_error_comes_out_and_the_next_call_works(cores: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_threads, "_cores", lambda: cores)

    def fail(job: int) -> None:
        raise ValueError(f"job {job}")

    with pytest.raises(ValueError, match="job 0"):
        in_threads(fail, range(2))
    in_threads(lambda _: None, range(2))


def test_there_is_at_least_one_core():
    assert _threads._cores() >= 1
