"""A node's endpoint 0: ZDO requests come in, and their answers go out (Zigbee Specification 05-3474-23, 2.4).

What is answered is `zdo_discovery`'s and `zdo_management`'s.
"""

from typing import Final

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zdo.message import RESPONSE, Message, ZdoStatus
from drivers.zigbee.zdo.table import decode, encode
from simulators.zigbee.radio import BROADCASTS_FROM, ApsMessage
from simulators.zigbee.zdo_discovery import Asked, ZdoDiscovery
from simulators.zigbee.zdo_management import ZdoManagement

UNANSWERED: Final = frozenset((0x0013, 0x001F))
"""Device_annce and Parent_annce are told, not asked."""


class ZdoAnswers:
    def __init__(self, node: Asked) -> None:
        self._node = node
        self._answers: Final = {**ZdoDiscovery(node).answers, **ZdoManagement(node).answers}

    def receive(self, message: ApsMessage) -> None:
        if message.cluster & RESPONSE or message.cluster in UNANSWERED or not message.payload:
            return
        alone = message.destination < BROADCASTS_FROM
        try:
            sequence, request = decode(message.cluster, message.payload)
        except MalformedFrame:
            self._refuse(message, alone, ZdoStatus.INV_REQUESTTYPE)
            return
        known = self._answers.get(type(request)) if isinstance(request, Message) else None
        if known is None:
            self._refuse(message, alone, ZdoStatus.NOT_SUPPORTED)
            return
        answer = known(request, alone)
        if answer is not None:
            self._send(message, answer.CLUSTER, encode(sequence, answer))

    def _refuse(self, message: ApsMessage, alone: bool, status: ZdoStatus) -> None:
        """05-3474-23, 2.4.5: nobody says to a broadcast that he does not know it."""
        if alone:
            self._send(message, RESPONSE | message.cluster, bytes((message.payload[0], status)))

    def _send(self, message: ApsMessage, cluster: int, payload: bytes) -> None:
        self._node.transmit(
            ApsMessage(
                source=self._node.node_id,
                destination=message.source,
                profile=0x0000,
                cluster=cluster,
                source_endpoint=0,
                destination_endpoint=0,
                sequence=0,
                payload=payload,
            )
        )
