"""The real bellows and zigpy take the simulated dongle, of every EZSP version that it can be, for a real one.

Behind it is a plug that is written by hand, in bytes. bellows over TCP waits 2 s at every reset for a dongle that
restarts by itself; so nearly all of this is over pseudo terminals.
"""

import asyncio
from pathlib import Path

import pytest

from simulators.cable import PtyCable, TcpCable
from tests.interop.plain_plug import ON_OFF
from tests.interop.plugged import plugged
from tests.interop.told_process import Refused
from tests.interop.zigpy_bellows.host import bellows_on, started
from tests.interop.zigpy_bellows.with_plug import PLUG, PLUGS_SWITCH, pair

pytestmark = [pytest.mark.interop, pytest.mark.real_time]

VERSIONS = (13, 14, 16, 18, 19)
SUCCESS = 0
INSTALL_CODE = "83fed3407a939723a5c639b26916d505c3b5"
CODES_KEY = bytes.fromhex("66b6900981e1ee3ca4206b6b861c02bb")
"""The example of Base Device Behavior 16-02828-012, §10.1."""
GROUP = 0x1234


async def test_a_network_is_formed_as_bellows_says(tmp_path: Path) -> None:
    async with plugged(PtyCable(tmp_path / "port")) as there, started(there.port, tmp_path) as host:
        network, formed = await host.call("network"), there.memory.network
        assert formed is not None
        assert network["channel"] == formed.channel == 15
        assert network["pan_id"] == formed.pan_id
        assert network["key"] == formed.network_key.hex()
        assert network["extended_pan_id"].replace(":", "") == f"{formed.extended_pan_id:016x}"
        assert network["ieee"].replace(":", "") == f"{there.memory.eui64:016x}"
        assert await host.call("problems") == []


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_device_is_paired_interviewed_and_used(version: int, tmp_path: Path) -> None:
    async with plugged(PtyCable(tmp_path / "port"), version) as there, started(there.port, tmp_path) as host:
        assert (await host.call("network"))["version"] == version
        await pair(host, there)
        device = (await host.call("devices"))[PLUG["ieee"]]
        assert device == {
            "nwk": there.network.node_of("plug"),
            "initialized": True,
            "manufacturer": "by hand",
            "model": "PlainPlug",
            "mains": True,
            "router": True,
            "endpoints": {"1": {"profile": 0x0104, "device_type": 0x0051, "inputs": [0, 4, 6], "outputs": []}},
        }

        await host.call("command", command="on", **PLUGS_SWITCH)
        assert there.plug.on
        assert await host.call("read", attributes=["on_off"], **PLUGS_SWITCH) == {"on_off": True}

        assert await host.call("bind", **PLUGS_SWITCH) == SUCCESS
        await host.call("configure", attribute="on_off", min_s=0, max_s=600, change=1, **PLUGS_SWITCH)
        there.plug.toggle()
        await host.happens(event="report", ieee=PLUG["ieee"], attribute="on_off", value=False)

        assert await host.call("join_group", group=GROUP, **PLUG) == SUCCESS
        await host.call("group_command", group=GROUP, cluster=ON_OFF, command="on")
        await host.happens(event="report", ieee=PLUG["ieee"], attribute="on_off", value=True)
        assert there.plug.on

        await host.call("watchdog")
        assert await host.call("problems") == []


@pytest.mark.parametrize("version", [13, 14])
async def test_the_channels_are_listened_to(version: int, tmp_path: Path) -> None:
    async with plugged(PtyCable(tmp_path / "port"), version) as there, started(there.port, tmp_path) as host:
        energies = await host.call("energy_scan")
        assert sorted(map(int, energies)) == list(range(11, 27))
        assert all(0 <= energy <= 255 for energy in energies.values())


async def test_a_channel_is_changed_and_the_device_comes_along(tmp_path: Path) -> None:
    async with plugged(PtyCable(tmp_path / "port")) as there, started(there.port, tmp_path) as host:
        await pair(host, there)
        await host.call("move", channel=20)
        assert (await host.call("network"))["channel"] == 20
        await host.call("command", command="on", **PLUGS_SWITCH)
        assert there.plug.on


async def test_what_bellows_knows_is_still_true_after_a_restart(tmp_path: Path) -> None:
    database = str(tmp_path / "zigbee.db")
    async with plugged(PtyCable(tmp_path / "port")) as there:
        async with started(there.port, tmp_path, database=database) as host:
            await pair(host, there)
            before = await host.call("network")
        async with started(there.port, tmp_path, "again", form=False, database=database) as host:
            after = await host.call("network")
            assert after.pop("frame_counter") >= before.pop("frame_counter")
            assert after == before
            await host.call("command", command="on", **PLUGS_SWITCH)
            assert there.plug.on
            assert await host.call("problems") == []


