"""UG100 "Bootloader Frames": handing the port over to what writes firmware."""

from typing import Final

from drivers.zigbee.ezsp.bootloader import (
    GetStandaloneBootloaderVersionPlatMicroPhy,
    GetStandaloneBootloaderVersionPlatMicroPhyResponse,
    LaunchStandaloneBootloader,
    LaunchStandaloneBootloaderResponse,
)
from drivers.zigbee.ezsp.status import Status
from simulators.zigbee.chip import Chip, Handlers

VERSION: Final = 0x0112
_PLATFORM, _MICRO, _PHY = 4, 24, 3


class Bootloading:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip

    def handlers(self) -> Handlers:
        return {
            LaunchStandaloneBootloader: self._launch,
            GetStandaloneBootloaderVersionPlatMicroPhy: lambda _: GetStandaloneBootloaderVersionPlatMicroPhyResponse(
                VERSION, _PLATFORM, _MICRO, _PHY
            ),
        }

    def _launch(self, _: LaunchStandaloneBootloader) -> LaunchStandaloneBootloaderResponse:
        self._chip.later(0.0, self._chip.to_bootloader)
        return LaunchStandaloneBootloaderResponse(Status.OK)
