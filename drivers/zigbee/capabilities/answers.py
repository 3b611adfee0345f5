"""What devices ask of a hub, and what it says: the time, whether it takes them for a zone, whether it has something for
them. One function for each question; a question that is not here has no answer of its own kind."""

from collections.abc import Callable
from typing import Any, Final

from drivers.zigbee.capabilities.translation import Place, ToSend
from drivers.zigbee.zcl.attribute_records import ReadRecord
from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters import ias_ace, ias_zone, poll_control, time, tuya
from drivers.zigbee.zcl.clusters.table import decode_command
from drivers.zigbee.zcl.clusters.time import TIME, TimeStatus
from drivers.zigbee.zcl.foundation import ReadAttributes, ReadAttributesResponse
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus

ZONE_ID: Final = 1
"""We know a zone by its device: the number is the same for all."""
ZIGBEE_EPOCH_S: Final = 946_684_800
"""Midnight of 2000-01-01 UTC, from which Zigbee counts seconds (ZCL8 §3.12.2.2.1), since 1970."""
QUESTIONS_MAX: Final = 16
"""Attributes that are answered in one frame."""


def _enrolled(_request: ias_zone.ZoneEnrollRequest, _now_utc_s: float) -> ClusterCommand:
    return ias_zone.ZoneEnrollResponse(ias_zone.EnrollResponseCode.SUCCESS, ZONE_ID)


def _nothing_to_fetch(_request: poll_control.CheckIn, _now_utc_s: float) -> ClusterCommand:
    """What waits for a device that sleeps is sent when it is heard: it need not stay awake for it."""
    return poll_control.CheckInResponse(start_fast_polling=False)


def _armed(command: ias_ace.Arm, _now_utc_s: float) -> ClusterCommand:
    """The remote shows that it was heard. What comes of it is a matter of rules, which hear of a button."""
    return ias_ace.ArmResponse(command.arm_mode)


def _panel(_request: ias_ace.GetPanelStatus, _now_utc_s: float) -> ClusterCommand:
    return ias_ace.GetPanelStatusResponse(ias_ace.PanelStatus.DISARMED, 0, 0, 0)


def _tuya_time(_request: tuya.TimeRequest, now_utc_s: float) -> ClusterCommand:
    seconds = max(0, round(now_utc_s)) & 0xFFFFFFFF
    return tuya.Time(seconds, seconds)


def _tuya_status(_request: tuya.GatewayStatusRequest, _now_utc_s: float) -> ClusterCommand:
    return tuya.GatewayStatus()


ANSWERS: Final[dict[type[ClusterCommand], Callable[[Any, float], ClusterCommand]]] = {
    ias_zone.ZoneEnrollRequest: _enrolled,
    poll_control.CheckIn: _nothing_to_fetch,
    ias_ace.Arm: _armed,
    ias_ace.GetPanelStatus: _panel,
    tuya.TimeRequest: _tuya_time,
    tuya.GatewayStatusRequest: _tuya_status,
}


_ASKING: Final = frozenset(kind.CLUSTER for kind in ANSWERS)


def answers(place: Place, cluster: int, frame: ZclFrame, now_utc_s: float) -> tuple[ToSend, ...]:
    """Raises MalformedFrame."""
    if frame.cluster_specific:
        if cluster not in _ASKING:
            return ()
        command = decode_command(cluster, frame)
        answer = None if command is None else ANSWERS.get(type(command))
        return () if answer is None else (ToSend(place.number, cluster, answer(command, now_utc_s)),)
    if cluster == time.CLUSTER_ID and frame.command == ReadAttributes.COMMAND and not frame.from_server:
        asked = ReadAttributes.from_bytes(frame.payload).attributes[:QUESTIONS_MAX]
        return (ToSend(place.number, cluster, ReadAttributesResponse(_times(asked, now_utc_s))),)
    return ()


def _times(asked: tuple[int, ...], now_utc_s: float) -> tuple[ReadRecord, ...]:
    """Of the hub's clock. Its time zone is the rules': devices are told UTC for each of them."""
    seconds = max(0, round(now_utc_s) - ZIGBEE_EPOCH_S) & 0xFFFFFFFF
    values = {
        "time": seconds,
        "time_status": int(TimeStatus.MASTER | TimeStatus.SYNCHRONIZED),
        "time_zone": 0,
        "standard_time": seconds,
        "local_time": seconds,
    }
    known = {
        attribute.id: ReadRecord(attribute.id, ZclStatus.SUCCESS, attribute.type_id, value)
        for attribute, value in ((TIME.named(name), value) for name, value in values.items())
    }
    return tuple(known.get(one, ReadRecord(one, ZclStatus.UNSUPPORTED_ATTRIBUTE)) for one in asked)
