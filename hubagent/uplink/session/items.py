"""What the session is told, and what it wants done."""

from collections.abc import Mapping
from dataclasses import dataclass

from hubagent.uplink.message.channel import MessageClass, Up
from hubagent.uplink.message.down import Command, Job
from hubagent.uplink.message.fields import Scalar
from hubagent.uplink.transports.port import Limits, Lost

# What it is told.


@dataclass(frozen=True, slots=True)
class Begin:
    """From now on there shall be a connection."""


@dataclass(frozen=True, slots=True)
class Connected:
    limits: Limits


@dataclass(frozen=True, slots=True)
class NotConnected:
    """An attempt failed, or the connection was lost."""

    lost: Lost


@dataclass(frozen=True, slots=True)
class Received:
    channel: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Writable:
    """The connection takes more again."""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The transport's other side refused a frame."""

    channel: Up
    reason: str


@dataclass(frozen=True, slots=True)
class Say:
    """Something happened that the cloud shall know."""

    message_class: MessageClass
    content: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """The outbox has messages that it did not know of."""


@dataclass(frozen=True, slots=True)
class DeviceTouched:
    """A device is other than before, or gone."""

    device: str


@dataclass(frozen=True, slots=True)
class DevicesWent:
    """Some may be gone, and nobody said which."""


@dataclass(frozen=True, slots=True)
class WishesEnded:
    """All devices of a version of the wishes that stay have been told of."""

    version: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A command or a job has ended."""

    id: str
    content: bytes
    """Of the result, to be kept and sent."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A person wants the uplink closed until `Begin`."""


Item = (
    Begin
    | Connected
    | NotConnected
    | Received
    | Writable
    | Undelivered
    | Say
    | Found
    | DeviceTouched
    | DevicesWent
    | WishesEnded
    | Answered
    | Cut
)

# What it wants done.


@dataclass(frozen=True, slots=True)
class Connect:
    server: str | None
    """`host:port` where the other side said to go."""


@dataclass(frozen=True, slots=True)
class Send:
    channel: Up
    payload: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """End the connection."""


@dataclass(frozen=True, slots=True)
class Carry:
    """Do what the cloud commands, and answer with `Answered`."""

    command: Command | Job


@dataclass(frozen=True, slots=True)
class Adopt:
    """Devices shall become so, where they are not."""

    version: int
    devices: Mapping[str, Mapping[str, Scalar]]


@dataclass(frozen=True, slots=True)
class ClockLearned:
    """What time it is, from the cloud."""

    unix: float


@dataclass(frozen=True, slots=True)
class Changed:
    """The session's condition is another one."""


Effect = Connect | Send | Close | Carry | Adopt | ClockLearned | Changed
