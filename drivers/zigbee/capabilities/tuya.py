"""Tuya's data points: a device without clusters says everything as numbers (cluster 0xEF00), which its quirk reads.

A wish is told as the data point that reads back as it; the device answers with what the point is then, so there is
nothing to read.
"""

from collections.abc import Callable
from typing import Any, Final

from drivers.zigbee.capabilities.makers import STOP, TRANSITION_S, WISHES, confirms, readings_of
from drivers.zigbee.capabilities.translation import Place, Plan, Planner, Said, ToSend, Translation, tell
from drivers.zigbee.zcl.clusters import basic, tuya
from drivers.zigbee.zcl.clusters.tuya import DataPoint, PointType
from drivers.zigbee.zcl.foundation import ReadAttributes
from hubagent.model.capability import Capability, Command, Value

MAKER_PREFIX: Final = "_T"
"""Before the name of a factory, in place of a maker's: `_TZE200_ckud7u2l`."""
MAGIC: Final = (0x0004, 0x0000, 0x0001, 0x0005, 0x0007, 0xFFFE)
"""Attributes of Basic that Tuya's own hub reads in one frame: some devices do not begin before they hear that."""


def _offers(place: Place) -> tuple[Capability, ...]:
    points = place.quirk.datapoints.values()
    return tuple(meaning.capability for point in points for meaning in point.meanings)


def _points(command: Any, place: Place) -> list[Said]:
    said: list[Said] = []
    for point in command.points:
        known = place.quirk.datapoints.get(point.point)
        if known is not None:
            said += readings_of(known.meanings, point.value, place)
    return said


def _planner(attribute: str) -> Planner:
    def plan(wish: Command, place: Place) -> Plan | None:
        value: Value = True if attribute == STOP else wish.wanted()[attribute]
        for number, known in place.quirk.datapoints.items():
            if not known.type:
                continue
            for meaning in known.meanings:
                raw = meaning.raw_of(value) if meaning.attribute == attribute else None
                if raw is not None:
                    return _plan(_ENCODERS[known.type](number, raw), attribute, value, place)
        return None

    return plan


_ENCODERS: Final[dict[int, Callable[[int, Any], DataPoint]]] = {
    PointType.BOOLEAN: lambda number, raw: DataPoint.boolean(number, bool(raw)),
    PointType.NUMBER: DataPoint.number,
    PointType.ENUM: DataPoint.enum,
}


def _plan(point: DataPoint, attribute: str, value: Value, place: Place) -> Plan:
    sequence = place.memory["points"] = (place.memory.get("points", 0) + 1) & 0xFFFF
    return Plan(
        (tell(place, tuya.SetData(sequence, (point,))),),
        transition_s=TRANSITION_S,
        confirms=confirms(attribute, value),
    )


def preparations(place: Place) -> list[ToSend]:
    """What a device of Tuya's wants to hear before it says all it can."""
    if not place.record.manufacturer.startswith(MAKER_PREFIX):
        return []
    prepared: list[ToSend] = []
    if place.has(basic.CLUSTER_ID) and place.number == min(place.record.endpoints):
        prepared.append(ToSend(place.number, basic.CLUSTER_ID, ReadAttributes(MAGIC)))
    if place.has(tuya.CLUSTER_ID):
        prepared.append(tell(place, tuya.QueryData()))
    return prepared


TUYA = (
    Translation(
        tuya.CLUSTER_ID,
        _offers,
        lambda place: bool(place.quirk.datapoints),
        commands=dict.fromkeys(
            (tuya.DataResponse, tuya.DataReport, tuya.StatusReport, tuya.ActiveStatusReport), _points
        ),
        planners={wish: _planner(attribute) for attribute, wish in WISHES.items()},
    ),
)
