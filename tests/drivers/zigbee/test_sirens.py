"""Sirens on the simulated stick: they sound, they stop, and what nobody can know is not said."""

import asyncio

from drivers.zigbee.zcl.clusters.ias_wd import CLUSTER_ID
from drivers.zigbee.zcl.frame import ZclFrame
from hubagent.model.event import Outcome, StateReported
from simulators.devices.siren import Siren
from simulators.zigbee.clusters.ias_wd import MAX_DURATION_S
from tests.helpers.zigbee_home import zigbee_home


async def test_a_siren_sounds_when_it_is_told_and_until_it_is_told() -> None:
    siren = Siren(asyncio.get_running_loop())
    async with zigbee_home({"porch.siren": siren}) as home:
        assert "on_off" in home.device("porch.siren").capabilities
        answer = await home.set("porch.siren", on=True)
        assert answer.outcome is Outcome.CONFIRMED, answer.detail
        assert siren.tone
        await asyncio.sleep(MAX_DURATION_S - 10)
        assert siren.tone
        answer = await home.set("porch.siren", on=False)
        assert answer.outcome is Outcome.CONFIRMED, answer.detail
        assert not siren.tone


async def test_a_siren_stops_by_itself_when_its_time_is_over() -> None:
    siren = Siren(asyncio.get_running_loop())
    async with zigbee_home({"porch.siren": siren}) as home:
        await home.set("porch.siren", on=True)
        await asyncio.sleep(MAX_DURATION_S + 1)
        assert not siren.tone


async def test_a_siren_that_was_told_to_sound_is_not_said_to_be_on() -> None:
    siren = Siren(asyncio.get_running_loop())
    async with zigbee_home({"porch.siren": siren}) as home:
        await home.set("porch.siren", on=True)
        await asyncio.sleep(600)
        assert home.state("porch.siren").get("on") is None
        assert not [event for event in home.all(StateReported) if event.capability == "on_off"]


async def test_a_siren_that_does_not_answer_is_not_said_to_have_been_told() -> None:
    siren = Siren(asyncio.get_running_loop())
    async with zigbee_home({"porch.siren": siren}) as home:
        home.network.cut_power("porch.siren")
        assert (await home.set("porch.siren", on=True)).outcome is Outcome.UNREACHABLE


async def test_a_siren_is_told_once() -> None:
    siren = Siren(asyncio.get_running_loop())
    async with zigbee_home({"porch.siren": siren}) as home:
        heard = home.listen_in("porch.siren")
        await home.set("porch.siren", on=True)
        await asyncio.sleep(60)
        (message,) = [one for one in heard if one.cluster == CLUSTER_ID]
        assert ZclFrame.from_bytes(message.payload).command == 0
