"""A house for rules: devices that do what they are told, a clock that a test moves, and power that can fail."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hubagent.model.capabilities.switch import Press
from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.model.capability import Value
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.model.event import (
    ButtonPressed,
    CommandAnswered,
    DeviceChanged,
    DeviceJoined,
    DeviceLeft,
    DeviceSilent,
    Outcome,
    StateReported,
)
from hubagent.rules.executor.effects import CallHttp, Effect, Forget, Keep, Notify, Send, Sync, Traced
from hubagent.rules.executor.executor import RuleExecutor
from hubagent.rules.executor.items import (
    Answered,
    HttpAnswered,
    Item,
    Loaded,
    ModeSet,
    Ready,
    Remembered,
    Restored,
)
from hubagent.rules.reading.rule_set import rule_set_of
from hubagent.rules.rule_set import RuleSet
from hubagent.rules.where import Where
from hubagent.toml_lines import Document, Source
from tests.hubagent.rules.a_scope import DEVICES, device

HOUSE = (
    *DEVICES,
    device("porch.light", "on_off", "level_control"),
    device("sofa.remote", "switch"),
    device("garage.opener", "window_covering"),
    device("kitchen.leak", "boolean_state"),
)
START = 1_767_225_600.0
"""2026-01-01 00:00 UTC, a Thursday."""
AMSTERDAM = Where(ZoneInfo("Europe/Amsterdam"), 52.37, 4.90)
UTC = Where(ZoneInfo("UTC"), 52.37, 4.90)


def rules(text: str) -> RuleSet:
    document = Document(Path("rules.toml"), tomllib.loads(text), Source(Path("rules.toml"), text))
    return rule_set_of([document], frozenset({"example.org"}))


class PowerCut(Exception):
    """Now."""


class House:
    """Runs rules. `sent` is what the devices were told; they do it, and say so, unless `deaf` names them."""

    def __init__(self, text: str, *, where: Where = UTC, start: float = START, deaf: tuple[str, ...] = ()) -> None:
        self.text = text
        self.where = where
        self.wall = start
        self.now = 0.0
        self.deaf = set(deaf)
        self.obedient = True
        """Devices report what they were told."""
        self.states: dict[DeviceId, dict[str, tuple[Value, float]]] = {}
        self.sent: list[tuple[float, str, dict[str, Value]]] = []
        """Seconds since the start, device, values."""
        self.notes: list[str] = []
        self.calls: list[str] = []
        self.traces: list[Traced] = []
        self.disk: dict[str, Mapping[str, Any]] = {}
        self.soon: dict[str, Mapping[str, Any] | None] = {}
        """What is to be kept, and not on disk yet."""
        self.cut_at_effect: int | None = None
        """After so many effects of keeping the power fails."""
        self._effects = 0
        self._start = start
        self.executor: RuleExecutor
        self.boot()

    def boot(self, *, ready: bool = True) -> None:
        self.executor = RuleExecutor(rules(self.text), self.where, lambda: self.wall)
        for one in HOUSE:
            self.do(Remembered(one, self.states.get(one.id, {})))
        self.do(Restored(dict(self.disk)))
        if ready:
            self.do(Ready())

    def reboot(self, off_s: float = 0.0, *, lost: bool = False) -> None:
        """The power fails for so long; with `lost`, what was not on disk yet is gone."""
        if not lost:
            self._to_disk()
        self.soon = {}
        self.wall += off_s
        self.now = 0.0
        self.boot()

    def reload(self, text: str) -> None:
        self.text = text
        self.do(Loaded(rules(text)))

    # What happens.

    def says(self, name: str, **values: Value) -> None:
        one = self.find(name)
        for attribute, value in values.items():
            capability = ATTRIBUTES[attribute][0].name
            self.states.setdefault(one.id, {})[attribute] = (value, self.wall)
            self.do(StateReported(one.id, capability, {attribute: value}, self.now))

    def presses(self, name: str, press: Press = Press.SINGLE, button: int = 1) -> None:
        self.do(ButtonPressed(self.find(name).id, button, press, self.now))

    def silent(self, name: str) -> None:
        self.do(DeviceSilent(self.find(name).id))

    def back(self, name: str) -> None:
        self.do(DeviceChanged(self.find(name)))

    def left(self, name: str) -> None:
        self.do(DeviceLeft(self.find(name).id))

    def joins(self, one: Device) -> None:
        self.do(DeviceJoined(one))

    def renamed(self, name: str, to: str) -> None:
        self.do(DeviceChanged(replace(self.find(name), name=to)))

    def mode(self, mode: str) -> None:
        self.do(ModeSet(mode, "api"))

    def find(self, name: str) -> Device:
        return next(one for one in HOUSE if one.name == name)

    def wait(self, seconds: float) -> None:
        """Time passes; what is due is done when it is due."""
        end = self.now + seconds
        while True:
            due = self.executor.next_deadline()
            if due is None or due > end:
                break
            self._move(max(due, self.now))
            self.executor.handle_timeout(self.now)
            self._perform()
        self._move(end)
        self.executor.handle_timeout(self.now)
        self._perform()

    def clock_steps(self, seconds: float) -> None:
        self.wall += seconds

    def _move(self, to: float) -> None:
        if to - self.now > 0.1:
            self._to_disk()
        self.wall += to - self.now
        self.now = to

    def _to_disk(self) -> None:
        for key, record in self.soon.items():
            if record is None:
                self.disk.pop(key, None)
            else:
                self.disk[key] = record
        self.soon = {}

    def do(self, item: Item) -> None:
        self.executor.receive(item, self.now)
        self._perform()

    def _perform(self) -> None:
        while effects := self.executor.take_effects():
            for effect in effects:
                self._one(effect)

    def _one(self, effect: Effect) -> None:
        match effect:
            case Send():
                self._send(effect)
            case Keep(key=key, record=record):
                self._storing()
                self.soon[key] = record
            case Forget(key=key):
                self._storing()
                self.soon[key] = None
            case Sync():
                self._storing()
                self._to_disk()
            case Notify(text=text):
                self.notes.append(text)
            case CallHttp(url=url, token=token):
                self.calls.append(url)
                self.executor.receive(HttpAnswered(token, "bad" not in url, "500"), self.now)
            case Traced():
                self.traces.append(effect)
            case _:
                pass

    def _storing(self) -> None:
        self._effects += 1
        if self.cut_at_effect is not None and self._effects > self.cut_at_effect:
            raise PowerCut

    def _send(self, effect: Send) -> None:
        one = next(one for one in HOUSE if one.id == effect.device)
        wanted = dict(effect.command.wanted())
        self.sent.append((round(self.wall - self._start, 3), one.name, wanted))
        follows = one.name not in self.deaf
        outcome = Outcome.CONFIRMED if follows else Outcome.UNREACHABLE
        if effect.token:
            answer = CommandAnswered(effect.device, effect.command, effect.cause, outcome)
            self.executor.receive(Answered(effect.token, answer), self.now)
        if follows and self.obedient:
            for name, value in wanted.items():
                self.states.setdefault(one.id, {})[name] = (value, self.wall)
                report = StateReported(one.id, ATTRIBUTES[name][0].name, {name: value}, self.now)
                self.executor.receive(report, self.now)

    # What came of it.

    def did(self) -> list[tuple[float, str, Value]]:
        """Everything that was sent: when, to whom, its first value."""
        return [(at, name, next(iter(values.values()))) for at, name, values in self.sent]

    def told(self, kind: str) -> list[tuple[str, object]]:
        """The traces of a kind: rule and detail."""
        return [(trace.rule, trace.detail) for trace in self.traces if trace.kind == kind]


def asleep(one: Device) -> Device:
    return replace(one, presence=Presence.ASLEEP)
