"""Faults 13 and 18 to 25: what goes wrong with one device, as the drivers and its own parts see it."""

import asyncio
from typing import Any

import pytest

from drivers.zwave.command_classes.clock import ClockGet, ClockReport
from drivers.zwave.command_classes.sensor_multilevel import SensorMultilevelReport
from drivers.zwave.command_classes.table import decode
from drivers.zwave.command_classes.wake_up import WakeUpNotification
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.event import Outcome
from simulators.devices.device import CannotDo
from simulators.world import CannotBe
from tests.simulators.world_faults.a_world import AWorld

BOTH = ("hall.lamp switch zigbee", "hall.plug switch zwave")
CLIMATE = ("hall.air climate zigbee", "hall.meter climate zwave")
SLEEPERS = ("hall.leak leak zigbee", "hall.window door zwave")
EITHER = pytest.mark.parametrize("name", ["hall.lamp", "hall.plug"])


@EITHER
async def test_13_an_answer_comes_after_whoever_asked_has_given_up(name: str) -> None:
    home = AWorld(*BOTH)
    async with home.running():
        heal = home.world.strike("device.late_answer", name, after=12.0)
        asked = asyncio.get_running_loop().time()
        await home.send(name, SwitchOnOff(True))
        await asyncio.sleep(30)
        late = [at for at, _ in home.heard[name] if at - asked >= 12.0]
        assert home.device(name).on
        assert late
        heal()
        home.forget()
        took_s, answer = await home.send(name, SwitchOnOff(False))
        assert answer.outcome is Outcome.CONFIRMED
        assert took_s < 1


@EITHER
@pytest.mark.parametrize("mute", [False, True])
async def test_18_it_is_acknowledged_and_not_answered(name: str, mute: bool) -> None:
    home = AWorld(*BOTH)
    async with home.running():
        heal = home.world.strike("air.no_answer", name, mute=mute)
        await home.send(name, SwitchOnOff(True))
        assert home.device(name).on is mute
        heal()
        await asyncio.sleep(120)
        _, answer = await home.send(name, SwitchOnOff(not mute))
        assert answer.outcome is Outcome.CONFIRMED


@EITHER
async def test_19_a_dead_device_hears_and_says_nothing_until_it_is_alive(name: str) -> None:
    home = AWorld(*BOTH)
    async with home.running():
        heal = home.world.strike("device.dead", name)
        home.device(name).switch(True)
        await asyncio.sleep(30)
        assert home.told(name, "on") == []
        heal()
        await asyncio.sleep(60)
        home.device(name).switch(False)
        await asyncio.sleep(5)
        assert home.told(name, "on")[-1] is False


async def test_19_two_who_cut_the_power_of_a_device_must_both_give_it_back() -> None:
    home = AWorld(*BOTH)
    async with home.running(0):
        first = home.world.strike("device.dead", "hall.plug")
        second = home.world.strike("device.dead", "hall.plug")
        first()
        assert not home.zwave.has_power("hall.plug")
        second()
        assert home.zwave.has_power("hall.plug")
        home.world.strike("device.dead", "hall.plug")
        home.world.do("fault", "device.alive", "device=hall.plug")
        assert home.zwave.has_power("hall.plug")
        assert home.world.faults.active() == ()


@pytest.mark.parametrize("name", ["hall.leak", "hall.window"])
async def test_19_a_low_battery_is_said_to_be_low_and_an_empty_one_is_silence(name: str) -> None:
    home = AWorld(*SLEEPERS)
    dongle = home.world.devices[name].dongle
    assert dongle is not None
    async with home.running(900):
        home.world.do("fault", "device.battery", f"device={name}", "level=10")
        dongle.wake(name)
        await asyncio.sleep(700)
        assert home.states[name]["battery_low"] is True
        home.world.do("fault", "device.battery", f"device={name}", "level=0")
        await asyncio.sleep(1)
        assert not dongle.has_power(name)
        home.world.faults.heal("device.battery", name)
        await asyncio.sleep(1)
        assert dongle.has_power(name)
        assert home.device(name).battery.level == pytest.approx(100, abs=0.01)


async def test_19_of_what_a_nearly_empty_battery_sends_some_is_lost() -> None:
    home = AWorld(*SLEEPERS, "hall.door door zigbee")
    async with home.running(120):
        home.world.strike("device.battery", "hall.door", level=1.0)
        for number in range(40):
            home.device("hall.door").set_open(number % 2 == 0)
            await asyncio.sleep(10)
        assert 2 < len(home.heard["hall.door"]) < 30


