"""What a cloud says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Self

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.fields import Fields, MalformedMessage, Scalar, number, scalars, sequence
from hubagent.uplink.message.up import INCARNATION_LENGTH, STREAMS_MAX, message_class

ATTRIBUTES_MAX: Final = 16
WISHES_MAX: Final = 128
"""Devices in one Desired."""
WINDOW_MAX: Final = 4096
SPREAD_MAX_S: Final = 3600.0
RETRY_AFTER_MAX_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Arrived:
    """Of one class and epoch, everything up to and with `seq` is safe with the cloud."""

    message_class: MessageClass
    epoch: int
    seq: int


@dataclass(frozen=True, slots=True)
class Welcome:
    """The answer to Hello: what the cloud has already, and what it can take."""

    TYPE: ClassVar = "welcome"

    hub: str
    incarnation: bytes
    boot: int
    """Of the Hello that it answers."""
    arrived: Sequence[Arrived]
    window: int
    """So many messages may be under way without an Ack."""
    time: float
    """The cloud's Unix seconds; believed, because it came through a verified connection."""
    reported: int
    """The version of the devices' state that it has of this incarnation; 0: none."""
    desired: int
    """The version of its latest wishes."""
    spread: float
    """Seconds over which hubs shall spread their return when the connection breaks: a hub cannot know how many it is
    one of, and the cloud can."""
    hello: int
    """The number of the Hello that it answers."""

    def to_map(self) -> dict[str, Any]:
        return {
            "hub": self.hub,
            "incarnation": self.incarnation,
            "boot": self.boot,
            "arrived": _arrived_list(self.arrived),
            "window": self.window,
            "time": self.time,
            "reported": self.reported,
            "desired": self.desired,
            "spread": self.spread,
            "hello": self.hello,
        }

    @classmethod
    def from_map(cls, fields: Fields) -> Self:
        return cls(
            hub=fields.hub(),
            incarnation=fields.octets("incarnation", INCARNATION_LENGTH),
            boot=fields.number("boot"),
            arrived=_arrived(fields),
            window=_window(fields),
            time=fields.seconds("time"),
            reported=fields.number("reported"),
            desired=fields.number("desired"),
            spread=_spread(fields),
            hello=fields.number("hello"),
        )


@dataclass(frozen=True, slots=True)
class Ack:
    """What has arrived for good since; cumulative."""

    TYPE: ClassVar = "ack"

    hub: str
    incarnation: bytes
    boot: int
    arrived: Sequence[Arrived]
    missing: Sequence[Arrived]
    """Streams of which something was missed after the number: to be sent again from there on."""
    window: int
    reported: int
    """As in Welcome; where it is behind what was sent, that is to be sent again from there on."""

    def to_map(self) -> dict[str, Any]:
        return {
            "hub": self.hub,
            "incarnation": self.incarnation,
            "boot": self.boot,
            "arrived": _arrived_list(self.arrived),
            "missing": _arrived_list(self.missing),
            "window": self.window,
            "reported": self.reported,
        }

    @classmethod
    def from_map(cls, fields: Fields) -> Self:
        return cls(
            hub=fields.hub(),
            incarnation=fields.octets("incarnation", INCARNATION_LENGTH),
            boot=fields.number("boot"),
            arrived=_arrived(fields),
            missing=_arrived(fields, "missing"),
            window=_window(fields),
            reported=fields.number("reported"),
        )


@dataclass(frozen=True, slots=True)
class Command:
    """Somebody far away wants something now. It has an effect at most once."""

    TYPE: ClassVar = "command"

    hub: str
    boot: int
    """It is for this start of the agent: one that restarted since refuses it, since nobody knows what became of it."""
    id: str
    """Drawn by the cloud; the same again is the same command."""
    issued: float
    expires: float
    """Both in Unix seconds of the cloud's clock, which the hub knows from its Welcome."""
    device: str
    set: Mapping[str, Scalar]
    """Attributes and values, as for `hubagent set`."""

    def to_map(self) -> dict[str, Any]:
        return {
            "hub": self.hub,
            "boot": self.boot,
            "id": self.id,
            "issued": self.issued,
            "expires": self.expires,
            "device": self.device,
            "set": self.set,
        }

    @classmethod
    def from_map(cls, fields: Fields) -> Self:
        wanted = fields.scalars("set", ATTRIBUTES_MAX)
        if not wanted:
            raise MalformedMessage("command.set is empty")
        return cls(
            hub=fields.hub(),
            boot=fields.number("boot"),
            id=fields.text("id", 64),
            issued=fields.seconds("issued"),
            expires=fields.seconds("expires"),
            device=fields.text("device", 128),
            set=wanted,
        )


