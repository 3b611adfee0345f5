"""What the executor is told: events of the home as they are, and these."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hubagent.model.capability import Value
from hubagent.model.device import Device, DeviceId
from hubagent.model.event import (
    ButtonPressed,
    CommandAnswered,
    DeviceChanged,
    DeviceJoined,
    DeviceLeft,
    DeviceSilent,
    StateReported,
)
from hubagent.rules.rule_set import RuleSet


@dataclass(frozen=True, slots=True)
class Remembered:
    """A device that was there before the start, and what it said: no change when it is said again."""

    device: Device
    values: Mapping[str, tuple[Value, float]]
    """With the time of the report, in Unix seconds."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was kept before the start; comes once, after everything that is remembered."""

    records: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Ready:
    """The radios work: what came due meanwhile can be done."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The rule files were read anew."""

    rule_set: RuleSet


@dataclass(frozen=True, slots=True)
class ModeSet:
    mode: str
    who: str


@dataclass(frozen=True, slots=True)
class VariableSet:
    name: str
    value: Value
    who: str


@dataclass(frozen=True, slots=True)
class WebhookCalled:
    name: str


@dataclass(frozen=True, slots=True)
class SceneWanted:
    scene: str
    who: str


@dataclass(frozen=True, slots=True)
class RunWanted:
    """Somebody wants a rule's actions done; its condition does not count."""

    rule: str
    who: str


@dataclass(frozen=True, slots=True)
class PersonActed:
    """Somebody switched a device by the app or the command line."""

    device: DeviceId


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a `Send`."""

    token: int
    answer: CommandAnswered


@dataclass(frozen=True, slots=True)
class HttpAnswered:
    """What became of a `CallHttp`."""

    token: int
    ok: bool
    detail: str


Happened = StateReported | ButtonPressed | DeviceJoined | DeviceChanged | DeviceSilent | DeviceLeft
"""What a home is told of, and rules wait for: the events themselves."""

Item = (
    Happened
    | Remembered
    | Restored
    | Ready
    | Loaded
    | ModeSet
    | VariableSet
    | WebhookCalled
    | SceneWanted
    | RunWanted
    | PersonActed
    | Answered
    | HttpAnswered
)
