"""How devices lose the network and find it again, and what happens where it changes under them.

05-3474-22: rejoining §3.6.1.4.2, address conflicts §3.6.1.9, the next network key §4.6.3.4, channels Annex E.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from simulators.zigbee.mesh import COORDINATOR_NAME
from simulators.zigbee.ncp import DeviceUpdate, Transport
from simulators.zigbee.station import Station

if TYPE_CHECKING:
    from simulators.zigbee.network import Network

REJOIN_S: Final = (0.5, 2.0)
ORPHANED_S: Final = (5.0, 20.0)
"""Until a device notices that its parent, or its whole network, does not answer any more."""
SEEK_AGAIN_S: Final = 30.0
POWERED_UP_S: Final = (0.5, 1.5)
LOOKS_FOR_STICK_S: Final = (1.0, 3.0)
NEW_ADDRESS_S: Final = (0.1, 0.4)
CHANNEL_CHANGE_S: Final = 9.0
"""From the broadcast that announces it to the change: nwkNetworkBroadcastDeliveryTime, so that everybody has heard."""
KEPT_FOR_SLEEPERS_S: Final = 7.68


class Rejoining:
    def __init__(self, network: "Network") -> None:
        self._network = network
        self._admission = network.admission
        self._loop = network.loop
        self._rng = network.rng

    def rejoin(self, station: Station, *, new_address: bool = False) -> None:
        """It gives up its parent, looks for its network, and finds it if the stick or any router of it is there."""
        self._abandon_parent(station)
        station.next(self._rng.uniform(*REJOIN_S), lambda: self._seek(station, new_address=new_address))

    def conflict(self, station: Station) -> None:
        """§3.6.1.9.2: all who have the address in question take another at random, and announce themselves."""
        ncp = self._network.ncp
        if ncp is not None and ncp.on_air and self._network.within(station):
            ncp.address_conflict(station.node_id)
        self._admission.move(station, self._admission.free_address())
        station.next(self._rng.uniform(*NEW_ADDRESS_S), lambda: self._admission.announce(station))

    def lost_power(self, station: Station) -> None:
        """Its children notice after a while; what it kept for them is gone."""
        station.stop()
        if station.router:
            for child in self._network.stations.values():
                if child.member is not None and not child.router and child.member.parent == station.name:
                    child.mailbox.clear()
                    child.next(self._rng.uniform(*ORPHANED_S), self._orphaned(child))

    def has_power(self, station: Station) -> None:
        """A device that gets its power back says that it is there, or looks for a network that moved meanwhile."""
        if station.member is None:
            return
        if self._is_lost(station):
            self.rejoin(station)
        else:
            station.next(self._rng.uniform(*POWERED_UP_S), lambda: self._admission.announce(station))

    def resume(self, station: Station, there: Callable[[], None]) -> None:
        """A device that had its power before the stick waits for it."""
        if self._network.formed() is None:
            station.next(self._rng.uniform(*LOOKS_FOR_STICK_S), lambda: self.resume(station, there))
            return
        there()
        if self._is_lost(station):
            self.rejoin(station)

    def unheard(self, station: Station) -> None:
        """Nobody acknowledges what it sends: a child whose parent is gone notices it then at the latest."""
        if self._parent_is_gone(station) and not station.plans:
            station.next(self._rng.uniform(*ORPHANED_S), self._orphaned(station))

    def link_broke(self, station: Station, next_to: str) -> None:
        """Nothing that it sends is acknowledged any more, or nothing of what is sent to it: both find that out."""
        notices_s = self._network.rough.between("broken", *ORPHANED_S)

        def shun() -> None:
            if self._network.rough.is_broken(station.name, next_to):
                self._network.mesh.shunned.add(frozenset((station.name, next_to)))
                self._network.changed()
                if not station.router and station.in_service and self._is_lost(station):
                    self._seek(station, new_address=False)

        self._loop.call_later(notices_s, shun)

    # --- the network changes

    def distribute_key(self, key: bytes) -> None:
        """The next network key, to all who hear it."""
        for station in self._network.members():
            if station.sleepy:
                station.mailbox.hold(KEPT_FOR_SLEEPERS_S, self._taking(station, key), lambda: None)
            else:
                self._taking(station, key)()

    def switch_key(self) -> None:
        """It is used from now on, by all who have it."""
        for station in self._network.stations.values():
            member = station.member
            if station.powered and member is not None and member.next_key is not None:
                member.network_key, member.next_key = member.next_key, None
                station.changed()
        self._network.changed()
        self.find_the_lost()

    def change_channel(self, station: Station, channel: int) -> None:
        """As soon as everybody has heard of it."""

        def change() -> None:
            if station.in_service and station.member is not None:
                station.member.channel = channel
                station.changed()
                self._network.changed()

        self._loop.call_later(CHANNEL_CHANGE_S, change)

    def find_the_lost(self) -> None:
        """Those whom a change of channel or key has passed by notice it after a while, and look for their network."""
        for station in self._network.stations.values():
            if station.in_service and self._out_of_touch(station):
                station.next(self._rng.uniform(*ORPHANED_S), self._orphaned(station))

    def _taking(self, station: Station, key: bytes) -> Callable[[], None]:
        def take() -> None:
            if station.member is not None and station.powered:
                lost = self._network.traffic.strikes(self._network.air.loss)
                station.member.next_key = station.member.next_key if lost else key
                station.changed()

        return take

    # --- step by step

    def _orphaned(self, station: Station) -> Callable[[], None]:
        def look() -> None:
            if station.in_service and self._is_lost(station):
                self._seek(station, new_address=False)

        return look

    def _seek(self, station: Station, *, new_address: bool) -> None:
        """Any router of its network will do as a parent, open or not."""
        member, network = station.member, self._network.memory.network
        if member is None or not station.powered:
            return
        parent = self._any_parent(station)
        if parent is None or network is None or self._network.rough.is_broken(station.name, parent):
            self._seek_again(station, new_address=new_address)
            return
        secured = member.network_key == network.network_key
        update = DeviceUpdate.SECURED_REJOIN if secured else DeviceUpdate.UNSECURED_REJOIN
        node_id = self._admission.free_address() if new_address else member.node_id
        newcomer = self._admission.newcomer(station, node_id, parent, update)

        def keyed(transport: Transport | None) -> None:
            fits = transport is not None and (secured or transport.link_key in (None, member.link_key))
            if transport is None or not fits:
                self._seek_again(station, new_address=new_address)
                return
            self._admission.become_member(station, newcomer, parent, transport.network_key, network)
            self._admission.announce(station)
            station.node.joined_network()

        self._admission.ask_trust_centre(station, newcomer, parent, keyed)

    def _seek_again(self, station: Station, *, new_address: bool) -> None:
        station.next(SEEK_AGAIN_S, lambda: self._seek(station, new_address=new_address))

    def _any_parent(self, station: Station) -> str | None:
        network, member = self._network, station.member
        formed = network.formed()
        if formed is None or member is None or member.extended_pan_id != formed.extended_pan_id:
            return None
        routers = [it.name for it in network.members() if it.router and it is not station]
        return network.mesh.nearest(station.name, [COORDINATOR_NAME, *routers])

    def _is_lost(self, station: Station) -> bool:
        return self._out_of_touch(station) or self._parent_is_gone(station)

    def _parent_is_gone(self, station: Station) -> bool:
        if station.router or station.member is None:
            return False
        if self._network.rough.is_broken(station.name, station.member.parent):
            return True
        if station.member.parent == COORDINATOR_NAME:
            return False
        parent = self._network.stations.get(station.member.parent)
        return parent is None or not parent.powered or not parent.shares_network(station)

    def _out_of_touch(self, station: Station) -> bool:
        """Of the stick's network, but on its old channel, or with its old key."""
        network, member = self._network.memory.network, station.member
        if network is None or member is None or member.extended_pan_id != network.extended_pan_id:
            return False
        return not self._network.within(station)

    def _abandon_parent(self, station: Station) -> None:
        ncp = self._network.ncp
        if ncp is not None and ncp.on_air and self._network.within(station):
            gone = self._admission.member(station, DeviceUpdate.DEVICE_LEFT)
            if gone.child:
                ncp.child_left(gone)
