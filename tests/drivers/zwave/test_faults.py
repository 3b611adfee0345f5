"""The whole driver against what goes wrong in the field. "Fault n" are the numbered faults of controllers there.

Those of the link and of the command queue alone are in `test_serial_link` and `test_exchange`, more in `test_driver`.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from drivers.zwave.command_classes.notification import Event, NotificationReport
from drivers.zwave.command_classes.supervision import SESSION_MAX, SupervisionReport, SupervisionStatus
from drivers.zwave.command_classes.switch_binary import SwitchBinarySet
from drivers.zwave.command_classes.table import VERSIONS
from drivers.zwave.driver import DELIVERIES_MAX
from drivers.zwave.encapsulation.chain import unwrap, wrap
from drivers.zwave.encapsulation.envelope import Envelope, Supervised
from drivers.zwave.kind import KIND, ZwaveSettings
from drivers.zwave.node import WAITING_MAX
from drivers.zwave.node_record import Stage
from drivers.zwave.serial_api.application import ReceiveStatus
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.device import Presence
from hubagent.model.driver import DriverUnavailable, PairingStep
from hubagent.model.event import (
    Cause,
    CommandAnswered,
    DeviceSilent,
    DriverCondition,
    DriverStatus,
    Outcome,
    StateReported,
)
from hubagent.runtime import PortError
from simulators.cable import MemoryCable
from simulators.devices.device import Battery
from simulators.devices.repeater import Repeater
from simulators.devices.sensors import LeakSensor, MotionSensor
from simulators.devices.switch import PowerStrip, Switch
from simulators.runtime import simulated_runtime
from simulators.zwave.flavours import FLAVOURS
from simulators.zwave.memory import Memory
from simulators.zwave.network import Network
from simulators.zwave.radio_node import NodeInformation, NodeRadio
from simulators.zwave.stick import Stick
from tests.helpers.memory_records import MemoryRecords
from tests.helpers.zwave_home import PORT, ZwaveHome, zwave_home

NOT_A_STICK_S = 12.0
"""By then it is known that what is on the port is none."""


def conditions(home: ZwaveHome) -> list[DriverCondition]:
    return [event.condition for event in home.events if isinstance(event, DriverStatus)]


# Start-up


@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_every_kind_of_controller_is_started_and_used(flavour: str) -> None:
    home = ZwaveHome()
    home.stick.flavour = FLAVOURS[flavour]
    light = Switch()
    home.place("hall.light", light)
    async with home.running():
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        assert light.on
        light.switch(False)
        await home.reports("hall.light", on=False)
        assert home.driver.status()["library"] == FLAVOURS[flavour].library
    home.cable.unplug()


async def test_without_a_suc_in_the_network_the_stick_becomes_it_and_nobody_waits_for_a_callback() -> None:
    home = ZwaveHome()
    home.place("hall.light", Switch())
    home.network.memory.suc_node_id = 0
    async with home.running(settle_s=5):
        assert home.network.memory.suc_node_id == 1
        assert home.device("hall.light").presence is Presence.READY
    home.cable.unplug()


@pytest.mark.parametrize("no_start", [False, True])
async def test_a_stick_that_says_nothing_after_its_reset_is_used_all_the_same(no_start: bool) -> None:
    """Fault 7: no SerialAPIStarted."""
    home = ZwaveHome()
    home.place("hall.light", Switch())
    home.stick.faults.no_start = no_start
    async with home.running():
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
    home.cable.unplug()


class Echo(asyncio.Protocol):
    """A cable whose far end sends back what it gets."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


class Mute(Echo):
    def data_received(self, data: bytes) -> None:
        pass


