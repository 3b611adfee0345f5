"""What becomes of messages that a host gives to the stick, and which of those on the air its host hears."""

import asyncio
import itertools

import pytest

from drivers.zigbee.ezsp.address_table import ReplaceAddressTableEntry, SetExtendedTimeout, SetMulticastTableEntry
from drivers.zigbee.ezsp.address_table_13 import IncomingSenderEui64Handler
from drivers.zigbee.ezsp.binding import RemoteSetBindingHandler
from drivers.zigbee.ezsp.configuration import GetValue, SetConfigurationValue, SetPolicy
from drivers.zigbee.ezsp.messaging import (
    IncomingMessageHandler,
    IncomingRouteRecordHandler,
    MaximumPayloadLength,
    MessageSentHandler,
    SendBroadcast,
    SendMulticast,
    SendUnicast,
    SetSourceRouteDiscoveryMode,
)
from drivers.zigbee.ezsp.networking import LeaveNetwork, NetworkInit, SetConcentrator
from drivers.zigbee.ezsp.routing import IncomingNetworkStatusHandler, IncomingRouteErrorHandler
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.structures import ApsFrame, MulticastTableEntry
from drivers.zigbee.ezsp.types import (
    ApsOption,
    ConfigurationId,
    DecisionId,
    IncomingType,
    OutgoingType,
    PolicyId,
    ValueId,
)
from drivers.zigbee.zdo.binding import Binding, BindRsp, MgmtBindRsp, ToEndpoint, UnbindRsp
from drivers.zigbee.zdo.descriptors import LogicalType
from drivers.zigbee.zdo.discovery import ActiveEpRsp, IeeeAddrRsp, NodeDescRsp, NwkAddrRsp, SimpleDescRsp
from drivers.zigbee.zdo.management import MgmtLqiRsp, MgmtNwkUpdateNotify
from drivers.zigbee.zdo.table import decode
from simulators.virtual_time import run_virtual
from simulators.zigbee.network import Air
from simulators.zigbee.radio import ApsMessage
from tests.simulators.zigbee.bench_host import RETRY, SLEEPER, BenchHost, Ear, World

NOBODY = 0x4321
ON = b"\x01\x01\x01"


async def test_a_message_is_taken_at_once_and_told_of_when_it_is_acknowledged() -> None:
    world = World("a", settled=True)
    host = await world.up()
    taken = await host.send(world.id_of("a"), ON, tag=42)
    assert taken.status.ok
    assert host.take(MessageSentHandler) == []
    await asyncio.sleep(0.2)
    sent = host.one(MessageSentHandler)
    assert (sent.status, sent.outgoing_type, sent.index_or_destination, sent.message_tag, sent.message) == (
        Status.OK,
        OutgoingType.DIRECT,
        world.id_of("a"),
        42,
        b"",
    )
    assert sent.aps_frame == ApsFrame(0x0104, 6, 1, 1, RETRY, 0, taken.sequence)
    assert world.ears["a"].heard == [ON]


@pytest.mark.parametrize("version", [13, 14, 19])
async def test_every_message_has_a_counter_of_its_own(version: int) -> None:
    world = World("a", version=version, settled=True)
    host = await world.up()
    sequences = [(await host.send(world.id_of("a"))).sequence for _ in range(8)]
    await asyncio.sleep(1)
    assert len(set(sequences)) == 8
    assert [message.sequence for _, message in world.ears["a"].messages] == sequences
    assert [it.aps_frame.sequence for it in host.take(MessageSentHandler)] == sequences


async def test_what_was_said_comes_back_with_the_word_where_a_policy_asks_for_it() -> None:
    world = World("a", settled=True)
    host = await world.up()
    with_contents = DecisionId.MESSAGE_TAG_AND_CONTENTS_IN_CALLBACK
    assert (await host.ask(SetPolicy(PolicyId.MESSAGE_CONTENTS_IN_CALLBACK, with_contents))).status.ok
    await host.send(world.id_of("a"), ON)
    await asyncio.sleep(0.2)
    assert host.one(MessageSentHandler).message == ON


