"""Runs of rules: begun as their modes say, carried out step by step, written down whenever they wait, resumed.

A step that a deadline sets off is written down as begun, and is on disk, before it is done: after a power cut it is not
done twice. What a report sets off is done first and written down after; nothing stands between it and its command.
"""

from collections.abc import Mapping
from itertools import count
from typing import Any, Final

from hubagent.model.device import DeviceId
from hubagent.rules.executor.acting import Acting, Home
from hubagent.rules.executor.agenda import Agenda
from hubagent.rules.executor.bound import BoundRule
from hubagent.rules.executor.calls import Calls
from hubagent.rules.executor.clock import is_set, same_clock
from hubagent.rules.executor.modes import TABLE, WHY_BLOCKED, Verdict
from hubagent.rules.executor.picture import Picture
from hubagent.rules.executor.run import FAILURES_MAX, Run, run_of
from hubagent.rules.executor.scenes import Scenes
from hubagent.rules.executor.sending import Sending
from hubagent.rules.executor.waits import Waits
from hubagent.rules.program import Await, Branch, Enter, Goto, Halt, Loop, Pause, Perform

RUNS_MAX: Final = 1000
"""Runs that wait, of all rules together."""
STEPS_MAX: Final = 500
"""Steps that a run takes at once; then others have their turn."""
TURN_STEPS_MAX: Final = 50_000
"""Steps of all runs together because of one item; what is left to do has its turn after other items."""
RESTS_S: Final = 10.0
"""A run that waited so long begins a new chain of causes."""