@dataclass(frozen=True, slots=True)
class Desired:
    """How devices shall be, however long the hub was away: only the latest counts, and each is taken up once."""

    TYPE: ClassVar = "desired"

    hub: str
    version: int
    devices: Mapping[str, Mapping[str, Scalar]]

    def to_map(self) -> dict[str, Any]:
        return {"hub": self.hub, "version": self.version, "devices": self.devices}

    @classmethod
    def from_map(cls, fields: Fields) -> Self:
        devices = fields.mapping("devices", WISHES_MAX)
        wishes = {device: scalars(wanted, "desired.devices", ATTRIBUTES_MAX) for device, wanted in devices.items()}
        return cls(fields.hub(), fields.number("version"), wishes)


@dataclass(frozen=True, slots=True)
class Job:
    """Upkeep of the hub itself."""

    TYPE: ClassVar = "job"

    hub: str
    boot: int
    id: str
    issued: float
    expires: float
    kind: str
    """`renew`: get a new certificate now. `report`: report all devices anew."""

    def to_map(self) -> dict[str, Any]:
        return {
            "hub": self.hub,
            "boot": self.boot,
            "id": self.id,
            "issued": self.issued,
            "expires": self.expires,
            "kind": self.kind,
        }

    @classmethod
    def from_map(cls, fields: Fields) -> Self:
        return cls(
            hub=fields.hub(),
            boot=fields.number("boot"),
            id=fields.text("id", 64),
            issued=fields.seconds("issued"),
            expires=fields.seconds("expires"),
            kind=fields.text("kind", 32),
        )


@dataclass(frozen=True, slots=True)
class Bye:
    """The cloud will close the connection; the hub comes back, but not before."""

    TYPE: ClassVar = "bye"

    hub: str
    boot: int
    """It is for this start of the agent: a broker may have kept it from before."""
    reason: str
    retry_after: float
    """Seconds."""

    def to_map(self) -> dict[str, Any]:
        return {"hub": self.hub, "boot": self.boot, "reason": self.reason, "retry_after": self.retry_after}

    @classmethod
    def from_map(cls, fields: Fields) -> Self:
        retry_after = fields.seconds("retry_after")
        if retry_after > RETRY_AFTER_MAX_S:
            raise MalformedMessage(f"bye.retry_after is not from 0 to {RETRY_AFTER_MAX_S:g} s")
        return cls(fields.hub(), fields.number("boot"), fields.text("reason"), retry_after)


def _arrived_list(places: Sequence[Arrived]) -> list[Any]:
    return [[it.message_class.value, it.epoch, it.seq] for it in places]


def _arrived(fields: Fields, key: str = "arrived") -> tuple[Arrived, ...]:
    found = []
    for entry in fields.sequence(key, STREAMS_MAX):
        parts = sequence(entry, key, 3)
        if len(parts) != 3:
            raise MalformedMessage(f"an entry of {key} has not three parts")
        found.append(Arrived(message_class(parts[0]), number(parts[1], key), number(parts[2], key)))
    return tuple(found)


def _spread(fields: Fields) -> float:
    spread = fields.seconds("spread")
    if spread > SPREAD_MAX_S:
        raise MalformedMessage(f"welcome.spread is not from 0 to {SPREAD_MAX_S:g} s")
    return spread


def _window(fields: Fields) -> int:
    window = fields.number("window")
    if window > WINDOW_MAX:
        raise MalformedMessage(f"a window has at most {WINDOW_MAX} messages")
    return window
