"""The far side at a Zigbee stick. It takes over the link where a stick stopped, with the numbers of both directions.

A unicast gets its response and its messageSentHandler; one to the lamp is answered and reported as a lamp does. What a
host asks its stick beside that gets the answer of a stick with nothing to tell.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from drivers.zigbee.ash import Ack, Data, Frame, Garbage, Parser
from drivers.zigbee.ezsp.address_table import (
    GetExtendedTimeout,
    GetExtendedTimeoutResponse,
    SetExtendedTimeout,
    SetExtendedTimeoutResponse,
)
from drivers.zigbee.ezsp.configuration import GetValue, GetValueResponse, SetPolicy, SetPolicyResponse
from drivers.zigbee.ezsp.frame import CALLBACK_MASK, Command, Response, decode_header, encode_callback, encode_response
from drivers.zigbee.ezsp.messaging import (
    MessageSentHandler,
    SendBroadcast,
    SendBroadcastResponse,
    SendUnicast,
    SendUnicastResponse,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.table import decode_command
from drivers.zigbee.ezsp.utilities import (
    Nop,
    NopResponse,
    ReadAndClearCounters,
    ReadAndClearCountersResponse,
    ReadCounters,
    ReadCountersResponse,
)
from drivers.zigbee.zcl.attribute_records import ReadRecord
from drivers.zigbee.zcl.clusters import on_off
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.foundation import ReadAttributes, ReadAttributesResponse
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus
from simulators.bench.far_side import FarSide, NoReaction
from simulators.bench.wire import Wire
from simulators.bench.zigbee.reports import (
    HOME_PROFILE,
    VERSION,
    Member,
    answer,
    lamp_done,
    lamp_report,
    motion_report,
    reports_of_others,
)

COUNTERS: Final = 41
FREE_BUFFERS: Final = bytes((200,))
_SWITCHES: Final = {on_off.On.COMMAND: True, on_off.Off.COMMAND: False}


@dataclass(frozen=True, slots=True)
class LinkState:
    """Where a link stands with nothing under way."""

    next_number: int
    """Of the next DATA frame to the host."""
    expected: int
    """Of the next DATA frame from it."""
    sequence: int
    """Of the host's last command."""


