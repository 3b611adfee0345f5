"""The real zigbee2mqtt takes the simulated dongle, of every EZSP version that it can be, for a real one.

Behind it is a plug that is written by hand, in bytes. All of this is over TCP, as with a dongle in the network.
"""

from pathlib import Path

import pytest

from simulators.cable import TcpCable
from tests.interop.plugged import plugged
from tests.interop.zigbee2mqtt.broker import broker
from tests.interop.zigbee2mqtt.host import CHANNEL, EXTENDED_PAN_ID, NETWORK_KEY, PAN_ID, zigbee2mqtt_on
from tests.interop.zigbee2mqtt.with_plug import NAMES, pair, problems, switch, url

pytestmark = [pytest.mark.interop, pytest.mark.real_time]

VERSIONS = (13, 14, 16, 18, 19)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_network_is_formed_a_device_used_and_both_found_again(version: int, tmp_path: Path) -> None:
    async with broker(tmp_path) as broker_port, plugged(TcpCable("127.0.0.1", 0), version) as there:
        async with zigbee2mqtt_on(url(there), broker_port, tmp_path, NAMES) as host:
            formed = there.memory.network
            assert formed is not None
            assert (formed.channel, formed.pan_id) == (CHANNEL, PAN_ID)
            assert formed.network_key == bytes(NETWORK_KEY)
            assert formed.extended_pan_id == int.from_bytes(bytes(EXTENDED_PAN_ID), "little")
            coordinator = host.latest("bridge/info")["coordinator"]
            assert coordinator["meta"]["ezsp"] == version
            assert coordinator["ieee_address"] == f"0x{there.memory.eui64:016x}"
            await pair(host, there)
            await switch(host, there, "ON")
            there.plug.toggle()
            await host.hears("plug", state="OFF")
            assert problems(host) == []
        async with zigbee2mqtt_on(url(there), broker_port, tmp_path) as host:
            assert there.memory.network == formed
            await switch(host, there, "ON")
            assert problems(host) == []
        assert (there.stick.malformed_commands, there.stick.lost_frames) == (0, 0)


@pytest.mark.parametrize("version", [13, 14])
async def test_a_dongle_that_was_erased_gets_its_network_back_from_the_backup(version: int, tmp_path: Path) -> None:
    async with broker(tmp_path) as broker_port, plugged(TcpCable("127.0.0.1", 0), version) as there:
        async with zigbee2mqtt_on(url(there), broker_port, tmp_path, NAMES) as host:
            await pair(host, there)
        before, counter = there.memory.network, there.memory.nwk_counter
        there.memory.reset(keep_counters=False)
        async with zigbee2mqtt_on(url(there), broker_port, tmp_path) as host:
            after = there.memory.network
            assert before is not None
            assert after is not None
            assert (after.network_key, after.extended_pan_id) == (before.network_key, before.extended_pan_id)
            assert there.memory.nwk_counter >= counter
            await switch(host, there, "ON")
