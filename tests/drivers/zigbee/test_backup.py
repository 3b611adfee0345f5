"""A network in a file and on another stick: nobody has to be paired again."""

import asyncio
import contextlib
import copy
import json
import random
from typing import Any

import pytest

from drivers.zigbee.backup import BadBackup, read_backup, write_backup
from drivers.zigbee.ezsp.frame import Command
from drivers.zigbee.ezsp.networking import GetNetworkParameters, NetworkState
from drivers.zigbee.ezsp.security import ExportKey, GetNetworkKeyInfo
from drivers.zigbee.membership import STICK_KEY
from drivers.zigbee.restoring import COUNTER_A_SECOND, COUNTER_LAST, COUNTER_MARGIN, Restoration
from hubagent.model.driver import DriverUnavailable, NotPossible
from hubagent.model.event import DriverCondition, Outcome
from simulators.devices.device import Battery
from simulators.devices.sensors import LeakSensor
from simulators.devices.switch import Switch
from simulators.zigbee.memory import FormedNetwork, LinkKey, draw_eui64
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home

# As zigbee-herdsman writes it, of the format's own sample (github.com/zigpy/open-coordinator-backup, z2m-sample-1).
FOREIGN: dict[str, Any] = {
    "metadata": {
        "format": "zigpy/open-coordinator-backup",
        "version": 1,
        "source": "zigbee-herdsman@0.13.65",
        "internal": {"date": "2021-02-08T19:35:24.761Z", "znpVersion": 2},
    },
    "stack_specific": {"zstack": {"tclk_seed": "4973f5450493c3cd90552c5f1d388a12"}},
    "coordinator_ieee": "00124b0009d80ba7",
    "pan_id": "cd0a",
    "extended_pan_id": "00124b0009d69f77",
    "nwk_update_id": 0,
    "security_level": 5,
    "channel": 21,
    "channel_mask": [21],
    "network_key": {"key": "1a0355fd7abb5dc588a34998f8ee1233", "sequence_number": 0, "frame_counter": 108522},
    "devices": [
        {
            "nwk_address": "1ad9",
            "ieee_address": "04cf8cdf3c79455f",
            "link_key": {"key": "9c88e969f3d3d23cd557304f2ac9cb97", "rx_counter": 6, "tx_counter": 10098},
        },
        {"nwk_address": None, "ieee_address": "00158d0002ec571d"},
    ],
}


# The file


def test_a_backup_of_another_program_is_read() -> None:
    backup = read_backup(FOREIGN)
    assert backup.network.channel == 21
    assert backup.network.pan_id == 0xCD0A
    assert backup.network.extended_pan_id == 0x00124B0009D69F77
    assert backup.eui64 == 0x00124B0009D80BA7
    assert backup.network_counter == 108522
    assert not backup.has_link_key
    assert backup.devices[0].link_key is not None
    assert backup.devices[0].link_key.outgoing_counter == 10098
    assert backup.devices[1].node_id is None
    assert backup.made_at == pytest.approx(1612812924.761)


def test_what_is_written_is_read_back_the_same() -> None:
    backup = read_backup({**FOREIGN, "stack_specific": {"ezsp": {"hashed_tclk": "00112233445566778899aabbccddeeff"}}})
    written = json.loads(json.dumps(write_backup(backup)))
    again = read_backup(written)
    assert (again.network, again.devices, again.network_counter) == (
        backup.network,
        backup.devices,
        backup.network_counter,
    )


