"""What joining and coming back share: an address, the trust centre's word, being a member, and saying so to all."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from simulators.zigbee.membership import Membership
from simulators.zigbee.memory import FormedNetwork
from simulators.zigbee.mesh import COORDINATOR_NAME
from simulators.zigbee.ncp import DeviceUpdate, Newcomer, Transport
from simulators.zigbee.radio import BROADCAST_AWAKE, COORDINATOR, NO_NODE_ID, ApsMessage
from simulators.zigbee.station import Station

if TYPE_CHECKING:
    from simulators.zigbee.network import Network

_FIRST_ADDRESS: Final = 0x0001
_LAST_ADDRESS: Final = 0xFFF7
_DEVICE_ANNOUNCE: Final = 0x0013


class Admission:
    def __init__(self, network: "Network") -> None:
        self._network = network

    def newcomer(self, station: Station, node_id: int, parent: str, update: DeviceUpdate) -> Newcomer:
        node = station.node
        return Newcomer(node.eui64, node_id, self._id_of(parent), update, station.router, node.rx_on_when_idle)

    def member(self, station: Station, update: DeviceUpdate) -> Newcomer:
        """As it is now."""
        member = station.membership
        return self.newcomer(station, member.node_id, member.parent, update)

    def ask_trust_centre(
        self, station: Station, newcomer: Newcomer, parent: str, then: Callable[[Transport | None], None]
    ) -> None:
        """Update-Device goes to the trust centre, the key comes back the same way; None: it does not."""
        ncp = self._network.ncp
        if ncp is None or not ncp.on_air or (newcomer.child and not ncp.associated(newcomer)):
            then(None)
            return
        hops = 0 if parent == COORDINATOR_NAME else len(self._network.path_to(self._network.stations[parent]))

        def ask() -> None:
            if station.powered:
                then(ncp.admit(newcomer) if ncp.on_air else None)

        station.next(2 * hops * self._network.air.frame_s, ask)

    def become_member(
        self, station: Station, newcomer: Newcomer, parent: str, network_key: bytes, network: FormedNetwork
    ) -> None:
        known = station.member
        member = Membership(
            node_id=newcomer.node_id,
            parent=parent,
            extended_pan_id=network.extended_pan_id,
            channel=network.channel,
            network_key=network_key,
            trust_center=self._network.memory.eui64,
            link_key=station.link_key if known is None else known.link_key,
            heard_counter=0 if known is None else known.heard_counter,
        )
        self._network.remember(station, member)

    def move(self, station: Station, node_id: int) -> None:
        """The same member under another address."""
        self._network.remember(station, replace(station.membership, node_id=node_id))

    def announce(self, station: Station) -> None:
        """05-3474-22, §2.4.3.1.11, Device_annce: to everybody who does not sleep."""
        if not station.in_service:
            return
        node = station.node
        payload = b"".join(
            (
                bytes((station.next_zdo_counter(),)),
                station.node_id.to_bytes(2, "little"),
                node.eui64.to_bytes(8, "little"),
                bytes((node.capability,)),
            )
        )
        message = ApsMessage(station.node_id, BROADCAST_AWAKE, 0, _DEVICE_ANNOUNCE, 0, 0, 0, payload)
        self._network.traffic.from_station(station, message)

    def free_address(self) -> int:
        """§3.6.1.7, stochastic address assignment."""
        taken = {it.node_id for it in self._network.stations.values()}
        while True:
            node_id = self._network.rng.randint(_FIRST_ADDRESS, _LAST_ADDRESS)
            if node_id not in taken:
                return node_id

    def _id_of(self, name: str) -> int:
        if name == COORDINATOR_NAME:
            return COORDINATOR
        station = self._network.stations.get(name)
        return NO_NODE_ID if station is None else station.node_id
