"""IAS WD over a siren (ZCL8, 8.4): it warns for as long as it was told to, at most for MaxDuration."""

from typing import ClassVar, Final

from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.ias_wd import (
    DURATION_MAX_S,
    IAS_WD,
    SirenLevel,
    Squawk,
    StartWarning,
    WarningInfo,
    WarningMode,
)
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.device import Timer
from simulators.devices.siren import Siren
from simulators.zigbee.attributes import between
from simulators.zigbee.clusters.side import Answer, Peer, Place, Side

MAX_DURATION_S: Final = 240
"""ZCL8, 8.4, MaxDuration: from the factory."""
SQUAWK_TONE: Final = 1
WARNING_TONE: Final = 3
_VOLUMES: Final = {SirenLevel.LOW: 25, SirenLevel.MEDIUM: 50, SirenLevel.HIGH: 75, SirenLevel.VERY_HIGH: 100}


class IasWdServer(Side):
    CLUSTER = IAS_WD
    REVISION = 2
    COMMANDS: ClassVar = (StartWarning, Squawk)

    def __init__(self, siren: Siren) -> None:
        super().__init__()
        self._siren = siren
        self._volume = 0
        self._end: Timer | None = None
        self._longest = self._keeps("max_duration", MAX_DURATION_S, between(0, DURATION_MAX_S))

    def placed(self, place: Place) -> None:
        super().placed(place)
        self._end = Timer(place.loop, self._stop)

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:  # noqa: ARG002 - whoever asks
        match command:
            case StartWarning(info, duration_s):
                self._warn(info, duration_s)
            case Squawk(info):
                if not self._warns:
                    self._siren.play(SQUAWK_TONE, _VOLUMES[SirenLevel(info.level)])
        return ZclStatus.SUCCESS

    def happened(self, attribute: str) -> None:
        """A tone that is over begins anew while the warning lasts."""
        if attribute == "tone" and self._siren.tone == 0 and self._warns:
            self._siren.play(WARNING_TONE, self._volume)

    def halt(self) -> None:
        if self._warns:
            self._stop()

    @property
    def _warns(self) -> bool:
        return self._end is not None and self._end.remaining_s is not None

    def _warn(self, info: WarningInfo, duration_s: int) -> None:
        """ZCL8, 8.4, Start Warning: the latest command counts."""
        assert self._end is not None
        seconds = min(duration_s, self._longest.number or 0)
        if info.mode == WarningMode.STOP or seconds == 0:
            self._stop()
            return
        self._volume = _VOLUMES[SirenLevel(info.level)]
        self._end.start(seconds)
        self._siren.play(WARNING_TONE, self._volume)

    def _stop(self) -> None:
        assert self._end is not None
        self._end.stop()
        self._siren.play(0)