class Babble(Echo):
    """A GPS receiver, say: it writes without end."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._rng = random.Random(1)
        self._babble()

    def _babble(self) -> None:
        self.transport.write(self._rng.randbytes(40))
        self._timer = asyncio.get_running_loop().call_later(0.2, self._babble)

    def data_received(self, data: bytes) -> None:
        pass

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()


@pytest.mark.parametrize("device", [Echo, Mute, Babble])
async def test_what_is_no_stick_is_called_so_within_seconds_and_the_port_is_free_again(
    device: type[asyncio.Protocol],
) -> None:
    cable = MemoryCable(PORT)
    await cable.plug(device())
    runtime = simulated_runtime(1, {PORT: cable})
    driver = KIND.make(ZwaveSettings(port=PORT), runtime, MemoryRecords())
    loop = asyncio.get_running_loop()
    begun = loop.time()
    with pytest.raises(PortError, match="does not answer as a Z-Wave controller") as caught:
        await driver.run(lambda _: None)
    assert loop.time() - begun < NOT_A_STICK_S
    assert "hubagent doctor" in str(caught.value)
    cable.open(asyncio.Protocol()).close()
    cable.unplug()


async def test_a_start_that_is_cancelled_lets_go_of_the_port() -> None:
    cable = MemoryCable(PORT)
    await cable.plug(Mute())
    driver = KIND.make(ZwaveSettings(port=PORT), simulated_runtime(1, {PORT: cable}), MemoryRecords())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await driver.run(lambda _: None)
    cable.open(asyncio.Protocol()).close()
    cable.unplug()


# The stick at work


async def test_a_stick_that_stops_answering_is_restarted_and_then_used_again() -> None:
    """Fault 1: no ACK."""
    async with zwave_home({"hall.light": Switch()}) as home:
        home.stick.faults.silent = True
        answer = await home.set("hall.light", on=True)
        assert answer.outcome is Outcome.FAILED
        assert conditions(home)[-1] is DriverCondition.TROUBLED
        home.stick.faults.silent = False
        await asyncio.sleep(120)
        assert conditions(home)[-1] is DriverCondition.READY
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


async def test_lost_callbacks_end_in_failures_and_in_one_restart_only() -> None:
    """Fault 2."""
    async with zwave_home({"hall.light": Switch()}) as home:
        home.stick.faults.lost_callback = 1.0
        for _ in range(3):
            assert (await home.set("hall.light", on=True)).outcome is Outcome.FAILED
        home.stick.faults.lost_callback = 0.0
        troubles = conditions(home).count(DriverCondition.TROUBLED)
        assert troubles <= 1
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


@pytest.mark.parametrize("fault", ["can", "nak"])
async def test_refused_frames_are_sent_again(fault: str) -> None:
    """Faults 3 and 4."""
    async with zwave_home({"hall.light": Switch()}) as home:
        home.stick.faults.set(fault, 0.3)
        outcomes = [(await home.set("hall.light", on=bool(number % 2))).outcome for number in range(20)]
        assert outcomes.count(Outcome.CONFIRMED) >= 18


async def test_a_silent_stick_costs_less_and_less() -> None:
    """Fault 8: bounded, slower and slower; fault 20: nothing grows meanwhile."""
    async with zwave_home({"hall.light": Switch()}) as home:
        home.stick.faults.silent = True
        await home.set("hall.light", on=True)
        before = len(home.events)
        await asyncio.sleep(24 * 3600)
        assert len(home.events) - before < 20
        home.stick.faults.silent = False
        await asyncio.sleep(180)
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


async def test_what_changed_while_the_stick_was_away_is_known_when_it_is_back() -> None:
    """Fault 6."""
    light = Switch()
    async with zwave_home({"hall.light": light}) as home:
        home.cable.unplug()
        light.switch(True)
        home.cable.replug()
        await home.reports("hall.light", within_s=20, on=True)


async def test_what_changed_while_the_stick_restarted_by_itself_is_known_soon() -> None:
    """Its watchdog, or too little power. Fault 7."""
    other = Switch()
    async with zwave_home({"hall.light": Switch(), "bath.light": other}, settle_s=120) as home:
        before = len(conditions(home))
        home.stick.faults.resets = 1.0
        home.driver.send(home.id_of("hall.light"), SwitchOnOff(True), Cause("test"), lambda _: None)
        await asyncio.sleep(0.1)
        other.switch(True)
        await home.reports("bath.light", within_s=20, on=True)
        assert conditions(home)[before:] == [DriverCondition.TROUBLED, DriverCondition.READY]
        assert (await home.driver.act("signal", home.id_of("hall.light"), {}))["attempts"] == 1


async def test_a_radio_that_is_jammed_for_a_moment_costs_no_command_after_a_restart_of_its_own_either() -> None:
    """Fault 5: only from how long it was on the air can a command that never left be told from one that got lost."""
    async with zwave_home({"hall.light": Switch()}) as home:
        home.stick.faults.resets = 1.0
        await home.set("hall.light", on=True)
        await asyncio.sleep(60)
        home.stick.faults.jammed = True
        home.loop.call_later(2.5, setattr, home.stick.faults, "jammed", False)
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


async def test_an_interview_goes_on_when_the_stick_is_back() -> None:
    """Fault 6."""
    home = ZwaveHome()
    home.place("hall.light", Switch())
    async with home.running(settle_s=0.4):
        home.cable.unplug()
        await asyncio.sleep(30)
        home.cable.replug()
        await asyncio.sleep(60)
        assert home.device("hall.light").presence is Presence.READY
    home.cable.unplug()


async def test_another_stick_on_the_port_gets_none_of_the_commands() -> None:
    """Fault 6: the same home id, or a clear error."""
    home = ZwaveHome()
    home.place("hall.light", Switch())
    rng = random.Random(2)
    other = Network(Memory.open(None, rng), rng)
    stranger = MemoryCable(PORT)
    await stranger.plug(Stick(other, rng))
    answers: list[CommandAnswered] = []
    await home.cable.plug(home.stick)
    home.driver = KIND.make(ZwaveSettings(port=PORT), home.runtime, home.records)

    async def change_sticks() -> None:
        await asyncio.sleep(30)
        home.cable.unplug()
        home.cable.open = stranger.open  # type: ignore[method-assign]  # the other stick is in the same socket
        home.driver.send(home.id_of("hall.light"), SwitchOnOff(True), Cause("test"), answers.append)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(change_sticks())
        with pytest.raises(ExceptionGroup) as caught:
            await home.driver.run(home.report)
    # Alone in its group, so that the supervisor sees it.
    (error,) = caught.value.exceptions
    assert isinstance(error, PortError)
    assert "another stick" in str(error)
    assert [answer.outcome for answer in answers] == [Outcome.FAILED]
    stranger.unplug()


# Nodes


async def test_a_device_that_has_its_power_back_and_says_nothing_is_found_alive() -> None:
    """Fault 14: nobody stays dead for good."""
    light = Switch()
    async with zwave_home({"hall.light": light}) as home:
        home.network.cut_power("hall.light")
        await home.set("hall.light", on=True)
        assert DeviceSilent(home.id_of("hall.light")) in home.events
        light.switch(True)
        home.network.restore_power("hall.light")
        await home.reports("hall.light", within_s=300, on=True)
        assert home.device("hall.light").presence is Presence.READY


async def test_a_repeater_without_power_is_found_out_though_it_has_nothing_to_say() -> None:
    async with zwave_home({"hall.repeater": Repeater()}) as home:
        home.network.cut_power("hall.repeater")
        await asyncio.sleep(3800)
        assert home.device("hall.repeater").presence is Presence.DEAD
        home.network.restore_power("hall.repeater")
        await asyncio.sleep(1900)
        assert home.device("hall.repeater").presence is Presence.READY


async def test_a_lost_report_is_made_up_for() -> None:
    light = Switch()
    async with zwave_home({"hall.light": light}) as home:
        home.network.air.loss = 1.0
        light.switch(True)
        await asyncio.sleep(1)
        home.network.air.loss = 0.0
        assert home.state("hall.light")["on"] is False
        await home.reports("hall.light", within_s=3700, on=True)


async def test_a_question_without_answer_does_not_keep_a_node_awake() -> None:
    """Fault 15."""
    home = ZwaveHome()
    home.place("bath.leak", LeakSensor(battery=Battery()), wake_up_s=600)
    async with home.running(settle_s=700):
        home.nodes["bath.leak"].wake()
        await asyncio.sleep(0.05)
        home.network.cut_power("bath.leak")
        await home.set("bath.leak", identify=4)
        await asyncio.sleep(60)
        assert home.device("bath.leak").presence is Presence.ASLEEP
    home.cable.unplug()


@asynccontextmanager
async def _interrupted_in_its_interview() -> AsyncIterator[ZwaveHome]:
    """A sleeping device that has no power any more."""
    home = ZwaveHome()
    home.place("bath.leak", LeakSensor(battery=Battery()), wake_up_s=600)
    home.network.air.frame_s = 0.05
    async with home.running(settle_s=601):
        home.network.cut_power("bath.leak")
        await asyncio.sleep(30)
        stage = home.driver.registry.nodes[2].record.stage
        assert Stage.PROTOCOL <= stage < Stage.COMPLETE
        yield home
    home.cable.unplug()


async def test_a_sleeping_device_interrupted_in_its_interview_goes_on_at_its_next_wake_up() -> None:
    """Fault 15."""
    async with _interrupted_in_its_interview() as home:
        home.network.restore_power("bath.leak")
        await asyncio.sleep(900)
        assert home.device("bath.leak").presence is Presence.ASLEEP


async def test_a_sleeping_device_interrupted_in_its_interview_is_seldom_asked_in_vain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each time the stick is busy with it, and a lamp waits."""
    async with _interrupted_in_its_interview() as home:
        sent: list[int] = []
        transmit = home.network.transmit

        def counted(node_id: int, *what: Any) -> asyncio.TimerHandle:
            sent.append(node_id)
            return transmit(node_id, *what)

        monkeypatch.setattr(home.network, "transmit", counted)
        await asyncio.sleep(4 * 3600)
        assert 3 <= len(sent) <= 4


