"""What the executor wants done, in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from hubagent.model.capability import Command, Value
from hubagent.model.device import DeviceId
from hubagent.model.event import Cause


class Send(NamedTuple):
    """The answer goes into `Answered` with this token, where the token is not 0."""

    device: DeviceId
    command: Command
    cause: Cause
    token: int


@dataclass(frozen=True, slots=True)
class Notify:
    to: str
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class CallHttp:
    """The answer goes into `HttpAnswered`."""

    token: int
    method: str
    url: str
    body: str
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Keep:
    """Write down, soon: within 100 ms, together with what else there is."""

    key: str
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Forget:
    key: str


@dataclass(frozen=True, slots=True)
class Sync:
    """Everything that was to be kept is on disk before the next effect. Never between a report and its command."""


@dataclass(frozen=True, slots=True)
class ModeChanged:
    mode: str
    who: str


@dataclass(frozen=True, slots=True)
class VariableChanged:
    name: str
    value: Value
    who: str


class Traced(NamedTuple):
    """Something that people may ask about later; texts are made when they do."""

    kind: str
    """One of `trace.KINDS`."""
    at: float
    """Unix seconds."""
    rule: str
    run: int
    """0: no run began."""
    about: str
    """What set it off, or which device."""
    detail: object
    """Text, or what a text can be made of."""
    cause: int
    """The run whose command led to the report that set this one off; 0 where none did."""


Effect = Send | Notify | CallHttp | Keep | Forget | Sync | ModeChanged | VariableChanged | Traced
