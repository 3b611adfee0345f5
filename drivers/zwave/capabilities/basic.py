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
_STANDS_FOR = {
    0x10: switch_binary.COMMAND_CLASS,
    0x11: switch_multilevel.COMMAND_CLASS,
    0x07: sensor_binary.COMMAND_CLASS,
    0x20: sensor_binary.COMMAND_CLASS,
    0x21: sensor_binary.COMMAND_CLASS,
}
"""The class that Basic is another name of, by generic device class: switches; notification, binary and multilevel
sensors."""


def stands_for(end_point: EndPoint) -> int:
    """The command class whose state is told where this end point speaks of Basic: Basic itself where it has no such."""
    meant = _STANDS_FOR.get(end_point.generic_class, basic.COMMAND_CLASS)
    return meant if end_point.has(meant) else basic.COMMAND_CLASS


def _offers(end_point: EndPoint) -> tuple[Capability, ...]:
    return () if says_more_than_basic(end_point) else (ON_OFF,)


def _report(report: basic.BasicReport, end_point: EndPoint) -> list[Said]:
    value = report.value
    if _offers(end_point):
        return read_one(ON_OFF, on=None if value is None else value > 0)
    if stands_for(end_point) == switch_multilevel.COMMAND_CLASS:
        return multilevel_readings(value, report.target, end_point)
    if stands_for(end_point) == switch_binary.COMMAND_CLASS:
        return binary_readings(None if value is None else value > 0, end_point)
    return [] if value is None else _detected(value, end_point)


def _set(command: basic.BasicSet, end_point: EndPoint) -> list[Said]:
    """It would switch us on, as it does a lamp. Of a sensor that is what it detects; a switch has its own state."""
    if _offers(end_point):
        return read_one(ON_OFF, on=command.value > 0)
    return _detected(command.value, end_point)


def _detected(value: int, end_point: EndPoint) -> list[Said]:
    if stands_for(end_point) != sensor_binary.COMMAND_CLASS:
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