async def test_a_supervised_report_that_is_heard_twice_is_reported_and_answered_once() -> None:
    """Fault 16."""
    async with zwave_home({"hall.motion": MotionSensor(asyncio.get_running_loop())}) as home:
        heard = home.listen_in("hall.motion")
        motion = wrap(NotificationReport(event=Event(0x07, 0x08)), Envelope(supervision=Supervised(5)))
        before = len([event for event in home.events if isinstance(event, StateReported)])
        for _ in range(2):
            home.stick.command_received(2, motion)
        await asyncio.sleep(1)
        reports = [event for event in home.events if isinstance(event, StateReported)]
        assert len(reports) - before == 1
        assert [type(unwrap(data)[0]) for data in heard] == [SupervisionReport]


async def test_a_supervised_command_that_nobody_here_knows_is_said_to_be_no_success() -> None:
    """Z-Wave Specification 2024A, table 4.29: NO_SUPPORT is of a command that is not supported."""
    async with zwave_home({"hall.motion": MotionSensor(asyncio.get_running_loop())}) as home:
        heard = home.listen_in("hall.motion")
        for session, payload in ((5, "fe0102"), (6, "2503ff")):
            home.stick.command_received(2, bytes.fromhex(f"6c01{session:02x}{len(payload) // 2:02x}{payload}"))
        await asyncio.sleep(1)
        reports = [report for report, _ in map(unwrap, heard) if isinstance(report, SupervisionReport)]
        assert [(report.session, report.status) for report in reports] == [
            (5, SupervisionStatus.NO_SUPPORT),
            (6, SupervisionStatus.SUCCESS),
        ]


