"""A simulated Zigbee node: endpoints and ZDO behind one antenna, a binding table, and sleep.

What a kind of device is made of is in `faces`; what each cluster does is in `clusters`.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zdo.descriptors import NodeDescriptor, PowerDescriptor, PowerLevel, PowerMode, PowerSourceBit
from simulators.device_memory import Kept, nothing
from simulators.devices.cells import FRAME_MAH
from simulators.devices.clock import DeviceClock
from simulators.devices.device import Battery
from simulators.devices.health import Health
from simulators.zigbee.bindings import Binding, BindingTable
from simulators.zigbee.clusters.side import Peer
from simulators.zigbee.endpoint import EndPoint
from simulators.zigbee.heard_before import HeardBefore
from simulators.zigbee.radio import (
    ALLOCATE_ADDRESS,
    BROADCAST_AWAKE,
    BROADCASTS_FROM,
    FULL_FUNCTION_DEVICE,
    MAINS_POWERED,
    NO_NODE_ID,
    RX_ON_WHEN_IDLE,
    Antenna,
    ApsMessage,
)
from simulators.zigbee.rolling_counter import RollingCounter
from simulators.zigbee.sleep import SHORT_POLL_S, Sleep
from simulators.zigbee.zdo_answers import ZdoAnswers

ZDO_ENDPOINT: Final = 0
EVERY_ENDPOINT: Final = 0xFF
ZDP: Final = 0x0000
"""The profile of ZDO messages."""
WILDCARD_PROFILE: Final = 0xFFFF

MAINS: Final = FULL_FUNCTION_DEVICE | MAINS_POWERED | RX_ON_WHEN_IDLE | ALLOCATE_ADDRESS
"""0x8E: a router that never sleeps."""
BATTERY: Final = ALLOCATE_ADDRESS
"""0x80: an end device that sleeps."""

JUST_JOINED_S: Final = 60.0
"""A newcomer polls fast for so long, as it is about to be asked a lot."""
TOUCHED_S: Final = 5.0
"""Likewise one on which somebody laid a hand. That one polls after it sent something is the network's."""


