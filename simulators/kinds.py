"""The kinds of devices that a home can have, by the name that its file gives them: one line each."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from simulators.devices.blind import Blind
from simulators.devices.captured import Captured
from simulators.devices.cells import ANY, CELLS, Cells
from simulators.devices.device import Battery, Device
from simulators.devices.dimmer import ColorLamp, Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.remote import Remote
from simulators.devices.repeater import Repeater
from simulators.devices.room_air import ClimateSensor, RoomAir
from simulators.devices.sensors import DoorSensor, LeakSensor, MotionSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Thermostat


class Options(BaseModel):
    """None, unless a kind has some."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Dimmer(Options):
    ramp_s: float = Field(1.0, ge=0, le=60)


class _Blind(Options):
    travel_s: float = Field(20.0, gt=0, le=300)
    position: float = Field(100.0, ge=0, le=100)


class _Lock(Options):
    locked: bool = True


class _Thermostat(Options):
    power_w: float = Field(1500.0, gt=0, le=20_000)


class _Motion(Options):
    clear_after_s: float = Field(10.0, ge=1, le=3600)


class _Plug(Options):
    load_w: float = Field(60.0, ge=0, le=3680)
    on: bool = False


class _Remote(Options):
    buttons: int = Field(4, ge=1, le=16)


class _Captured(Options):
    file: str = Field(min_length=1, description="a snapshot of a real device; relative to where the command runs")


class _PowerStrip(Options):
    outlets: int = Field(3, ge=2, le=4)


@dataclass(frozen=True, slots=True)
class Site:
    """Where a device is put up."""

    loop: asyncio.AbstractEventLoop
    air: RoomAir
    battery: Battery | None
    """None: it runs on mains."""
    rng: Callable[[str], random.Random] = random.Random

    def cells(self, kind: str) -> Cells:
        """New ones, of the size that such a device has."""
        return Cells(self.loop, CELLS.get(kind, ANY), self.rng("cells"))


@dataclass(frozen=True, slots=True)
class Kind:
    make: Callable[[Site, Any], Device]
    """The second argument is an instance of `options`."""
    options: type[Options] = Options
    may_sleep: bool = False
    """It can run on a battery, and sleeps then."""
    battery: bool = False
    """It does, unless the home says otherwise."""


CAPTURED: Final = "captured"
"""A real device, as its snapshot has it."""

# The lambdas' second arguments are the options.
KINDS: Final[dict[str, Kind]] = {
    "switch": Kind(lambda site, it: Switch()),  # noqa: ARG005 - no options
    "dimmer": Kind(lambda site, it: Dimmer(site.loop, ramp_s=it.ramp_s), _Dimmer),
    "rgbw_lamp": Kind(lambda site, it: ColorLamp(site.loop, ramp_s=it.ramp_s), _Dimmer),
    "blind": Kind(lambda site, it: Blind(site.loop, travel_s=it.travel_s, position=it.position), _Blind),
    "lock": Kind(lambda site, it: Lock(site.loop, locked=it.locked, battery=site.cells("lock")), _Lock),
    "thermostat": Kind(lambda site, it: Thermostat(site.air, power_w=it.power_w), _Thermostat),
    "motion": Kind(
        lambda site, it: MotionSensor(site.loop, clear_after_s=it.clear_after_s, battery=site.battery),
        _Motion,
        may_sleep=True,
    ),
    "door": Kind(lambda site, it: DoorSensor(battery=site.battery), may_sleep=True, battery=True),  # noqa: ARG005
    "climate": Kind(lambda site, it: ClimateSensor(site.air, battery=site.battery), may_sleep=True),  # noqa: ARG005
    "leak": Kind(lambda site, it: LeakSensor(battery=site.battery), may_sleep=True, battery=True),  # noqa: ARG005
    "smoke": Kind(lambda site, it: SmokeAlarm(site.loop, battery=site.battery), may_sleep=True, battery=True),  # noqa: ARG005
    "plug": Kind(lambda site, it: MeteringPlug(site.loop, load_w=it.load_w, on=it.on), _Plug),
    "remote": Kind(
        lambda site, it: Remote(site.loop, buttons=it.buttons, battery=site.battery),
        _Remote,
        may_sleep=True,
        battery=True,
    ),
    "siren": Kind(lambda site, it: Siren(site.loop)),  # noqa: ARG005
    "power_strip": Kind(lambda site, it: PowerStrip(it.outlets), _PowerStrip),  # noqa: ARG005
    "repeater": Kind(lambda site, it: Repeater()),  # noqa: ARG005
    CAPTURED: Kind(lambda site, it: Captured(Path(it.file)), _Captured),  # noqa: ARG005
}