async def test_a_supervised_report_to_many_is_heard_and_answered_only_when_it_comes_to_us_alone() -> None:
    """CC:006C.01.01.11.004 and 005."""
    async with zwave_home({"hall.motion": MotionSensor(asyncio.get_running_loop())}) as home:
        heard = home.listen_in("hall.motion")
        motion = wrap(NotificationReport(event=Event(0x07, 0x08)), Envelope(supervision=Supervised(5)))
        home.driver.command_received(2, motion, home.loop.time(), ReceiveStatus.BROADCAST)
        await asyncio.sleep(1)
        assert home.state("hall.motion")["occupied"] is True
        assert heard == []
        home.driver.command_received(2, motion, home.loop.time())
        await asyncio.sleep(1)
        assert [type(unwrap(data)[0]) for data in heard] == [SupervisionReport]


async def test_the_first_command_after_a_restart_is_not_taken_for_the_last_one_before_it() -> None:
    """A node ignores the session that it had last, whatever is in it (CC:006C.01.01.11.00D)."""
    home = ZwaveHome()
    home.place("hall.light", Switch())
    for on in (True, False, True):
        async with home.running():
            assert (await home.set("hall.light", on=on)).outcome is Outcome.CONFIRMED
    home.cable.unplug()


async def test_a_device_that_counts_its_sessions_anew_is_still_heard() -> None:
    """Fault 16, the other way round: two reports with the same session and something between are two."""
    async with zwave_home({"hall.motion": MotionSensor(asyncio.get_running_loop())}) as home:
        for session, event in ((0, 0x08), (1, 0x00), (0, 0x08)):
            report = NotificationReport(event=Event(0x07, event, b"\x08" if event == 0 else b""))
            home.stick.command_received(2, wrap(report, Envelope(supervision=Supervised(session))))
        await asyncio.sleep(1)
        assert home.state("hall.motion")["occupied"] is True


