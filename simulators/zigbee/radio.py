"""What the air and a simulated Zigbee node know of each other: a node hears messages and has an antenna.

Messages are what APS hands over (Zigbee Specification 05-3474-22, §2.2): sending again, acknowledging, losing and
counting is the air's, and a node never sees it. Mgmt_Leave_req and Mgmt_Permit_Joining_req are carried out by the
network once the node has heard them; the node only answers. Its own Device_annce is the network's, too.
"""

from dataclasses import dataclass
from typing import Final, Protocol

NO_NODE_ID: Final = 0xFFFF
"""The address of a node that is in no network (05-3474-22, §3.6.1.9)."""
BROADCAST_ALL: Final = 0xFFFF
BROADCAST_AWAKE: Final = 0xFFFD
BROADCAST_ROUTERS: Final = 0xFFFC
BROADCASTS_FROM: Final = 0xFFF8
"""05-3474-22, §3.6.5: addresses from here on are broadcasts to some kind of node; 0xFFF8 to 0xFFFA are reserved."""
COORDINATOR: Final = 0x0000

# MAC capability flags, 05-3474-22, §2.3.2.3.6 and table 3.56.
ALTERNATE_PAN_COORDINATOR: Final = 0x01
FULL_FUNCTION_DEVICE: Final = 0x02
MAINS_POWERED: Final = 0x04
RX_ON_WHEN_IDLE: Final = 0x08
ALLOCATE_ADDRESS: Final = 0x80


@dataclass(frozen=True, slots=True)
class ApsMessage:
    """What travels in the air, from one endpoint to others."""

    source: int
    destination: int
    """NWK addresses; 0xFFFC and above are broadcasts."""
    profile: int
    cluster: int
    source_endpoint: int
    destination_endpoint: int
    sequence: int
    """The APS counter of the sender: for messages of a node the air writes it, whatever stands here."""
    payload: bytes
    group: int | None = None
    """A groupcast: to those who are members, at the endpoints that are."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One whom a router hears: a line of its neighbour table (05-3474-22, table 2.129)."""

    eui64: int
    node_id: int
    device_type: int
    """0 coordinator, 1 router, 2 end device."""
    rx_on_when_idle: bool
    relationship: int
    """0 it is the parent, 1 a child, 2 a sibling."""
    depth: int
    lqi: int


class Antenna(Protocol):
    """What a node has to send with; given to it by `Network.place`."""

    @property
    def node_id(self) -> int:
        """Its NWK address; 0xFFFF while in no network."""
        ...

    @property
    def coordinator_eui64(self) -> int:
        """The trust centre of its network; 0 while in none."""
        ...

    def send(self, message: ApsMessage) -> None:
        """Send now. Counters, retries and losses are the air's; in no network it goes nowhere."""
        ...

    def joined(self) -> bool: ...

    @property
    def extended_pan_id(self) -> int:
        """Of its network; 0 while in none."""
        ...

    def address_of(self, eui64: int) -> int | None:
        """Where that node is now, for those who have a binding to it; None: not in this network."""
        ...

    def neighbours(self) -> tuple[Neighbour, ...]:
        """Whom it hears, for Mgmt_Lqi_rsp; an end device hears its parent only."""
        ...


class RadioNode(Protocol):
    """What a node must have to be placed in a network."""

    antenna: Antenna | None
    """None until it is placed."""

    @property
    def eui64(self) -> int: ...

    @property
    def capability(self) -> int:
        """MAC capability flags, as it announces itself with."""
        ...

    @property
    def rx_on_when_idle(self) -> bool:
        """False: it sleeps, and fetches its messages at its parent when it polls."""
        ...

    @property
    def poll_interval_s(self) -> float:
        """Seconds between two polls of one that sleeps; looked at before each."""
        ...

    def receive(self, message: ApsMessage) -> None:
        """Something for it, or for all. Messages to its endpoint 0 are ZDO requests."""
        ...

    def joined_network(self) -> None:
        """It is in, for the first time or again. Device_annce is the network's job and has been sent already."""
        ...

    def left_network(self) -> None:
        """It is out: told to leave, or its own button was held."""
        ...