class Runs:
    def __init__(self, agenda: Agenda, picture: Picture, sending: Sending, scenes: Scenes, calls: Calls, home: Home):
        self._agenda = agenda
        self._picture = picture
        self._sending = sending
        self._scenes = scenes
        self._home = home
        self._acting = Acting(agenda, picture, sending, scenes, calls, home, self)
        self.waits = Waits(agenda, self)
        self._bound: Mapping[str, BoundRule] = {}
        self._active: dict[str, list[Run]] = {}
        """By rule: those that go on or wait, and those that are queued, the oldest first."""
        self.ids = count(1)
        self._first_id = 1
        self._waiting = 0
        self._lining_up: set[str] = set()
        """Rules whose queued runs are being started."""
        self.steps_left = TURN_STEPS_MAX
        self._ready = False

    @property
    def waiting(self) -> list[Run]:
        return [run for runs in self._active.values() for run in runs]

    def begin_ids(self, first: int) -> None:
        """So that a run is not taken for one of before the start."""
        if first > self._first_id:
            self._first_id = first
            self.ids = count(first)

    # Rules that come and go.

    def bind(self, bound: Mapping[str, BoundRule], hashes: Mapping[str, str]) -> None:
        """`hashes` are the rules that there are, bound or not: a run of another is void."""
        self._bound = bound
        self.waits.awaiting = {}
        for run in self.waiting:
            if hashes.get(run.rule) != run.hash:
                self._agenda.trace("ended", run.rule, run.id, run.about, "the rule was changed")
                self.end(run, None)
            elif not run.dormant and self.waits.is_await(run):
                self.waits.attend(run)
        if self._ready:
            for run in self.waiting:
                self._wake(run)
            # Those before them may have ended while a device of the rule was away.
            self._next_in_lines()

    def _wake(self, run: Run) -> None:
        """Its devices may be there now, or be others."""
        bound = self._bound.get(run.rule)
        if run.dormant and bound is not None and not run.ended:
            self._resume(bound, run)
        elif run.attends:
            self.waits.look_again(run)

    def bound_of(self, run: Run) -> BoundRule | None:
        """None while a device that its rule names is not there."""
        return self._bound.get(run.rule)

    # Beginning.

    def verdict(self, bound: BoundRule) -> Verdict:
        """What the rule's mode says to one more run."""
        active = self._active.get(bound.rule.name)
        if active is None:
            return Verdict.BEGIN
        queued = sum(run.queued for run in active)
        return TABLE[bound.rule.mode](len(active) - queued, queued, bound.rule.max_runs)

    def begin(self, bound: BoundRule, run: Run, verdict: Verdict) -> None:
        match verdict:
            case Verdict.BEGIN:
                self._start(bound, run)
            case Verdict.REPLACE:
                for other in list(self._active.get(run.rule, ())):
                    self._agenda.trace("ended", run.rule, other.id, other.about, "it was set off again")
                    self.end(other, None)
                self._start(bound, run)
            case Verdict.QUEUE if self._waiting < RUNS_MAX:
                self._queue(run)
            case Verdict.QUEUE:
                self._blocked(run, f"{RUNS_MAX} runs wait already")
            case Verdict.BLOCK:
                self._blocked(run, WHY_BLOCKED[bound.rule.mode].format(most=bound.rule.max_runs))

    def _blocked(self, run: Run, why: str) -> None:
        self._agenda.trace("blocked", run.rule, run.id, run.about, why)
        self._home.outcome(run, "blocked")

    def _queue(self, run: Run) -> None:
        run.queued = True
        self._active[run.rule].append(run)
        self.enter(run)
        self.record(run)
        self._agenda.trace("queued", run.rule, run.id, run.about)

    def _start(self, bound: BoundRule, run: Run) -> None:
        self._agenda.trace("fired", run.rule, run.id, run.about, run.value, run.caused_by)
        run.slots = [0] * bound.program.slots
        # Also while it is carried out: what it does may set its rule off again.
        self._active.setdefault(run.rule, []).append(run)
        self._begun(run)
        self._advance(bound, run)

    def _begun(self, run: Run) -> None:
        """Where no report waits for it, what is done next is on disk as begun before it is done."""
        if self._agenda.durable:
            self._agenda.keep(run.key, run.record(acting=True))
            self._agenda.sync()

    # Carrying out.

    def _advance(self, bound: BoundRule, run: Run) -> None:
        """Until it waits or ends."""
        instructions = bound.program.instructions
        steps = 0
        while not run.ended:
            if run.pc >= len(instructions):
                self.end(run, "done")
                return
            instruction = instructions[run.pc]
            # One that stands at a wait would be taken to have waited, if it rested there.
            if (steps >= STEPS_MAX or self.steps_left <= 0) and not isinstance(instruction, Pause | Await):
                self.waits.pause(run, self._agenda.at)
                return
            steps += 1
            self.steps_left -= 1
            self.as_set_off(bound, run)
            match instruction:
                case Perform():
                    run.pc += 1
                    self._acting.perform(bound, run, bound.actions[run.pc - 1])
                case Goto(to=to):
                    run.pc = to
                case Enter(slot=slot):
                    run.slots[slot] = 0
                    run.pc += 1
                case Loop(slot=slot, at_most=at_most, leave=leave):
                    if run.slots[slot] >= at_most:
                        if instruction.bounded:
                            self.step(run, "while", f"left after {at_most} rounds")
                        run.pc = leave
                    else:
                        run.slots[slot] += 1
                        run.pc += 1
                case Branch(otherwise=otherwise):
                    holds = bound.conditions[run.pc].evaluate()
                    if holds is None:
                        self.step(run, "if", f"unknown: {', '.join(bound.conditions[run.pc].unknowns())}")
                    run.pc = run.pc + 1 if holds is True else otherwise
                case Halt(reason=reason):
                    self._agenda.trace("ended", run.rule, run.id, run.about, reason)
                    self.end(run, "done")
                    return
                case Pause(seconds=seconds):
                    self.waits.pause(run, self._agenda.at + seconds)
                    return
                case Await():
                    if not self.waits.begin(bound, run, instruction):
                        return

    def as_set_off(self, bound: BoundRule, run: Run) -> None:
        """What set it off is what its expressions see; what it did may have set off another meanwhile."""
        if bound.reads_trigger:
            self._picture.trigger.set(run.value, run.trigger_id, run.late_s)

    def end(self, run: Run, outcome: str | None) -> None:
        """`outcome` is None for one that was cut short: it says nothing to other rules."""
        if run.ended:
            return
        run.ended = True
        self._leave(run)
        if outcome is None:
            self._sending.abandon(run)
            self._scenes.abandon(run)
        else:
            run.outcome = "failed" if run.failures else outcome
            if run.outcome == "failed":
                self._agenda.trace("failed", run.rule, run.id, run.about, "; ".join(run.failures))
            self.tell_outcome(run)
        self._next_in_line(run.rule)

    def answered(self, run: Run, device: DeviceId, problem: str) -> None:
        """A command that was tracked: done, or failed for good."""
        if problem:
            self.failed(run, f"{self._picture.name_of(device)}: {problem}")
        self.tell_outcome(run)

    def tell_outcome(self, run: Run) -> None:
        """Once, when it has ended and all that it sent was answered."""
        if run.outcome is not None and not run.pending:
            outcome, run.outcome = "failed" if run.failures else run.outcome, None
            self._home.outcome(run, outcome)
        elif run.waits and run.recorded < len(run.failures):
            # It failed while it waited: after a restart it has failed as well.
            self.record(run)

    def failed(self, run: Run, what: str) -> None:
        self.step(run, "failed", what)
        if len(run.failures) < FAILURES_MAX:
            run.failures.append(what)

    def step(self, run: Run, about: str, detail: object) -> None:
        self._agenda.trace("step", run.rule, run.id, about, detail)

    def _next_in_lines(self) -> None:
        for rule in list(self._active):
            self._next_in_line(rule)

    def _next_in_line(self, rule: str) -> None:
        """Whoever is queued, one after the other: a run that ends at once is no reason to go deeper."""
        if rule in self._lining_up:
            return
        self._lining_up.add(rule)
        try:
            while (bound := self._bound.get(rule)) is not None and (active := self._active.get(rule)):
                if not all(run.queued for run in active):
                    break
                queued = active[0]
                queued.queued = False
                self._leave(queued)
                if queued.hash == bound.rule.hash:
                    self._start(bound, queued)
                else:
                    self._agenda.trace("ended", rule, queued.id, queued.about, "the rule was changed")
                    self.end(queued, None)
        finally:
            self._lining_up.discard(rule)

    def go_on(self, bound: BoundRule, run: Run) -> None:
        """Behind what it waited for."""
        waited_s = self.waits.leave(run)
        if isinstance(bound.program.instructions[run.pc], Pause | Await):
            run.pc += 1
        if waited_s >= RESTS_S:
            run.depth = 0
        self._begun(run)
        self._advance(bound, run)
        if not self._agenda.durable:
            # Its record, if it has one still, says that it waits: the shorter that is so, the better.
            self._agenda.sync()

    # Who is there.

    def enter(self, run: Run) -> bool:
        """Among those that wait; one too many ends instead."""
        run.waits_since = self._agenda.at
        if run.counted:
            return True
        if self._waiting >= RUNS_MAX:
            self._agenda.trace("failed", run.rule, run.id, run.about, f"{RUNS_MAX} runs wait already")
            self.end(run, "failed")
            return False
        run.counted = True
        self._waiting += 1
        return True

    def _leave(self, run: Run) -> None:
        active = self._active.get(run.rule, [])
        if run in active:
            active.remove(run)
            if not active:
                del self._active[run.rule]
        if run.counted:
            run.counted = False
            self._waiting -= 1
        self.waits.leave(run)
        self._agenda.forget(run.key)

    def record(self, run: Run) -> None:
        run.recorded = len(run.failures)
        self._agenda.keep(run.key, run.record())

    # After a start.

    def restore(self, key: str, record: Mapping[str, Any]) -> None:
        """Take up a run where it stood; it goes on when the radios work. Raises KeyError, TypeError, ValueError."""
        run = run_of(key, record)
        self.begin_ids(run.id + 1)
        self._active.setdefault(run.rule, []).append(run)
        run.counted = True
        self._waiting += 1
        run.waits, run.dormant = not run.queued, not run.queued

    def resume(self) -> None:
        """The radios work: those whose time came meanwhile go on as their rules say, all others wait on."""
        self._ready = True
        for runs in self._active.values():
            runs.sort(key=lambda run: run.id)
        for run in sorted(self.waiting, key=lambda run: run.id):
            bound = self._bound.get(run.rule)
            if bound is not None and run.dormant and not run.ended:
                self._resume(bound, run)
        self._next_in_lines()

    def _resume(self, bound: BoundRule, run: Run) -> None:
        run.dormant = False
        if not _makes_sense(bound, run):
            self._agenda.trace("ended", run.rule, run.id, run.about, "its record makes no sense")
            self.end(run, None)
        elif run.in_doubt:
            run.waits = False
            self._advance(bound, run)
        else:
            self._resume_wait(bound, run)

    def _resume_wait(self, bound: BoundRule, run: Run) -> None:
        since, run.waits_since = run.waits_since, self._agenda.at
        if run.due_by_clock is None and not same_clock(since, self._agenda.at):
            # As if the hub had been off for no time; if the clock is still to be set, then it is known how long it was.
            run.due_by_clock = (run.wake_at, run.held_since) if is_set(since) else None
            run.wake_at = None if run.wake_at is None else run.wake_at + self._agenda.at - since
            run.held_since = None if run.held_since is None else run.held_since + self._agenda.at - since
        if run.due_by_clock is None:
            # Up to here it waited for certain; and what began anew does so once, however often the hub starts.
            self.record(run)
        if self._late_s(run) > bound.rule.resumed_within_s:
            self._agenda.trace("missed", run.rule, run.id, run.about, self._late_s(run))
            self.end(run, None)
        elif self.waits.is_await(run):
            self.waits.attend(run)
            self.waits.look_again(run)
        elif run.wake_at is not None:
            self.waits.wake_at(run, run.wake_at)

    def clock_stepped(self, seconds: float) -> None:
        """What waits goes on as long as it would have; what was due by a clock that is set only now is judged now."""
        judged = []
        for run in self.waiting:
            if run.dormant or not run.waits:
                continue
            if run.due_by_clock is not None and is_set(self._agenda.at) and run.rule in self._bound:
                judged.append(run)
            else:
                self._put_forward(run, seconds)
        # Last: those that go on may begin others, or make them go on, by the clock as it is now.
        for run in judged:
            if run.due_by_clock is not None and not run.ended:
                self._judge(self._bound[run.rule], run, seconds)

    def _put_forward(self, run: Run, seconds: float) -> None:
        run.waits_since += seconds
        # By its deadlines, where it has them: their clock does not drift.
        if run.wake_at is not None:
            run.wake_at = self._agenda.due_at(run.key) or run.wake_at + seconds
        if run.held_since is not None:
            due, held_s = self._agenda.due_at((run.key, "held")), self.waits.held_s(run)
            run.held_since = run.held_since + seconds if due is None or held_s is None else due - held_s
        if run.due_by_clock is None:
            self.record(run)

    def _judge(self, bound: BoundRule, run: Run, seconds: float) -> None:
        """By when it was due, as it was written down by a clock that was set."""
        assert run.due_by_clock is not None
        run.wake_at, held_since = run.due_by_clock
        if held_since is not None:
            run.held_since = held_since
        elif run.held_since is not None:
            # It came to be so in this life, or once more.
            run.held_since += seconds
        for key in (run.key, (run.key, "held")):
            self._agenda.timers.cancel(key)
        run.due_by_clock, run.waits_since = None, self._agenda.at
        self._resume_wait(bound, run)

    def _late_s(self, run: Run) -> float:
        """How long ago its time came; less than 0 where it is still to come."""
        return 0.0 if run.wake_at is None else self._agenda.at - run.wake_at


def _makes_sense(bound: BoundRule, run: Run) -> bool:
    """Whether a run of before the start can stand there."""
    instructions = bound.program.instructions
    if run.hash != bound.rule.hash or len(run.slots) != bound.program.slots:
        return False
    if run.in_doubt:
        return run.pc <= len(instructions)
    return run.pc < len(instructions) and (run.wake_at is not None or isinstance(instructions[run.pc], Await))
