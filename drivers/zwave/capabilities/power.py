"""Meter and Battery: what is used, and what is left."""

from drivers.zwave.capabilities.translation import Said, Translation, read_one
from drivers.zwave.command_classes import battery, meter
from drivers.zwave.command_classes.battery import LOW_WARNING, ChargingStatus
from drivers.zwave.command_classes.meter import MeterType, RateType
from drivers.zwave.node_record import SEEN, EndPoint
from hubagent.model.capabilities.electrical_energy_measurement import ELECTRICAL_ENERGY_MEASUREMENT
from hubagent.model.capabilities.electrical_power_measurement import ELECTRICAL_POWER_MEASUREMENT
from hubagent.model.capabilities.power_source import POWER_SOURCE
from hubagent.model.capability import Capability, Value

KWH, W, V, A, POWER_FACTOR = 0, 2, 4, 5, 6
"""Scales of the electric meter (SDS13781, Meter, table of scales)."""

MEASURED = {W: "power", V: "voltage", A: "current", POWER_FACTOR: "power_factor"}


def _meter_offers(end_point: EndPoint) -> tuple[Capability, ...]:
    facts = end_point.facts_of(meter.COMMAND_CLASS)
    if facts.get("type", MeterType.ELECTRIC) != MeterType.ELECTRIC:
        return ()
    scales = facts.get("scales") or facts.get(SEEN) or [KWH]
    offered: list[Capability] = []
    if KWH in scales:
        offered.append(ELECTRICAL_ENERGY_MEASUREMENT)
    if any(scale in MEASURED for scale in scales):
        offered.append(ELECTRICAL_POWER_MEASUREMENT)
    return tuple(offered)


def _meter_report(report: meter.MeterReport, end_point: EndPoint) -> list[Said]:
    reading = report.reading
    if reading.meter_type != MeterType.ELECTRIC:
        return []
    facts = end_point.facts.setdefault(meter.COMMAND_CLASS, {})
    if "scales" not in facts and reading.scale not in facts.setdefault(SEEN, []):
        # A version 1 meter cannot list its scales: it has those that it has reported.
        facts[SEEN].append(reading.scale)
    exported = reading.rate_type is RateType.EXPORT
    if reading.scale == KWH:
        name = "energy_exported" if exported else "energy"
        return read_one(ELECTRICAL_ENERGY_MEASUREMENT, **{name: reading.value})
    name = MEASURED.get(reading.scale, "")
    if not name:
        return []
    return read_one(ELECTRICAL_POWER_MEASUREMENT, **{name: -reading.value if exported else reading.value})


def _battery_report(report: battery.BatteryReport, _end_point: EndPoint) -> list[Said]:
    warns, condition = report.level == LOW_WARNING, report.condition
    values: dict[str, Value] = {"battery": 0 if warns else report.level, "battery_low": warns}
    if condition is not None:
        # Version 2 may ask for another battery long before it has no level to tell any more.
        values["battery_low"] = warns or condition.replace_soon or condition.replace_now
        values["charging"] = condition.charging_status == ChargingStatus.CHARGING
        if condition.disconnected:
            # CC:0080.02.03.11.010: the level is 0 then, which says nothing, and nor does the charging status.
            values |= {"battery": None, "charging": None}
    return read_one(POWER_SOURCE, **values)


POWER = (
    Translation(meter.COMMAND_CLASS, _meter_offers, {meter.MeterReport: _meter_report}),
    Translation(battery.COMMAND_CLASS, lambda _: (POWER_SOURCE,), {battery.BatteryReport: _battery_report}),
)
