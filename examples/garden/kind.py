"""What the entry point names: the keys of `[drivers.garden]` in hub.toml, and how the driver is made."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from garden.driver import GardenDriver


class GardenSettings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    port: str = Field(min_length=1, description="a path, or /dev/serial/by-id/...")


class GardenKind:
    name = "garden"
    settings: type = GardenSettings
    disturbed_by_usb_3 = False

    def make(self, settings: GardenSettings, runtime: Any, records: Any) -> GardenDriver:
        return GardenDriver(settings.port, runtime)


KIND = GardenKind()
