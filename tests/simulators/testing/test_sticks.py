"""A driver of another maker in a simulated home: what it opens is what the test has plugged in."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from hubagent.cli.drivers import InstalledDrivers
from hubagent.model.capability import Command
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.model.driver import DriverKind, PairingStep, Record, Records, Report
from hubagent.model.event import Cause, CommandAnswered, DeviceJoined, DriverCondition, DriverStatus, StateReported
from hubagent.runtime import Runtime
from simulators.testing.home import Home
from simulators.testing.home_run import HomeRun
from simulators.testing.settings import home_settings
from simulators.testing.timeline.timeline import Timeline
from tests.simulators.testing.a_home import HERE


class Box(asyncio.Protocol):
    """What is plugged in: it says `1` or `0` when its door moves."""

    transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport

    def say(self, word: bytes) -> None:
        assert self.transport is not None
        self.transport.write(word)


class Settings(BaseModel):
    port: str


class BoxDriver(asyncio.Protocol):
    """The least of a `Driver`."""

    name = "box"

    def __init__(self, port: str, runtime: Runtime) -> None:
        self._port = port
        self._runtime = runtime
        self._report: Report = lambda _event: None

    async def run(self, report: Report) -> None:
        self._report = report
        transport = await self._runtime.open_serial(self._port, 9600, self)
        try:
            report(DeviceJoined(Device("box-1", "shed.door", self.name, 1, ("boolean_state",), Presence.READY)))
            report(DriverStatus(self.name, DriverCondition.READY))
            await asyncio.get_running_loop().create_future()
        finally:
            transport.close()

    def data_received(self, data: bytes) -> None:
        now = asyncio.get_running_loop().time()
        self._report(StateReported("box-1", "boolean_state", {"open": data.endswith(b"1")}, now))

    def send(
        self, device: DeviceId, command: Command, cause: Cause, answered: Callable[[CommandAnswered], None]
    ) -> None: ...

    async def pair(self, options: Mapping[str, Any], timeout_s: float) -> AsyncIterator[PairingStep]:
        yield PairingStep("failed", "a box has what it has", final=True, ok=False)

    async def unpair(
        self, device: DeviceId | None, options: Mapping[str, Any], timeout_s: float
    ) -> AsyncIterator[PairingStep]:
        yield PairingStep("failed", "a box has what it has", final=True, ok=False)

    async def act(self, action: str, device: DeviceId | None, arguments: Mapping[str, Any]) -> Record:
        return {}

    def status(self) -> Record:
        return {}


class BoxKind:
    name = "box"
    settings: type = Settings
    disturbed_by_usb_3 = False

    def make(self, settings: Any, runtime: Any, _records: Records) -> BoxDriver:
        return BoxDriver(settings.port, runtime)


class WithBox(InstalledDrivers):
    def __getitem__(self, name: str) -> DriverKind:
        return BoxKind() if name == "box" else super().__getitem__(name)

    def __iter__(self) -> Any:
        return iter((*super().__iter__(), "box"))


RULES = """
[[rule]]
name = "light at the shed"
when = "shed.door becomes open"
do = [{ set = "studio.light", on = true }]
"""


def test_a_driver_of_another_maker_sets_off_rules_for_the_homes_own_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulators.site.hub.InstalledDrivers", WithBox)
    box = Box()
    run = HomeRun(home_settings("studio", {"rules_text": RULES}, 1, (HERE,), {"box": box}))
    home = Home(run)

    async def happens() -> None:
        await home.at("07:30")
        box.say(b"0")
        await home.expect("shed.door.closed", within="1s", of="hub")
        box.say(b"1")
        await home.expect("studio.light.on", within="1s")
        await home.reboot()
        box.say(b"0")
        await home.expect("shed.door.closed", within="1s", of="hub")

    run.call(happens())
    assert run.end(failed=False) == []
    timeline = Timeline(run.there.recorder.record, run.site.setting.start, run.settings.zone)
    assert "as the hub believes shed.door.open" in timeline.svg("t", "", passed=True)
