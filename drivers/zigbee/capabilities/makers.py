"""What the quirks say of a model, made into readers and planners: attributes with a meaning of their own, values that
are presses, wishes that are written to an attribute."""

from collections.abc import Mapping
from typing import Any, Final

from drivers.zigbee.capabilities.buttons import HOLD_S
from drivers.zigbee.capabilities.flags import FLAGS
from drivers.zigbee.capabilities.quirks.quirk import Meaning, Target
from drivers.zigbee.capabilities.settings import parameter_reader
from drivers.zigbee.capabilities.translation import (
    ANYTHING,
    NUMBERS,
    WHOLE_NUMBERS,
    Place,
    Plan,
    Planner,
    Pressed,
    Read,
    Reader,
    Reading,
    Said,
    ToSend,
    close_to,
)
from drivers.zigbee.zcl.attribute_records import AttributeValue
from drivers.zigbee.zcl.foundation import WriteAttributes
from hubagent.model.capabilities.color_control import MoveToColorTemperature
from hubagent.model.capabilities.door_lock import LockDoor
from hubagent.model.capabilities.fan_control import SetFanMode
from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capabilities.switch import Press
from hubagent.model.capabilities.thermostat import SetCoolingSetpoint, SetHeatingSetpoint, SetThermostatMode
from hubagent.model.capabilities.window_covering import GoToPosition, GoToTilt, StopMoving
from hubagent.model.capability import Command, Value

STOP: Final = "stop"
PASSING: Final = frozenset(("occupied", "vibration"))
"""What begins with a word and ends with silence, of the models of which that is known."""
WISHES: Final[Mapping[str, type[Command]]] = {
    "on": SwitchOnOff,
    "level": MoveToLevel,
    "color_temperature": MoveToColorTemperature,
    "position": GoToPosition,
    "tilt": GoToTilt,
    STOP: StopMoving,
    "locked": LockDoor,
    "mode": SetThermostatMode,
    "heating_setpoint": SetHeatingSetpoint,
    "cooling_setpoint": SetCoolingSetpoint,
    "fan_mode": SetFanMode,
}
"""By attribute (and `stop`) the wish that a target or a data point of Tuya's fulfils."""
TRANSITION_S: Final = 30.0
"""How long a motor may take; what is there at once is found to be so at once."""


def reading_of(meaning: Meaning, value: Any, place: Place) -> Reading | None:
    """None where the number says nothing: a word that the model does not list changes nothing."""
    if meaning.attribute == STOP:
        return None
    known = meaning.value_of(value)
    if known is None and value is not None and meaning.values is not None:
        return None
    if known is True and place.quirk.active_for_s and meaning.attribute in PASSING:
        return FLAGS[meaning.attribute].lasting(place.quirk.active_for_s)
    return Reading(meaning.capability.name, {meaning.attribute: known})


def readings_of(meanings: tuple[Meaning, ...], value: Any, place: Place) -> list[Said]:
    return [reading for meaning in meanings if (reading := reading_of(meaning, value, place)) is not None]


def _meaning_reader(meanings: tuple[Meaning, ...]) -> Reader:
    return lambda value, place: readings_of(meanings, value, place)


def lasting_of(place: Place) -> list[Reading]:
    """What it may say so by its maker's own attributes and never take back."""
    seconds = place.quirk.active_for_s
    return [
        FLAGS[meaning.attribute].lasting(seconds)
        for (endpoint, cluster, _), meanings in place.quirk.meanings.items()
        for meaning in meanings
        if seconds and meaning.attribute in PASSING and _concerns(place, endpoint, cluster)
    ]


def _press_reader(presses: Mapping[Any, Press]) -> Reader:
    def read(value: Any, place: Place) -> list[Said]:
        press = presses.get(value)
        if press is None:
            return []
        held_for_s = HOLD_S if press is Press.HOLD else 0.0
        return [Pressed(place.quirk.button_of.get(place.number, place.number), press, held_for_s=held_for_s)]

    return read


def _concerns(place: Place, endpoint: int | None, cluster: int) -> bool:
    """A quirk that names an end point knows that the cluster is there, whatever the end point says."""
    if endpoint is not None:
        return endpoint == place.number
    return cluster in place.end_point.inputs or cluster in place.quirk.added.get(place.number, ())


def learn_quirks(place: Place) -> set[str]:
    """Give the place the readers and planners that its model's quirk says; the capabilities that it has by that."""
    quirk, offered = place.quirk, set[str]()
    for (endpoint, cluster, attribute), meanings in quirk.meanings.items():
        if _concerns(place, endpoint, cluster):
            place.readers.setdefault(cluster, {})[attribute] = (_meaning_reader(meanings), ANYTHING)
            offered.update(meaning.capability.name for meaning in meanings)
    for (endpoint, cluster, attribute), presses in quirk.presses.items():
        # A remote may have buttons on end points that say nothing of the cluster.
        if endpoint in {None, place.number}:
            place.readers.setdefault(cluster, {})[attribute] = (_press_reader(presses), NUMBERS)
            offered.add("switch")
    for number, parameter in quirk.parameters.items():
        if _concerns(place, None, parameter.cluster):
            reader = parameter_reader(number, parameter)
            place.readers.setdefault(parameter.cluster, {})[parameter.attribute] = (reader, WHOLE_NUMBERS)
            offered.add("configuration")
    for name, target in quirk.targets.items():
        if target.endpoint == place.number:
            place.planners.setdefault(WISHES[name], []).insert(0, _target_planner(name, target))
    return offered


def _target_planner(attribute: str, target: Target) -> Planner:
    def plan(wish: Command, _place: Place) -> Plan | None:
        value: Value = True if attribute == STOP else wish.wanted()[attribute]
        raw = target.meaning.raw_of(value)
        if raw is None:
            return None
        written = WriteAttributes((AttributeValue(target.attribute, target.type_id, raw),))
        readback = Read(target.endpoint, target.cluster, (target.attribute,), target.manufacturer_code)
        return Plan(
            (ToSend(target.endpoint, target.cluster, written, target.manufacturer_code),),
            () if attribute == STOP else (readback,),
            transition_s=TRANSITION_S,
            confirms=confirms(attribute, value),
        )

    return plan


def confirms(attribute: str, value: Value) -> Any:
    """To half a degree of a setpoint and two per cent of a position; words and flags are what they are."""
    if attribute == STOP or not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return close_to({attribute: value}, 0.3 if attribute.endswith("setpoint") else 2)


def reads_of(place: Place) -> list[Read]:
    """What it can be asked for among its maker's own attributes."""
    own = [
        Read(endpoint, cluster, (attribute,), code)
        for endpoint, cluster, attribute, code in place.quirk.reads
        if endpoint == place.number
    ]
    settings = [
        Read(place.number, one.cluster, (one.attribute,), one.manufacturer_code)
        for one in place.quirk.parameters.values()
        if _concerns(place, None, one.cluster)
    ]
    return own + settings
