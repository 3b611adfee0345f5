"""What people ask of the network itself, and of devices beyond their functions."""

import asyncio
import tracemalloc
from pathlib import Path
from struct import pack
from typing import Any

import pytest

from drivers.zigbee import ota_server
from drivers.zigbee.aes_mmo import aes_mmo
from drivers.zigbee.groups import GROUPS_KEY, Groups
from drivers.zigbee.ota_server import OtaServer
from drivers.zigbee.registry import NODE_KEY
from drivers.zigbee.zcl.clusters.ota_upgrade import (
    Image,
    ImageBlockRequest,
    ImageBlockResponse,
    QueryNextImageRequest,
    QueryNextImageResponse,
    UpgradeEndRequest,
    Wait,
)
from drivers.zigbee.zcl.status import ZclStatus
from drivers.zigbee.zdo.management import MgmtLqiReq
from hubagent.model.device import Presence
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable, NotPossible
from hubagent.model.event import DriverCondition, InterviewProgressed, Outcome
from simulators.devices.device import Battery
from simulators.devices.dimmer import Dimmer
from simulators.devices.remote import Remote
from simulators.devices.sensors import LeakSensor
from simulators.devices.switch import PowerStrip, Switch
from simulators.zigbee.faces import FILE_VERSION, MANUFACTURER_CODE
from simulators.zigbee.ncp import Sender
from simulators.zigbee.radio import ApsMessage
from tests.helpers.memory_records import MemoryRecords
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home


async def test_the_actions_there_are_can_be_asked_for() -> None:
    async with zigbee_home({"a.light": Switch()}) as home:
        told = await home.driver.act("help", None, {})
        assert {"map", "energy_scan", "channel", "backup", "restore", "adopt", "form"} <= set(told["actions"])
        assert {"ping", "interview", "bind", "group_add"} <= set(told["of_devices"])
        with pytest.raises(NotPossible, match="there are"):
            await home.driver.act("dance", None, {})
        with pytest.raises(NotPossible, match="there are"):
            await home.driver.act("dance", home.id_of("a.light"), {})
        with pytest.raises(NotPossible, match="name it"):
            await home.driver.act("ping", None, {})


async def test_a_ping_says_whether_a_device_answers_and_how_it_is_heard() -> None:
    async with zigbee_home({"a.light": Switch()}) as home:
        told = await home.driver.act("ping", home.id_of("a.light"), {})
        assert told["answered"]
        signal = await home.driver.act("signal", home.id_of("a.light"), {})
        assert 0 < signal["lqi"] <= 255
        assert -100 < signal["rssi_dbm"] < 0
        home.network.cut_power("a.light")
        with pytest.raises(DeviceUnreachable):
            await home.driver.act("ping", home.id_of("a.light"), {})


async def test_another_interview_finds_what_changed_and_takes_nothing_away_while_it_runs() -> None:
    async with zigbee_home({"desk.strip": PowerStrip(2)}) as home:
        device = home.id_of("desk.strip")
        home.node("desk.strip").record.firmware = "0.0"
        capabilities = [home.device("desk.strip/1").capabilities]
        async with asyncio.TaskGroup() as tasks:
            again = tasks.create_task(home.driver.act("interview", device, {}))
            while not again.done():
                capabilities.append(home.device("desk.strip/1").capabilities)
                await asyncio.sleep(0.01)
        assert again.result() == {"stage": "complete"}
        assert len(capabilities) > 1
        assert len(set(capabilities)) == 1
        assert home.node("desk.strip").record.firmware == "1.0.0"
        assert home.all(InterviewProgressed)[-1].step == "complete"


async def test_the_map_has_every_node_and_who_hears_whom() -> None:
    devices = {"a.light": Switch(), "b.light": Switch(), "c.leak": LeakSensor(battery=Battery())}
    async with zigbee_home(devices, settle_s=60) as home:
        told = await home.driver.act("map", None, {})
        by_id = {node["id"]: node for node in told["nodes"]}
        assert by_id[""] == {"id": "", "address": 0, "role": "coordinator"}
        assert by_id[home.id_of("a.light")]["role"] == "router"
        assert by_id[home.id_of("c.leak")]["role"] == "end_device"
        pairs = {(link["from"], link["to"]) for link in told["links"]}
        light = by_id[home.id_of("a.light")]["address"]
        assert (0, light) in pairs
        assert (light, 0) in pairs
        assert all(0 < link["lqi"] <= 255 for link in told["links"])
        assert told["unanswered"] == []


