"""Xiaomi's structure of everything, once an hour: its members as the model's quirk reads them (Basic 0xFF01, 0xFF02 and
attribute 0x00F7 of cluster 0xFCC0)."""

from typing import Any, Final

from drivers.zigbee.capabilities.makers import readings_of
from drivers.zigbee.capabilities.quirks.quirk import Meaning
from drivers.zigbee.capabilities.translation import Place, Said
from drivers.zigbee.zcl.clusters import basic, xiaomi
from drivers.zigbee.zcl.composite import Structure
from hubagent.model.capabilities.power_source import POWER_SOURCE

_TEXTS: Final = (str, bytes)


def learn_tags(place: Place) -> set[str]:
    """Give the place readers of the structure; the capabilities that the model has by it. It comes on the first end
    point."""
    if not place.quirk.tags or place.number != min(place.record.endpoints):
        return set()
    place.readers.setdefault(basic.CLUSTER_ID, {}).update(
        {
            xiaomi.REPORT_STRING: (_report, _TEXTS),
            xiaomi.REPORT_STRUCTURE: (_structure, (Structure,)),
        }
    )
    place.readers.setdefault(xiaomi.CLUSTER_ID, {})[xiaomi.REPORT] = (_report, _TEXTS)
    return {meaning.capability.name for meaning in place.quirk.tags.values() if _counts(meaning, place)}


def _counts(meaning: Meaning, place: Place) -> bool:
    """A lamp has a number for its battery as well, and none."""
    return meaning.capability is not POWER_SOURCE or not place.record.mains


def _report(value: Any, place: Place) -> list[Said]:
    return [] if value is None else _members(xiaomi.read_report(value), place)


def _structure(value: Any, place: Place) -> list[Said]:
    return [] if value is None else _members(xiaomi.read_structure(value), place)


def _members(members: dict[int, Any], place: Place) -> list[Said]:
    said: list[Said] = []
    for tag, meaning in place.quirk.tags.items():
        if tag in members and _counts(meaning, place):
            said += readings_of((meaning,), members[tag], place)
    return said
