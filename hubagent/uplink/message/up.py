"""What a hub says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Self

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.fields import Fields, MalformedMessage, number, octets, sequence

INCARNATION_LENGTH: Final = 8
MESSAGES_MAX: Final = 512
"""In one batch."""
CONTENT_MAX: Final = 8 * 1024
"""Bytes of one message's content."""
DEVICES_MAX: Final = 512
STREAMS_MAX: Final = 256


@dataclass(frozen=True, slots=True)
class Message:
    """One numbered message: `content` is CBOR of its own, `[at, kind, body]` (see `content`)."""

    epoch: int
    seq: int
    """Counted from 1 in each epoch, over all classes."""
    after: int
    """The number of the message of the same class and epoch that comes before it, 0 where there is none (any more):
    whoever has not seen that one has missed something."""
    content: bytes


@dataclass(frozen=True, slots=True)
class Hello:
    """The first word on each connection."""

    TYPE: ClassVar = "hello"

    hub: str
    incarnation: bytes
    """Drawn when the outbox was made: another one than before, and all numbers start anew."""
    boot: int
    """How often the agent was started: commands are for one boot only."""
    epoch: int
    """In which it numbers what happens from now on."""
    oldest: Mapping[MessageClass, tuple[int, int]]
    """By class, the epoch and number of the oldest message that it still has; what is older need not be remembered."""
    reported: int
    """The version of what it last reported of its devices."""
    desired: int
    """The version of the wishes that it last took up."""
    clock: float
    """Unix seconds, as the hub believes."""
    clock_sure: bool
    software: str
    number: int
    """Of this Hello, counted since the start of the agent: the Welcome names it. One that a broker had kept answers an
    earlier one, and what it says of the time and of messages is not so any more."""

    def to_map(self) -> dict[str, Any]:
        return {
            "hub": self.hub,
            "incarnation": self.incarnation,
            "boot": self.boot,
            "epoch": self.epoch,
            "oldest": {name.value: list(place) for name, place in self.oldest.items()},
            "reported": self.reported,
            "desired": self.desired,
            "clock": self.clock,
            "clock_sure": self.clock_sure,
            "software": self.software,
            "number": self.number,
        }

    @classmethod
    def from_map(cls, fields: Fields) -> Self:
        oldest = {}
        for name, place in fields.mapping("oldest", len(MessageClass)).items():
            pair = sequence(place, "hello.oldest", 2)
            if len(pair) != 2:
                raise MalformedMessage("hello.oldest has no pairs of epoch and number")
            oldest[message_class(name)] = (number(pair[0], "hello.oldest"), number(pair[1], "hello.oldest"))
        return cls(
            hub=fields.hub(),
            incarnation=fields.octets("incarnation", INCARNATION_LENGTH),
            boot=fields.number("boot"),
            epoch=fields.number("epoch"),
            oldest=oldest,
            reported=fields.number("reported"),
            desired=fields.number("desired"),
            clock=fields.seconds("clock"),
            clock_sure=fields.flag("clock_sure"),
            software=fields.text("software", 64),
            number=fields.number("number"),
        )


@dataclass(frozen=True, slots=True)
class Offline:
    """The hub is gone: its last will, which the broker publishes, or its own word when it is stopped."""

    TYPE: ClassVar = "offline"

    hub: str
    boot: int

    def to_map(self) -> dict[str, Any]:
        return {"hub": self.hub, "boot": self.boot}

    @classmethod
    def from_map(cls, fields: Fields) -> Self:
        return cls(fields.hub(), fields.number("boot"))


@dataclass(frozen=True, slots=True)
class Batch:
    """Numbered messages of one class, in order."""

    TYPE: ClassVar = "batch"

    hub: str
    incarnation: bytes
    message_class: MessageClass
    messages: Sequence[Message]

    def to_map(self) -> dict[str, Any]:
        return {
            "hub": self.hub,
            "incarnation": self.incarnation,
            "class": self.message_class.value,
            "messages": [[it.epoch, it.seq, it.after, it.content] for it in self.messages],
        }

    @classmethod
    def from_map(cls, fields: Fields) -> Self:
        return cls(
            hub=fields.hub(),
            incarnation=fields.octets("incarnation", INCARNATION_LENGTH),
            message_class=message_class(fields.text("class", 16)),
            messages=tuple(_message(it) for it in fields.sequence("messages", MESSAGES_MAX)),
        )


@dataclass(frozen=True, slots=True)
class Reported:
    """How devices are, or that they are not any more.

    Not queued: made when it is sent, of whatever changed since `since`. So what arrives is always the latest.
    """

    TYPE: ClassVar = "reported"

    hub: str
    incarnation: bytes
    version: int
    """Everything up to here is in it, or in the ones before it."""
    since: int
    """Of the report that this one follows; 0: the cloud forgets what it had, and this begins anew."""
    devices: Mapping[str, Mapping[str, Any] | None]
    """By identifier, everything that the API's device view has; None where there is no such device any more."""

    def to_map(self) -> dict[str, Any]:
        return {
            "hub": self.hub,
            "incarnation": self.incarnation,
            "version": self.version,
            "since": self.since,
            "devices": self.devices,
        }

    @classmethod
    def from_map(cls, fields: Fields) -> Self:
        devices = fields.mapping("devices", DEVICES_MAX)
        if not all(it is None or isinstance(it, dict) for it in devices.values()):
            raise MalformedMessage("reported.devices has what is no device")
        version, since = fields.number("version"), fields.number("since")
        if since >= version:
            raise MalformedMessage("reported.since is not before its version")
        return cls(fields.hub(), fields.octets("incarnation", INCARNATION_LENGTH), version, since, devices)


@dataclass(frozen=True, slots=True)
class Refused:
    """Something of the cloud's was refused, and changed nothing."""

    TYPE: ClassVar = "refused"

    hub: str
    about: str | None
    """The identifier of the command or job; None where not even that could be read."""
    reason: str
    """A word of `REASONS`."""
    detail: str

    def to_map(self) -> dict[str, Any]:
        return {"hub": self.hub, "about": self.about, "reason": self.reason, "detail": self.detail}

    @classmethod
    def from_map(cls, fields: Fields) -> Self:
        about = fields.text("about", 64) if fields.optional("about") is not None else None
        return cls(fields.hub(), about, fields.text("reason", 32), fields.text("detail"))


REASONS: Final = (
    "malformed",
    "oversized",
    "unknown-version",
    "unknown-type",
    "wrong-channel",
    "wrong-hub",
    "wrong-boot",
    "expired",
    "replayed",
    "stale",
    "unauthorised",
    "busy",
)


def message_class(name: Any) -> MessageClass:
    try:
        return MessageClass(name)
    except ValueError as error:
        raise MalformedMessage(f"there is no class {str(name)[:32]!r}") from error


def _message(value: Any) -> Message:
    parts = sequence(value, "a message", 4)
    if len(parts) != 4:
        raise MalformedMessage("a message has not four parts")
    epoch, seq, after = (number(part, "a message's number") for part in parts[:3])
    if after >= seq:
        raise MalformedMessage("a message comes after itself")
    return Message(epoch, seq, after, octets(parts[3], "a message's content", 1, CONTENT_MAX))