class ZigbeeFarSide(FarSide):
    window = 5
    """UG101 §7, TX_K."""

    def __init__(
        self,
        wire: Wire,
        state: LinkState,
        members: Sequence[Member],
        clock_ns: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        """`members`: the lamp, the motion sensor, and others."""
        super().__init__(wire, clock_ns)
        self._lamp, self._motion_sensor, *others = members
        self._others = tuple(others)
        self._parser = Parser()
        self._next_number = state.next_number
        self._expected = state.expected
        self._sequence = state.sequence
        self._ack_owed = False
        self._counts: dict[Member, int] = {}
        """Of APS frames and ZCL transactions: each node counts its own."""
        self._stick_counts = 0
        self._patient: set[int] = set()
        self._lamp_on = False

    def lamp_reports(self, count: int) -> list[bytes]:
        return [lamp_report(self._lamp, number % 2 == 0, self._count(self._lamp)) for number in range(count)]

    def reports_of_others(self) -> list[bytes]:
        return list(reports_of_others(self._others, 2, self._count))

    def _count(self, member: Member) -> int:
        count = self._counts[member] = self._counts.get(member, 0) + 1
        return count

    def _stick_count(self) -> int:
        self._stick_counts += 1
        return self._stick_counts & 0xFF

    def _motion_report(self, occupied: bool) -> bytes:
        return motion_report(self._motion_sensor, occupied, self._count(self._motion_sensor))

    # --- the link

    def _framed(self, item: bytes) -> bytes:
        if item[1] & CALLBACK_MASK:
            item = bytes((self._sequence,)) + item[1:]
        number, self._next_number = self._next_number, (self._next_number + 1) & 7
        self._ack_owed = False
        return Data(number, item, self._expected).to_bytes()

    def _take(self, data: bytes) -> None:
        for frame in self._parser.feed(data):
            self._take_frame(frame)
        self._write_next()
        if self._ack_owed:
            self._ack_owed = False
            self._wire.write(Ack(self._expected).to_bytes())

    def _take_frame(self, frame: Frame | Garbage) -> None:
        if isinstance(frame, Data):
            self._acknowledged(frame)
            self._ack_owed = True
            if frame.number == self._expected:
                self._expected = (self._expected + 1) & 7
                self._request(frame)
            elif not frame.retransmitted:
                raise NoReaction(f"its frame is out of sequence: {frame}")
        elif isinstance(frame, Ack):
            self._acknowledged(frame)
        else:
            raise NoReaction(f"it wrote {frame}")

    def _acknowledged(self, frame: Data | Ack) -> None:
        waiting = (self._next_number - frame.acked) & 7
        if waiting > self._unacked:
            raise NoReaction(f"it acknowledges what was not sent: {frame}")
        self._unacked = waiting

    # --- EZSP

    def _request(self, frame: Data) -> None:
        header = decode_header(frame.payload)
        self._sequence = header.sequence
        command = decode_command(header, VERSION)
        response = self._response(command)
        if response is None:
            raise NoReaction(f"it asked for {command or hex(header.frame_id)} in the middle of a measurement")
        self._answers.append(encode_response(header.sequence, header.frame_id, response, VERSION))
        if isinstance(command, SendUnicast):
            self._sent(command)
            if command.index_or_destination == self._lamp.node_id and command.aps_frame.profile_id == HOME_PROFILE:
                self._lamp_hears(command, frame)

    def _response(self, command: Command | None) -> Response | None:
        match command:
            case SendUnicast():
                return SendUnicastResponse(Status.OK, self._stick_count())
            case SendBroadcast():
                return SendBroadcastResponse(Status.OK, self._stick_count())
            case GetExtendedTimeout():
                return GetExtendedTimeoutResponse(command.remote_eui64 in self._patient)
            case SetExtendedTimeout():
                self._patient.add(command.remote_eui64)
                return SetExtendedTimeoutResponse()
            case Nop():
                return NopResponse()
            case SetPolicy():
                # Of bellows, two seconds after it closed the network.
                return SetPolicyResponse(Status.OK)
            case GetValue():
                return GetValueResponse(Status.OK, FREE_BUFFERS)
            case ReadCounters():
                return ReadCountersResponse((0,) * COUNTERS)
            case ReadAndClearCounters():
                return ReadAndClearCountersResponse((0,) * COUNTERS)
        return None

    def _sent(self, command: SendUnicast) -> None:
        frame = replace(command.aps_frame, sequence=self._stick_counts & 0xFF)
        told = MessageSentHandler(
            Status.OK, command.outgoing_type, command.index_or_destination, frame, command.message_tag
        )
        self._to_write.append(encode_callback(0, told, VERSION))

    # --- the lamp

    def _lamp_hears(self, command: SendUnicast, whole: Data) -> None:
        frame = ZclFrame.from_bytes(command.message)
        if command.aps_frame.cluster_id == on_off.CLUSTER_ID and frame.cluster_specific:
            self._switch(frame, whole)
        elif not frame.cluster_specific and frame.command == ReadAttributes.COMMAND:
            self._read(command.aps_frame.cluster_id, frame)

    def _switch(self, frame: ZclFrame, whole: Data) -> None:
        if frame.command not in _SWITCHES:
            raise NoReaction(f"it sent the lamp {frame}")
        self._lamp_on = _SWITCHES[frame.command]
        self._switched = (self._lamp_on, whole.to_bytes())
        if not frame.disable_default_response:
            self._to_write.append(lamp_done(self._lamp, frame.sequence, frame.command, self._count(self._lamp)))
        self._to_write.append(lamp_report(self._lamp, self._lamp_on, self._count(self._lamp)))

    def _read(self, cluster: int, frame: ZclFrame) -> None:
        records = tuple(
            ReadRecord(attribute, ZclStatus.SUCCESS, DataType.BOOLEAN, self._lamp_on)
            if (cluster, attribute) == (on_off.CLUSTER_ID, 0)
            else ReadRecord(attribute, ZclStatus.UNSUPPORTED_ATTRIBUTE)
            for attribute in ReadAttributes.from_bytes(frame.payload).attributes
        )
        response = ReadAttributesResponse(records)
        self._to_write.append(answer(self._lamp, cluster, frame.sequence, response, self._count(self._lamp)))
