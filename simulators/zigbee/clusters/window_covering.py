"""Window Covering over a roller blind (ZCL8, 7.4): on the wire 100 % is closed, in the device it is open."""

from typing import ClassVar, Final

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.window_covering import (
    WINDOW_COVERING,
    ConfigStatus,
    DownClose,
    GoToLiftPercentage,
    GoToLiftValue,
    Mode,
    Stop,
    UpOpen,
    WindowCoveringType,
)
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.blind import Blind
from simulators.zigbee.attributes import Schedule, between
from simulators.zigbee.clusters.side import Answer, Peer, Side

CLOSED_CM: Final = 200
MOVING_LOOK_S: Final = 1.0


class WindowCoveringServer(Side):
    CLUSTER = WINDOW_COVERING
    REVISION = 2
    COMMANDS: ClassVar = (UpOpen, DownClose, Stop, GoToLiftValue, GoToLiftPercentage)

    def __init__(self, blind: Blind) -> None:
        super().__init__()
        self._blind = blind
        self._mode = self._keeps("mode", 0, between(0, int(Mode.REVERSED)))
        self._constant("window_covering_type", WindowCoveringType.ROLLERSHADE)
        self._shows("current_position_lift", lambda: round(self._closed * CLOSED_CM / 100))
        self._shows("config_status", self._config_status)
        self._shows("current_position_lift_percentage", lambda: round(self._closed), schedule=Schedule(1, 3600, 1))
        self._constant("installed_open_limit_lift", 0)
        self._constant("installed_closed_limit_lift", CLOSED_CM)

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:  # noqa: ARG002 - whoever asks
        match command:
            case UpOpen():
                self._go_to(0.0)
            case DownClose():
                self._go_to(100.0)
            case Stop():
                self._blind.stop()
            case GoToLiftPercentage(percentage):
                if percentage > 100:
                    return ZclStatus.INVALID_VALUE
                self._go_to(percentage)
            case GoToLiftValue(lift):
                if lift > CLOSED_CM:
                    return ZclStatus.INVALID_VALUE
                self._go_to(lift * 100 / CLOSED_CM)
        return ZclStatus.SUCCESS

    def next_look_s(self) -> float | None:
        return MOVING_LOOK_S if self._blind.moving else None

    def scene_fields(self) -> bytes:
        return bytes((round(self._closed),))

    def recall_scene(self, fields: bytes, transition_s: float) -> None:  # noqa: ARG002 - its motor has one speed
        if not fields or fields[0] > 100:
            raise MalformedFrame("a scene without a position")
        self._go_to(fields[0])

    @property
    def _reversed(self) -> bool:
        return bool((self._mode.number or 0) & Mode.REVERSED)

    @property
    def _closed(self) -> float:
        return self._blind.position if self._reversed else 100 - self._blind.position

    def _go_to(self, closed: float) -> None:
        self._blind.go_to(closed if self._reversed else 100 - closed)

    def _config_status(self) -> int:
        status = ConfigStatus.OPERATIONAL | ConfigStatus.ONLINE | ConfigStatus.LIFT_CLOSED_LOOP
        return status | (ConfigStatus.REVERSED if self._reversed else 0)
