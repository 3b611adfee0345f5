"""The Z-Wave driver against the simulated stick: what the home hears, and what becomes of its wishes."""

import asyncio
from random import Random

import pytest

from drivers.zwave.command_classes.switch_color import Component, SwitchColorReport
from drivers.zwave.interview.stages import WAKE_UP_S
from drivers.zwave.kind import KIND, ZwaveSettings
from drivers.zwave.node_record import Stage
from drivers.zwave.serial_api.application import ApplicationUpdate, ReceiveStatus, UpdateEvent
from drivers.zwave.serial_api.inclusion import RemoveNodeCallback
from drivers.zwave.serial_api.setup import Region
from hubagent.model.capabilities.switch import Press
from hubagent.model.device import Presence
from hubagent.model.driver import NotPossible
from hubagent.model.event import (
    ButtonPressed,
    CommandAnswered,
    DeviceChanged,
    DeviceLeft,
    DeviceSilent,
    Outcome,
    StateReported,
)
from hubagent.runtime import PortError
from simulators.devices.blind import Blind
from simulators.devices.device import Battery
from simulators.devices.dimmer import ColorLamp, Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.remote import Remote
from simulators.devices.room_air import ClimateSensor, RoomAir
from simulators.devices.sensors import DoorSensor, LeakSensor, MotionSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Thermostat
from simulators.zwave.flavours import SERIES_500
from simulators.zwave.stick import Stick
from tests.helpers.zwave_home import PORT, ZwaveHome, zwave_home


def loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


async def test_a_switch_is_interviewed_named_and_read() -> None:
    async with zwave_home({"hall.light": Switch(on=True)}) as home:
        device = home.device("hall.light")
        assert device.presence is Presence.READY
        assert "on_off" in device.capabilities
        assert home.state("hall.light") == {"on": True}


async def test_a_wish_is_confirmed_only_after_the_home_has_heard_the_new_state() -> None:
    light = Switch()
    async with zwave_home({"hall.light": light}) as home:
        answer = await home.set("hall.light", on=True)
        assert answer.outcome is Outcome.CONFIRMED
        assert light.on
        assert home.state("hall.light")["on"] is True


@pytest.mark.parametrize(
    ("name", "make", "values"),
    [
        ("a.dimmer", lambda: Dimmer(loop()), {"level": 40}),
        ("a.dimmer", lambda: Dimmer(loop()), {"on": True}),
        ("a.lamp", lambda: ColorLamp(loop()), {"hue": 120, "saturation": 100}),
        ("a.lamp", lambda: ColorLamp(loop()), {"color_temperature": 4600}),
        ("a.blind", lambda: Blind(loop()), {"position": 30}),
        ("a.lock", lambda: Lock(loop(), locked=False), {"locked": True}),
        ("a.thermostat", lambda: Thermostat(RoomAir()), {"heating_setpoint": 22.5}),
        ("a.thermostat", lambda: Thermostat(RoomAir()), {"mode": "off"}),
        ("a.plug", lambda: MeteringPlug(loop()), {"on": True}),
        ("a.dimmer", lambda: Dimmer(loop()), {"parameter_1": 55}),
    ],
)
async def test_each_kind_of_actuator_does_what_it_is_told(name: str, make, values) -> None:  # type: ignore[no-untyped-def]
    async with zwave_home({name: make()}) as home:
        answer = await home.set(name, **values)
        assert answer.outcome is Outcome.CONFIRMED, answer.detail
        for attribute, value in values.items():
            close = value if isinstance(value, str | bool) else pytest.approx(value, abs=1, rel=0.002)
            assert home.state(name)[attribute] == close


async def test_one_outlet_of_a_strip_is_switched_and_the_others_are_left_alone() -> None:
    strip = PowerStrip(3)
    async with zwave_home({"desk.strip": strip}) as home:
        assert (await home.set("desk.strip/2", on=True)).outcome is Outcome.CONFIRMED
        assert [outlet.on for outlet in strip.outlets] == [False, True, False]
        assert home.state("desk.strip/2") == {"on": True}
        assert home.device("desk.strip/2").parent == home.id_of("desk.strip")


