"""What people ask of the network itself, and of one device beyond its functions."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hubagent.model.device import DeviceId
from hubagent.model.driver import NotPossible, Record

if TYPE_CHECKING:
    from drivers.zigbee.driver import ZigbeeDriver


class Actions:
    def __init__(self, driver: "ZigbeeDriver") -> None:
        self._driver = driver

    async def act(self, action: str, device: DeviceId | None, arguments: Mapping[str, Any]) -> Record:
        """Raises DeviceUnreachable, DriverUnavailable or NotPossible."""
        raise NotPossible(action)

    async def find_devices(self) -> None:
        pass
