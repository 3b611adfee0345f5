"""The stick: who it is, what it is told, into which network, and never into another without a word."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from drivers.zigbee.ezsp.frame import Frame
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.types import ConfigurationId, DecisionId, PolicyId, TrustCenterDecision
from drivers.zigbee.ezsp.utilities import Nop
from drivers.zigbee.membership import NETWORK_KEY, SECRET_KEY
from hubagent.model.driver import DriverUnavailable, NotPossible
from hubagent.model.event import CommandAnswered, DriverCondition, Outcome
from hubagent.runtime import PortError
from simulators.devices.switch import Switch
from simulators.zigbee.chip import Chip
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home


def chip_of(home: ZigbeeHome) -> Chip:
    chip = home.stick._chip
    assert chip is not None
    return chip


# What it is told at the start


@pytest.mark.parametrize("version", [13, 14, 16, 17, 18, 19])
async def test_every_version_from_13_on_is_spoken(version: int) -> None:
    async with zigbee_home({"hall.light": Switch()}, version=version) as home:
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
        assert f"EZSP {version}" in home.driver.status()["firmware"]


async def test_nobody_joins_unless_somebody_pairs() -> None:
    async with zigbee_home({}) as home:
        chip = chip_of(home)
        assert not chip.policy(PolicyId.TRUST_CENTER) & TrustCenterDecision.ALLOW_JOINS
        assert chip.policy(PolicyId.TC_KEY_REQUEST) == DecisionId.DENY_TC_KEY_REQUESTS
        assert chip.policy(PolicyId.APP_KEY_REQUEST) == DecisionId.DENY_APP_KEY_REQUESTS
        assert chip.policy(PolicyId.TC_REJOINS_USING_WELL_KNOWN_KEY) == 0
        assert chip.policy(PolicyId.ZLL) == 0
        home.place("b.light", Switch(), joined=False)
        home.network.press("b.light")
        await asyncio.sleep(60)
        assert home.network.node_of("b.light") is None


async def test_end_points_groups_and_routes_are_set_up() -> None:
    async with zigbee_home({}) as home:
        chip = chip_of(home)
        assert set(chip.endpoints) == {1, 242}
        assert chip.endpoints[1].profile == 0x0104
        assert {entry.multicast_id for entry in chip.multicast.values() if entry.endpoint} == {0x0000, 0x0B84}
        assert chip.concentrator.on
        assert chip.size(ConfigurationId.ADDRESS_TABLE_SIZE) >= 16


# Which network


async def test_a_stick_without_a_network_forms_one_and_the_hub_keeps_it() -> None:
    home = ZigbeeHome(formed=False)
    async with home.running(5):
        formed = home.network.memory.network
        assert formed is not None
        assert home.condition is DriverCondition.READY
        kept = home.records.records[NETWORK_KEY]
        assert kept["channel"] == formed.channel
        assert kept["extended_pan_id"] == f"{formed.extended_pan_id:016x}"
        assert formed.network_key.hex() not in str(kept)
        assert home.records.records[SECRET_KEY]["network_key"] == formed.network_key.hex()
        assert formed.network_key not in (bytes(16), b"ZigBeeAlliance09")
        status = str(home.driver.status())
        assert formed.network_key.hex() not in status
        assert formed.link_key.hex() not in status
    before = formed.extended_pan_id
    async with home.running(5):
        assert home.network.memory.network is not None
        assert home.network.memory.network.extended_pan_id == before
    home.close()


async def test_no_key_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    home = ZigbeeHome(formed=False)
    async with home.running(5):
        await home.driver.act("backup", None, {})
    formed = home.network.memory.network
    assert formed is not None
    assert formed.network_key.hex() not in caplog.text
    assert str(formed.network_key) not in caplog.text
    home.close()


async def test_the_network_of_hub_toml_is_formed() -> None:
    home = ZigbeeHome(formed=False)
    wishes = {
        "channel": 15,
        "pan_id": 0x1A62,
        "extended_pan_id": "dd:dd:dd:dd:dd:dd:dd:dd",
        "network_key": "01030507090b0d0f00020406080a0c0d",
    }
    async with home.running(5, network=wishes):
        formed = home.network.memory.network
        assert formed is not None
        assert (formed.channel, formed.pan_id, formed.extended_pan_id) == (15, 0x1A62, 0xDDDDDDDDDDDDDDDD)
        assert formed.network_key.hex() == wishes["network_key"]
    home.close()


async def test_a_channel_that_is_other_than_wished_is_said_and_no_reason_to_stop() -> None:
    home = ZigbeeHome()
    assert home.network.memory.network is not None
    channel = home.network.memory.network.channel
    async with home.running(5, network={"channel": 11 if channel != 11 else 12}):
        assert home.condition is DriverCondition.READY
        (finding,) = home.driver.status()["findings"]
        assert "channel" in finding["text"]
    home.close()


@asynccontextmanager
async def another_stick(empty: bool = False) -> AsyncIterator[ZigbeeHome]:
    """The hub knows one network, and on its port is a stick in another (or in none)."""
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    async with home.running(30):
        pass
    home.events.clear()
    home.network.memory.network = None
    if not empty:
        home.network.memory.commission(home.runtime.rng("another"))
    async with home.running(10):
        yield home
    home.close()


async def test_a_stick_in_another_network_is_not_touched_and_what_differs_is_said() -> None:
    """Fault 14: zigbee2mqtt#28687."""
    async with another_stick() as home:
        formed = home.network.memory.network
        assert formed is not None
        assert home.condition is DriverCondition.TROUBLED
        assert f"{formed.extended_pan_id:016x}" in home.detail
        assert "hubagent radio zigbee adopt" in home.detail
        assert home.driver.status()["findings"][0]["grade"] == "error"
        with pytest.raises(DriverUnavailable, match="another network"):
            await home.driver.act("ping", home.id_of("hall.light"), {})
        with pytest.raises(DriverUnavailable, match="another network"):
            await anext(aiter(home.driver.pair({}, 10)))


