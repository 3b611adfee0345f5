"""The driver: it reports what the box says, and sends what people and rules want (`hubagent.model.driver.Driver`)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from garden.line import ASK, BAUD, LINE_MAX, parse, valve
from hubagent.model.capabilities.on_off import ON_OFF, SwitchOnOff
from hubagent.model.capabilities.soil_measurement import SOIL_MEASUREMENT
from hubagent.model.capability import Command
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.model.driver import NotPossible, PairingStep, Record, Report
from hubagent.model.event import (
    Cause,
    CommandAnswered,
    CommandSent,
    DeviceJoined,
    DeviceSilent,
    DriverCondition,
    DriverStatus,
    Outcome,
    StateReported,
)
from hubagent.runtime import PortError, Runtime

ANSWER_S = 2.0
"""The box answers within milliseconds; after that time it is not there."""
RETRY_S = (1.0, 30.0)
CAPABILITIES = {"on": ON_OFF.name, "soil_moisture": SOIL_MEASUREMENT.name}
BOX = Device("garden-1", "garden.valve", "garden", 1, tuple(CAPABILITIES.values()), Presence.READY)

Answered = Callable[[CommandAnswered], None]


class GardenDriver(asyncio.Protocol):
    name = "garden"

    def __init__(self, port: str, runtime: Runtime) -> None:
        self._port = port
        self._runtime = runtime
        self._report: Report = lambda _event: None
        self._transport: asyncio.WriteTransport | None = None
        self._lost = asyncio.Event()
        self._received = bytearray()
        self._waiting: tuple[Command, Cause, Answered, asyncio.TimerHandle] | None = None

    # --- the port

    async def run(self, report: Report) -> None:
        self._report = report
        await self._open()
        report(DeviceJoined(BOX))
        report(DriverStatus(self.name, DriverCondition.READY))
        delay_s, longest_s = RETRY_S
        try:
            while True:
                await self._lost.wait()
                report(DeviceSilent(BOX.id))
                report(DriverStatus(self.name, DriverCondition.TROUBLED, f"{self._port} is gone"))
                while not await self._opened_again():
                    await asyncio.sleep(delay_s)
                    delay_s = min(2 * delay_s, longest_s)
                delay_s = RETRY_S[0]
                report(DriverStatus(self.name, DriverCondition.READY))
        finally:
            if self._transport is not None:
                self._transport.close()
            self._end(Outcome.FAILED, "the driver stopped")

    async def _open(self) -> None:
        self._lost.clear()
        self._transport = await self._runtime.open_serial(self._port, BAUD, self)
        self._transport.write(ASK)

    async def _opened_again(self) -> bool:
        try:
            await self._open()
        except PortError:
            return False
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._received.clear()
        self._lost.set()
        self._end(Outcome.FAILED, "the port is gone")

    def data_received(self, data: bytes) -> None:
        now = asyncio.get_running_loop().time()
        self._received += data
        while (end := self._received.find(b"\n")) >= 0:
            said = parse(bytes(self._received[:end]))
            del self._received[: end + 1]
            if said is not None:
                attribute, value = said
                self._report(StateReported(BOX.id, CAPABILITIES[attribute], {attribute: value}, now))
                self._confirm(attribute, value)
        if len(self._received) > LINE_MAX:
            self._received.clear()

    # --- commands

    def send(self, device: DeviceId, command: Command, cause: Cause, answered: Answered) -> None:
        if not isinstance(command, SwitchOnOff) or self._transport is None or self._waiting is not None:
            why = "the port is gone" if self._transport is None else "it is busy, or cannot do that"
            answered(CommandAnswered(device, command, cause, Outcome.FAILED, why))
            return
        loop = asyncio.get_running_loop()
        timer = loop.call_later(ANSWER_S, self._end, Outcome.UNREACHABLE, f"no answer in {ANSWER_S:g} s")
        self._waiting = command, cause, answered, timer
        self._transport.write(valve(command.on))
        latency_s = None if cause.received_at is None else loop.time() - cause.received_at
        self._report(CommandSent(device, command, cause, latency_s))

    def _confirm(self, attribute: str, value: bool | int) -> None:
        if self._waiting is not None and attribute == "on" and self._waiting[0].wanted() == {"on": value}:
            self._end(Outcome.CONFIRMED, "")

    def _end(self, outcome: Outcome, detail: str) -> None:
        if self._waiting is not None:
            command, cause, answered, timer = self._waiting
            self._waiting = None
            timer.cancel()
            answered(CommandAnswered(BOX.id, command, cause, outcome, detail))

    # --- what this box does not have

    async def pair(self, options: Mapping[str, Any], timeout_s: float) -> AsyncIterator[PairingStep]:
        yield PairingStep("failed", "the box is wired to what it has", final=True, ok=False)

    async def unpair(
        self, device: DeviceId | None, options: Mapping[str, Any], timeout_s: float
    ) -> AsyncIterator[PairingStep]:
        yield PairingStep("failed", "the box is wired to what it has", final=True, ok=False)

    async def act(self, action: str, device: DeviceId | None, arguments: Mapping[str, Any]) -> Record:
        raise NotPossible(f"the garden cannot {action}")

    def status(self) -> Record:
        return {"port": self._port, "plugged_in": self._transport is not None}
