"""How messages travel: over hops that may lose them, to sleeping children by way of their parents, or to everybody.

05-3474-22: hops and routes §3.6.3, broadcasts §3.6.5, APS acknowledgements and retries §2.2.8.4; MAC retries IEEE
802.15.4, macMaxFrameRetries.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from simulators.zigbee.mesh import COORDINATOR_NAME
from simulators.zigbee.ncp import Sender
from simulators.zigbee.radio import BROADCAST_ROUTERS, BROADCASTS_FROM, COORDINATOR, ApsMessage
from simulators.zigbee.station import Station
from simulators.zigbee.unicast import APS_TRIES, Unicast

if TYPE_CHECKING:
    from simulators.zigbee.network import Network

MAC_TRIES: Final = 4
BROADCAST_TRIES: Final = 3
"""§3.5.1: nwkMaxBroadcastRetries and the first."""
INDIRECT_TIMEOUT_S: Final = 7.68
"""So long a router keeps a message for a child that sleeps."""
_ALL: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class UnicastOptions:
    acknowledged: bool
    """The receiver acknowledges with an APS frame, and the sender sends again without that."""
    patience_s: float
    """How long the sender waits until it says that it was not delivered."""
    indirect_s: float = INDIRECT_TIMEOUT_S
    """How long the stick keeps a message for a child of its own."""


@dataclass(frozen=True, slots=True)
class Trip:
    """How far a message got, at which times."""

    first_hop_at: float
    ends_at: float
    hops: int
    arrived: bool
    unacknowledged: bool = False
    """Somebody on the way sent it on, and does not know that it was heard."""


class Traffic:
    def __init__(self, network: "Network") -> None:
        self.network = network
        self.lost: Callable[[ApsMessage], None] = lambda _: None
        """Called with what a device had to say to the stick and has given up."""
        self._loop = network.loop
        self._stick_sends_until = 0.0

    # --- from the stick

    def unicast(self, message: ApsMessage, options: UnicastOptions, done: Callable[[bool], None]) -> None:
        Unicast(self, message, options, done).begin()

    def from_stick(self, path: Sequence[Station]) -> Trip:
        begins = max(self._loop.time(), self._stick_sends_until)
        if self._even:
            hops = [_Hop(self.network.air.loss, hears=it.powered) for it in path]
        else:
            hops = self._rough_hops([COORDINATOR_NAME, *(it.name for it in path)], [it.powered for it in path])
        trip = self._trip(begins, hops)
        self._stick_sends_until = trip.first_hop_at
        return trip

    # --- from a device

    def from_station(self, station: Station, message: ApsMessage) -> None:
        stamped = replace(message, source=station.node_id, sequence=station.next_aps_counter())
        if stamped.group is not None or stamped.destination >= BROADCASTS_FROM:
            self.flood(stamped, station)
        elif stamped.destination == COORDINATOR:
            self._to_stick(station, stamped, APS_TRIES)
        else:
            self._between(station, stamped, APS_TRIES)

    def to_stick(self, station: Station) -> Trip:
        """Something small of the network's own, from a device to the stick."""
        path = self.network.path_to(station)
        begins = max(self._loop.time(), station.sending_until)
        if self._even:
            loss = self.network.air.loss
            hops = [*(_Hop(loss, hears=it.powered) for it in path[:-1]), _Hop(loss)]
        else:
            names = [*(it.name for it in reversed(path)), COORDINATOR_NAME]
            hops = self._rough_hops(names, [*(it.powered for it in reversed(path[:-1])), True])
        trip = self._trip(begins, hops)
        station.sending_until = trip.first_hop_at
        if trip.unacknowledged:
            self.network.rejoining.unheard(station)
        return trip

    def _to_stick(self, station: Station, message: ApsMessage, tries: int) -> None:
        if not station.in_service:
            # Without power, or looking for another parent: that ends what was under way.
            self.lost(message)
            return
        trip = self.to_stick(station)
        if trip.arrived:
            self._loop.call_at(trip.ends_at, self._at_stick, station, message, tries)
            return
        self.network.rejoining.unheard(station)
        if tries > 1:
            self._loop.call_later(self.network.air.ack_s, self._to_stick, station, message, tries - 1)
        else:
            self.lost(message)

    def _at_stick(self, station: Station, message: ApsMessage, tries: int) -> None:
        ncp = self.network.ncp
        if ncp is None or not ncp.on_air or not self.network.within(station):
            # Nobody acknowledges; the stick may be back when it is sent again.
            if tries > 1:
                self._loop.call_later(self.network.air.ack_s, self._to_stick, station, message, tries - 1)
            return
        ncp.heard(message, self.sender(station))
        if self.strikes(self.network.air.duplicates):
            self._loop.call_later(self.network.air.ack_s, self._again_at_stick, station, message)

    def _again_at_stick(self, station: Station, message: ApsMessage) -> None:
        ncp = self.network.ncp
        if ncp is not None and ncp.on_air and self.network.within(station):
            ncp.heard(message, self.sender(station))

    def sender(self, station: Station) -> Sender:
        relays = self.network.path_to(station)[:-1]
        last = relays[0].name if relays else station.name
        mesh = self.network.mesh
        return Sender(
            eui64=station.node.eui64,
            lqi=mesh.lqi(COORDINATOR_NAME, last),
            rssi_dbm=mesh.rssi_dbm(COORDINATOR_NAME, last, self.network.rng),
            relays=tuple(it.node_id for it in reversed(relays)),
        )

    def _between(self, station: Station, message: ApsMessage, tries: int) -> None:
        """From one device to another; the stick does not hear it."""
        other = next(
            (
                it
                for it in self.network.stations.values()
                if it.node_id == message.destination and it.shares_network(station)
            ),
            None,
        )
        if other is None or not station.in_service:
            return
        # One hop to whoever both are near, and one from there.
        loss = self.network.air.loss
        hops = [_Hop(loss), _Hop(loss, hears=other.powered)]
        trip = self._trip(max(self._loop.time(), station.sending_until), hops)
        station.sending_until = trip.first_hop_at
        if trip.arrived:
            self._loop.call_at(trip.ends_at, self._deliver, other, message)
        elif tries > 1:
            self._loop.call_later(self.network.air.ack_s, self._between, station, message, tries - 1)

    # --- to everybody

    def flood(self, message: ApsMessage, origin: Station | None) -> None:
        """To whoever the broadcast address means, from a device or with None from the stick."""
        network = self.network
        counter = network.memory.count_nwk() if origin is None else None
        for station in self._listeners(origin):
            if station is origin or not self._meant(message, station) or self._all_lost(station):
                continue
            delay_s = network.air.frame_s * (len(network.path_to(station)) + network.rng.random())
            self._loop.call_later(delay_s, self._broadcast_at, station, message, counter)
        if origin is not None and network.within(origin) and not self._all_lost(origin):
            delay_s = network.air.frame_s * len(network.path_to(origin))
            self._loop.call_later(delay_s, self._again_at_stick, origin, message)

    def _listeners(self, origin: Station | None) -> list[Station]:
        if origin is None:
            return list(self.network.members())
        return [it for _, it in sorted(self.network.stations.items()) if it.powered and it.shares_network(origin)]

    def _meant(self, message: ApsMessage, station: Station) -> bool:
        if message.destination == BROADCAST_ROUTERS:
            return station.router
        return message.destination == _ALL or not station.sleepy

    def _broadcast_at(self, station: Station, message: ApsMessage, counter: int | None) -> None:
        if station.in_service and (counter is None or station.accepts_counter(counter)):
            self._deliver(station, message)

    def _deliver(self, station: Station, message: ApsMessage) -> None:
        if station.sleepy:
            station.mailbox.hold(INDIRECT_TIMEOUT_S, lambda: self.hand_over(station, message), lambda: None)
        else:
            self.hand_over(station, message)

    def hand_over(self, station: Station, message: ApsMessage) -> None:
        station.hear(message, lambda: self.network.joining.carry_out(station, message))

    # --- inside

    def strikes(self, chance: float) -> bool:
        return chance > 0 and self.network.rng.random() < chance

    def _all_lost(self, station: Station) -> bool:
        network = self.network
        if self._even:
            return all(self.strikes(network.air.loss) for _ in range(BROADCAST_TRIES))
        # A broadcast comes by way of all who hear it: what counts is the last step, and that some way is there.
        path = network.path_to(station)
        loss = self._loss(station.name, path[-2].name if len(path) > 1 else COORDINATOR_NAME)
        return all(network.rough.strikes("loss", loss) for _ in range(BROADCAST_TRIES))

    @property
    def _even(self) -> bool:
        """Every link is as good as every other."""
        return self.network.rough.even and self.network.mesh.even

    def _rough_hops(self, names: Sequence[str], powered: Sequence[bool]) -> list["_Hop"]:
        """From each of `names` to the next; `powered` says it of the second of each pair."""
        deaf = self.network.rough.deaf
        return [
            _Hop(
                self._loss(sender, hearer),
                hears=hears and not deaf(sender, hearer),
                acknowledges=not deaf(hearer, sender),
                rough=True,
            )
            for (sender, hearer), hears in zip(pairwise(names), powered, strict=True)
        ]

    def _loss(self, one: str, other: str) -> float:
        network = self.network
        formed = network.memory.network
        loss = 1 - (1 - network.air.loss) * (1 - network.mesh.loss(one, other))
        return network.rough.worse(loss, one, other, 0 if formed is None else formed.channel)

    def _trip(self, begins: float, hops: Sequence["_Hop"]) -> Trip:
        rough = self.network.rough
        frame_s = self.network.air.frame_s
        at = first_hop_at = max(begins, self._loop.time() + rough.lateness_s())
        unacknowledged = False
        for number, hop in enumerate(hops):
            tries = self._tries(hop) if hop.hears else None
            at += frame_s * (MAC_TRIES if tries is None or not hop.acknowledges else tries)
            unacknowledged = unacknowledged or not hop.acknowledges
            if number == 0:
                first_hop_at = at
            if tries is None:
                return Trip(first_hop_at, at, number, False)
        return Trip(first_hop_at, at + rough.detour_s(), len(hops), True, unacknowledged)

    def _tries(self, hop: "_Hop") -> int | None:
        """How many one hop takes; None when all are lost."""
        if hop.rough:
            rough = self.network.rough
            return next((it for it in range(1, MAC_TRIES + 1) if not rough.strikes("loss", hop.loss)), None)
        return next((it for it in range(1, MAC_TRIES + 1) if not self.strikes(hop.loss)), None)


@dataclass(frozen=True, slots=True)
class _Hop:
    loss: float
    """Of one try."""
    hears: bool = True
    acknowledges: bool = True
    rough: bool = False
    """Its chances are not drawn from the stream of the even air."""
