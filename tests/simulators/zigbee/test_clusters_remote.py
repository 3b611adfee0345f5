"""The buttons of a remote: commands of On/Off and Level Control, sent where they are bound (ZCL8, 3.8 and 3.10)."""

import asyncio

import pytest

from drivers.zigbee.wire import Record
from drivers.zigbee.zcl.clusters.level_control import (
    LEVEL_CONTROL,
    Direction,
    MoveToLevelWithOnOff,
    MoveWithOnOff,
    StepWithOnOff,
    StopWithOnOff,
)
from drivers.zigbee.zcl.clusters.on_off import ON_OFF, Off, On
from drivers.zigbee.zdo.binding import Binding, BindReq, ToGroup
from simulators.devices.device import Battery
from simulators.devices.remote import Remote
from tests.simulators.zigbee.on_air import OnAir, on_air


def _remote(buttons: int = 5) -> tuple[Remote, OnAir]:
    remote = Remote(asyncio.get_running_loop(), buttons=buttons, battery=Battery())
    air = on_air(remote)
    for endpoint in air.node.endpoints:
        air.bind(ON_OFF.id, endpoint=endpoint)
        air.bind(LEVEL_CONTROL.id, endpoint=endpoint)
    return remote, air


@pytest.mark.parametrize(
    ("button", "command"),
    [
        ("1", On()),
        ("2", Off()),
        ("3", StepWithOnOff(Direction.UP, 43, 5)),
        ("4", StepWithOnOff(Direction.DOWN, 43, 5)),
        ("5", MoveToLevelWithOnOff(127, 5)),
    ],
)
async def test_each_button_has_its_command(button: str, command: Record) -> None:
    remote, air = _remote()
    remote.press(button)
    (said,) = air.heard()
    assert said.command == command
    assert (said.frame.from_server, said.frame.disable_default_response) == (False, False)
    assert (said.message.destination, said.message.source_endpoint) == (0, 1)


async def test_a_long_press_dims_until_the_finger_is_gone() -> None:
    remote, air = _remote()
    remote.press("2", "hold")
    await asyncio.sleep(5)
    assert air.commands() == [MoveWithOnOff(Direction.DOWN, 83), StopWithOnOff()]
    remote.press("1", "hold")
    remote.press("1", "release")
    assert air.commands() == [MoveWithOnOff(Direction.UP, 83), StopWithOnOff()]


async def test_a_step_button_that_is_held_steps_on() -> None:
    remote, air = _remote()
    remote.press("3", "hold")
    await asyncio.sleep(5)
    said = air.commands()
    assert len(said) > 2
    assert set(map(type, said)) == {StepWithOnOff}


async def test_what_is_pressed_twice_is_said_twice() -> None:
    remote, air = _remote()
    remote.press("1", "double")
    remote.press("2", "triple")
    assert air.commands() == [On(), On(), Off(), Off(), Off()]


async def test_the_sixth_button_is_the_first_of_the_next_endpoint() -> None:
    remote, air = _remote(buttons=7)
    assert tuple(air.node.endpoints) == (1, 2)
    remote.press("6")
    remote.press("7")
    heard = air.heard()
    assert [it.command for it in heard] == [On(), Off()]
    assert [it.message.source_endpoint for it in heard] == [2, 2]


async def test_without_a_binding_nobody_hears_a_button() -> None:
    remote = Remote(asyncio.get_running_loop(), battery=Battery())
    air = on_air(remote)
    remote.press("1")
    assert air.heard() == []
    air.zdo(BindReq(Binding(air.node.eui64, 1, ON_OFF.id, ToGroup(5))))
    remote.press("1")
    (said,) = air.heard()
    assert said.message.group == 5