async def test_the_root_of_a_strip_does_not_keep_saying_what_is_no_longer_so() -> None:
    strip = PowerStrip(2)
    async with zwave_home({"desk.strip": strip}) as home:
        await home.set("desk.strip/1", on=True)
        await asyncio.sleep(5)
        assert home.state("desk.strip") == {"on": True}


async def test_each_kind_of_sensor_reports_what_happens_to_it() -> None:
    air, motion, door, leak, smoke = RoomAir(), MotionSensor(loop()), DoorSensor(), LeakSensor(), SmokeAlarm(loop())
    plug = MeteringPlug(loop(), load_w=60)
    devices = {
        "a.climate": ClimateSensor(air),
        "a.motion": motion,
        "a.door": door,
        "a.leak": leak,
        "a.smoke": smoke,
        "a.plug": plug,
    }
    async with zwave_home(devices) as home:
        air.become(temperature=23.5, humidity=61, illuminance=320)
        motion.see_motion()
        door.set_open(True)
        leak.set_wet(True)
        smoke.set_smoke(True)
        plug.switch(True)
        await asyncio.sleep(5)
        assert home.state("a.climate")["temperature"] == 23.5
        assert home.state("a.climate")["humidity"] == 61
        assert home.state("a.climate")["illuminance"] == 320
        assert home.state("a.motion")["occupied"] is True
        assert home.state("a.door")["open"] is True
        assert home.state("a.leak")["leak"] is True
        assert home.state("a.smoke")["smoke"] is True
        assert home.state("a.plug")["power"] == 60
        await home.reports("a.motion", occupied=False)
        leak.set_wet(False)
        smoke.set_smoke(False)
        await home.reports("a.leak", leak=False)
        await home.reports("a.smoke", smoke=False)


async def test_a_button_is_pressed_once_for_each_press_even_if_it_is_heard_twice() -> None:
    """Fault 16 of the field: a repeated frame must not press twice."""
    remote = Remote(loop())
    async with zwave_home({"sofa.remote": remote}) as home:
        home.stick.faults.duplicate = 1.0
        for _ in range(3):
            remote.press("2")
            await asyncio.sleep(1)
        presses = [event for event in home.events if isinstance(event, ButtonPressed)]
        assert [(press.button, press.press) for press in presses] == [(2, Press.SINGLE)] * 3


async def test_a_device_that_is_called_ready_has_said_how_it_is() -> None:
    async with zwave_home({"hall.light": Switch(on=True)}) as home:
        said = [isinstance(event, StateReported) for event in home.events].index(True)
        ready = [
            isinstance(event, DeviceChanged) and event.device.presence is Presence.READY for event in home.events
        ].index(True)
        assert said < ready


async def test_a_restart_asks_nothing_twice() -> None:
    home = ZwaveHome()
    home.place("hall.light", Switch(on=True))
    async with home.running():
        assert home.driver.registry.nodes[2].record.stage is Stage.COMPLETE
    heard = home.listen_in("hall.light")
    async with home.running():
        assert home.state("hall.light") == {"on": True}
        # Its state, and nothing else.
        assert heard == [bytes.fromhex("2502")]
    home.cable.unplug()


async def test_a_device_without_power_is_called_silent_and_revived_by_its_first_word() -> None:
    """Fault 14 of the field: dead after three tries, alive on any frame."""
    light = Switch()
    async with zwave_home({"hall.light": light}) as home:
        home.network.cut_power("hall.light")
        answer = await home.set("hall.light", on=True)
        assert answer.outcome is Outcome.UNREACHABLE
        assert home.device("hall.light").presence is Presence.DEAD
        assert DeviceSilent(home.id_of("hall.light")) in home.events
        home.network.restore_power("hall.light")
        light.switch(True)
        await home.reports("hall.light", on=True)
        assert home.device("hall.light").presence is Presence.READY


async def test_a_dead_device_does_not_keep_others_waiting() -> None:
    """Fault 14 of the field."""
    async with zwave_home({"a.light": Switch(), "b.light": Switch()}) as home:
        home.network.cut_power("a.light")
        async with asyncio.TaskGroup() as tasks:
            dead = tasks.create_task(home.set("a.light", on=True))
            start = home.loop.time()
            alive = await home.set("b.light", on=True)
            assert alive.outcome is Outcome.CONFIRMED
            assert home.loop.time() - start < 5
        assert dead.result().outcome is Outcome.UNREACHABLE