@pytest.mark.parametrize("options", [RETRY, ApsOption.ENABLE_ROUTE_DISCOVERY])
async def test_nobody_and_whoever_has_no_power_is_not_delivered_to_within_three_seconds(options: int) -> None:
    world = World("a", settled=True)
    host = await world.up()
    world.network.cut_power("a")
    for node_id in (NOBODY, world.id_of("a")):
        assert (await host.send(node_id, options=options)).status.ok
        await asyncio.sleep(3)
        assert host.one(MessageSentHandler).status == Status.ZIGBEE_DELIVERY_FAILED


async def test_a_failed_delivery_has_the_word_of_its_time() -> None:
    world = World(version=13)
    host = await world.up()
    await host.send(NOBODY)
    await asyncio.sleep(3)
    assert host.one(MessageSentHandler).status == Status.ZIGBEE_DELIVERY_FAILED


async def test_without_a_network_nothing_is_sent() -> None:
    host = await World().plugged()
    assert (await host.send(NOBODY)).status == Status.NETWORK_DOWN
    broadcast = await host.ask(SendBroadcast(0xFFFD, ApsFrame(0, 0x36, 0, 0), b"\x01\x3c\x01"))
    assert broadcast.status == Status.NETWORK_DOWN


async def test_a_message_that_is_too_long_is_refused() -> None:
    world = World("a", settled=True)
    host = await world.up()
    longest = (await host.ask(MaximumPayloadLength())).aps_length
    assert (await host.send(world.id_of("a"), bytes(longest))).status.ok
    assert (await host.send(world.id_of("a"), bytes(longest + 1))).status == Status.MESSAGE_TOO_LONG


async def test_a_broadcast_address_is_no_destination_of_a_unicast() -> None:
    host = await World().up()
    assert (await host.send(0xFFFD)).status == Status.INVALID_PARAMETER


async def test_a_message_can_be_sent_by_the_address_table() -> None:
    world = World("a", settled=True)
    host = await world.up()
    node_id, eui64 = world.id_of("a"), world.ears["a"].eui64
    await host.ask(ReplaceAddressTableEntry(3, eui64, node_id, False))
    by_table = SendUnicast(OutgoingType.VIA_ADDRESS_TABLE, 3, ApsFrame(0x0104, 6, 1, 1, RETRY), 1, ON)
    assert (await host.ask(by_table)).status.ok
    await asyncio.sleep(0.2)
    assert world.ears["a"].heard == [ON]
    assert host.one(MessageSentHandler).index_or_destination == 3
    nowhere = SendUnicast(OutgoingType.VIA_ADDRESS_TABLE, 4, ApsFrame(0x0104, 6, 1, 1, RETRY), 1, ON)
    assert (await host.ask(nowhere)).status == Status.INVALID_PARAMETER


# --- limits


async def test_so_many_acknowledged_messages_at_a_time_and_no_more() -> None:
    world = World()
    host = await world.up()
    statuses = [(await host.send(NOBODY)).status for _ in range(12)]
    assert statuses == [Status.OK] * 10 + [Status.ZIGBEE_MAX_MESSAGE_LIMIT_REACHED] * 2
    await asyncio.sleep(5)
    assert len(host.take(MessageSentHandler)) == 10
    assert (await host.send(NOBODY)).status.ok


async def test_memory_ends_at_some_number_of_messages_and_says_so_before() -> None:
    world = World()
    host = await world.up()
    statuses = [(await host.send(NOBODY, options=ApsOption.NONE)).status for _ in range(50)]
    assert statuses.count(Status.ALLOCATION_FAILED) == 2
    assert (await host.ask(GetValue(ValueId.FREE_BUFFERS))).value == b"\x00"
    await asyncio.sleep(5)
    assert (await host.ask(GetValue(ValueId.FREE_BUFFERS))).value == b"\xff"


