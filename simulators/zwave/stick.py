"""The simulated Z-Wave stick: an `asyncio.Protocol` to plug into a cable, with a network of devices behind it.

It speaks the Serial API as a controller in the field does. It shares the codecs with the agent's driver and nothing
else. What it answers is in `information`, `transmitter`, `inclusion`, `routing` and `nvm_access`; here it starts,
restarts, and hands frames to them.
"""

import asyncio
import random
from collections.abc import Callable
from typing import Final

from drivers.zwave.serial_api import setup
from drivers.zwave.serial_api.application import ApplicationCommand, BridgeApplicationCommand
from drivers.zwave.serial_api.function import MalformedMessage, Message, to_frame
from drivers.zwave.serial_api.reset import SerialApiStarted, WakeUpReason
from drivers.zwave.serial_api.table import decode_request
from drivers.zwave.serial_frame import DataFrame
from simulators.zwave.bootloader import Bootloader
from simulators.zwave.chip import Chip, Handlers
from simulators.zwave.flavours import SERIES_700, Flavour
from simulators.zwave.inclusion import Inclusion
from simulators.zwave.information import GENERIC_STATIC_CONTROLLER, SPECIFIC_PC_CONTROLLER, Information
from simulators.zwave.memory import CONTROLLER_NODE
from simulators.zwave.network import Network
from simulators.zwave.nvm_access import NvmAccess
from simulators.zwave.radio_node import NodeInformation
from simulators.zwave.routing import Routing
from simulators.zwave.stick_faults import StickFaults
from simulators.zwave.stick_link import StickLink
from simulators.zwave.transmitter import Transmitter, node_information

RESTART_S: Final = 0.3
"""From a soft reset to being ready again."""
_STRIKES_ONCE: Final = 1.0
_OWN_CLASSES: Final = (0x5E, 0x98, 0x9F, 0x55, 0x56, 0x86, 0x72, 0x5A, 0x85, 0x59, 0x73, 0x6C, 0x7A)


