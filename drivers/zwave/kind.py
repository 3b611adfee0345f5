"""What the entry point names: the keys of `[drivers.zwave]`, and how to make the driver."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from drivers.zwave.controller import ControllerSettings
from drivers.zwave.driver import ZwaveDriver
from drivers.zwave.radio_setup import RadioWishes
from drivers.zwave.serial_api.setup import Region
from hubagent.model.driver import Records
from hubagent.runtime import Runtime

_REGIONS = {region.name.lower(): region for region in Region if region not in (Region.UNKNOWN, Region.DEFAULT)}


class ZwaveSettings(BaseModel):
    """The table `[drivers.zwave]` of hub.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    port: str = Field(min_length=1, description="a path, /dev/serial/by-id/..., a pty, or socket://HOST:PORT")
    soft_reset: bool = Field(default=True, description="reset the stick's radio stack at the start")
    region: str | None = Field(default=None, description="the radio region, where the stick can change it")
    power_dbm: float | None = Field(
        default=None, ge=-10, le=20, description="the transmit power in dBm, where the stick can change it"
    )

    @field_validator("region")
    @classmethod
    def _known_region(cls, value: str | None) -> str | None:
        if value is not None and value not in _REGIONS:
            raise ValueError(f"no such region; there are {', '.join(sorted(_REGIONS))}")
        return value


class ZwaveKind:
    """Implements `hubagent.model.driver.DriverKind`."""

    name = "zwave"
    settings: type = ZwaveSettings
    disturbed_by_usb_3 = False

    def make(self, settings: Any, runtime: Runtime, records: Records) -> ZwaveDriver:
        region = None if settings.region is None else _REGIONS[settings.region]
        wishes = RadioWishes(region, settings.power_dbm)
        return ZwaveDriver(ControllerSettings(settings.port, settings.soft_reset, wishes), runtime, records)


KIND = ZwaveKind()
