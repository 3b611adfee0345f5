"""Runs spread over processes of this machine; answers come in the order of the questions.

Each run is a process's whole business: a simulation has no threads, and shares nothing with another one. Whoever has
more machines takes `dask`, or gives each a block of the seeds.
"""

import json
import selectors
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Final

from simulators.chaos.asked import Asked, answer
from simulators.chaos.verdict import Verdict, verdict_of

_WORKER: Final = (sys.executable, "-m", "simulators.chaos.worker")
_END_S: Final = 10.0


class JobsFailed(Exception):
    """The runs could not be carried out; says why, and what to do."""


def answers(asked: Sequence[Asked], jobs: int) -> Iterator[Verdict]:
    """Whoever takes no more of them ends the processes. Raises JobsFailed."""
    if jobs <= 1 or len(asked) <= 1:
        yield from map(answer, asked)
        return
    with ExitStack() as ending, selectors.DefaultSelector() as ready:
        workers = [_Worker() for _ in range(min(jobs, len(asked)))]
        for worker in workers:
            ending.callback(worker.end)
            ready.register(worker.answers, selectors.EVENT_READ, worker)
        yield from _in_order(asked, workers, ready)


def _in_order(asked: Sequence[Asked], workers: "Sequence[_Worker]", ready: selectors.BaseSelector) -> Iterator[Verdict]:
    waiting = deque(enumerate(asked))
    early: dict[int, Verdict] = {}
    for worker in workers:
        worker.ask(*waiting.popleft())
    for number in range(len(asked)):
        while number not in early:
            for key, _ in ready.select():
                worker = key.data
                place, verdict = worker.take()
                early[place] = verdict
                if waiting:
                    worker.ask(*waiting.popleft())
                else:
                    ready.unregister(worker.answers)
        yield early.pop(number)


@dataclass(slots=True)
class _Question:
    number: int
    seed: int


class _Worker:
    """One process, with one question at a time."""

    def __init__(self) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                _WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
            )
        except OSError as error:
            raise JobsFailed(f"no process can be started: {error}") from error
        self._question = _Question(-1, -1)

    @property
    def answers(self) -> IO[str]:
        assert self._process.stdout is not None
        return self._process.stdout

    def ask(self, number: int, asked: Asked) -> None:
        assert self._process.stdin is not None
        self._question = _Question(number, asked.scenario.seed)
        try:
            self._process.stdin.write(json.dumps(asked.to_json()) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise self._died() from error

    def take(self) -> tuple[int, Verdict]:
        """Its answer, of which the beginning is there."""
        line = self.answers.readline()
        if not line.endswith("\n"):
            raise self._died()
        return self._question.number, verdict_of(json.loads(line))

    def end(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=_END_S)

    def _died(self) -> JobsFailed:
        seed = self._question.seed
        return JobsFailed(f"a process died in the run of seed {seed}; try --seed {seed} --jobs 1")
