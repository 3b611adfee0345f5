"""Faults 10 and 11 at the hub's own drivers: a stick that starts anew, and one whose acknowledgements are lost."""

import asyncio

import pytest

from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.event import Outcome
from tests.simulators.world_faults.a_world import AWorld

BOTH = ("hall.lamp switch zigbee", "hall.plug switch zwave")


@pytest.mark.parametrize("name", ["hall.lamp", "hall.plug"])
async def test_10_a_stick_that_starts_anew_at_a_command_does_not_carry_it_out_and_is_there_again(name: str) -> None:
    home = AWorld(*BOTH)
    radio = home.world.devices[name].plan.radio
    faults = home.zwave.stick.faults if radio == "zwave" else home.zigbee.stick.faults
    async with home.running():
        home.world.do("fault", "stick.resets", f"radio={radio}")
        await home.send(name, SwitchOnOff(True))
        assert faults.resets == 0.0
        await asyncio.sleep(120)
        _, answer = await home.send(name, SwitchOnOff(True))
        assert answer.outcome is Outcome.CONFIRMED
        assert home.device(name).on


@pytest.mark.parametrize(
    ("name", "fault"), [("hall.plug", "lost_ack"), ("hall.lamp", "lost_acks"), ("hall.lamp", "stale_acks")]
)
async def test_11_commands_come_through_a_storm_of_bad_acknowledgements(name: str, fault: str) -> None:
    home = AWorld(*BOTH)
    radio = home.world.devices[name].plan.radio
    async with home.running():
        heal = home.world.strike(f"stick.{fault}", radio, rate=0.3)
        for number in range(20):
            await home.send(name, SwitchOnOff(number % 2 == 0))
            await asyncio.sleep(5)
        heal()
        await asyncio.sleep(60)
        _, answer = await home.send(name, SwitchOnOff(True))
        assert answer.outcome is Outcome.CONFIRMED
        assert home.device(name).on
