"""Runs of rules, step by step: what they do, what they wait for, and how they go on after a restart."""

from collections.abc import Mapping
from typing import Final

from hubagent.model.capability import Value
from hubagent.rules.actions.wait import OnTimeout
from hubagent.rules.program import Await, Branch, Enter, Goto, Halt, Loop, Pause, Perform
from hubagent.rules.rule import Rule, RunMode
from simulators.chaos.oracle.desk import Desk
from simulators.chaos.oracle.doing import Doing, Home
from simulators.chaos.oracle.meaning import holds, reads, reads_clock
from simulators.chaos.oracle.seen import Cause, Place, Seen
from simulators.chaos.oracle.state import Known, Run

STEPS_MAX: Final = 500
"""Then others have their turn."""
LOOK_S: Final = 30.0
"""How often a condition that depends on the clock is looked at."""
RESTS_S: Final = 10.0
"""RULES.md, Bounds: a run that waited so long begins a new chain of causes."""
RUNS_MAX: Final = 1000
"""RULES.md, Bounds: runs that wait."""


class Runs:
    def __init__(self, desk: Desk, seen: Seen, home: Home) -> None:
        self._desk = desk
        self._seen = seen
        self._home = home
        self.doing = Doing(desk, seen, home, self.tell_outcome, lambda run: self.end(run, "failed"))
        self.active: list[Run] = []
        """Those that go on, wait or are queued, in the order of their beginning."""
        self.bound: Mapping[str, Known] = {}
        self._number = 0
        self._changed: list[frozenset[Place]] = []
        self._lining_up: set[str] = set()

    # --- beginning

    def new(self, rule: Rule, value: Value = None, trigger_id: str | None = None) -> Run:
        run = Run(rule.name, rule.hash, value, trigger_id)
        run.number = self.next_number()
        return run

    def next_number(self) -> int:
        self._number += 1
        return self._number

    def is_blocked(self, rule: Rule) -> bool:
        """Whether the rule's mode allows no further run now."""
        others = [one for one in self.active if one.rule == rule.name]
        queued = sum(one.queued for one in others)
        return (
            (bool(others) and rule.mode is RunMode.SINGLE)
            or (rule.mode is RunMode.PARALLEL and len(others) - queued >= rule.max_runs)
            or (bool(others) and rule.mode is RunMode.QUEUED and queued >= rule.max_runs)
        )

    def begin(self, rule: Rule, run: Run) -> None:
        """As the rule's mode says."""
        others = [one for one in self.active if one.rule == rule.name]
        if self.is_blocked(rule) or (others and rule.mode is RunMode.QUEUED and self._are_too_many()):
            self._home.outcome(run, "blocked")
        elif others and rule.mode is RunMode.QUEUED:
            run.queued = run.counted = True
            self.active.append(run)
            self._touch(run)
        else:
            for other in others if rule.mode is RunMode.RESTART else ():
                self.end(other, None)
            self._start(rule, run)

    def _start(self, rule: Rule, run: Run) -> None:
        self._desk.did.append(("fired", rule.name))
        run.slots = [0] * rule.program.slots
        self.active.append(run)
        self._touch(run)
        self._advance(rule, run)

    def _touch(self, run: Run) -> None:
        """It is written down."""
        run.kept = None
        self._desk.touch("runs", run.rule)

    def _of(self, run: Run) -> Rule | None:
        known = self.bound.get(run.rule)
        return None if known is None else known.rule

    # --- going on

    def _advance(self, rule: Rule, run: Run) -> None:
        """Until it waits or ends."""
        instructions = rule.program.instructions
        for steps in range(10**9):
            if run.ended:
                return
            if run.pc >= len(instructions):
                self.end(run, "done")
                return
            instruction = instructions[run.pc]
            if steps >= STEPS_MAX and not isinstance(instruction, Pause | Await):
                self._pause(run, self._desk.wall)
                return
            self._as_set_off(run)
            match instruction:
                case Perform(action=action):
                    run.pc += 1
                    self.doing.perform(rule, run, action)
                case Goto(to=to):
                    run.pc = to
                case Enter(slot=slot):
                    run.slots[slot] = 0
                    run.pc += 1
                case Loop(slot=slot, at_most=at_most, leave=leave):
                    again = run.slots[slot] < at_most
                    run.slots[slot] += again
                    run.pc = run.pc + 1 if again else leave
                case Branch(condition=condition, otherwise=otherwise):
                    run.pc = run.pc + 1 if holds(condition, self._seen) else otherwise
                case Halt():
                    self.end(run, "done")
                    return
                case Pause(seconds=seconds):
                    self._pause(run, self._desk.wall + seconds)
                    return
                case Await():
                    if not self._await(rule, run, instruction):
                        return

    def _as_set_off(self, run: Run) -> None:
        self._seen.cause = Cause(run.value, run.id, run.late_s)

    def _are_too_many(self) -> bool:
        return sum(run.counted for run in self.active) >= RUNS_MAX

    def _may_wait(self, run: Run) -> bool:
        """One too many ends instead."""
        if not run.counted and self._are_too_many():
            self.end(run, "failed")
            return False
        run.counted = True
        return True

    def _pause(self, run: Run, until: float) -> None:
        if not self._may_wait(run):
            return
        run.waits, run.wake, run.in_doubt, run.since = True, until, False, self._desk.wall
        self._desk.at_wall(("wake", run.number), until, lambda: self._woken(run))
        self._touch(run)

    def _await(self, rule: Rule, run: Run, instruction: Await) -> bool:
        """Whether it need not wait."""
        so = holds(instruction.condition, self._seen)
        if so and instruction.held_s == 0:
            run.pc += 1
            return True
        if not self._may_wait(run):
            return False
        wall = self._desk.wall
        run.waits, run.in_doubt, run.since = True, False, wall
        run.wake = None if instruction.timeout_s is None else wall + instruction.timeout_s
        run.held = wall if so else None
        self._attend(rule, run, instruction)
        self._touch(run)
        return False

    def _attend(self, rule: Rule, run: Run, instruction: Await) -> None:
        desk = self._desk
        if reads_clock(instruction.condition):
            desk.at(("look", run.number), desk.now + LOOK_S, lambda: self._look_later(rule, run, instruction))
        # Where both come at the same moment, the timeout counts (RULES.md, Bounds).
        held_until = None if run.held is None else run.held + instruction.held_s
        if held_until is not None and (run.wake is None or held_until < run.wake):
            desk.at_wall(("held", run.number), held_until, lambda: self._held(run))
        if run.wake is not None:
            desk.at_wall(("wake", run.number), run.wake, lambda: self._timed_out(run))
        if held_until is not None and run.wake is not None and held_until >= run.wake:
            desk.at_wall(("held", run.number), held_until, lambda: self._held(run))

    def _awaited(self, run: Run) -> Await | None:
        rule = self._of(run)
        if rule is None or not run.waits or run.pc >= len(rule.program.instructions):
            return None
        instruction = rule.program.instructions[run.pc]
        return instruction if isinstance(instruction, Await) else None

    def changed(self, places: frozenset[Place]) -> None:
        """Those that wait for it look; what one that is woken changes is looked at when all have been."""
        if not self.active:
            return
        self._changed.append(places)
        if len(self._changed) > 1:
            return
        while self._changed:
            for run in sorted(self.active, key=lambda one: one.number):
                awaited = None if run.ended or run.dormant else self._awaited(run)
                if awaited is not None and not reads(awaited.condition, self._seen).isdisjoint(self._changed[0]):
                    self._look(run)
            del self._changed[0]

    def _look_later(self, rule: Rule, run: Run, instruction: Await) -> None:
        if run.ended or not run.waits:
            return
        desk = self._desk
        desk.at(("look", run.number), desk.now + LOOK_S, lambda: self._look_later(rule, run, instruction))
        self._look(run)

    def _look(self, run: Run) -> None:
        awaited, rule, desk = self._awaited(run), self._of(run), self._desk
        if awaited is None or rule is None or run.ended:
            return
        self._as_set_off(run)
        if not holds(awaited.condition, self._seen):
            if run.held is not None:
                run.holds_since(None)
                desk.cancel(("held", run.number))
                self._touch(run)
        elif awaited.held_s == 0:
            self._go_on(rule, run)
        elif run.held is None:
            run.holds_since(desk.wall)
            desk.at(("held", run.number), desk.now + awaited.held_s, lambda: self._held(run))
            self._touch(run)

    def _held(self, run: Run) -> None:
        awaited, rule = self._awaited(run), self._of(run)
        if awaited is None or rule is None or run.ended:
            return
        self._as_set_off(run)
        if holds(awaited.condition, self._seen):
            self._go_on(rule, run)
        else:
            # The clock made it so; it counts from when it holds again.
            self._look(run)

    def _timed_out(self, run: Run) -> None:
        awaited, rule = self._awaited(run), self._of(run)
        if awaited is None or rule is None or run.ended:
            return
        if awaited.on_timeout is OnTimeout.STOP:
            self.end(run, "failed")
        else:
            self._go_on(rule, run)

    def _woken(self, run: Run) -> None:
        rule = self._of(run)
        if rule is None:
            self.end(run, None)
        elif not run.ended:
            self._go_on(rule, run)

    def _go_on(self, rule: Rule, run: Run) -> None:
        waited_s = self._desk.wall - run.since
        self._leave_wait(run)
        if isinstance(rule.program.instructions[run.pc], Pause | Await):
            run.pc += 1
        if waited_s >= RESTS_S:
            run.depth = 0
        self._touch(run)
        self._advance(rule, run)

    def _leave_wait(self, run: Run) -> None:
        self._desk.cancel(("wake", run.number), ("held", run.number), ("look", run.number))
        run.waits, run.wake, run.held, run.by_clock = False, None, None, None

    def end(self, run: Run, outcome: str | None) -> None:
        """None: it was cut short, and says nothing to other rules."""
        if run.ended:
            return
        run.ended = True
        self._leave_wait(run)
        if run in self.active:
            self.active.remove(run)
        self._touch(run)
        if outcome is None:
            self.doing.sending.abandon(run)
        else:
            run.outcome = outcome
            self.tell_outcome(run)
        self.next_in_line(run.rule)

    def tell_outcome(self, run: Run) -> None:
        """Once, when it has ended and all that it sent was answered."""
        if run.ended and run.outcome is not None and run.unanswered == 0:
            outcome, run.outcome = "failed" if run.failed else run.outcome, None
            self._home.outcome(run, outcome)
        elif run.waits and run.failed:
            self._touch(run)

    def _next_in_lines(self) -> None:
        for name in dict.fromkeys(run.rule for run in list(self.active)):
            self.next_in_line(name)

    def next_in_line(self, name: str) -> None:
        if name in self._lining_up:
            return
        self._lining_up.add(name)
        try:
            while (known := self.bound.get(name)) is not None:
                others = [run for run in self.active if run.rule == name]
                if not others or not all(run.queued for run in others):
                    return
                others[0].queued = others[0].counted = False
                if others[0].hash == known.rule.hash:
                    self.active.remove(others[0])
                    self._start(known.rule, others[0])
                else:
                    self.end(others[0], None)
        finally:
            self._lining_up.discard(name)

    # --- rules that come and go, the clock, a start

    def bind(self, bound: Mapping[str, Known], hashes: Mapping[str, str], *, ready: bool) -> None:
        self.bound = bound
        for run in list(self.active):
            rule = self._of(run)
            if hashes.get(run.rule) != run.hash:
                self.end(run, None)
            elif ready and rule is not None and not run.queued:
                if run.dormant:
                    self._resume(rule, run)
                elif (awaited := self._awaited(run)) is not None:
                    self._attend(rule, run, awaited)
                    self._look(run)
        if ready:
            self._next_in_lines()

    def clock_stepped(self, seconds: float) -> None:
        """What waits goes on as long as it would have; what was due by a clock that is set only now is judged now."""
        waiting = [run for run in self.active if run.waits and not run.dormant]
        judged = [run for run in waiting if run.by_clock and self._desk.is_set(self._desk.wall) and self._of(run)]
        for run in waiting:
            if run not in judged:
                self._put_forward(run, seconds)
        # Those that go on may begin others: these know the new time.
        for run in judged:
            rule = self._of(run)
            if run.by_clock is not None and rule is not None and not run.ended:
                self._judge(rule, run, seconds)

    def _put_forward(self, run: Run, seconds: float) -> None:
        desk = self._desk
        run.since += seconds
        wake, held = desk.due(("wake", run.number)), desk.due(("held", run.number))
        run.wake = None if run.wake is None or wake is None else desk.wall + wake - desk.now
        if run.held is not None:
            awaited = self._awaited(run)
            known = awaited is not None and held is not None
            run.held = desk.wall + held - desk.now - awaited.held_s if known else run.held + seconds  # type: ignore[union-attr,operator]
        if run.by_clock is None:
            self._touch(run)

    def _judge(self, rule: Rule, run: Run, seconds: float) -> None:
        """By when it was due, as the clock said that was set."""
        assert run.by_clock is not None
        run.wake, held = run.by_clock
        run.held = run.held + seconds if held is None and run.held is not None else held
        self._desk.cancel(("wake", run.number), ("held", run.number))
        run.by_clock, run.since = None, self._desk.wall
        self._resume_wait(rule, run)

    def resume(self) -> None:
        """The radios work."""
        for run in sorted(self.active, key=lambda one: one.number):
            rule = self._of(run)
            if rule is not None and run.dormant and not run.ended:
                self._resume(rule, run)
        self._next_in_lines()

    def _resume(self, rule: Rule, run: Run) -> None:
        run.dormant = False
        if run.in_doubt:
            run.waits = False
            self._advance(rule, run)
        else:
            self._resume_wait(rule, run)

    def _resume_wait(self, rule: Rule, run: Run) -> None:
        desk = self._desk
        since, run.since = run.since, desk.wall
        if run.by_clock is None and not desk.same_clock(since, desk.wall):
            # As if the hub had been off for no time, until the clock is set.
            if desk.is_set(since):
                run.by_clock, run.kept = (run.wake, run.held), (since, run.wake, run.held)
            run.wake = None if run.wake is None else run.wake + desk.wall - since
            run.held = None if run.held is None else run.held + desk.wall - since
        if run.by_clock is None:
            self._touch(run)
        awaited = self._awaited(run)
        if run.wake is not None and desk.wall - run.wake > rule.resumed_within_s:
            self.end(run, None)
        elif awaited is not None:
            self._attend(rule, run, awaited)
            self._look(run)
        elif run.wake is not None:
            desk.at_wall(("wake", run.number), run.wake, lambda: self._woken(run))