async def test_a_router_that_does_not_answer_is_left_out_of_the_map_and_named() -> None:
    async with zigbee_home({"a.light": Switch(), "b.light": Switch()}) as home:
        home.network.cut_power("a.light")
        told = await home.driver.act("map", None, {})
        assert home.id_of("a.light") in told["unanswered"]
        assert any(link["from"] == 0 for link in told["links"])


async def test_a_router_that_was_being_asked_when_the_stick_went_away_is_taken_in_when_it_is_heard() -> None:
    async with zigbee_home({"a.light": Switch()}, settle_s=60) as home:
        lamp = Switch()
        # It was let in while nobody listened.
        node = home.place("b.light", lamp)
        receive = node.receive

        def unplugging(message: ApsMessage) -> None:
            if message.cluster == MgmtLqiReq.CLUSTER and message.profile == 0:
                home.loop.call_soon(home.cable.unplug)
            else:
                receive(message)

        node.receive = unplugging  # type: ignore[method-assign]  # somebody pulls the stick at that moment
        with pytest.raises(DriverUnavailable):
            await home.driver.act("map", None, {})
        assert node.eui64 not in home.driver.registry.nodes
        home.cable.replug()
        await home.becomes(DriverCondition.READY)
        lamp.switch(True)
        assert home.network.ncp is not None
        report = ApsMessage(node.node_id, 0, 0x0104, 0x0006, 1, 1, 1, bytes.fromhex("18010a00001001"))
        home.network.ncp.heard(report, Sender(node.eui64, 200, -50))
        await home.reports("b.light", 30, on=True)


async def test_a_large_house_is_found_hop_by_hop() -> None:
    """A stick that came with a network whose devices nobody here knows."""
    home = ZigbeeHome(large=True, seed=5)
    for number in range(30):
        home.place(f"r{number}.light", Switch())
    async with home.running(240):
        found = {device.name for device in home.devices.values()}
        near = {f"r{number}.light" for number in range(30)}
        assert found == near
        assert all(device.presence is Presence.READY for device in home.devices.values())
        assert (await home.set("r7.light", on=True)).outcome is Outcome.CONFIRMED
    home.close()


async def test_the_air_is_measured_on_every_channel() -> None:
    async with zigbee_home({}) as home:
        told = await home.driver.act("energy_scan", None, {})
        assert [row["channel"] for row in told["channels"]] == list(range(11, 27))
        assert all(-128 <= row["dbm"] < 20 for row in told["channels"])
        formed = home.network.memory.network
        assert formed is not None
        assert [row["channel"] for row in told["channels"] if row["own"]] == [formed.channel]


async def test_all_go_to_another_channel() -> None:
    async with zigbee_home({"a.light": Switch()}) as home:
        formed = home.network.memory.network
        assert formed is not None
        wanted = 25 if formed.channel != 25 else 20
        told = await home.driver.act("channel", None, {"channel": wanted})
        assert told == {"channel": wanted, "changed": True}
        assert formed.channel == wanted
        assert home.records.records["network"]["channel"] == wanted
        await asyncio.sleep(30)
        assert (await home.set("a.light", on=True)).outcome is Outcome.CONFIRMED
        again = await home.driver.act("channel", None, {"channel": wanted})
        assert not again["changed"]
        for wrong in (None, 10, 27, "20", True):
            with pytest.raises(NotPossible, match="channel=N"):
                await home.driver.act("channel", None, {"channel": wrong})


# Groups and bindings


async def test_a_group_is_told_in_one_message() -> None:
    lights = {f"a.light{number}": Dimmer(asyncio.get_running_loop()) for number in range(3)}
    async with zigbee_home(dict(lights)) as home:
        for name in ("a.light0", "a.light1"):
            told = await home.driver.act("group_add", home.id_of(name), {"group": 5})
        assert told == {"group": 5, "members": [home.id_of("a.light0"), home.id_of("a.light1")]}
        assert (await home.driver.act("groups", home.id_of("a.light0"), {}))["groups"] == [5]
        await home.driver.act("group_set", None, {"group": 5, "on": True})
        await home.reports("a.light0", 10, on=True)
        await home.reports("a.light1", 10, on=True)
        assert not lights["a.light2"].on
        await home.driver.act("group_remove", home.id_of("a.light0"), {"group": 5})
        await home.driver.act("group_set", None, {"group": 5, "on": False})
        await home.reports("a.light1", 10, on=False)
        assert lights["a.light0"].on


