"""Configuration parameters, and the Indicator with which a device shows itself."""

from collections.abc import Mapping

from drivers.zwave.capabilities.translation import Plan, Said, Translation, read_one
from drivers.zwave.command_classes import configuration, indicator
from drivers.zwave.command_classes.indicator import NODE_IDENTIFY, IndicatorValue, Property
from drivers.zwave.node_record import EndPoint
from hubagent.model.capabilities.configuration import CONFIGURATION, SetParameter, parameter_name
from hubagent.model.capabilities.identify import IDENTIFY, IdentifyYourself
from hubagent.model.capability import Capability, Value

BLINK_TENTHS = 8
"""On for half of this, off for the other half: the period that SDS13782 names for Identify."""
_SIZES = "parameter sizes"


def _parameter(report: configuration.ConfigurationReport, end_point: EndPoint) -> list[Said]:
    known = _known(report.parameter, end_point)
    # Before version 3 nothing else tells how long a parameter is, and a Set must be as long.
    end_point.memory.setdefault(_SIZES, {})[report.parameter] = report.size
    value = report.value
    if known is not None and known["unsigned"]:
        value = configuration.as_unsigned(value, report.size)
    return read_one(CONFIGURATION, **{parameter_name(report.parameter): value})


def _fits(value: int, size: int) -> bool:
    """In so many bytes, be they signed or not."""
    return -(1 << 8 * size - 1) <= value < 1 << 8 * size


def _known(number: int, end_point: EndPoint) -> Mapping[str, int] | None:
    """What the device itself said of a parameter, which it can from version 3 on."""
    parameters: Mapping[str, Mapping[str, int]] = end_point.facts_of(configuration.COMMAND_CLASS).get("parameters", {})
    return parameters.get(str(number))


def _set_parameter(wish: SetParameter, end_point: EndPoint) -> Plan | None:
    known = _known(wish.number, end_point)
    if wish.number > 255 or (known is not None and known["read_only"]):
        return None
    sizes: dict[int, int] = end_point.memory.setdefault(_SIZES, {})
    size = known["size"] if known is not None else sizes.get(wish.number, _size_of(wish.value))
    if not _fits(wish.value, size):
        return None

    def confirms(reported: Mapping[str, Value]) -> bool:
        """The same bits: 200 and -56 are one byte, and before version 3 no device says which of them it means."""
        value, real = reported.get(parameter_name(wish.number)), sizes.get(wish.number, size)
        return isinstance(value, int) and _fits(wish.value, real) and (value - wish.value) % (1 << 8 * real) == 0

    return Plan(
        configuration.ConfigurationSet(wish.number, size, configuration.as_signed(wish.value, size)),
        (configuration.ConfigurationGet(wish.number),),
        confirms=confirms,
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