async def test_an_interview_that_a_power_cut_ended_is_taken_up_where_it_was() -> None:
    """Fault 17: each stage is kept when it is complete."""
    home = ZwaveHome()
    home.place("hall.light", Switch())
    home.network.air.frame_s = 0.05
    async with home.running(settle_s=1.2):
        stage = home.driver.registry.nodes[2].record.stage
        assert Stage.NODE_INFO <= stage < Stage.COMPLETE
    heard = home.listen_in("hall.light")
    async with home.running():
        assert home.driver.registry.nodes[2].record.stage is Stage.COMPLETE
    assert wrap_of("7204") not in heard
    home.cable.unplug()


def wrap_of(text: str) -> bytes:
    return bytes.fromhex(text)


async def test_what_was_kept_of_a_node_and_cannot_be_read_is_asked_anew() -> None:
    """Fault 17."""
    home = ZwaveHome()
    home.place("hall.light", Switch())
    key = f"{home.network.memory.home_id:08x}-2"
    home.records.records[key] = {"node_id": 2, "stage": "COMPLETE"}
    async with home.running():
        assert "on_off" in home.device("hall.light").capabilities
    home.cable.unplug()


async def test_any_number_of_commands_at_once_is_answered() -> None:
    """Fault 20: sessions, questions and deliveries are bounded, and nothing breaks at the bound."""
    async with zwave_home({"hall.light": Switch()}) as home:
        answers: list[CommandAnswered] = []
        device = home.id_of("hall.light")
        for number in range(DELIVERIES_MAX + 50):
            home.driver.send(device, SwitchOnOff(number % 2 == 0), Cause("test"), answers.append)
        await asyncio.sleep(600)
        assert len(answers) == DELIVERIES_MAX + 50
        assert sum(answer.outcome is Outcome.FAILED for answer in answers) >= 50
        assert not home.driver.registry.nodes[2].waiting
        assert not home.driver.registry.nodes[2].supervisions


async def test_a_strip_that_flaps_does_not_pile_up_questions() -> None:
    """Fault 20."""
    strip = PowerStrip(6)
    async with zwave_home({"desk.strip": strip}) as home:
        for number in range(300):
            strip.outlets[number % 6].switch(number % 12 < 6)
            await asyncio.sleep(0.001)
            assert len(home.driver.registry.nodes[2].waiting) <= WAITING_MAX
        await asyncio.sleep(30)
        for number, outlet in enumerate(strip.outlets, start=1):
            assert home.state(f"desk.strip/{number}")["on"] is outlet.on


# Pairing


@asynccontextmanager
async def pairing(home: ZwaveHome, timeout_s: float = 30) -> AsyncIterator[AsyncIterator[PairingStep]]:
    steps = home.driver.pair({}, timeout_s)
    try:
        yield steps
    finally:
        await steps.aclose()  # type: ignore[attr-defined]  # it is a generator