async def test_a_jammed_radio_is_not_a_dead_device() -> None:
    """Fault 5 of the field."""
    async with zwave_home({"hall.light": Switch()}) as home:
        home.stick.faults.jammed = True
        answer = await home.set("hall.light", on=True)
        assert answer.outcome is Outcome.FAILED
        assert "jammed" in answer.detail
        assert home.device("hall.light").presence is Presence.READY
        home.stick.faults.jammed = False
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


async def test_a_wish_for_a_sleeping_device_waits_until_it_wakes_and_then_it_sleeps_again() -> None:
    """Fault 15 of the field: queue until wake-up, no more information only when that is true."""
    home = ZwaveHome()
    home.place("bath.leak", LeakSensor(battery=Battery()), wake_up_s=600)
    async with home.running(settle_s=1500):
        assert home.device("bath.leak").presence is Presence.ASLEEP
        answer = await home.set("bath.leak", identify=4)
        assert answer.outcome is Outcome.WAITING
        await asyncio.sleep(5 * 3600)
        late = [event for event in home.events if isinstance(event, CommandAnswered)]
        assert [event.outcome for event in late] == [Outcome.CONFIRMED]
        assert home.device("bath.leak").presence is Presence.ASLEEP
    home.cable.unplug()


async def test_what_a_sleeping_device_said_in_vain_is_read_at_its_next_waking_also_where_its_clock_is_fast() -> None:
    home = ZwaveHome()
    leak = LeakSensor(battery=Battery())
    home.place("bath.leak", leak, wake_up_s=600)
    home.nodes["bath.leak"].clock.ppm = 50.0
    async with home.running(settle_s=1500):
        home.stick.faults.jammed = True
        leak.set_wet(True)
        await asyncio.sleep(60)
        home.stick.faults.jammed = False
        assert home.state("bath.leak")["leak"] is False
        await asyncio.sleep(WAKE_UP_S)
        assert home.state("bath.leak")["leak"] is True
    home.cable.unplug()


async def test_of_several_wishes_of_a_kind_a_sleeping_device_gets_the_last() -> None:
    home = ZwaveHome()
    home.place("bath.leak", LeakSensor(battery=Battery()), wake_up_s=600)
    async with home.running(settle_s=1500):
        await home.set("bath.leak", identify=4)
        await home.set("bath.leak", identify=8)
        superseded = [event for event in home.events if isinstance(event, CommandAnswered)]
        assert [event.outcome for event in superseded] == [Outcome.FAILED]
        assert "newer" in superseded[0].detail
    home.cable.unplug()


async def test_pairing_tells_its_steps_and_ends_with_a_known_device() -> None:
    home = ZwaveHome()
    home.place("new.light", Switch(), included=False)
    async with home.running():
        steps = []
        async for step in home.driver.pair({}, 60):
            steps.append(step)
            if step.step == "ready":
                home.network.press("new.light")
        assert [step.step for step in steps if step.step != "interview"] == ["ready", "found", "included", "done"]
        assert [step.text for step in steps if step.step == "interview"][-1] == "interview 8 of 8: complete"
        assert steps[-1].final
        assert steps[-1].ok
        assert (await home.set("new.light", on=True)).outcome is Outcome.CONFIRMED
    home.cable.unplug()


async def test_pairing_ends_when_nobody_presses_a_button_and_can_be_tried_again() -> None:
    home = ZwaveHome()
    home.place("new.light", Switch(), included=False)
    async with home.running():
        steps = [step async for step in home.driver.pair({}, 10)]
        assert (steps[-1].step, steps[-1].ok) == ("timeout", False)
        async for step in home.driver.pair({}, 10):
            if step.step == "ready":
                home.network.press("new.light")
        assert home.device("new.light").presence is Presence.READY
    home.cable.unplug()


async def test_unpairing_takes_the_device_out_of_the_home() -> None:
    async with zwave_home({"hall.light": Switch()}) as home:
        device = home.id_of("hall.light")
        async for step in home.driver.unpair(None, {}, 60):
            if step.step == "ready":
                home.network.press("hall.light")
        assert step.step == "excluded"
        assert DeviceLeft(device) in home.events
        assert home.records.load() == {}


