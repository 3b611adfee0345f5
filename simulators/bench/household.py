"""The home that the bench looks at: a lamp, a motion sensor, and as many others as are asked for; and what they say.

The first two are what rules and listeners of all subjects are about: the lamp follows the motion sensor.
"""

import asyncio
import random
from typing import Final

from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.duration import INSTANTLY
from drivers.zwave.command_classes.notification import Event, NotificationReport
from drivers.zwave.command_classes.notification_events import IDLE, HomeSecurityEvent, NotificationType
from drivers.zwave.command_classes.switch_binary import SwitchBinaryReport
from drivers.zwave.serial_api.application import ApplicationCommand
from drivers.zwave.serial_api.function import to_frame
from simulators.devices.device import Device
from simulators.devices.dimmer import Dimmer
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.room_air import ClimateSensor, RoomAir
from simulators.devices.sensors import DoorSensor, MotionSensor
from simulators.devices.switch import Switch
from simulators.zwave.faces import Label, dress
from simulators.zwave.memory import Memory
from simulators.zwave.network import Network
from simulators.zwave.stick import Stick

LAMP: Final = 2
MOTION: Final = 3
NODES_MIN: Final = 2
_RSSI_DBM: Final = -60

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


def a_stick(nodes: int = NODES_MIN, seed: int = 1) -> Stick:
    """A stick with so many nodes, the lamp and the motion sensor first. To be made on a running loop."""
    rng = random.Random(seed)  # noqa: S311 - a simulation's
    loop = asyncio.get_running_loop()
    network = Network(Memory.open(None, rng), rng)
    for number in range(nodes):
        name = ("lamp", "motion")[number] if number < NODES_MIN else f"other{number}"
        network.place(name, dress(loop, _device(loop, number), Label(name, "hall", f"bench-{number}")))
        network.include(name)
    return Stick(network, rng)


def _device(loop: asyncio.AbstractEventLoop, number: int) -> Device:
    kinds = (
        Switch,
        lambda: MotionSensor(loop),
        lambda: Dimmer(loop),
        DoorSensor,
        lambda: ClimateSensor(RoomAir()),
        lambda: MeteringPlug(loop),
    )
    return kinds[number % len(kinds)]()


def said_by(node: int, command: Command) -> bytes:
    """The frame in which the stick hands on what a node said."""
    return to_frame(ApplicationCommand(node, command.to_bytes(), rssi_dbm=_RSSI_DBM)).to_bytes()


def motion_report(occupied: bool) -> bytes:
    """The frame with which every measurement begins."""
    event, ended = (HomeSecurityEvent.MOTION, b"") if occupied else (IDLE, bytes((HomeSecurityEvent.MOTION,)))
    return said_by(MOTION, NotificationReport(event=Event(NotificationType.HOME_SECURITY, event, ended)))


def lamp_report(on: bool) -> bytes:
    """The frame that says what the lamp is, and that no rule waits for."""
    return said_by(LAMP, SwitchBinaryReport(on, on, INSTANTLY))
