"""An ear at a rule machine: the oracle hears what the machine is told, and what both want done of it is compared.

The machine is told first of nothing: whatever the oracle says is said before the machine has done anything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hubagent.model.event import (
    ButtonPressed,
    DeviceChanged,
    DeviceJoined,
    DeviceLeft,
    DeviceSilent,
    StateReported,
)
from hubagent.rules.executor import effects
from hubagent.rules.executor.executor import RuleExecutor
from hubagent.rules.executor.items import (
    Answered,
    HttpAnswered,
    Item,
    Loaded,
    ModeSet,
    PersonActed,
    Ready,
    RunWanted,
    SceneWanted,
    VariableSet,
    WebhookCalled,
)
from simulators.chaos.oracle.desk import Did
from simulators.chaos.oracle.oracle import Oracle

LATE_S: Final = 0.05
"""Later than this nothing is done that is due."""
LOOK_EVERY_S: Final = 31.0
"""RULES.md, Time, and the agent's half minute: so often at least it looks at its clock."""
SAME_S: Final = 1e-4
"""Deadlines that were worked out by two clocks are no more exact than this: of two, one may come a breath later."""
_RULE: Final = "rule:"
_TIME: Final = "time"


@dataclass(slots=True)
class _Open:
    """Because of the time the one did what the other did not, and it may be a breath too early to say so."""

    at: float
    about: str
    left: list[Did]
    missing: list[Did]


class RuleEar:
    """`excused(since)`: whether the process could not do anything for a part of the time since then.

    `in_order`: what comes of one moment is to come in the oracle's order as well: for times that are exact.
    """

    def __init__(
        self,
        machine: RuleExecutor,
        oracle: Oracle,
        wall: Callable[[], float],
        saw: Callable[[str], None],
        *,
        is_gone: Callable[[], bool] = lambda: False,
        excused: Callable[[float], bool] = lambda _since: False,
        in_order: bool = False,
    ) -> None:
        self._machine = machine
        self._oracle = oracle
        self._wall = wall
        self._saw = saw
        self._is_gone = is_gone
        self._excused = excused
        self._in_order = in_order
        self._look_shift: float | None = None
        self._looked_at: float | None = None
        self._looked_for: frozenset[str] = frozenset()
        """The rules whose times were looked at then."""
        self._now = 0.0
        self._open: _Open | None = None
        self._receive, self._handle = machine.receive, machine.handle_timeout
        self._look = machine._triggers.look_at_clock
        machine.receive = self._received  # type: ignore[method-assign]  # an ear at its slot
        machine.handle_timeout = self._handled  # type: ignore[method-assign]
        machine._triggers.look_at_clock = self._looks_at_clock  # type: ignore[method-assign]

    # --- what the machine is told

    def _received(self, item: Item, now: float) -> None:
        if self._is_gone():
            self._receive(item, now)
            return
        self._step(now, lambda: self._hears(item), lambda: self._receive(item, now), type(item).__name__)

    def _hears(self, item: Item) -> None:
        self._oracle.looks_for_a_step()
        tell(self._oracle, item)

    def _handled(self, now: float) -> None:
        if self._is_gone():
            self._handle(now)
            return
        self._look_at_what_is_due(now)
        self._step(now, self._time_passes, lambda: self._handle(now), _TIME)

    def _time_passes(self) -> None:
        self._oracle.looks_for_a_step()
        self._oracle.time_passed()

    def _looks_at_clock(self) -> None:
        if not self._is_gone():
            self._oracle.looks_at_clock()
            # Where no rule waits for a time of the clock, nobody looks at it.
            times = self._machine._triggers._times
            self._looked_at = self._now if times else None
            self._looked_for = frozenset(bound.rule.name for bound, _, _ in times)
            self._look_shift = self._wall() - self._now
        self._look()

    def late(self, rule: str, late_s: float) -> None:
        """A time came so long ago, and is noticed only now."""
        shift, looked_at = self._wall() - self._now, self._looked_at
        known = looked_at is not None and self._look_shift is not None and abs(shift - self._look_shift) < LATE_S
        # One whose device was not there had no times, and is told of them when it is.
        if late_s > LATE_S and known and rule in self._looked_for and not self._excused(self._now - late_s):
            self._saw(f"{rule}: its time was noticed {late_s:.3f} s late, at {self._now:.3f} s")

    def _look_at_what_is_due(self, now: float) -> None:
        due = self._oracle.next_deadline()
        if due is not None and due < now - LATE_S and not self._excused(due):
            self._saw(f"what was due at {due:.3f} s was looked at only at {now:.3f} s")
        looked = self._looked_at
        if looked is not None and now - looked > LOOK_EVERY_S and not self._excused(looked + LOOK_EVERY_S):
            self._saw(f"the clock was looked at at {looked:.3f} s, and not again before {now:.3f} s")
            self._looked_at = None

    def end(self, now: float) -> None:
        """Whether something is due that was not done."""
        self._say_what_is_open()
        self._look_at_what_is_due(now)

    # --- what comes of it

    def _step(self, now: float, oracle: Callable[[], None], machine: Callable[[], None], about: str) -> None:
        if self._open is not None and now - self._open.at > SAME_S:
            self._say_what_is_open()
        self._now = now
        agenda = self._machine._agenda
        before = [*agenda.effects, *agenda.behind]
        self._oracle.at(now, self._wall())
        oracle()
        machine()
        fresh = [one for one in (*agenda.effects, *agenda.behind) if not any(one is other for other in before)]
        found = [did for effect in fresh for did in did_of(effect)]
        wanted = self._oracle.take()
        if found or wanted:
            self._compare(found, wanted, about)
        for effect in fresh:
            if type(effect) is effects.Send and effect.token:
                self._oracle.sending.was_sent(effect.device, effect.command.wanted(), effect.token)
            elif type(effect) is effects.CallHttp:
                self._oracle.calls.was_called((effect.method, effect.url, effect.body), effect.token)

    def _compare(self, found: Sequence[Did], wanted: Sequence[Did], about: str) -> None:
        """What comes of one moment, in any order unless it was asked for: deadlines of one moment have none."""
        if self._open is not None:
            found, wanted, self._open = [*self._open.left, *found], [*self._open.missing, *wanted], None
        left, missing = _differences(found, wanted)
        if left or missing:
            self._open = _Open(self._now, about, left, missing)
            if about != _TIME:
                self._say_what_is_open()
        elif self._in_order and _done(found) != _done(wanted):
            order = f"{[*map(_text, _done(found))]}, not {[*map(_text, _done(wanted))]}"
            self._saw(f"at {self._now:.3f} s, because of {about}, the rules did, in this order, {order}")

    def _say_what_is_open(self) -> None:
        if self._open is None:
            return
        said = [f"did {_text(did)}, which the oracle does not say" for did in self._open.left]
        said += [f"did not {_text(did)}, as the oracle says" for did in self._open.missing]
        self._saw(f"at {self._open.at:.3f} s, because of {self._open.about}, the rules {'; they '.join(said)}")
        self._open = None


