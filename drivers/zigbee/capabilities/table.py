"""All translations, and the questions that the driver asks of them.

What a node can be asked is looked at anew by `capabilities_of`, which the driver calls whenever more became known of
the node. What the node says is understood by what was seen then: a report costs two look-ups and one small function.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from drivers.zigbee.capabilities import settings, tuya, xiaomi
from drivers.zigbee.capabilities.answers import answers
from drivers.zigbee.capabilities.buttons import BUTTONS, buttons_of, is_remote
from drivers.zigbee.capabilities.colors import COLORS
from drivers.zigbee.capabilities.coverings import COVERINGS
from drivers.zigbee.capabilities.ias import IAS
from drivers.zigbee.capabilities.locks import LOCKS
from drivers.zigbee.capabilities.maker_buttons import MAKER_BUTTONS
from drivers.zigbee.capabilities.makers import lasting_of as lasting_by_quirk
from drivers.zigbee.capabilities.makers import learn_quirks, reads_of
from drivers.zigbee.capabilities.power import POWER
from drivers.zigbee.capabilities.quirks.table import quirk_of
from drivers.zigbee.capabilities.sensors import SENSORS
from drivers.zigbee.capabilities.settings import SETTINGS
from drivers.zigbee.capabilities.sirens import SIRENS
from drivers.zigbee.capabilities.sleep import SLEEP
from drivers.zigbee.capabilities.switches import SWITCHES
from drivers.zigbee.capabilities.thermostats import THERMOSTATS
from drivers.zigbee.capabilities.translation import (
    Binding,
    Place,
    Plan,
    Read,
    Reading,
    Reporting,
    Said,
    ToSend,
    Translation,
)
from drivers.zigbee.node_record import ROOT, NodeRecord
from drivers.zigbee.zcl.attribute_records import AttributeValue
from drivers.zigbee.zcl.clusters.table import decode_command
from drivers.zigbee.zcl.foundation import WriteAttributes
from drivers.zigbee.zcl.frame import ZclFrame
from hubagent.model.capabilities.configuration import SetParameter
from hubagent.model.capability import Command

TRANSLATIONS: Final[tuple[Translation, ...]] = (
    *COVERINGS,
    *SWITCHES,
    *COLORS,
    *LOCKS,
    *THERMOSTATS,
    *IAS,
    *SIRENS,
    *SENSORS,
    *POWER,
    *BUTTONS,
    *MAKER_BUTTONS,
    *tuya.TUYA,
    *SETTINGS,
    *SLEEP,
)
"""In the order in which they are asked to carry out a wish."""

WHOLE: Final = frozenset(("power_source", "identify", "configuration", "switch"))
"""Capabilities of the device as a whole: never a part's, and never what makes an end point a part."""

_PLACE: Final = "place"
"""In the memory of an end point."""


# Looking at a node


def capabilities_of(record: NodeRecord) -> Mapping[int, tuple[str, ...]]:
    """By part (ROOT is the device itself, the others have their end point's number) the capabilities that it has.

    ROOT is always there. An end point is a part where one of its functions or measurements is also another's: an
    outlet of a power strip, a channel of a meter. Looks anew at what is known of the node; what it says from now on is
    understood accordingly.
    """
    places = _look(record)
    found: dict[int, dict[str, None]] = {ROOT: {}}
    for place in places:
        for name in place.offered:
            part = ROOT if name in place.of_device else place.part
            found.setdefault(part, {})[name] = None
    return {part: tuple(names) for part, names in found.items()}


def _look(record: NodeRecord) -> list[Place]:
    quirk = quirk_of(record.manufacturer, record.model)
    of_device = WHOLE | {meaning.capability.name for meaning in quirk.tags.values()}
    places = [Place(record, end_point, quirk, of_device=of_device) for _, end_point in sorted(record.endpoints.items())]
    offset = 0
    for place in places:
        place.offered = _learn(place)
        place.end_point.memory[_PLACE] = place
        if is_remote(place):
            place.button_offset = offset
            offset += buttons_of(place)
    times = Counter(name for place in places for name in place.offered if name not in of_device)
    for place in places:
        if not quirk.one_device and any(times[name] > 1 for name in place.offered):
            place.part = place.number
    return places


