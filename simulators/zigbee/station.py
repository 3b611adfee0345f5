"""One device as the network has it: whether it has power, where it belongs, and what its node sends with."""

import asyncio
import random
from collections.abc import Callable
from typing import Final, Protocol

from simulators.device_memory import Kept, nothing
from simulators.zigbee.mailbox import Mailbox
from simulators.zigbee.membership import Membership
from simulators.zigbee.radio import FULL_FUNCTION_DEVICE, NO_NODE_ID, ApsMessage, Neighbour, RadioNode
from simulators.zigbee.rolling_counter import RollingCounter

OVERTAKING_MAX: Final = 256
"""Frames that may arrive out of order, since copies of a broadcast come on several ways; more is a replay."""


class Surroundings(Protocol):
    """What a station needs of the network."""

    def send(self, station: "Station", message: ApsMessage) -> None: ...

    def address_of(self, eui64: int) -> int | None: ...

    def neighbours(self, station: "Station") -> tuple[Neighbour, ...]: ...


class Station:
    """The `Antenna` of its node."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        surroundings: Surroundings,
        name: str,
        node: RadioNode,
        link_key: bytes,
        rng: random.Random,
    ) -> None:
        self.name = name
        self.node = node
        self.link_key = link_key
        """What it expects the network key to be encrypted with when it joins."""
        self.member: Membership | None = None
        self.powered = True
        self.open_until = 0.0
        """So long its beacon says that others may join; routers only."""
        self.sending_until = 0.0
        """A radio sends one frame at a time."""
        self.mailbox = Mailbox(loop, node, rng.random())
        self.changed: Callable[[], None] = nothing
        """Called when something that it keeps without power may have changed."""
        self._loop = loop
        self._surroundings = surroundings
        self._plan: asyncio.TimerHandle | None = None
        self._aps_counter = RollingCounter(rng.randrange(256))
        """Not in flash, unlike the others: it begins anew."""
        self._zdo_counter = RollingCounter(rng.randrange(256))

    # --- what it keeps without power

    def kept(self) -> Kept:
        return {
            "network": None if self.member is None else self.member.kept(),
            "zdo_counter": self._zdo_counter.kept,
        }

    def restore(self, kept: Kept) -> None:
        network = kept["network"]
        self.member = None if network is None else Membership.of(network)
        self._aps_counter = RollingCounter()
        self._zdo_counter.restore(kept["zdo_counter"])

    def lose_power(self) -> None:
        self.powered = False
        self.open_until = 0.0
        self._aps_counter = RollingCounter()
        self._zdo_counter.lose_power()
        self.mailbox.cut_power()

    # --- what it is

    @property
    def membership(self) -> Membership:
        """Of one that is a member."""
        assert self.member is not None, f"{self.name} is in no network"
        return self.member

    @property
    def router(self) -> bool:
        return bool(self.node.capability & FULL_FUNCTION_DEVICE)

    @property
    def sleepy(self) -> bool:
        return not self.router and not self.node.rx_on_when_idle

    @property
    def in_service(self) -> bool:
        """It has power and believes to be in some network."""
        return self.powered and self.member is not None

    def shares_network(self, other: "Station") -> bool:
        """Whether the two understand each other: the same network, channel and key."""
        mine, theirs = self.member, other.member
        return mine is not None and theirs is not None and _network(mine) == _network(theirs)

    def next_aps_counter(self) -> int:
        return self._aps_counter.next()

    def next_zdo_counter(self) -> int:
        return self._zdo_counter.next()

    def accepts_counter(self, counter: int) -> bool:
        """05-3474-22, §4.3.1.2: a frame counter that was there already is a replay, whoever says it is the stick."""
        if self.member is None or counter + OVERTAKING_MAX < self.member.heard_counter:
            return False
        self.member.heard_counter = max(self.member.heard_counter, counter)
        self.changed()
        return True

    def hear(self, message: ApsMessage, then: Callable[[], None] | None = None) -> None:
        """Hand a message to the node, unless it lost its power or its network meanwhile; then do `then`."""
        if self.in_service:
            self.node.receive(message)
            if then is not None:
                then()

    def next(self, delay_s: float, do: Callable[[], None]) -> None:
        """The next thing that the device does by itself, in place of what it was about to do."""
        self.stop()
        self._plan = self._loop.call_later(delay_s, do)

    @property
    def plans(self) -> bool:
        """Whether it is about to do something by itself."""
        return self._plan is not None and self._plan.when() > self._loop.time()

    def stop(self) -> None:
        if self._plan is not None:
            self._plan.cancel()
            self._plan = None

    # --- the node's antenna

    @property
    def node_id(self) -> int:
        return NO_NODE_ID if self.member is None else self.member.node_id

    @property
    def coordinator_eui64(self) -> int:
        return 0 if self.member is None else self.member.trust_center

    @property
    def extended_pan_id(self) -> int:
        return 0 if self.member is None else self.member.extended_pan_id

    def joined(self) -> bool:
        return self.member is not None

    def send(self, message: ApsMessage) -> None:
        if self.in_service:
            self.mailbox.stir()
            self._surroundings.send(self, message)
            self.changed()

    def address_of(self, eui64: int) -> int | None:
        return self._surroundings.address_of(eui64)

    def neighbours(self) -> tuple[Neighbour, ...]:
        return self._surroundings.neighbours(self)


def _network(member: Membership) -> tuple[int, int, bytes]:
    return member.extended_pan_id, member.channel, member.network_key