async def test_20_a_node_listens_for_300_ms_after_it_woke() -> None:
    home = AWorld(*SLEEPERS)
    node = home.zwave.nodes["hall.window"]
    async with home.running(30):
        heal = home.world.strike("device.awake_short", "hall.window", awake=0.3)
        home.zwave.stick.faults.silent = True
        home.zwave.wake("hall.window")
        await asyncio.sleep(0.25)
        assert node.awake
        await asyncio.sleep(0.1)
        assert not node.awake
        heal()
        home.zwave.wake("hall.window")
        await asyncio.sleep(9)
        assert node.awake


async def test_20_a_zigbee_child_fetches_its_messages_for_300_ms_a_check_in_and_not_in_between() -> None:
    home = AWorld(*SLEEPERS)
    node = home.zigbee.nodes["hall.leak"]
    async with home.running(120):
        heal = home.world.strike("device.awake_short", "hall.leak", awake=0.3)
        assert node.poll_interval_s > 3600
        node.poll_fast(7.68)
        assert node.poll_interval_s <= 0.1
        await asyncio.sleep(0.31)
        assert node.poll_interval_s > 3600
        heal()
        assert node.poll_interval_s == 5.0


@EITHER
async def test_21_after_a_start_it_is_as_its_firmware_has_it_and_says_who_it_is(name: str) -> None:
    home = AWorld(*BOTH)
    dongle = home.world.devices[name].dongle
    assert dongle is not None
    async with home.running():
        before = dongle.address_of(name)
        home.device(name).switch(True)
        await asyncio.sleep(1)
        home.world.strike("device.reboot", name, seconds=2.0, comes_back="off", moved=True)
        assert not dongle.has_power(name)
        await asyncio.sleep(20)
        assert dongle.has_power(name)
        assert not home.device(name).on
        assert home.world.faults.active() == ()
        assert (dongle.address_of(name) != before) is (name == "hall.lamp")
        _, answer = await home.send(name, SwitchOnOff(True))
        assert answer.outcome is Outcome.CONFIRMED


async def test_21_what_was_set_for_the_return_of_the_power_counts_more_than_the_factorys() -> None:
    home = AWorld("hall.dimmer dimmer zwave")
    async with home.running():
        configuration = home.zwave.nodes["hall.dimmer"].root.reactions[0x70]
        configuration.restore({"2": 0})
        home.device("hall.dimmer").switch(True)
        await asyncio.sleep(2)
        home.world.strike("device.reboot", "hall.dimmer", comes_back="on")
        await asyncio.sleep(3)
        assert not home.device("hall.dimmer").on


async def test_21_a_node_may_come_back_without_a_word() -> None:
    home = AWorld(*BOTH)
    said: list[object] = []
    async with home.running():
        home.zwave.stick.node_information_received = lambda *it: said.append(it)  # type: ignore[method-assign]
        home.world.strike("device.reboot", "hall.plug", announces=False)
        await asyncio.sleep(5)
        assert said == []
        home.world.strike("device.reboot", "hall.plug")
        await asyncio.sleep(5)
        assert len(said) == 1


@pytest.mark.parametrize("name", ["hall.air", "hall.meter"])
async def test_22_a_stuck_sensor_repeats_one_value_whatever_happens_and_then_tells_the_truth(name: str) -> None:
    home = AWorld(*CLIMATE)
    async with home.running():
        before = home.states[name]["temperature"]
        heal = home.world.strike("device.stuck", name)
        home.world.do("set", name, "temperature=31")
        await asyncio.sleep(7200)
        assert set(home.told(name, "temperature")) <= {before}
        assert home.device(name).temperature == 31
        heal()
        await asyncio.sleep(700)
        assert home.states[name]["temperature"] == 31


@pytest.mark.parametrize("what", ["invalid", "range", "type"])
@pytest.mark.parametrize("name", ["hall.air", "hall.meter"])
async def test_23_what_it_reports_is_not_what_is(name: str, what: str) -> None:
    home = AWorld(*CLIMATE)
    async with home.running():
        home.world.do("set", name, "temperature=20")
        await asyncio.sleep(700)
        home.forget()
        heal = home.world.strike("device.wrong_value", name, what=what)
        home.world.do("set", name, "temperature=26")
        await asyncio.sleep(700)
        assert home.heard[name]
        assert 26 not in home.told(name, "temperature")
        heal()
        home.world.do("set", name, "temperature=23")
        await asyncio.sleep(700)
        assert home.states[name]["temperature"] == 23