async def test_a_stick_that_lost_its_network_does_not_form_another() -> None:
    """Fault 14."""
    async with another_stick(empty=True) as home:
        assert home.network.memory.network is None
        assert home.condition is DriverCondition.TROUBLED
        assert "in no network" in home.detail
        assert "hubagent restore" in home.detail


async def test_a_network_that_hub_toml_does_not_mean_is_not_left() -> None:
    home = ZigbeeHome()
    before = home.network.memory.network
    async with home.running(5, network={"extended_pan_id": "0102030405060708"}):
        assert home.network.memory.network == before
        assert home.condition is DriverCondition.TROUBLED
        assert "0102030405060708" in home.detail
    home.close()


async def test_commands_to_a_stick_in_another_network_are_answered_clearly() -> None:
    async with another_stick() as home:
        home.devices.clear()
        answers: list[CommandAnswered] = []
        from hubagent.model.capabilities.on_off import SwitchOnOff
        from hubagent.model.event import Cause

        home.driver.send("zigbee-0000000000000001", SwitchOnOff(True), Cause("test"), answers.append)
        assert answers[0].outcome is Outcome.FAILED
        assert "another network" in answers[0].detail


async def test_the_sticks_network_can_be_adopted() -> None:
    async with another_stick() as home:
        told = await home.driver.act("adopt", None, {})
        formed = home.network.memory.network
        assert formed is not None
        assert told["network"] == f"{formed.extended_pan_id:016x}"
        await home.becomes(DriverCondition.READY)
        assert home.records.records[NETWORK_KEY]["extended_pan_id"] == told["network"]


