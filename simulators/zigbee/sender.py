"""Messages of the host's on their way: taken or refused at once, and told of when their end is known.

UG100 "Messaging Frames": sendUnicast, sendBroadcast, sendMulticast, messageSentHandler. What limits them is the chip's
memory: so many acknowledged messages at a time (EZSP_CONFIG_APS_UNICAST_MESSAGE_COUNT), so many buffers, so many
broadcasts in nwkNetworkBroadcastDeliveryTime (EZSP_CONFIG_NEW_BROADCAST_ENTRY_THRESHOLD).
"""

from dataclasses import dataclass, replace
from typing import Final

from drivers.zigbee.ezsp.messaging import MessageSentHandler
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.structures import ApsFrame
from drivers.zigbee.ezsp.types import ApsOption, ConfigurationId, DecisionId, OutgoingType, PolicyId
from simulators.zigbee.chip import (
    ALLOCATE_PACKET_BUFFER_FAILURE,
    APS_DATA_TX_BROADCAST,
    APS_DATA_TX_UNICAST_FAILED,
    APS_DATA_TX_UNICAST_SUCCESS,
    BROADCAST_TABLE_FULL,
    MAC_TX_BROADCAST,
    MAC_TX_UNICAST_FAILED,
    MAC_TX_UNICAST_SUCCESS,
    Chip,
)
from simulators.zigbee.network_update import NetworkUpdate
from simulators.zigbee.radio import COORDINATOR, ApsMessage
from simulators.zigbee.receiver import Receiver
from simulators.zigbee.traffic import UnicastOptions
from simulators.zigbee.unicast import APS_TRIES