def _learn(place: Place) -> tuple[str, ...]:
    """Give the place what it needs to understand and be told; the names of its capabilities."""
    names: dict[str, None] = {}
    for translation in TRANSLATIONS:
        if not translation.stands_on(place):
            continue
        names.update(dict.fromkeys(capability.name for capability in translation.offers(place)))
        if translation.readers:
            known = place.readers.setdefault(translation.cluster, {})
            for attribute, reader in translation.readers.items():
                known.setdefault(attribute, (reader, translation.reads))
        if translation.report_reader is not None:
            place.report_readers.setdefault(translation.cluster, translation.report_reader)
        for kind, command_reader in translation.commands.items():
            place.command_readers.setdefault(kind, command_reader)
        for wish, planner in translation.planners.items():
            place.planners.setdefault(wish, []).append(planner)
    for learn in (learn_quirks, xiaomi.learn_tags):
        names.update(dict.fromkeys(sorted(learn(place))))
    return tuple(name for name in names if name not in place.quirk.never_offers)


def _places(record: NodeRecord) -> list[Place]:
    """As they were seen last. Hot."""
    known: list[Place] = []
    for number in sorted(record.endpoints):
        place: Place | None = record.endpoints[number].memory.get(_PLACE)
        if place is None or place.record is not record:
            return _look(record)
        known.append(place)
    return known


def _place(record: NodeRecord, endpoint: int) -> Place | None:
    end_point = record.endpoints.get(endpoint)
    if end_point is None:
        return None
    place: Place | None = end_point.memory.get(_PLACE)
    if place is None or place.record is not record:
        _look(record)
        place = end_point.memory[_PLACE]
    return place


# What it says


def part_of(record: NodeRecord, endpoint: int, said: Said) -> int:
    """Which part of the device it is about: a key of `capabilities_of`."""
    place = _place(record, endpoint)
    if place is None or not isinstance(said, Reading) or said.capability in place.of_device:
        return ROOT
    return place.part


def said_by_attributes(record: NodeRecord, endpoint: int, cluster: int, values: Mapping[int, Any]) -> list[Said]:
    """What attributes in a report, or in the answer to a reading, mean for the home. None is the ZCL's non-value.

    Attributes that the device does not have do not belong into `values`. Hot.
    """
    place = _place(record, endpoint)
    if place is None:
        return []
    said: list[Said] = []
    readers = place.readers.get(cluster)
    if readers is not None:
        for attribute, value in values.items():
            understood = readers.get(attribute)
            if understood is not None and (value is None or isinstance(value, understood[1])):
                said += understood[0](value, place)
    whole = place.report_readers.get(cluster)
    if whole is not None:
        said += whole(values, place)
    return said


def said_by_command(record: NodeRecord, endpoint: int, cluster: int, frame: ZclFrame) -> list[Said]:
    """What a cluster's own command from a node means for the home. Raises MalformedFrame."""
    place = _place(record, endpoint)
    if place is None:
        return []
    command = decode_command(cluster, frame)
    reader = None if command is None else place.command_readers.get(type(command))
    return [] if reader is None else reader(command, place)


def lasting_of(record: NodeRecord) -> list[tuple[int, Reading]]:
    """By part what the device may say and never take back: its silence does, after as long as that is ever good for."""
    return [
        (part_of(record, place.number, reading), reading) for place in _places(record) for reading in _lasting(place)
    ]


def _lasting(place: Place) -> Iterable[Reading]:
    for translation in TRANSLATIONS:
        if translation.stands_on(place):
            yield from translation.lasting(place)
    yield from lasting_by_quirk(place)


# What it is told


def plan_for(wish: Command, record: NodeRecord, part: int) -> Plan | None:
    """How to tell a part of the device (ROOT is itself) what is wished; None where it cannot do that."""
    name = wish.CAPABILITY.name
    for place in _addressed(record, part, name):
        if name not in place.offered and not isinstance(wish, SetParameter):
            continue
        if isinstance(wish, SetParameter):
            plan = settings.set_parameter(wish, place)
            if plan is not None:
                return plan
        for planner in place.planners.get(type(wish), ()):
            plan = planner(wish, place)
            if plan is not None:
                return plan
    return None