async def test_a_new_network_is_formed_only_for_who_names_the_one_that_is_lost() -> None:
    """Fault 14."""
    async with another_stick() as home:
        before = home.network.memory.network
        assert before is not None
        lost = f"{before.extended_pan_id:016x}"
        with pytest.raises(NotPossible, match=lost):
            await home.driver.act("form", None, {})
        assert home.network.memory.network == before
        await home.driver.act("form", None, {"instead_of": lost})
        after = home.network.memory.network
        assert after is not None
        assert after.extended_pan_id != before.extended_pan_id
        await home.becomes(DriverCondition.READY)
        assert not home.driver.registry.nodes


async def test_what_the_hub_recalls_is_put_onto_an_empty_stick() -> None:
    async with another_stick(empty=True) as home:
        kept = dict(home.records.records[SECRET_KEY])
        await home.driver.act("restore", None, {})
        await home.becomes(DriverCondition.READY)
        formed = home.network.memory.network
        assert formed is not None
        assert formed.network_key.hex() == kept["network_key"]
        await asyncio.sleep(30)
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


async def test_the_old_stick_plugged_in_again_is_used_at_once() -> None:
    async with another_stick(empty=True) as home:
        home.cable.unplug()
        before = home.records.records[NETWORK_KEY]
        network = home.network.memory
        network.commission(home.runtime.rng("any"))
        assert network.network is not None
        secret = home.records.records[SECRET_KEY]
        network.network.extended_pan_id = int(before["extended_pan_id"], 16)
        network.network.network_key = bytes.fromhex(secret["network_key"])
        await asyncio.sleep(5)
        home.cable.replug()
        await home.becomes(DriverCondition.READY)


# What is no Zigbee stick


