"""The same real devices, simulated: they join the network, are interviewed, and offer what ZHA sees in them."""

import asyncio

import pytest

from drivers.zigbee.node_record import ROOT
from hubagent.model.capabilities.table import commands_for
from hubagent.model.capability import Value
from hubagent.model.device import Device
from hubagent.model.event import Cause, CommandAnswered, DeviceChanged, DeviceJoined, Outcome
from simulators.zigbee.snapshot import read_snapshot
from simulators.zigbee.snapshot_node import snapshot_node
from tests.helpers.zha_snapshots import FOLDER, WHY_SKIPPED, Snapshot, misses, snapshots
from tests.helpers.zigbee_home import ZigbeeHome

ALL = snapshots()
pytestmark = pytest.mark.skipif(not ALL, reason=WHY_SKIPPED)


def announced(home: ZigbeeHome) -> dict[int, tuple[str, ...]]:
    """By part, the capabilities that the home was told of last."""
    devices: dict[str, Device] = {}
    for event in home.events:
        if isinstance(event, DeviceJoined | DeviceChanged):
            devices[event.device.id] = event.device
    return {int(key.partition("/")[2] or ROOT): device.capabilities for key, device in devices.items()}


@pytest.mark.parametrize("snapshot", ALL, ids=lambda snapshot: snapshot.name)
async def test_a_device_that_joins_offers_what_zha_sees_in_it(snapshot: Snapshot) -> None:
    home = ZigbeeHome()
    node = snapshot_node(home.loop, read_snapshot(FOLDER / f"{snapshot.name}.json"))
    home.place_node("it", node)
    async with home.running(settle_s=600):
        assert [str(miss) for miss in misses(snapshot, announced(home)) if not miss.reason] == []
    node.power_off()
    home.close()


async def outcome_of(home: ZigbeeHome, device: Device, values: dict[str, Value]) -> Outcome:
    (command,) = commands_for(values)
    answered: asyncio.Future[CommandAnswered] = home.loop.create_future()
    home.driver.send(device.id, command, Cause("test"), answered.set_result)
    return (await answered).outcome


WISHES: dict[str, dict[str, Value]] = {
    "on_off": {"on": False},
    "level_control": {"level": 40},
    "color_control": {"color_temperature": 3000},
    "door_lock": {"locked": True},
    "window_covering": {"position": 50},
}


@pytest.mark.parametrize("snapshot", ALL, ids=lambda snapshot: snapshot.name)
async def test_a_device_that_joined_does_what_it_is_asked(snapshot: Snapshot) -> None:
    home = ZigbeeHome()
    node = snapshot_node(home.loop, read_snapshot(FOLDER / f"{snapshot.name}.json"))
    home.place_node("it", node)
    async with home.running(settle_s=600):
        asked = [
            (device, values)
            for device in home.devices.values()
            for capability, values in WISHES.items()
            if capability in device.capabilities
        ]
        outcomes = [(device.id, values, await outcome_of(home, device, values)) for device, values in asked]
        assert [one for one in outcomes if one[2] is not Outcome.CONFIRMED] == []
    node.power_off()
    home.close()
