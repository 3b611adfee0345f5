"""An endpoint of a simulated node: the sides of clusters that live on it, and who answers what (ZCL8, 2.4 and 2.5.12).

Decoding, the direction bit, responses and default responses are here; what a command does is each side's.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.attribute_records import AttributeValue
from drivers.zigbee.zcl.cluster import ClusterCommand, frame_of
from drivers.zigbee.zcl.clusters.groups import CLUSTER_ID as GROUPS
from drivers.zigbee.zcl.clusters.table import decode_command
from drivers.zigbee.zcl.foundation import (
    ConfigureReportingResponse,
    DefaultResponse,
    DiscoverAttributesExtendedResponse,
    DiscoverAttributesResponse,
    DiscoverCommandsGeneratedResponse,
    DiscoverCommandsReceivedResponse,
    GlobalCommand,
    ReadAttributesResponse,
    ReadReportingConfigurationResponse,
    ReportAttributes,
    WriteAttributesResponse,
    decode_global,
    global_frame,
)
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus
from simulators.device_memory import Kept
from simulators.devices.clock import DeviceClock
from simulators.devices.device import Device
from simulators.devices.health import Health
from simulators.zigbee.clusters.groups import GroupsServer
from simulators.zigbee.clusters.side import Answer, Peer, Side
from simulators.zigbee.foundation_answers import Answered, Silence, answer
from simulators.zigbee.reporting import Reports
from simulators.zigbee.wrong_values import gone_wrong

ANSWERS: Final = (
    ReadAttributesResponse,
    WriteAttributesResponse,
    ConfigureReportingResponse,
    ReadReportingConfigurationResponse,
    DiscoverAttributesResponse,
    DiscoverAttributesExtendedResponse,
    DiscoverCommandsReceivedResponse,
    DiscoverCommandsGeneratedResponse,
    ReportAttributes,
    DefaultResponse,
)
"""Foundation commands that answer or tell something, and ask nothing."""


class Node(Protocol):
    """The node, as its endpoints see it."""

    changed: Callable[[], None]
    """Something that it keeps without power may have changed."""

    health: Health

    @property
    def loop(self) -> asyncio.AbstractEventLoop: ...

    @property
    def clock(self) -> DeviceClock: ...

    @property
    def eui64(self) -> int: ...

    @property
    def coordinator_eui64(self) -> int: ...

    def next_sequence(self) -> int: ...

    def is_bound(self, endpoint: int, cluster: int) -> bool: ...

    def send(self, source: "EndPoint", cluster: int, to: Peer, payload: bytes) -> None: ...

    def answer(self, source: "EndPoint", cluster: int, to: Peer, payload: bytes) -> None:
        """Likewise, what was asked for."""
        ...

    def send_bound(self, source: "EndPoint", cluster: int, payload: bytes) -> None: ...

    def address_of(self, eui64: int) -> int | None: ...

    def poll_fast(self, seconds: float) -> None: ...

    def reset_attributes(self) -> None: ...


class EndPoint:
    """A `clusters.side.Place`. `device` is what its clusters are about, where there is one."""

    def __init__(
        self,
        number: int,
        device_type: int,
        sides: Sequence[Side],
        *,
        device: Device | None = None,
        profile: int = 0x0104,
        device_version: int = 1,
    ) -> None:
        self.number = number
        self.profile = profile
        self.device_type = device_type
        self.device_version = device_version
        self._sides = tuple(sides)
        self._servers = {side.cluster.id: side for side in sides if side.is_server}
        self._clients = {side.cluster.id: side for side in sides if not side.is_server}
        self._device = device
        self._node: Node | None = None
        self._reports: Reports | None = None
        self._hearing = False
        self._has_power = True

    def attach(self, node: Node) -> None:
        """To its node, once and for all."""
        self._node = node
        self._reports = Reports(node.loop, node.clock, self._listened, self._report)
        for side in self._sides:
            side.placed(self)
        self._reports.reset(self._sides)
        if self._device is not None:
            self._device.listen(self._happened)

    @property
    def inputs(self) -> tuple[int, ...]:
        return tuple(self._servers)

    @property
    def outputs(self) -> tuple[int, ...]:
        return tuple(self._clients)

    # --- what its sides see

    @property
    def node(self) -> Node:
        assert self._node is not None, "an endpoint that is on no node"
        return self._node

    @property
    def reports(self) -> Reports:
        assert self._reports is not None, "an endpoint that is on no node"
        return self._reports

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        return self.node.loop

    @property
    def clock(self) -> DeviceClock:
        return self.node.clock

    @property
    def eui64(self) -> int:
        return self.node.eui64

    @property
    def coordinator_eui64(self) -> int:
        return self.node.coordinator_eui64

    def server(self, cluster: int) -> Side | None:
        return self._servers.get(cluster)

    def client(self, cluster: int) -> Side | None:
        return self._clients.get(cluster)

    def sides(self) -> tuple[Side, ...]:
        return self._sides

    def in_group(self, group: int) -> bool:
        groups = self.server(GROUPS)
        return isinstance(groups, GroupsServer) and group in groups.members

    def look(self) -> None:
        """What a command changes is told after the command's own answer, and by nobody who has no power."""
        self.node.changed()
        if self._has_power and not self._hearing:
            self.reports.look()

    def reset_attributes(self) -> None:
        self.node.reset_attributes()

    def address_of(self, eui64: int) -> int | None:
        return self.node.address_of(eui64)

    def tell_bound(self, command: ClusterCommand) -> None:
        self.node.send_bound(self, command.CLUSTER, self._unasked(command))

    def tell(self, node_id: int, endpoint: int, command: ClusterCommand) -> None:
        self.node.send(self, command.CLUSTER, Peer(node_id, endpoint, self.profile), self._unasked(command))

    def tell_eui64(self, eui64: int, endpoint: int, command: ClusterCommand) -> None:
        node_id = self.node.address_of(eui64)
        if node_id is not None:
            self.tell(node_id, endpoint, command)

    def ask(self, node_id: int, endpoint: int, cluster: int, command: int, payload: bytes) -> None:
        frame = ZclFrame(self.node.next_sequence(), command, payload, cluster_specific=False, from_server=False)
        self.node.send(self, cluster, Peer(node_id, endpoint, self.profile), frame.to_bytes())

    def poll_fast(self, seconds: float) -> None:
        self.node.poll_fast(seconds)

    # --- what happens to it

    def hear(self, cluster: int, frame: ZclFrame, sender: Peer) -> None:
        """A ZCL frame for one of its clusters."""
        side = (self._clients if frame.from_server else self._servers).get(cluster)
        if side is None:
            self._refuse(cluster, frame, sender, ZclStatus.UNSUPPORTED_CLUSTER)
            return
        self._hearing = True
        try:
            if frame.cluster_specific:
                self._cluster_command(side, frame, sender)
            else:
                self._global_command(side, frame, sender)
        except MalformedFrame:
            self._refuse(cluster, frame, sender, ZclStatus.MALFORMED_COMMAND)
        finally:
            self._hearing = False
        self.look()

    def joined(self) -> None:
        for side in self._sides:
            side.joined()
        self.look()

    def left(self) -> None:
        """Out of the network, with all that was set up there."""
        for side in self._sides:
            side.halt()
            side.reset()
        self.reports.reset(self._sides)

    def lose_power(self) -> None:
        self._has_power = False
        self.reports.stop()
        for side in self._sides:
            side.halt()

    def power_returned(self) -> None:
        """Whoever listens is told how things are now."""
        self._has_power = True
        for side in self._sides:
            side.power_returned()
        self.reports.forget()
        self.look()

    def _happened(self, attribute: str) -> None:
        if self._has_power:
            for side in self._sides:
                side.happened(attribute)
        self.look()

    # --- what it keeps without power

    def kept(self) -> Kept:
        """By side: what that keeps, and which reports of it were configured."""
        entries = {_name(it): {"kept": it.kept(), "reporting": self.reports.kept(it)} for it in self._sides}
        return {name: entry for name, entry in entries.items() if any(entry.values())}

    def restore(self, kept: Kept) -> None:
        for side in self._sides:
            entry = kept.get(_name(side))
            if entry is not None:
                side.restore(entry["kept"])
                self.reports.restore(side, entry["reporting"])

    # --- answers

    def _cluster_command(self, side: Side, frame: ZclFrame, sender: Peer) -> None:
        command = decode_command(side.cluster.id, frame)
        if not isinstance(command, side.commands):
            unknown = ZclStatus.UNSUP_COMMAND if frame.manufacturer_code is None else _UNSUP_MANUFACTURER
            self._refuse(side.cluster.id, frame, sender, unknown)
            return
        self._reply(side, frame, sender, side.react(command, sender))

    def _reply(self, side: Side, frame: ZclFrame, sender: Peer, said: Answer) -> None:
        match said:
            case None:
                self._refuse(side.cluster.id, frame, sender, ZclStatus.UNSUP_COMMAND)
            case ZclStatus():
                self._default_response(side.cluster.id, frame, sender, said)
            case tuple():
                for command in said:
                    self._respond(command, frame, sender)
            case _:
                self._respond(said, frame, sender)

    def _respond(self, command: ClusterCommand, frame: ZclFrame, sender: Peer) -> None:
        reply = frame.answer(command.COMMAND, command.to_bytes(), cluster_specific=True)
        self._send(command.CLUSTER, sender, reply)

    def _global_command(self, side: Side, frame: ZclFrame, sender: Peer) -> None:
        command = decode_global(frame)
        if isinstance(command, ANSWERS):
            side.answered(frame, sender)
            said: Answered = ZclStatus.SUCCESS
        else:
            said = answer(side, self.reports, command, frame.manufacturer_code)
        match said:
            case Silence():
                pass
            case None:
                unknown = ZclStatus.UNSUP_GENERAL_COMMAND
                if frame.manufacturer_code is not None:
                    unknown = ZclStatus.UNSUP_MANUF_GENERAL_COMMAND
                self._refuse(side.cluster.id, frame, sender, unknown)
            case ZclStatus():
                self._default_response(side.cluster.id, frame, sender, said)
            case _:
                reply = frame.answer(said.COMMAND, said.to_bytes(), cluster_specific=False)
                self._send(side.cluster.id, sender, reply)

    def _refuse(self, cluster: int, frame: ZclFrame, sender: Peer, status: ZclStatus) -> None:
        self._default_response(cluster, frame, sender, status)

    def _default_response(self, cluster: int, frame: ZclFrame, sender: Peer, status: ZclStatus) -> None:
        """ZCL8, 2.5.12.2: to what came to this node alone and is no default response itself; where the sender wants
        none only if something went wrong."""
        is_one = not frame.cluster_specific and frame.command == DefaultResponse.COMMAND
        unwanted = frame.disable_default_response and status == ZclStatus.SUCCESS
        if not sender.alone or is_one or unwanted:
            return
        said: GlobalCommand = DefaultResponse(frame.command, status)
        self._send(cluster, sender, frame.answer(said.COMMAND, said.to_bytes(), cluster_specific=False))

    def _send(self, cluster: int, sender: Peer, frame: ZclFrame) -> None:
        self.node.answer(self, cluster, sender, frame.to_bytes())

    def _unasked(self, command: ClusterCommand) -> bytes:
        return frame_of(self.node.next_sequence(), command).to_bytes()

    # --- reports

    def _listened(self, side: Side) -> bool:
        return self.node.is_bound(self.number, side.cluster.id)

    def _report(self, side: Side, manufacturer: int | None, values: tuple[AttributeValue, ...]) -> None:
        wrong = self.node.health.reports
        frame = global_frame(
            self.node.next_sequence(),
            ReportAttributes(values if wrong is None else tuple(gone_wrong(value, wrong) for value in values)),
            from_server=side.is_server,
            manufacturer_code=manufacturer,
            disable_default_response=True,
        )
        self.node.send_bound(self, side.cluster.id, frame.to_bytes())


def _name(side: Side) -> str:
    return f"{'server' if side.is_server else 'client'} 0x{side.cluster.id:04x}"


_UNSUP_MANUFACTURER: Final = ZclStatus.UNSUP_MANUF_CLUSTER_COMMAND
