"""Letting devices in and out: the steps that are told, and a network that is closed again whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from drivers.zigbee.ezsp.types import DecisionId, PolicyId, TrustCenterDecision
from drivers.zigbee.install_code import InstallCode, WrongInstallCode, crc, read_install_code
from drivers.zigbee.pairing import KEY_S
from hubagent.model.device import Presence
from hubagent.model.driver import DriverUnavailable, NotPossible, PairingStep
from hubagent.model.event import DeviceJoined, DeviceLeft, InterviewProgressed, Outcome
from simulators.devices.device import Battery
from simulators.devices.repeater import Repeater
from simulators.devices.sensors import LeakSensor
from simulators.devices.switch import Switch
from simulators.zigbee.faces import Label, dress
from simulators.zigbee.memory import WELL_KNOWN_KEY
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home

CODE = "83FED3407A939723A5C639B26916D505C3B5"
LINK_KEY = bytes.fromhex("66B6900981E1EE3CA4206B6B861C02BB")


def is_closed(home: ZigbeeHome) -> bool:
    chip = home.stick._chip
    assert chip is not None
    return (
        not chip.policy(PolicyId.TRUST_CENTER) & TrustCenterDecision.ALLOW_JOINS
        and chip.policy(PolicyId.TC_KEY_REQUEST) == DecisionId.DENY_TC_KEY_REQUESTS
        and not chip.permits_joining
        and not chip.transient_keys
    )


@asynccontextmanager
async def pairing(
    home: ZigbeeHome, timeout_s: float = 30, **options: object
) -> AsyncIterator[AsyncIterator[PairingStep]]:
    steps = home.driver.pair(options, timeout_s)
    try:
        yield steps
    finally:
        await steps.aclose()  # type: ignore[attr-defined]  # it is a generator


# In


async def test_pairing_tells_its_steps_and_ends_with_a_device_that_is_ready() -> None:
    async with zigbee_home({}) as home:
        home.place("b.light", Switch(), joined=False)
        steps = await home.pair("b.light")
        assert [step.step for step in steps][:3] == ["ready", "found", "included"]
        assert steps[-1].step == "done"
        assert steps[-1].final
        assert steps[-1].device == home.id_of("b.light")
        assert {step.step for step in steps[3:-1]} == {"interview"}
        assert home.device("b.light").presence is Presence.READY
        assert (await home.set("b.light", on=True)).outcome is Outcome.CONFIRMED
        await asyncio.sleep(KEY_S)
        assert is_closed(home)
        assert [event.step for event in home.all(InterviewProgressed)][-1] == "complete"


async def test_a_paired_device_has_a_link_key_of_its_own() -> None:
    async with zigbee_home({}) as home:
        home.place("b.light", Switch(), joined=False)
        await home.pair("b.light")
        await asyncio.sleep(60)
        assert home.network.stations["b.light"].membership.link_key not in (WELL_KNOWN_KEY, LINK_KEY)


async def test_a_sleeping_device_is_paired_interviewed_and_ready() -> None:
    async with zigbee_home({}) as home:
        leak = LeakSensor(battery=Battery())
        home.place("b.leak", leak, joined=False)
        steps = await home.pair("b.leak")
        assert steps[-1].step == "done"
        await asyncio.sleep(30)
        assert home.device("b.leak").presence is Presence.READY
        leak.set_wet(True)
        await home.reports("b.leak", 5, leak=True)


async def test_pairing_ends_when_nobody_presses_a_button_and_can_be_tried_again() -> None:
    async with zigbee_home({}) as home:
        steps = [step async for step in home.driver.pair({}, 5)]
        assert [step.step for step in steps] == ["ready", "timeout"]
        assert not steps[-1].ok
        assert is_closed(home)
        home.place("b.light", Switch(), joined=False)
        assert (await home.pair("b.light"))[-1].step == "done"


async def test_a_pairing_that_is_closed_early_leaves_the_network_closed() -> None:
    async with zigbee_home({}) as home:
        home.place("b.light", Switch(), joined=False)
        async with pairing(home) as steps:
            assert (await anext(steps)).step == "ready"
            assert not is_closed(home)
        assert is_closed(home)
        home.network.press("b.light")
        await asyncio.sleep(60)
        assert home.network.node_of("b.light") is None


async def test_the_network_is_closed_although_who_opened_it_does_not_even_wait_for_that() -> None:
    async with zigbee_home({}) as home:
        steps = home.driver.pair({}, 30)
        assert (await anext(steps)).step == "ready"
        home.stick.faults.deaf = True
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await steps.aclose()  # type: ignore[attr-defined]  # it is a generator
        home.stick.faults.deaf = False
        assert not is_closed(home)
        await asyncio.sleep(120)
        assert is_closed(home)


async def test_one_at_a_time() -> None:
    async with zigbee_home({}) as home, pairing(home) as steps:
        await anext(steps)
        with pytest.raises(DriverUnavailable, match="under way"):
            await anext(aiter(home.driver.pair({}, 5)))


async def test_a_device_that_joined_is_interviewed_although_nobody_waited_for_the_end() -> None:
    async with zigbee_home({}) as home:
        home.place("b.light", Switch(), joined=False)
        async with pairing(home) as steps:
            async for step in steps:
                if step.step == "ready":
                    home.network.press("b.light")
                if step.step == "included":
                    break
        await asyncio.sleep(60)
        assert home.device("b.light").presence is Presence.READY
        assert home.network.stations["b.light"].membership.link_key != WELL_KNOWN_KEY
        assert is_closed(home)


async def test_the_network_stays_open_for_longer_than_a_router_can_be_told_at_once() -> None:
    async with zigbee_home({"a.router": Switch()}) as home:
        home.place("b.light", Switch(), joined=False)
        steps = home.driver.pair({}, 600)
        assert (await anext(aiter(steps))).step == "ready"

        async def later() -> None:
            await asyncio.sleep(500)
            home.network.press("b.light")

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(later())
            told = [step.step async for step in steps]
        assert told[-1] == "done"
        await asyncio.sleep(KEY_S)
        assert is_closed(home)


async def test_a_stick_that_is_pulled_out_while_pairing_ends_it_and_comes_back_closed() -> None:
    async with zigbee_home({}) as home:
        begun = home.loop.time()
        async with pairing(home) as steps:
            assert (await anext(steps)).step == "ready"
            home.cable.unplug()
            told = [step async for step in steps]
        assert told[-1].final
        assert not told[-1].ok
        assert home.loop.time() - begun < 120
        home.cable.replug()
        await asyncio.sleep(30)
        assert is_closed(home)
        home.place("b.light", Switch(), joined=False)
        assert (await home.pair("b.light"))[-1].step == "done"


async def test_a_device_that_is_paired_again_is_the_same_device_and_asked_anew() -> None:
    async with zigbee_home({"b.light": Switch()}) as home:
        device = home.id_of("b.light")
        heard = home.listen_in("b.light")
        steps = await home.pair("b.light")
        assert steps[-1].step == "done"
        await asyncio.sleep(30)
        assert home.id_of("b.light") == device
        assert any(message.cluster == 0x0021 for message in heard)
        assert (await home.set("b.light", on=True)).outcome is Outcome.CONFIRMED


async def test_a_device_joins_through_the_router_that_is_named() -> None:
    async with zigbee_home({"a.router": Switch(), "a.other": Switch()}) as home:
        home.place("b.light", Switch(), joined=False)
        steps = await home.pair("b.light", via=home.id_of("a.router"))
        assert "a.router" in steps[0].text
        assert steps[-1].step == "done"
        assert home.network.stations["b.light"].membership.parent == "a.router"
        await asyncio.sleep(KEY_S)
        assert is_closed(home)


async def test_what_is_no_router_lets_nobody_join() -> None:
    async with zigbee_home({"a.leak": LeakSensor(battery=Battery())}) as home:
        (step,) = [step async for step in home.driver.pair({"via": home.id_of("a.leak")}, 10)]
        assert step.step == "failed"
        assert "no router" in step.text
        assert is_closed(home)


# Install codes


def test_an_install_code_becomes_a_link_key() -> None:
    """Silicon Labs AN1089, example of an install code of 16 bytes with its CRC and its key."""
    assert read_install_code(CODE) == InstallCode(LINK_KEY)
    assert read_install_code("83FE D340 7A93 9723 A5C6 39B2 6916 D505 C3B5").link_key == LINK_KEY


@pytest.mark.parametrize(
    "scanned",
    [
        f"Z:0015BC0041000123$I:{CODE}%M:1015$",
        f"G$M:69775$S:680S00003915$D:0000000017B2335C%Z$A:0015BC0041000123$I:{CODE}",
        f"HUE:Z:{CODE} M:0015BC0041000123 D:L3B A:1184",
        f"0015BC0041000123|{CODE}",
    ],
)
def test_what_is_scanned_names_the_device_too(scanned: str) -> None:
    assert read_install_code(scanned) == InstallCode(LINK_KEY, 0x0015BC0041000123)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (CODE[:-1] + "6", "check sum"),
        (CODE[:-4], "ends too early"),
        (CODE + "00", "digits; this one has 38"),
        ("hello world", "digits 0-9"),
        ("", "is empty"),
    ],
)
def test_a_wrong_install_code_is_called_so_and_not_shown(text: str, says: str) -> None:
    with pytest.raises(WrongInstallCode, match=says) as caught:
        read_install_code(text)
    assert not text or text not in str(caught.value)


def test_each_digit_of_an_install_code_is_checked() -> None:
    code = bytes.fromhex(CODE)
    for at in range(len(code)):
        for bit in range(8):
            wrong = bytes((*code[:at], code[at] ^ 1 << bit, *code[at + 1 :]))
            assert crc(wrong[:-2]) != int.from_bytes(wrong[-2:], "little")


@pytest.mark.parametrize("with_address", [True, False])
async def test_a_device_joins_with_its_install_code_and_nobody_else_does(with_address: bool) -> None:
    async with zigbee_home({}) as home:
        node = dress(home.loop, Switch(), Label("b.light"))
        home.network.place("b.light", node, link_key=LINK_KEY)
        home.nodes["b.light"] = node
        home.place("b.other", Switch(), joined=False)
        code = f"Z:{node.eui64:016X}$I:{CODE}" if with_address else CODE
        told = []
        async for step in home.driver.pair({"install_code": code}, 60):
            told.append(step.step)
            if step.step == "ready":
                home.network.press("b.other")
                home.loop.call_later(5, home.network.press, "b.light")
        assert told[-1] == "done"
        assert home.device("b.light").presence is Presence.READY
        assert home.network.node_of("b.other") is None
        await asyncio.sleep(KEY_S)
        assert is_closed(home)


async def test_a_wrong_install_code_opens_nothing() -> None:
    async with zigbee_home({}) as home:
        (step,) = [step async for step in home.driver.pair({"install_code": CODE[:-1] + "6"}, 10)]
        assert step.step == "failed"
        assert "check sum" in step.text
        assert is_closed(home)


# Out


async def test_a_device_that_is_told_to_leave_is_gone() -> None:
    async with zigbee_home({"a.light": Switch()}) as home:
        device = home.id_of("a.light")
        steps = [step async for step in home.driver.unpair(device, {}, 30)]
        assert steps[-1].step == "excluded"
        assert steps[-1].device == device
        assert home.network.node_of("a.light") is None
        assert device not in home.devices
        assert not any(key.startswith("node-") for key in home.records.records)


async def test_a_device_that_says_that_it_leaves_and_stays_is_not_forgotten() -> None:
    async with zigbee_home({"b.light": Switch()}) as home:
        home.network.joining.leave = lambda station: None  # type: ignore[method-assign]
        device = home.id_of("b.light")
        steps = [step async for step in home.driver.unpair(device, {}, 60)]
        assert (steps[-1].step, steps[-1].ok) == ("failed", False)
        assert "is still there" in steps[-1].text
        assert device in home.devices


async def test_a_device_that_leaves_unheard_is_gone_when_it_does_not_answer() -> None:
    async with zigbee_home({"b.light": Switch()}) as home:
        home.network.joining._leaving_heard = lambda gone: None  # type: ignore[method-assign]
        device = home.id_of("b.light")
        steps = [step async for step in home.driver.unpair(device, {}, 60)]
        assert steps[-1].step == "excluded"
        assert device not in home.devices


async def test_a_sleeping_device_leaves_when_somebody_touches_it() -> None:
    home = ZigbeeHome()
    leak = LeakSensor(battery=Battery())
    home.place("a.leak", leak, long_poll_s=1800.0, check_in_s=7200.0)
    async with home.running(200):
        device = home.id_of("a.leak")
        told = []
        async for step in home.driver.unpair(device, {}, 120):
            told.append(step.step)
            if step.step == "ready":
                home.nodes["a.leak"].wake()
                leak.set_wet(not leak.wet)
        assert told[-1] == "excluded"
        assert "ready" in told
        assert home.network.node_of("a.leak") is None
        assert device not in home.devices
    home.close()


async def test_a_sleeping_device_that_nobody_touches_stays() -> None:
    home = ZigbeeHome()
    home.place("a.leak", LeakSensor(battery=Battery()), long_poll_s=1800.0, check_in_s=7200.0)
    async with home.running(200):
        device = home.id_of("a.leak")
        told = [step async for step in home.driver.unpair(device, {}, 60)]
        assert told[-1].step == "timeout"
        assert device in home.devices
    home.close()


async def test_a_device_that_is_gone_is_removed_and_one_that_answers_is_not() -> None:
    async with zigbee_home({"a.light": Switch()}) as home:
        device = home.id_of("a.light")
        (step,) = [step async for step in home.driver.unpair(device, {"failed": True}, 30)]
        assert not step.ok
        home.network.cut_power("a.light")
        (step,) = [step async for step in home.driver.unpair(device, {}, 30)]
        assert not step.ok
        assert "--failed" in step.text
        (step,) = [step async for step in home.driver.unpair(device, {"failed": True}, 30)]
        assert step.step == "excluded"
        assert device not in home.devices


async def test_a_device_that_is_reset_by_hand_leaves_the_home() -> None:
    async with zigbee_home({"a.light": Switch()}) as home:
        device = home.id_of("a.light")
        home.network.leave("a.light")
        await asyncio.sleep(60)
        assert device not in home.devices


async def test_unpairing_without_a_name_waits_for_the_device_that_is_reset() -> None:
    async with zigbee_home({"a.light": Switch(), "a.other": Switch()}) as home:
        device = home.id_of("a.light")
        told = []
        async for step in home.driver.unpair(None, {}, 30):
            told.append(step)
            if step.step == "ready":
                home.network.leave("a.light")
        assert told[-1].step == "excluded"
        assert told[-1].device == device
        assert device not in home.devices


async def test_a_device_that_is_not_known_cannot_be_unpaired() -> None:
    async with zigbee_home({}) as home:
        with pytest.raises(NotPossible):
            await anext(aiter(home.driver.unpair("zigbee-1", {}, 10)))


async def test_a_device_that_only_changes_its_parent_stays() -> None:
    async with zigbee_home({"a.light": Switch()}) as home:
        device = home.id_of("a.light")
        left = len(home.all(DeviceLeft))
        for _ in range(3):
            home.network.rejoin("a.light", new_address=False)
            await asyncio.sleep(20)
        assert device in home.devices
        assert len(home.all(DeviceLeft)) == left
        assert len([event for event in home.all(DeviceJoined) if event.device.id == device]) == 1


async def test_a_repeater_has_a_name_and_nothing_to_do() -> None:
    async with zigbee_home({"a.repeater": Repeater()}) as home:
        assert home.device("a.repeater").presence is Presence.READY
