"""A house whose rules are judged at every step: what the executor does of them, and what the oracle says."""

from collections.abc import Hashable
from typing import Any

from hubagent.model.event import CommandAnswered, Outcome
from hubagent.rules.executor.effects import CallHttp, Effect, Send
from hubagent.rules.executor.items import Answered, HttpAnswered, Ready
from hubagent.rules.where import Where
from simulators.chaos.checks.rule_ear import RuleEar
from simulators.chaos.oracle.desk import Did
from simulators.chaos.oracle.oracle import Oracle
from simulators.chaos.oracle.records import take_up
from tests.hubagent.rules.a_house import HOUSE, START, UTC, House, rules

NET = "net"
"""Whom HTTP calls go to."""
_KINDS = ("send", "notify", "mode", "variable", "call")


class NotingOracle(Oracle):
    """`noted` is what it said is to be done: at which wall time, and what."""

    noted: list[Did]

    def take(self) -> list[Did]:
        did = super().take()
        self.noted += [(self.desk.wall, *one) for one in did]
        return did


class JudgedHouse(House):
    """`problems` is what executor and oracle did not agree about."""

    oracle: NotingOracle
    in_order = True
    """What comes of one moment comes in the oracle's order as well."""

    def __init__(self, text: str, *, where: Where = UTC, start: float = START, deaf: tuple[str, ...] = ()) -> None:
        self.problems: list[str] = []
        self.mute: set[str] = set()
        """Devices that do not answer until they `speak`, and "net"."""
        self._begins_at = start
        self._lost = False
        self._withheld: list[tuple[str, Send | CallHttp]] = []
        super().__init__(text, where=where, start=start, deaf=deaf)

    def boot(self, *, ready: bool = True) -> None:
        super().boot(ready=False)
        rule_set = rules(self.text)
        if not hasattr(self, "oracle"):
            self.oracle = NotingOracle(self.where, rule_set, self._late)
            self.oracle.noted = []
        oracle, self._withheld = self.oracle, []
        oracle.start(self.now, self.wall)
        for one in HOUSE:
            values = self.states.get(one.id, {})
            oracle.remember(one, {name: (value, as_of, False) for name, (value, as_of) in values.items()})
        take_up(oracle, self.disk, self._is_doubtful)
        oracle.desk.touched.clear()
        self._lost = False
        oracle.bind(rule_set)
        self._ear = RuleEar(self.executor, oracle, lambda: self.wall, self.problems.append, in_order=self.in_order)
        if ready:
            self.do(Ready())

    def _late(self, rule: str, late_s: float) -> None:
        self._ear.late(rule, late_s)

    def reboot(self, off_s: float = 0.0, *, lost: bool = False) -> None:
        self.judge()
        self._lost = lost
        super().reboot(off_s, lost=lost)

    def judge(self) -> None:
        """Also what might have been a breath too early to say."""
        self._ear.end(self.now)

    def _is_doubtful(self, key: tuple[Hashable, ...]) -> bool:
        """What was lost is not the oracle's to say: of that it asks the disk."""
        return self._lost and key in self.oracle.desk.touched

    def _move(self, to: float) -> None:
        if to - self.now > 0.1:
            # All of it is on disk by then.
            self.oracle.desk.touched.clear()
        super()._move(to)

    # Answers that take their time.

    def _one(self, effect: Effect) -> None:
        if isinstance(effect, CallHttp) and NET in self.mute:
            self.calls.append(effect.url)
            self._withheld.append((NET, effect))
        else:
            super()._one(effect)

    def _send(self, effect: Send) -> None:
        name = next(one.name for one in HOUSE if one.id == effect.device)
        if name not in self.mute:
            super()._send(effect)
            return
        self.sent.append((round(self.wall - self._start, 3), name, dict(effect.command.wanted())))
        if effect.token:
            self._withheld.append((name, effect))

    def speaks(self, name: str, *, well: bool = True) -> None:
        """It answers what it has not yet, and from now on at once."""
        self.mute.discard(name)
        withheld, self._withheld = self._withheld, [one for one in self._withheld if one[0] != name]
        outcome = Outcome.CONFIRMED if well else Outcome.UNREACHABLE
        for _, effect in (one for one in withheld if one[0] == name):
            if isinstance(effect, CallHttp):
                self.do(HttpAnswered(effect.token, well, "500"))
            else:
                answer = CommandAnswered(effect.device, effect.command, effect.cause, outcome)
                self.do(Answered(effect.token, answer))

    # What the oracle said.

    def said(self, *kinds: str) -> list[str]:
        """In people's words, with seconds since the beginning; of these kinds only, where there are any."""
        self.judge()
        assert self.problems == []
        assert all(kind in _KINDS for kind in kinds)
        return [
            f"{_round(wall - self._begins_at):g} {_text(kind, what)}"
            for wall, kind, *what in self.oracle.noted
            if kind in (kinds or _KINDS)
        ]

    def ran(self) -> list[tuple[float, str]]:
        """When rules began, and which."""
        self.judge()
        assert self.problems == []
        return [(_round(wall - self._begins_at), what[0]) for wall, kind, *what in self.oracle.noted if kind == "fired"]


def _round(seconds: float) -> float:
    return round(seconds, 2)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value == int(value) else value


def _text(kind: str, what: list[Any]) -> str:
    match kind:
        case "send":
            _, device, attribute, value = what
            return f"{device.removeprefix('id-')}.{attribute} = {_plain(value)}"
        case "notify":
            return str(what[-1])
        case "mode":
            return f"mode {what[0]}"
        case "variable":
            return f"{what[0]} = {_plain(what[1])}"
    return " ".join(what).strip()
