"""What the stick's commands share: the air, the memory, the way to speak to the host, and the chip's own state."""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from drivers.zigbee.ezsp.binding import BindingTableEntry
from drivers.zigbee.ezsp.frame import Callback, Response
from drivers.zigbee.ezsp.networking import StackStatusHandler
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.structures import InitialSecurityState, MulticastTableEntry
from drivers.zigbee.ezsp.types import ConfigurationId, PolicyId
from simulators.zigbee.firmware import Firmware
from simulators.zigbee.memory import FormedNetwork, Memory
from simulators.zigbee.network import Network
from simulators.zigbee.stick_faults import StickFaults

Handlers = dict[type[Any], Callable[[Any], Response]]
"""What is answered to each kind of command; a chapter's module offers one of these."""
COUNTERS: Final = 41
COUNTER_MAX: Final = 0xFFFF
FOREVER: Final = float("inf")

# UG100, EmberCounterType.
MAC_RX_BROADCAST: Final = 0
MAC_TX_BROADCAST: Final = 1
MAC_RX_UNICAST: Final = 2
MAC_TX_UNICAST_SUCCESS: Final = 3
MAC_TX_UNICAST_FAILED: Final = 5
APS_DATA_RX_BROADCAST: Final = 6
APS_DATA_TX_BROADCAST: Final = 7
APS_DATA_RX_UNICAST: Final = 8
APS_DATA_TX_UNICAST_SUCCESS: Final = 9
APS_DATA_TX_UNICAST_FAILED: Final = 11
JOIN_INDICATION: Final = 16
CHILD_REMOVED: Final = 17
ALLOCATE_PACKET_BUFFER_FAILURE: Final = 27
BROADCAST_TABLE_FULL: Final = 33


@dataclass(frozen=True, slots=True)
class OwnEndpoint:
    """As addEndpoint made it."""

    number: int
    profile: int
    device: int
    device_version: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


@dataclass(slots=True)
class AddressEntry:
    """A line of the address table."""

    eui64: int
    node_id: int
    extended_timeout: bool = False


@dataclass(frozen=True, slots=True)
class TransientKey:
    """Somebody may join with it, for a while."""

    eui64: int
    key: bytes
    expires_at: float


@dataclass(slots=True)
class Concentrator:
    on: bool = False
    kind: int = 0
    min_s: int = 0
    discovery_mode: int = 0


@dataclass(slots=True)
class Chip:
    """Made anew at every start: nothing in here survives a reset but what the memory keeps."""

    firmware: Firmware
    network: Network
    faults: StickFaults
    rng: random.Random
    say: Callable[[Callback], None]
    restart: Callable[[], None]
    to_bootloader: Callable[[], None]
    configuration: dict[int, int]
    values: dict[int, bytes]
    policies: dict[int, int]
    version: int = 0
    """That of EZSP, once it is agreed upon; 0 before."""
    joined: bool = False
    """Takes part in the network that the memory knows."""
    open_until: float = 0.0
    manufacturer_code: int = 0
    endpoints: dict[int, OwnEndpoint] = field(default_factory=dict)
    security: InitialSecurityState | None = None
    concentrator: Concentrator = field(default_factory=Concentrator)
    multicast: dict[int, MulticastTableEntry] = field(default_factory=dict)
    addresses: dict[int, AddressEntry] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)
    """EUI64s and addresses of those that joined or announced themselves lately."""
    slow: set[int] = field(default_factory=set)
    """EUI64s whose acknowledgements may take long."""
    bindings: dict[int, BindingTableEntry] = field(default_factory=dict)
    transient_keys: list[TransientKey] = field(default_factory=list)
    source_routes: dict[int, tuple[int, ...]] = field(default_factory=dict)
    counters: list[int] = field(default_factory=lambda: [0] * COUNTERS)
    scanning: asyncio.TimerHandle | None = None
    under_way: int = 0
    """Messages whose end is not known yet."""
    broadcasts: deque[float] = field(default_factory=deque)
    """When the latest left."""
    stopped: bool = False
    _aps_sequence: int = 0
    _zdo_sequence: int = 0
    _timers: set[asyncio.TimerHandle] = field(default_factory=set)
    _closing: asyncio.TimerHandle | None = None

    @property
    def memory(self) -> Memory:
        return self.network.memory

    @property
    def formed(self) -> FormedNetwork | None:
        """The network, while the stick takes part in it."""
        return self.memory.network if self.joined else None

    def now(self) -> float:
        return self.network.loop.time()

    def policy(self, policy: PolicyId) -> int:
        return self.policies.get(policy, 0)

    def size(self, table: ConfigurationId) -> int:
        return self.configuration.get(table, 0)

    def is_slow(self, eui64: int) -> bool:
        """Whether its acknowledgements may take long, as the host said of it alone or in the address table."""
        table = self.addresses.values()
        return eui64 in self.slow or any(it.extended_timeout for it in table if it.eui64 == eui64)

    def next_aps_sequence(self) -> int:
        self._aps_sequence = (self._aps_sequence + 1) % 256
        return self._aps_sequence

    def next_zdo_sequence(self) -> int:
        self._zdo_sequence = (self._zdo_sequence + 1) % 256
        return self._zdo_sequence

    def count(self, counter: int) -> None:
        self.counters[counter] = min(self.counters[counter] + 1, COUNTER_MAX)

    def strikes(self, chance: float) -> bool:
        return chance > 0 and self.rng.random() < chance

    # --- what comes later

    def later(self, delay_s: float, then: Callable[[], None]) -> asyncio.TimerHandle:
        """Call `then` after `delay_s`, unless the chip is reset before."""

        def fire() -> None:
            self._timers.discard(handle)
            then()

        handle = self.network.loop.call_later(delay_s, fire)
        self._timers.add(handle)
        return handle

    def forget(self, handle: asyncio.TimerHandle | None) -> None:
        if handle is not None:
            handle.cancel()
            self._timers.discard(handle)

    def say_status(self, status: Status) -> None:
        self.say(StackStatusHandler(status))

    def say_status_later(self, delay_s: float, status: Status) -> None:
        self.later(delay_s, lambda: self.say_status(status))

    def stop(self) -> None:
        self.stopped = True
        self.joined = False
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    # --- opening the network

    def open_for(self, seconds: float) -> None:
        """Let others join through the stick for so long; 0 closes, FOREVER leaves it open."""
        self.forget(self._closing)
        self._closing = None
        self.open_until = self.now() + seconds if seconds else 0.0
        self.say_status_later(0.0, Status.ZIGBEE_NETWORK_OPENED if seconds else Status.ZIGBEE_NETWORK_CLOSED)
        if 0 < seconds < FOREVER:
            self._closing = self.later(seconds, lambda: self.open_for(0))

    @property
    def permits_joining(self) -> bool:
        return self.joined and self.open_until > self.now()
