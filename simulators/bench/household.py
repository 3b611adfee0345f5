"""The home that the bench looks at: a lamp, a motion sensor, and as many others as are asked for.

The first two are what rules and listeners of all subjects are about: the lamp follows the motion sensor.
"""

import asyncio
from abc import ABC
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from simulators.devices.device import Device
from simulators.devices.dimmer import Dimmer
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.room_air import ClimateSensor, RoomAir
from simulators.devices.sensors import DoorSensor, MotionSensor
from simulators.devices.switch import Switch

NODES_MIN: Final = 2

RULES: Final = """\
[[rule]]
name = "light"
when = "hall.motion becomes occupied"
do = [{ set = "hall.lamp", on = true }]

[[rule]]
name = "dark"
when = "hall.motion becomes clear"
do = [{ set = "hall.lamp", on = false }]
"""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A device in reach that is in no network."""

    press: Callable[[], None]
    """Its pairing button."""
    is_in: Callable[[], bool]
    """Whether the network has it now."""


class Household(ABC):
    """A stick, with these devices in its network."""

    stick: asyncio.Protocol
    nodes: int
    members: Sequence[str] = ()
    """Who is in the network, the lamp and the motion sensor first, for a subject that has to be told."""
    newcomers: Sequence[Newcomer] = ()


def a_device(loop: asyncio.AbstractEventLoop, number: int) -> Device:
    """The first is the lamp, the second the motion sensor; all are on the mains, so that nobody waits for one."""
    kinds = (
        Switch,
        lambda: MotionSensor(loop),
        lambda: Dimmer(loop),
        DoorSensor,
        lambda: ClimateSensor(RoomAir()),
        lambda: MeteringPlug(loop),
    )
    return kinds[number % len(kinds)]()


def name_of(number: int) -> str:
    return ("lamp", "motion")[number] if number < NODES_MIN else f"other{number}"
