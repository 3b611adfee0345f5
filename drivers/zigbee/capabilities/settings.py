"""Identify, and the attributes that people may set as they like: what a lamp does when power comes back, and so on.

The ZCL's are numbered here once for all devices; what a maker adds has numbers of its own in the quirks, from 101.

    parameter_1   StartUpOnOff: 0 off, 1 on, 2 the other one, 255 as before
    parameter_2   OnLevel: the level at which it goes on, 1-254; 255 as before
    parameter_3   OnOffTransitionTime, in tenths of a second
    parameter_4   StartUpCurrentLevel: 1-254; 0 the lowest, 255 as before
    parameter_5   StartUpColorTemperature, in mireds; 65535 as before
    parameter_6   PIROccupiedToUnoccupiedDelay, in seconds
    parameter_7   LocalTemperatureCalibration, in tenths of a degree
"""

from collections.abc import Mapping
from typing import Any, Final

from drivers.zigbee.capabilities.quirks.quirk import Parameter
from drivers.zigbee.capabilities.translation import (
    Place,
    Plan,
    Reader,
    Reading,
    Said,
    Translation,
    close_to,
    read,
    read_one,
    tell,
    write,
)
from drivers.zigbee.zcl.attribute_records import AttributeValue
from drivers.zigbee.zcl.clusters import color_control, identify, level_control, occupancy_sensing, on_off, thermostat
from drivers.zigbee.zcl.data_types import DataType
from hubagent.model.capabilities.configuration import CONFIGURATION, SetParameter, parameter_name
from hubagent.model.capabilities.identify import IDENTIFY, IdentifyYourself
from hubagent.model.capability import Value

IDENTIFY_TIME: Final = identify.IDENTIFY.named("identify_time").id


def _standard(cluster: Any, name: str) -> Parameter:
    definition = cluster.named(name)
    return Parameter(cluster.id, definition.id, definition.type_id)


STANDARD: Final[Mapping[int, Parameter]] = {
    1: _standard(on_off.ON_OFF, "start_up_on_off"),
    2: _standard(level_control.LEVEL_CONTROL, "on_level"),
    3: _standard(level_control.LEVEL_CONTROL, "on_off_transition_time"),
    4: _standard(level_control.LEVEL_CONTROL, "start_up_current_level"),
    5: _standard(color_control.COLOR_CONTROL, "start_up_color_temperature"),
    6: _standard(occupancy_sensing.OCCUPANCY_SENSING, "pir_occupied_to_unoccupied_delay"),
    7: _standard(thermostat.THERMOSTAT, "local_temperature_calibration"),
}
_NON_VALUES: Final[Mapping[int, int]] = {DataType.ENUM8: 0xFF, DataType.UINT8: 0xFF, DataType.UINT16: 0xFFFF}
"""What stands for "as before" where a setting has no value of its own (ZCL8 §2.6.2, table 2-11)."""
_SIGNED: Final = frozenset((DataType.INT8, DataType.INT16, DataType.INT32))


# Identify


def _identify_time(value: Any, _place: Place) -> list[Said]:
    return read_one(IDENTIFY, identify=value)


def _identify(wish: IdentifyYourself, place: Place) -> Plan:
    return Plan((tell(place, identify.Identify(round(wish.identify))),))


# Parameters


def parameters_of(place: Place) -> Mapping[int, Parameter]:
    """Those of the ZCL's that this end point answered for."""
    return {number: one for number, one in STANDARD.items() if place.has_answered(one.cluster, one.attribute)}


def parameter_reader(number: int, parameter: Parameter) -> Reader:
    name = parameter_name(number)

    def read(value: Any, place: Place) -> list[Said]:
        if value is None:
            place.remember_answer(parameter.cluster, parameter.attribute)
            value = _NON_VALUES.get(parameter.type_id)
        known: Value = None if value is None else int(value)
        return [Reading(CONFIGURATION.name, {name: known})]

    return read


def set_parameter(wish: SetParameter, place: Place) -> Plan | None:
    """A parameter that was not answered for is tried all the same: the device knows best."""
    parameter = place.quirk.parameters.get(wish.number) or STANDARD.get(wish.number)
    if parameter is None or not place.has(parameter.cluster):
        return None
    if wish.value == _NON_VALUES.get(parameter.type_id):
        value: Any = None
    elif fits(parameter.type_id, wish.value):
        value = wish.value != 0 if parameter.type_id == DataType.BOOLEAN else wish.value
    else:
        return None
    code = parameter.manufacturer_code
    return Plan(
        (
            write(
                place,
                parameter.cluster,
                AttributeValue(parameter.attribute, parameter.type_id, value),
                manufacturer_code=code,
            ),
        ),
        (read(place, parameter.cluster, parameter.attribute, manufacturer_code=code),),
        confirms=close_to({parameter_name(wish.number): wish.value}, 0),
    )


def fits(type_id: int, value: int) -> bool:
    if type_id == DataType.BOOLEAN:
        return value in {0, 1}
    if type_id == DataType.ENUM8:
        return 0 <= value <= 0xFF
    bits = 8 * ((type_id & 0x07) + 1)
    if type_id in _SIGNED:
        return -(1 << bits - 1) < value < 1 << bits - 1
    return 0 <= value < 1 << bits


def _translation(cluster: int) -> Translation:
    """The parameters of one cluster."""
    own = {number: one for number, one in STANDARD.items() if one.cluster == cluster}

    def state(place: Place) -> tuple[int, ...]:
        return tuple(one.attribute for number, one in own.items() if number in parameters_of(place))

    return Translation(
        cluster,
        lambda place: (CONFIGURATION,) if state(place) else (),
        readers={one.attribute: parameter_reader(number, one) for number, one in own.items()},
        questions=tuple(one.attribute for one in own.values()),
        state=state,
        bound=False,
    )


SETTINGS = (
    Translation(
        identify.CLUSTER_ID,
        lambda _: (IDENTIFY,),
        readers={IDENTIFY_TIME: _identify_time},
        planners={IdentifyYourself: _identify},
        bound=False,
    ),
    *(_translation(cluster) for cluster in dict.fromkeys(one.cluster for one in STANDARD.values())),
)
"""`set_parameter` is not among the planners: one parameter may be anywhere, so `table` asks for it once a place."""
