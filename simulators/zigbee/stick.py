"""The simulated Zigbee stick: an `asyncio.Protocol` to plug into a cable, with a network of devices behind it.

It speaks EZSP over ASH as a network co-processor in the field does. It shares the codecs with the agent's driver and
nothing else. What it answers is in `commands`, what it does on the air in `sender`, `receiver` and `trust_center`; here
it starts, restarts, agrees on a version, and hands frames to them.
"""

import asyncio
import random
from typing import Final

from drivers.zigbee.ash import Ack, Nak, ResetCode
from drivers.zigbee.ezsp.configuration import Version, VersionResponse
from drivers.zigbee.ezsp.frame import (
    OVERFLOW,
    Callback,
    Frame,
    Response,
    decode_header,
    encode_callback,
    encode_legacy_response,
    encode_response,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.table import command_type
from drivers.zigbee.ezsp.utilities import InvalidCommand, InvalidCommandResponse
from drivers.zigbee.wire import MalformedFrame
from simulators.zigbee.chip import Chip, Handlers
from simulators.zigbee.commands.table import handlers_of, refusal
from simulators.zigbee.coordinator import Coordinator
from simulators.zigbee.coordinator_zdo import CoordinatorZdo
from simulators.zigbee.firmware import MESH, OLD_VERSION, POLICIES, Firmware, firmware
from simulators.zigbee.network import Network
from simulators.zigbee.network_update import NetworkUpdate
from simulators.zigbee.receiver import Receiver
from simulators.zigbee.sender import Sender
from simulators.zigbee.stick_faults import StickFaults
from simulators.zigbee.stick_link import REBOOT_S, StickLink
from simulators.zwave.bootloader import Bootloader

RESTART_S: Final = 0.3
"""From the bootloader, or a restart of its own, to being ready again."""
LATE_START_S: Final = 1.5
NAK_S: Final = 0.02
_STRIKES_ONCE: Final = 1.0
_ACK_MASK: Final = 0xE0
_ACK: Final = 0x80
"""UG101, table 3: the control byte of an ACK frame."""
_HALF_ROUND: Final = 4
"""Frames are numbered 0 to 7."""


class Stick(asyncio.Protocol):
    """Being plugged in is getting power; what it remembers without is in the network's memory."""

    def __init__(
        self,
        network: Network,
        rng: random.Random,
        version: int = 14,
        faults: StickFaults | None = None,
        *,
        announces: bool = True,
    ) -> None:
        """`version`: of EZSP, 13 to 19. `announces`: it says RSTACK when it gets power, heard or not."""
        self.network = network
        self.faults = faults or StickFaults()
        self.announces = announces
        self.malformed_commands = 0
        self.firmware = firmware(version)
        self._rng = rng
        self._transport: asyncio.WriteTransport | None = None
        self._link: StickLink | None = None
        """None: no power, or in the bootloader."""
        self._bootloader: Bootloader | None = None
        self._chip: Chip | None = None
        self._handlers: Handlers = {}
        self._sequence = 0
        """Of the last command; callbacks carry it."""
        self._lost_callbacks = 0
        self._restarting: asyncio.TimerHandle | None = None

    @property
    def version(self) -> int:
        """Of EZSP, as the firmware that runs has it."""
        return self._running().version

    @property
    def lost_frames(self) -> int:
        """Frames that found no room on their way to the host."""
        return 0 if self._link is None else self._link.lost_frames

    @property
    def link(self) -> StickLink | None:
        """None: it has no power, or is in the bootloader."""
        return self._link

    @property
    def sequence(self) -> int:
        """Of the last command; callbacks carry it."""
        return self._sequence

    # --- the cable's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        if self.faults.bootloader:
            self._show_bootloader()
        else:
            self._power_on()

    def data_received(self, data: bytes) -> None:
        if self.faults.silent:
            return
        if self._bootloader is not None:
            self._bootloader.data_received(data)
        elif self._link is not None and not self._refused(data):
            self._link.data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._stop()
        if self._link is not None:
            self._link.close()
        if self._restarting is not None:
            self._restarting.cancel()
        self._transport = self._link = self._bootloader = self._restarting = None

    # --- starting and stopping

    def _power_on(self) -> None:
        self._restarting = None
        self._link = StickLink(self.network.loop, self._write, self._received, self._reset)
        self._start()
        if self.announces and not self.faults.no_start:
            self._link.power_on(ResetCode.POWER_ON)

    def _start(self) -> None:
        """The firmware begins: only flash is as it was."""
        self.network.memory.lose_power()
        self._sequence = self._lost_callbacks = 0
        running = self._running()
        self._chip = chip = Chip(
            firmware=running,
            network=self.network,
            faults=self.faults,
            rng=self._rng,
            say=self._say,
            restart=self._restart,
            to_bootloader=self._to_bootloader,
            configuration=dict(running.configuration),
            values=dict(running.values),
            policies={int(policy): int(decision) for policy, decision in POLICIES.items()},
        )
        update = NetworkUpdate(chip)
        receiver = Receiver(chip, CoordinatorZdo(chip, update))
        self._handlers = handlers_of(chip, Sender(chip, receiver, update), update)
        self.network.ncp = Coordinator(chip, receiver)

    def _stop(self) -> None:
        self.network.ncp = None
        if self._chip is not None:
            self._chip.stop()
        self._chip = None
        self._handlers = {}

    def _reset(self) -> None:
        """The host said RST; the link says RSTACK when it is up again."""
        assert self._link is not None
        self._stop()
        self._link.reboot_s = LATE_START_S if self.faults.late_start else REBOOT_S
        if self.faults.bootloader:
            self._to_bootloader()
        else:
            self._start()

    def _restart(self, reason: int = ResetCode.SOFTWARE) -> None:
        """Of its own accord: RSTACK comes unasked."""
        self._stop()
        self._start()
        assert self._link is not None
        self._link.power_on(reason)

    def _fail(self) -> None:
        """UG101, an assertion failed: ERROR until the host says RST. What was in RAM is gone."""
        self._stop()
        assert self._link is not None
        self._link.error(ResetCode.ASSERT)

    def _to_bootloader(self) -> None:
        self._stop()
        assert self._link is not None
        self._link.close()
        self._link = None
        # Not within a call of the link's.
        self.network.loop.call_soon(self._show_bootloader)

    def _show_bootloader(self) -> None:
        if self._transport is not None:
            self._bootloader = Bootloader(self._write, self._leave_bootloader)

    def _leave_bootloader(self) -> None:
        self.faults.bootloader = False
        self._bootloader = None
        self._restarting = self.network.loop.call_later(RESTART_S, self._power_on)

    def _running(self) -> Firmware:
        if self.faults.old_firmware and self.firmware.version != OLD_VERSION:
            return firmware(OLD_VERSION)
        return self.firmware

    # --- frames

    def _received(self, payload: bytes) -> None:
        if self.faults.deaf or self._chip is None:
            return
        if self._strikes("asserts"):
            self._fail()
        elif self._strikes("resets"):
            self._restart(ResetCode.POWER_ON)
        else:
            self._answer(payload)

    def _answer(self, payload: bytes) -> None:
        assert self._chip is not None
        try:
            frame = decode_header(payload)
        except MalformedFrame:
            self.malformed_commands += 1
            return
        self._sequence = frame.sequence
        if frame.frame_id == Version.ID:
            self._agree(frame)
        elif frame.legacy:
            self._refuse(frame, Status.COMMAND_IS_INVALID)
        elif not self._chip.version:
            self._refuse(frame, Status.NOT_INITIALIZED)
        else:
            self._carry_out(frame)

    def _agree(self, frame: Frame) -> None:
        """UG100, version: the host may go on once it asked for the version that this firmware has."""
        assert self._chip is not None
        mine = self._chip.firmware
        try:
            request = Version.from_bytes(frame.payload)
        except MalformedFrame:
            self.malformed_commands += 1
            return
        self._chip.version = mine.version if request.desired_protocol_version == mine.version else 0
        answer = VersionResponse(mine.version, MESH, mine.stack_version)
        if frame.legacy:
            self._put(encode_legacy_response(frame.sequence, Version.ID, answer))
        else:
            self._put(encode_response(frame.sequence, Version.ID, answer, mine.version))

    def _carry_out(self, frame: Frame) -> None:
        assert self._chip is not None
        kind = command_type(frame.frame_id, self._chip.version)
        if kind is None:
            self._refuse(frame, Status.COMMAND_IS_INVALID)
            return
        try:
            command = kind.from_bytes(frame.payload, self._chip.version)
        except MalformedFrame:
            self.malformed_commands += 1
            self._refuse(frame, Status.COMMAND_INCOMPLETE)
            return
        handler = self._handlers.get(kind)
        answer = refusal(kind) if handler is None else handler(command)
        if answer is None:
            self._refuse(frame, Status.COMMAND_IS_INVALID)
        else:
            self._respond(frame, frame.frame_id, answer)

    def _refuse(self, frame: Frame, reason: Status) -> None:
        self._respond(frame, InvalidCommand.ID, InvalidCommandResponse(reason))

    def _respond(self, frame: Frame, frame_id: int, answer: Response) -> None:
        assert self._chip is not None
        control = OVERFLOW if self._lost_callbacks else 0
        self._lost_callbacks = 0
        version = self._chip.version or self._chip.firmware.version
        self._put(encode_response(frame.sequence, frame_id, answer, version, control=control))

    def _say(self, callback: Callback) -> None:
        if self._chip is None or self._link is None or not self._chip.version or self.faults.silent:
            return
        data = encode_callback(self._sequence, callback, self._chip.version)
        if not self._link.send(data, callback=True):
            self._lost_callbacks += 1

    def _put(self, data: bytes) -> None:
        if self._link is not None:
            self._link.send(data)

    def _write(self, data: bytes) -> None:
        if self._transport is None or self.faults.silent:
            return
        if data[0] & _ACK_MASK == _ACK:
            if self._happens(self.faults.lost_acks):
                return
            if self._happens(self.faults.stale_acks) and self._link is not None:
                self._transport.write(Ack((self._link.numbers[1] + _HALF_ROUND) % 8).to_bytes())
        self._transport.write(data)

    # --- faults

    def _happens(self, chance: float) -> bool:
        return chance > 0 and self._rng.random() < chance

    def _strikes(self, name: str) -> bool:
        """A chance for each command; one of 1 strikes the next command, and is over."""
        chance: float = getattr(self.faults, name)
        if chance <= 0 or self._rng.random() >= chance:
            return False
        if chance >= _STRIKES_ONCE:
            self.faults.set(name, 0.0)
        return True

    def _refused(self, data: bytes) -> bool:
        """What came over the wire is no frame by the time that it is here, and the stick says so every time."""
        if not data or self.faults.naks <= 0 or self._rng.random() >= self.faults.naks:
            return False
        self.network.loop.call_later(NAK_S, self._put_nak)
        return True

    def _put_nak(self) -> None:
        if self._link is not None:
            _, expected = self._link.numbers
            self._write(Nak(expected).to_bytes())