async def test_a_device_that_left_without_its_name_being_heard_is_known_by_the_sticks_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nameless(callback: RemoveNodeCallback) -> bytes:
        return bytes((callback.callback_id, callback.status, 0, 0))

    async with zwave_home({"hall.light": Switch()}) as home:
        device = home.id_of("hall.light")
        monkeypatch.setattr(RemoveNodeCallback, "to_payload", nameless)
        async for step in home.driver.unpair(None, {}, 60):
            if step.step == "ready":
                home.network.press("hall.light")
        assert (step.step, step.device) == ("excluded", device)
        assert DeviceLeft(device) in home.events


async def test_a_device_that_is_gone_is_removed_and_one_that_answers_is_not() -> None:
    async with zwave_home({"a.light": Switch(), "b.light": Switch()}) as home:
        kept, gone = home.id_of("a.light"), home.id_of("b.light")
        home.network.cut_power("b.light")
        steps = [step async for step in home.driver.unpair(gone, {"failed": True}, 60)]
        assert (steps[-1].step, steps[-1].ok) == ("excluded", True)
        steps = [step async for step in home.driver.unpair(kept, {"failed": True}, 60)]
        assert (steps[-1].step, steps[-1].ok) == ("failed", False)
        assert set(home.devices) == {kept}


async def test_a_device_that_was_reset_by_hand_leaves_the_home() -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        device = home.id_of("a.light")
        home.reset_by_hand("a.light")
        await asyncio.sleep(30)
        assert DeviceLeft(device) in home.events


async def test_an_unplugged_stick_is_used_again_when_it_is_back() -> None:
    """Fault 6 of the field: same process, same network, nothing interviewed again."""
    async with zwave_home({"a.light": Switch()}) as home:
        home.cable.unplug()
        answer = await home.set("a.light", on=True)
        assert answer.outcome is Outcome.FAILED
        home.cable.replug()
        await asyncio.sleep(60)
        assert (await home.set("a.light", on=True)).outcome is Outcome.CONFIRMED


async def test_states_are_reported_and_never_assumed() -> None:
    """A wish that was sent and never carried out changes nothing that the home believes."""
    async with zwave_home({"a.light": Switch()}) as home:
        before = len(home.events)
        home.network.cut_power("a.light")
        assert (await home.set("a.light", on=True)).outcome is Outcome.UNREACHABLE
        assert not [event for event in home.events[before:] if isinstance(event, StateReported)]
        assert home.state("a.light") == {"on": False}


def color_reported(home: ZwaveHome, **levels: int) -> None:
    for name, level in levels.items():
        report = SwitchColorReport(Component[name.upper()], level)
        home.driver.command_received(2, report.to_bytes(), home.loop.time())


async def test_a_lamp_that_is_told_another_color_reports_none_that_it_never_had() -> None:
    async with zwave_home({"hall.lamp": ColorLamp(loop())}) as home:
        assert (await home.set("hall.lamp", hue=240, saturation=100)).outcome is Outcome.CONFIRMED
        home.events.clear()
        assert (await home.set("hall.lamp", hue=60, saturation=100)).outcome is Outcome.CONFIRMED
        assert (await home.set("hall.lamp", color_temperature=4000)).outcome is Outcome.CONFIRMED
        await asyncio.sleep(10)
        reports = [event.values for event in home.events if isinstance(event, StateReported)]
        assert [values["hue"] for values in reports if "hue" in values] == [60, None]
        assert [values["color_temperature"] for values in reports if "color_temperature" in values] == [3996]


async def test_a_lamp_that_is_told_two_colors_at_once_reports_none_between_them() -> None:
    """What it says of the first comes when it has been told the second."""
    async with zwave_home({"hall.lamp": ColorLamp(loop())}) as home:
        assert (await home.set("hall.lamp", hue=0, saturation=100)).outcome is Outcome.CONFIRMED
        home.network.cut_power("hall.lamp")
        home.events.clear()
        async with asyncio.TaskGroup() as tasks:
            for hue in (120, 0):
                tasks.create_task(home.set("hall.lamp", hue=hue, saturation=100))
            await asyncio.sleep(0.1)
            for red, green in ((0, 255), (255, 0)):
                color_reported(home, red=red, green=green)
        reports = [event.values for event in home.events if isinstance(event, StateReported)]
        assert [values["hue"] for values in reports if "hue" in values] == [0]


