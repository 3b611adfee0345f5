"""UG100 "Green Power Frames": devices without a battery, and what stands in for them."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.zigbee.ezsp.frame import Command, Response


@dataclass(frozen=True, slots=True)
class GpSinkTableClearAllResponse(Response):
    pass


@dataclass(frozen=True, slots=True)
class GpSinkTableClearAll(Command):
    """UG100 gpSinkTableClearAll."""

    ID: ClassVar = 0x00E2
    RESPONSE: ClassVar = GpSinkTableClearAllResponse
