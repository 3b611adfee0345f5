"""Meter (SDS13781) on a plug: energy, power, voltage and current, imported only."""

from collections.abc import Iterable

from drivers.zwave.command_classes import meter
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.meter import (
    MeterGet,
    MeterReading,
    MeterReport,
    MeterReset,
    MeterSupportedGet,
    MeterSupportedReport,
    MeterType,
    RateType,
)
from drivers.zwave.command_classes.scaled_value import ScaledValue
from simulators.devices.metering_plug import MeteringPlug
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Outcome, Reaction

KWH, WATT, VOLT, AMPERE = 0, 2, 4, 5
_PRECISION = {KWH: 3, WATT: 1, VOLT: 1, AMPERE: 2}
REPORT_CHANGE_W = 1.0


class MeterReaction(Reaction):
    MODULE = meter
    REPORTS = (MeterReport,)

    def __init__(self, plug: MeteringPlug) -> None:
        self._plug = plug
        self._reported_w = plug.power_w

    def react(self, command: Command) -> Answer:
        match command:
            case MeterSupportedGet():
                return MeterSupportedReport(MeterType.ELECTRIC, True, frozenset(_PRECISION), RateType.IMPORT)
            case MeterGet(scale):
                return self._report(KWH if scale not in _PRECISION else scale)
            case MeterReset(target):
                return self._reset(target)
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        if attribute == "energy":
            yield self._report(KWH)
        if attribute == "power" and abs(self._watts() - self._reported_w) >= REPORT_CHANGE_W:
            self._reported_w = self._watts()
            yield self._report(WATT)
            yield self._report(KWH)

    def _reset(self, target: MeterReading | None) -> Outcome:
        if target is not None and target.scale != KWH:
            return FAILED
        self._plug.reset_energy(0.0 if target is None else target.value)
        return DONE

    def _watts(self) -> float:
        return self._plug.seen("power_w", self._plug.power_w)

    def _report(self, scale: int) -> MeterReport:
        plug = self._plug
        value = {KWH: plug.energy_kwh, WATT: self._watts(), VOLT: plug.VOLTAGE_V, AMPERE: plug.current_a}[scale]
        number = ScaledValue.of(value, precision=_PRECISION[scale])
        return MeterReport(MeterReading(MeterType.ELECTRIC, scale, number, RateType.IMPORT), delta_time_s=0)
