"""What the Z-Wave nodes of the bench say, as the stick hands it on."""

from typing import Final

from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.duration import INSTANTLY
from drivers.zwave.command_classes.notification import Event, NotificationReport
from drivers.zwave.command_classes.notification_events import IDLE, HomeSecurityEvent, NotificationType
from drivers.zwave.command_classes.switch_binary import SwitchBinaryReport
from drivers.zwave.serial_api.application import ApplicationCommand
from drivers.zwave.serial_api.function import to_frame

LAMP: Final = 2
MOTION: Final = 3
_RSSI_DBM: Final = -60


def said_by(node: int, command: Command) -> bytes:
    """The frame in which the stick hands on what a node said."""
    return to_frame(ApplicationCommand(node, command.to_bytes(), rssi_dbm=_RSSI_DBM)).to_bytes()


def motion_report(occupied: bool) -> bytes:
    """The frame with which every measurement begins."""
    event, ended = (HomeSecurityEvent.MOTION, b"") if occupied else (IDLE, bytes((HomeSecurityEvent.MOTION,)))
    return said_by(MOTION, NotificationReport(event=Event(NotificationType.HOME_SECURITY, event, ended)))


def lamp_report(on: bool) -> bytes:
    """The frame that says what the lamp is, and that no rule waits for."""
    return said_by(LAMP, SwitchBinaryReport(on, on, INSTANTLY))
