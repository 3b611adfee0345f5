"""Asking nodes: a question to one of their applications (ZCL) or to the node itself (ZDO), with its answer.

An answer carries its question's sequence number. Interviews and polls ask a few questions at a time, of all nodes:
more would only collide in the air. Whoever waits for the outcome of a command does not wait for them.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, Final, TypeVar

from drivers.zigbee.capabilities.translation import Read, ToSend
from drivers.zigbee.endpoints import HOME_PROFILE, HUB, WILDCARD_PROFILE, ZDO_PROFILE
from drivers.zigbee.exchange import Priority
from drivers.zigbee.node import ZDO, Node
from drivers.zigbee.radio import Address, Radio, Sent, Transmission
from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.table import decode_command
from drivers.zigbee.zcl.foundation import (
    DefaultResponse,
    GlobalCommand,
    ReadAttributes,
    ReadAttributesResponse,
    decode_global,
    global_frame,
)
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus
from drivers.zigbee.zdo.message import RESPONSE, Message, ZdoStatus
from drivers.zigbee.zdo.table import encode
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable

ANSWER_S: Final = 5.0
ANSWER_OF_SLEEPER_S: Final = 10.0
"""How long after its question arrived a node may take to answer."""
ASKED_MAX: Final = 2
"""How often a question is asked that arrived and was not answered."""
AT_A_TIME: Final = 4
"""Unhurried questions."""
UNREADABLE: Final = frozenset(
    (
        ZclStatus.UNSUPPORTED_ATTRIBUTE,
        ZclStatus.UNSUP_GENERAL_COMMAND,
        ZclStatus.UNSUP_COMMAND,
        ZclStatus.UNSUPPORTED_CLUSTER,
        ZclStatus.WRITE_ONLY,
        ZclStatus.NOT_AUTHORIZED,
        ZclStatus.NOT_FOUND,
        ZclStatus.FAILURE,
        ZclStatus.INVALID_SELECTOR,
        ZclStatus.MALFORMED_COMMAND,
    )
)
"""There is no such attribute, or it is not for us."""

_Answer = TypeVar("_Answer", bound=Message)


def profile_of(node: Node, endpoint: int) -> int:
    """As the end point said it of itself, or the one that all homes have."""
    known = node.record.endpoints.get(endpoint)
    return HOME_PROFILE if known is None or known.profile in (0, WILDCARD_PROFILE) else known.profile


def address_of(node: Node, endpoint: int, cluster: int) -> Address:
    known = node.addresses.get((endpoint, cluster))
    if known is None:
        known = Address(profile_of(node, endpoint), cluster, endpoint, HUB)
        if endpoint in node.record.endpoints:
            node.addresses[endpoint, cluster] = known
    return known


class Questions:
    """One for all nodes."""

    def __init__(self, radio: Radio) -> None:
        self._radio = radio
        self._unhurried = asyncio.Semaphore(AT_A_TIME)

    def _turn(self, node: Node, priority: Priority) -> AbstractAsyncContextManager[object]:
        """A node that sleeps again in a moment does not wait for the others."""
        if priority < Priority.INTERVIEW or node.record.sleeps:
            return nullcontext()
        return self._unhurried

    async def ask(
        self,
        node: Node,
        address: Address,
        build: Callable[[int], bytes],
        number: Callable[[], int],
        priority: Priority,
        *,
        answered_on: int,
        specific: bool = False,
        command: int = 0,
    ) -> Any:
        """The answer, or None where the node has the question and does not answer.

        `build` makes the message of the sequence number that `number` gives (with `ZDO` set for those of the ZDO).
        Raises DeviceUnreachable where the question does not arrive, DriverUnavailable where it does not leave.
        """
        async with node.questions:
            for _ in range(ASKED_MAX):
                asked = number()
                answer = node.wait_for(asked, answered_on, specific=specific, command=command)
                try:
                    async with self._turn(node, priority):
                        transmission = await self._radio.deliver(node, address, build(asked & 0xFF), priority, answer)
                        if answer.done():
                            return answer.result()
                        raise_unless_arrived(node, transmission)
                        try:
                            async with asyncio.timeout(ANSWER_OF_SLEEPER_S if node.record.sleeps else ANSWER_S):
                                return await asyncio.shield(answer)
                        except TimeoutError:
                            continue
                finally:
                    node.stop_waiting(asked)
            return None

    async def tell(self, node: Node, to_send: ToSend, priority: Priority) -> int | None:
        """What the node says of a command: a ZclStatus; None where it has it and says nothing. Raises as `ask`."""
        specific = isinstance(to_send.command, ClusterCommand)
        frame = await self.ask_zcl(node, to_send.endpoint, to_send.cluster, to_send.frame, priority, specific=specific)
        return None if frame is None else status_in(to_send.cluster, frame)

    async def ask_zcl(
        self,
        node: Node,
        endpoint: int,
        cluster: int,
        frame: Callable[[int], ZclFrame],
        priority: Priority,
        *,
        specific: bool = False,
    ) -> ZclFrame | None:
        """The frame that answers. Raises as `ask`."""
        answer: ZclFrame | None = await self.ask(
            node,
            address_of(node, endpoint, cluster),
            lambda sequence: frame(sequence).to_bytes(),
            node.next_sequence,
            priority,
            answered_on=cluster,
            specific=specific,
            command=frame(0).command,
        )
        return answer

    async def ask_global(
        self,
        node: Node,
        endpoint: int,
        cluster: int,
        command: GlobalCommand,
        priority: Priority,
        manufacturer_code: int | None = None,
    ) -> GlobalCommand | None:
        """What answers a command of the foundation: its response, or a default response. Raises as `ask`."""
        frame = await self.ask_zcl(
            node,
            endpoint,
            cluster,
            lambda sequence: global_frame(sequence, command, manufacturer_code=manufacturer_code),
            priority,
        )
        try:
            return None if frame is None or frame.cluster_specific else decode_global(frame)
        except MalformedFrame:
            return None

    async def read(self, node: Node, read: Read, priority: Priority) -> Mapping[int, Any] | None:
        """What the attributes are: None for one that is not there; left out is what is not known.

        None instead of all where the node does not answer. Attributes that did not fit into an answer are asked for
        again. Raises as `ask`.
        """
        values: dict[int, Any] = {}
        missing = list(read.attributes)
        while missing:
            answer = await self.ask_global(
                node, read.endpoint, read.cluster, ReadAttributes(tuple(missing)), priority, read.manufacturer_code
            )
            if isinstance(answer, DefaultResponse):
                return values | (dict.fromkeys(missing) if answer.status in UNREADABLE else {})
            if not isinstance(answer, ReadAttributesResponse):
                return values or None
            before = len(missing)
            for record in answer.records:
                if record.status == ZclStatus.SUCCESS or record.status in UNREADABLE:
                    values[record.attribute] = record.value if record.status == ZclStatus.SUCCESS else None
                if record.attribute in missing:
                    missing.remove(record.attribute)
            if len(missing) == before:
                return values
        return values

    async def ask_zdo(
        self, node: Node, request: Message, expected: type[_Answer], priority: Priority
    ) -> _Answer | None:
        """What the node's device objects answer. Raises as `ask`."""
        answer = await self.ask(
            node,
            Address(ZDO_PROFILE, request.CLUSTER, 0, 0),
            lambda sequence: encode(sequence, request),
            lambda: node.next_zdo_sequence() | ZDO,
            priority,
            answered_on=request.CLUSTER | RESPONSE,
        )
        return answer if isinstance(answer, expected) else None

    async def ask_of_itself(
        self, node: Node, request: Callable[[int], Message], expected: type[_Answer], priority: Priority
    ) -> _Answer | None:
        """What the node tells of itself. Raises as `ask`.

        It is asked by its address, and of any but its own it knows nothing (Zigbee Specification 05-3474-22
        §2.4.4.2): where that has become another one on the way, what it says is no answer, and it is asked anew.
        """
        for _ in range(ASKED_MAX):
            node_id = node.node_id
            answer = await self.ask_zdo(node, request(node_id), expected, priority)
            if getattr(answer, "status", ZdoStatus.SUCCESS) == ZdoStatus.SUCCESS or node.node_id == node_id:
                return answer
        raise DeviceUnreachable(f"{node.device} is at another address whenever it is asked")


def status_in(cluster: int, frame: ZclFrame) -> int:
    """What an answer to a command says of it: its status, or that of what was written; without one it is a success."""
    try:
        answer = decode_command(cluster, frame) if frame.cluster_specific else decode_global(frame)
    except MalformedFrame:
        return ZclStatus.FAILURE
    if isinstance(answer, DefaultResponse):
        return answer.status
    records = getattr(answer, "records", ())
    worst = [record.status for record in records if getattr(record, "status", ZclStatus.SUCCESS) != ZclStatus.SUCCESS]
    status: int = worst[0] if worst else getattr(answer, "status", ZclStatus.SUCCESS)
    return status


def raise_unless_arrived(node: Node, transmission: Transmission) -> None:
    """Raises DeviceUnreachable or DriverUnavailable."""
    if transmission.sent is Sent.NOT_SENT:
        raise DriverUnavailable(transmission.detail)
    if transmission.sent is Sent.UNACKNOWLEDGED:
        raise DeviceUnreachable(f"{node.device}: {transmission.detail}")