class Stranger(asyncio.Protocol):
    """Something else on the port."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self._answer = answer
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        answer = self._answer(data)
        if answer and self._transport is not None:
            self._transport.write(answer)


def zwave(data: bytes) -> bytes:
    return bytes.fromhex("06 01 10 01 15 5a2d5761766520372e3137000188".replace(" ", "")) if b"\x15\xe9" in data else b""


def zstack(data: bytes) -> bytes:
    return bytes.fromhex("fe02610159061d") + b"\x21" if data.startswith(b"\xfe\x00\x21\x01") else b""


def mt(data: bytes) -> bytes:
    body = bytes.fromhex("0261015906")
    check = 0
    for byte in body:
        check ^= byte
    return b"\xfe" + body + bytes((check,)) if data.startswith(b"\xfe") else b""


def silence(_data: bytes) -> bytes:
    return b""


def chatter(_data: bytes) -> bytes:
    return b"$GPGGA,123519,4807.038,N\r\n"


def menu(_data: bytes) -> bytes:
    return b"\r\nGecko Bootloader v1.12.00\r\n1. upload gbl\r\n2. run\r\n3. ebl info\r\nBL > "


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (zwave, "Z-Wave"),
        (mt, "Z-Stack"),
        (silence, "does not say a word"),
        (chatter, "baud"),
        (menu, "bootloader"),
    ],
)
async def test_what_is_no_stick_is_called_by_its_name_and_the_port_is_free_again(
    answer: Callable[[bytes], bytes], word: str
) -> None:
    home = ZigbeeHome()
    await home.cable.plug(Stranger(answer))
    begun = home.loop.time()
    with pytest.raises(ExceptionGroup) as caught:
        async with home.running(60):
            pass
    (error,) = caught.value.exceptions
    assert isinstance(error, PortError)
    assert word in str(error)
    assert home.loop.time() - begun < 30
    home.cable.open(asyncio.Protocol()).close()
    home.cable.unplug()


async def test_old_firmware_is_refused_with_what_to_flash() -> None:
    home = ZigbeeHome()
    home.stick.faults.old_firmware = True
    with pytest.raises(ExceptionGroup) as caught:
        async with home.running(60):
            pass
    (error,) = caught.value.exceptions
    assert isinstance(error, PortError)
    assert "EZSP 7" in error.reason
    assert "flash" in error.remedy
    home.cable.unplug()


async def test_a_stick_that_was_left_in_its_bootloader_is_told_to_run() -> None:
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    home.stick.faults.bootloader = True
    async with home.running(40):
        assert home.device("hall.light").name == "hall.light"
    home.close()


async def test_a_start_that_is_cancelled_lets_go_of_the_port() -> None:
    home = ZigbeeHome()
    home.stick.faults.silent = True
    async with home.running(3):
        pass
    home.cable.open(asyncio.Protocol()).close()
    home.cable.unplug()


class HangsUp(asyncio.Protocol):
    """It closes the line at the first word."""

    def __init__(self, home: ZigbeeHome) -> None:
        self._home = home

    def data_received(self, data: bytes) -> None:
        self._home.loop.call_soon(self._home.cable.unplug)


async def test_a_port_that_hangs_up_at_the_start_is_an_error_at_once() -> None:
    home = ZigbeeHome()
    await home.cable.plug(HangsUp(home))
    begun = home.loop.time()
    with pytest.raises(ExceptionGroup) as caught:
        async with home.running(60):
            pass
    (error,) = caught.value.exceptions
    assert isinstance(error, PortError)
    assert home.loop.time() - begun < 2


async def test_a_stick_that_leaves_its_network_by_itself_is_brought_back() -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        chip_of(home).say_status(Status.NETWORK_DOWN)
        await home.becomes(DriverCondition.TROUBLED, 5)
        await home.becomes(DriverCondition.READY, 30)
        await asyncio.sleep(5)
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


async def test_a_network_that_the_stack_moved_by_itself_is_followed() -> None:
    async with zigbee_home({}) as home:
        formed = home.network.memory.network
        assert formed is not None
        formed.pan_id = 0x4321
        chip_of(home).say_status(Status.ZIGBEE_PAN_ID_CHANGED)
        await asyncio.sleep(1)
        assert home.records.records[NETWORK_KEY]["pan_id"] == 0x4321


@pytest.mark.parametrize("missing", [0x005A, 0x0015, 0x0053])
async def test_firmware_without_a_command_that_is_not_needed_is_used(missing: int) -> None:
    home = ZigbeeHome()
    home.place("hall.light", Switch())
    carry_out = home.stick._carry_out

    def refusing(frame: Frame) -> None:
        if frame.frame_id == missing and (missing != 0x0053 or frame.payload[0] == 0x2B):
            home.stick._refuse(frame, Status.COMMAND_IS_INVALID)
        else:
            carry_out(frame)

    home.stick._carry_out = refusing  # type: ignore[method-assign]  # older firmware
    async with home.running(30):
        assert home.condition is DriverCondition.READY
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
    home.close()


async def test_who_asks_the_stick_when_the_driver_has_ended_hears_so_at_once() -> None:
    home = ZigbeeHome()
    async with home.running(5):
        coordinator = home.driver.the_coordinator()
    async with asyncio.timeout(1):
        with pytest.raises(DriverUnavailable, match="has stopped"):
            await coordinator.ask(Nop())
    home.close()


async def test_another_stick_on_the_port_ends_the_driver_and_hides_nothing_else_that_went_wrong() -> None:
    home = ZigbeeHome()

    async def mistaken() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise RuntimeError("a mistake")

    async def run() -> None:
        async with home.running(5):
            home.driver.start_task(mistaken(), "mistake")
            home.cable.unplug()
            home.network.memory.network = None
            home.network.memory.commission(home.runtime.rng("another"))
            home.cable.replug()
            await asyncio.sleep(60)

    with pytest.raises(ExceptionGroup) as caught:
        await run()
    ends = caught.value.exceptions[0]
    assert isinstance(ends, ExceptionGroup)
    elsewhere, mistake = sorted(ends.exceptions, key=lambda error: isinstance(error, RuntimeError))
    assert isinstance(elsewhere, PortError)
    assert "another stick is there now" in elsewhere.reason
    assert "a mistake" in str(mistake)
    home.close()
