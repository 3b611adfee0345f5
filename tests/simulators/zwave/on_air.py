"""A node and who speaks to it, for tests: no stick, no network, no time on the air."""

import asyncio

from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.table import UnknownCommand
from drivers.zwave.encapsulation.chain import unwrap, wrap
from drivers.zwave.encapsulation.envelope import PLAIN, Envelope
from simulators.devices.device import Device
from simulators.zwave.faces import Label, dress

Heard = Command | UnknownCommand


class OnAir:
    """`device` as an included node 5, and a controller that hears all it says."""

    def __init__(self, device: Device, *, wake_up_s: int = 600, included: bool = True) -> None:
        self.device = device
        self.envelopes: list[Envelope] = []
        self._heard: list[Heard] = []
        self.node = dress(asyncio.get_running_loop(), device, Label("light", "hall", "serial"), wake_up_s=wake_up_s)
        if included:
            self.include()

    def include(self) -> None:
        self.node.joined(self, 5, 0xC0FFEE00)

    def send(self, data: bytes) -> None:
        command, envelope = unwrap(data)
        self._heard.append(command)
        self.envelopes.append(envelope)

    def send_node_information(self) -> None: ...

    def leave(self) -> None: ...

    def says(self, command: Command, envelope: Envelope = PLAIN) -> list[Heard]:
        """Send `command` to the node; what it says until the loop goes on."""
        self.heard()
        self.node.receive(wrap(command, envelope))
        return self.heard()

    def heard(self) -> list[Heard]:
        """What the node said since the last time."""
        heard, self._heard = self._heard, []
        return heard