async def test_a_color_is_heard_after_a_wish_for_another_that_never_arrived() -> None:
    async with zwave_home({"hall.lamp": ColorLamp(loop())}) as home:
        assert (await home.set("hall.lamp", hue=0, saturation=100)).outcome is Outcome.CONFIRMED
        home.network.cut_power("hall.lamp")
        assert (await home.set("hall.lamp", hue=120, saturation=100)).outcome is Outcome.UNREACHABLE
        color_reported(home, red=0, blue=255)
        assert home.state("hall.lamp")["hue"] == 240


async def test_a_lost_callback_makes_no_state_unknown() -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        home.stick.faults.lost_callback = 1.0
        await home.set("a.light", on=True)
        reports = [event for event in home.events if isinstance(event, StateReported)]
        assert all(event.values["on"] is not None for event in reports)


async def test_the_code_of_a_lock_is_not_logged_when_its_report_is_malformed(caplog: pytest.LogCaptureFixture) -> None:
    async with zwave_home({"a.lock": Lock(loop())}) as home:
        # A User Code Report, and an encapsulated one, whose codes are longer than there is.
        for command in ("6303010131323334353637383930313233", "6c010520630301013132333435"):
            home.driver.command_received(2, bytes.fromhex(command), home.loop.time(), ReceiveStatus.SINGLE)
        home.driver.command_received(2, bytes.fromhex("2503"), home.loop.time(), ReceiveStatus.SINGLE)
        unreadable = [record.getMessage() for record in caplog.records if "cannot be read" in record.getMessage()]
        assert "2503" in unreadable[-1]
        assert not [line for line in unreadable if "31323334" in line]
        assert len(unreadable) >= 2


async def test_the_actions_there_are_can_be_asked_for() -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        told = await home.driver.act("help", None, {})
        assert told["actions"] == ["map"]
        assert {"ping", "interview", "neighbours", "rebuild_routes"} <= set(told["of_devices"])
        with pytest.raises(NotPossible, match=r"there are map$"):
            await home.driver.act("dance", None, {})
        with pytest.raises(NotPossible, match="there are interview, neighbours"):
            await home.driver.act("dance", home.id_of("a.light"), {})
        with pytest.raises(NotPossible, match="name it"):
            await home.driver.act("ping", None, {})


@pytest.mark.parametrize("action", ["backup", "restore"])
async def test_what_only_zigbee_has_is_told_so(action: str) -> None:
    async with zwave_home({}) as home:
        with pytest.raises(NotPossible, match=f"{action} is for Zigbee"):
            await home.driver.act(action, None, {})


async def test_the_map_has_every_node_and_who_hears_whom() -> None:
    async with zwave_home({"a.light": Switch(), "b.light": Switch()}) as home:
        await home.driver.act("rebuild_routes", home.id_of("a.light"), {})
        view = await home.driver.act("map", None, {})
        assert [(node["address"], node["role"]) for node in view["nodes"]] == [
            (1, "coordinator"),
            (2, "router"),
            (3, "router"),
        ]
        assert view["nodes"][1]["id"] == home.id_of("a.light")
        assert {(link["from"], link["to"]) for link in view["links"]} >= {(2, 1), (2, 3)}


async def test_routes_are_rebuilt_and_neighbours_listed() -> None:
    async with zwave_home({"a.light": Switch(), "b.light": Switch()}) as home:
        result = await home.driver.act("rebuild_routes", home.id_of("a.light"), {})
        assert 1 in result["neighbours"]
        assert (await home.driver.act("ping", home.id_of("a.light"), {}))["answered"] is True


async def test_a_stick_that_usb_enumerates_anew_at_its_reset_is_waited_for() -> None:
    """Fault 7 of the field."""
    home = ZwaveHome()
    home.place("hall.light", Switch(on=True))

    def enumerate_anew() -> None:
        home.cable.unplug()
        home.loop.call_later(2, home.cable.replug)

    home.stick.reenumerate = enumerate_anew
    async with home.running():
        assert home.state("hall.light") == {"on": True}
    home.cable.unplug()