async def test_a_pairing_that_is_closed_early_is_stopped_when_the_closing_returns() -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        home.place("b.light", Switch(), included=False)
        async with pairing(home) as steps:
            assert (await anext(steps)).step == "ready"
        home.network.press("b.light")
        await asyncio.sleep(10)
        assert home.network.node_of("b.light") is None
        # And the next one may begin.
        async with pairing(home) as steps:
            assert (await anext(steps)).step == "ready"


async def test_a_device_that_joined_is_known_although_nobody_waited_for_the_end() -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        home.place("b.light", Switch(), included=False)
        async with pairing(home) as steps:
            async for step in steps:
                if step.step == "ready":
                    home.network.press("b.light")
                if step.step == "included":
                    break
        await asyncio.sleep(30)
        assert home.device("b.light").presence is Presence.READY


async def test_a_stick_that_is_pulled_out_while_pairing_ends_it_with_an_error() -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        begun = home.loop.time()
        async with pairing(home) as steps:
            assert (await anext(steps)).step == "ready"
            home.cable.unplug()
            with pytest.raises(DriverUnavailable):
                await anext(steps)
        assert home.loop.time() - begun < 60
        home.cable.replug()
        await asyncio.sleep(30)
        async with pairing(home) as steps:
            assert (await anext(steps)).step == "ready"


async def test_a_paired_device_that_sleeps_is_interviewed_and_let_go_to_sleep() -> None:
    async with zwave_home({"a.light": Switch()}) as home:
        home.place("b.leak", LeakSensor(battery=Battery()), included=False)
        async with pairing(home) as steps:
            async for step in steps:
                if step.step == "ready":
                    home.network.press("b.leak")
        await asyncio.sleep(30)
        assert home.device("b.leak").presence is Presence.ASLEEP
        assert home.driver.registry.nodes[3].record.stage is Stage.COMPLETE


# Nodes that are not as they should be


class OddNode:
    """A `RadioNode` that a test tells what to answer: `answer` gets a command and returns what is sent back."""

    awake = True

    def __init__(self, answer: Callable[[bytes], bytes | None], **information: Any) -> None:
        self.info = NodeInformation(0x10, 0x01, **information)
        self._answer = answer
        self._radio: NodeRadio | None = None

    def joined(self, radio: NodeRadio, node_id: int, home_id: int) -> None:
        self._radio = radio

    def excluded(self) -> None:
        self._radio = None

    def receive(self, data: bytes) -> None:
        answer = self._answer(data)
        if answer is not None and self._radio is not None:
            self._radio.send(answer)


@asynccontextmanager
async def an_odd_home(node: OddNode, settle_s: float = 600) -> AsyncIterator[ZwaveHome]:
    home = ZwaveHome()
    home.network.place("odd", node)
    home.network.include("odd")
    home.place("hall.light", Switch())
    async with home.running(settle_s):
        yield home
    home.cable.unplug()


def only_a_switch(data: bytes) -> bytes | None:
    return bytes.fromhex("2503ff") if data == bytes.fromhex("2502") else None


ALL_CLASSES = tuple(sorted(VERSIONS.keys() - {0x84}))


async def test_a_node_that_never_answers_about_versions_is_used_as_one_of_version_1() -> None:
    async with an_odd_home(OddNode(only_a_switch, command_classes=(0x25, 0x72, 0x86, 0x98, 0x9F))) as home:
        device = next(device for device in home.devices.values() if device.address == 2)
        assert device.presence is Presence.READY
        assert device.capabilities == ("on_off",)
        assert "encryption" in device.details
        assert home.states[device.id] == {"on": True}


@pytest.mark.parametrize("seed", range(5))
async def test_a_node_that_answers_garbage_is_known_in_the_end_and_harms_nobody(seed: int) -> None:
    rng = random.Random(seed)

    def garbage(data: bytes) -> bytes:
        # Of the class that was asked, and often of the right kind.
        return bytes((data[0], (data[1] if len(data) > 1 else 0) + rng.randrange(3) & 0xFF)) + rng.randbytes(
            rng.randrange(20)
        )

    async with an_odd_home(OddNode(garbage, command_classes=ALL_CLASSES), settle_s=7200) as home:
        assert home.device("hall.light").presence is Presence.READY
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        assert next(device for device in home.devices.values() if device.address == 2).presence is Presence.READY


