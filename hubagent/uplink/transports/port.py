"""The small port between the session and the wire: connect, send, hear, close. Two transports, one contract.

A transport carries frames, each on its channel, in order as long as a connection lasts. It promises no more: what
was sent may not arrive, and only the cloud's own Ack says that it did. It tells when it can take no more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from hubagent.uplink.message.channel import Up

CONNECT_TIMEOUT_S: Final = 15.0
"""From the first address's lookup to the transport's own welcome."""
SILENCE_S: Final = 18.0
"""A connection on which nothing was heard for so long, keepalive answers included, is given up."""


class Trouble(Enum):
    """Why there is no connection; the values are the words of `hubagent uplink`."""

    NETWORK = "network"
    """No route, no address, refused, timed out, reset: it will pass."""
    NAME = "name"
    """The name could not be resolved."""
    PORTAL = "portal"
    """Somebody else answered in the cloud's place: a captive portal, or worse."""
    CERTIFICATE = "certificate"
    """The cloud's certificate was refused: the detail says for what."""
    IDENTITY = "identity"
    """The cloud refused ours."""
    REFUSED = "refused"
    """The other side wants no connection now: over quota, not authorised, busy."""
    SILENCE = "silence"
    """Nothing was heard for SILENCE_S."""
    REPLACED = "replaced"
    """Another hub with this name has connected."""
    PROTOCOL = "protocol"
    """What came was not the protocol."""
    CLOSED = "closed"
    """The other side closed the connection."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Why a connection ended, or never came to be."""

    trouble: Trouble
    detail: str
    """For people: what happened, and what to do."""
    retry_after_s: float | None = None
    """Not before, where the other side said so."""
    server: str | None = None
    """`host:port` where the other side said to go (MQTT 5, section 4.13)."""


class ConnectFailed(Exception):
    """There is no connection."""

    def __init__(self, lost: Lost) -> None:
        super().__init__(lost.detail)
        self.lost = lost


@dataclass(frozen=True, slots=True)
class Limits:
    """What the other side can take."""

    payload_max: int
    """Bytes of a frame."""
    in_flight_max: int
    """Frames that the transport itself has not seen confirmed."""


@dataclass(frozen=True, slots=True)
class Farewell:
    """What shall be said of us should we vanish: MQTT's will. A transport without one leaves it out."""

    channel: Up
    payload: bytes


class Ear(Protocol):
    """Who hears a connection; all calls are synchronous, on the loop, and must not block."""

    def received(self, channel: str, payload: bytes) -> None:
        """A frame came; the channel's name is the other side's word, and may be nonsense."""
        ...

    def writable(self) -> None:
        """`Connection.ready` is true again after it was not."""
        ...

    def refused(self, channel: Up, reason: str) -> None:
        """The transport's own other side (the broker) did not take a frame: it did not arrive."""
        ...

    def lost(self, lost: Lost) -> None:
        """The connection is over; said once, and nothing after it. Not said after `close`."""
        ...


class Connection(Protocol):
    """An open connection."""

    @property
    def limits(self) -> Limits: ...

    @property
    def description(self) -> str:
        """For people: the way, the address, the protocol."""
        ...

    @property
    def ready(self) -> bool:
        """Whether a frame may be sent now: neither the window nor the buffer is full."""
        ...

    def send(self, channel: Up, payload: bytes) -> None:
        """Hand one frame over; at most `limits.payload_max` bytes, and only while `ready`, but for one word of goodbye.

        A connection that is over swallows it.
        """
        ...

    def close(self) -> None:
        """End it in order; what was sent may still leave. Returns at once; may be called twice."""
        ...


class Transport(Protocol):
    """One way to one cloud. `connect` may be called again when its connection is over, never while it lasts."""

    async def connect(self, ear: Ear, farewell: Farewell) -> Connection:
        """Connected: the other side has said so itself. Within CONNECT_TIMEOUT_S. Raises ConnectFailed.

        Cancelled, it leaves nothing behind.
        """
        ...

    async def closed(self) -> None:
        """Until the last connection's sockets and tasks are gone."""
        ...


MakeTransport = Callable[[str], Transport]
"""By URL."""