def offers(record: NodeRecord, part: int, capability: str) -> bool:
    """Whether the part has the capability, by what was seen when the node was looked at last."""
    return any(capability in place.offered for place in _addressed(record, part, capability))


def _addressed(record: NodeRecord, part: int, capability: str) -> Iterable[Place]:
    if part != ROOT:
        place = _place(record, part)
        return () if place is None or place.part != part else (place,)
    places = _places(record)
    return [place for place in places if place.part == ROOT or capability in place.of_device]


# What it is asked


def _of(wanted: Any, place: Place) -> Any:
    """What a translation wants of this place: the same of all, or what it makes of it."""
    return wanted(place) if callable(wanted) else wanted


def questions_of(record: NodeRecord) -> tuple[Read, ...]:
    """What is read once, to understand the device: the answers belong into its end points' `attributes`."""
    return tuple(
        Read(place.number, cluster, tuple(attributes))
        for place in _places(record)
        for cluster, attributes in _gathered(place, "questions").items()
    )


def state_reads_of(record: NodeRecord) -> tuple[Read, ...]:
    """What is read to know how the device is now."""
    reads: list[Read] = []
    for place in _places(record):
        if not place.quirk.reports_by_itself:
            for cluster, attributes in _gathered(place, "state").items():
                reads.append(Read(place.number, cluster, tuple(attributes)))
        reads += reads_of(place)
    return tuple(reads)


def _gathered(place: Place, what: str) -> dict[int, dict[int, None]]:
    """By cluster, each attribute once, as far as some capability comes of it."""
    found: dict[int, dict[int, None]] = {}
    for translation in TRANSLATIONS:
        if not translation.client and translation.stands_on(place):
            wanted = _of(getattr(translation, what), place)
            if wanted:
                found.setdefault(translation.cluster, {}).update(dict.fromkeys(wanted))
    return found


def bindings_of(record: NodeRecord) -> tuple[Binding, ...]:
    """Which clusters shall send to us what happens, and which attributes they shall report by themselves."""
    return tuple(binding for place in _places(record) for binding in _bindings(place))


def _bindings(place: Place) -> list[Binding]:
    found: dict[tuple[int, int | None], dict[int, Reporting]] = {}
    """By cluster and manufacturer code."""
    for translation in () if place.quirk.reports_by_itself else TRANSLATIONS:
        if translation.bound and translation.stands_on(place):
            reporting = found.setdefault((translation.cluster, None), {})
            for one in _of(translation.reporting, place):
                reporting.setdefault(one.attribute, one)
    for endpoint, cluster in place.quirk.bound:
        if endpoint == place.number:
            found.setdefault((cluster, None), {})
    for own in place.quirk.reported:
        if own.endpoint == place.number:
            reporting = found.setdefault((own.cluster, own.manufacturer_code), {})
            reporting[own.attribute] = Reporting(own.attribute, own.min_s, own.max_s, own.change, own.type_id)
    return [
        Binding(place.number, cluster, tuple(reporting.values()), code) for (cluster, code), reporting in found.items()
    ]


def preparations_of(record: NodeRecord) -> tuple[ToSend, ...]:
    """What is sent once when the interview is over, so that the device says all that it can."""
    prepared: list[ToSend] = []
    for place in _places(record):
        for one in place.quirk.written:
            if one.endpoint == place.number:
                command = WriteAttributes((AttributeValue(one.attribute, one.type_id, one.value),))
                prepared.append(ToSend(one.endpoint, one.cluster, command, one.manufacturer_code))
        prepared += tuya.preparations(place)
    return tuple(prepared)


def answers_to(
    record: NodeRecord, endpoint: int, cluster: int, frame: ZclFrame, now_utc_s: float
) -> tuple[ToSend, ...]:
    """What a device that asks this expects to hear, of us alone; `now_utc_s` counts from 1970. MalformedFrame."""
    place = _place(record, endpoint)
    return () if place is None else answers(place, cluster, frame, now_utc_s)