async def test_a_node_that_says_nothing_at_all_but_acknowledges_is_known_in_the_end() -> None:
    async with an_odd_home(OddNode(lambda _: None, command_classes=ALL_CLASSES), settle_s=3600) as home:
        assert home.driver.registry.nodes[2].record.stage is Stage.COMPLETE
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


async def test_a_second_controller_in_the_network_is_a_node_like_others() -> None:
    remote = OddNode(lambda _: None, command_classes=(0x5E, 0x72), basic_class=0x01, listening=False)
    async with an_odd_home(remote) as home:
        device = next(device for device in home.devices.values() if device.address == 2)
        assert device.presence in (Presence.ASLEEP, Presence.INTERVIEWING)
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


class OldDevice(OddNode):
    """It has one state, and reports no change of it."""

    def __init__(self, get: str, report: str, **information: Any) -> None:
        super().__init__(self._state, **information)
        self.state = 0x00
        self._get, self._report = bytes.fromhex(get), report

    def _state(self, data: bytes) -> bytes | None:
        return bytes.fromhex(self._report.format(self.state)) if data == self._get else None

    def says(self, data: str) -> None:
        assert self._radio is not None
        self._radio.send(bytes.fromhex(data))

    def sends_its_information(self) -> None:
        assert self._radio is not None
        self._radio.send_node_information()


def hails(device: OldDevice) -> None:
    device.says("8201")


def sends_an_alarm_of_version_1(device: OldDevice) -> None:
    # Type 0x15 and level 1: of many locks "locked by hand", and anything else of other devices.
    device.says("71051501")


def sends_the_same_filled_with_zeros(device: OldDevice) -> None:
    device.says("71051501" + "00" * 5)


@pytest.mark.parametrize(
    ("device", "tells", "values"),
    [
        (OldDevice("2502", "2503{:02x}", command_classes=(0x25, 0x82, 0x85)), hails, {"on": True}),
        (OldDevice("2502", "2503{:02x}", command_classes=(0x25,)), OldDevice.sends_its_information, {"on": True}),
        (
            OldDevice("6202", "6203{:02x}00000000", command_classes=(0x62, 0x71, 0x85), flirs=1000, listening=False),
            sends_an_alarm_of_version_1,
            {"locked": True},
        ),
        (
            OldDevice("6202", "6203{:02x}00000000", command_classes=(0x62, 0x71, 0x85), flirs=1000, listening=False),
            sends_the_same_filled_with_zeros,
            {"locked": True},
        ),
    ],
)
async def test_an_old_device_that_says_no_more_than_that_it_changed_is_read(
    device: OldDevice, tells: Callable[[OldDevice], None], values: dict[str, bool]
) -> None:
    async with an_odd_home(device, settle_s=1200) as home:
        known = next(device.id for device in home.devices.values() if device.address == 2)
        assert home.states[known] == dict.fromkeys(values, False)
        device.state = 0xFF
        tells(device)
        await asyncio.sleep(10)
        assert home.states[known] == values


async def test_another_interview_takes_nothing_away_while_it_runs_and_finds_what_changed() -> None:
    async with zwave_home({"desk.strip": PowerStrip(2)}) as home:
        device = home.id_of("desk.strip")
        home.driver.registry.nodes[2].record.firmware = "0.0"
        capabilities = [home.device("desk.strip/1").capabilities]
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(home.driver.act("interview", device, {}))
            again = tasks.create_task(home.driver.act("interview", device, {}))
            while not again.done():
                capabilities.append(home.device("desk.strip/1").capabilities)
                await asyncio.sleep(0.01)
        assert again.result() == {"stage": "complete"}
        assert len(capabilities) > 1
        assert set(capabilities) == {("on_off",)}
        assert home.driver.registry.nodes[2].record.firmware != "0.0"
        assert (await home.set("desk.strip/2", on=True)).outcome is Outcome.CONFIRMED


