"""What bellows and zigbee2mqtt said to a stick is said to this one: each command has to be answered alike.

The logs are read where they lie; without them there is nothing to compare with.
"""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from drivers.zigbee.ezsp.children import ChildJoinHandler
from drivers.zigbee.ezsp.configuration import Version
from drivers.zigbee.ezsp.frame import Callback
from drivers.zigbee.ezsp.messaging import IncomingMessageHandler, MessageSentHandler
from drivers.zigbee.ezsp.networking import StackStatusHandler
from drivers.zigbee.ezsp.scanning import EnergyScanResultHandler
from drivers.zigbee.ezsp.security import ZigbeeKeyEstablishmentHandler
from drivers.zigbee.ezsp.table import command_type, decode_response
from drivers.zigbee.ezsp.trust_center import TrustCenterJoinHandler
from drivers.zigbee.ezsp.types import ConfigurationId, IncomingType, OutgoingType
from drivers.zigbee.ezsp.utilities import InvalidCommand
from simulators.zigbee.radio import ApsMessage
from tests.simulators.zigbee.bench_host import Ear, World
from tests.simulators.zigbee.captured import CAPTURES, Asked, Conversation, Reset, Said, Step, read

pytestmark = pytest.mark.skipif(not CAPTURES.is_dir(), reason=f"there are no captures at {CAPTURES}")

VERSION = 14
STICK = 0x00124B0000000001
DEVICE, DEVICE_ID = 0x000D6F0000000010, 0x1000
ANOTHER_FAILURE = {"customFrame", "exportLinkKeyByIndex", "getAddressTableInfo"}
"""Refused by both, in different words."""
ANOTHER_STATE = {
    "getTokenData",  # this stick lets its address be restored
    "getExtendedTimeout",  # it remembers what it was told of the own address and of the device's
    "lookupNodeIdByEui64",  # and its own address
}
LIKE_THE_OTHER = {
    "networkState",
    "getNodeId",
    "getEui64",
    "getNetworkParameters",
    "getMulticastTableEntry",
    "findKeyTableEntry",
}
"""Of these the whole answer is the same."""
NOTHING_DONE = {"tokenFactoryReset"}
"""The other stick answered it, and kept its network all the same; what follows in the log relies on that."""
SIZES = {
    ConfigurationId.ADDRESS_TABLE_SIZE: 16,
    ConfigurationId.MULTICAST_TABLE_SIZE: 16,
    ConfigurationId.SOURCE_ROUTE_TABLE_SIZE: 200,
    ConfigurationId.MAX_END_DEVICE_CHILDREN: 32,
}
"""Tables that the other stick had made so large by itself that its host did not have to."""


class Light(Ear):
    """Answers what the device of the log answered."""

    def __init__(self, told: Conversation) -> None:
        super().__init__(DEVICE)
        self._told = told
        self.unknown: list[ApsMessage] = []

    def receive(self, message: ApsMessage) -> None:
        super().receive(message)
        answer = self._told.device.get((message.cluster, message.payload))
        if answer is None:
            self.unknown.append(message)
            return
        assert self.antenna is not None
        cluster, payload = answer
        self.antenna.send(
            replace(
                message, source=self.node_id, destination=message.source, cluster=cluster, payload=payload, group=None
            )
        )


def expected_otherwise(callback: Callback) -> bool:
    """What a real stick says and that of the logs did not."""
    match callback:
        case ZigbeeKeyEstablishmentHandler() | ChildJoinHandler():
            return True
        case MessageSentHandler(outgoing_type=kind):
            return kind in (OutgoingType.BROADCAST, OutgoingType.MULTICAST)
        case IncomingMessageHandler(incoming_type=kind):
            return kind in (IncomingType.BROADCAST_LOOPBACK, IncomingType.MULTICAST_LOOPBACK)
    return False


