"""A house that is made for the rules: devices that can do what they speak of, on a radio that never loses a word.

Devices do at once what they are told. What can be set, and every sensor of yes or no, has said at the start that it is
off, closed, clear; what is measured is unknown until a test says it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final

from pydantic import BaseModel

from hubagent.agent import Agent
from hubagent.model.capabilities.switch import Press
from hubagent.model.capabilities.table import ATTRIBUTES, CAPABILITIES, SETTINGS
from hubagent.model.capability import Attribute, Command, InvalidValue, Kind, Value
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.model.driver import DriverUnavailable, NotPossible, PairingStep, Record, Records, Report
from hubagent.model.event import (
    ButtonPressed,
    Cause,
    CommandAnswered,
    CommandSent,
    DeviceChanged,
    DeviceJoined,
    DeviceSilent,
    DriverCondition,
    DriverStatus,
    Outcome,
    StateReported,
)
from hubagent.runtime import Runtime
from simulators.cable import MemoryCable
from simulators.trials.house import CannotPlay

NAME: Final = "invented"
ANSWER_S: Final = 0.01
GIVES_UP_S: Final = 3.0
"""So long a command to a device out of reach is tried."""
BUTTONS: Final = 8

_SETTABLE: Final = frozenset(name for setting in SETTINGS for name in setting.attributes)


class Settings(BaseModel):
    """There are none."""


class InventedHouse:
    """The devices, whether the hub runs or not; and the kind of driver that reaches them."""

    name = NAME
    settings: type = Settings
    disturbed_by_usb_3 = False

    def __init__(self, devices: Mapping[str, tuple[str, ...]]) -> None:
        self.kinds = {NAME: self}
        self.drivers: dict[str, Any] = {NAME: Settings()}
        self.ports: dict[str, MemoryCable] = {}
        self.devices = {
            f"{NAME}-{number}": Device(f"{NAME}-{number}", name, NAME, number, capabilities, Presence.READY)
            for number, (name, capabilities) in enumerate(devices.items(), start=1)
        }
        self.states: dict[DeviceId, dict[str, Value]] = {
            known: {name: value for name, value in _first_values(device) if value is not None}
            for known, device in self.devices.items()
        }
        self._away: dict[DeviceId, asyncio.TimerHandle] = {}
        self._report: Report | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        try:
            yield
        finally:
            for timer in self._away.values():
                timer.cancel()

    async def settle(self, agent: Agent) -> None:
        pass

    # What happens.

    def becomes(self, device: Device, attribute: str, value: Value) -> None:
        if attribute in ATTRIBUTES:
            try:
                value = ATTRIBUTES[attribute][1].check(value)
            except InvalidValue as invalid:
                raise CannotPlay(str(invalid)) from invalid
        self.say(device.id, {attribute: value})

    def press(self, device: Device, number: int, kind: Press) -> None:
        if device.id not in self._away and self._report is not None:
            self._report(ButtonPressed(device.id, number, kind, _now()))

    def out_of_reach(self, device: Device, seconds: float) -> None:
        """The radio notices both at once."""
        if earlier := self._away.pop(device.id, None):
            earlier.cancel()
        self._away[device.id] = asyncio.get_running_loop().call_later(seconds, self._comes_back, device.id)
        if self._report is not None:
            self._report(DeviceChanged(replace(self.devices[device.id], presence=Presence.DEAD)))
            self._report(DeviceSilent(device.id))

    def _comes_back(self, device: DeviceId) -> None:
        del self._away[device]
        if self._report is not None:
            self._report(DeviceChanged(self.devices[device]))
            self.say(device, self.states[device])

    def say(self, device: DeviceId, values: Mapping[str, Value]) -> None:
        """It is so from now on, and the hub hears of it, if it can."""
        self.states[device].update(values)
        if self._report is None or device in self._away:
            return
        for name, value in list(values.items()):
            capability = ATTRIBUTES[name][0].name if name in ATTRIBUTES else "configuration"
            self._report(StateReported(device, capability, {name: value}, _now()))

    # The radio.

    def make(self, _settings: Any, _runtime: Runtime, _records: Records) -> "InventedRadio":
        return InventedRadio(self)

    def hub_comes(self, report: Report) -> None:
        self._report = report
        for known, device in self.devices.items():
            presence = Presence.DEAD if known in self._away else Presence.READY
            report(DeviceJoined(replace(device, presence=presence)))
            self.say(known, self.states[known])

    def hub_goes(self) -> None:
        self._report = None

    def reached(self, device: DeviceId) -> bool:
        return device not in self._away


class InventedRadio:
    """Implements `Driver`."""

    name = NAME

    def __init__(self, house: InventedHouse) -> None:
        self._house = house
        self._report: Report | None = None
        self._answers: set[asyncio.TimerHandle] = set()

    async def run(self, report: Report) -> None:
        self._report = report
        self._house.hub_comes(report)
        report(DriverStatus(NAME, DriverCondition.READY))
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self._house.hub_goes()
            self._report = None
            for timer in self._answers:
                timer.cancel()

    def send(
        self, device: DeviceId, command: Command, cause: Cause, answered: Callable[[CommandAnswered], None]
    ) -> None:
        assert self._report is not None
        self._report(
            CommandSent(device, command, cause, None if cause.received_at is None else _now() - cause.received_at)
        )
        reached = self._house.reached(device)

        def answer() -> None:
            self._answers.discard(timer)
            if not reached:
                answered(CommandAnswered(device, command, cause, Outcome.UNREACHABLE, "it is out of reach"))
                return
            self._house.say(device, _brought_about(command))
            answered(CommandAnswered(device, command, cause, Outcome.CONFIRMED))

        timer = asyncio.get_running_loop().call_later(ANSWER_S if reached else GIVES_UP_S, answer)
        self._answers.add(timer)

    def pair(self, *_: Any) -> AsyncIterator[PairingStep]:
        raise DriverUnavailable("nothing can be paired with an invented radio")

    def unpair(self, *_: Any) -> AsyncIterator[PairingStep]:
        raise DriverUnavailable("nothing can be unpaired from an invented radio")

    async def act(self, action: str, device: DeviceId | None, arguments: Mapping[str, Any]) -> Record:  # noqa: ARG002
        raise NotPossible(f"an invented radio has no {action}")

    def status(self) -> Record:
        return {"port": "none"}


def _now() -> float:
    return asyncio.get_running_loop().time()


def _brought_about(command: Command) -> dict[str, Value]:
    """What is wanted; a lamp that is turned up is on as well."""
    values = dict(command.wanted())
    level = values.get("level")
    if isinstance(level, int | float):
        values["on"] = level > 0
    return values


def _first_values(device: Device) -> list[tuple[str, Value]]:
    values = [
        (attribute.name, _first_value(attribute))
        for capability in device.capabilities
        for attribute in CAPABILITIES[capability].attributes
    ]
    return [("buttons", BUTTONS) if name == "buttons" else (name, value) for name, value in values]


def _first_value(attribute: Attribute) -> Value:
    if attribute.kind is Kind.FLAG:
        return False
    if attribute.name not in _SETTABLE:
        return None
    if attribute.kind is Kind.WORD:
        return attribute.words[0] if attribute.words else None
    return attribute.minimum