class Stick(asyncio.Protocol):
    """Being plugged in is getting power; what it remembers without is in the network's memory."""

    def __init__(
        self,
        network: Network,
        rng: random.Random,
        flavour: Flavour = SERIES_700,
        faults: StickFaults | None = None,
        reenumerate: Callable[[], None] | None = None,
    ) -> None:
        self.network = network
        self.flavour = flavour
        self.faults = faults or StickFaults()
        self.reenumerate = reenumerate
        """Unplugs the stick at a soft reset and plugs it in again, as USB sees it happen; None: it stays plugged in."""
        self.malformed_requests = 0
        self._rng = rng
        self._transport: asyncio.WriteTransport | None = None
        self._link: StickLink | None = None
        """None: no power, restarting, or in the bootloader."""
        self._bootloader: Bootloader | None = None
        self._chip: Chip | None = None
        self._inclusion: Inclusion | None = None
        self._handlers: Handlers = {}
        self._restarting: asyncio.Handle | None = None
        self._reason = WakeUpReason.POWER_UP

    @property
    def lost_frames(self) -> int:
        """Frames since the last start that the host never acknowledged, or that found no room."""
        return 0 if self._link is None else self._link.lost_frames

    # --- the cable's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        link = self._start()
        if link is not None and self._announces():
            link.announce(to_frame(self._started()))

    def data_received(self, data: bytes) -> None:
        if self._bootloader is not None:
            self._bootloader.data_received(data)
        elif self._link is not None:
            self._link.data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._stop()
        self._transport = self._bootloader = None
        if self.reenumerate is None:
            self._reason = WakeUpReason.POWER_UP
        if self._restarting is not None:
            self._restarting.cancel()
            self._restarting = None

    # --- the network's side

    def command_received(self, node_id: int, data: bytes) -> None:
        if self._chip is None or not self._chip.hears:
            return
        self._chip.failed_nodes.discard(node_id)
        twice = self.faults.duplicate > 0 and self._rng.random() < self.faults.duplicate
        for _ in range(2 if twice else 1):
            self._say(self._application_command(node_id, data))

    def node_information_received(self, node_id: int, info: NodeInformation) -> None:
        if self._chip is not None and self._chip.hears:
            self._chip.failed_nodes.discard(node_id)
            self._say(node_information(node_id, info))

    def button_pressed(self, device: str) -> bool:
        if self._chip is None or self._inclusion is None or not self._chip.hears:
            return False
        return self._inclusion.button_pressed(device)

    # --- inside

    def _start(self) -> StickLink | None:
        """None where it stays in the bootloader."""
        assert self._transport is not None
        if self.faults.bootloader:
            self._bootloader = Bootloader(self._transport.write, self._leave_bootloader)
            return None
        self._link = link = StickLink(self._transport.write, self._received, self.faults, self._rng)
        self._chip = chip = Chip(self.flavour, self.network, self.faults, self._rng, self._say, self._restart)
        self._inclusion = Inclusion(chip)
        parts = (Information(chip), Transmitter(chip), self._inclusion, Routing(chip), NvmAccess(chip))
        self._handlers = {kind: handler for part in parts for kind, handler in part.handlers().items()}
        self.network.controller = self
        return link

    def _stop(self) -> None:
        self.network.controller = None
        if self._link is not None:
            self._link.close()
        if self._chip is not None:
            self._chip.stop()
        self._link = self._chip = self._inclusion = None

    def _resets(self) -> bool:
        """A chance for each command; one of 1 strikes the next, and is over."""
        chance = self.faults.resets
        if chance <= 0 or self._rng.random() >= chance:
            return False
        if chance >= _STRIKES_ONCE:
            self.faults.resets = 0.0
        return True

    def _restart(self, reason: WakeUpReason = WakeUpReason.SOFTWARE_RESET) -> None:
        self._stop()
        self._reason = reason
        loop = asyncio.get_running_loop()
        if self.reenumerate is not None:
            self._restarting = loop.call_soon(self.reenumerate)
        else:
            self._restarting = loop.call_later(RESTART_S, self._restarted)

    def _leave_bootloader(self) -> None:
        self.faults.bootloader = False
        self._bootloader = None
        self._restarting = asyncio.get_running_loop().call_later(RESTART_S, self._restarted)

    def _restarted(self) -> None:
        self._restarting = None
        link = self._start()
        if link is not None and self._announces():
            link.send(to_frame(self._started()))

    def _announces(self) -> bool:
        return self.flavour.announces_start and not self.faults.no_start

    def _started(self) -> SerialApiStarted:
        reason, self._reason = self._reason, WakeUpReason.POWER_UP
        return SerialApiStarted(
            reason,
            watchdog=False,
            listening=True,
            generic_class=GENERIC_STATIC_CONTROLLER,
            specific_class=SPECIFIC_PC_CONTROLLER,
            command_classes=_OWN_CLASSES,
        )

    def _say(self, message: Message) -> None:
        if self._link is not None:
            self._link.send(to_frame(message))

    def _received(self, frame: DataFrame) -> None:
        """A chip does nothing about a function that it does not have, or cannot make sense of."""
        if self._resets():
            self._restart(WakeUpReason.WATCHDOG)
            return
        if frame.function not in self.flavour.functions:
            return
        try:
            request = decode_request(frame)
        except MalformedMessage:
            self.malformed_requests += 1
            return
        if frame.function == setup.FUNCTION and frame.payload[0] not in self.flavour.setup_commands:
            self._say(setup.SetupRefused(frame.payload[0]))
        elif request is not None:
            self._handlers[type(request)](request)

    def _application_command(self, node_id: int, data: bytes) -> Message:
        drawn_dbm = self._rng.randrange(-90, -40)
        known_dbm = self.network.rssi_dbm(node_id)
        rssi_dbm = drawn_dbm if known_dbm is None else known_dbm
        if self.flavour.bridge:
            return BridgeApplicationCommand(node_id, data, CONTROLLER_NODE, rssi_dbm=rssi_dbm)
        return ApplicationCommand(node_id, data, rssi_dbm=rssi_dbm)