class SimulatedNode:
    """A `radio.RadioNode`, and an `endpoint.Node`."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        eui64: int,
        descriptor: NodeDescriptor,
        endpoints: Sequence[EndPoint],
        *,
        sleep: Sleep | None = None,
        clock: DeviceClock | None = None,
        battery: Battery | None = None,
    ) -> None:
        """`sleep` for one whose Poll Control changes it; `clock` for one that is a little fast or slow."""
        self.antenna: Antenna | None = None
        self.changed: Callable[[], None] = nothing
        """Called when something that it keeps without power may have changed."""
        self.bindings = BindingTable()
        self.descriptor = descriptor
        self.sleep = None if descriptor.rx_on_when_idle else sleep or Sleep(loop)
        self.health = Health()
        self.clock = clock or DeviceClock(loop)
        self._battery = battery
        self._loop = loop
        self._eui64 = eui64
        self._endpoints = {endpoint.number: endpoint for endpoint in endpoints}
        self._sequence = RollingCounter()
        self._heard = HeardBefore()
        self._zdo = ZdoAnswers(self)
        for endpoint in endpoints:
            endpoint.attach(self)
        if battery is not None and self.sleep is not None:
            self.sleep.runs_on(battery)

    # --- what the network sees

    @property
    def eui64(self) -> int:
        return self._eui64

    @property
    def capability(self) -> int:
        return self.descriptor.mac_capability

    @property
    def rx_on_when_idle(self) -> bool:
        return self.descriptor.rx_on_when_idle

    @property
    def poll_interval_s(self) -> float:
        return SHORT_POLL_S if self.sleep is None else self.sleep.interval_s

    def receive(self, message: ApsMessage) -> None:
        if self._heard.again(message, self._loop.time()):
            return
        if message.destination_endpoint == ZDO_ENDPOINT and message.group is None:
            if message.profile == ZDP:
                self._zdo.receive(message)
            return
        if self._battery is not None:
            self._battery.spend(FRAME_MAH)
        try:
            frame = ZclFrame.from_bytes(message.payload)
        except MalformedFrame:
            return
        if self.health.hung:
            return
        one = message.group is None and message.destination_endpoint != EVERY_ENDPOINT
        alone = one and message.destination < BROADCASTS_FROM
        sender = Peer(message.source, message.source_endpoint, message.profile, alone)
        for endpoint in self._addressed(message):
            endpoint.hear(message.cluster, frame, sender)
        if self.health.at_command is not None and frame.cluster_specific and not frame.from_server:
            self.health.at_command()

    def joined_network(self) -> None:
        self.poll_fast(JUST_JOINED_S)
        for endpoint in self._endpoints.values():
            endpoint.joined()

    def left_network(self) -> None:
        """With all that was set up in it: bindings, groups, scenes, reporting."""
        self.bindings.clear()
        for endpoint in self._endpoints.values():
            endpoint.left()

    # --- what the world does

    def wake(self) -> None:
        """A hand touched it: one that sleeps is awake for a while."""
        self.poll_fast(TOUCHED_S)

    def lose_power(self) -> None:
        """What it keeps without is there when the power returns, and nothing else."""
        self._sequence.lose_power()
        self._heard = HeardBefore()
        if self.sleep is not None:
            self.sleep.slow_down()
        for endpoint in self._endpoints.values():
            endpoint.lose_power()

    def power_returned(self) -> None:
        """The power was gone, and is back."""
        for endpoint in self._endpoints.values():
            endpoint.power_returned()
        if self.antenna is not None and self.antenna.joined():
            for endpoint in self._endpoints.values():
                endpoint.joined()

    def power_off(self) -> None:
        """For good: the world ends."""
        self.antenna = None
        self.lose_power()

    # --- what it keeps without power

    def kept(self) -> Kept:
        endpoints = {str(number): endpoint.kept() for number, endpoint in self._endpoints.items()}
        return {"sequence": self._sequence.kept, "bindings": self.bindings.kept(), "endpoints": endpoints}

    def restore(self, kept: Kept) -> None:
        self._sequence.restore(kept["sequence"])
        self.bindings.restore(kept["bindings"])
        for number, endpoint in self._endpoints.items():
            endpoint.restore(kept["endpoints"].get(str(number), {}))

    # --- what its endpoints and its ZDO see

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        return self._loop

    @property
    def node_id(self) -> int:
        return NO_NODE_ID if self.antenna is None else self.antenna.node_id

    @property
    def coordinator_eui64(self) -> int:
        return 0 if self.antenna is None else self.antenna.coordinator_eui64

    @property
    def power(self) -> PowerDescriptor:
        source = PowerSourceBit.MAINS if self.descriptor.mains_powered else PowerSourceBit.DISPOSABLE_BATTERY
        mode = PowerMode.SYNCHRONIZED if self.rx_on_when_idle else PowerMode.PERIODIC
        return PowerDescriptor(mode, source, source, PowerLevel.FULL)

    @property
    def endpoints(self) -> dict[int, EndPoint]:
        """By their numbers."""
        return self._endpoints

    def next_sequence(self) -> int:
        """Of a transaction that begins here, ZCL or ZDO."""
        return self._sequence.next()

    def address_of(self, eui64: int) -> int | None:
        return None if self.antenna is None else self.antenna.address_of(eui64)

    def is_bound(self, endpoint: int, cluster: int) -> bool:
        joined = self.antenna is not None and self.antenna.joined()
        return joined and bool(self.bindings.of(endpoint, cluster))

    def send(self, source: EndPoint, cluster: int, to: Peer, payload: bytes) -> None:
        self._transmit(source, cluster, to, payload)

    def answer(self, source: EndPoint, cluster: int, to: Peer, payload: bytes) -> None:
        if self.health.answers_after_s:
            self._loop.call_later(self.health.answers_after_s, self._transmit, source, cluster, to, payload)
        elif not self.health.mute:
            self._transmit(source, cluster, to, payload)

    def send_bound(self, source: EndPoint, cluster: int, payload: bytes) -> None:
        for binding in self.bindings.of(source.number, cluster):
            self._send_to(binding, source, payload)

    def poll_fast(self, seconds: float) -> None:
        if self.sleep is not None:
            self.sleep.poll_fast(seconds)

    def reset_attributes(self) -> None:
        for endpoint in self._endpoints.values():
            for side in endpoint.sides():
                side.reset_attributes()

    def look(self) -> None:
        """Bindings came or went: there may be something to report now."""
        for endpoint in self._endpoints.values():
            endpoint.look()

    def tell_all(self) -> None:
        """Whoever listens is told how all things are, once more."""
        for endpoint in self._endpoints.values():
            endpoint.reports.tell_all()

    def transmit(self, message: ApsMessage) -> None:
        """Raw, as ZDO answers are."""
        if self.antenna is not None and self._can_send():
            self.antenna.send(message)
            self.changed()

    # --- inside

    def _can_send(self) -> bool:
        """A battery that is nearly empty breaks down under what a transmitter takes."""
        if self._battery is None:
            return True
        self._battery.spend(FRAME_MAH)
        if self.sleep is not None:
            self.sleep.poll_for_answers()
        return not self._battery.fails()

    def _addressed(self, message: ApsMessage) -> list[EndPoint]:
        if message.group is not None:
            return [it for it in self._endpoints.values() if it.in_group(message.group)]
        if message.destination_endpoint == EVERY_ENDPOINT:
            return [it for it in self._endpoints.values() if _same_profile(it, message.profile)]
        endpoint = self._endpoints.get(message.destination_endpoint)
        return [endpoint] if endpoint is not None and _same_profile(endpoint, message.profile) else []

    def _send_to(self, binding: Binding, source: EndPoint, payload: bytes) -> None:
        if binding.group is not None:
            group = Peer(BROADCAST_AWAKE, EVERY_ENDPOINT, source.profile)
            self._transmit(source, binding.cluster, group, payload, binding.group)
            return
        assert binding.eui64 is not None
        node_id = self.address_of(binding.eui64)
        if node_id is not None:
            self._transmit(source, binding.cluster, Peer(node_id, binding.target_endpoint, source.profile), payload)

    def _transmit(self, source: EndPoint, cluster: int, to: Peer, payload: bytes, group: int | None = None) -> None:
        self.transmit(
            ApsMessage(
                source=self.node_id,
                destination=to.node_id,
                profile=source.profile if to.profile == WILDCARD_PROFILE else to.profile,
                cluster=cluster,
                source_endpoint=source.number,
                destination_endpoint=to.endpoint,
                sequence=0,
                payload=payload,
                group=group,
            )
        )


LIGHTING_PROFILES: Final = frozenset((0x0104, 0xC05E))
"""Home Automation and ZigBee Light Link: BDB 3.0.1 (13-0402) lets either address endpoints of the other."""


def _same_profile(endpoint: EndPoint, profile: int) -> bool:
    return profile in (endpoint.profile, WILDCARD_PROFILE) or {profile, endpoint.profile} <= LIGHTING_PROFILES