def test_keys_do_not_show() -> None:
    text = repr(read_backup(FOREIGN))
    assert "1a0355fd" not in text
    assert repr(bytes.fromhex("1a0355fd7abb5dc588a34998f8ee1233")) not in text
    assert "9c88e969" not in text


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("metadata", "format"), "something", "not in the format"),
        (("metadata", "version"), 2, "version 2"),
        (("channel",), 27, "channel"),
        (("channel",), True, "channel"),
        (("pan_id",), "xyz", "pan_id"),
        (("pan_id",), None, "pan_id"),
        (("security_level",), 0, "security level"),
        (("network_key", "key"), "00", "network_key.key"),
        (("network_key", "frame_counter"), -1, "frame_counter"),
        (("network_key",), [], "network_key"),
        (("devices",), {}, "devices"),
        (("devices", 0, "ieee_address"), "1", r"devices\[0\].ieee_address"),
        (("devices", 0, "link_key", "key"), "zz", r"devices\[0\].link_key.key"),
    ],
)
def test_what_is_wrong_with_a_backup_is_told_by_its_place(path: tuple[Any, ...], value: Any, says: str) -> None:
    document = copy.deepcopy(FOREIGN)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(BadBackup, match=says):
        read_backup(document)


@pytest.mark.parametrize("missing", [key for key in FOREIGN if key not in ("stack_specific", "channel_mask")])
def test_what_is_missing_in_a_backup_is_named(missing: str) -> None:
    with pytest.raises(BadBackup, match=missing):
        read_backup({key: value for key, value in FOREIGN.items() if key != missing})


@pytest.mark.parametrize("seed", range(200))
def test_whatever_is_given_as_a_backup_is_refused_in_words(seed: int) -> None:
    rng = random.Random(seed)
    document: Any = copy.deepcopy(FOREIGN)
    junk: list[Any] = [None, True, -1, 1 << 70, "", "ff" * 99, [], {}, [[]], 1.5, float("nan")]
    for _ in range(rng.randrange(1, 4)):
        place, key = document, rng.choice(list(document))
        while isinstance(place[key], dict | list) and place[key] and rng.random() < 0.7:
            place = place[key]
            key = rng.choice(list(place) if isinstance(place, dict) else range(len(place)))
        place[key] = rng.choice(junk)
    with contextlib.suppress(BadBackup):
        read_backup(document)


# Frame counters


def test_the_counter_rises_by_a_margin_and_by_the_age_of_the_backup() -> None:
    backup = read_backup(FOREIGN)
    assert backup.made_at is not None
    young = Restoration(backup, backup.made_at).counter()
    assert young == 108522 + COUNTER_MARGIN
    assert Restoration(backup, backup.made_at + 86400).counter() > young + 86400
    # A clock that stands wrong takes nothing away.
    assert Restoration(backup, 0.0).counter() == young


def test_a_counter_that_has_nearly_run_out_is_refused() -> None:
    document = copy.deepcopy(FOREIGN)
    document["network_key"]["frame_counter"] = COUNTER_LAST - 10
    with pytest.raises(NotPossible, match="run out"):
        Restoration(read_backup(document), 0.0).counter()


# The stick


def counted(home: ZigbeeHome) -> int:
    return home.network.memory.nwk_counter


async def test_a_backup_has_all_that_another_stick_needs() -> None:
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    home.place("bath.leak", LeakSensor(battery=Battery()))
    home.network.memory.keys[3] = LinkKey(home.nodes["hall.light"].eui64, bytes(range(16)), 5, 7)
    async with home.running(60):
        document = (await home.driver.act("backup", None, {}))["backup"]
        formed = home.network.memory.network
        assert formed is not None
        assert document["coordinator_ieee"] == f"{home.network.memory.eui64:016x}"
        assert document["network_key"]["key"] == formed.network_key.hex()
        assert document["network_key"]["frame_counter"] >= 0
        assert document["channel"] == formed.channel
        by_address = {device["ieee_address"]: device for device in document["devices"]}
        light = by_address[f"{home.nodes['hall.light'].eui64:016x}"]
        assert light["nwk_address"] == f"{home.network.node_of('hall.light'):04x}"
        assert light["link_key"] == {"key": bytes(range(16)).hex(), "tx_counter": 5, "rx_counter": 7}
        assert by_address[f"{home.nodes['bath.leak'].eui64:016x}"]["is_child"]
        json.dumps(document)
    home.close()


