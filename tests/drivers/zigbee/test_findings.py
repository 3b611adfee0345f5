"""What `doctor` is told is doubtful about the stick and its network, and when it is not."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from drivers.zigbee.arrivals import IN_CONFLICT_MAX, Conflicts
from drivers.zigbee.ezsp.messaging import IdConflictHandler
from drivers.zigbee.findings import RECENT_S
from drivers.zigbee.network_identity import CHANNELS
from drivers.zigbee.setting_up import VERSION_MAX
from hubagent.model.driver import DriverUnavailable, Record
from simulators.devices.switch import Switch
from simulators.zigbee.commands import scanning
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home

HOUR_S = 3600


def findings(home: ZigbeeHome) -> list[Record]:
    found: list[Record] = home.driver.status()["findings"]
    return found


def the_finding(home: ZigbeeHome) -> Record:
    (finding,) = findings(home)
    assert finding["grade"] == "warning"
    assert finding["fix"]
    return finding


@asynccontextmanager
async def on_channel(channel: int) -> AsyncIterator[ZigbeeHome]:
    home = ZigbeeHome(formed=False)
    async with home.running(5, network={"channel": channel}):
        yield home
    home.close()


def the_air_is(monkeypatch: pytest.MonkeyPatch, loud: Mapping[int, int]) -> None:
    """As loud as this on these channels, and quiet on the others, 25 the most."""
    heard = dict.fromkeys(CHANNELS, -92) | {25: -96} | dict(loud)
    monkeypatch.setattr(scanning, "noise_dbm", lambda channel, _rng: heard[channel])


async def test_a_home_in_which_all_is_well_has_no_findings() -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        await home.driver.act("energy_scan", None, {})
        assert findings(home) == []


# The air


@pytest.mark.parametrize(("channel", "wifi"), [(11, 1), (18, 6), (24, 11), (15, None), (25, None)])
async def test_the_wifi_channel_that_lies_over_ours_is_told(channel: int, wifi: int | None) -> None:
    async with on_channel(channel) as home:
        assert home.driver.status()["under_wifi_channel"] == wifi
        assert findings(home) == []


async def test_a_loud_channel_is_a_finding_once_it_was_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    the_air_is(monkeypatch, {17: -58})
    async with on_channel(17) as home:
        assert findings(home) == []
        await home.driver.act("energy_scan", None, {})
        await asyncio.sleep(300)
        finding = the_finding(home)
        assert finding["fix"] == "hubagent radio zigbee channel channel=25"
        for said in ("channel 17", "-58 dBm", "5 min ago", "channel 25", "-96 dBm", "Wi-Fi channel 6"):
            assert said in finding["text"]


async def test_who_did_as_the_finding_says_is_rid_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    the_air_is(monkeypatch, {17: -58})
    home = ZigbeeHome(formed=False)
    async with home.running(5, network={"channel": 17}):
        pass
    # Without a channel in hub.toml, which would have to be corrected, too.
    async with home.running(5):
        await home.driver.act("energy_scan", None, {})
        assert findings(home)
        await home.driver.act("channel", None, {"channel": 25})
        assert findings(home) == []
    home.close()


@pytest.mark.parametrize("loud", [{17: -70}, dict.fromkeys(CHANNELS, -58), {11: -40}])
async def test_a_channel_that_is_not_loud_or_no_louder_than_the_others_is_none(
    monkeypatch: pytest.MonkeyPatch, loud: dict[int, int]
) -> None:
    the_air_is(monkeypatch, loud)
    async with on_channel(17) as home:
        await home.driver.act("energy_scan", None, {})
        assert findings(home) == []


async def test_what_was_heard_the_day_before_says_nothing_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    the_air_is(monkeypatch, {17: -58})
    async with on_channel(17) as home:
        await home.driver.act("energy_scan", None, {})
        await asyncio.sleep(RECENT_S - HOUR_S)
        assert "23 h ago" in the_finding(home)["text"]
        await asyncio.sleep(HOUR_S + 60)
        assert findings(home) == []


async def test_a_scan_that_did_not_come_to_its_end_leaves_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    the_air_is(monkeypatch, {17: -58})
    async with on_channel(17) as home:
        await home.driver.act("energy_scan", None, {})
        monkeypatch.setattr(scanning.Scanning, "_step", lambda *_: None)
        with pytest.raises(DriverUnavailable):
            await home.driver.act("energy_scan", None, {})
        assert "-58 dBm" in the_finding(home)["text"]


async def test_channel_26_is_a_finding_before_and_after_a_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    the_air_is(monkeypatch, {25: -80, 20: -97})
    async with on_channel(26) as home:
        finding = the_finding(home)
        assert "less power" in finding["text"]
        assert finding["fix"] == "hubagent radio zigbee channel channel=25"
        await home.driver.act("energy_scan", None, {})
        assert the_finding(home)["fix"] == "hubagent radio zigbee channel channel=20"


# The stick


@pytest.mark.parametrize(("ezsp", "found"), [(VERSION_MAX, 0), (VERSION_MAX + 1, 1)])
async def test_firmware_that_is_newer_than_what_is_known_is_a_finding(ezsp: int, found: int) -> None:
    async with zigbee_home({}, version=19) as home:
        assert home.driver.coordinator is not None
        home.driver.coordinator.identity.ezsp = ezsp
        assert len(findings(home)) == found
        assert all(str(ezsp) in finding["text"] for finding in findings(home))


@pytest.mark.parametrize(
    ("firmware", "found"),
    [
        ("8.0.0.0 build 397", 1),
        ("8.0.1.0 build 397", 1),
        ("8.0.2.0 build 397", 0),
        ("7.4.5.0 build 0", 0),
        ("unknown", 0),
    ],
)
async def test_firmware_with_known_trouble_is_a_finding(firmware: str, found: int) -> None:
    async with zigbee_home({}) as home:
        assert home.driver.coordinator is not None
        home.driver.coordinator.identity.firmware = firmware
        assert len(findings(home)) == found
        assert all("8.0.2" in finding["fix"] for finding in findings(home))


# The devices


async def test_an_address_in_conflict_is_a_finding_for_a_day() -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        assert home.driver.status()["address_conflicts"] == 0
        home.network.provoke_conflict("hall.light")
        await asyncio.sleep(2 * HOUR_S)
        finding = the_finding(home)
        assert "once since the start" in finding["text"]
        assert "2 h ago" in finding["text"]
        assert finding["devices"] == [home.id_of("hall.light")]
        home.network.provoke_conflict("hall.light")
        await asyncio.sleep(60)
        assert "2 times since the start, the last time 1 min ago" in the_finding(home)["text"]
        assert home.driver.status()["address_conflicts"] == 2
        await asyncio.sleep(RECENT_S)
        assert findings(home) == []
        assert home.driver.status()["address_conflicts"] == 2


async def test_an_address_in_conflict_that_is_nobodys_here_is_counted() -> None:
    async with zigbee_home({}) as home:
        home.driver.callback_received(IdConflictHandler(0x1234))
        assert the_finding(home)["devices"] == []


def test_of_many_devices_in_conflict_the_last_are_remembered() -> None:
    conflicts = Conflicts()
    for number in range(IN_CONFLICT_MAX + 5):
        conflicts.heard(f"zigbee-{number}", float(number))
    conflicts.heard("zigbee-6", 99.0)
    assert conflicts.count == IN_CONFLICT_MAX + 6
    assert len(conflicts.devices) == IN_CONFLICT_MAX
    assert list(conflicts.devices)[-1] == "zigbee-6"


async def test_silent_devices_are_one_finding() -> None:
    lights: dict[str, Any] = {"a.light": Switch(), "b.light": Switch(), "c.light": Switch()}
    async with zigbee_home(lights) as home:
        for name in ("a.light", "b.light"):
            home.network.cut_power(name)
            await home.set(name, on=True)
        finding = the_finding(home)
        assert finding["text"] == "2 devices are silent"
        assert finding["devices"] == sorted((home.id_of("a.light"), home.id_of("b.light")))
        assert home.driver.status()["silent"] == 2
        home.network.restore_power("a.light")
        home.network.restore_power("b.light")
        await asyncio.sleep(2 * HOUR_S)
        assert findings(home) == []
