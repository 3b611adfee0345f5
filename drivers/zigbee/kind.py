"""What the entry point names: the keys of `[drivers.zigbee]`, and how to make the driver."""

import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from drivers.zigbee.coordinator import CoordinatorSettings
from drivers.zigbee.driver import ZigbeeDriver
from drivers.zigbee.network_identity import CHANNELS, NetworkWishes
from hubagent.model.driver import Records
from hubagent.runtime import Runtime

_HEX = re.compile(r"(0x)?[0-9a-fA-F]+")


class NetworkSettings(BaseModel):
    """The table `[drivers.zigbee.network]`: what is not said is drawn when a network is formed, and kept."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    channel: int | None = Field(default=None, ge=CHANNELS[0], le=CHANNELS[-1], description="11 to 26")
    pan_id: int | None = Field(default=None, ge=1, le=0xFFEF, description="a number, as 0x1a62")
    extended_pan_id: str | None = Field(default=None, description="16 hexadecimal digits")
    network_key: SecretStr | None = Field(default=None, description="32 hexadecimal digits; a secret")

    @field_validator("extended_pan_id")
    @classmethod
    def _is_extended_pan_id(cls, value: str | None) -> str | None:
        if value is None:
            return None
        digits = _digits(value, 16)
        if digits in ("0" * 16, "f" * 16):
            raise ValueError("it is neither all zeros nor all ones")
        return digits

    @field_validator("network_key")
    @classmethod
    def _is_key(cls, value: SecretStr | None) -> SecretStr | None:
        return None if value is None else SecretStr(_digits(value.get_secret_value(), 32))

    def wishes(self) -> NetworkWishes:
        extended, key = self.extended_pan_id, self.network_key
        return NetworkWishes(
            self.channel,
            self.pan_id,
            None if extended is None else int(extended, 16),
            None if key is None else bytes.fromhex(key.get_secret_value()),
        )


def _digits(text: str, count: int) -> str:
    """The digits, without what people write between them."""
    bare = text.replace(":", "").replace("-", "").replace(" ", "")
    if _HEX.fullmatch(bare) is None or len(bare.lower().removeprefix("0x")) != count:
        # What was written is not repeated: it may be a key.
        raise ValueError(f"{count} hexadecimal digits are needed")
    return bare.lower().removeprefix("0x")


class ZigbeeSettings(BaseModel):
    """The table `[drivers.zigbee]` of hub.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    port: str = Field(min_length=1, description="a path, /dev/serial/by-id/..., a pty, or socket://HOST:PORT")
    baud: int = Field(default=115200, ge=9600, le=3_000_000, description="the speed that the stick's maker names")
    network: NetworkSettings = Field(default_factory=NetworkSettings, description="which network it shall be")
    ota_dir: str | None = Field(default=None, min_length=1, description="a folder with firmware of devices (OTA files)")

    @field_validator("ota_dir")
    @classmethod
    def _relative_to_the_file(cls, value: str | None, info: ValidationInfo) -> str | None:
        folder = (info.context or {}).get("folder")
        return value if value is None or folder is None else str(folder / value)


class ZigbeeKind:
    """Implements `hubagent.model.driver.DriverKind`."""

    name = "zigbee"
    settings: type = ZigbeeSettings
    disturbed_by_usb_3 = True

    def make(self, settings: Any, runtime: Runtime, records: Records) -> ZigbeeDriver:
        folder = None if settings.ota_dir is None else Path(settings.ota_dir)
        stick = CoordinatorSettings(settings.port, settings.baud)
        return ZigbeeDriver(stick, settings.network.wishes(), folder, runtime, records)


KIND = ZigbeeKind()