async def test_groups_are_kept_and_the_stick_listens_to_them_after_a_restart() -> None:
    home = ZigbeeHome()
    home.place("a.light", Switch())
    async with home.running():
        await home.driver.act("group_add", home.id_of("a.light"), {"group": 0x10})
    async with home.running():
        chip = home.stick._chip
        assert chip is not None
        assert 0x10 in {entry.multicast_id for entry in chip.multicast.values() if entry.endpoint}
        await home.driver.act("group_set", None, {"group": 0x10, "on": True})
        await home.reports("a.light", 10, on=True)
    home.close()


async def test_who_is_gone_is_in_no_group() -> None:
    async with zigbee_home({"a.light": Switch(), "b.light": Switch()}) as home:
        for name in ("a.light", "b.light"):
            await home.driver.act("group_add", home.id_of(name), {"group": 5})
        await home.driver.act("group_add", home.id_of("a.light"), {"group": 6})
        left, stays = home.id_of("a.light"), home.id_of("b.light")
        home.driver.forget(home.node("a.light"))
        assert (await home.driver.act("group_set", None, {"group": 5, "on": True}))["members"] == [stays]
        with pytest.raises(NotPossible, match="nobody is in group 6"):
            await home.driver.act("group_set", None, {"group": 6, "on": True})
        assert left not in str(home.records.records[GROUPS_KEY])


def test_what_was_kept_of_the_groups_and_cannot_be_read_is_said(caplog: pytest.LogCaptureFixture) -> None:
    records = MemoryRecords()
    records.put(GROUPS_KEY, {"0005": ["zigbee-1"], "five": ["zigbee-2"]})
    groups = Groups(records)
    assert groups.numbers() == ()
    assert "groups cannot be read" in caplog.text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [({}, "group=N"), ({"group": 0}, "group=N"), ({"group": 3}, "nobody"), ({"group": "x"}, "group=N")],
)
async def test_a_group_that_cannot_be_is_called_so(arguments: dict[str, Any], says: str) -> None:
    async with zigbee_home({"a.light": Switch(), "b.leak": LeakSensor(battery=Battery())}) as home:
        with pytest.raises(NotPossible, match=says):
            await home.driver.act("group_set", None, {**arguments, "on": True})
        with pytest.raises(NotPossible, match="groups"):
            await home.driver.act("group_add", home.id_of("b.leak"), {"group": 1})


async def test_a_remote_commands_a_lamp_without_the_hub() -> None:
    remote, lamp = Remote(asyncio.get_running_loop()), Switch()
    async with zigbee_home({"a.remote": remote, "a.lamp": lamp}) as home:
        told = await home.driver.act("bind", home.id_of("a.remote"), {"target": home.id_of("a.lamp")})
        assert {"endpoint": 1, "cluster": 6} in told["bindings"]
        remote.press("1")
        await home.reports("a.lamp", 10, on=True)
        await home.driver.act("unbind", home.id_of("a.remote"), {"target": home.id_of("a.lamp")})
        remote.press("2")
        await asyncio.sleep(5)
        assert lamp.on
        with pytest.raises(NotPossible, match="target"):
            await home.driver.act("bind", home.id_of("a.remote"), {})
        with pytest.raises(NotPossible, match="commands nothing"):
            await home.driver.act("bind", home.id_of("a.lamp"), {"target": home.id_of("a.remote")})


# Firmware