@pytest.mark.parametrize("version", [13, 14])
async def test_so_many_broadcasts_in_nine_seconds_and_no_more(version: int) -> None:
    host = await World(version=version).up()
    broadcast = SendBroadcast(0xFFFC, ApsFrame(0, 0x36, 0, 0), b"\x01\x3c\x01")
    statuses = [(await host.ask(broadcast)).status for _ in range(10)]
    assert statuses == [Status.OK] * 8 + [Status.BUSY] * 2
    await asyncio.sleep(8)
    assert (await host.ask(broadcast)).status == Status.BUSY
    await asyncio.sleep(2)
    assert (await host.ask(broadcast)).status.ok


async def test_the_limits_are_those_of_the_configuration() -> None:
    world = World()
    host = await world.plugged()
    await host.ask(SetConfigurationValue(ConfigurationId.APS_UNICAST_MESSAGE_COUNT, 2))
    await host.ask(SetConfigurationValue(ConfigurationId.NEW_BROADCAST_ENTRY_THRESHOLD, 1))
    await host.form()
    assert [(await host.send(NOBODY)).status.ok for _ in range(3)] == [True, True, False]
    broadcast = SendBroadcast(0xFFFC, ApsFrame(0, 0x36, 0, 0), b"\x01\x3c\x01")
    assert [(await host.ask(broadcast)).status.ok for _ in range(2)] == [True, False]


# --- to many


async def test_a_broadcast_reaches_whom_its_address_means() -> None:
    world = World("ab", "s", settled=True)
    host = await world.up()
    for destination, payload in ((0xFFFC, b"\x01r"), (0xFFFD, b"\x02a"), (0xFFFF, b"\x03e")):
        await host.ask(SendBroadcast(destination, ApsFrame(0x0104, 6, 1, 1), payload, 0, 9))
    await asyncio.sleep(8)
    assert sorted(world.ears["a"].heard) == sorted(world.ears["b"].heard) == [b"\x01r", b"\x02a", b"\x03e"]
    assert world.ears["s"].heard == [b"\x03e"]
    sent = host.take(MessageSentHandler)
    assert [(it.status, it.outgoing_type, it.message_tag) for it in sent] == [
        (Status.OK, OutgoingType.BROADCAST, 9)
    ] * 3


async def test_a_host_hears_its_own_broadcasts_to_endpoints_and_marked_so() -> None:
    host = await World().up()
    await host.ask(SendBroadcast(0xFFFD, ApsFrame(0xA1E0, 0x21, 242, 242), b"\x19\x01\x02\x0b\x3c\x00"))
    await asyncio.sleep(1)
    looped = host.one(IncomingMessageHandler)
    assert (looped.incoming_type, looped.sender) == (IncomingType.BROADCAST_LOOPBACK, 0)
    await host.ask(SendBroadcast(0xFFFC, ApsFrame(0, 0x36, 0, 0), b"\x01\x3c\x01"))
    await asyncio.sleep(1)
    assert host.take(IncomingMessageHandler) == []


@pytest.mark.parametrize("version", [13, 14])
async def test_a_group_is_sent_to_all_who_are_awake_with_its_number(version: int) -> None:
    world = World("ab", "s", version=version, settled=True)
    host = await world.up()
    taken = await host.ask(SendMulticast(ApsFrame(0x0104, 6, 1, 0, 0, 0x1234), ON, 0, 5))
    assert taken.status.ok
    await asyncio.sleep(8)
    for name in "ab":
        ((_, message),) = world.ears[name].messages
        assert (message.group, message.payload, message.destination) == (0x1234, ON, 0xFFFD)
    assert world.ears["s"].heard == []
    sent = host.one(MessageSentHandler)
    assert (sent.outgoing_type, sent.message_tag) == (OutgoingType.MULTICAST, 5)
    assert sent.aps_frame.group_id == 0x1234


# --- from devices


