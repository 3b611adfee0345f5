"""A blueprint: a rule with parameters, which `[[use]]` fills in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from hubagent.toml_lines import NOWHERE, Spot


class ParameterType(Enum):
    DEVICE = "device"
    DEVICES = "devices"
    DURATION = "duration"
    NUMBER = "number"
    FLAG = "flag"
    TEXT = "text"
    TIME = "time"
    MODE = "mode"
    SCENE = "scene"


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: ParameterType
    default: Any = None
    """None: it must be given."""
    description: str = ""
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Blueprint:
    name: str
    parameters: Mapping[str, Parameter]
    body: Mapping[str, Any]
    """The keys of a rule, in which `$name` stands for a parameter; read when it is filled in."""
    description: str = ""
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
