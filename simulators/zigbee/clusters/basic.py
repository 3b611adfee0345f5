"""Basic: who made the device, and factory settings for what was written to it (ZCL8, 3.2)."""

from dataclasses import dataclass
from typing import ClassVar, Final

from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.basic import BASIC, PowerSource, ResetToFactoryDefaults
from drivers.zigbee.zcl.status import ZclStatus
from simulators.zigbee.attributes import between, text_up_to
from simulators.zigbee.clusters.side import Answer, Peer, Side

MANUFACTURER_NAME: Final = "hubagent"
DATE_CODE: Final = "20261123"
SW_BUILD_ID: Final = "1.0.0"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is printed on a device."""

    model: str
    power_source: PowerSource
    serial: str = ""
    location: str = ""


class BasicServer(Side):
    CLUSTER = BASIC
    REVISION = 3
    COMMANDS: ClassVar = (ResetToFactoryDefaults,)

    def __init__(self, identity: Identity) -> None:
        super().__init__()
        self.sw_build_id = SW_BUILD_ID
        """Another one after an upgrade."""
        self._constant("zcl_version", 8)
        self._constant("application_version", 1)
        self._constant("stack_version", 2)
        self._constant("hw_version", 1)
        self._constant("manufacturer_name", MANUFACTURER_NAME)
        self._constant("model_identifier", identity.model)
        self._constant("date_code", DATE_CODE)
        self._constant("power_source", identity.power_source)
        self._constant("serial_number", identity.serial)
        self._keeps("location_description", identity.location[:16], text_up_to(16))
        self._keeps("physical_environment", 0, between(0, 0x7F, unknown=True))
        self._shows("sw_build_id", lambda: self.sw_build_id)

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:  # noqa: ARG002 - there is but one
        self.place.reset_attributes()
        return ZclStatus.SUCCESS
