"""Configuration parameters, and the Indicator with which a device shows itself."""

from drivers.zwave.capabilities.translation import Plan, Said, Translation, close_to, read_one
from drivers.zwave.command_classes import configuration, indicator
from drivers.zwave.command_classes.indicator import NODE_IDENTIFY, IndicatorValue, Property
from drivers.zwave.node_record import EndPoint
from hubagent.model.capabilities.configuration import CONFIGURATION, SetParameter, parameter_name
from hubagent.model.capabilities.identify import IDENTIFY, IdentifyYourself
from hubagent.model.capability import Capability

BLINK_TENTHS = 8
"""On for half of this, off for the other half: the period that SDS13782 names for Identify."""


def _parameter(report: configuration.ConfigurationReport, end_point: EndPoint) -> list[Said]:
    known = end_point.facts_of(configuration.COMMAND_CLASS).get("parameters", {}).get(str(report.parameter))
    value = report.value
    if known is not None and known["unsigned"] and value < 0:
        value += 1 << 8 * report.size
    return read_one(CONFIGURATION, **{parameter_name(report.parameter): value})


def _set_parameter(wish: SetParameter, end_point: EndPoint) -> Plan | None:
    known = end_point.facts_of(configuration.COMMAND_CLASS).get("parameters", {}).get(str(wish.number))
    if wish.number > 255 or (known is not None and known["read_only"]):
        return None
    size = known["size"] if known is not None else _size_of(wish.value)
    value = wish.value
    if not -(1 << 8 * size - 1) <= value < 1 << 8 * size:
        return None
    if value >= 1 << 8 * size - 1:
        value -= 1 << 8 * size
    return Plan(
        configuration.ConfigurationSet(wish.number, size, value),
        (configuration.ConfigurationGet(wish.number),),
        confirms=close_to({parameter_name(wish.number): wish.value}, 0),
    )


def _size_of(value: int) -> int:
    return next(size for size in (1, 2, 4) if -(1 << 8 * size - 1) <= value < 1 << 8 * size)


def _identify_offers(end_point: EndPoint) -> tuple[Capability, ...]:
    return (IDENTIFY,) if end_point.facts_of(indicator.COMMAND_CLASS).get("identify") else ()


def _identify(wish: IdentifyYourself, end_point: EndPoint) -> Plan | None:
    if not _identify_offers(end_point):
        return None
    cycles = min(0xFE, round(wish.identify * 10 / BLINK_TENTHS))
    values = (
        IndicatorValue(NODE_IDENTIFY, Property.ON_OFF_PERIOD, BLINK_TENTHS),
        IndicatorValue(NODE_IDENTIFY, Property.ON_OFF_CYCLES, cycles),
        IndicatorValue(NODE_IDENTIFY, Property.ON_TIME, BLINK_TENTHS // 2),
    )
    return Plan(indicator.IndicatorSet(0, values))


SETTINGS = (
    Translation(
        configuration.COMMAND_CLASS,
        lambda _: (CONFIGURATION,),
        {configuration.ConfigurationReport: _parameter},
        {SetParameter: _set_parameter},
    ),
    Translation(indicator.COMMAND_CLASS, _identify_offers, planners={IdentifyYourself: _identify}),
)