def _differences(found: Sequence[Did], wanted: Sequence[Did]) -> tuple[list[Did], list[Did]]:
    """What is only in the one, and what only in the other."""
    left, missing = list(found), []
    for did in wanted:
        if did in left:
            left.remove(did)
        else:
            missing.append(did)
    return left, missing


def tell(oracle: Oracle, item: Item) -> None:
    match item:
        case StateReported(device=device, values=values):
            oracle.reported(device, values)
        case ButtonPressed(device=device, button=button, press=press):
            oracle.pressed(device, button, press)
        case DeviceJoined(device=device) | DeviceChanged(device=device):
            oracle.device(device, joined=isinstance(item, DeviceJoined))
        case DeviceSilent(device=device):
            oracle.fell_silent(device)
        case DeviceLeft(device=device):
            oracle.left(device)
        case Ready():
            oracle.get_ready()
        case Loaded(rule_set=rule_set):
            oracle.loaded(rule_set)
        case ModeSet(mode=mode):
            oracle.set_mode(mode, None)
        case VariableSet(name=name, value=value):
            oracle.set_variable(name, value, None)
        case WebhookCalled(name=name):
            oracle.webhook(name)
        case SceneWanted(scene=scene):
            oracle.scene_wanted(scene)
        case RunWanted(rule=rule):
            oracle.run_wanted(rule)
        case PersonActed(device=device):
            oracle.sending.by_hand(device)
        case Answered(token=token, answer=answer):
            oracle.answered(token, answer.outcome)
        case HttpAnswered(token=token, ok=ok):
            oracle.calls.was_answered(token, ok)
        case _:
            raise AssertionError(item)


def did_of(effect: Any) -> list[Did]:
    """What a rule machine wants done, as the oracle says it; what people wished is not a rule's doing."""
    match effect:
        case effects.Traced(kind="fired", rule=rule) if not rule.startswith("scene:"):
            return [("fired", rule)]
        case effects.Send(device=device, command=command, cause=cause) if cause.who.startswith(_RULE):
            rule = cause.who.removeprefix(_RULE)
            return [("send", rule, device, name, value) for name, value in command.wanted().items()]
        case effects.Notify(to=to, text=text, rule=rule):
            return [("notify", rule, to, text)]
        case effects.ModeChanged(mode=mode):
            return [("mode", mode)]
        case effects.VariableChanged(name=name, value=value):
            return [("variable", name, value)]
        case effects.CallHttp(method=method, url=url, body=body):
            return [("call", method, url, body)]
    return []


def _done(all_of_it: Sequence[Did]) -> list[Did]:
    """That a run was begun is noted before or after what it does."""
    return [did for did in all_of_it if did[0] != "fired"]


def _text(did: Did) -> str:
    kind, *what = did
    return f"{kind} {', '.join(map(repr, what))}"
