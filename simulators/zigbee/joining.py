"""How devices come into the network and leave it.

05-3474-22: scanning and association §3.6.1.4, the trust centre's part §4.6.3, leaving §3.6.1.10; Base Device Behavior
13-0402: what a device does when its button is pressed.
"""

from typing import TYPE_CHECKING, Final

from simulators.zigbee.memory import FormedNetwork
from simulators.zigbee.mesh import COORDINATOR_NAME
from simulators.zigbee.ncp import DeviceUpdate, Newcomer, Transport
from simulators.zigbee.radio import ApsMessage
from simulators.zigbee.station import Station

if TYPE_CHECKING:
    from simulators.zigbee.network import Network

SEEK_FOR_S: Final = 180.0
"""13-0402, bdbcMinCommissioningTime: so long a device whose button was pressed looks for an open network."""
SCAN_EVERY_S: Final = 2.0
ASSOCIATION_S: Final = (0.1, 0.4)
"""From the beacon that is good enough to an address."""
KEY_WAIT_S: Final = 5.0
"""§4.6.3.2, apsSecurityTimeOutPeriod of a joiner: without the network key it goes away."""
KEY_REQUEST_S: Final = (0.3, 0.8)
"""After it is in, a device of Zigbee 3.0 asks for a link key of its own."""
LEAVE_S: Final = 0.03
"""From a leave request to its being carried out; the response goes before."""
SETTLED_CHILDREN_MAX: Final = 32
_LEAVE: Final = 0x0034
_PERMIT_JOINING: Final = 0x0036
_NWK_UPDATE: Final = 0x0038
_CHANGE_CHANNEL: Final = 0xFE
_LEAVE_REJOIN_FLAG: Final = 0x80
_WITHOUT_TIMEOUT: Final = 0xFF


