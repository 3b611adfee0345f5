"""What happened: facts in the past, reported by drivers, written into the home, and heard by rules, uplink and API."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from hubagent.model.capabilities.switch import Press
from hubagent.model.capability import Command, Value
from hubagent.model.device import Device, DeviceId


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a command is sent: a rule, a person, and the report that set it off."""

    who: str
    """`rule:<name>`, `api`, `driver`."""
    received_at: float | None = None
    """`loop.time()` at which the bytes of the report that set it off were read; None where no report did."""
    run: int | None = None
    """The rule's run that sent it, by which it is found in the traces."""


@dataclass(frozen=True, slots=True)
class StateReported:
    """A device said what is. The only way in which a state changes."""

    device: DeviceId
    capability: str
    values: Mapping[str, Value]
    received_at: float
    """`loop.time()` at which the report's first byte was handed to us, in seconds."""


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    device: DeviceId
    button: int
    """Counted from 1."""
    press: Press
    received_at: float


@dataclass(frozen=True, slots=True)
class DeviceJoined:
    """A device is known from now on: paired, or found again at the start."""

    device: Device


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """Its capabilities, name, presence or details are other than before."""

    device: Device


@dataclass(frozen=True, slots=True)
class DeviceSilent:
    """It does not answer any more. What it reported last may no longer be so."""

    device: DeviceId


@dataclass(frozen=True, slots=True)
class DeviceLeft:
    device: DeviceId


@dataclass(frozen=True, slots=True)
class InterviewProgressed:
    """One step of finding out what a device is; for people who watch."""

    device: DeviceId
    step: str
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class CommandSent:
    """The command's bytes were handed to the radio."""

    device: DeviceId
    command: Command
    cause: Cause
    latency_s: float | None
    """From the report's bytes read to the command's bytes written; None where no report caused it."""


class Outcome(Enum):
    """How a command ended; the values are the words of the API."""

    CONFIRMED = "confirmed"
    """The device itself says so: by Supervision, or by a report of the wanted state."""
    DELIVERED = "delivered"
    """It arrived at the device, which has no way to say more."""
    WAITING = "waiting"
    """The device sleeps; the command goes out when it wakes."""
    REFUSED = "refused"
    """The device answered that it will not."""
    UNREACHABLE = "unreachable"
    """The device did not answer."""
    FAILED = "failed"
    """It could not be sent: the stick is away, the queue is full, the device cannot do that."""


@dataclass(frozen=True, slots=True)
class CommandAnswered:
    device: DeviceId
    command: Command
    cause: Cause
    outcome: Outcome
    detail: str = ""
    """For people: what went wrong."""


class DriverCondition(Enum):
    STARTING = "starting"
    READY = "ready"
    TROUBLED = "troubled"
    """It works on getting its port or its stick back."""


@dataclass(frozen=True, slots=True)
class DriverStatus:
    driver: str
    condition: DriverCondition
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Notified:
    """A rule has something to say to somebody."""

    to: str
    text: str
    who: str
    """`rule:<name>`."""


@dataclass(frozen=True, slots=True)
class ModeChanged:
    """The home's mode is another one."""

    mode: str
    who: str


@dataclass(frozen=True, slots=True)
class VariableChanged:
    """A variable of the rules is worth something else."""

    name: str
    value: Value
    who: str


Event = (
    StateReported
    | ButtonPressed
    | DeviceJoined
    | DeviceChanged
    | DeviceSilent
    | DeviceLeft
    | InterviewProgressed
    | CommandSent
    | CommandAnswered
    | DriverStatus
    | Notified
    | ModeChanged
    | VariableChanged
)
