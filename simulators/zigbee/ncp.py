"""The stick, as the network around it sees it: what it is told, what it is asked, and what these are about."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

from simulators.zigbee.radio import ApsMessage

# UG100, EmberNodeType.
ROUTER: Final = 2
END_DEVICE: Final = 3
SLEEPY_END_DEVICE: Final = 4


class DeviceUpdate(IntEnum):
    """05-3474-22, table 4.17 (APSME-UPDATE-DEVICE), as EmberDeviceUpdate of UG100 has it."""

    SECURED_REJOIN = 0
    UNSECURED_JOIN = 1
    DEVICE_LEFT = 2
    UNSECURED_REJOIN = 3


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a message, and how its last hop was heard."""

    eui64: int
    lqi: int
    rssi_dbm: int
    relays: tuple[int, ...] = ()
    """Addresses of those that passed it on, the nearest to its sender first."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One that joins, rejoins or leaves."""

    eui64: int
    node_id: int
    parent: int
    """The address of the node that it came to."""
    update: DeviceUpdate
    router: bool
    rx_on_when_idle: bool

    @property
    def node_type(self) -> int:
        """UG100, EmberNodeType."""
        return ROUTER if self.router else END_DEVICE if self.rx_on_when_idle else SLEEPY_END_DEVICE

    @property
    def child(self) -> bool:
        """Whether it is the coordinator's own child."""
        return self.parent == 0 and not self.router


@dataclass(frozen=True, slots=True)
class Transport:
    """The network key on its way to a newcomer."""

    network_key: bytes
    link_key: bytes | None
    """What it is encrypted with; None: in the clear."""


class Ncp(Protocol):
    """None of these is called while it is not `on_air`, but for that property."""

    @property
    def on_air(self) -> bool:
        """Whether it has power and takes part in the network that its memory knows."""
        ...

    @property
    def permits_joining(self) -> bool:
        """Whether its beacon says that it lets others in."""
        ...

    def heard(self, message: ApsMessage, sender: Sender) -> None: ...

    def associated(self, newcomer: Newcomer) -> bool:
        """Somebody asks to be its child; false: there is no room for one more."""
        ...

    def admit(self, newcomer: Newcomer) -> Transport | None:
        """As the trust centre it decides, and tells its host; None: no key for this one."""
        ...

    def left(self, newcomer: Newcomer) -> None: ...

    def child_left(self, newcomer: Newcomer) -> None:
        """A child went away: with leave, or because it came to another parent."""
        ...

    def link_key_wanted(self, eui64: int) -> bytes | None:
        """A node that joined asks for a link key of its own (Request Key); None: refused."""
        ...

    def address_conflict(self, node_id: int) -> None: ...

    def unreachable(self, node_id: int) -> None:
        """A router on the way says that it cannot pass on what was sent to that node."""
        ...
