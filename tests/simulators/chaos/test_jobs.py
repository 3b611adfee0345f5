"""Runs in processes of their own: the same answers, in the same order; who dies is named, and nobody is left."""

import signal

import pytest

from simulators.chaos import jobs
from simulators.chaos.asked import Asked, answer
from simulators.chaos.dask import answers_of_dask
from simulators.chaos.jobs import JobsFailed, answers
from simulators.chaos.scenario import Scenario

pytestmark = pytest.mark.real_time


def some(count: int) -> list[Asked]:
    # Nobody is asked afterwards, so that a run is short.
    return [Asked(Scenario("studio", seed, 20.0), checks=("nobody",)) for seed in range(count)]


def test_two_processes_answer_what_one_does_in_order() -> None:
    asked = some(4)
    alone = [answer(it) for it in asked]
    assert list(answers(asked, 2)) == alone
    assert [it.scenario.seed for it in alone] == [0, 1, 2, 3]


def test_who_has_seen_enough_ends_the_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[jobs._Worker] = []

    class Watched(jobs._Worker):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    monkeypatch.setattr(jobs, "_Worker", Watched)
    going = answers(some(20), 2)
    next(going)
    going.close()  # type: ignore[attr-defined]
    assert len(made) == 2
    assert all(worker._process.returncode is not None for worker in made)


def test_a_process_that_dies_is_told_of_with_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_WORKER", (*jobs._WORKER[:1], "-c", "input()"))
    with pytest.raises(JobsFailed, match=r"a process died in the run of seed \d; try --seed \d --jobs 1"):
        list(answers(some(3), 2))


def test_ctrl_c_is_for_whoever_asks_and_not_for_the_processes() -> None:
    """A terminal sends it to all of them; one that died of it would say so with a trace, in the middle of the rest."""
    (asked,) = some(1)
    worker = jobs._Worker()
    try:
        worker.ask(0, asked)
        assert worker.take() == (0, answer(asked))
        worker._process.send_signal(signal.SIGINT)
        worker.ask(1, asked)
        assert worker.take() == (1, answer(asked))
    finally:
        worker.end()


def test_a_dask_that_is_not_installed_or_not_there_is_a_clear_error() -> None:
    with pytest.raises(JobsFailed, match=r"pip install distributed|there is no Dask scheduler at tcp://127\.0\.0\.1:1"):
        list(answers_of_dask(some(1), "tcp://127.0.0.1:1"))
