"""UG100 "Messaging Frames": sending. What becomes of a message is `sender`'s."""

from typing import Final

from drivers.zigbee.ezsp.messaging import (
    MaximumPayloadLength,
    MaximumPayloadLengthResponse,
    PendingAckedMessages,
    PendingAckedMessagesResponse,
    SendBroadcast,
    SendBroadcastResponse,
    SendMulticast,
    SendMulticastResponse,
    SendReply,
    SendReplyResponse,
    SendUnicast,
    SendUnicastResponse,
    SetSourceRoute,
    SetSourceRouteDiscoveryMode,
    SetSourceRouteDiscoveryModeResponse,
    SetSourceRouteResponse,
)
from drivers.zigbee.ezsp.routing import (
    ConcentratorNoteRouteError,
    ConcentratorNoteRouteErrorResponse,
    ConcentratorStartDiscovery,
    ConcentratorStartDiscoveryResponse,
    ConcentratorStopDiscovery,
    ConcentratorStopDiscoveryResponse,
    GetSourceRouteTableEntry,
    GetSourceRouteTableEntryResponse,
    GetSourceRouteTableFilledSize,
    GetSourceRouteTableFilledSizeResponse,
    GetSourceRouteTableTotalSize,
    GetSourceRouteTableTotalSizeResponse,
    SendManyToOneRouteRequest,
    SendManyToOneRouteRequestResponse,
    SetBrokenRouteErrorCode,
    SetBrokenRouteErrorCodeResponse,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.types import (
    NO_INDEX,
    ConfigurationId,
    OutgoingType,
    SourceRouteDiscoveryMode,
)
from simulators.zigbee.chip import Chip, Handlers
from simulators.zigbee.radio import BROADCAST_ALL, BROADCAST_AWAKE, BROADCAST_ROUTERS
from simulators.zigbee.sender import PAYLOAD_MAX, Outgoing, Sender

_BROADCASTS: Final = (BROADCAST_ALL, BROADCAST_AWAKE, BROADCAST_ROUTERS)
_LAST_UNICAST: Final = 0xFFF7


class Messaging:
    def __init__(self, chip: Chip, sender: Sender) -> None:
        self._chip = chip
        self._sender = sender

    def handlers(self) -> Handlers:
        return {
            SendUnicast: self._unicast,
            SendBroadcast: self._broadcast,
            SendMulticast: self._multicast,
            SendReply: self._reply,
            MaximumPayloadLength: lambda _: MaximumPayloadLengthResponse(PAYLOAD_MAX),
            PendingAckedMessages: lambda _: PendingAckedMessagesResponse(self._chip.under_way > 0),
            SetSourceRouteDiscoveryMode: self._discovery_mode,
            SetSourceRoute: self._set_source_route,
            SendManyToOneRouteRequest: lambda _: SendManyToOneRouteRequestResponse(Status.OK),
            SetBrokenRouteErrorCode: lambda _: SetBrokenRouteErrorCodeResponse(Status.OK),
            ConcentratorStartDiscovery: lambda _: ConcentratorStartDiscoveryResponse(),
            ConcentratorStopDiscovery: lambda _: ConcentratorStopDiscoveryResponse(),
            ConcentratorNoteRouteError: lambda _: ConcentratorNoteRouteErrorResponse(),
            GetSourceRouteTableTotalSize: self._routes_max,
            GetSourceRouteTableFilledSize: lambda _: GetSourceRouteTableFilledSizeResponse(
                min(len(self._chip.source_routes), 0xFF)
            ),
            GetSourceRouteTableEntry: self._source_route,
        }

    def _unicast(self, request: SendUnicast) -> SendUnicastResponse:
        destination = self._destination(request.outgoing_type, request.index_or_destination)
        if destination is None or destination > _LAST_UNICAST:
            return SendUnicastResponse(Status.INVALID_PARAMETER, 0)
        outgoing = Outgoing(
            OutgoingType(request.outgoing_type),
            request.index_or_destination,
            request.aps_frame,
            request.message_tag,
            request.message,
        )
        return SendUnicastResponse(*self._sender.unicast(outgoing, destination))

    def _destination(self, kind: int, number: int) -> int | None:
        match kind:
            case OutgoingType.DIRECT:
                return number
            case OutgoingType.VIA_ADDRESS_TABLE:
                entry = self._chip.addresses.get(number)
                return None if entry is None else entry.node_id
            case OutgoingType.VIA_BINDING:
                binding = self._chip.bindings.get(number)
                return None if binding is None else self._chip.network.address_of(binding.identifier)
        return None

    def _broadcast(self, request: SendBroadcast) -> SendBroadcastResponse:
        if request.destination not in _BROADCASTS:
            return SendBroadcastResponse(Status.INVALID_PARAMETER, 0)
        outgoing = Outgoing(
            OutgoingType.BROADCAST, request.destination, request.aps_frame, request.message_tag, request.message
        )
        return SendBroadcastResponse(*self._sender.flood(outgoing, request.destination))

    def _multicast(self, request: SendMulticast) -> SendMulticastResponse:
        outgoing = Outgoing(
            OutgoingType.MULTICAST,
            request.aps_frame.group_id,
            request.aps_frame,
            request.message_tag,
            request.message,
        )
        to_all = self._chip.size(ConfigurationId.SEND_MULTICASTS_TO_SLEEPY_ADDRESS)
        return SendMulticastResponse(*self._sender.flood(outgoing, BROADCAST_ALL if to_all else BROADCAST_AWAKE))

    def _reply(self, request: SendReply) -> SendReplyResponse:
        outgoing = Outgoing(OutgoingType.DIRECT, request.sender, request.aps_frame, 0, request.message)
        status, _ = self._sender.unicast(outgoing, request.sender)
        return SendReplyResponse(status)

    # --- routes

    def _discovery_mode(self, request: SetSourceRouteDiscoveryMode) -> SetSourceRouteDiscoveryModeResponse:
        concentrator = self._chip.concentrator
        concentrator.discovery_mode = request.mode
        waits = concentrator.on and request.mode != SourceRouteDiscoveryMode.OFF
        return SetSourceRouteDiscoveryModeResponse(concentrator.min_s * 1000 if waits else 0)

    def _set_source_route(self, request: SetSourceRoute) -> SetSourceRouteResponse:
        # Since version 8 the stack keeps the routes itself; what the host says changes nothing.
        return SetSourceRouteResponse(Status.OK if request.destination <= _LAST_UNICAST else Status.INVALID_PARAMETER)

    def _routes_max(self, _: GetSourceRouteTableTotalSize) -> GetSourceRouteTableTotalSizeResponse:
        return GetSourceRouteTableTotalSizeResponse(min(self._chip.size(ConfigurationId.SOURCE_ROUTE_TABLE_SIZE), 0xFF))

    def _source_route(self, request: GetSourceRouteTableEntry) -> GetSourceRouteTableEntryResponse:
        routes = tuple(self._chip.source_routes.items())
        if request.index >= len(routes):
            return GetSourceRouteTableEntryResponse(Status.NOT_FOUND, 0xFFFF, NO_INDEX)
        node_id, relays = routes[request.index]
        known = [destination for destination, _ in routes]
        closer = known.index(relays[0]) if relays and relays[0] in known else NO_INDEX
        return GetSourceRouteTableEntryResponse(Status.OK, node_id, closer)
