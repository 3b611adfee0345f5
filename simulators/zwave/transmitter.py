"""Sending commands to nodes: one at a time, with a callback that says how it ended; and asking a node who it is."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.zwave.serial_api.application import ApplicationUpdate, UpdateEvent
from drivers.zwave.serial_api.node_info import RequestNodeInfo, RequestNodeInfoResponse
from drivers.zwave.serial_api.node_information import NodeInformationFrame
from drivers.zwave.serial_api.send_data import (
    SendData,
    SendDataAbort,
    SendDataBridge,
    SendDataMulticast,
    SendDataMulticastBridge,
    TransmitOption,
    TransmitReport,
    TransmitStatus,
)
from simulators.zwave.chip import Chip, Handlers
from simulators.zwave.network import Delivery, Outcome
from simulators.zwave.paths import ATTEMPTS
from simulators.zwave.radio_node import NodeInformation

BROADCAST: Final = 0xFF
_SPEED_100_KBIT: Final = 0x03
_BEAMS: Final = {250: 0x20, 1000: 0x40}
_ACK_RSSI_DBM: Final = -60
_DIRECT: Final = 1

SingleCast = SendData | SendDataBridge
MultiCast = SendDataMulticast | SendDataMulticastBridge


@dataclass(frozen=True, slots=True)
class _UnderWay:
    request: SingleCast
    since: float
    handle: asyncio.TimerHandle


class Transmitter:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self._under_way: _UnderWay | None = None

    def handlers(self) -> Handlers:
        return {
            SendData: self._send,
            SendDataBridge: self._send,
            SendDataMulticast: self._send_to_many,
            SendDataMulticastBridge: self._send_to_many,
            SendDataAbort: self._abort,
            RequestNodeInfo: self._ask_who,
        }

    def _send(self, request: SingleCast) -> None:
        accepted = not self._chip.sending and len(request.command) <= self._chip.flavour.max_payload
        self._chip.respond(request.RESPONSE(accepted))
        if not accepted:
            return
        if self._chip.faults.jammed:
            self._call_back(request, TransmitStatus.FAIL)
        elif request.node_id == BROADCAST:
            self._deliver_to(tuple(self._chip.memory.nodes), request.command)
            self._call_back(request, TransmitStatus.OK)
        else:
            self._transmit(request)

    def _transmit(self, request: SingleCast) -> None:
        chip = self._chip
        chip.sending = True
        since = chip.now()
        handle = chip.network.transmit(request.node_id, request.command, chip.later, self._ended)
        self._under_way = _UnderWay(request, since, handle)

    def _ended(self, delivery: Delivery) -> None:
        assert self._under_way is not None
        request, took_s = self._under_way.request, self._chip.now() - self._under_way.since
        self._under_way = None
        self._chip.sending = False
        delivered = delivery.outcome is Outcome.DELIVERED
        note_delivery(self._chip, request.node_id, delivered)
        # INS13954-13 §4.3.3.1: who does not ask for an acknowledgement does not learn that it was missing.
        unasked = not request.options & TransmitOption.ACK
        status = TransmitStatus.OK if delivered or unasked else TransmitStatus.NO_ACK
        self._call_back(request, status, round(took_s * 100), self._report(request.node_id, delivery))

    def _abort(self, _: SendDataAbort) -> None:
        # INS13954-13 §4.3.3: the callback of what is aborted says NO_ACK.
        if self._under_way is not None:
            self._under_way.handle.cancel()
            self._ended(Delivery(Outcome.NOT_ACKNOWLEDGED, ATTEMPTS))

    def _send_to_many(self, request: MultiCast) -> None:
        accepted = not self._chip.sending and len(request.command) <= self._chip.flavour.max_payload
        self._chip.respond(request.RESPONSE(accepted))
        if not accepted:
            return
        status = TransmitStatus.FAIL if self._chip.faults.jammed else TransmitStatus.OK
        if status is TransmitStatus.OK:
            self._deliver_to(request.node_ids, request.command)
        self._chip.call_back(request.CALLBACK(request.callback_id, status))

    def _deliver_to(self, node_ids: tuple[int, ...], command: bytes) -> None:
        """Nobody acknowledges; FLiRS nodes, which no beam wakes, miss it."""
        for node_id in node_ids:
            entry = self._chip.memory.nodes.get(node_id)
            if entry is not None and entry.info.flirs is None and self._chip.network.reaches(node_id):
                self._chip.network.transmit(node_id, command, self._chip.later, lambda _: None)

    def _call_back(
        self, request: SingleCast, status: TransmitStatus, ticks: int = 0, report: TransmitReport | None = None
    ) -> None:
        if not self._chip.transmit_reports:
            self._chip.call_back(request.CALLBACK(request.callback_id, status))
            return
        details = (report or TransmitReport(attempts=0)).to_bytes()
        self._chip.call_back(request.CALLBACK(request.callback_id, status, min(ticks, 0xFFFF), details))

    def _report(self, node_id: int, delivery: Delivery) -> TransmitReport:
        network = self._chip.network
        acknowledged = delivery.outcome is Outcome.DELIVERED
        rssi_dbm = network.rssi_dbm(node_id)
        return TransmitReport(
            repeaters=network.ids_of(delivery.repeaters),
            ack_rssi_dbm=None if not acknowledged else _ACK_RSSI_DBM if rssi_dbm is None else rssi_dbm,
            route_scheme=_DIRECT,
            speed_and_beam=_SPEED_100_KBIT | _BEAMS.get(delivery.beam_ms or 0, 0),
            attempts=delivery.attempts,
        )

    def _ask_who(self, request: RequestNodeInfo) -> None:
        chip = self._chip
        accepted = not chip.sending and not chip.faults.jammed
        chip.respond(RequestNodeInfoResponse(accepted))
        if not accepted:
            return

        def ended(answered: bool) -> None:
            entry = chip.memory.nodes.get(request.node_id)
            if entry is None or not answered:
                chip.say(ApplicationUpdate(UpdateEvent.REQUEST_FAILED, 0))
            else:
                chip.say(node_information(request.node_id, entry.info))

        reach(chip, request.node_id, ended)


def reach(chip: Chip, node_id: int, then: Callable[[bool], None]) -> None:
    """Send something that is below commands; `then` hears whether the node acknowledged it."""
    chip.sending = True

    def ended(delivery: Delivery) -> None:
        chip.sending = False
        acknowledged = delivery.outcome is Outcome.DELIVERED
        note_delivery(chip, node_id, acknowledged)
        then(acknowledged)

    chip.network.transmit(node_id, None, chip.later, ended)


def note_delivery(chip: Chip, node_id: int, delivered: bool) -> None:
    """A controller keeps a list of the nodes that did not answer last time."""
    if delivered:
        chip.failed_nodes.discard(node_id)
    elif node_id in chip.memory.nodes:
        chip.failed_nodes.add(node_id)


def information_frame(info: NodeInformation) -> NodeInformationFrame:
    return NodeInformationFrame(info.basic_class, info.generic_class, info.specific_class, info.command_classes)


def node_information(node_id: int, info: NodeInformation) -> ApplicationUpdate:
    return ApplicationUpdate(UpdateEvent.NODE_INFORMATION, node_id, information_frame(info))