@pytest.mark.parametrize("version", [13, 14, 19])
async def test_a_device_is_heard_with_who_it_is_and_how_well(version: int) -> None:
    world = World("a", version=version, settled=True)
    host = await world.up()
    world.ears["a"].say(b"\x18\x01\x0a")
    await asyncio.sleep(0.2)
    heard = host.one(IncomingMessageHandler)
    assert (heard.incoming_type, heard.sender, heard.message) == (
        IncomingType.UNICAST,
        world.id_of("a"),
        b"\x18\x01\x0a",
    )
    assert heard.sender_eui64 == (world.ears["a"].eui64 if version >= 14 else 0)
    assert 20 <= heard.last_hop_lqi <= 255
    assert -95 <= heard.last_hop_rssi < -30
    assert heard.aps_frame.profile_id == 0x0104


async def test_a_device_s_counter_goes_on_from_message_to_message() -> None:
    world = World("a", settled=True)
    host = await world.up()
    for number in range(300):
        world.ears["a"].say(bytes((0x18, number % 256, 0x0A)))
        await asyncio.sleep(0.1)
    sequences = [it.aps_frame.sequence for it in host.take(IncomingMessageHandler)]
    assert len(sequences) == 300
    assert all((later - earlier) % 256 == 1 for earlier, later in itertools.pairwise(sequences))


async def test_of_a_group_is_heard_what_the_table_names() -> None:
    world = World("a", settled=True)
    host = await world.up()
    world.ears["a"].say(ON, 0xFFFD, group=0x0385)
    await asyncio.sleep(0.2)
    assert host.take(IncomingMessageHandler) == []
    await host.ask(SetMulticastTableEntry(0, MulticastTableEntry(0x0385, 1, 0)))
    world.ears["a"].say(ON, 0xFFFD, group=0x0385)
    await asyncio.sleep(0.2)
    heard = host.one(IncomingMessageHandler)
    assert (heard.incoming_type, heard.aps_frame.group_id) == (IncomingType.MULTICAST, 0x0385)


async def test_what_fits_into_no_frame_is_not_heard() -> None:
    world = World("a", settled=True)
    host = await world.up()
    world.ears["a"].say(bytes(200))
    world.ears["a"].say(bytes(2000))
    await asyncio.sleep(0.2)
    assert host.one(IncomingMessageHandler).message == bytes(200)


async def test_nothing_is_heard_before_the_stick_is_in_its_network() -> None:
    world = World("a", settled=True)
    host = await world.plugged()
    world.ears["a"].say(ON)
    await asyncio.sleep(5)
    assert host.take(IncomingMessageHandler) == []


async def test_nobody_of_the_network_that_was_left_is_heard() -> None:
    world = World("a", settled=True)
    host = await world.up()
    node_id = world.id_of("a")
    await host.ask(LeaveNetwork())
    world.ears["a"].say(ON)
    await asyncio.sleep(3)
    assert host.statuses() == [Status.NETWORK_DOWN]
    assert host.take(IncomingMessageHandler) == []
    await host.form()
    await host.send(node_id)
    world.ears["a"].say(ON)
    await asyncio.sleep(3)
    assert host.one(MessageSentHandler).status == Status.ZIGBEE_DELIVERY_FAILED
    assert host.take(IncomingMessageHandler) == []
    assert world.network.node_of("a") is None


async def test_answers_and_acknowledgements_come_in_the_order_of_the_air() -> None:
    world = World("a", settled=True)
    host = await world.up()

    class Echo(Ear):
        def receive(self, message: ApsMessage) -> None:
            super().receive(message)
            self.say(b"\x18\x01\x0b", message.source)

    echo = Echo(0x1111)
    world.place("e", echo)
    world.network.join("e")
    await host.send(world.id_of("e"))
    await asyncio.sleep(0.5)
    assert [type(it) for _, it in host.callbacks] == [MessageSentHandler, IncomingMessageHandler]


async def test_a_concentrator_is_told_the_way_that_messages_take() -> None:
    world = World("abcdefgh", settled=True)
    host = await world.up()
    far = next(name for name in "abcdefgh" if len(world.network.path_to(world.network.stations[name])) > 1)
    relays = [it.node_id for it in reversed(world.network.path_to(world.network.stations[far])[:-1])]
    world.ears[far].say(ON)
    await asyncio.sleep(0.2)
    assert host.take(IncomingRouteRecordHandler) == []
    await host.ask(SetConcentrator(True, 0xFFF9, 5, 60, 3, 1, 0))
    assert (await host.ask(SetSourceRouteDiscoveryMode(2))).remaining_time == 5000
    world.ears[far].say(ON)
    world.ears[far].say(ON)
    await asyncio.sleep(0.2)
    record = host.one(IncomingRouteRecordHandler)
    assert (record.source, record.source_eui64, list(record.relays)) == (
        world.id_of(far),
        world.ears[far].eui64,
        relays,
    )