class Replay:
    def __init__(self, name: str) -> None:
        self.told = read(name)
        self.world = World(version=VERSION)
        self.world.stick.firmware.configuration.update({int(table): size for table, size in SIZES.items()})
        self.world.memory.factory_eui64 = STICK
        self.light = Light(self.told)
        self.world.place("light", self.light)
        self.world.network.admission.free_address = lambda: DEVICE_ID  # type: ignore[method-assign]
        self.host = self.world.host
        self.asked = 0
        self.heard = 0

    async def run(self) -> None:
        self.host.plug()
        before: Step | None = None
        for step in self.told.steps:
            pause_s = 0.0 if before is None else step.at - before.at
            before = step
            match step:
                case Reset():
                    self.host.callbacks.clear()
                    await self.host.reset()
                case Asked(name=name) if name in NOTHING_DONE:
                    pass
                case Asked():
                    await asyncio.sleep(min(pause_s, 30.0))
                    await self._ask(step)
                case Said():
                    await self._hear(step)

    async def _ask(self, step: Asked) -> None:
        self.asked += 1
        if step.name == "version":
            offered = await (
                self.host.legacy_version(step.payload[0]) if step.legacy else self.host.ask(Version(step.payload[0]))
            )
            assert offered.protocol_version == VERSION
            return
        frame = await self.host.raw_ask(step.frame_id, step.payload)
        where = f"line {step.number}, {step.name}"
        assert frame.frame_id != InvalidCommand.ID, where
        kind = command_type(step.frame_id, VERSION)
        assert kind is not None, where
        answer = decode_response(kind, frame, VERSION)
        assert answer.to_bytes(VERSION) == frame.payload, where
        self._compare(step, answer, where)

    def _compare(self, step: Asked, answer: Any, where: str) -> None:
        assert step.answer is not None
        status: Any = getattr(answer, "status", None)
        if step.name in ANOTHER_FAILURE:
            assert not status.ok, where
        elif step.name not in ANOTHER_STATE and status is not None and step.answer:
            assert int(status) == step.answer[0], where
        if step.name in LIKE_THE_OTHER:
            assert plain(answer) == flat(step.answer), where

    async def _hear(self, step: Said) -> None:
        self.heard += 1
        if step.name == "trustCenterJoinHandler":
            self.world.network.press("light")
        callback = await self._next_callback()
        where = f"line {step.number}, {step.name}"
        assert step.frame_id == type(callback).ID, f"{where}: {callback}"
        match callback:
            case StackStatusHandler():
                # Before the logs were recorded somebody numbered these two otherwise.
                assert int(callback.status) in (step.values[0], {3081: 3096, 3082: 3097}.get(step.values[0])), where
            case TrustCenterJoinHandler():
                assert flat(step.values) == plain(callback), where
            case MessageSentHandler():
                assert int(callback.status) == step.values[0], where
                assert callback.message_tag == step.values[4], where
                assert callback.aps_frame.cluster_id == step.values[3]["clusterId"], where
            case IncomingMessageHandler():
                self._compare_incoming(step, callback, where)
            case EnergyScanResultHandler():
                assert callback.channel == step.values[0], where

    def _compare_incoming(self, step: Said, callback: IncomingMessageHandler, where: str) -> None:
        kind, frame, sender, eui64 = step.values[:4]
        assert callback.incoming_type == kind, where
        assert callback.sender == sender, where
        assert callback.sender_eui64 == int(eui64.replace(":", ""), 16), where
        assert (callback.aps_frame.profile_id, callback.aps_frame.cluster_id) == (
            frame["profileId"],
            frame["clusterId"],
        ), where
        if sender == DEVICE_ID and frame["clusterId"] != 0x0013:
            assert callback.message == step.values[-1], where
        else:
            # The stick's own descriptors and the counters of announcements are its own.
            assert len(callback.message) > 1, where

    async def _next_callback(self) -> Callback:
        async with asyncio.timeout(20):
            while expected_otherwise(callback := await self.host.next_callback()):
                pass
            return callback


def plain(record: Any) -> list[Any]:
    """The values of a record in the order of their bytes, one after the other."""
    found: list[Any] = []
    for name in type(record).wire_names(VERSION):
        value = getattr(record, name)
        found += plain(value) if hasattr(type(value), "wire_names") else [int(value)]
    return found


def flat(values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if isinstance(value, dict):
            found += flat(list(value.values()))
        elif isinstance(value, str):
            found.append(int(value.replace(":", ""), 16))
        else:
            found.append(int(value))
    return found


@pytest.mark.parametrize(
    ("name", "commands"), [("bellows_v14.log", 700), ("zigbee2mqtt_v14.log", 60)], ids=["bellows", "zigbee2mqtt"]
)
async def test_every_command_of_a_real_host_is_answered_as_it_was(name: str, commands: int) -> None:
    replay = Replay(name)
    await replay.run()
    assert replay.asked > commands
    assert replay.heard > 40
    assert {it.cluster for it in replay.light.unknown} <= {0x0036, 0x0021, 0x0019, 0x0500, 0x0006}
    assert replay.world.stick.malformed_commands == 0
    assert replay.host.naks() == 0