class Joining:
    def __init__(self, network: "Network") -> None:
        self._network = network
        self._admission = network.admission
        self._loop = network.loop
        self._rng = network.rng

    def settle(self, station: Station, network: FormedNetwork) -> int:
        """Be a member from here on, at the best parent that is there, without asking anybody. Its address."""
        parents = [it.name for it in self._network.members() if it.router and it is not station]
        if station.router or len(self._network.memory.children) < SETTLED_CHILDREN_MAX or not parents:
            parents.insert(0, COORDINATOR_NAME)
        parent = self._network.mesh.nearest(station.name, parents)
        assert parent is not None
        node_id = self._admission.free_address()
        newcomer = self._admission.newcomer(station, node_id, parent, DeviceUpdate.UNSECURED_JOIN)
        if newcomer.child:
            self._network.memory.add_child(newcomer.eui64, node_id, newcomer.node_type)
        self._admission.become_member(station, newcomer, parent, network.network_key, network)
        station.node.joined_network()
        return node_id

    def press(self, station: Station) -> None:
        """It leaves, and looks for an open network for a while."""
        self.leave(station)
        gives_up_at = self._loop.time() + SEEK_FOR_S
        station.next(self._rng.uniform(*ASSOCIATION_S), lambda: self._scan(station, gives_up_at))

    def leave(self, station: Station) -> None:
        """It says so, whether or not anybody hears it, and forgets the network."""
        if station.member is None:
            return
        station.stop()
        if self._network.within(station):
            gone = self._admission.member(station, DeviceUpdate.DEVICE_LEFT)
            trip = self._network.traffic.to_stick(station)
            if trip.arrived:
                self._loop.call_at(trip.ends_at, self._leaving_heard, gone)
        station.mailbox.clear()
        self._network.remember(station, None)
        station.node.left_network()

    # --- what the network tells a device

    def carry_out(self, station: Station, message: ApsMessage) -> None:
        """What a device has to do about a ZDO request beside answering it; the answer is its own."""
        if message.profile != 0 or message.destination_endpoint != 0:
            return
        payload = message.payload
        if message.cluster == _LEAVE and len(payload) >= 10:
            self._told_to_leave(station, int.from_bytes(payload[1:9], "little"), payload[9])
        elif message.cluster == _PERMIT_JOINING and len(payload) >= 2 and station.router:
            station.open_until = self._open_until(payload[1])
        elif message.cluster == _NWK_UPDATE and len(payload) >= 6 and payload[5] == _CHANGE_CHANNEL:
            channel = int.from_bytes(payload[1:5], "little").bit_length() - 1
            self._network.rejoining.change_channel(station, channel)

    def remove(self, eui64: int) -> None:
        """The trust centre has a device sent away by its parent (§4.4.5, Remove-Device)."""
        station = self._network.station_of(eui64)
        if station is not None and station.in_service and self._network.within(station):
            station.next(LEAVE_S, lambda: self.leave(station))

    def _told_to_leave(self, station: Station, eui64: int, flags: int) -> None:
        who = station if eui64 in (0, station.node.eui64) else self._network.station_of(eui64)
        if who is not None and who.in_service:
            rejoins = bool(flags & _LEAVE_REJOIN_FLAG)
            who.next(LEAVE_S, lambda: self._leave_as_told(who, rejoins=rejoins))

    def _leave_as_told(self, station: Station, *, rejoins: bool) -> None:
        if not station.in_service:
            return
        if rejoins:
            self._network.rejoining.rejoin(station)
        else:
            self.leave(station)

    def _open_until(self, seconds: int) -> float:
        if seconds == 0:
            return 0.0
        return float("inf") if seconds == _WITHOUT_TIMEOUT else self._loop.time() + seconds

    # --- step by step

    def _scan(self, station: Station, gives_up_at: float) -> None:
        parent = self._open_parent(station)
        if parent is not None:
            station.next(self._rng.uniform(*ASSOCIATION_S), lambda: self._associate(station, parent))
        elif self._loop.time() + SCAN_EVERY_S < gives_up_at:
            station.next(SCAN_EVERY_S, lambda: self._scan(station, gives_up_at))

    def _open_parent(self, station: Station) -> str | None:
        """Whose beacon says that one may join, and is heard best."""
        network = self._network
        if network.formed() is None:
            return None
        now = self._loop.time()
        found = [it.name for it in network.members() if it.router and it.open_until > now and it is not station]
        if network.ncp is not None and network.ncp.permits_joining:
            found.append(COORDINATOR_NAME)
        near = [name for name in found if network.mesh.in_reach(station.name, name)]
        return network.mesh.nearest(station.name, near or found)

    def _associate(self, station: Station, parent: str) -> None:
        """It has an address from its parent, which tells the trust centre."""
        if not station.powered:
            return
        node_id = self._admission.free_address()
        newcomer = self._admission.newcomer(station, node_id, parent, DeviceUpdate.UNSECURED_JOIN)

        def keyed(transport: Transport | None) -> None:
            network = self._network.memory.network
            fits = transport is not None and transport.link_key in (None, station.link_key)
            if transport is None or not fits or network is None:
                station.next(KEY_WAIT_S, lambda: self._went_away(newcomer))
                return
            self._admission.become_member(station, newcomer, parent, transport.network_key, network)
            station.next(self._network.air.frame_s, lambda: self._came_in(station))

        self._admission.ask_trust_centre(station, newcomer, parent, keyed)

    def _went_away(self, newcomer: Newcomer) -> None:
        ncp = self._network.ncp
        if newcomer.child and ncp is not None and ncp.on_air:
            ncp.child_left(newcomer)

    def _came_in(self, station: Station) -> None:
        if not station.in_service:
            return
        self._admission.announce(station)
        station.node.joined_network()
        station.next(self._rng.uniform(*KEY_REQUEST_S), lambda: self._ask_for_link_key(station))

    def _ask_for_link_key(self, station: Station) -> None:
        ncp = self._network.ncp
        if not station.in_service or ncp is None or not ncp.on_air or not self._network.within(station):
            return
        key = ncp.link_key_wanted(station.node.eui64)
        if key is not None and station.member is not None:
            station.member.link_key = key
            station.changed()

    def _leaving_heard(self, gone: Newcomer) -> None:
        ncp = self._network.ncp
        if ncp is None or not ncp.on_air:
            return
        if gone.child:
            ncp.child_left(gone)
        ncp.left(gone)