async def test_a_stick_that_was_left_in_its_bootloader_is_told_to_run() -> None:
    """Fault 19 of the field: recognise the menu, run the application."""
    home = ZwaveHome()
    home.place("hall.light", Switch(on=True))
    home.stick.faults.bootloader = True
    async with home.running():
        assert home.state("hall.light") == {"on": True}
    home.cable.unplug()


async def test_region_and_power_are_set_once_where_they_are_wished_otherwise() -> None:
    home = ZwaveHome()
    home.place("hall.light", Switch(on=True))
    async with home.running(region="usa", power_dbm=4.5):
        assert home.driver.status()["region"] == "usa"
        assert home.driver.status()["power_dbm"] == 4.5
    assert home.network.memory.region is Region.USA
    assert home.network.memory.powerlevel_decidbm == 45
    async with home.running():
        assert home.driver.status()["region"] == "usa"
    home.cable.unplug()


class Stubborn(asyncio.Protocol):
    """A stick that answers one frame, `asked`, with `instead`."""

    def __init__(self, stick: asyncio.Protocol, asked: str, instead: str) -> None:
        self._stick = stick
        self._asked = bytes.fromhex(asked)
        self._instead = bytes.fromhex(instead)
        self._transport: asyncio.WriteTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._stick.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stick.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._asked in data:
            self._transport.write(b"\x06" + self._instead)
        self._stick.data_received(data.replace(self._asked, b""))


GET_SUPPORTED_SETUP = "0104000b01f1"
SET_REGION_USA, NOT_DONE = "0105000b4001b0", "0105010b4000b0"


@pytest.mark.parametrize("instead", ["", "0104010b00f1"], ids=["silence", "a refusal"])
async def test_a_stick_that_does_not_answer_what_it_claims_to_have_runs_the_home_all_the_same(instead: str) -> None:
    home = ZwaveHome()
    home.place("hall.light", Switch(on=True))
    await home.cable.plug(Stubborn(home.stick, GET_SUPPORTED_SETUP, instead))
    async with home.running(region="usa"):
        assert home.state("hall.light") == {"on": True}
        assert home.driver.status()["region"] is None
    home.cable.unplug()


async def test_a_stick_that_refuses_a_wish_is_not_called_something_else_than_a_stick() -> None:
    home = ZwaveHome()
    await home.cable.plug(Stubborn(home.stick, SET_REGION_USA, NOT_DONE))
    driver = KIND.make(ZwaveSettings(port=PORT, region="usa"), home.runtime, home.records)
    with pytest.raises(PortError, match="cannot be started: the stick refuses the radio region usa"):
        await driver.run(home.report)
    home.cable.unplug()


@pytest.mark.parametrize("power_dbm", [12.8, 20.0])
async def test_a_power_that_the_sticks_one_byte_cannot_say_is_refused_in_words(power_dbm: float) -> None:
    home = ZwaveHome()
    home.stick = Stick(home.network, Random(1), SERIES_500)
    await home.cable.plug(home.stick)
    driver = KIND.make(ZwaveSettings(port=PORT, power_dbm=power_dbm), home.runtime, home.records)
    with pytest.raises(PortError, match=r"cannot be started: the stick can be told .* at most 12\.7 dBm"):
        await driver.run(home.report)
    home.cable.unplug()


async def test_how_well_a_device_is_heard_can_be_asked() -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        signal = await home.driver.act("signal", home.id_of("a.light"), {})
        assert signal["repeaters"] == []
        assert signal["attempts"] == 1
        assert signal["acknowledgement_dbm"] < 0


async def test_what_a_stick_can_do_is_asked_anew_when_it_is_back() -> None:
    """Its list may have been garbled on the wire: one byte of checksum does not see everything."""
    async with zwave_home({"a.light": Switch()}) as home:
        home.driver.the_controller().identity.functions = frozenset((0x02,))
        home.cable.unplug()
        home.cable.replug()
        await asyncio.sleep(60)
        assert (await home.set("a.light", on=True)).outcome is Outcome.CONFIRMED


async def test_a_device_that_was_reset_by_hand_can_be_paired_again() -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        first = home.id_of("a.light")
        home.reset_by_hand("a.light")
        await asyncio.sleep(30)
        async for step in home.driver.pair({}, 60):
            if step.step == "ready":
                home.network.press("a.light")
        assert home.id_of("a.light") != first
        assert (await home.set("a.light", on=True)).outcome is Outcome.CONFIRMED


