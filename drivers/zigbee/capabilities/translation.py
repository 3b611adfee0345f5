"""What a translation is made of: readings and presses on the way in, plans on the way out, and what to ask for both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from drivers.zigbee.capabilities.quirks.quirk import Quirk
from drivers.zigbee.node_record import ROOT, EndPoint, NodeRecord, Stage
from drivers.zigbee.zcl.attribute_records import AttributeValue
from drivers.zigbee.zcl.cluster import ClusterCommand, frame_of
from drivers.zigbee.zcl.foundation import GlobalCommand, WriteAttributes, global_frame
from drivers.zigbee.zcl.frame import ZclFrame
from hubagent.model.capabilities.switch import Press
from hubagent.model.capability import Capability, Command, Value

# What a device says


@dataclass(frozen=True, slots=True)
class Reading:
    """Attributes of one capability, as a device just reported them."""

    capability: str
    values: Mapping[str, Value]
    expires_s: float = 0.0
    """Some sensors say that somebody is there and never that nobody is any more: their makers state how long the word
    is good for. So long after the last such reading `expired` is so, because the device was silent about it; 0 is for
    ever. It is no guess of ours about what a command did."""
    expired: Mapping[str, Value] | None = None
    concluded: bool = False
    """From what the device said before, and of something else: enough for a picture, too little to confirm a wish."""


@dataclass(frozen=True, slots=True)
class Pressed:
    button: int
    press: Press
    held_for_s: float = 0.0
    """Of a hold: how long it goes on if nothing more is heard of it."""


Said = Reading | Pressed


# What a device is told and asked


@dataclass(frozen=True, slots=True)
class ToSend:
    """One ZCL frame for one end point: a command of a cluster, or one of the foundation's."""

    endpoint: int
    cluster: int
    command: ClusterCommand | GlobalCommand
    manufacturer_code: int | None = None
    """Of a command of the foundation, whose attributes are a maker's own."""

    def frame(self, sequence: int) -> ZclFrame:
        if isinstance(self.command, ClusterCommand):
            return frame_of(sequence, self.command)
        return global_frame(sequence, self.command, manufacturer_code=self.manufacturer_code)


@dataclass(frozen=True, slots=True)
class Read:
    """Read Attributes: these, in one frame."""

    endpoint: int
    cluster: int
    attributes: tuple[int, ...]
    manufacturer_code: int | None = None


@dataclass(frozen=True, slots=True)
class Reporting:
    """How an attribute is to be reported: not oftener than every `min_s`, at least every `max_s`, and on `change`."""

    attribute: int
    min_s: int
    max_s: int
    change: int = 0
    """In the attribute's own unit; of no meaning for those that are no numbers."""
    type_id: int = 0
    """The ZCL data type; 0 is looked up in the cluster's definition."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A cluster that shall send to us what happens on it, and what it shall report. Nothing to report: buttons."""

    endpoint: int
    cluster: int
    reporting: tuple[Reporting, ...] = ()
    manufacturer_code: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How a wish is told to a node: what to send, and what to read afterwards to know whether it came true."""

    commands: tuple[ToSend, ...]
    readback: tuple[Read, ...] = ()
    transition_s: float = 0
    """How long the device may take to get there."""
    confirms: Callable[[Mapping[str, Value]], bool] | None = None
    """Whether reported attributes are what was wanted; None where the wish's own `wanted` is compared."""


# Who it is

THERE: Final = 0x10000
"""Added to an attribute in a record: a key of ours, and no attribute's."""


@dataclass(slots=True, eq=False)
class Place:
    """One end point of a node with everything that is known of it, made once for all its reports."""

    record: NodeRecord
    end_point: EndPoint
    quirk: Quirk
    part: int = ROOT
    """The end point's number where it is a part of the device with functions of its own; else ROOT."""
    offered: tuple[str, ...] = ()
    """Names of the capabilities that it has."""
    of_device: frozenset[str] = frozenset()
    """Names of those that are the whole device's, whichever end point speaks of them."""
    button_offset: int = 0
    """What the generic numbers of its buttons are counted from, where several end points of a remote have some."""
    readers: dict[int, dict[int, "Understood"]] = field(default_factory=dict)
    """By cluster and attribute."""
    report_readers: dict[int, "ReportReader"] = field(default_factory=dict)
    """By cluster, for those whose attributes mean something together only."""
    command_readers: dict[type[ClusterCommand], "CommandReader"] = field(default_factory=dict)
    planners: dict[type[Command], list["Planner"]] = field(default_factory=dict)
    plans: dict[Any, "Plan"] = field(default_factory=dict)
    """Those that are always the same."""

    number: int = 0
    """The end point's."""

    def __post_init__(self) -> None:
        self.number = self.end_point.number

    def has(self, cluster: int) -> bool:
        """It is the cluster's server, by its own word or by ours, who know its model."""
        if (self.number, cluster) in self.quirk.hidden or (None, cluster) in self.quirk.hidden:
            return False
        return cluster in self.end_point.inputs or cluster in self.quirk.added.get(self.number, ())

    @property
    def factors_known(self) -> bool:
        """Its multipliers and divisors were asked for: before, a number of its own means nothing yet."""
        return self.record.stage >= Stage.CLASSES

    def commands_with(self, cluster: int) -> bool:
        """It is the cluster's client: a remote."""
        hidden = self.quirk.hidden_clients
        return (
            cluster in self.end_point.outputs and (self.number, cluster) not in hidden and (None, cluster) not in hidden
        )

    def attribute(self, cluster: int, attribute: int) -> int | None:
        """The number that it said of itself in the interview, or should have said; None where nobody knows it, or it
        said something else than a number."""
        value = self.quirk.facts.get((cluster, attribute))
        if value is None:
            value = self.end_point.attribute(cluster, attribute)
        return value if isinstance(value, int) else None

    def lacks(self, cluster: int, attribute: int) -> bool:
        """It was asked, and said that there is no such attribute."""
        known = self.end_point.attributes.get(cluster, {})
        return attribute in known and known[attribute] is None

    def has_answered(self, cluster: int, attribute: int) -> bool:
        """It has such an attribute, if only without a value at present."""
        known = self.end_point.attributes.get(cluster, {})
        return known.get(attribute) is not None or THERE | attribute in known

    def remember_answer(self, cluster: int, attribute: int) -> None:
        """It answered without a value, which the record keeps like an attribute that is not there."""
        self.end_point.attributes.setdefault(cluster, {})[THERE | attribute] = True

    @property
    def memory(self) -> dict[str, Any]:
        return self.end_point.memory


