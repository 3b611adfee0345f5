"""The Zigbee stick as a host meets it: starting, agreeing on a version, being set up, and its network's life.

What is asked for is in UG100 and UG101; facts that hosts rely on are named where they are held.
"""

import asyncio
from typing import Any

import pytest

from drivers.zigbee.ash import ResetAck, ResetCode
from drivers.zigbee.ezsp import address_table, binding, green_power, security, token_interface, utilities, zll
from drivers.zigbee.ezsp.children import GetChildData, SetChildData
from drivers.zigbee.ezsp.configuration import (
    AddEndpoint,
    GetConfigurationValue,
    GetExtendedValue,
    GetPolicy,
    GetValue,
    SetConfigurationValue,
    SetPolicy,
    SetValue,
    Version,
)
from drivers.zigbee.ezsp.frame import encode_command
from drivers.zigbee.ezsp.networking import (
    FormNetwork,
    GetNetworkParameters,
    LeaveNetwork,
    NetworkInit,
    NetworkState,
    PermitJoining,
    SetConcentrator,
)
from drivers.zigbee.ezsp.radio import SetRadioPower
from drivers.zigbee.ezsp.scanning import (
    EnergyScanResultHandler,
    NetworkFoundHandler,
    ScanCompleteHandler,
    StartScan,
    StopScan,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.structures import (
    ChildData,
    InitialSecurityState,
    KeyContext,
    MulticastTableEntry,
    NetworkParameters,
)
from drivers.zigbee.ezsp.types import (
    ConfigurationId,
    ExtendedValueId,
    InitialSecurityBitmask,
    KeyType,
    MfgTokenId,
    NetworkStatus,
    PolicyId,
    ScanType,
    ValueId,
)
from drivers.zigbee.ezsp.utilities import InvalidCommand
from simulators.zigbee.firmware import STACK_VERSIONS
from simulators.zigbee.memory import RESTORED_EUI64
from tests.simulators.zigbee.bench_host import PARAMETERS, SECURITY, World

VERSIONS = tuple(version for version in STACK_VERSIONS if version >= 13)
ALL_CHANNELS = 0x07FFF800


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


# --- starting


async def test_it_says_at_power_up_that_it_started_and_why() -> None:
    world = World()
    world.host.plug()
    assert world.host.raw[:1] == b"\x1a"
    assert [frame for _, frame in world.host.frames] == [ResetAck(ResetCode.POWER_ON)]


async def test_it_says_nothing_at_power_up_where_nobody_is_meant_to_hear() -> None:
    world = World()
    world.stick.announces = False
    world.host.plug()
    await asyncio.sleep(5)
    assert world.host.raw == b""


async def test_a_reset_that_was_asked_for_is_called_so() -> None:
    world = World()
    world.host.plug()
    assert await world.host.reset() == ResetCode.SOFTWARE


async def test_a_version_is_agreed_on_in_the_old_form_and_then_in_the_new(version: int) -> None:
    world = World(version=version)
    world.host.plug()
    await world.host.reset()
    offered = await world.host.legacy_version(4)
    assert (offered.protocol_version, offered.stack_type) == (version, 2)
    agreed = await world.host.ask(Version(version))
    assert agreed == offered
    assert (await world.host.ask(NetworkState())).status == NetworkStatus.NO_NETWORK


async def test_a_host_that_asks_for_the_right_version_at_once_may_go_on_at_once() -> None:
    world = World(version=19)
    world.host.plug()
    await world.host.reset()
    await world.host.legacy_version(19)
    assert (await world.host.ask(NetworkState())).status == NetworkStatus.NO_NETWORK


async def test_before_a_version_is_agreed_on_nothing_else_is_answered(version: int) -> None:
    world = World(version=version)
    world.host.plug()
    await world.host.reset()
    assert (await world.host.ask(NetworkState())).reason == Status.NOT_INITIALIZED
    await world.host.legacy_version(4)
    assert (await world.host.ask(NetworkState())).reason == Status.NOT_INITIALIZED


async def test_the_stack_s_version_is_told_as_release_numbers(version: int) -> None:
    host = await World(version=version).plugged()
    major, minor, patch = STACK_VERSIONS[version]
    info = await host.ask(GetValue(ValueId.VERSION_INFO))
    assert info.value == bytes((0, 0, major, minor, patch, 0, 0xAA))
    agreed = await host.ask(Version(version))
    assert agreed.stack_version == major << 12 | minor << 8 | patch << 4


async def test_there_is_no_firmware_of_a_version_that_never_was() -> None:
    with pytest.raises(ValueError, match="no firmware of EZSP 15"):
        World(version=15)


# --- commands that it has no answer to


async def test_a_frame_that_is_no_command_is_refused(version: int) -> None:
    host = await World(version=version).plugged()
    for frame_id in (0x0019, 0x00FE + 0x0300, 0xFFFF, 0x0058 + 0x1000):
        frame = await host.raw_ask(frame_id)
        assert frame.frame_id == InvalidCommand.ID
        assert frame.payload[0] == 0x31  # EZSP_ERROR_INVALID_FRAME_ID, in every version


async def test_a_command_that_later_versions_have_is_not_known() -> None:
    host = await World(version=13).plugged()
    assert (await host.raw_ask(0x012F)).frame_id == InvalidCommand.ID
    later = await World(version=14).plugged()
    assert (await later.raw_ask(0x012F)).frame_id == 0x012F


async def test_half_a_command_is_refused(version: int) -> None:
    world = World(version=version)
    host = await world.plugged()
    frame = await host.raw_ask(SetConfigurationValue.ID, b"\x05")
    assert frame.frame_id == InvalidCommand.ID
    assert world.stick.malformed_commands == 1


async def test_what_no_ordinary_stick_can_do_is_refused_by_a_status(version: int) -> None:
    host = await World(version=version).plugged()
    frame = await host.raw_ask(utilities.CustomFrame.ID, bytes.fromhex("03000000"))
    answer = utilities.CustomFrameResponse.from_bytes(frame.payload, version)
    assert not answer.status.ok
    touchlink = await host.ask(zll.ZllStartScan(ALL_CHANNELS, 0, 0))
    assert touchlink.status == (Status.NOT_SUPPORTED if version >= 14 else Status.FAIL)


# --- configuration, values, policies, endpoints


async def test_configuration_is_kept_until_a_reset(version: int) -> None:
    host = await World(version=version).plugged()
    size = ConfigurationId.ADDRESS_TABLE_SIZE
    assert (await host.ask(GetConfigurationValue(size))).value == 8
    assert (await host.ask(SetConfigurationValue(size, 16))).status.ok
    assert (await host.ask(GetConfigurationValue(size))).value == 16
    await host.connect()
    assert (await host.ask(GetConfigurationValue(size))).value == 8


async def test_configuration_that_does_not_exist_or_does_not_fit_is_refused() -> None:
    host = await World().up()
    ask = host.ask
    assert (await ask(GetConfigurationValue(0xEE))).status == Status.NOT_SUPPORTED
    assert (await ask(SetConfigurationValue(0xEE, 1))).status == Status.NOT_SUPPORTED
    assert (await ask(SetConfigurationValue(ConfigurationId.GP_SINK_TABLE_SIZE, 1))).status == Status.INVALID_STATE
    assert (await ask(SetConfigurationValue(ConfigurationId.KEY_TABLE_SIZE, 4))).status == Status.INVALID_STATE
    assert (await ask(SetConfigurationValue(ConfigurationId.TRANSIENT_KEY_TIMEOUT_S, 60))).status.ok
    await host.connect()
    assert (await ask(SetConfigurationValue(ConfigurationId.KEY_TABLE_SIZE, 256))).status == Status.NO_MORE_RESOURCE


async def test_old_firmware_says_no_in_the_words_of_its_time() -> None:
    host = await World(version=13).plugged()
    frame = await host.raw_ask(GetConfigurationValue.ID, b"\xee")
    assert frame.payload[0] == 0x37  # EZSP_ERROR_INVALID_ID


async def test_policies_are_kept_until_a_reset(version: int) -> None:
    host = await World(version=version).plugged()
    assert (await host.ask(SetPolicy(PolicyId.TRUST_CENTER, 3))).status.ok
    assert (await host.ask(GetPolicy(PolicyId.TRUST_CENTER))).decision_id == 3
    assert not (await host.ask(SetPolicy(0x77, 3))).status.ok
    await host.connect()
    assert (await host.ask(GetPolicy(PolicyId.TRUST_CENTER))).decision_id == 0


async def test_values_are_kept_or_follow_from_what_the_stick_is_doing() -> None:
    host = await World().up()
    ask = host.ask
    assert (await ask(SetValue(ValueId.CCA_THRESHOLD, b"\x00"))).status.ok
    assert (await ask(GetValue(ValueId.CCA_THRESHOLD))).value == b"\x00"
    assert (await ask(GetValue(ValueId.FREE_BUFFERS))).value == b"\xff"
    assert (await ask(PermitJoining(60))).status.ok
    await asyncio.sleep(10)
    assert (await ask(GetValue(ValueId.NWK_OPEN_DURATION))).value == bytes((50,))
    assert (await ask(GetValue(0xEE))).status == Status.NOT_SUPPORTED
    assert (await ask(SetValue(ValueId.VERSION_INFO, bytes(7)))).status == Status.NOT_SUPPORTED


async def test_an_endpoint_has_no_flags_until_it_is_added(version: int) -> None:
    host = await World(version=version).plugged()
    flags = GetExtendedValue(ExtendedValueId.ENDPOINT_FLAGS, 1)
    assert not (await host.ask(flags)).status.ok
    await host.add_endpoint(1)
    assert (await host.ask(flags)).value == b"\x01\x00"
    assert not (await host.ask(AddEndpoint(1, 0x0104, 0, 0, (), ()))).status.ok
    await host.connect()
    assert not (await host.ask(flags)).status.ok


# --- tables


async def test_groups_that_the_stick_hears_are_kept_until_a_reset(version: int) -> None:
    host = await World(version=version).plugged()
    entry = MulticastTableEntry(0x0385, 1, 0)
    assert (await host.ask(address_table.SetMulticastTableEntry(1, entry))).status.ok
    assert (await host.ask(address_table.GetMulticastTableEntry(1))).value == entry
    assert (await host.ask(address_table.GetMulticastTableEntry(0))).value.endpoint == 0
    assert not (await host.ask(address_table.SetMulticastTableEntry(8, entry))).status.ok
    await host.connect()
    assert (await host.ask(address_table.GetMulticastTableEntry(1))).value.endpoint == 0


async def test_tables_that_are_empty_say_so_as_hosts_expect_it() -> None:
    host = await World().up()
    assert (await host.ask(GetChildData(0))).status == Status.NOT_JOINED
    assert (await host.ask(GetChildData(255))).status == Status.NOT_JOINED
    assert not (await host.ask(address_table.GetAddressTableInfo(0))).status.ok
    assert not (await host.ask(address_table.GetAddressTableInfo(108))).status.ok
    assert (await host.ask(security.ExportLinkKeyByIndex(0))).status == Status.NOT_FOUND
    assert (await host.ask(security.FindKeyTableEntry(0x1234, True))).index == 0xFF


async def test_the_address_table_gives_back_what_it_held(version: int) -> None:
    host = await World(version=version).up()
    replace = address_table.ReplaceAddressTableEntry
    first = await host.ask(replace(0, 0x1111, 0x2222, True))
    assert (first.status, first.old_eui64) == (Status.OK, 0)
    second = await host.ask(replace(0, 0x3333, 0x4444, False))
    assert (second.old_eui64, second.old_id, second.old_extended_timeout) == (0x1111, 0x2222, True)
    assert (await host.ask(address_table.LookupNodeIdByEui64(0x3333))).node_id == 0x4444
    assert (await host.ask(address_table.LookupNodeIdByEui64(0x1111))).node_id == 0xFFFF
    assert not (await host.ask(replace(200, 0x1111, 0x2222, True))).status.ok


async def test_who_answers_slowly_is_remembered(version: int) -> None:
    host = await World(version=version).up()
    assert not (await host.ask(address_table.GetExtendedTimeout(0x1234))).extended_timeout
    await host.ask(address_table.SetExtendedTimeout(0x1234, True))
    assert (await host.ask(address_table.GetExtendedTimeout(0x1234))).extended_timeout
    await host.ask(address_table.SetExtendedTimeout(0x1234, False))
    assert not (await host.ask(address_table.GetExtendedTimeout(0x1234))).extended_timeout


async def test_bindings_are_kept(version: int) -> None:
    host = await World(version=version).up()
    entry = binding.BindingTableEntry(1, 1, 6, 1, 0x1234, 0)
    assert (await host.ask(binding.SetBinding(0, entry))).status.ok
    assert (await host.ask(binding.GetBinding(0))).value == entry
    assert (await host.ask(binding.DeleteBinding(0))).status.ok
    assert (await host.ask(binding.GetBinding(0))).value.binding_type == 0


async def test_a_green_power_sink_table_is_kept_and_cleared(version: int) -> None:
    host = await World(version=version).up()
    address = green_power.GpAddress.of_source(0x01020304)
    index = (await host.ask(green_power.GpSinkTableFindOrAllocateEntry(address))).index
    empty = await host.ask(green_power.GpSinkTableGetEntry(index))
    assert not empty.status.ok
    entry = green_power.GpSinkTableEntry(1, 0, address, 2, empty.entry.sink_list, 0xFFFF, 0, 0, 0, bytes(16))
    assert (await host.ask(green_power.GpSinkTableSetEntry(index, entry))).status.ok
    assert (await host.ask(green_power.GpSinkTableLookup(address))).index == index
    assert (await host.ask(green_power.GpSinkTableGetNumberOfActiveEntries())).number_of_entries == 1
    await host.ask(green_power.GpSinkTableClearAll())
    assert (await host.ask(green_power.GpSinkTableLookup(address))).index == 0xFF


async def test_children_of_a_backup_are_written_and_read(version: int) -> None:
    host = await World(version=version).up()
    child = ChildData(0x1234, 4, 0x5678)
    assert (await host.ask(SetChildData(0, child))).status.ok
    answer = await host.ask(GetChildData(0))
    assert (answer.status, answer.child_data) == (Status.OK, child)


# --- the network's life


async def test_a_network_is_formed_as_the_host_says(version: int) -> None:
    world = World(version=version)
    host = await world.plugged()
    assert (await host.ask(NetworkInit())).status == Status.NOT_JOINED
    assert (await host.ask(GetNetworkParameters())).status == Status.NOT_JOINED
    await host.form()
    assert (await host.ask(NetworkState())).status == NetworkStatus.JOINED_NETWORK
    answer = await host.ask(GetNetworkParameters())
    assert (answer.status, answer.node_type, answer.parameters) == (Status.OK, 1, PARAMETERS)
    assert (await host.ask(utilities.GetNodeId())).node_id == 0
    state = (await host.ask(security.GetCurrentSecurityState())).state
    assert state.trust_center_eui64 == (await host.ask(utilities.GetEui64())).eui64 == world.memory.eui64
    assert state.bitmask == 0x0084
    key = await host.ask(security.ExportKey(KeyContext(KeyType.NETWORK)))
    assert (key.status, key.key) == (Status.OK, SECURITY.network_key)
    key = await host.ask(security.ExportKey(KeyContext(KeyType.TC_LINK)))
    assert key.key == SECURITY.preconfigured_key
    info = (await host.ask(security.GetNetworkKeyInfo())).network_key_info
    assert info.network_key_set
    assert not info.alternate_network_key_set


async def test_keys_that_the_host_does_not_give_are_drawn() -> None:
    world = World()
    host = await world.plugged()
    none = InitialSecurityState(InitialSecurityBitmask.TRUST_CENTER_GLOBAL_LINK_KEY, bytes(16), bytes(16))
    await host.form(NetworkParameters(0, 0xFFFF, 5, 11), none)
    network = world.memory.network
    assert network is not None
    assert any(network.network_key)
    assert network.pan_id != 0xFFFF
    assert network.extended_pan_id != 0
    assert network.link_key == b"ZigBeeAlliance09"


@pytest.mark.parametrize(
    ("parameters", "refused"),
    [
        (NetworkParameters(1, 2, 5, 10), Status.TRANSMIT_INVALID_CHANNEL),
        (NetworkParameters(1, 2, 99, 15), Status.TRANSMIT_INVALID_POWER),
    ],
)
async def test_a_network_that_cannot_be_is_not_formed(parameters: NetworkParameters, refused: Status) -> None:
    host = await World().plugged()
    assert (await host.ask(FormNetwork(parameters))).status == Status.ZIGBEE_SECURITY_STATE_NOT_SET
    await host.ask(security.SetInitialSecurityState(SECURITY))
    assert (await host.ask(FormNetwork(parameters))).status == refused
    assert (await host.ask(NetworkState())).status == NetworkStatus.NO_NETWORK


async def test_a_reset_keeps_the_network_but_the_stick_is_not_in_it_until_it_is_told(version: int) -> None:
    host = await World(version=version).up()
    await host.connect()
    assert (await host.ask(NetworkState())).status == NetworkStatus.NO_NETWORK
    assert (await host.ask(NetworkInit())).status.ok
    await asyncio.sleep(0.1)
    assert host.statuses() == [Status.NETWORK_UP]
    assert (await host.ask(GetNetworkParameters())).parameters == PARAMETERS
    assert not (await host.ask(NetworkInit())).status.ok


async def test_a_network_that_is_left_is_forgotten(version: int) -> None:
    host = await World(version=version).up()
    assert (await host.ask(LeaveNetwork())).status.ok
    await asyncio.sleep(0.1)
    assert host.statuses() == [Status.NETWORK_DOWN]
    assert not (await host.ask(LeaveNetwork())).status.ok
    await host.connect()
    assert (await host.ask(NetworkInit())).status == Status.NOT_JOINED


async def test_the_network_is_open_for_as_long_as_was_said(version: int) -> None:
    world = World(version=version)
    host = await world.up()
    await host.ask(PermitJoining(60))
    await asyncio.sleep(59)
    assert host.statuses() == [Status.ZIGBEE_NETWORK_OPENED]
    await asyncio.sleep(2)
    assert host.statuses() == [Status.ZIGBEE_NETWORK_CLOSED]
    await host.ask(PermitJoining(255))
    await asyncio.sleep(3600)
    assert host.statuses() == [Status.ZIGBEE_NETWORK_OPENED]
    await host.ask(PermitJoining(0))
    await asyncio.sleep(1)
    assert host.statuses() == [Status.ZIGBEE_NETWORK_CLOSED]


async def test_opening_again_extends_the_time() -> None:
    host = await World().up()
    await host.ask(PermitJoining(60))
    await asyncio.sleep(50)
    await host.ask(PermitJoining(60))
    await asyncio.sleep(50)
    assert host.statuses() == [Status.ZIGBEE_NETWORK_OPENED] * 2
    await asyncio.sleep(20)
    assert host.statuses() == [Status.ZIGBEE_NETWORK_CLOSED]


async def test_nobody_opens_a_network_that_is_not_there(version: int) -> None:
    host = await World(version=version).plugged()
    assert (await host.ask(PermitJoining(60))).status == Status.NOT_JOINED


async def test_the_radio_s_power_has_limits(version: int) -> None:
    host = await World(version=version).up()
    assert (await host.ask(SetRadioPower(10))).status.ok
    assert (await host.ask(GetNetworkParameters())).parameters.radio_tx_power == 10
    assert not (await host.ask(SetRadioPower(100))).status.ok


async def test_source_routing_is_switched_on(version: int) -> None:
    host = await World(version=version).up()
    assert (await host.ask(SetConcentrator(True, 0xFFF9, 5, 60, 3, 1, 0))).status.ok


# --- frame counters, tokens, factory settings


async def test_the_frame_counter_is_set_while_not_joined_and_then_only_rises(version: int) -> None:
    world = World(version=version)
    host = await world.plugged()
    given = (500_000).to_bytes(4, "little")
    assert (await host.ask(SetValue(ValueId.NWK_FRAME_COUNTER, given))).status.ok
    assert (await host.ask(SetValue(ValueId.APS_FRAME_COUNTER, given))).status.ok
    keeps = InitialSecurityState(
        SECURITY.bitmask | InitialSecurityBitmask.NO_FRAME_COUNTER_RESET,
        SECURITY.preconfigured_key,
        SECURITY.network_key,
    )
    await host.form(state=keeps)
    counters = [await _frame_counter(host)]
    assert counters[0] >= 500_000
    assert not (await host.ask(SetValue(ValueId.NWK_FRAME_COUNTER, given))).status.ok
    for _ in range(3):
        await host.connect()
        assert (await host.ask(NetworkInit())).status.ok
        counters.append(await _frame_counter(host))
    assert counters == sorted(set(counters))


async def test_a_new_network_begins_to_count_anew() -> None:
    host = await World().plugged()
    await host.ask(SetValue(ValueId.NWK_FRAME_COUNTER, (500_000).to_bytes(4, "little")))
    await host.form()
    assert await _frame_counter(host) < 10_000


async def test_factory_settings_forget_the_network(version: int) -> None:
    host = await World(version=version).up()
    await host.ask(token_interface.TokenFactoryReset(False, False))
    assert (await host.ask(NetworkInit())).status == Status.NOT_JOINED
    assert (await host.ask(GetValue(ValueId.NWK_FRAME_COUNTER))).value == bytes(4)


async def test_another_stick_s_address_is_written_and_its_own_from_the_next_reset_on(version: int) -> None:
    host = await World(version=version).plugged()
    token = token_interface.GetTokenData(RESTORED_EUI64, 0)
    assert (await host.ask(token)).token_data == b"\xff" * 8
    assert (await host.ask(token_interface.GetTokenData(0xE12A, 0))).status == Status.NOT_FOUND
    eui64 = (0x00124B00AABBCCDD).to_bytes(8, "little")
    assert (await host.ask(token_interface.SetTokenData(RESTORED_EUI64, 0, eui64))).status.ok
    await host.connect()
    assert (await host.ask(utilities.GetEui64())).eui64 == 0x00124B00AABBCCDD
    assert (await host.ask(token)).token_data == eui64


async def test_what_the_maker_wrote_is_read_and_the_custom_address_written_once(version: int) -> None:
    host = await World(version=version).plugged()
    board = (await host.ask(utilities.GetMfgToken(MfgTokenId.BOARD_NAME))).token_data
    assert len(board) == 16
    assert board.rstrip(b"\xff") == b"simulated NCP"
    custom = utilities.GetMfgToken(MfgTokenId.CUSTOM_EUI_64)
    assert (await host.ask(custom)).token_data == b"\xff" * 8
    write = utilities.SetMfgToken(MfgTokenId.CUSTOM_EUI_64, (0x1122334455667788).to_bytes(8, "little"))
    assert (await host.ask(write)).status.ok
    assert not (await host.ask(write)).status.ok
    assert (await host.ask(utilities.GetEui64())).eui64 == 0x1122334455667788


async def test_link_keys_are_written_found_read_and_erased(version: int) -> None:
    host = await World(version=version).up()
    key = bytes(range(100, 116))
    assert (await host.ask(security.ImportLinkKey(2, 0x1234, key))).status.ok
    assert (await host.ask(security.FindKeyTableEntry(0x1234, True))).index == 2
    answer = await host.ask(security.ExportLinkKeyByIndex(2))
    assert (answer.status, answer.key) == (Status.OK, key)
    assert (answer.eui64 if version < 14 else answer.context.eui64) == 0x1234
    await host.connect()
    assert (await host.ask(security.FindKeyTableEntry(0x1234, True))).index == 2
    assert (await host.ask(security.EraseKeyTableEntry(2))).status.ok
    assert (await host.ask(security.FindKeyTableEntry(0x1234, True))).index == 0xFF
    await host.ask(security.ImportLinkKey(0, 0x1234, key))
    assert (await host.ask(security.ClearKeyTable())).status.ok
    assert (await host.ask(security.ExportLinkKeyByIndex(0))).status == Status.NOT_FOUND
    assert not (await host.ask(security.ImportLinkKey(200, 0x1234, key))).status.ok


@pytest.mark.parametrize("flags", ["", "00"])
async def test_a_transient_key_is_taken_with_its_flags_and_without(flags: str) -> None:
    """zigbee2mqtt leaves the flags out, bellows does not."""
    host = await World().up()
    payload = b"\xff" * 8 + b"ZigBeeAlliance09" + bytes.fromhex(flags)
    frame = await host.raw_ask(security.ImportTransientKey.ID, payload)
    assert frame.frame_id == security.ImportTransientKey.ID
    assert frame.payload == bytes(4)


# --- scans


async def test_an_energy_scan_tells_of_every_channel_and_then_that_it_is_over(version: int) -> None:
    host = await World(version=version).up()
    began = asyncio.get_running_loop().time()
    assert (await host.ask(StartScan(ScanType.ENERGY, ALL_CHANNELS, 2))).status.ok
    assert (await host.ask(StartScan(ScanType.ENERGY, ALL_CHANNELS, 2))).status == Status.MAC_SCANNING
    await asyncio.sleep(0.5)
    assert host.take(ScanCompleteHandler) == []
    await asyncio.sleep(1.5)
    results = host.take(EnergyScanResultHandler)
    assert [it.channel for it in results] == list(range(11, 27))
    assert all(-105 < it.max_rssi_value < 0 for it in results)
    assert host.one(ScanCompleteHandler).status.ok
    assert asyncio.get_running_loop().time() - began < 3
    assert (await host.ask(StartScan(ScanType.ENERGY, 0, 2))).status == Status.INVALID_CHANNEL_MASK


async def test_a_scan_can_be_stopped() -> None:
    host = await World().up()
    await host.ask(StartScan(ScanType.ENERGY, ALL_CHANNELS, 5))
    await asyncio.sleep(1)
    heard = len(host.take(EnergyScanResultHandler))
    assert 0 < heard < 16
    await host.ask(StopScan())
    assert host.one(ScanCompleteHandler).status.ok
    await asyncio.sleep(10)
    assert host.take(EnergyScanResultHandler) == []


async def test_an_active_scan_finds_the_network_by_its_routers() -> None:
    world = World("a", settled=True)
    host = await world.up()
    await host.ask(StartScan(ScanType.ACTIVE, ALL_CHANNELS, 3))
    await asyncio.sleep(3)
    found = host.one(NetworkFoundHandler).network_found
    network = world.memory.network
    assert network is not None
    assert (found.channel, found.pan_id) == (network.channel, network.pan_id)
    assert host.one(ScanCompleteHandler).status.ok


# --- counting


async def test_counters_are_read_and_cleared(version: int) -> None:
    world = World("a", version=version, settled=True)
    host = await world.up()
    await host.send(world.id_of("a"))
    await asyncio.sleep(1)
    counters = (await host.ask(utilities.ReadCounters())).values
    assert len(counters) == 41
    assert sum(counters) > 0
    assert (await host.ask(utilities.ReadAndClearCounters())).values == counters
    assert sum((await host.ask(utilities.ReadCounters())).values) == 0


async def test_pulling_the_stick_out_in_the_middle_of_everything_leaves_nothing_behind() -> None:
    world = World("a", settled=True)
    host = await world.up()
    await host.ask(PermitJoining(60))
    await host.ask(StartScan(ScanType.ENERGY, ALL_CHANNELS, 5))
    await host.send(world.id_of("a"))
    world.stick.data_received(encode_command(0, NetworkState(), 14)[:3])
    world.unplug()
    callbacks = len(host.callbacks)
    await asyncio.sleep(100)
    assert len(host.callbacks) == callbacks
    assert world.network.ncp is None


async def _frame_counter(host: Any) -> int:
    info = (await host.ask(security.GetNetworkKeyInfo())).network_key_info
    counter: int = info.network_key_frame_counter
    return counter