async def test_a_siren_that_falls_silent_by_itself_is_off() -> None:
    siren = Siren(asyncio.get_running_loop())
    async with zwave_home({"hall.siren": siren}) as home:
        assert home.state("hall.siren")["on"] is False
        assert (await home.set("hall.siren", on=True)).outcome is Outcome.CONFIRMED
        assert siren.tone == siren.default_tone
        await asyncio.sleep(siren.TONES[siren.tone - 1].duration_s + 1)
        assert siren.tone == 0
        assert home.state("hall.siren")["on"] is False


async def test_a_sleeping_device_that_is_not_heard_for_more_than_a_day_is_dead_until_it_is_heard_again() -> None:
    async with zwave_home(
        {"hall.door": DoorSensor(battery=Battery()), "hall.leak": LeakSensor(battery=Battery())}
    ) as home:
        await asyncio.sleep(30 * 3600)
        assert home.device("hall.door").presence is Presence.ASLEEP
        home.network.cut_power("hall.door")
        await asyncio.sleep(20 * 3600)
        assert home.device("hall.door").presence is Presence.ASLEEP
        await asyncio.sleep(6 * 3600)
        assert home.device("hall.door").presence is Presence.DEAD
        assert DeviceSilent(home.id_of("hall.door")) in home.events
        assert home.device("hall.leak").presence is Presence.ASLEEP
        heard = home.listen_in("hall.door")
        await asyncio.sleep(3600)
        assert heard == []
        home.network.restore_power("hall.door")
        await asyncio.sleep(5 * 3600)
        assert home.device("hall.door").presence is Presence.ASLEEP


async def test_who_another_controller_let_in_or_out_is_known_when_the_stick_says_so() -> None:
    async with zwave_home({"a.light": Switch(), "b.light": Switch()}) as home:
        gone = home.id_of("b.light")
        home.place("c.light", Switch(), included=False)
        home.network.dismiss("b.light")
        home.stick._say(ApplicationUpdate(UpdateEvent.NODE_REMOVED, 3))
        node_id = home.network.include("c.light")
        home.stick._say(ApplicationUpdate(UpdateEvent.NODE_ADDED, node_id))
        await asyncio.sleep(60)
        assert DeviceLeft(gone) in home.events
        assert {device.name for device in home.devices.values()} == {"a.light", "c.light"}
        assert (await home.set("c.light", on=True)).outcome is Outcome.CONFIRMED


async def test_who_was_let_out_while_the_stick_was_elsewhere_is_gone_when_it_is_back() -> None:
    async with zwave_home({"a.light": Switch(), "b.light": Switch()}) as home:
        gone = home.id_of("b.light")
        home.cable.unplug()
        await asyncio.sleep(5)
        home.network.dismiss("b.light")
        home.cable.replug()
        await asyncio.sleep(60)
        assert DeviceLeft(gone) in home.events
        assert set(home.devices) == {home.id_of("a.light")}


async def test_a_list_of_nodes_that_is_wrong_once_costs_no_device() -> None:
    async with zwave_home({"a.light": Switch(), "b.light": Switch()}) as home:
        lost = home.network.memory.nodes.pop(3)
        home.stick._say(ApplicationUpdate(UpdateEvent.NODE_REMOVED, 99))
        await asyncio.sleep(1)
        home.network.memory.nodes[3] = lost
        await asyncio.sleep(60)
        assert not [event for event in home.events if isinstance(event, DeviceLeft)]
        assert home.device("b.light").presence is Presence.READY


async def test_any_number_of_words_about_the_list_of_nodes_costs_a_few_readings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        controller = home.driver.the_controller()
        readings: list[float] = []
        node_list = controller.node_list

        async def counted() -> frozenset[int]:
            readings.append(home.loop.time())
            return await node_list()

        monkeypatch.setattr(controller, "node_list", counted)
        for _ in range(100):
            home.driver.update_received(ApplicationUpdate(UpdateEvent.NODE_ADDED, 2))
        await asyncio.sleep(60)
        assert 1 <= len(readings) <= 2
