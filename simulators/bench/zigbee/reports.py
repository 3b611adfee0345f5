"""What the Zigbee nodes of the bench say, as the stick hands it on: EZSP frames without the ASH around them.

Their EZSP sequence number is 0. Who puts them into frames writes that of the last command over it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Self

from drivers.zigbee.ezsp.frame import encode_callback
from drivers.zigbee.ezsp.messaging import IncomingMessageHandler
from drivers.zigbee.ezsp.structures import ApsFrame
from drivers.zigbee.ezsp.types import ApsOption, IncomingType
from drivers.zigbee.zcl.attribute_records import AttributeValue
from drivers.zigbee.zcl.cluster import frame_of
from drivers.zigbee.zcl.clusters import ias_zone, level_control, occupancy_sensing, on_off, temperature_measurement
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.foundation import DefaultResponse, GlobalCommand, ReportAttributes, global_frame
from drivers.zigbee.zcl.frame import ZclFrame

VERSION: Final = 14
"""Of EZSP."""
ENDPOINT: Final = 1
HOME_PROFILE: Final = 0x0104
_OCCUPANCY: Final = 0x0000
_ON_OFF: Final = 0x0000
_OPTIONS: Final = ApsOption.RETRY | ApsOption.ENABLE_ROUTE_DISCOVERY
_LQI: Final = 200
_RSSI_DBM: Final = -50


@dataclass(frozen=True, slots=True)
class Member:
    """A node in the network."""

    eui64: int
    node_id: int
    counted: int = 0
    """Its APS counter, from which its messages count on."""

    def __str__(self) -> str:
        """As a subject is told of it."""
        return f"{self.eui64:016x}/{self.node_id:04x}"

    @classmethod
    def told(cls, text: str) -> Self:
        eui64, node_id = text.split("/")
        return cls(int(eui64, 16), int(node_id, 16))


def said_by(member: Member, cluster: int, frame: ZclFrame, counter: int) -> bytes:
    """`counter`: of the node's APS frames since it counts on, as each is another."""
    aps = ApsFrame(HOME_PROFILE, cluster, ENDPOINT, ENDPOINT, _OPTIONS, 0, (member.counted + counter) & 0xFF)
    message = IncomingMessageHandler(
        IncomingType.UNICAST, aps, member.node_id, frame.to_bytes(), _LQI, _RSSI_DBM, member.eui64
    )
    return encode_callback(0, message, VERSION)


def report(member: Member, cluster: int, value: AttributeValue, counter: int) -> bytes:
    frame = global_frame(counter & 0xFF, ReportAttributes((value,)), from_server=True, disable_default_response=True)
    return said_by(member, cluster, frame, counter)


def answer(member: Member, cluster: int, sequence: int, command: GlobalCommand, counter: int) -> bytes:
    frame = global_frame(sequence, command, from_server=True, disable_default_response=True)
    return said_by(member, cluster, frame, counter)


def motion_report(motion: Member, occupied: bool, counter: int) -> bytes:
    """That with which every measurement begins."""
    value = AttributeValue(_OCCUPANCY, DataType.BITMAP8, int(occupied))
    return report(motion, occupancy_sensing.CLUSTER_ID, value, counter)


def lamp_report(lamp: Member, on: bool, counter: int) -> bytes:
    """What the lamp is, and that no rule waits for."""
    value = AttributeValue(_ON_OFF, DataType.BOOLEAN, on)
    return report(lamp, on_off.CLUSTER_ID, value, counter)


def lamp_done(lamp: Member, sequence: int, command: int, counter: int) -> bytes:
    return answer(lamp, on_off.CLUSTER_ID, sequence, DefaultResponse(command, 0), counter)


def reports_of_others(others: tuple[Member, ...], first: int, count: Callable[[Member], int]) -> Iterator[bytes]:
    """One of each, of the kinds of `household.a_device`, where the others begin with number `first`."""
    kinds = (_switched, _moved, _dimmed, _opened, _warmer, _switched)
    for number, member in enumerate(others, start=first):
        yield kinds[number % len(kinds)](member, count(member))


def _switched(member: Member, counter: int) -> bytes:
    return lamp_report(member, counter % 2 == 0, counter)


def _moved(member: Member, counter: int) -> bytes:
    return motion_report(member, counter % 2 == 0, counter)


def _dimmed(member: Member, counter: int) -> bytes:
    value = AttributeValue(0x0000, DataType.UINT8, 1 + counter % 254)
    return report(member, level_control.CLUSTER_ID, value, counter)


def _opened(member: Member, counter: int) -> bytes:
    said = ias_zone.ZoneStatusChangeNotification(counter % 2, 0, 1, 0)
    frame = frame_of(counter & 0xFF, said, disable_default_response=True)
    return said_by(member, ias_zone.CLUSTER_ID, frame, counter)


def _warmer(member: Member, counter: int) -> bytes:
    value = AttributeValue(0x0000, DataType.INT16, 2000 + counter % 100)
    return report(member, temperature_measurement.CLUSTER_ID, value, counter)
