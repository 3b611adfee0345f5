"""Basic: the one value that stands for what a device mainly does (SDS13781, Basic), which is for its class to say.

A switch of before Z-Wave Plus may report in no other way that somebody pressed its button, and a motion sensor of that
time switches whoever is in its group on and off. Where nothing says what a device does, Basic is all there is.
"""

from drivers.zwave.capabilities.sensors import binary_reading
from drivers.zwave.capabilities.switches import binary_readings, multilevel_readings
from drivers.zwave.capabilities.translation import Plan, Said, Translation, read_one
from drivers.zwave.command_classes import basic, sensor_binary, switch_binary, switch_multilevel
from drivers.zwave.interview.questions import says_more_than_basic
from drivers.zwave.node_record import EndPoint
from hubagent.model.capabilities.on_off import ON_OFF, SwitchOnOff
from hubagent.model.capability import Capability

# Generic device classes: ZWave_cmd_classes.xml of the Z-Wave Alliance.
_GENERIC_BINARY_SWITCH = 0x10
_GENERIC_MULTILEVEL_SWITCH = 0x11
_GENERIC_SENSORS = frozenset((0x07, 0x20, 0x21))
"""Notification, binary and multilevel sensors."""


def _offers(end_point: EndPoint) -> tuple[Capability, ...]:
    return () if says_more_than_basic(end_point) else (ON_OFF,)


def _report(report: basic.BasicReport, end_point: EndPoint) -> list[Said]:
    value, generic = report.value, end_point.generic_class
    if _offers(end_point):
        return read_one(ON_OFF, on=None if value is None else value > 0)
    if generic == _GENERIC_MULTILEVEL_SWITCH and end_point.has(switch_multilevel.COMMAND_CLASS):
        return multilevel_readings(value, report.target, end_point)
    if generic == _GENERIC_BINARY_SWITCH and end_point.has(switch_binary.COMMAND_CLASS):
        return binary_readings(None if value is None else value > 0, end_point)
    return [] if value is None else _detected(value, end_point)


def _set(command: basic.BasicSet, end_point: EndPoint) -> list[Said]:
    """It would switch us on, as it does a lamp. Of a sensor that is what it detects; a switch has its own state."""
    if _offers(end_point):
        return read_one(ON_OFF, on=command.value > 0)
    return _detected(command.value, end_point)


def _detected(value: int, end_point: EndPoint) -> list[Said]:
    if end_point.generic_class not in _GENERIC_SENSORS or not end_point.has(sensor_binary.COMMAND_CLASS):
        return []
    return binary_reading(value > 0, end_point)


def _switch(wish: SwitchOnOff, end_point: EndPoint) -> Plan | None:
    if not _offers(end_point):
        return None
    return Plan(basic.BasicSet(0xFF if wish.on else 0), (basic.BasicGet(),))


BASICS = (
    Translation(
        basic.COMMAND_CLASS, _offers, {basic.BasicReport: _report, basic.BasicSet: _set}, {SwitchOnOff: _switch}
    ),
)
