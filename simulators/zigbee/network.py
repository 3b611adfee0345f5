"""The air between the stick and the simulated devices: who is in reach, who belongs to the network, who has power.

How messages travel is in `traffic`, how devices come and go in `joining` and `rejoining`; here is what all of these
need, and what the world does to devices. It knows nothing of EZSP; the stick is its `Ncp`.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from simulators.building import Links
from simulators.device_memory import nothing
from simulators.rough_air import Broken, OneWay, RoughAir
from simulators.zigbee.admission import Admission
from simulators.zigbee.joining import Joining
from simulators.zigbee.membership import Membership
from simulators.zigbee.memory import WELL_KNOWN_KEY, FormedNetwork, Memory
from simulators.zigbee.mesh import COORDINATOR_NAME, Mesh
from simulators.zigbee.ncp import Ncp
from simulators.zigbee.radio import COORDINATOR, ApsMessage, Neighbour, RadioNode
from simulators.zigbee.rejoining import Rejoining
from simulators.zigbee.station import Station
from simulators.zigbee.traffic import Traffic, UnicastOptions


@dataclass(slots=True)
class Air:
    """All may be changed while it runs."""

    frame_s: float = 0.005
    """One frame over one hop with its MAC acknowledgement; on real air some 3 to 15 ms."""
    loss: float = 0.0
    """The chance that one transmission over one hop is lost, 0 to 1; each hop tries it four times."""
    duplicates: float = 0.0
    """The chance that a message that was heard is heard once more, since its acknowledgement was not."""
    ack_s: float = 0.8
    """What a sender waits for an APS acknowledgement before it sends again. EmberZNet waits 1.6 s, for 30 hops; shorter
    here, so that hosts, which give a message 3 s, hear of its end."""
    give_up_s: float = 1.0
    """How long a stick looks for a way to a node that does not answer, where no APS acknowledgement was asked for."""


class Network:
    """One coordinator's. Devices are placed in reach by name."""

    def __init__(
        self,
        memory: Memory,
        rng: random.Random,
        air: Air | None = None,
        rough: RoughAir | None = None,
        links: Links | None = None,
    ) -> None:
        """`links` tell how well devices hear each other; without, the seed does."""
        self.memory = memory
        self.air = air or Air()
        self.rough = rough or RoughAir()
        self.ncp: Ncp | None = None
        """None: the stick has no power."""
        self.rng = rng
        self.loop = asyncio.get_running_loop()
        self.mesh = Mesh(rng.getrandbits(64), links)
        self.stations: dict[str, Station] = {}
        self.traffic = Traffic(self)
        self.admission = Admission(self)
        self.joining = Joining(self)
        self.rejoining = Rejoining(self)
        self._routes: dict[str, tuple[str, ...]] | None = None
        self._paths: dict[str, tuple[Station, ...]] = {}
        self._at: dict[int, Station] | None = None

    # --- the world's side

    def place(self, name: str, node: RadioNode, *, link_key: bytes = WELL_KNOWN_KEY) -> Station:
        """Bring a device into reach, in no network.

        `link_key` is what it joins with: of one with an install code, the key that comes of that.
        """
        assert name != COORDINATOR_NAME
        assert name not in self.stations
        station = Station(self.loop, self, name, node, link_key, self.rng)
        self.stations[name] = station
        self.changed()
        node.antenna = station
        return station

    def resume(self, name: str, there: Callable[[], None] = nothing) -> None:
        """A device remembers where it belongs, and has its power now: `there` is called once the stick has its, too."""
        station = self.stations[name]
        if station.member is not None:
            self.changed()
            station.node.joined_network()
            self.rejoining.resume(station, there)

    def join(self, name: str) -> int:
        """Have a device be in the network without anybody pressing anything, as if long ago. Its address."""
        network = self.memory.network
        assert network is not None, "no network was formed: Memory.commission"
        node_id = self.node_of(name)
        return self.joining.settle(self.stations[name], network) if node_id is None else node_id

    def press(self, name: str) -> None:
        """The device's own pairing button: it leaves its network, and looks for one that is open for a while."""
        station = self.stations[name]
        if station.powered:
            self.joining.press(station)

    def leave(self, name: str) -> None:
        """The device is reset by hand: it says that it leaves, which the stick may hear, and forgets the network."""
        station = self.stations[name]
        if station.powered:
            self.joining.leave(station)

    def rejoin(self, name: str, *, new_address: bool = True) -> None:
        """The device lost its network for a moment and comes back, as nodes do with a new address now and then."""
        station = self.stations[name]
        if station.in_service:
            self.rejoining.rejoin(station, new_address=new_address)

    def provoke_conflict(self, name: str) -> None:
        """Another node appears under the device's address: the stick tells its host, the device takes a new one."""
        station = self.stations[name]
        if station.in_service:
            self.rejoining.conflict(station)

    def cut_power(self, name: str) -> None:
        """It neither hears nor sends from now on; it keeps its place in the network."""
        station = self.stations[name]
        if station.powered:
            station.lose_power()
            self.changed()
            self.rejoining.lost_power(station)

    def restore_power(self, name: str) -> None:
        station = self.stations[name]
        if not station.powered:
            station.powered = True
            station.mailbox.restore_power()
            self.changed()
            self.rejoining.has_power(station)

    def break_link(self, name: str, way: OneWay) -> Callable[[], None]:
        """From now on a device is heard in one direction only by who is next to it; what is returned mends that."""
        station = self.stations[name]
        broken = self.rough.broken[name] = Broken(way, self._before(station))
        self.rejoining.link_broke(station, broken.next_to)

        def mend() -> None:
            if self.rough.broken.get(name) is broken:
                del self.rough.broken[name]
                self.mesh.shunned.discard(frozenset((name, broken.next_to)))
                self.changed()

        return mend

    def node_of(self, name: str) -> int | None:
        """The device's address in the stick's network; None: it is in none, or in another."""
        station = self.stations.get(name)
        member = None if station is None else station.member
        network = self.memory.network
        if member is None or network is None or member.extended_pan_id != network.extended_pan_id:
            return None
        return member.node_id

    # --- the stick's side

    def unicast(
        self,
        message: ApsMessage,
        options: UnicastOptions,
        done: Callable[[bool], None],
    ) -> None:
        """From the stick; `done` hears once whether it was delivered, as far as the sender can tell."""
        self.traffic.unicast(message, options, done)

    def broadcast(self, message: ApsMessage) -> None:
        """From the stick, to one of the broadcast addresses or a group."""
        self.traffic.flood(message, None)

    def distribute_key(self, key: bytes) -> None:
        """The stick tells everybody who hears it the next network key."""
        self.rejoining.distribute_key(key)

    def switch_key(self) -> None:
        """And that it is used from now on."""
        self.rejoining.switch_key()

    # --- what is known of stations

    def within(self, station: Station) -> bool:
        """Whether it and the stick understand each other: the same network, channel and key."""
        network, member = self.memory.network, station.member
        return (
            network is not None
            and member is not None
            and member.extended_pan_id == network.extended_pan_id
            and member.channel == network.channel
            and member.network_key == network.network_key
        )

    def members(self) -> Iterator[Station]:
        """Those that understand the stick and have power, by their names."""
        for _, station in sorted(self.stations.items()):
            if station.powered and self.within(station):
                yield station

    def station_at(self, node_id: int) -> Station | None:
        """Who has that address in the stick's network, with power or without."""
        if self._at is None:
            self._at = {it.node_id: it for it in self.stations.values() if self.within(it)}
        return self._at.get(node_id)

    def station_of(self, eui64: int) -> Station | None:
        return next((it for it in self.stations.values() if it.node.eui64 == eui64), None)

    def path_to(self, station: Station) -> tuple[Station, ...]:
        """Over whom a message goes from the stick to it, itself last; over a router without power, if that is all."""
        known = self._paths.get(station.name)
        if known is None:
            known = self._paths[station.name] = self._path_to(station)
        return known

    def _path_to(self, station: Station) -> tuple[Station, ...]:
        hops = self.routes().get(station.name)
        if hops is None:
            via = station.member.parent if station.member is not None and not station.router else None
            if via is None or (via != COORDINATOR_NAME and via not in self.stations):
                via = self.mesh.nearest(station.name, self.routes())
            if via is None or via == COORDINATOR_NAME:
                return (station,)
            return (*self.path_to(self.stations[via]), station)
        return tuple(self.stations[name] for name in hops)

    def routes(self) -> dict[str, tuple[str, ...]]:
        if self._routes is None:
            self._routes = self.mesh.routes(it.name for it in self.members() if it.router)
        return self._routes

    def changed(self) -> None:
        """Somebody came, went, moved, or got or lost its power."""
        self._routes = self._at = None
        self._paths.clear()

    def remember(self, station: Station, member: Membership | None) -> None:
        """It belongs somewhere else from now on, or nowhere."""
        station.member = member
        station.changed()
        self.changed()

    def formed(self) -> FormedNetwork | None:
        """The stick's network while the stick is on the air."""
        return self.memory.network if self.ncp is not None and self.ncp.on_air else None

    # --- what stations ask

    def send(self, station: Station, message: ApsMessage) -> None:
        self.traffic.from_station(station, message)

    def address_of(self, eui64: int) -> int | None:
        if eui64 == self.memory.eui64:
            return COORDINATOR
        station = self.station_of(eui64)
        return None if station is None or not station.joined() else station.node_id

    def neighbours(self, station: Station) -> tuple[Neighbour, ...]:
        if station.member is None:
            return ()
        parent = station.member.parent
        if not station.router:
            found = [parent] if parent == COORDINATOR_NAME or parent in self.stations else []
        else:
            found = [it.name for it in self.members() if self._hears(station, it)]
            if self._next_to_stick(station):
                found.insert(0, COORDINATOR_NAME)
        return tuple(self._neighbour(station, name) for name in found)

    def coordinator_neighbours(self) -> tuple[Neighbour, ...]:
        """Of the stick itself: the routers that it hears, and its children."""
        heard = [it for it in self.members() if self._is_child(it, COORDINATOR_NAME) or self._next_to_stick(it)]
        return tuple(
            Neighbour(
                eui64=it.node.eui64,
                node_id=it.node_id,
                device_type=1 if it.router else 2,
                rx_on_when_idle=it.node.rx_on_when_idle,
                relationship=2 if it.router else 1,
                depth=len(self.path_to(it)),
                lqi=self.mesh.lqi(COORDINATOR_NAME, it.name),
            )
            for it in heard
        )

    def _hears(self, station: Station, other: Station) -> bool:
        if other is station:
            return False
        near = other.router and self.mesh.in_reach(station.name, other.name)
        # However far away they stand: who passes on its messages is heard.
        linked = other.router and (self._before(station) == other.name or self._before(other) == station.name)
        return near or linked or self._is_child(other, station.name)

    def _next_to_stick(self, station: Station) -> bool:
        near = self.mesh.in_reach(station.name, COORDINATOR_NAME)
        return station.router and (near or self._before(station) == COORDINATOR_NAME)

    def _before(self, station: Station) -> str:
        """The last one on the way to it from the stick."""
        hops = self.path_to(station)
        return hops[-2].name if len(hops) > 1 else COORDINATOR_NAME

    def _is_child(self, station: Station, parent: str) -> bool:
        return not station.router and station.member is not None and station.member.parent == parent

    def _neighbour(self, station: Station, name: str) -> Neighbour:
        lqi = self.mesh.lqi(station.name, name)
        if name == COORDINATOR_NAME:
            relationship = 0 if not station.router else 2
            return Neighbour(station.membership.trust_center, COORDINATOR, 0, True, relationship, 0, lqi)
        other = self.stations[name]
        relationship = 0 if not station.router else 2 if other.router else 1
        return Neighbour(
            eui64=other.node.eui64,
            node_id=other.node_id,
            device_type=1 if other.router else 2,
            rx_on_when_idle=other.node.rx_on_when_idle,
            relationship=relationship,
            depth=len(self.path_to(other)),
            lqi=lqi,
        )