PAYLOAD_MAX: Final = 82
"""UG100, maximumPayloadLength, with NWK security."""
BUFFERS_MAX: Final = 48
"""Messages of any kind that there is memory for."""
BROADCAST_DELIVERY_S: Final = 9.0
"""05-3474-22, §3.5.1, nwkNetworkBroadcastDeliveryTime."""
BROADCAST_SENT_S: Final = 0.3
"""Until the stack takes a broadcast for sent: its neighbours passed it on, or it was repeated often enough."""
LOOP_S: Final = 0.0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as the host named it."""

    kind: OutgoingType
    index_or_destination: int
    frame: ApsFrame
    tag: int
    message: bytes


class Sender:
    def __init__(self, chip: Chip, receiver: Receiver, update: NetworkUpdate) -> None:
        self._chip = chip
        self._receiver = receiver
        self._update = update
        self._acknowledged = 0
        """Messages under way that an APS acknowledgement is awaited for."""

    def unicast(self, outgoing: Outgoing, destination: int) -> tuple[Status, int]:
        """Whether it was taken, and its APS counter."""
        acknowledged = bool(outgoing.frame.options & ApsOption.RETRY)
        refused = self._refusal(outgoing)
        if (
            refused is None
            and acknowledged
            and self._acknowledged >= self._chip.size(ConfigurationId.APS_UNICAST_MESSAGE_COUNT)
        ):
            refused = Status.ZIGBEE_MAX_MESSAGE_LIMIT_REACHED
        if refused is not None:
            return refused, 0
        outgoing = self._numbered(outgoing)
        message = self._on_air(outgoing, destination)
        if destination == COORDINATOR:
            self._to_itself(outgoing, message)
        elif self._chip.strikes(self._chip.faults.delivery_failed):
            self._under_way(acknowledged, 1)
            self._chip.later(
                self._chip.network.air.give_up_s, lambda: self._ended(outgoing, acknowledged, delivered=False)
            )
        else:
            self._under_way(acknowledged, 1)
            options = self._options(destination, acknowledged=acknowledged)
            self._chip.network.unicast(
                message, options, lambda delivered: self._ended(outgoing, acknowledged, delivered=delivered)
            )
        return Status.OK, outgoing.frame.sequence

    def flood(self, outgoing: Outgoing, destination: int) -> tuple[Status, int]:
        """A broadcast, or to the group in the frame."""
        refused = self._refusal(outgoing) or self._broadcast_refusal()
        if refused is not None:
            return refused, 0
        chip = self._chip
        outgoing = self._numbered(outgoing)
        group = outgoing.frame.group_id if outgoing.kind is OutgoingType.MULTICAST else None
        message = self._on_air(outgoing, destination, group)
        chip.broadcasts.append(chip.now())
        chip.count(MAC_TX_BROADCAST)
        chip.count(APS_DATA_TX_BROADCAST)
        chip.under_way += 1
        chip.network.broadcast(message)
        self._update.heard(message)
        chip.later(LOOP_S, lambda: self._receiver.loop_back(message))
        chip.later(BROADCAST_SENT_S, lambda: self._sent(outgoing, Status.OK))
        return Status.OK, outgoing.frame.sequence

    # --- inside

    def _refusal(self, outgoing: Outgoing) -> Status | None:
        chip = self._chip
        if not chip.joined:
            return Status.NETWORK_DOWN
        if len(outgoing.message) > PAYLOAD_MAX:
            return Status.MESSAGE_TOO_LONG
        if chip.under_way >= BUFFERS_MAX or chip.strikes(chip.faults.no_buffers):
            chip.count(ALLOCATE_PACKET_BUFFER_FAILURE)
            return Status.ALLOCATION_FAILED
        return None

    def _broadcast_refusal(self) -> Status | None:
        chip = self._chip
        while chip.broadcasts and chip.broadcasts[0] <= chip.now() - BROADCAST_DELIVERY_S:
            chip.broadcasts.popleft()
        if len(chip.broadcasts) >= chip.size(ConfigurationId.NEW_BROADCAST_ENTRY_THRESHOLD):
            chip.count(BROADCAST_TABLE_FULL)
            return Status.BUSY
        return None

    def _numbered(self, outgoing: Outgoing) -> Outgoing:
        frame = replace(outgoing.frame, sequence=self._chip.next_aps_sequence())
        return replace(outgoing, frame=frame)

    def _on_air(self, outgoing: Outgoing, destination: int, group: int | None = None) -> ApsMessage:
        frame = outgoing.frame
        return ApsMessage(
            source=COORDINATOR,
            destination=destination,
            profile=frame.profile_id,
            cluster=frame.cluster_id,
            source_endpoint=frame.source_endpoint,
            destination_endpoint=frame.destination_endpoint,
            sequence=frame.sequence,
            payload=outgoing.message,
            group=group,
        )

    def _options(self, destination: int, *, acknowledged: bool) -> UnicastOptions:
        """A device that polls seldom, and is known to, is given as long as its parent keeps messages for it."""
        chip = self._chip
        station = chip.network.station_at(destination)
        indirect_s = chip.size(ConfigurationId.INDIRECT_TRANSMISSION_TIMEOUT) / 1000
        slow = station is not None and chip.is_slow(station.node.eui64)
        patience_s = indirect_s if slow else APS_TRIES * chip.network.air.ack_s
        return UnicastOptions(acknowledged, patience_s, indirect_s)

    def _to_itself(self, outgoing: Outgoing, message: ApsMessage) -> None:
        def loop() -> None:
            self._sent(outgoing, Status.OK)
            self._receiver.own_unicast(message)

        self._chip.under_way += 1
        self._chip.later(LOOP_S, loop)

    def _under_way(self, acknowledged: bool, change: int) -> None:
        self._chip.under_way += change
        self._acknowledged += change if acknowledged else 0

    def _ended(self, outgoing: Outgoing, acknowledged: bool, *, delivered: bool) -> None:
        if self._chip.stopped:
            return
        self._chip.count(MAC_TX_UNICAST_SUCCESS if delivered else MAC_TX_UNICAST_FAILED)
        self._chip.count(APS_DATA_TX_UNICAST_SUCCESS if delivered else APS_DATA_TX_UNICAST_FAILED)
        self._acknowledged -= 1 if acknowledged else 0
        self._sent(outgoing, Status.OK if delivered else Status.ZIGBEE_DELIVERY_FAILED)

    def _sent(self, outgoing: Outgoing, status: Status) -> None:
        chip = self._chip
        chip.under_way -= 1
        if chip.strikes(chip.faults.lost_callback):
            return
        told = chip.policy(PolicyId.MESSAGE_CONTENTS_IN_CALLBACK) == DecisionId.MESSAGE_TAG_AND_CONTENTS_IN_CALLBACK
        chip.say(
            MessageSentHandler(
                status=status,
                outgoing_type=outgoing.kind,
                index_or_destination=outgoing.index_or_destination,
                aps_frame=outgoing.frame,
                message_tag=outgoing.tag,
                message=outgoing.message if told else b"",
            )
        )
