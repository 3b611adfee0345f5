"""One message from the stick to one device: sent, sent again, acknowledged or given up."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from simulators.zigbee.radio import ApsMessage
from simulators.zigbee.station import Station

if TYPE_CHECKING:
    from simulators.zigbee.traffic import Traffic, UnicastOptions

APS_TRIES: Final = 3
"""05-3474-22, §2.2.8.4, apscMaxFrameRetries: EmberZNet makes two retries of it."""


class Unicast:
    """`done` is called exactly once. A device can hear a message that its sender has given up, as on real air."""

    def __init__(
        self, traffic: "Traffic", message: ApsMessage, options: "UnicastOptions", done: Callable[[bool], None]
    ) -> None:
        self._traffic = traffic
        self._network = traffic.network
        self._loop = traffic.network.loop
        self._message = message
        self._options = options
        self._done = done
        self._over = False
        self._heard = False
        """The device has it; what it hears again is a duplicate."""
        self._waits_for_poll = False
        self._wait_s = options.patience_s / APS_TRIES
        self._gives_up_at = self._loop.time() + options.patience_s
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        self._try()

    def _try(self) -> None:
        station = self._network.station_at(self._message.destination)
        if station is None:
            # No route: its discovery finds nobody.
            self._end_at(self._loop.time() + self._network.air.give_up_s, delivered=False)
            return
        path = self._network.path_to(station)
        counter = self._network.memory.count_nwk()
        trip = self._traffic.from_stick(path)
        if trip.arrived:
            self._loop.call_at(trip.ends_at, self._arrive, station, counter)
        if trip.unacknowledged or (not trip.arrived and trip.hops > 0):
            self._loop.call_at(trip.ends_at, self._route_failed)
        if self._options.acknowledged:
            self._timer = self._loop.call_later(self._wait_s, self._unacknowledged)
        elif trip.hops == 0:
            self._end_at(trip.ends_at + self._network.air.give_up_s, delivered=False)
        elif not (station.sleepy and len(path) == 1):
            # Without an APS acknowledgement it counts as delivered as soon as the next hop has it.
            self._end_at(trip.first_hop_at, delivered=True)

    def _unacknowledged(self) -> None:
        self._timer = None
        if self._loop.time() + self._wait_s / 2 >= self._gives_up_at:
            self._end(delivered=False)
        elif self._waits_for_poll:
            self._timer = self._loop.call_at(self._gives_up_at, self._end_undelivered)
        else:
            self._try()

    def _arrive(self, station: Station, counter: int) -> None:
        """At the device, or at the parent of one that sleeps."""
        if not station.in_service or not station.accepts_counter(counter):
            self._unheard()
        elif not station.sleepy:
            self._received(station)
        elif not self._waits_for_poll:
            self._waits_for_poll = True
            station.mailbox.hold(self._options.indirect_s, lambda: self._received(station), self._unheard)

    def _unheard(self) -> None:
        """Nobody fetched it, or nobody made sense of it; with an acknowledgement missing it is sent again."""
        self._waits_for_poll = False
        if not self._options.acknowledged:
            self._end(delivered=False)

    def _received(self, station: Station) -> None:
        self._waits_for_poll = False
        if not station.in_service:
            self._unheard()
            return
        new = not self._heard or self._traffic.strikes(self._network.air.duplicates)
        self._heard = True
        if self._options.acknowledged:
            back = self._traffic.to_stick(station)
            if back.arrived:
                self._end_at(back.ends_at, delivered=True)
        else:
            self._end(delivered=True)
        if new:
            self._traffic.hand_over(station, self._message)

    def _route_failed(self) -> None:
        ncp = self._network.ncp
        if ncp is not None and ncp.on_air:
            ncp.unreachable(self._message.destination)

    def _end_at(self, when: float, *, delivered: bool) -> None:
        self._loop.call_at(when, self._end_delivered if delivered else self._end_undelivered)

    def _end_delivered(self) -> None:
        self._end(delivered=True)

    def _end_undelivered(self) -> None:
        self._end(delivered=False)

    def _end(self, *, delivered: bool) -> None:
        if self._over:
            return
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
        self._done(delivered)