def image(version: int, *, maker: int = MANUFACTURER_CODE, kind: int = 0x01, size: int = 1000, **wrong: Any) -> bytes:
    """ZCL8 §11.4."""
    body = pack("<HI", 0x0000, size) + bytes(range(256)) * (size // 256) + bytes(size % 256)
    total = 56 + len(body)
    header = pack(
        "<4sHHHHHIH32sI",
        wrong.get("magic", bytes.fromhex("1ef1ee0b")),
        0x0100,
        56,
        0,
        maker,
        kind,
        version,
        2,
        b"test",
        wrong.get("total", total),
    )
    return header + body


async def test_a_device_gets_the_newest_firmware_of_its_kind_and_runs_it(tmp_path: Path) -> None:
    (tmp_path / "old.ota").write_bytes(image(FILE_VERSION - 1))
    (tmp_path / "new.ota").write_bytes(image(FILE_VERSION + 0x00010002))
    (tmp_path / "newer-of-another.ota").write_bytes(image(FILE_VERSION + 9, kind=0x77))
    (tmp_path / "broken.ota").write_bytes(image(FILE_VERSION + 99)[:-5])
    (tmp_path / "readme.txt").write_text("hello")
    home = ZigbeeHome()
    home.place("a.light", Switch())
    async with home.running(30, ota_dir=str(tmp_path)):
        told = await home.driver.act("ota_notify", home.id_of("a.light"), {})
        assert told["notified"]
        await asyncio.sleep(600)
        await home.driver.act("interview", home.id_of("a.light"), {})
        assert home.node("a.light").record.firmware == "1.1.2"
    home.close()


async def test_what_a_device_is_with_its_new_firmware_is_found_out_by_itself(tmp_path: Path) -> None:
    (tmp_path / "new.ota").write_bytes(image(FILE_VERSION + 0x00010002))
    home = ZigbeeHome()
    home.place("a.light", Switch())
    async with home.running(30, ota_dir=str(tmp_path)):
        await home.driver.act("ota_notify", home.id_of("a.light"), {})
        await asyncio.sleep(900)
        assert home.node("a.light").record.firmware == "1.1.2"
        assert home.records.records[NODE_KEY + home.node("a.light").record.key]["firmware"] == "1.1.2"
    home.close()


@pytest.mark.parametrize(("version", "asked"), [(FILE_VERSION + 1, 1), (FILE_VERSION + 2, 0)])
async def test_a_device_that_says_all_day_that_it_has_firmware_of_ours_is_asked_once_at_a_time(
    tmp_path: Path, version: int, asked: int
) -> None:
    (tmp_path / "new.ota").write_bytes(image(FILE_VERSION + 1))
    home = ZigbeeHome()
    home.place("a.light", Switch())
    async with home.running(30, ota_dir=str(tmp_path)):
        node = home.node("a.light")
        before = node.record.interviews
        for _ in range(1000):
            home.driver.ota.answer(node, 1, UpgradeEndRequest(ZclStatus.SUCCESS, Image(MANUFACTURER_CODE, 1, version)))
        await asyncio.sleep(600)
        assert node.record.interviews == before + asked
    home.close()


async def test_a_device_without_firmware_over_the_air_is_called_so() -> None:
    async with zigbee_home({"a.light": Switch()}) as home:
        home.node("a.light").record.endpoints[1].outputs = ()
        with pytest.raises(NotPossible, match="no firmware"):
            await home.driver.act("ota_notify", home.id_of("a.light"), {})


async def offered(home: ZigbeeHome, server: OtaServer) -> int | None:
    """Which version a lamp that has an old one is offered."""
    query = QueryNextImageRequest(image=Image(MANUFACTURER_CODE, 0x01, 1))
    answer = server.answer(home.node("a.light"), 1, query)
    assert isinstance(answer, QueryNextImageResponse)
    return None if answer.image is None else answer.image.file_version


def with_integrity_code(file: bytes) -> bytes:
    """A file whose last element is the hash of all before it."""
    whole = file[:52] + (len(file) + 22).to_bytes(4, "little") + file[56:]
    return whole + pack("<HI", 0x0003, 16) + aes_mmo(whole)


async def test_a_firmware_file_whose_integrity_code_is_wrong_is_not_served(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with zigbee_home({"a.light": Switch()}) as home:
        whole = with_integrity_code(image(7))
        (tmp_path / "a.ota").write_bytes(whole[:200] + b"!" + whole[201:])
        server = OtaServer(tmp_path)
        await server.load()
        assert await offered(home, server) is None
        assert "a.ota is not served" in caplog.text
        assert "integrity code" in caplog.text
        (tmp_path / "a.ota").write_bytes(whole)
        await server.load()
        assert await offered(home, server) == 7


async def test_a_firmware_file_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    async with zigbee_home({"a.light": Switch()}) as home:
        (tmp_path / "a.ota").write_bytes(with_integrity_code(image(7, size=20_000)))
        server = OtaServer(tmp_path)
        await server.load()
        begun = home.loop.time()
        await server.load()
        assert home.loop.time() == begun
        assert await offered(home, server) == 7
        (tmp_path / "a.ota").write_bytes(image(8))
        await server.load()
        assert await offered(home, server) == 8
        (tmp_path / "a.ota").unlink()
        await server.load()
        assert await offered(home, server) is None


async def test_a_download_goes_on_when_the_folder_has_been_read_again_after_a_restart(tmp_path: Path) -> None:
    async with zigbee_home({"a.light": Switch()}) as home:
        (tmp_path / "a.ota").write_bytes(image(7))
        block = ImageBlockRequest(image=Image(MANUFACTURER_CODE, 1, 7), file_offset=500, max_data_size=40)
        server = OtaServer(tmp_path)
        early = server.answer(home.node("a.light"), 1, block)
        assert isinstance(early, ImageBlockResponse)
        assert (early.status, early.wait) == (ZclStatus.WAIT_FOR_DATA, Wait(0, ota_server.SOON_S))
        await server.load()
        answer = server.answer(home.node("a.light"), 1, block)
        assert isinstance(answer, ImageBlockResponse)
        assert (answer.status, answer.data) == (ZclStatus.SUCCESS, image(7)[500:540])
        without = OtaServer(None).answer(home.node("a.light"), 1, block)
        assert isinstance(without, ImageBlockResponse)
        assert without.status == ZclStatus.ABORT


async def test_a_block_is_cut_from_a_large_file_without_copying_the_rest_of_it(tmp_path: Path) -> None:
    async with zigbee_home({"a.light": Switch()}) as home:
        (tmp_path / "a.ota").write_bytes(image(7, size=2_000_000))
        server = OtaServer(tmp_path)
        await server.load()
        block = ImageBlockRequest(image=Image(MANUFACTURER_CODE, 1, 7), file_offset=100, max_data_size=40)
        tracemalloc.start()
        try:
            server.answer(home.node("a.light"), 1, block)
            assert tracemalloc.get_traced_memory()[1] < 100_000
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize(
    ("bound", "most", "said"),
    [
        ("FILES_MAX", 2, "has 3 files; from 4.ota on they are not served"),
        ("FOLDER_SIZE_MAX", 2500, "4.ota is not served: it is larger"),
    ],
)
async def test_a_folder_of_more_firmware_than_is_served_is_served_in_part(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    bound: str,
    most: int,
    said: str,
) -> None:
    monkeypatch.setattr(ota_server, bound, most)
    async with zigbee_home({"a.light": Switch()}) as home:
        for version in (2, 3, 4):
            (tmp_path / f"{version}.ota").write_bytes(image(version))
        server = OtaServer(tmp_path)
        await server.load()
        assert await offered(home, server) == 3
        assert said in caplog.text


async def test_firmware_for_one_device_is_given_to_no_other(tmp_path: Path) -> None:
    async with zigbee_home({"a.light": Switch()}) as home:
        body = image(7)[56:]
        head = pack(
            "<4sHHHHHIH32sI", bytes.fromhex("1ef1ee0b"), 0x0100, 64, 2, MANUFACTURER_CODE, 1, 7, 2, b"", 64 + len(body)
        )
        (tmp_path / "a.ota").write_bytes(head + (home.node("a.light").eui64 + 1).to_bytes(8, "little") + body)
        server = OtaServer(tmp_path)
        await server.load()
        wanted = Image(MANUFACTURER_CODE, 1, 7)
        block = ImageBlockRequest(image=wanted, file_offset=0, max_data_size=40)
        answer = server.answer(home.node("a.light"), 1, block)
        assert isinstance(answer, ImageBlockResponse)
        assert answer.status == ZclStatus.ABORT


async def test_a_device_that_asks_and_fails_all_day_does_not_fill_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with zigbee_home({"a.light": Switch()}) as home:
        (tmp_path / "a.ota").write_bytes(image(7))
        server = OtaServer(tmp_path)
        await server.load()
        caplog.clear()
        for _ in range(1000):
            assert await offered(home, server) == 7
            server.answer(home.node("a.light"), 1, UpgradeEndRequest(ZclStatus.INVALID_IMAGE, Image(1, 1, 7)))
        assert 2 <= len(caplog.records) <= 50


async def test_a_download_that_a_device_does_not_go_on_with_is_shown_no_more(tmp_path: Path) -> None:
    (tmp_path / "a.ota").write_bytes(image(7))
    async with zigbee_home({"a.light": Switch()}) as home:
        server = OtaServer(tmp_path)
        await server.load()
        home.node("a.light").heard_at = home.loop.time()
        block = ImageBlockRequest(image=Image(MANUFACTURER_CODE, 1, 7), file_offset=500, max_data_size=40)
        server.answer(home.node("a.light"), 1, block)
        assert server.progress() == {home.id_of("a.light"): 100 * 540 // len(image(7))}
        await asyncio.sleep(ota_server.IDLE_S + 1)
        assert server.progress() == {}