@pytest.mark.parametrize("concentrator", [False, True])
async def test_a_router_on_the_way_says_that_it_could_not_pass_a_message_on(concentrator: bool) -> None:
    world = World("abcdefgh", settled=True)
    host = await world.up()
    far = next(name for name in "abcdefgh" if len(world.network.path_to(world.network.stations[name])) > 1)
    await host.ask(SetConcentrator(concentrator, 0xFFF9, 5, 60, 3, 1, 0))
    world.network.cut_power(far)
    await host.send(world.id_of(far), options=ApsOption.ENABLE_ROUTE_DISCOVERY)
    await asyncio.sleep(3)
    # Without an acknowledgement of its own, a message counts as sent when the next hop has it.
    assert host.one(MessageSentHandler).status.ok
    if concentrator:
        error = host.one(IncomingRouteErrorHandler)
        assert (error.status, error.target) == (Status.ZIGBEE_SOURCE_ROUTE_FAILURE, world.id_of(far))
    else:
        assert host.one(IncomingNetworkStatusHandler).target == world.id_of(far)


# --- those that sleep


def slow_world(poll_s: float) -> World:
    world = World(settled=True)
    world.place("s", Ear(0x5555, capability=SLEEPER, poll_s=poll_s))
    world.network.join("s")
    return world


async def test_a_device_that_sleeps_gets_its_message_when_it_polls() -> None:
    world = slow_world(4.0)
    host = await world.plugged()
    await host.ask(SetConfigurationValue(ConfigurationId.INDIRECT_TRANSMISSION_TIMEOUT, 7680))
    await _init(host)
    await host.ask(SetExtendedTimeout(world.ears["s"].eui64, True))
    began = asyncio.get_running_loop().time()
    await host.send(world.id_of("s"), ON)
    await asyncio.sleep(8)
    assert host.one(MessageSentHandler).status.ok
    ((heard_at, _),) = world.ears["s"].messages
    assert 0 < heard_at - began <= 4.1


async def test_a_sender_in_a_hurry_gives_up_though_the_device_hears_it_later() -> None:
    world = slow_world(6.9)
    host = await world.plugged()
    await host.ask(SetConfigurationValue(ConfigurationId.INDIRECT_TRANSMISSION_TIMEOUT, 7680))
    await _init(host)
    statuses = []
    for _ in range(5):
        await host.send(world.id_of("s"), ON)
        await asyncio.sleep(3)
        statuses.append(host.one(MessageSentHandler).status)
        await asyncio.sleep(10)
    assert Status.ZIGBEE_DELIVERY_FAILED in statuses
    assert world.ears["s"].heard == [ON] * 5


async def test_a_parent_does_not_keep_a_message_for_ever() -> None:
    world = slow_world(60.0)
    host = await world.up()
    await host.ask(SetExtendedTimeout(world.ears["s"].eui64, True))
    for _ in range(3):
        await host.send(world.id_of("s"), ON)
    await asyncio.sleep(8)
    assert {it.status for it in host.take(MessageSentHandler)} == {Status.ZIGBEE_DELIVERY_FAILED}
    await asyncio.sleep(120)
    assert world.ears["s"].heard == []


async def test_one_that_has_just_said_something_is_awake_for_an_answer() -> None:
    world = slow_world(60.0)
    host = await world.up()
    world.ears["s"].say(ON)
    await asyncio.sleep(0.1)
    await host.send(world.id_of("s"), ON)
    await asyncio.sleep(0.5)
    assert host.one(MessageSentHandler).status.ok
    assert world.ears["s"].heard == [ON]


