"""What a 700- or 800-series controller can be told of its radio: region, power, and to report how it transmits.

It keeps region and power; the reports it forgets at every start. INS13954-13, SerialAPI Setup. A controller without
these functions is left as it is.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from drivers.zwave.serial_api.function import Request
from drivers.zwave.serial_api.setup import (
    GetPowerlevel,
    GetPowerlevel16Bit,
    GetRfRegion,
    GetSupportedSetup,
    Region,
    SetPowerlevel,
    SetPowerlevel16Bit,
    SetRfRegion,
    SetTransmitReport,
)
from hubagent.model.driver import DriverUnavailable

Ask = Callable[[Request], Awaitable[Any]]


ONE_BYTE_MAX_DECIDBM = 127


@dataclass(frozen=True, slots=True)
class RadioWishes:
    """None leaves the stick as it is."""

    region: Region | None = None
    power_dbm: float | None = None
    """The normal transmit power, in steps of 0.1 dBm."""


NO_WISHES = RadioWishes()


@dataclass(frozen=True, slots=True)
class RadioSetup:
    """How the radio is set up; None where the controller does not say."""

    commands: frozenset[int] = frozenset()
    """The subcommands of SerialAPI Setup that the controller has."""
    region: Region | None = None
    power_dbm: float | None = None
    needs_reset: bool = False
    """A change is in force only after a soft reset."""


async def set_up_radio(ask: Ask, wishes: RadioWishes) -> RadioSetup:
    """Read how the radio is set up, and change what is wished otherwise. Raises DriverUnavailable where refused."""
    commands = frozenset((await ask(GetSupportedSetup())).commands)
    if SetTransmitReport.COMMAND in commands:
        await ask(SetTransmitReport(enable=True))
    region, region_changed = await _region(ask, commands, wishes.region)
    power, power_changed = await _power(ask, commands, wishes.power_dbm)
    return RadioSetup(commands, region, power, region_changed or power_changed)


async def _region(ask: Ask, commands: frozenset[int], wanted: Region | None) -> tuple[Region | None, bool]:
    if GetRfRegion.COMMAND not in commands:
        return None, False
    region: Region | None = (await ask(GetRfRegion())).region
    if wanted is None or wanted is region:
        return region, False
    if not (await ask(SetRfRegion(wanted))).accepted:
        raise DriverUnavailable(f"the stick refuses the radio region {wanted.name.lower()}")
    return wanted, True


async def _power(ask: Ask, commands: frozenset[int], wanted_dbm: float | None) -> tuple[float | None, bool]:
    """In 16 bits where the controller has that: the old form, of one byte, ends at 12.7 dBm."""
    wide = GetPowerlevel16Bit.COMMAND in commands
    if not wide and GetPowerlevel.COMMAND not in commands:
        return None, False
    level = await ask(GetPowerlevel16Bit() if wide else GetPowerlevel())
    if level.decidbm is None:
        return None, False
    wanted = level.decidbm if wanted_dbm is None else round(wanted_dbm * 10)
    if wanted == level.decidbm:
        return level.decidbm / 10, False
    if not wide and wanted > ONE_BYTE_MAX_DECIDBM:
        raise DriverUnavailable(f"the stick can be told a transmit power of at most {ONE_BYTE_MAX_DECIDBM / 10:g} dBm")
    change = (SetPowerlevel16Bit if wide else SetPowerlevel)(wanted, level.measured_at_0_decidbm)
    if not (await ask(change)).accepted:
        raise DriverUnavailable(f"the stick refuses a transmit power of {wanted / 10:g} dBm")
    return wanted / 10, True
