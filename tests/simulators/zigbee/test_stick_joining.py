"""Devices that come, go, come back and move, as the stick's host hears of it."""

import asyncio

import pytest

from drivers.zigbee.ezsp.address_table import LookupNodeIdByEui64
from drivers.zigbee.ezsp.children import ChildJoinHandler, GetChildData
from drivers.zigbee.ezsp.configuration import SetConfigurationValue, SetPolicy
from drivers.zigbee.ezsp.messaging import (
    IdConflictHandler,
    IncomingMessageHandler,
    MessageSentHandler,
    SendBroadcast,
)
from drivers.zigbee.ezsp.networking import GetNetworkParameters, NetworkInit, PermitJoining
from drivers.zigbee.ezsp.security import (
    ClearTransientLinkKeys,
    FindKeyTableEntry,
    GetNetworkKeyInfo,
    ImportTransientKey,
    KeyStatus,
    SwitchNetworkKeyHandler,
    ZigbeeKeyEstablishmentHandler,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.structures import ApsFrame
from drivers.zigbee.ezsp.trust_center import (
    BroadcastNetworkKeySwitch,
    BroadcastNextNetworkKey,
    RemoveDevice,
    TrustCenterJoinHandler,
)
from drivers.zigbee.ezsp.types import (
    ConfigurationId,
    DecisionId,
    DeviceUpdate,
    JoinDecision,
    PolicyId,
    TrustCenterDecision,
)
from simulators.zigbee.memory import WELL_KNOWN_KEY
from simulators.zigbee.radio import ApsMessage
from simulators.zigbee.trust_center import device_key
from tests.simulators.zigbee.bench_host import PARAMETERS, SECURITY, SLEEPER, BenchHost, Ear, World

LEAVE, PERMIT, NWK_UPDATE, ANNOUNCE = 0x0034, 0x0036, 0x0038, 0x0013
REJOIN = 0x80
MY_OWN_KEY = b"what my label says"[:16]


def announcements(host: BenchHost) -> list[tuple[int, int]]:
    """(address, EUI64) of those that were heard."""
    heard = [it.message for it in host.take(IncomingMessageHandler) if it.aps_frame.cluster_id == ANNOUNCE]
    return [(int.from_bytes(it[1:3], "little"), int.from_bytes(it[3:11], "little")) for it in heard]


# --- joining


@pytest.mark.parametrize("version", [13, 14, 19])
async def test_a_device_joins_the_open_network_and_announces_itself(version: int) -> None:
    world = World("a", version=version)
    host = await world.up()
    await host.open()
    world.network.press("a")
    await asyncio.sleep(5)
    ear = world.ears["a"]
    joined = host.one(TrustCenterJoinHandler)
    assert (joined.new_node_id, joined.new_node_eui64, joined.parent_of_new_node_id) == (ear.node_id, ear.eui64, 0)
    assert (joined.status, joined.policy_decision) == (
        DeviceUpdate.UNSECURED_JOIN,
        JoinDecision.USE_PRECONFIGURED_KEY,
    )
    ((moment, announced),) = [(when, it) for when, it in host.callbacks if isinstance(it, IncomingMessageHandler)]
    assert moment > 0
    assert announced.incoming_type == 4
    assert announced.message[1:] == (
        ear.node_id.to_bytes(2, "little") + ear.eui64.to_bytes(8, "little") + bytes((ear.capability,))
    )
    assert ear.times_joined == 1
    assert world.network.node_of("a") == ear.node_id
    assert (await host.ask(LookupNodeIdByEui64(ear.eui64))).node_id == ear.node_id
    assert ear.antenna is not None
    assert ear.antenna.coordinator_eui64 == world.memory.eui64
    assert ear.antenna.extended_pan_id == PARAMETERS.extended_pan_id


async def test_nobody_joins_a_closed_network() -> None:
    world = World("a")
    host = await world.up()
    await host.open(0)
    world.network.press("a")
    await asyncio.sleep(100)
    assert host.take(TrustCenterJoinHandler) == []
    assert world.ears["a"].times_joined == 0


async def test_a_button_may_be_pressed_before_the_network_is_opened_but_not_long_before() -> None:
    world = World("ab")
    host = await world.up()
    world.network.press("a")
    await asyncio.sleep(30)
    await host.open()
    await asyncio.sleep(5)
    assert host.one(TrustCenterJoinHandler).new_node_eui64 == world.ears["a"].eui64
    await host.ask(PermitJoining(0))
    # A router that is open for itself is nobody's either.
    world.network.press("b")
    await asyncio.sleep(200)
    await host.open()
    await asyncio.sleep(50)
    assert world.ears["b"].times_joined == 0


async def test_a_network_closes_by_itself_while_a_device_looks_for_it() -> None:
    world = World("a")
    host = await world.up()
    await host.open(10)
    await asyncio.sleep(11)
    world.network.press("a")
    await asyncio.sleep(60)
    assert world.ears["a"].times_joined == 0


async def test_the_trust_centre_s_policy_denies() -> None:
    world = World("a")
    host = await world.up()
    await host.open(decision=TrustCenterDecision.DEFAULT_CONFIGURATION)
    world.network.press("a")
    await asyncio.sleep(20)
    denied = host.one(TrustCenterJoinHandler)
    assert denied.policy_decision == JoinDecision.DENY_JOIN
    assert announcements(host) == []
    assert world.network.node_of("a") is None


async def test_without_the_well_known_key_a_device_that_has_no_other_cannot_read_the_network_s() -> None:
    world = World("", "s")
    host = await world.up()
    await host.open(well_known=False)
    world.network.press("s")
    await asyncio.sleep(20)
    assert host.one(TrustCenterJoinHandler).policy_decision == JoinDecision.USE_PRECONFIGURED_KEY
    assert announcements(host) == []
    came, went = host.take(ChildJoinHandler)
    assert (came.joining, went.joining) == (True, False)
    assert world.network.node_of("s") is None


async def test_a_device_with_an_install_code_joins_with_its_key_and_no_other() -> None:
    world = World()
    ear = world.place("a", Ear(0x1234), link_key=MY_OWN_KEY)
    host = await world.up()
    await host.open()
    world.network.press("a")
    await asyncio.sleep(20)
    assert ear.times_joined == 0
    assert (await host.ask(ImportTransientKey(0x1234, MY_OWN_KEY))).status.ok
    world.network.press("a")
    await asyncio.sleep(5)
    assert ear.times_joined == 1


async def test_where_install_codes_are_demanded_the_well_known_key_is_not_enough() -> None:
    world = World("a")
    host = await world.up()
    await host.open(decision=TrustCenterDecision.ALLOW_JOINS | TrustCenterDecision.JOINS_USE_INSTALL_CODE_KEY)
    world.network.press("a")
    await asyncio.sleep(20)
    assert host.one(TrustCenterJoinHandler).policy_decision == JoinDecision.DENY_JOIN
    await host.ask(ImportTransientKey(world.ears["a"].eui64, WELL_KNOWN_KEY))
    world.network.press("a")
    await asyncio.sleep(5)
    assert world.ears["a"].times_joined == 1


async def test_a_key_for_joining_is_forgotten_after_its_time_or_when_told() -> None:
    world = World("ab")
    host = await world.up()
    await host.open(255)
    await asyncio.sleep(301)
    world.network.press("a")
    await asyncio.sleep(10)
    assert world.ears["a"].times_joined == 0
    await host.open(255)
    await host.ask(ClearTransientLinkKeys())
    world.network.press("b")
    await asyncio.sleep(10)
    assert world.ears["b"].times_joined == 0


async def test_a_device_gets_a_link_key_of_its_own_where_the_policy_says_so() -> None:
    world = World("ab")
    host = await world.up()
    await host.open()
    world.network.press("a")
    await asyncio.sleep(5)
    assert host.take(ZigbeeKeyEstablishmentHandler) == []
    await host.ask(SetPolicy(PolicyId.TC_KEY_REQUEST, DecisionId.ALLOW_TC_KEY_REQUESTS_AND_SEND_CURRENT_KEY))
    world.network.press("b")
    await asyncio.sleep(5)
    told = host.take(ZigbeeKeyEstablishmentHandler)
    assert [it.status for it in told] == [
        KeyStatus.TC_RESPONDED_TO_KEY_REQUEST,
        KeyStatus.TC_REQUESTER_VERIFY_KEY_SUCCESS,
    ]
    assert {it.partner for it in told} == {world.ears["b"].eui64}
    # It follows from the trust centre's: no line of the key table is spent on it.
    assert (await host.ask(FindKeyTableEntry(world.ears["b"].eui64, True))).index == 0xFF
    key = world.network.stations["b"].membership.link_key
    assert key not in (WELL_KNOWN_KEY, SECURITY.preconfigured_key)


async def test_a_link_key_that_is_drawn_takes_a_line_of_the_key_table() -> None:
    world = World("a")
    host = await world.up()
    await host.ask(SetPolicy(PolicyId.TC_KEY_REQUEST, DecisionId.ALLOW_TC_KEY_REQUEST_AND_GENERATE_NEW_KEY))
    await host.open()
    world.network.press("a")
    await asyncio.sleep(5)
    assert (await host.ask(FindKeyTableEntry(world.ears["a"].eui64, True))).index == 0


async def test_an_end_device_is_the_stick_s_child_where_it_joins_there() -> None:
    world = World("", "s")
    host = await world.up()
    await host.open()
    world.network.press("s")
    await asyncio.sleep(5)
    child = host.one(ChildJoinHandler)
    ear = world.ears["s"]
    assert (child.joining, child.child_id, child.child_eui64, child.child_type) == (True, ear.node_id, ear.eui64, 4)
    data = (await host.ask(GetChildData(child.index))).child_data
    assert (data.eui64, data.node_id) == (ear.eui64, ear.node_id)


async def test_a_full_stick_takes_no_more_children() -> None:
    world = World("", "stuv")
    host = await world.plugged()
    await host.ask(SetConfigurationValue(ConfigurationId.MAX_END_DEVICE_CHILDREN, 2))
    await host.form()
    await host.open()
    for name in "stuv":
        world.network.press(name)
    await asyncio.sleep(10)
    assert sum(ear.times_joined for ear in world.ears.values()) == 2
    assert len(host.take(TrustCenterJoinHandler)) == 2


async def test_a_router_that_is_told_lets_others_in_while_the_stick_is_closed() -> None:
    world = World("a")
    host = await world.up()
    await host.open()
    world.network.press("a")
    await asyncio.sleep(5)
    host.callbacks.clear()
    await host.ask(PermitJoining(0))
    await host.send_zdo(world.id_of("a"), PERMIT, b"\x01\x3c\x01")
    world.place("s", Ear(0x7777, capability=SLEEPER))
    world.network.press("s")
    await asyncio.sleep(5)
    joined = host.one(TrustCenterJoinHandler)
    assert joined.parent_of_new_node_id == world.id_of("a")
    assert host.take(ChildJoinHandler) == []
    assert announcements(host) == [(world.id_of("s"), 0x7777)]


async def test_all_routers_are_opened_by_a_broadcast_and_close_in_time() -> None:
    world = World("ab", settled=True)
    host = await world.up()
    await host.open(0)
    await host.ask(SendBroadcast(0xFFFC, ApsFrame(0, PERMIT, 0, 0), b"\x01\x0a\x01"))
    world.place("c", Ear(0x7777))
    world.network.press("c")
    await asyncio.sleep(5)
    assert world.ears["c"].times_joined == 1
    world.place("d", Ear(0x8888))
    await asyncio.sleep(10)
    world.network.press("d")
    await asyncio.sleep(30)
    assert world.ears["d"].times_joined == 0


async def test_a_device_that_is_pressed_again_leaves_and_joins_anew() -> None:
    world = World("a")
    host = await world.up()
    await host.open()
    world.network.press("a")
    await asyncio.sleep(5)
    first = world.ears["a"].node_id
    host.callbacks.clear()
    world.network.press("a")
    await asyncio.sleep(5)
    left, joined = host.take(TrustCenterJoinHandler)
    assert (left.status, left.new_node_id) == (DeviceUpdate.DEVICE_LEFT, first)
    assert joined.status == DeviceUpdate.UNSECURED_JOIN
    assert world.ears["a"].times_left == 1
    assert joined.new_node_id == world.ears["a"].node_id != first


# --- leaving


@pytest.mark.parametrize("name", ["a", "s"])
async def test_a_device_that_is_told_to_leave_leaves(name: str) -> None:
    world = World("a", "s", settled=True)
    host = await world.up()
    node_id = world.id_of(name)
    await host.send_zdo(node_id, LEAVE, b"\x01" + bytes(8) + b"\x00")
    await asyncio.sleep(10)
    left = host.one(TrustCenterJoinHandler)
    assert (left.status, left.new_node_id, left.new_node_eui64) == (
        DeviceUpdate.DEVICE_LEFT,
        node_id,
        world.ears[name].eui64,
    )
    assert world.ears[name].times_left == 1
    assert world.network.node_of(name) is None
    await host.send(node_id)
    await asyncio.sleep(3)
    assert host.take(MessageSentHandler)[-1].status == Status.ZIGBEE_DELIVERY_FAILED


async def test_a_device_that_is_told_to_leave_and_come_back_comes_back() -> None:
    world = World("a", "s", settled=True)
    host = await world.up()
    node_id = world.id_of("a")
    await host.send_zdo(node_id, LEAVE, b"\x01" + bytes(8) + bytes((REJOIN,)))
    await asyncio.sleep(10)
    rejoined = host.one(TrustCenterJoinHandler)
    assert (rejoined.status, rejoined.policy_decision) == (DeviceUpdate.SECURED_REJOIN, JoinDecision.NO_ACTION)
    assert announcements(host) == [(node_id, world.ears["a"].eui64)]
    assert world.ears["a"].times_left == 0


async def test_a_child_of_the_stick_that_leaves_leaves_its_table() -> None:
    world = World("", "s")
    host = await world.up()
    await host.open()
    world.network.press("s")
    await asyncio.sleep(5)
    index = host.one(ChildJoinHandler).index
    world.network.leave("s")
    await asyncio.sleep(1)
    assert not host.one(ChildJoinHandler).joining
    assert (await host.ask(GetChildData(index))).status == Status.NOT_JOINED


async def test_the_trust_centre_sends_a_device_away() -> None:
    world = World("a", settled=True)
    host = await world.up()
    eui64 = world.ears["a"].eui64
    assert (await host.ask(RemoveDevice(world.id_of("a"), eui64, eui64))).status.ok
    await asyncio.sleep(1)
    assert host.one(TrustCenterJoinHandler).status == DeviceUpdate.DEVICE_LEFT
    assert world.ears["a"].times_left == 1


async def test_a_device_reset_by_hand_out_of_the_stick_s_hearing_is_just_gone() -> None:
    world = World("a", settled=True)
    await world.plugged()
    world.network.leave("a")
    assert world.ears["a"].times_left == 1
    assert world.network.node_of("a") is None


# --- moving


async def test_a_device_comes_back_under_another_address() -> None:
    world = World("a", settled=True)
    host = await world.up()
    before = world.id_of("a")
    world.network.rejoin("a")
    await asyncio.sleep(5)
    after = world.id_of("a")
    assert after != before
    assert host.one(TrustCenterJoinHandler).new_node_id == after
    assert announcements(host) == [(after, world.ears["a"].eui64)]
    await host.send(after)
    await asyncio.sleep(1)
    assert host.one(MessageSentHandler).status.ok


async def test_two_of_one_address_are_told_of_and_take_others() -> None:
    world = World("a", settled=True)
    host = await world.up()
    before = world.id_of("a")
    world.network.provoke_conflict("a")
    await asyncio.sleep(2)
    assert host.one(IdConflictHandler).node_id == before
    assert announcements(host) == [(world.id_of("a"), world.ears["a"].eui64)]
    assert world.id_of("a") != before


async def test_a_device_that_has_power_again_says_that_it_is_there() -> None:
    world = World("a", settled=True)
    host = await world.up()
    world.network.cut_power("a")
    await asyncio.sleep(100)
    assert host.take(IncomingMessageHandler) == []
    world.network.restore_power("a")
    await asyncio.sleep(5)
    assert announcements(host) == [(world.id_of("a"), world.ears["a"].eui64)]


def orphan(world: World) -> Ear:
    """A sleeping child of `a`, which has no power any more, and nothing tells the child so."""
    ear = world.place("s", Ear(0x7777, capability=SLEEPER))
    world.network.join("s")
    world.network.stations["s"].membership.parent = "a"
    world.network.changed()
    return ear


async def test_a_child_whose_parent_died_while_it_had_no_power_itself_finds_another() -> None:
    world = World("ab", settled=True)
    host = await world.up()
    orphan(world)
    world.network.cut_power("s")
    world.network.cut_power("a")
    await asyncio.sleep(60)
    world.network.restore_power("s")
    await asyncio.sleep(30)
    assert host.one(TrustCenterJoinHandler).status == DeviceUpdate.SECURED_REJOIN
    assert world.network.stations["s"].membership.parent != "a"


async def test_a_child_that_nobody_acknowledges_finds_another_parent() -> None:
    world = World("ab", settled=True)
    host = await world.up()
    ear = orphan(world)
    world.network.cut_power("a")
    # It was about to look for another, and had something else to do.
    world.network.provoke_conflict("s")
    await asyncio.sleep(60)
    assert host.take(TrustCenterJoinHandler) == []
    assert ear.antenna is not None
    ear.antenna.send(ApsMessage(ear.node_id, 0, 0x0104, 6, 1, 1, 0, b"report"))
    await asyncio.sleep(30)
    assert host.one(TrustCenterJoinHandler).status == DeviceUpdate.SECURED_REJOIN
    assert world.network.stations["s"].membership.parent != "a"


async def test_a_child_whose_parent_died_finds_another() -> None:
    world = World("ab", settled=True)
    host = await world.up()
    ear = world.place("s", Ear(0x7777, capability=SLEEPER))
    world.network.join("s")
    world.network.stations["s"].membership.parent = "a"
    world.network.changed()
    world.network.cut_power("a")
    await host.send(world.id_of("s"))
    await asyncio.sleep(3)
    assert host.one(MessageSentHandler).status == Status.ZIGBEE_DELIVERY_FAILED
    await asyncio.sleep(30)
    assert host.one(TrustCenterJoinHandler).status == DeviceUpdate.SECURED_REJOIN
    assert world.network.stations["s"].membership.parent != "a"
    await host.send(world.id_of("s"))
    await asyncio.sleep(8)
    assert len(ear.messages) == 1


# --- the network changes


@pytest.mark.parametrize("version", [13, 14])
async def test_the_network_goes_to_another_channel_and_all_who_heard_go_with_it(version: int) -> None:
    world = World("ab", "s", version=version, settled=True)
    host = await world.up()
    channel = 25 if world.memory.network is not None and world.memory.network.channel != 25 else 20
    request = b"\x01" + (1 << channel).to_bytes(4, "little") + b"\xfe\x01"
    await host.ask(SendBroadcast(0xFFFF, ApsFrame(0, NWK_UPDATE, 0, 0), request))
    await asyncio.sleep(12)
    assert host.statuses() == [Status.ZIGBEE_CHANNEL_CHANGED]
    parameters = (await host.ask(GetNetworkParameters())).parameters
    assert (parameters.radio_channel, parameters.nwk_update_id) == (channel, 1)
    for name in "abs":
        await host.send(world.id_of(name))
    await asyncio.sleep(8)
    assert [it.status.ok for it in host.take(MessageSentHandler)][-3:] == [True] * 3


async def test_who_missed_a_change_of_channel_finds_the_network_again() -> None:
    world = World("a", settled=True)
    host = await world.up()
    world.network.cut_power("a")
    network = world.memory.network
    assert network is not None
    channel = 11 + (network.channel - 10) % 16
    request = b"\x01" + (1 << channel).to_bytes(4, "little") + b"\xfe\x01"
    await host.ask(SendBroadcast(0xFFFF, ApsFrame(0, NWK_UPDATE, 0, 0), request))
    await asyncio.sleep(12)
    world.network.restore_power("a")
    await asyncio.sleep(5)
    assert host.one(TrustCenterJoinHandler).status == DeviceUpdate.SECURED_REJOIN
    await host.send(world.id_of("a"))
    await asyncio.sleep(1)
    assert host.take(MessageSentHandler)[-1].status.ok


@pytest.mark.parametrize("version", [13, 14])
async def test_a_new_network_key_is_given_out_and_then_used(version: int) -> None:
    world = World("ab", version=version, settled=True)
    host = await world.up()
    new_key = bytes(range(50, 66))
    assert not (await host.ask(BroadcastNetworkKeySwitch())).status.ok
    assert (await host.ask(BroadcastNextNetworkKey(new_key))).status.ok
    info = (await host.ask(GetNetworkKeyInfo())).network_key_info
    assert (info.alternate_network_key_set, info.alternate_network_key_sequence_number) == (True, 1)
    assert (await host.ask(BroadcastNetworkKeySwitch())).status == Status.ZIGBEE_TOO_SOON_FOR_SWITCH_KEY
    await asyncio.sleep(10)
    assert (await host.ask(BroadcastNetworkKeySwitch())).status.ok
    await asyncio.sleep(0.1)
    assert host.one(SwitchNetworkKeyHandler).sequence_number == 1
    info = (await host.ask(GetNetworkKeyInfo())).network_key_info
    assert (info.network_key_sequence_number, info.alternate_network_key_set) == (1, False)
    for name in "ab":
        await host.send(world.id_of(name))
    await asyncio.sleep(1)
    assert [it.status.ok for it in host.take(MessageSentHandler)] == [True] * 2


async def test_who_missed_the_new_key_comes_back_by_the_trust_centre_s_leave_only() -> None:
    world = World("a", settled=True)
    host = await world.up()
    world.network.cut_power("a")
    await host.ask(BroadcastNextNetworkKey(bytes(16)))
    await asyncio.sleep(10)
    await host.ask(BroadcastNetworkKeySwitch())
    world.network.restore_power("a")
    await asyncio.sleep(5)
    denied = host.one(TrustCenterJoinHandler)
    assert (denied.status, denied.policy_decision) == (DeviceUpdate.UNSECURED_REJOIN, JoinDecision.DENY_JOIN)
    world.network.stations["a"].membership.link_key = _device_key(world, "a")
    await host.ask(SetPolicy(PolicyId.TRUST_CENTER, TrustCenterDecision.ALLOW_UNSECURED_REJOINS))
    await asyncio.sleep(40)
    rejoined = host.one(TrustCenterJoinHandler)
    assert rejoined.policy_decision == JoinDecision.USE_PRECONFIGURED_KEY
    await host.send(world.id_of("a"))
    await asyncio.sleep(1)
    assert host.take(MessageSentHandler)[-1].status.ok


def _device_key(world: World, name: str) -> bytes:
    assert world.memory.network is not None
    return device_key(world.memory.network, world.ears[name].eui64)


# --- restarts and other sticks


async def test_devices_are_where_they_were_after_the_stick_s_restart() -> None:
    world = World("ab", "s", settled=True)
    host = await world.up()
    before = {name: world.id_of(name) for name in "abs"}
    await host.connect()
    assert (await host.ask(NetworkInit())).status.ok
    await asyncio.sleep(0.1)
    assert {name: world.id_of(name) for name in "abs"} == before
    for name in "abs":
        await host.send(world.id_of(name))
        await asyncio.sleep(8)
    assert [it.status.ok for it in host.take(MessageSentHandler)] == [True] * 3


async def test_a_stick_that_counts_lower_than_before_is_not_believed() -> None:
    """A backup that was restored without raising the frame counter."""
    world = World("a", settled=True)
    host = await world.up()
    for _ in range(3):
        await host.send(world.id_of("a"))
    await asyncio.sleep(1)
    assert len(world.ears["a"].messages) == 3
    world.network.stations["a"].membership.heard_counter += 100_000
    await host.send(world.id_of("a"))
    await asyncio.sleep(3)
    assert host.take(MessageSentHandler)[-1].status == Status.ZIGBEE_DELIVERY_FAILED
    assert len(world.ears["a"].messages) == 3
    world.memory.set_counters(nwk=200_000)
    await host.send(world.id_of("a"))
    await asyncio.sleep(1)
    assert len(world.ears["a"].messages) == 4