# --- a bad air


async def test_on_a_bad_air_most_is_delivered_and_every_message_is_told_of_once() -> None:
    world = World("abcdef", settled=True, air=Air(loss=0.4))
    host = await world.up()
    for _ in range(20):
        for name in "abcdef":
            await host.send(world.id_of(name))
        await asyncio.sleep(4)
    sent = host.take(MessageSentHandler)
    assert len(sent) == 120
    delivered = sum(it.status.ok for it in sent)
    assert 90 < delivered <= 120
    assert sum(len(ear.messages) for ear in world.ears.values()) >= delivered


async def test_where_nothing_comes_through_nothing_is_delivered() -> None:
    world = World("a", settled=True, air=Air(loss=1.0))
    host = await world.up()
    await host.send(world.id_of("a"))
    world.ears["a"].say(ON)
    await asyncio.sleep(5)
    assert host.one(MessageSentHandler).status == Status.ZIGBEE_DELIVERY_FAILED
    assert world.ears["a"].heard == []
    assert host.take(IncomingMessageHandler) == []


async def test_now_and_then_a_message_is_heard_twice() -> None:
    world = World("a", settled=True, air=Air(duplicates=1.0))
    host = await world.up()
    world.ears["a"].say(ON)
    await asyncio.sleep(2)
    first, second = host.take(IncomingMessageHandler)
    assert first.aps_frame == second.aps_frame


def test_one_seed_tells_one_story() -> None:
    async def story() -> list[object]:
        world = World("abc", "s", settled=True, seed=11, air=Air(loss=0.3, duplicates=0.2))
        host = await world.up()
        for number in range(20):
            await host.send(world.id_of("abcs"[number % 4]))
            world.ears["abc"[number % 3]].say(bytes((0x18, number, 0x0A)))
            await asyncio.sleep(0.5)
        await asyncio.sleep(10)
        world.unplug()
        return [(when, it) for when, it in host.callbacks]

    told = run_virtual(story)
    assert len(told) > 30
    assert told == run_virtual(story)


# --- the stick's own ZDO


async def test_the_stick_tells_who_it_is_and_which_endpoints_it_has() -> None:
    world = World()
    host = await world.plugged()
    await host.add_endpoint(1)
    await host.add_endpoint(242)
    await host.form()
    node = await _ask_zdo(host, 0x0002, b"\x00\x00")
    assert isinstance(node, NodeDescRsp)
    assert node.descriptor is not None
    assert node.descriptor.logical_type == LogicalType.COORDINATOR
    active = await _ask_zdo(host, 0x0005, b"\x00\x00")
    assert isinstance(active, ActiveEpRsp)
    assert active.endpoints == (1, 242)
    simple = await _ask_zdo(host, 0x0004, b"\x00\x00\x01")
    assert isinstance(simple, SimpleDescRsp)
    assert simple.descriptor is not None
    assert (simple.descriptor.profile, simple.descriptor.device_type) == (0x0104, 0x0400)
    assert simple.descriptor.inputs == (0x0000, 0x0006)
    nobody = await _ask_zdo(host, 0x0004, b"\x00\x00\x07")
    assert isinstance(nobody, SimpleDescRsp)
    assert nobody.status == 0x83
    address = await _ask_zdo(host, 0x0001, b"\x00\x00\x00\x00")
    assert isinstance(address, IeeeAddrRsp)
    assert address.eui64 == world.memory.eui64
    own = await _ask_zdo(host, 0x0000, world.memory.eui64.to_bytes(8, "little") + b"\x00\x00")
    assert isinstance(own, NwkAddrRsp)
    assert own.node_id == 0


async def test_the_stick_tells_whom_it_hears() -> None:
    world = World("ab", "s", settled=True)
    host = await world.up()
    found: list[int] = []
    while True:
        answer = await _ask_zdo(host, 0x0031, bytes((len(found),)))
        assert isinstance(answer, MgmtLqiRsp)
        assert len(answer.neighbors) <= 3
        found += [it.eui64 for it in answer.neighbors]
        if len(found) >= (answer.total or 0):
            break
    assert set(found) <= {ear.eui64 for ear in world.ears.values()}
    assert found


