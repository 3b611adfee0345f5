"""A stick that waits for devices that sleep."""

import asyncio
from typing import Any

from drivers.zigbee.ezsp.address_table import (
    LookupNodeIdByEui64,
    LookupNodeIdByEui64Response,
    ReplaceAddressTableEntry,
)
from drivers.zigbee.ezsp.configuration import GetConfigurationValue, GetConfigurationValueResponse
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.node import Node
from drivers.zigbee.node_record import UNKNOWN_NODE_ID, NodeRecord
from drivers.zigbee.patience import Patience
from hubagent.model.capabilities.identify import IdentifyYourself
from hubagent.model.event import DriverCondition, Outcome
from simulators.devices.device import Battery
from simulators.devices.sensors import LeakSensor
from tests.helpers.zigbee_home import ZigbeeHome

TABLE_SIZE = 2


class StickWithTable:
    """Knows no node by itself, and has two places to put them."""

    def __init__(self) -> None:
        self.put: list[tuple[int, int]] = []

    async def ask(self, command: Any) -> Any:
        if isinstance(command, LookupNodeIdByEui64):
            return LookupNodeIdByEui64Response(UNKNOWN_NODE_ID, Status.NOT_FOUND)
        if isinstance(command, GetConfigurationValue):
            return GetConfigurationValueResponse(Status.OK, TABLE_SIZE)
        assert isinstance(command, ReplaceAddressTableEntry)
        self.put.append((command.address_table_index, command.new_eui64))
        return None


def sleeper(eui64: int) -> Node:
    return Node(NodeRecord(eui64, 0x1000 + eui64))


def patience_of(stick: StickWithTable) -> Patience:
    return Patience(stick)  # type: ignore[arg-type]  # all that it needs of a coordinator


async def test_it_is_told_once_and_again_after_a_restart() -> None:
    stick = StickWithTable()
    patience, node = patience_of(stick), sleeper(1)
    for _ in range(2):
        await patience.have(node)
    assert stick.put == [(0, 1)]
    patience.stick_restarted()
    assert patience.is_needed(node)
    await patience.have(node)
    assert stick.put == [(0, 1), (0, 1)]


async def test_a_node_that_lost_its_place_in_the_table_is_told_of_anew() -> None:
    stick = StickWithTable()
    patience, nodes = patience_of(stick), [sleeper(number) for number in (1, 2, 3)]
    for node in nodes:
        await patience.have(node)
    assert stick.put == [(0, 1), (1, 2), (0, 3)]
    assert [patience.is_needed(node) for node in nodes] == [True, False, False]


async def test_a_node_that_moved_keeps_its_place() -> None:
    stick = StickWithTable()
    patience, node = patience_of(stick), sleeper(1)
    await patience.have(node)
    patience.moved(node)
    await patience.have(node)
    assert stick.put == [(0, 1), (0, 1)]


async def test_nobody_is_patient_with_one_that_hears_or_is_nowhere() -> None:
    patience = patience_of(StickWithTable())
    awake, lost = sleeper(1), sleeper(2)
    awake.record.rx_on_when_idle = True
    lost.record.node_id = UNKNOWN_NODE_ID
    assert not patience.is_needed(awake)
    assert not patience.is_needed(lost)


async def test_a_wish_for_a_sleeping_device_waits_until_the_restarted_stick_is_patient() -> None:
    home = ZigbeeHome()
    home.place("bath.leak", LeakSensor(battery=Battery()))
    async with home.running(60):
        home.stick.faults.resets = 1.0
        assert (await home.send("bath.leak", IdentifyYourself(3))).outcome is Outcome.FAILED
        await home.becomes(DriverCondition.READY)
        # It polls every five seconds, and others are given less than three.
        began = asyncio.get_running_loop().time()
        assert (await home.send("bath.leak", IdentifyYourself(3))).outcome is Outcome.CONFIRMED
        assert asyncio.get_running_loop().time() - began < 6
    home.close()
