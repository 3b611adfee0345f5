"""What the stick hears on the air, and what of it its host is told.

UG100 "Messaging Frames": incomingMessageHandler, incomingRouteRecordHandler, incomingNetworkStatusHandler.
"""

from typing import Final

from drivers.zigbee.ezsp.address_table_13 import IncomingSenderEui64Handler
from drivers.zigbee.ezsp.messaging import IncomingMessageHandler, IncomingRouteRecordHandler
from drivers.zigbee.ezsp.routing import IncomingNetworkStatusHandler, IncomingRouteErrorHandler
from drivers.zigbee.ezsp.status import SL_STATUS_SINCE, Status
from drivers.zigbee.ezsp.structures import ApsFrame
from drivers.zigbee.ezsp.types import NO_INDEX, ApsOption, ConfigurationId, IncomingType
from simulators.zigbee.chip import (
    APS_DATA_RX_BROADCAST,
    APS_DATA_RX_UNICAST,
    MAC_RX_BROADCAST,
    MAC_RX_UNICAST,
    Chip,
)
from simulators.zigbee.coordinator_zdo import CoordinatorZdo
from simulators.zigbee.ncp import Sender
from simulators.zigbee.radio import BROADCASTS_FROM, COORDINATOR, ApsMessage
from simulators.zigbee.traffic import UnicastOptions

ZDO_ENDPOINT: Final = 0
EVERY_ENDPOINT: Final = 0xFF
ANSWER_PATIENCE_S: Final = 2.4
SOURCE_ROUTES_MAX: Final = 200
HEARD_MAX: Final = 200
"""A real device sends what is longer than one frame in pieces. These are not simulated: it comes whole, or not at all
where it would not fit into a frame of EZSP."""
_RESPONSE: Final = 0x8000
_ANNOUNCE: Final = 0x0013
_HOST_SEES_SUPPORTED: Final = 0x01
_HOST_SEES_UNSUPPORTED: Final = 0x02
"""EmberZdoConfigurationFlags."""
_SOURCE_ROUTE_FAILURE: Final = 0x0B
"""05-3474-22, table 3.51."""
_UNICAST_OPTIONS: Final = ApsOption.RETRY | ApsOption.ENABLE_ROUTE_DISCOVERY
_OWN_LQI: Final = 255
_OWN_RSSI_DBM: Final = 0


