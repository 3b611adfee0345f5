"""A `[[test]]`: what is given, what happens step by step, and what is expected of the rules. Run elsewhere."""

from dataclasses import dataclass, field
from datetime import date

from hubagent.model.capabilities.switch import Press
from hubagent.model.capability import Value
from hubagent.rules.expression.tree import Expression
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class Moment:
    """When a step is: a time of day, on a day where one is named; or some time after the step before."""

    time_s: float | None = None
    """Since midnight on the wall's clock."""
    day: date | None = None
    """None: the day of the step before."""
    after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`event = "hall.motion = occupied"`: a device says so."""

    subject: str
    value: Value
    """A word stands for what the device means by it; None: unknown."""


@dataclass(frozen=True, slots=True)
class Expect:
    """`expect = "hall.light.on"`: holds now. Unknown does not."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class PressButton:
    """`press = "sofa.remote", number = 1, kind = "double"`."""

    device: str
    number: int = 1
    kind: Press = Press.SINGLE


@dataclass(frozen=True, slots=True)
class Reboot:
    """`reboot = "45s"`: the hub has no power for so long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Outage:
    """`outage = "garage.freezer", for = "2h"`: the device cannot be reached for so long."""

    device: str
    seconds: float


@dataclass(frozen=True, slots=True)
class CallWebhook:
    name: str


@dataclass(frozen=True, slots=True)
class SetMode:
    mode: str


@dataclass(frozen=True, slots=True)
class ActivateScene:
    scene: str


Happening = Report | Expect | PressButton | Reboot | Outage | CallWebhook | SetMode | ActivateScene


@dataclass(frozen=True, slots=True)
class Step:
    at: Moment
    what: Happening
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Trial:
    name: str
    given: tuple[tuple[str, Value], ...]
    """Names as in expressions (`hall.lux`, `home.mode`, `var.guests`) and what they are worth at the start."""
    steps: tuple[Step, ...]
    day: date | None = None
    """The first; None: one without daylight saving, chosen by who runs it."""
    timezone: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    description: str = ""
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
