"""What runs wait for: a time, or a condition that holds and has held long enough; looked at whenever it may change."""

from typing import Final, Protocol

from hubagent.rules.actions.wait import OnTimeout
from hubagent.rules.cells import Cell
from hubagent.rules.executor.agenda import Agenda
from hubagent.rules.executor.bound import BoundRule
from hubagent.rules.executor.run import Run
from hubagent.rules.program import Await

LOOK_S: Final = 30.0
"""How often a condition that depends on the clock is looked at while a run waits for it."""
FOREVER: Final = float("inf")


class Runner(Protocol):
    """Whom it is told to that a wait is over."""

    def bound_of(self, run: Run) -> BoundRule | None: ...

    def enter(self, run: Run) -> bool:
        """Among those that wait; one too many ends instead."""
        ...

    def record(self, run: Run) -> None: ...

    def as_set_off(self, bound: BoundRule, run: Run) -> None:
        """What set it off is what its expressions see."""
        ...

    def step(self, run: Run, about: str, detail: object) -> None: ...

    def go_on(self, bound: BoundRule, run: Run) -> None:
        """Behind what it waited for."""
        ...

    def end(self, run: Run, outcome: str | None) -> None: ...


class Waits:
    def __init__(self, agenda: Agenda, runs: Runner) -> None:
        self._agenda = agenda
        self._runs = runs
        self.awaiting: dict[int, set[Run]] = {}
        """By cell: who waits for what it will be."""
        self._changed: list[list[Cell]] = []
        """What changed, and was not looked at yet by those that wait."""

    def is_await(self, run: Run) -> bool:
        return self._awaited(run) is not None

    def held_s(self, run: Run) -> float | None:
        """How long what it waits for has to hold; None where it waits for nothing of the kind."""
        awaited = self._awaited(run)
        return None if awaited is None else awaited.held_s

    def _awaited(self, run: Run) -> Await | None:
        bound = self._runs.bound_of(run)
        if bound is None or not run.waits or run.pc >= len(bound.program.instructions):
            return None
        instruction = bound.program.instructions[run.pc]
        return instruction if isinstance(instruction, Await) else None

    def pause(self, run: Run, until: float) -> None:
        """A pause; also the shortest, for a run that has gone on for long."""
        if not self._runs.enter(run):
            return
        run.waits, run.wake_at, run.in_doubt = True, until, False
        self.wake_at(run, until)
        self._runs.record(run)

    def wake_at(self, run: Run, until: float) -> None:
        """`until` is in Unix seconds."""
        self._agenda.timers.set(run.key, self._agenda.at_wall(until), lambda _now: self._woken(run))

    def begin(self, bound: BoundRule, run: Run, instruction: Await) -> bool:
        """Whether it holds already, and was to hold for no time; otherwise the run waits from now on."""
        condition = bound.conditions[run.pc]
        holds = condition.evaluate() is True
        if holds and instruction.held_s == 0:
            run.pc += 1
            return True
        if not self._runs.enter(run):
            return False
        run.waits, run.in_doubt = True, False
        run.wake_at = None if instruction.timeout_s is None else self._agenda.at + instruction.timeout_s
        run.held_since = self._agenda.at if holds else None
        self.attend(run)
        self._runs.record(run)
        return False

    def attend(self, run: Run) -> None:
        """Attend to what the condition reads, and to its deadlines."""
        bound = self._runs.bound_of(run)
        if bound is None or not self.is_await(run):
            return
        condition, instruction = bound.conditions[run.pc], bound.program.instructions[run.pc]
        assert isinstance(instruction, Await)
        run.attends = tuple(id(cell) for cell in condition.cells)
        for cell in run.attends:
            self.awaiting.setdefault(cell, set()).add(run)
        if condition.roots:
            self._agenda.timers.set((run.key, "look"), self._agenda.now + LOOK_S, lambda _now: self._look(run))
        held_until = FOREVER if run.held_since is None else run.held_since + instruction.held_s
        wake_at = FOREVER if run.wake_at is None else run.wake_at
        if held_until < wake_at:
            # What came first counts, also where both came while the hub was off.
            self._agenda.timers.set((run.key, "held"), self._agenda.at_wall(held_until), lambda _now: self._held(run))
        if run.wake_at is not None:
            self._agenda.timers.set(run.key, self._agenda.at_wall(wake_at), lambda _now: self._timed_out(run))
        if run.held_since is not None and held_until >= wake_at:
            self._agenda.timers.set((run.key, "held"), self._agenda.at_wall(held_until), lambda _now: self._held(run))

    def cells_changed(self, cells: list[Cell]) -> None:
        """Whoever waits for what they are looks again."""
        if not self.awaiting:
            return
        self._changed.append(cells)
        if len(self._changed) > 1:
            # One that was woken did this; whoever woke it comes to that too. So they never go deep.
            return
        try:
            while self._changed:
                touched = {run.id: run for cell in self._changed[0] for run in self.awaiting.get(id(cell), ())}
                for run in [touched[number] for number in sorted(touched)]:
                    self.look_again(run)
                del self._changed[0]
        finally:
            self._changed = []

    def _look(self, run: Run) -> None:
        if run.ended or not run.waits:
            return
        self._agenda.timers.set((run.key, "look"), self._agenda.now + LOOK_S, lambda _now: self._look(run))
        self.look_again(run)

    def look_again(self, run: Run) -> None:
        bound = self._runs.bound_of(run)
        if bound is None or run.ended or not self.is_await(run):
            return
        instruction = bound.program.instructions[run.pc]
        assert isinstance(instruction, Await)
        self._runs.as_set_off(bound, run)
        holds = bound.conditions[run.pc].evaluate() is True
        if not holds:
            self._holds_not(run)
        elif instruction.held_s == 0:
            self._runs.go_on(bound, run)
        elif run.held_since is None:
            run.holds_since(self._agenda.at)
            until = self._agenda.now + instruction.held_s
            self._agenda.timers.set((run.key, "held"), until, lambda _now: self._held(run))
            self._runs.record(run)

    def _held(self, run: Run) -> None:
        bound = self._runs.bound_of(run)
        if bound is None or run.ended:
            return
        self._runs.as_set_off(bound, run)
        if bound.conditions[run.pc].evaluate() is True:
            self._runs.go_on(bound, run)
        else:
            # By the clock, since it was looked at last: when it holds again, it has to hold for as long anew.
            self._holds_not(run)

    def _holds_not(self, run: Run) -> None:
        if run.held_since is not None:
            run.holds_since(None)
            self._agenda.timers.cancel((run.key, "held"))
            self._runs.record(run)

    def _timed_out(self, run: Run) -> None:
        bound = self._runs.bound_of(run)
        if bound is None or run.ended:
            return
        instruction = bound.program.instructions[run.pc]
        assert isinstance(instruction, Await)
        self._runs.step(run, "wait", "it took too long")
        if instruction.on_timeout is OnTimeout.STOP:
            self._agenda.trace("ended", run.rule, run.id, run.about, "what it waited for did not come")
            self._runs.end(run, "failed")
        else:
            self._runs.go_on(bound, run)

    def _woken(self, run: Run) -> None:
        bound = self._runs.bound_of(run)
        if bound is None:
            self._agenda.trace("ended", run.rule, run.id, run.about, "a device that the rule names is gone")
            self._runs.end(run, None)
        elif not run.ended:
            self._runs.go_on(bound, run)

    def leave(self, run: Run) -> float:
        """How long it waited for certain."""
        for key in (run.key, (run.key, "held"), (run.key, "look")):
            self._agenda.timers.cancel(key)
        for cell in run.attends:
            waiting = self.awaiting.get(cell)
            if waiting is not None:
                waiting.discard(run)
                if not waiting:
                    del self.awaiting[cell]
        run.attends = ()
        began = run.waits_since
        run.waits, run.wake_at, run.held_since, run.due_by_clock = False, None, None, None
        return self._agenda.at - began