async def a_new_stick(home: ZigbeeHome) -> None:
    """Another chip: other address, nothing in its flash."""
    memory, rng = home.network.memory, random.Random(99)
    memory.factory_eui64 = draw_eui64(rng)
    memory.network = None
    memory.keys.clear()
    memory.children.clear()
    memory.tokens.clear()
    memory.nwk_counter = memory.nwk_written = memory.aps_counter = memory.aps_written = 0


@pytest.mark.parametrize("version", [13, 14, 19])
async def test_another_stick_takes_the_place_of_the_old_one(version: int) -> None:
    light, leak = Switch(), LeakSensor(battery=Battery())
    home = ZigbeeHome(version=version)
    home.place("hall.light", light)
    home.place("bath.leak", leak)
    async with home.running(60):
        document = (await home.driver.act("backup", None, {}))["backup"]
        old = home.network.memory.eui64
    before = counted(home)
    await a_new_stick(home)
    async with home.running(10):
        assert home.condition is DriverCondition.TROUBLED
        told = await home.driver.act("restore", None, {"backup": document})
        assert told["restored"]
        await home.becomes(DriverCondition.READY)
        assert home.network.memory.eui64 == old
        assert counted(home) > before
        await asyncio.sleep(30)
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        leak.set_wet(True)
        await home.reports("bath.leak", 30, leak=True)
    home.close()


async def test_a_backup_is_put_back_onto_the_same_stick_and_its_counter_never_falls() -> None:
    """Fault 14: zigpy-cli PR 2."""
    async with zigbee_home({"hall.light": Switch()}) as home:
        document = (await home.driver.act("backup", None, {}))["backup"]
        document["network_key"]["frame_counter"] = 0
        home.network.memory.nwk_counter = home.network.memory.nwk_written = 2_000_000
        await home.driver.act("restore", None, {"backup": document})
        assert counted(home) >= 2_000_000
        await asyncio.sleep(30)
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


def lose_answer(home: ZigbeeHome, command: type[Command], *, after: int = 0) -> None:
    """One answer to such a command is lost in the stick, when `after` others have been given."""
    stick, left = home.stick, [after]
    carry_out = stick._carry_out

    def losing(frame: Any) -> None:
        if frame.frame_id == command.ID:
            left[0] -= 1
        if left[0] >= 0:
            carry_out(frame)
        else:
            stick._carry_out = carry_out  # type: ignore[method-assign]  # a fault in the stick

    stick._carry_out = losing  # type: ignore[method-assign]


@pytest.mark.parametrize("lost", [NetworkState, GetNetworkParameters, GetNetworkKeyInfo, ExportKey])
async def test_a_stick_whose_network_cannot_be_read_does_not_leave_it(lost: type[Command]) -> None:
    """Fault 14: it may be another one, with all its devices, and nobody has said that it may be lost."""
    home = ZigbeeHome()
    async with home.running(5):
        pass
    home.network.memory.network = None
    before = home.network.memory.commission(random.Random(5))
    async with home.running(10):
        lose_answer(home, lost)
        with pytest.raises(DriverUnavailable, match="nothing was changed"):
            await home.driver.act("restore", None, {})
        await asyncio.sleep(120)
        assert home.network.memory.network == before
        with pytest.raises(NotPossible, match=f"instead_of={before.extended_pan_id:016x}"):
            await home.driver.act("restore", None, {})
        # Whoever says that it may be any is not kept from it: the stick may be broken.
        lose_answer(home, lost)
        assert (await home.driver.act("restore", None, {"other_network": True}))["restored"]
        assert home.network.memory.network != before
    home.close()


async def test_a_stick_that_does_not_say_how_far_it_has_counted_is_not_taken_to_have_counted_nothing() -> None:
    """Fault 14: the devices of its own network would not listen to it any more."""
    async with zigbee_home({"hall.light": Switch()}) as home:
        document = (await home.driver.act("backup", None, {}))["backup"]
        document["network_key"]["frame_counter"] = 0
        home.network.memory.nwk_counter = home.network.memory.nwk_written = 2_000_000
        lose_answer(home, GetNetworkKeyInfo, after=1)
        with pytest.raises(DriverUnavailable):
            await home.driver.act("restore", None, {"backup": document})
        await home.driver.act("restore", None, {"backup": document})
        assert counted(home) >= 2_000_000


