"""A person puts the stick, or the hub, into another network, and loses patience, or goes away."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from drivers.zigbee import network_change
from drivers.zigbee.ezsp.frame import Command
from drivers.zigbee.ezsp.networking import FormNetwork, LeaveNetwork
from drivers.zigbee.membership import NETWORK_KEY
from hubagent.model.capabilities.identify import IdentifyYourself
from hubagent.model.driver import DriverUnavailable, NotPossible
from hubagent.model.event import CommandAnswered, DeviceLeft, DriverCondition, Outcome
from simulators.devices.device import Battery
from simulators.devices.sensors import LeakSensor
from simulators.devices.switch import Switch
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home


async def a_backup_of_another_network() -> dict[str, Any]:
    other = ZigbeeHome(seed=7)
    async with other.running(5):
        backup: dict[str, Any] = (await other.driver.act("backup", None, {}))["backup"]
    other.close()
    return backup


async def restored(home: ZigbeeHome, backup: dict[str, Any]) -> Any:
    arguments = {"backup": backup, "other_network": True, "own_address": True}
    return await home.driver.act("restore", None, arguments)


@asynccontextmanager
async def asked_to_restore(home: ZigbeeHome, backup: dict[str, Any]) -> AsyncIterator["asyncio.Task[Any]"]:
    async with asyncio.TaskGroup() as tasks:
        yield tasks.create_task(restored(home, backup))


async def refusal(home: ZigbeeHome, backup: dict[str, Any]) -> str:
    with pytest.raises(NotPossible) as told:
        await home.driver.act("restore", None, {"backup": backup})
    return str(told.value)


def network_of_stick(home: ZigbeeHome) -> str:
    formed = home.network.memory.network
    return "none" if formed is None else f"{formed.extended_pan_id:016x}"


def network_of_hub(home: ZigbeeHome) -> str:
    return str(home.records.records[NETWORK_KEY]["extended_pan_id"])


def is_told(home: ZigbeeHome, command: type[Command]) -> asyncio.Event:
    """Set when the stick gets such a command, which it answers half a second later."""
    stick, told = home.stick, asyncio.Event()
    carry_out = stick._carry_out

    def slowly(frame: Any) -> None:
        if frame.frame_id != command.ID:
            carry_out(frame)
            return
        told.set()
        home.loop.call_later(0.5, carry_out, frame)

    stick._carry_out = slowly  # type: ignore[method-assign]  # a stick that takes its time
    return told


async def test_a_change_that_was_told_to_have_failed_is_not_made_later() -> None:
    backup = await a_backup_of_another_network()
    async with zigbee_home({"hall.light": Switch()}) as home:
        before = network_of_stick(home)
        home.loop.call_later(0.5, home.cable.unplug)
        with pytest.raises(DriverUnavailable, match="not put into another network any more"):
            await restored(home, backup)
        await asyncio.sleep(3600)
        home.cable.replug()
        await home.becomes(DriverCondition.READY)
        assert network_of_stick(home) == network_of_hub(home) == before
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


async def test_what_was_done_of_a_change_that_failed_is_told() -> None:
    backup = await a_backup_of_another_network()
    async with zigbee_home({}) as home:
        home.loop.call_later(0.5, home.cable.unplug)
        with pytest.raises(DriverUnavailable, match=f"has the address {backup['coordinator_ieee']}.*again"):
            await home.driver.act("restore", None, {"backup": backup, "other_network": True})


async def test_another_stick_that_is_plugged_in_meanwhile_does_not_leave_its_network() -> None:
    async with zigbee_home({}) as home:
        backup = (await home.driver.act("backup", None, {}))["backup"]
        async with asyncio.TaskGroup() as tasks:
            asked = tasks.create_task(refusal(home, backup))
            await home.becomes(DriverCondition.TROUBLED)
            home.cable.unplug()
            home.network.memory.network = None
            elsewhere = home.network.memory.commission(random.Random(5))
            home.cable.replug()
        assert f"instead_of={elsewhere.extended_pan_id:016x}" in asked.result()
        assert home.network.memory.network == elsewhere


async def test_a_change_whose_asker_went_away_before_it_was_begun_is_not_made() -> None:
    backup = await a_backup_of_another_network()
    async with zigbee_home({"hall.light": Switch()}) as home:
        before = network_of_stick(home)
        async with asked_to_restore(home, backup) as asked:
            await home.becomes(DriverCondition.TROUBLED)
            asked.cancel()
        await home.becomes(DriverCondition.READY)
        await asyncio.sleep(120)
        assert network_of_stick(home) == network_of_hub(home) == before
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


async def test_a_change_that_has_begun_is_made_to_its_end_although_its_asker_went_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    backup = await a_backup_of_another_network()
    async with zigbee_home({"hall.light": Switch()}) as home:
        leaves, light = is_told(home, LeaveNetwork), home.id_of("hall.light")
        async with asked_to_restore(home, backup) as asked:
            await leaves.wait()
            asked.cancel()
        await home.becomes(DriverCondition.READY)
        assert network_of_stick(home) == network_of_hub(home) == backup["extended_pan_id"]
        # Nobody of the old network is here.
        assert light in [event.device for event in home.all(DeviceLeft)]
        assert not home.driver.registry.nodes
        assert "nobody waits for any more is done" in caplog.text


async def begins_to_leave_after_s(backup: dict[str, Any]) -> float:
    """From when it is asked for: the same in every home that begins the same."""
    async with zigbee_home({"hall.light": Switch()}) as home:
        leaves, asked_at = is_told(home, LeaveNetwork), home.loop.time()
        async with asked_to_restore(home, backup):
            await leaves.wait()
            return home.loop.time() - asked_at


async def test_a_change_that_has_begun_when_patience_ends_is_told_as_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    backup = await a_backup_of_another_network()
    patience_s = await begins_to_leave_after_s(backup) + 0.2
    monkeypatch.setattr(network_change, "CHANGE_S", patience_s)
    async with zigbee_home({"hall.light": Switch()}) as home:
        is_told(home, LeaveNetwork)
        asked_at = home.loop.time()
        async with asked_to_restore(home, backup) as asked:
            pass
        assert asked.result()["restored"]
        assert home.loop.time() - asked_at > patience_s
        assert network_of_stick(home) == network_of_hub(home) == backup["extended_pan_id"]


@pytest.mark.parametrize("at", [LeaveNetwork, FormNetwork])
async def test_a_new_network_whose_asker_went_away_is_formed_whole(at: type[Command]) -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        before = network_of_stick(home)
        told = is_told(home, at)
        async with asyncio.TaskGroup() as tasks:
            asked = tasks.create_task(home.driver.act("form", None, {"instead_of": before}))
            await told.wait()
            asked.cancel()
        await asyncio.sleep(60)
        assert home.condition is DriverCondition.READY
        assert network_of_stick(home) == network_of_hub(home) != before
        assert not home.driver.registry.nodes


async def test_a_new_network_that_is_refused_does_not_disturb_the_present_one() -> None:
    async with zigbee_home({"hall.light": Switch()}) as home:
        home.forget_events()
        with pytest.raises(NotPossible, match="paired again"):
            await home.driver.act("form", None, {})
        assert not home.events
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


async def the_driver_stops_while_the_stick_leaves(home: ZigbeeHome, backup: dict[str, Any]) -> None:
    async with asyncio.timeout(60):
        async with asyncio.TaskGroup() as tasks, home.running(5):
            leaves = is_told(home, LeaveNetwork)
            tasks.create_task(restored(home, backup))
            await leaves.wait()


async def test_who_asked_is_answered_when_the_driver_stops_in_the_middle() -> None:
    backup = await a_backup_of_another_network()
    home = ZigbeeHome()
    with pytest.raises(ExceptionGroup) as told:
        await the_driver_stops_while_the_stick_leaves(home, backup)
    assert told.group_contains(DriverUnavailable, match="driver")
    home.close()


@pytest.mark.parametrize("how", ["form", "adopt", "restore"])
async def test_what_waits_for_a_device_that_sleeps_is_answered_when_its_network_is_left(how: str) -> None:
    backup = await a_backup_of_another_network()
    async with zigbee_home({"bath.leak": LeakSensor(battery=Battery())}, 60) as home:
        home.network.cut_power("bath.leak")
        await asyncio.sleep(5)
        assert (await home.send("bath.leak", IdentifyYourself(7))).outcome is Outcome.WAITING
        await asyncio.sleep(60)
        home.forget_events()
        if how == "restore":
            await restored(home, backup)
        else:
            if how == "adopt":
                # The stick has been put elsewhere behind the hub's back.
                formed = home.network.memory.network
                assert formed is not None
                formed.extended_pan_id ^= 1
            await home.driver.act(how, None, {"instead_of": network_of_stick(home)})
        (answer,) = home.all(CommandAnswered)
        assert (answer.outcome, answer.detail) == (Outcome.FAILED, "the device left the network")
