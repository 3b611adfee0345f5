"""What a person says of a fault: which one, on what, and that it is over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from simulators.world import CannotBe
from tests.simulators.world_faults.a_world import AWorld


@asynccontextmanager
async def a_house() -> AsyncIterator[AWorld]:
    home = AWorld("hall.lamp switch zigbee", "hall.plug switch zwave")
    async with home.world.running(home.cables):
        yield home


@pytest.mark.parametrize("said", ["device=hall.lamp", "target=hall.lamp", "hall.lamp"])
async def test_what_a_fault_strikes_is_named_by_its_key_or_right_after_the_fault(said: str) -> None:
    async with a_house() as home:
        home.world.do("fault", "device.dead", said)
        assert [(it.name, it.target) for it in home.world.faults.active()] == [("device.dead", "hall.lamp")]


async def test_a_radio_is_named_right_after_the_fault_before_its_options() -> None:
    async with a_house() as home:
        home.world.do("fault", "air.loss", "zigbee", "rate=0.5")
        assert home.zigbee.air.loss == 0.5
        assert home.zwave.air.loss == 0.0


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("fault device.dead", "say which device device.dead strikes, with device=NAME; there are hall.lamp, hall.plug"),
        ("fault device.dead radio=zigbee", "device.dead strikes a device: say which with device=NAME, not with radio="),
        ("fault air.loss device=hall.lamp", "air.loss strikes a radio: say which with radio=NAME, not with device="),
        ("fault air.loss hall.lamp", "there is no radio 'hall.lamp' here; there are zwave, zigbee"),
        ("fault device.dead hall.lmp", "no device 'hall.lmp'; did you mean 'hall.lamp'? there are hall.lamp, hall.p"),
        ("fault device.dead hall.lamp device=hall.plug", "it is said twice what device.dead strikes"),
        ("fault device.dead hall.lamp now", "'now' is not NAME=VALUE"),
        ("heal device.dead hall.nix", "there is no device 'hall.nix'; there are hall.lamp, hall.plug"),
        ("heal air.loss hall.lamp", "there is no radio 'hall.lamp' here; there are zwave, zigbee"),
        ("heal device.ded", "the fault 'device.ded' does not exist; there are wire.drop_byte"),
    ],
)
async def test_what_is_not_there_is_said_with_the_key_that_names_it(words: str, complaint: str) -> None:
    async with a_house() as home:
        with pytest.raises(ValueError) as refused:  # noqa: PT011 - its text is looked at
            home.world.do(*words.split())
        assert complaint in str(refused.value)
        assert home.world.faults.active() == ()


async def test_healing_what_is_well_does_nothing() -> None:
    async with a_house() as home:
        home.world.do("heal", "device.dead", "hall.lamp")
        home.world.do("heal", "air.loss", "zigbee")
        home.world.do("heal")


async def test_an_unplugged_stick_is_back_as_soon_as_it_is_healed() -> None:
    async with a_house() as home:
        for words in ("heal", "heal unplug", "heal wire.unplug zigbee"):
            home.world.do("fault", "wire.unplug", "zigbee", "seconds=600")
            home.world.do("fault", "wire.unplug", "zigbee", "seconds=900")
            assert not home.cables["zigbee"].plugged
            home.world.do(*words.split())
            assert home.cables["zigbee"].plugged
            assert home.cables["zwave"].plugged


async def test_a_stick_that_a_write_pulled_out_is_back_as_soon_as_it_is_healed() -> None:
    async with a_house() as home:
        cable = home.cables["zigbee"]
        home.world.do("fault", "wire.unplug", "zigbee", "rate=1")
        host = asyncio.Protocol()
        cable.open(host).write(b"\x1a\xc0\x38\xbc\x7e")
        await asyncio.sleep(0.1)
        assert not cable.plugged
        home.world.do("heal")
        assert cable.plugged
        await asyncio.sleep(20)
        assert cable.plugged


async def test_a_stick_that_is_in_stays_in_when_its_bad_luck_is_healed() -> None:
    async with a_house() as home:
        host = asyncio.Protocol()
        transport = home.cables["zigbee"].open(host)
        home.world.do("fault", "wire.unplug", "zigbee", "rate=0.5")
        home.world.do("heal")
        assert not transport.is_closing()


async def test_where_a_rate_of_0_is_the_usual_one_it_strikes_the_next_write_and_no_other() -> None:
    async with a_house() as home:
        faults = home.world.wire_faults["zigbee"]
        home.world.do("fault", "wire.flip", "zigbee", "rate=0.5")
        home.world.do("fault", "wire.flip", "zigbee", "rate=0", "direction=to_dongle")
        assert home.world.faults.active() == ()
        cable = home.cables["zigbee"]
        host = cable.open(asyncio.Protocol())
        for _ in range(20):
            host.write(b"\x1a\xc0\x38\xbc\x7e")
            await asyncio.sleep(0.01)
        assert [(it.fault, str(it.direction)) for it in faults.struck] == [("flip", "to_dongle")]


async def test_where_another_rate_is_usual_0_ends_it() -> None:
    async with a_house() as home:
        home.world.do("fault", "air.loss", "zigbee")
        home.world.do("fault", "air.loss", "zigbee", "rate=0")
        assert home.world.faults.active() == ()
        with pytest.raises(CannotBe, match=r"device\.dead takes no options, not rate"):
            home.world.do("fault", "device.dead", "hall.lamp", "rate=0")