class Receiver:
    def __init__(self, chip: Chip, zdo: CoordinatorZdo) -> None:
        self._chip = chip
        self._zdo = zdo

    # --- from the air

    def heard(self, message: ApsMessage, sender: Sender) -> None:
        one = message.group is None and message.destination < BROADCASTS_FROM
        self._chip.count(MAC_RX_UNICAST if one else MAC_RX_BROADCAST)
        self._chip.count(APS_DATA_RX_UNICAST if one else APS_DATA_RX_BROADCAST)
        self._note_route(message.source, sender)
        if message.profile == 0 and message.destination_endpoint == ZDO_ENDPOINT:
            self._heard_zdo(message, sender, alone=one)
        elif message.group is not None:
            if self._member_of(message.group):
                self._say(IncomingType.MULTICAST, message, sender)
        else:
            # Which endpoints there are matters to who asks for descriptors; messages are the host's, to any of them.
            self._say(IncomingType.UNICAST if one else IncomingType.BROADCAST, message, sender)

    def unreachable(self, node_id: int) -> None:
        """A router says that it could not pass a message on."""
        chip = self._chip
        if chip.concentrator.on:
            chip.say(IncomingRouteErrorHandler(Status.ZIGBEE_SOURCE_ROUTE_FAILURE, node_id))
        else:
            chip.say(IncomingNetworkStatusHandler(_SOURCE_ROUTE_FAILURE, node_id))

    # --- from the stick itself

    def own_unicast(self, message: ApsMessage) -> None:
        """What the host sends to its own stick: the stack answers, or the host hears itself."""
        if message.profile == 0 and message.destination_endpoint == ZDO_ENDPOINT:
            answer = self._zdo.answer(message.cluster, message.payload, alone=True)
            if answer is not None:
                self._say(IncomingType.UNICAST, self._own(*answer), self._itself())
        else:
            self._say(IncomingType.UNICAST, message, self._itself())

    def loop_back(self, message: ApsMessage) -> None:
        """A broadcast of the host's own reaches the stick's endpoints, and its host again."""
        if message.group is not None:
            if self._member_of(message.group):
                self._say(IncomingType.MULTICAST_LOOPBACK, message, self._itself())
        elif message.destination_endpoint != ZDO_ENDPOINT:
            self._say(IncomingType.BROADCAST_LOOPBACK, message, self._itself())

    # --- inside

    def _heard_zdo(self, message: ApsMessage, sender: Sender, *, alone: bool) -> None:
        chip = self._chip
        kind = IncomingType.UNICAST if alone else IncomingType.BROADCAST
        if message.cluster == _ANNOUNCE and len(message.payload) >= 3:
            chip.known[sender.eui64] = message.source
        if message.cluster & _RESPONSE or message.cluster == _ANNOUNCE:
            self._say(kind, message, sender)
            return
        flags = chip.size(ConfigurationId.APPLICATION_ZDO_FLAGS)
        supported = self._zdo.supports(message.cluster)
        host_sees = bool(flags & (_HOST_SEES_SUPPORTED if supported else _HOST_SEES_UNSUPPORTED))
        if host_sees:
            self._say(kind, message, sender, ApsOption.NONE if supported else ApsOption.ZDO_RESPONSE_REQUIRED)
        if supported or not host_sees:
            self._answer(message, alone=alone)

    def _answer(self, message: ApsMessage, *, alone: bool) -> None:
        answer = self._zdo.answer(message.cluster, message.payload, alone=alone)
        if answer is None:
            return
        cluster, payload = answer
        reply = ApsMessage(
            source=COORDINATOR,
            destination=message.source,
            profile=0,
            cluster=cluster,
            source_endpoint=ZDO_ENDPOINT,
            destination_endpoint=ZDO_ENDPOINT,
            sequence=self._chip.next_aps_sequence(),
            payload=payload,
        )
        options = UnicastOptions(acknowledged=False, patience_s=ANSWER_PATIENCE_S)
        self._chip.network.unicast(reply, options, lambda _: None)

    def _own(self, cluster: int, payload: bytes) -> ApsMessage:
        sequence = self._chip.next_aps_sequence()
        return ApsMessage(COORDINATOR, COORDINATOR, 0, cluster, ZDO_ENDPOINT, ZDO_ENDPOINT, sequence, payload)

    def _itself(self) -> Sender:
        return Sender(self._chip.memory.eui64, _OWN_LQI, _OWN_RSSI_DBM)

    def _member_of(self, group: int) -> bool:
        return any(it.endpoint and it.multicast_id == group for it in self._chip.multicast.values())

    def _note_route(self, source: int, sender: Sender) -> None:
        """05-3474-22, §3.6.3.5.4: to a concentrator a node sends the route that its messages take, when it is new."""
        chip = self._chip
        if not chip.concentrator.on or not sender.relays or chip.source_routes.get(source) == sender.relays:
            return
        chip.source_routes.pop(source, None)
        chip.source_routes[source] = sender.relays
        if len(chip.source_routes) > SOURCE_ROUTES_MAX:
            del chip.source_routes[next(iter(chip.source_routes))]
        chip.say(IncomingRouteRecordHandler(source, sender.eui64, sender.lqi, sender.rssi_dbm, sender.relays))

    def _say(self, kind: IncomingType, message: ApsMessage, sender: Sender, options: int = _UNICAST_OPTIONS) -> None:
        chip = self._chip
        if len(message.payload) > HEARD_MAX:
            return
        if chip.version < SL_STATUS_SINCE and kind is IncomingType.BROADCAST and message.cluster == _ANNOUNCE:
            chip.say(IncomingSenderEui64Handler(sender.eui64))
        frame = ApsFrame(
            profile_id=message.profile,
            cluster_id=message.cluster,
            source_endpoint=message.source_endpoint,
            destination_endpoint=EVERY_ENDPOINT if message.group is not None else message.destination_endpoint,
            options=options if kind is IncomingType.UNICAST else options & ApsOption.ZDO_RESPONSE_REQUIRED,
            group_id=message.group or 0,
            sequence=message.sequence,
        )
        index = next((index for index, it in chip.addresses.items() if it.eui64 == sender.eui64), NO_INDEX)
        chip.say(
            IncomingMessageHandler(
                incoming_type=kind,
                aps_frame=frame,
                sender=message.source,
                message=message.payload,
                last_hop_lqi=sender.lqi,
                last_hop_rssi=sender.rssi_dbm,
                sender_eui64=sender.eui64,
                address_index=index,
                last_hop_timestamp=int(chip.now() * 1000) & 0xFFFF_FFFF,
            )
        )
