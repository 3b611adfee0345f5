"""What devices ask of the hub, and the status that they wait for: the answer leaves after whatever the home does.

ZCL8 §2.5.12: who sends a command to one node gets an answer of its own kind, or a default response, unless it said that
it wants none. What the clusters' own questions are answered is `capabilities`'; firmware is `ota_server`'s.
"""

from collections.abc import Callable
from typing import Final

from drivers.zigbee.capabilities.answers import QUESTIONS_MAX
from drivers.zigbee.capabilities.table import answers_to
from drivers.zigbee.exchange import Priority
from drivers.zigbee.ezsp.messaging import IncomingMessageHandler
from drivers.zigbee.ezsp.types import IncomingType
from drivers.zigbee.node import Node
from drivers.zigbee.radio import Address, Radio, Transmission
from drivers.zigbee.zcl.attribute_records import ReadRecord
from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters import ota_upgrade, poll_control
from drivers.zigbee.zcl.clusters.poll_control import CheckIn, CheckInResponse
from drivers.zigbee.zcl.clusters.table import decode_command
from drivers.zigbee.zcl.foundation import (
    DefaultResponse,
    GlobalCommand,
    ReadAttributes,
    ReadAttributesResponse,
    ReportAttributes,
)
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus

FAST_POLL: Final = 40
"""Quarters of a second for which a device that checks in is asked to listen, where there is something for it."""
_TO_US_ALONE: Final = frozenset((IncomingType.UNICAST, IncomingType.UNICAST_REPLY))
_REQUESTS: Final = frozenset((0x00, 0x02, 0x03, 0x06, 0x08, 0x0C, 0x0E, 0x0F, 0x11, 0x13, 0x15))
"""Commands of the foundation that want an answer of their own kind (ZCL8 §2.5, table 2-3)."""

AskForFirmware = Callable[[Node, int, ClusterCommand], ClusterCommand | int | None]
"""Answers a command of the OTA cluster from an end point: with a command, a status, or not at all."""


class Services:
    def __init__(
        self,
        radio: Radio,
        utc_s: Callable[[], float],
        firmware: AskForFirmware,
        has_more_for: Callable[[Node], bool],
    ) -> None:
        """`has_more_for`: whether a device that asks that should stay awake for a moment."""
        self._radio = radio
        self._utc_s = utc_s
        self._firmware = firmware
        self._has_more_for = has_more_for

    def answer(self, node: Node, message: IncomingMessageHandler, frame: ZclFrame) -> None:
        """Of one message, when everybody else has been told of it."""
        if not frame.cluster_specific:
            if frame.command in _REQUESTS:
                self._answer_request(node, message, frame)
            elif frame.command == ReportAttributes.COMMAND and not frame.disable_default_response:
                self._status(node, message, frame, ZclStatus.SUCCESS)
            return
        if message.aps_frame.cluster_id == ota_upgrade.CLUSTER_ID and not frame.from_server:
            self._answer_ota(node, message, frame)
            return
        if message.aps_frame.cluster_id == poll_control.CLUSTER_ID and self._has_more_for(node):
            if frame.from_server and frame.command == CheckIn.COMMAND:
                self._send(node, message, frame, CheckInResponse(start_fast_polling=True, fast_poll_timeout=FAST_POLL))
            return
        if not self._own_answers(node, message, frame) and not frame.disable_default_response:
            self._status(node, message, frame, ZclStatus.SUCCESS)

    def _own_answers(self, node: Node, message: IncomingMessageHandler, frame: ZclFrame) -> bool:
        """Whether there is an answer of the question's own kind."""
        aps = message.aps_frame
        answers = answers_to(node.record, aps.source_endpoint, aps.cluster_id, frame, self._utc_s())
        for answer in answers:
            self._send(node, message, frame, answer.command)
        return bool(answers)

    def _answer_request(self, node: Node, message: IncomingMessageHandler, frame: ZclFrame) -> None:
        if message.incoming_type not in _TO_US_ALONE or self._own_answers(node, message, frame):
            return
        if frame.command == ReadAttributes.COMMAND:
            asked = ReadAttributes.from_bytes(frame.payload).attributes[:QUESTIONS_MAX]
            records = tuple(ReadRecord(attribute, ZclStatus.UNSUPPORTED_ATTRIBUTE) for attribute in asked)
            self._send(node, message, frame, ReadAttributesResponse(records))
        else:
            self._status(node, message, frame, ZclStatus.UNSUP_GENERAL_COMMAND)

    def _answer_ota(self, node: Node, message: IncomingMessageHandler, frame: ZclFrame) -> None:
        command = decode_command(ota_upgrade.CLUSTER_ID, frame)
        answer: ClusterCommand | int | None = ZclStatus.UNSUP_COMMAND
        if command is not None:
            answer = self._firmware(node, message.aps_frame.source_endpoint, command)
        if isinstance(answer, ClusterCommand):
            self._send(node, message, frame, answer)
        elif answer is not None and not (answer == ZclStatus.SUCCESS and frame.disable_default_response):
            self._status(node, message, frame, answer)

    def _status(self, node: Node, message: IncomingMessageHandler, frame: ZclFrame, status: int) -> None:
        """A default response, if the question was for us alone."""
        if message.incoming_type in _TO_US_ALONE:
            self._send(node, message, frame, DefaultResponse(frame.command, status))

    def _send(
        self,
        node: Node,
        message: IncomingMessageHandler,
        frame: ZclFrame,
        command: ClusterCommand | GlobalCommand,
    ) -> None:
        aps = message.aps_frame
        specific = isinstance(command, ClusterCommand)
        data = frame.answer(command.COMMAND, command.to_bytes(), cluster_specific=specific).to_bytes()
        # From where it was sent to: broadcasts go to 255, and are answered by our own.
        source = aps.destination_endpoint if aps.destination_endpoint in range(1, 241) else 1
        address = Address(aps.profile_id, aps.cluster_id, aps.source_endpoint, source)
        self._radio.submit(node, address, data, Priority.REPLY, _ignore)


def _ignore(_transmission: Transmission) -> None:
    """It asks again if it did not hear."""