@pytest.mark.parametrize("version", [13, 14])
async def test_a_backup_makes_another_dongle_take_the_place_of_the_first(version: int, tmp_path: Path) -> None:
    async with plugged(PtyCable(tmp_path / "port"), version) as old, started(old.port, tmp_path) as host:
        await pair(host, old)
        before = await host.call("network")
        backup = await host.call("backup")
        member = old.network.stations["plug"].member
    async with plugged(PtyCable(tmp_path / "other"), version, seed=2, member=member) as new:
        assert new.memory.eui64 != old.memory.eui64
        async with bellows_on(new.port, tmp_path, "restoring") as host:
            await host.call("restore", backup=backup, channel=15)
            after = await host.call("start", channel=15, form=False)
            assert after.pop("frame_counter") >= before.pop("frame_counter") + 10_000
            assert after == before
            assert new.memory.eui64 == old.memory.eui64
            new.network.rejoin("plug", new_address=False)
            await host.happens(event="initialized", ieee=PLUG["ieee"])
            await host.call("command", command="on", **PLUGS_SWITCH)
            assert new.plug.on


async def test_over_tcp_a_network_of_long_ago_is_found_and_its_device_heard_of(tmp_path: Path) -> None:
    async with (
        plugged(TcpCable("127.0.0.1", 0), formed=True) as there,
        started(there.port, tmp_path, form=False) as host,
    ):
        there.network.rejoin("plug")
        await host.happens(event="initialized", ieee=PLUG["ieee"])
        await host.call("command", command="on", **PLUGS_SWITCH)
        assert there.plug.on


async def test_bellows_hears_that_the_dongle_was_pulled_out(tmp_path: Path) -> None:
    cable = TcpCable("127.0.0.1", 0)
    async with plugged(cable, formed=True) as there, started(there.port, tmp_path, form=False) as host:
        cable.unplug()
        await host.until(lambda: any(event["event"] == "connection lost" for event in host.events))


@pytest.mark.parametrize("version", [13, 14])
async def test_a_device_joins_with_its_install_code_and_not_without(version: int, tmp_path: Path) -> None:
    async with (
        plugged(PtyCable(tmp_path / "port"), version, link_key=CODES_KEY) as there,
        started(there.port, tmp_path) as host,
    ):
        await host.call("permit", seconds=60)
        there.network.press("plug")
        # It looks for another network while this one is of no use to it.
        await host.call("energy_scan")
        assert there.network.node_of("plug") is None
        await host.call("permit", seconds=0)
        await host.call("permit_with_code", ieee=PLUG["ieee"], code=INSTALL_CODE, seconds=60)
        there.network.press("plug")
        await host.happens(event="initialized", ieee=PLUG["ieee"])
        await host.call("command", command="on", **PLUGS_SWITCH)
        assert there.plug.on


@pytest.mark.parametrize("fault", ["asserts", "resets"])
async def test_bellows_hears_that_the_dongle_failed_or_began_anew(fault: str, tmp_path: Path) -> None:
    async with plugged(PtyCable(tmp_path / "port"), formed=True) as there:
        async with started(there.port, tmp_path, form=False) as host:
            there.stick.faults.set(fault, 1.0)
            with pytest.raises(Refused):
                await host.call("energy_scan")
            await host.until(lambda: any(event["event"] == "connection lost" for event in host.events))
        async with started(there.port, tmp_path, "again", form=False) as host:
            assert there.memory.network is not None
            assert (await host.call("network"))["key"] == there.memory.network.network_key.hex()


async def test_a_device_that_has_no_power_is_not_delivered_to(tmp_path: Path) -> None:
    async with plugged(PtyCable(tmp_path / "port")) as there, started(there.port, tmp_path) as host:
        await pair(host, there)
        there.network.cut_power("plug")
        with pytest.raises(Refused, match="DeliveryError"):
            await host.call("command", command="on", **PLUGS_SWITCH)
        there.network.restore_power("plug")
        await host.call("command", command="on", **PLUGS_SWITCH)
        assert there.plug.on


async def test_a_device_is_told_to_leave(tmp_path: Path) -> None:
    async with plugged(PtyCable(tmp_path / "port")) as there, started(there.port, tmp_path) as host:
        await pair(host, there)
        await host.call("remove", ieee=PLUG["ieee"])
        async with asyncio.timeout(10):
            await there.plug.left.wait()
        assert there.network.node_of("plug") is None