async def test_the_stick_scans_for_who_asks_by_zdo() -> None:
    host = await World().up()
    answer = await _ask_zdo(host, 0x0038, (0x07FFF800).to_bytes(4, "little") + b"\x02\x01")
    assert isinstance(answer, MgmtNwkUpdateNotify)
    assert len(answer.energies) == 16


async def test_the_stick_s_own_bindings_are_changed_as_its_policy_allows() -> None:
    world = World("a", settled=True)
    host = await world.plugged()
    await host.add_endpoint(1)
    await _init(host)

    def to_lamp(cluster: int) -> Binding:
        return Binding(world.memory.eui64, 1, cluster, ToEndpoint(world.ears["a"].eui64, 1))

    request = to_lamp(0x0500).to_bytes()
    denied = await _ask_zdo(host, 0x0021, request)
    assert denied == BindRsp(0x8D)
    checked = DecisionId.CHECK_BINDING_MODIFICATIONS_ARE_VALID_ENDPOINT_CLUSTERS
    await host.ask(SetPolicy(PolicyId.BINDING_MODIFICATION, checked))
    assert await _ask_zdo(host, 0x0021, to_lamp(0x0006).to_bytes()) == BindRsp(0x8D)
    assert await _ask_zdo(host, 0x0021, request) == BindRsp(0)
    assert host.one(RemoteSetBindingHandler).entry.cluster_id == 0x0500
    told = await _ask_zdo(host, 0x0033, b"\x00")
    assert isinstance(told, MgmtBindRsp)
    assert told.bindings == (to_lamp(0x0500),)
    assert await _ask_zdo(host, 0x0022, request) == UnbindRsp(0)
    assert await _ask_zdo(host, 0x0022, request) == UnbindRsp(0x88)


async def test_what_the_stick_s_zdo_does_not_know_it_refuses() -> None:
    host = await World().up()
    await host.send_zdo(0, 0x0077, b"\x05")
    await asyncio.sleep(0.1)
    answer = host.one(IncomingMessageHandler)
    assert (answer.aps_frame.cluster_id, answer.message) == (0x8077, b"\x05\x84")


async def test_a_device_s_zdo_request_is_answered_by_the_stick_and_shown_to_a_host_that_wants_it() -> None:
    world = World("a", settled=True)
    host = await world.plugged()
    await host.ask(SetConfigurationValue(ConfigurationId.APPLICATION_ZDO_FLAGS, 1))
    await _init(host)
    ear = world.ears["a"]
    assert ear.antenna is not None
    ear.antenna.send(ApsMessage(0, 0, 0, 0x0005, 0, 0, 0, b"\x09\x00\x00"))
    await asyncio.sleep(1)
    assert host.one(IncomingMessageHandler).aps_frame.cluster_id == 0x0005
    assert ear.heard == [b"\x09\x00\x00\x00\x00"]


async def test_an_announcement_says_whose_it_is_before_version_14() -> None:
    world = World("a", version=13, settled=True)
    host = await world.up()
    world.network.cut_power("a")
    world.network.restore_power("a")
    await asyncio.sleep(3)
    assert host.one(IncomingSenderEui64Handler).sender_eui64 == world.ears["a"].eui64
    assert host.one(IncomingMessageHandler).aps_frame.cluster_id == 0x0013


async def _init(host: BenchHost) -> None:
    assert (await host.ask(NetworkInit())).status.ok
    await asyncio.sleep(0.1)
    host.statuses()


async def _ask_zdo(host: BenchHost, cluster: int, payload: bytes) -> object:
    assert (await host.send_zdo(0, cluster, b"\x21" + payload)).status.ok
    await asyncio.sleep(0.1)
    assert host.one(MessageSentHandler).status.ok
    answer = host.one(IncomingMessageHandler)
    assert answer.sender == 0
    sequence, message = decode(answer.aps_frame.cluster_id, answer.message)
    assert sequence == 0x21
    return message
