"""Makes rules happen: hears the home's events, and sends the commands of the rules that they set off.

All of it is synchronous: when the home has told of a report, the commands are with the driver. A report touches only
the rules that wait for that attribute of that device, and only a change sets one off; the first report after a start
is no change, because what was before is not known.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hubagent.model.capabilities.switch import Press
from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.model.capability import Command, Value
from hubagent.model.device import Device, DeviceId
from hubagent.model.event import (
    ButtonPressed,
    Cause,
    DeviceChanged,
    DeviceJoined,
    DeviceLeft,
    DriverStatus,
    Event,
    StateReported,
)
from hubagent.rules.former_rule import Becomes, Crosses, Pressed, Rule

Send = Callable[[DeviceId, Command, Cause], None]
Find = Callable[[str], Device | None]
"""The device with exactly this name or id."""


@dataclass(frozen=True, slots=True)
class Unbound:
    """A rule that cannot happen yet: a device that it names is not known, or is not able to do that."""

    rule: Rule
    device: str
    why: str


@dataclass(frozen=True, slots=True)
class _Bound:
    name: str
    who: str
    test: Callable[[Value, Value], bool]
    """Of the value before and the value now."""
    commands: tuple[tuple[DeviceId, Command], ...]


class RuleEngine:
    def __init__(self, rules: Iterable[Rule], find: Find, send: Send) -> None:
        self._rules = tuple(rules)
        self._find = find
        self._send = send
        self._by_attribute: dict[tuple[DeviceId, str], list[_Bound]] = {}
        self._by_press: dict[tuple[DeviceId, int, Press], list[_Bound]] = {}
        self._unbound: list[Unbound] = []
        self._seen: dict[DeviceId, tuple[str, tuple[str, ...]]] = {}
        self.bind()

    @property
    def rules(self) -> Sequence[Rule]:
        return self._rules

    @property
    def unbound(self) -> Sequence[Unbound]:
        """The rules that wait for a device, and why."""
        return self._unbound

    def hear(self, event: Event, previous: Mapping[str, Value]) -> None:
        """Listen to a home."""
        kind = type(event)
        if kind is StateReported:
            assert isinstance(event, StateReported)
            for attribute, before in previous.items():
                for bound in self._by_attribute.get((event.device, attribute), ()):
                    if bound.test(before, event.values[attribute]):
                        self._fire(bound, event.received_at)
        elif kind is ButtonPressed:
            assert isinstance(event, ButtonPressed)
            for bound in self._by_press.get((event.device, event.button, event.press), ()):
                self._fire(bound, event.received_at)
        elif kind is DeviceChanged or kind is DeviceJoined:
            assert isinstance(event, DeviceChanged | DeviceJoined)
            # Most changes are of who is awake, and mean nothing to a rule.
            device = event.device
            if self._seen.get(device.id) != (device.name, device.capabilities):
                self._seen[device.id] = (device.name, device.capabilities)
                self.bind()
        elif kind is DeviceLeft or kind is DriverStatus:
            self._seen.clear()
            self.bind()

    def bind(self) -> None:
        """Find the rules' devices anew: somebody came, left, or has another name."""
        self._by_attribute = {}
        self._by_press = {}
        self._unbound = []
        for rule in self._rules:
            problem = self._bind(rule)
            if problem is not None:
                self._unbound.append(problem)

    def _bind(self, rule: Rule) -> Unbound | None:
        devices: dict[str, Device] = {}
        for name in rule.devices():
            device = self._find(name)
            if device is None:
                return Unbound(rule, name, "is not known")
            devices[name] = device
        commands: list[tuple[DeviceId, Command]] = []
        for action in rule.do:
            device = devices[action.device]
            for command in action.commands:
                if command.CAPABILITY.name not in device.capabilities:
                    return Unbound(rule, action.device, f"has no {command.CAPABILITY.name}")
                commands.append((device.id, command))
        return self._bind_trigger(rule, devices[rule.when.device], tuple(commands))

    def _bind_trigger(
        self, rule: Rule, device: Device, commands: tuple[tuple[DeviceId, Command], ...]
    ) -> Unbound | None:
        trigger = rule.when
        if isinstance(trigger, Pressed):
            bound = _Bound(rule.name, f"rule:{rule.name}", _always, commands)
            self._by_press.setdefault((device.id, trigger.button, trigger.press), []).append(bound)
            return None
        tested = _attribute_and_test(trigger, device)
        if tested is None:
            return Unbound(rule, trigger.device, f"has no {_attributes(trigger)}")
        attribute, test = tested
        bound = _Bound(rule.name, f"rule:{rule.name}", test, commands)
        self._by_attribute.setdefault((device.id, attribute), []).append(bound)
        return None

    def _fire(self, bound: _Bound, received_at: float) -> None:
        cause = Cause(bound.who, received_at)
        for device, command in bound.commands:
            self._send(device, command, cause)


def _attribute_and_test(
    trigger: Becomes | Crosses, device: Device
) -> tuple[str, Callable[[Value, Value], bool]] | None:
    if isinstance(trigger, Crosses):
        if not _has(device, trigger.attribute):
            return None
        holds = trigger.holds
        return trigger.attribute, lambda before, now: holds(now) and not holds(before)
    for attribute, value in trigger.meanings:
        if _has(device, attribute):
            return attribute, _comes_to_be(value)
    return None


def _comes_to_be(value: Value) -> Callable[[Value, Value], bool]:
    return lambda _before, now: now == value


def _has(device: Device, attribute: str) -> bool:
    capability = ATTRIBUTES[attribute][0].name if attribute in ATTRIBUTES else "configuration"
    return capability in device.capabilities


def _attributes(trigger: Becomes | Crosses) -> str:
    if isinstance(trigger, Crosses):
        return trigger.attribute
    return " or ".join(attribute for attribute, _ in trigger.meanings)


def _always(_before: Value, _now: Value) -> bool:
    return True
