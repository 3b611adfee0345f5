"""A driver without a radio: its devices do what they are told, after a while, and what a test tells them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel, ConfigDict, SecretStr

from hubagent.model.capability import Command
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.model.driver import NotPossible, PairingStep, Record, Records, Report
from hubagent.model.event import (
    Cause,
    CommandAnswered,
    CommandSent,
    DeviceJoined,
    DeviceLeft,
    DriverCondition,
    DriverStatus,
    Outcome,
    StateReported,
)
from hubagent.runtime import PortError

ANSWER_DELAY_S = 0.01
BACKUP = {"network": "0102", "key": "secret"}
MAP = {
    "nodes": [
        {"id": "", "address": 0, "role": "coordinator"},
        {"id": "fake-1", "address": 7, "role": "router"},
        {"id": "fake-2", "address": 9, "role": "end_device"},
    ],
    "links": [{"from": 0, "to": 7, "lqi": 200}, {"from": 7, "to": 0, "lqi": 180}, {"from": 7, "to": 9, "lqi": 90}],
}


class FakeSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    port: str
    """`missing` is one that is not there."""
    speed: int = 1
    key: SecretStr | None = None


def lamp(number: int = 1, name: str = "hall.light", **changes: Any) -> Device:
    device = Device(f"fake-{number}", name, "fake", number, ("on_off", "level_control"), Presence.READY)
    return replace(device, **changes)


def motion(number: int = 2, name: str = "hall.motion") -> Device:
    return Device(f"fake-{number}", name, "fake", number, ("occupancy_sensing",), Presence.READY)


@dataclass
class FakeDriver:
    """Reports `devices`, and is ready at once. Set `outcome` for what becomes of commands; `fail` ends its life."""

    devices: list[Device] = field(default_factory=lambda: [lamp(), motion()])
    name: str = "fake"
    outcome: Outcome = Outcome.CONFIRMED
    answer_delay_s: float = ANSWER_DELAY_S
    start_error: Exception | None = None
    sent: list[tuple[DeviceId, Command, Cause]] = field(default_factory=list)
    report: Report = field(init=False)
    failing: asyncio.Future[None] = field(init=False)
    stopped: bool = False

    async def run(self, report: Report) -> None:
        self.report = report
        self.failing = asyncio.get_running_loop().create_future()
        if self.start_error is not None:
            raise self.start_error
        for device in self.devices:
            report(DeviceJoined(device))
        report(DriverStatus(self.name, DriverCondition.READY))
        try:
            await self.failing
        finally:
            self.stopped = True

    def fail(self, error: Exception) -> None:
        self.failing.set_exception(error)

    def says(self, device: DeviceId, capability: str, **values: Any) -> None:
        """A report from a device, now."""
        self.report(StateReported(device, capability, values, asyncio.get_running_loop().time()))

    def send(
        self, device: DeviceId, command: Command, cause: Cause, answered: Callable[[CommandAnswered], None]
    ) -> None:
        loop = asyncio.get_running_loop()
        self.sent.append((device, command, cause))
        latency_s = None if cause.received_at is None else loop.time() - cause.received_at
        self.report(CommandSent(device, command, cause, latency_s))
        loop.call_later(self.answer_delay_s, self._answer, device, command, cause, answered)

    def _answer(
        self, device: DeviceId, command: Command, cause: Cause, answered: Callable[[CommandAnswered], None]
    ) -> None:
        if self.outcome is Outcome.CONFIRMED and command.wanted():
            self.says(device, command.CAPABILITY.name, **command.wanted())
        answered(CommandAnswered(device, command, cause, self.outcome))

    async def pair(self, options: Mapping[str, Any], timeout_s: float) -> AsyncIterator[PairingStep]:
        wishes = "".join(f" ({name} {value})" for name, value in options.items())
        yield PairingStep("ready", f"press the button of the device{wishes}")
        await asyncio.sleep(min(timeout_s, 0.05))
        device = lamp(9, "new lamp")
        yield PairingStep("found", "found it", device.id)
        self.report(DeviceJoined(device))
        yield PairingStep("done", f"{device.name} is here", device.id, final=True)

    async def unpair(
        self, device: DeviceId | None, options: Mapping[str, Any], timeout_s: float
    ) -> AsyncIterator[PairingStep]:
        yield PairingStep("ready", "press the button of the device")
        if device is None:
            await asyncio.sleep(timeout_s)
            yield PairingStep("timeout", "nobody left", final=True, ok=False)
            return
        self.report(DeviceLeft(device))
        yield PairingStep("excluded", "it left", device, final=True)

    async def act(self, action: str, device: DeviceId | None, arguments: Mapping[str, Any]) -> Record:
        if action == "backup":
            return {"backup": BACKUP}
        if action == "restore":
            if arguments["backup"] != BACKUP and not arguments["other_network"]:
                raise NotPossible("it is another network than the one that this hub knows")
            return {"restored": True}
        if action == "map":
            return MAP
        if action != "ping":
            raise NotPossible(f"there is no {action!r}")
        return {"answered": True, "device": device, **arguments}

    def status(self) -> Record:
        return {"port": "nowhere", "firmware": "1.0"}


class FakeKind:
    """Hands out `drivers` one after the other, the last one again and again."""

    name = "fake"
    settings: type = FakeSettings
    disturbed_by_usb_3 = True

    def __init__(self, *drivers: FakeDriver) -> None:
        self.drivers = list(drivers) or [FakeDriver()]
        self.made: list[FakeDriver] = []
        self.records: Records | None = None

    def make(self, settings: FakeSettings, runtime: Any, records: Records) -> FakeDriver:
        self.records = records
        if settings.port == "missing":
            return FakeDriver(start_error=PortError(settings.port, "there is no such port", "plug the stick in"))
        driver = self.drivers[min(len(self.made), len(self.drivers) - 1)]
        self.made.append(driver)
        return driver


KIND = FakeKind()