async def test_an_interview_that_is_wished_for_of_a_sleeping_device_waits_for_its_wake_up() -> None:
    home = ZwaveHome()
    home.place("bath.leak", LeakSensor(battery=Battery()), wake_up_s=600)
    async with home.running(settle_s=700):
        home.driver.registry.nodes[2].record.firmware = "0.0"
        await home.driver.act("interview", home.id_of("bath.leak"), {})
        assert home.device("bath.leak").presence is Presence.ASLEEP
        assert "boolean_state" in home.device("bath.leak").capabilities
        home.nodes["bath.leak"].wake()
        await asyncio.sleep(30)
        assert home.driver.registry.nodes[2].record.firmware != "0.0"
        assert home.device("bath.leak").presence is Presence.ASLEEP
    home.cable.unplug()


async def test_a_device_that_joined_is_found_where_the_stick_keeps_that_to_itself() -> None:
    """Fault 2, while pairing: included, and every word of it lost."""
    async with zwave_home({"a.light": Switch()}) as home:
        home.place("b.light", Switch(), included=False)
        async with pairing(home, timeout_s=20) as steps:
            assert (await anext(steps)).step == "ready"
            home.stick.faults.lost_callback = 1.0
            home.network.press("b.light")
            await asyncio.sleep(1)
            home.stick.faults.lost_callback = 0.0
            async for _ in steps:
                pass
        await asyncio.sleep(60)
        assert home.device("b.light").presence is Presence.READY


@pytest.mark.parametrize("after_s", [0.02, 0.15])
async def test_a_device_that_left_is_gone_where_the_last_words_of_it_are_lost(after_s: float) -> None:
    """Fault 2, while unpairing."""
    async with zwave_home({"a.light": Switch()}) as home:
        device = home.id_of("a.light")
        async for step in home.driver.unpair(None, {}, 20):
            if step.step == "ready":
                home.network.press("a.light")
            if step.step == "found":
                home.loop.call_later(after_s, home.stick.faults.set, "lost_callback", 1.0)
                home.loop.call_later(5, home.stick.faults.set, "lost_callback", 0.0)
        assert device not in home.devices


async def test_what_waits_for_a_sleeping_device_is_answered_when_the_driver_stops() -> None:
    home = ZwaveHome()
    home.place("bath.leak", LeakSensor(battery=Battery()), wake_up_s=600)
    async with home.running(settle_s=700):
        assert (await home.set("bath.leak", identify=4)).outcome is Outcome.WAITING
    answers = [event.outcome for event in home.events if isinstance(event, CommandAnswered)]
    assert answers == [Outcome.FAILED]
    home.cable.unplug()


async def test_a_node_that_knows_the_session_from_before_the_start_is_told_under_another_one() -> None:
    """It ignores the session that it heard last (CC:006C.01.01.11.00D), and says nothing of it."""
    lamp = Switch()
    async with zwave_home({"hall.light": lamp}) as home:
        node = home.driver.registry.nodes[2]
        home.nodes["hall.light"]._last_session = (node.session + 1) & SESSION_MAX
        home.driver.send(home.id_of("hall.light"), SwitchOnOff(True), Cause("test"), lambda _: None)
        # Whoever pressed a button stands there and waits.
        await asyncio.sleep(1.2)
        assert lamp.on
        await asyncio.sleep(10)
        assert home.state("hall.light")["on"] is True
        assert not node.supervisions


async def test_a_node_that_has_answered_once_is_not_told_twice() -> None:
    lamp = Switch()
    async with zwave_home({"hall.light": lamp}) as home:
        await home.set("hall.light", on=True)
        node = home.driver.registry.nodes[2]
        heard = home.listen_in("hall.light")
        home.nodes["hall.light"]._last_session = (node.session + 1) & SESSION_MAX
        answer = await home.set("hall.light", on=False)
        assert answer.outcome is Outcome.REFUSED
        assert [type(unwrap(data)[0]) for data in heard].count(SwitchBinarySet) == 1