async def test_what_a_link_key_secures_is_counted_on_from_above_too() -> None:
    """Devices refuse what repeats a count under the same link key, and the hub has no note of that count."""
    home = ZigbeeHome()
    home.network.memory.set_counters(nwk=700_000, aps=300_000)
    async with home.running(5):
        pass
    await a_new_stick(home)
    async with home.running(5):
        await home.driver.act("restore", None, {})
        assert home.network.memory.aps_counter > 300_000 + COUNTER_MARGIN
    home.close()


async def test_both_counts_rise_by_the_age_of_the_backup() -> None:
    home = ZigbeeHome()
    async with home.running(5):
        document = (await home.driver.act("backup", None, {}))["backup"]
    document["stack_specific"]["ezsp"]["aps_frame_counter"] = 5_000_000
    document["metadata"]["internal"]["creation_time"] = "2020-01-01T00:00:00+00:00"
    await a_new_stick(home)
    async with home.running(5):
        await home.driver.act("restore", None, {"backup": document})
        assert home.network.memory.aps_counter > 5_000_000 + 365 * 86400 * COUNTER_A_SECOND // 2
    home.close()


async def test_counts_go_on_above_what_a_backup_of_another_stack_has_seen_under_any_link_key() -> None:
    async with zigbee_home({}) as home:
        document = copy.deepcopy(FOREIGN)
        document["devices"][0]["link_key"]["tx_counter"] = 3_000_000_000
        await home.driver.act("restore", None, {"backup": document, "other_network": True})
        assert home.network.memory.aps_counter > 3_000_000_000
        assert counted(home) < 3_000_000_000


async def test_what_the_hub_noted_of_its_stick_counts_more_than_an_old_backup_without_a_date() -> None:
    home = ZigbeeHome()
    async with home.running(5):
        document = (await home.driver.act("backup", None, {}))["backup"]
        home.network.memory.set_counters(nwk=9_000_000, aps=9_000_000)
        await asyncio.sleep(2 * 3600)
    # By a clock that is wrong the backup is of now.
    document["metadata"]["internal"]["creation_time"] = "2099-01-01T00:00:00+00:00"
    await a_new_stick(home)
    async with home.running(5):
        await home.driver.act("restore", None, {"backup": document})
        assert counted(home) > 9_000_000
        assert home.network.memory.aps_counter > 9_000_000
    home.close()


async def test_a_note_of_the_stick_that_cannot_be_read_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async with zigbee_home({}) as home:
        home.records.put(STICK_KEY, {"eui64": 5})
        with pytest.raises(NotPossible, match="recalls no network"):
            await home.driver.act("restore", None, {})
        assert "kept of the stick cannot be read" in caplog.text


async def test_a_backup_of_another_network_is_refused_unless_that_is_meant() -> None:
    """Fault 14."""
    async with zigbee_home({"hall.light": Switch()}) as home:
        before = home.network.memory.network
        with pytest.raises(NotPossible, match="another network"):
            await home.driver.act("restore", None, {"backup": FOREIGN})
        assert home.network.memory.network == before
        await home.driver.act("restore", None, {"backup": FOREIGN, "other_network": True})
        formed = home.network.memory.network
        assert isinstance(formed, FormedNetwork)
        assert formed.extended_pan_id == 0x00124B0009D69F77
        assert formed.link_key not in (bytes(16), b"ZigBeeAlliance09")
        assert home.network.memory.eui64 == 0x00124B0009D80BA7
        # Its devices are taken in, the others are not there any more.
        assert 0x04CF8CDF3C79455F in home.driver.registry.nodes
        assert home.nodes["hall.light"].eui64 not in home.driver.registry.nodes


async def test_a_backup_that_cannot_be_used_changes_nothing() -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        before = home.network.memory.network
        with pytest.raises(NotPossible, match="cannot be used, and nothing was changed"):
            await home.driver.act("restore", None, {"backup": {"metadata": {}}})
        assert home.network.memory.network == before
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