async def test_23_none_is_0x8000_on_the_air_of_both_radios() -> None:
    home = AWorld(*CLIMATE)
    async with home.running():
        for name in ("hall.air", "hall.meter"):
            home.world.strike("device.wrong_value", name, what="invalid")
        home.world.do("set", "hall.air", "temperature=26.7")
        await asyncio.sleep(700)
        assert any(b"\x00\x00\x29\x00\x80" in data for _, data in home.heard["hall.air"])
        sent = [decode(data) for _, data in home.heard["hall.meter"]]
        values = [it.number for it in sent if isinstance(it, SensorMultilevelReport) and it.sensor_type == 1]
        assert (-0x8000, 2) in [(it.digits, it.size) for it in values]


async def test_24_a_clock_shows_a_wrong_time_and_its_intervals_are_longer_until_it_is_healed() -> None:
    home = AWorld(*SLEEPERS, "hall.heating thermostat zwave")
    node = home.zwave.nodes["hall.heating"]
    async with home.running():
        clock = node.root.reactions[0x81]
        before: Any = clock.react(ClockGet())
        heal = home.world.strike("device.clock", "hall.heating", wrong_by=7200.0, ppm=0.0)
        after: Any = clock.react(ClockGet())
        assert isinstance(after, ClockReport)
        assert (after.hour - before.hour) % 24 == 2
        heal()
        assert clock.react(ClockGet()) == before
        home.world.strike("device.clock", "hall.window", ppm=-50_000.0)
        sleep = home.zwave.nodes["hall.window"].sleep
        assert sleep is not None
        every_s = sleep.kept()["interval_s"]
        await asyncio.sleep(4 * every_s)
        wakes = [at for at, data in home.heard["hall.window"] if decode(data) == WakeUpNotification()]
        assert wakes[-1] - wakes[-2] == pytest.approx(every_s / 0.95, rel=1e-3)


async def test_24_a_clock_that_lost_its_power_does_not_know_the_time() -> None:
    home = AWorld("hall.heating thermostat zwave")
    async with home.running():
        await asyncio.sleep(7200)
        home.world.strike("device.reboot", "hall.heating", seconds=5.0)
        await asyncio.sleep(6)
        shown: Any = home.zwave.nodes["hall.heating"].root.reactions[0x81].react(ClockGet())
        assert (shown.weekday, shown.hour, shown.minute) == (0, 0, 0)


@EITHER
async def test_24_a_hand_is_at_it_in_the_moment_of_a_command(name: str) -> None:
    home = AWorld(*BOTH)
    async with home.running():
        heal = home.world.strike("device.manual", name, after=0.05)
        await home.send(name, SwitchOnOff(True))
        await asyncio.sleep(5)
        assert not home.device(name).on
        assert home.states[name]["on"] is False
        heal()
        await home.send(name, SwitchOnOff(True))
        await asyncio.sleep(5)
        assert home.device(name).on


@EITHER
async def test_25_a_storm_is_so_many_reports_a_second_and_is_over(name: str) -> None:
    home = AWorld(*BOTH)
    async with home.running():
        home.device(name).switch(True)
        await asyncio.sleep(5)
        home.forget()
        home.world.strike("device.report_storm", name, per_s=20.0, seconds=3.0)
        await asyncio.sleep(30)
        assert 60 <= len(home.heard[name]) <= 62
        assert set(home.told(name, "on")) == {True}
        assert home.world.faults.active() == ()


async def test_25_a_storm_is_ended_by_healing_it() -> None:
    home = AWorld(*BOTH)
    async with home.running():
        heal = home.world.strike("device.report_storm", "hall.lamp", per_s=10.0, seconds=60.0)
        await asyncio.sleep(1)
        heal()
        await asyncio.sleep(10)
        assert len(home.heard["hall.lamp"]) <= 12


async def test_what_a_fault_cannot_strike_is_refused() -> None:
    home = AWorld(*BOTH)
    async with home.running(0):
        for name in ("device.stuck", "device.battery", "device.awake_short"):
            with pytest.raises(CannotBe, match=r"does not strike 'hall\.plug'"):
                home.world.strike(name, "hall.plug")
        with pytest.raises(CannotBe, match="level is a number from 0 to 100, not 'full'"):
            AWorld(*SLEEPERS).world.strike("device.battery", "hall.window", level="full")
        with pytest.raises(CannotDo):
            AWorld(*SLEEPERS).device("hall.window").meddle()
