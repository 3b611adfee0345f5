"""The driver as the agent sees it, on the simulated stick."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from drivers.zigbee.capabilities.buttons import ON_TIME_MAX_S
from drivers.zigbee.driver import AWAKE_S, DELIVERIES_MAX
from drivers.zigbee.node_record import Stage
from drivers.zigbee.zcl.cluster import frame_of
from drivers.zigbee.zcl.clusters.ias_zone import ZoneStatusChangeNotification
from drivers.zigbee.zcl.clusters.on_off import OnWithTimedOff
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capabilities.switch import Press
from hubagent.model.device import Presence
from hubagent.model.event import (
    ButtonPressed,
    Cause,
    CommandAnswered,
    CommandSent,
    DeviceSilent,
    Outcome,
    StateReported,
)
from simulators.devices.blind import Blind
from simulators.devices.device import Battery, Device
from simulators.devices.dimmer import ColorLamp, Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.remote import Remote
from simulators.devices.room_air import ClimateSensor, RoomAir
from simulators.devices.sensors import DoorSensor, LeakSensor, MotionSensor, SmokeAlarm
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Thermostat
from simulators.zigbee.ncp import Sender
from simulators.zigbee.radio import ApsMessage
from simulators.zigbee.traffic import UnicastOptions
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home


def loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


# What there is


async def test_a_device_in_the_network_is_found_interviewed_named_and_read() -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        device = home.device("hall.light")
        assert device.presence is Presence.READY
        assert device.protocol == "zigbee"
        assert device.id == f"zigbee-{home.nodes['hall.light'].eui64:016x}"
        assert device.address == home.network.node_of("hall.light")
        assert "on_off" in device.capabilities
        assert home.state("hall.light")["on"] is False


async def test_a_wish_is_confirmed_only_after_the_home_has_heard_the_new_state() -> None:
    light = Switch()
    async with zigbee_home({"hall.light": light}) as home:
        told: list[Any] = []
        home.driver.send(
            home.id_of("hall.light"),
            SwitchOnOff(True),
            Cause("test"),
            lambda a: told.append((a, home.state("hall.light")["on"])),
        )
        await asyncio.sleep(5)
        ((answer, known),) = told
        assert answer.outcome is Outcome.CONFIRMED
        assert light.on
        assert known is True


async def test_a_hand_at_the_switch_is_reported() -> None:
    light = Switch()
    async with zigbee_home({"hall.light": light}) as home:
        light.switch(True)
        await home.reports("hall.light", 5, on=True)


@pytest.mark.parametrize(
    ("name", "make", "values"),
    [
        ("a.switch", Switch, {"on": True}),
        ("a.dimmer", lambda: Dimmer(loop()), {"level": 40}),
        ("a.dimmer", lambda: Dimmer(loop()), {"on": True}),
        ("a.lamp", lambda: ColorLamp(loop()), {"hue": 120, "saturation": 100}),
        ("a.lamp", lambda: ColorLamp(loop()), {"color_temperature": 4600}),
        ("a.blind", lambda: Blind(loop()), {"position": 30}),
        ("a.lock", lambda: Lock(loop(), locked=False), {"locked": True}),
        ("a.thermostat", lambda: Thermostat(RoomAir()), {"heating_setpoint": 22.5}),
        ("a.thermostat", lambda: Thermostat(RoomAir()), {"mode": "off"}),
        ("a.plug", lambda: MeteringPlug(loop()), {"on": True}),
    ],
)
async def test_each_kind_of_actuator_does_what_it_is_told(
    name: str, make: Callable[[], Device], values: dict[str, Any]
) -> None:
    async with zigbee_home({name: make()}) as home:
        answer = await home.set(name, **values)
        assert answer.outcome is Outcome.CONFIRMED, answer.detail
        await asyncio.sleep(10)
        for attribute, value in values.items():
            close = value if isinstance(value, str | bool) else pytest.approx(value, abs=1, rel=0.002)
            assert home.state(name)[attribute] == close


async def test_one_outlet_of_a_strip_is_switched_and_the_others_are_left_alone() -> None:
    strip = PowerStrip(4)
    async with zigbee_home({"desk.strip": strip}) as home:
        before = [outlet.on for outlet in strip.outlets]
        part = f"{home.id_of('desk.strip')}/2"
        assert home.devices[part].parent == home.id_of("desk.strip")
        answer = await home.set("desk.strip/2", on=not before[1])
        assert answer.outcome is Outcome.CONFIRMED
        assert [outlet.on for outlet in strip.outlets] == [before[0], not before[1], *before[2:]]
        assert home.states[part]["on"] is (not before[1])


async def test_each_kind_of_sensor_reports_what_happens_to_it() -> None:
    air = RoomAir()
    motion, door = MotionSensor(loop(), battery=Battery()), DoorSensor(battery=Battery())
    leak, smoke = LeakSensor(battery=Battery()), SmokeAlarm(loop(), battery=Battery())
    plug = MeteringPlug(loop(), load_w=60)
    devices = {
        "a.climate": ClimateSensor(air),
        "a.motion": motion,
        "a.door": door,
        "a.leak": leak,
        "a.smoke": smoke,
        "a.plug": plug,
    }
    async with zigbee_home(devices) as home:
        for name in devices:
            assert home.device(name).presence is Presence.READY, name
        motion.see_motion()
        door.set_open(True)
        leak.set_wet(True)
        smoke.set_smoke(True)
        await home.reports("a.motion", 5, occupied=True)
        await home.reports("a.door", 5, open=True)
        await home.reports("a.leak", 5, leak=True)
        await home.reports("a.smoke", 5, smoke=True)
        await home.reports("a.motion", 60, occupied=False)
        air.become(temperature=23.5, humidity=61, illuminance=320)
        plug.switch(True)
        await asyncio.sleep(60)
        assert home.state("a.climate")["temperature"] == 23.5
        assert home.state("a.climate")["humidity"] == 61
        assert home.state("a.climate")["illuminance"] == pytest.approx(320, rel=0.01)
        assert home.state("a.plug")["power"] == 60


async def test_a_button_is_told_once_for_each_press() -> None:
    remote = Remote(asyncio.get_running_loop(), battery=Battery())
    async with zigbee_home({"hall.remote": remote}) as home:
        home.forget_events()
        for _ in range(2):
            remote.press("1")
            await asyncio.sleep(0.4)
        await asyncio.sleep(5)
        pressed = home.all(ButtonPressed)
        assert [(event.button, event.press) for event in pressed] == [(1, Press.SINGLE)] * 2


# Heard twice, and the answer that a device waits for


def overheard(home: ZigbeeHome) -> list[ApsMessage]:
    """What the stick sends into the air from now on."""
    sent: list[ApsMessage] = []
    unicast = home.network.unicast

    def listening(message: ApsMessage, options: UnicastOptions, done: Callable[[bool], None]) -> None:
        sent.append(message)
        unicast(message, options, done)

    home.network.unicast = listening  # type: ignore[method-assign]  # an ear at the antenna
    return sent


def says(home: ZigbeeHome, name: str, cluster: int, payload: bytes, counter: int) -> None:
    """A message of a device, as the stick hears it."""
    node_id = home.network.node_of(name)
    assert node_id is not None
    assert home.network.ncp is not None
    message = ApsMessage(node_id, 0, 0x0104, cluster, 1, 1, counter, payload)
    home.network.ncp.heard(message, Sender(home.nodes[name].eui64, 200, -50))


def alarm(sequence: int, bits: int) -> bytes:
    return frame_of(sequence, ZoneStatusChangeNotification(bits)).to_bytes()


async def test_what_is_heard_twice_is_told_once() -> None:
    async with zigbee_home({"bath.leak": LeakSensor(battery=Battery())}) as home:
        home.forget_events()
        for _ in range(3):
            says(home, "bath.leak", 0x0500, alarm(200, 1), counter=77)
            await asyncio.sleep(1.6)
        said = [event for event in home.all(StateReported) if "leak" in event.values]
        assert len(said) == 1
        # The same said again, in a transaction of its own, is news.
        says(home, "bath.leak", 0x0500, alarm(201, 1), counter=78)
        await asyncio.sleep(1)
        assert len([event for event in home.all(StateReported) if "leak" in event.values]) == 2


async def test_the_status_that_a_device_waits_for_leaves_after_the_command_that_its_report_causes() -> None:
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    home.place("bath.leak", LeakSensor(battery=Battery()))
    async with home.running():
        light = home.id_of("hall.light")
        report = home.report

        def rule(event: Any) -> None:
            report(event)
            if isinstance(event, StateReported) and event.values.get("leak"):
                home.driver.send(light, SwitchOnOff(True), Cause("rule", event.received_at), lambda _: None)

        home.driver._report = rule
        sent = overheard(home)
        says(home, "bath.leak", 0x0500, alarm(200, 1), counter=77)
        await asyncio.sleep(1)
        assert sent[0].cluster == 0x0006
        assert sent[0].payload[2:] == b"\x01"
        assert (sent[1].cluster, sent[1].payload) == (0x0500, bytes((0x10, 200, 0x0B, 0x00, 0x00)))
        event = next(event for event in home.all(CommandSent))
        assert event.latency_s == 0.0
    home.close()


# Wishes


async def test_what_a_device_cannot_do_is_answered_at_once() -> None:
    async with zigbee_home({"bath.leak": LeakSensor(battery=Battery())}) as home:
        answer = await home.send("bath.leak", SwitchOnOff(True))
        assert answer.outcome is Outcome.FAILED


async def test_a_device_that_is_not_known_is_answered_at_once() -> None:
    async with zigbee_home({}) as home:
        answers: list[CommandAnswered] = []
        home.driver.send("zigbee-00", SwitchOnOff(True), Cause("test"), answers.append)
        assert answers[0].outcome is Outcome.FAILED


async def test_any_number_of_commands_at_once_is_answered() -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        answers: list[CommandAnswered] = []
        device = home.id_of("hall.light")
        for number in range(DELIVERIES_MAX + 50):
            home.driver.send(device, SwitchOnOff(number % 2 == 0), Cause("test"), answers.append)
        await asyncio.sleep(600)
        assert len(answers) == DELIVERIES_MAX + 50
        assert sum(answer.outcome is Outcome.FAILED for answer in answers) >= 50
        assert not home.node("hall.light").waiting


# Silence, and its end


async def test_a_device_without_power_is_silent_and_revived_by_its_first_word() -> None:
    light = Switch()
    async with zigbee_home({"hall.light": light, "hall.other": Switch()}) as home:
        home.network.cut_power("hall.light")
        answer = await home.set("hall.light", on=True)
        assert answer.outcome is Outcome.UNREACHABLE
        assert home.device("hall.light").presence is Presence.DEAD
        assert [event.device for event in home.all(DeviceSilent)] == [home.id_of("hall.light")]
        # The hub and the others are not.
        assert (await home.set("hall.other", on=True)).outcome is Outcome.CONFIRMED
        home.network.restore_power("hall.light")
        await asyncio.sleep(5)
        assert home.device("hall.light").presence is Presence.READY
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


async def test_a_device_on_the_mains_that_says_nothing_for_long_is_called() -> None:
    async with zigbee_home({"hall.repeater": Switch()}) as home:
        # Without a word of its own: it does not report any more.
        home.nodes["hall.repeater"].receive = lambda message: None  # type: ignore[method-assign]
        home.network.cut_power("hall.repeater")
        await asyncio.sleep(700)
        assert home.device("hall.repeater").presence is Presence.DEAD
        home.network.restore_power("hall.repeater")


async def test_a_device_on_a_battery_may_be_quiet_for_a_day_and_not_for_longer() -> None:
    home = ZigbeeHome()
    home.place("bath.leak", LeakSensor(battery=Battery()))
    async with home.running(60):
        assert home.device("bath.leak").presence is Presence.READY
        home.network.cut_power("bath.leak")
        await asyncio.sleep(24 * 3600)
        assert home.device("bath.leak").presence is not Presence.DEAD
        await asyncio.sleep(2 * 3600)
        assert home.device("bath.leak").presence is Presence.DEAD
        home.network.restore_power("bath.leak")
        await asyncio.sleep(600)
        assert home.device("bath.leak").presence is not Presence.DEAD
    home.close()


# Sleep


async def test_a_wish_for_a_device_that_does_not_hear_goes_out_when_it_is_heard() -> None:
    home = ZigbeeHome()
    lock = Lock(loop(), locked=False)
    home.place("hall.lock", lock)
    async with home.running(60):
        home.network.cut_power("hall.lock")
        answer = await home.set("hall.lock", locked=True)
        assert answer.outcome is Outcome.WAITING
        assert home.device("hall.lock").presence is Presence.ASLEEP
        again = await home.set("hall.lock", locked=True)
        assert again.outcome is Outcome.WAITING
        home.network.restore_power("hall.lock")
        await home.reports("hall.lock", 1200, locked=True)
        await asyncio.sleep(5)
        # The same wish twice: both have come true.
        outcomes = [event.outcome for event in home.all(CommandAnswered)]
        assert outcomes == [Outcome.CONFIRMED, Outcome.CONFIRMED]
        assert home.device("hall.lock").presence is Presence.READY
    home.close()


async def test_a_device_that_checks_in_is_asked_to_listen_while_something_waits_for_it() -> None:
    home = ZigbeeHome()
    home.place("bath.leak", LeakSensor(battery=Battery()), long_poll_s=1800.0, check_in_s=300.0)
    async with home.running(200):
        # It polls every half an hour, and what is sent to it is gone by then.
        assert (await home.set("bath.leak", identify=4)).outcome is Outcome.WAITING
        await asyncio.sleep(320)
        (answer,) = home.all(CommandAnswered)
        assert answer.outcome in (Outcome.CONFIRMED, Outcome.DELIVERED)
    home.close()


async def test_what_waits_for_a_sleeping_device_is_answered_when_the_driver_stops() -> None:
    home = ZigbeeHome()
    home.place("hall.lock", Lock(loop(), locked=False))
    async with home.running(60):
        home.network.cut_power("hall.lock")
        assert (await home.set("hall.lock", locked=True)).outcome is Outcome.WAITING
    answers = [event.outcome for event in home.all(CommandAnswered)]
    assert answers == [Outcome.FAILED]
    home.close()


# Restarts


async def test_a_restart_asks_for_nothing_but_the_state() -> None:
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    async with home.running():
        assert home.node("hall.light").record.stage is Stage.COMPLETE
    home.devices.clear()
    heard = home.listen_in("hall.light")
    async with home.running():
        assert home.device("hall.light").presence is Presence.READY
        zdo = [message.cluster for message in heard if message.profile == 0]
        assert zdo == []
        assert {message.cluster for message in heard} <= {0x0006}
        assert home.state("hall.light")["on"] is False
    home.close()


async def test_a_sleeping_device_is_read_after_a_restart_when_it_is_heard() -> None:
    leak = LeakSensor(battery=Battery())
    home = ZigbeeHome()
    home.place("bath.leak", leak)
    async with home.running(60):
        pass
    home.events.clear()
    async with home.running(1):
        assert home.device("bath.leak").presence is Presence.ASLEEP
        leak.set_wet(True)
        await home.reports("bath.leak", 5, leak=True)
        await asyncio.sleep(30)
        assert home.device("bath.leak").presence is Presence.READY
        assert len([e for e in home.all(StateReported) if "leak" in e.values]) >= 2
    home.close()


async def test_what_a_device_says_right_after_its_own_restart_is_heard() -> None:
    """It counts its messages from the beginning, as if it said now what was overtaken by what it said before."""
    light = Switch()
    light.switch(True)
    async with zigbee_home({"hall.light": light}) as home:
        while home.network.stations["hall.light"].next_aps_counter() != 11:
            pass
        light.switch(False)
        await home.reports("hall.light", 5, on=False)
        home.network.cut_power("hall.light")
        light.switch(True)
        home.network.restore_power("hall.light")
        await home.reports("hall.light", 9, on=True)


async def test_a_sensor_that_never_takes_back_what_it_said_is_silent_about_it_after_a_restart_too() -> None:
    def sees_somebody(number: int) -> None:
        says(home, "hall.motion", 0x0006, frame_of(number, OnWithTimedOff(0, 1800, 0)).to_bytes(), counter=number)

    home = ZigbeeHome()
    # Which sends what IKEA's motion sensor sends, once it is taken for one.
    home.place("hall.motion", Remote(loop(), battery=Battery()))
    async with home.running(60):
        node = home.node("hall.motion")
        node.record.manufacturer, node.record.model = "IKEA of Sweden", "TRADFRI motion sensor"
        home.driver.registry.keep(node)
        home.driver.registry.announce(node)
        sees_somebody(200)
        await home.reports("hall.motion", 5, occupied=True)
    async with home.running(ON_TIME_MAX_S - 60):
        assert home.state("hall.motion")["occupied"] is True
        # Somebody is there again: that counts from now.
        sees_somebody(201)
        await asyncio.sleep(170)
        assert home.state("hall.motion")["occupied"] is True
        await home.reports("hall.motion", 15, occupied=False)
        sees_somebody(202)
        # Its interview is being taken up again.
        home.node("hall.motion").record.stage = Stage.BASIC
        home.driver.registry.keep(home.node("hall.motion"))
    async with home.running(120):
        assert home.state("hall.motion")["occupied"] is True
        await home.reports("hall.motion", ON_TIME_MAX_S, occupied=False)
    home.close()


async def test_what_was_wished_of_a_device_that_seemed_to_sleep_goes_out_when_it_is_heard() -> None:
    light = Switch()
    async with zigbee_home({"hall.light": light}) as home:
        node = home.node("hall.light")
        node.record.rx_on_when_idle, node.hears, node.heard_at = False, False, -AWAKE_S
        assert (await home.set("hall.light", on=True)).outcome is Outcome.WAITING
        # As it says itself when it announces itself, or when it is asked.
        node.record.rx_on_when_idle = True
        home.forget_events()
        home.nodes["hall.light"].tell_all()
        await asyncio.sleep(5)
        assert light.on
        assert [answer.outcome for answer in home.all(CommandAnswered)] == [Outcome.CONFIRMED]


# Addresses


async def test_a_device_with_a_new_address_is_the_same_device() -> None:
    light = Switch()
    async with zigbee_home({"hall.light": light}) as home:
        device, before = home.id_of("hall.light"), home.device("hall.light").address
        home.network.rejoin("hall.light")
        await asyncio.sleep(10)
        after = home.network.node_of("hall.light")
        assert after != before
        assert home.device("hall.light").address == after
        assert home.id_of("hall.light") == device
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        assert home.record("hall.light")["node_id"] == after


@pytest.mark.parametrize("version", [13, 14])
async def test_a_device_that_nobody_knows_is_taken_in_when_it_is_heard(version: int) -> None:
    """Version 14 and later say whose message it is; before, the sender is asked."""
    light = Switch()
    home = ZigbeeHome(version=version)
    home.place("hall.other", Switch())
    async with home.running():
        # It was let in while nobody listened.
        home.place("hall.light", light)
        assert home.network.node_of("hall.light") is not None
        assert home.nodes["hall.light"].eui64 not in home.driver.registry.nodes
        light.switch(True)
        says(home, "hall.light", 0x0006, bytes.fromhex("18010a0000 1001".replace(" ", "")), counter=1)
        await home.reports("hall.light", 30, on=True)
        await asyncio.sleep(5)
        assert home.device("hall.light").presence is Presence.READY
    home.close()