Reader = Callable[[Any, Place], list[Said]]
"""Of one attribute's value."""
Types = tuple[type, ...]
Understood = tuple[Reader, Types]
"""A reader, and what it can read: a device may report any attribute as a value of any type. Of None it always can."""
WHOLE_NUMBERS: Final[Types] = (int,)
NUMBERS: Final[Types] = (int, float)
ANYTHING: Final[Types] = (object,)
ReportReader = Callable[[Mapping[int, Any], Place], list[Said]]
"""Of all attributes in one frame."""
CommandReader = Callable[[Any, Place], list[Said]]
Planner = Callable[[Any, Place], Plan | None]


def _always(_place: Place) -> bool:
    return True


def _nothing(_place: Place) -> tuple[Capability, ...]:
    return ()


def no_readings(_place: Place) -> tuple[Reading, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Translation:
    """One cluster, seen from one side. `offers` says which capabilities an interviewed end point has through it."""

    cluster: int
    offers: Callable[[Place], tuple[Capability, ...]] = _nothing
    applies: Callable[[Place], bool] = _always
    """Whether this translation is the one for this end point: a Level Control may be of a lamp or of a vent."""
    client: bool = False
    """Of what the device commands others with: it must be the cluster's client, and not its server."""
    readers: Mapping[int, Reader] = field(default_factory=dict)
    """By attribute."""
    reads: Types = WHOLE_NUMBERS
    """Of which types the values are that the readers can read; flags are whole numbers."""
    report_reader: ReportReader | None = None
    """Instead of `readers`."""
    commands: Mapping[type[ClusterCommand], CommandReader] = field(default_factory=dict)
    """By the type of the command that the device sends."""
    lasting: Callable[[Place], tuple[Reading, ...]] = no_readings
    """What it may say and never take back (`Reading.expires_s`), good for as long as it ever is."""
    planners: Mapping[type[Command], Planner] = field(default_factory=dict)
    """By the type of the wish; None where this end point cannot do it through this cluster."""
    questions: tuple[int, ...] = ()
    """Attributes that are read once: what it can, and how to understand it."""
    state: Callable[[Place], tuple[int, ...]] | tuple[int, ...] = ()
    """Attributes that are read to know the present."""
    reporting: Callable[[Place], tuple[Reporting, ...]] | tuple[Reporting, ...] = ()
    bound: bool = True
    """Whether the cluster is bound to us: not where it has nothing to send."""
    manufacturer_code: int | None = None

    def stands_on(self, place: Place) -> bool:
        there = place.commands_with(self.cluster) if self.client else place.has(self.cluster)
        return there and self.applies(place)


# What translations are written with


def read_one(capability: Capability, **values: Value) -> list[Said]:
    return [Reading(capability.name, values)]


def tell(place: Place, command: ClusterCommand) -> ToSend:
    return ToSend(place.number, command.CLUSTER, command)


def write(place: Place, cluster: int, *values: AttributeValue, manufacturer_code: int | None = None) -> ToSend:
    return ToSend(place.number, cluster, WriteAttributes(values), manufacturer_code)


def read(place: Place, cluster: int, *attributes: int, manufacturer_code: int | None = None) -> Read:
    return Read(place.number, cluster, attributes, manufacturer_code)


def close_to(wanted: Mapping[str, Value], tolerance: float) -> Callable[[Mapping[str, Value]], bool]:
    """Compares numbers with a tolerance, for what the device rounds to its own steps."""

    def compare(reported: Mapping[str, Value]) -> bool:
        return all(_close(reported.get(name), value, tolerance) for name, value in wanted.items())

    return compare


def _close(reported: Value, wanted: Value, tolerance: float) -> bool:
    # On and off are numbers to Python, and near each other.
    if not isinstance(wanted, bool) and isinstance(reported, int | float) and isinstance(wanted, int | float):
        return abs(reported - wanted) <= tolerance
    return reported == wanted
