"""What holds for every fault of a world, whatever it does."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from simulators.fault_kind import BadOption, Ends, Target
from simulators.faults import NAMES as WIRE_NAMES
from simulators.home import home_file, read_home
from simulators.world_faults.stacked import Stacked
from simulators.world_faults.struck import WorldFault
from simulators.world_faults.switchboard import ACTIVE_MAX
from simulators.world_faults.table import WORLD_FAULTS, faults_json
from simulators.zigbee.stick_faults import NAMES as ZIGBEE_NAMES
from simulators.zwave.stick_faults import NAMES as ZWAVE_NAMES
from tests.simulators.world_faults.a_world import AWorld

EVERY = [pytest.param(kind, id=name) for name, kind in WORLD_FAULTS.items()]
HOUSE = (
    "hall.lamp dimmer zigbee",
    "hall.door door zigbee",
    "hall.plug switch zwave",
    "hall.air climate zwave",
    "hall.window door zwave",
    "hall.heating thermostat zwave",
)


@asynccontextmanager
async def a_house(seed: int = 1) -> AsyncIterator[AWorld]:
    """Nobody has opened its ports."""
    home = AWorld(*HOUSE, seed=seed)
    async with home.world.running(home.cables):
        yield home


def _physical(home: AWorld) -> object:
    """All that a fault could have left: power, air, sticks, health, clocks."""
    return {
        name: (
            dongle.rough.late,
            dongle.rough.overtaken,
            dongle.rough.noise,
            dict(dongle.rough.shadows),
            dict(dongle.rough.broken),
            repr(dongle.air),
            repr(getattr(dongle.stick, "faults", None)),
            [(repr(it.health), it.clock.ppm, it.clock.wrong_by_s) for it in dongle.nodes.values()],
            [dongle.has_power(device) for device in dongle.nodes],
            [home.device(device).is_stuck for device in dongle.nodes],
            {fault: rate for fault, rate in home.world.wire_faults[name].rates.items() if rate},
        )
        for name, dongle in home.world.dongles.items()
    }


def test_radio_and_device_faults_12_to_25_and_those_of_the_stick_and_the_wire_are_all_there() -> None:
    numbers = {number for kind in WORLD_FAULTS.values() for number in kind.numbers}
    assert numbers >= {1, 2, 3, 4, 5, 6, 7, 9, *range(10, 26)}


def test_everything_that_wires_and_sticks_can_do_has_its_name() -> None:
    wire = {name.partition(".")[2] for name, kind in WORLD_FAULTS.items() if kind.target is Target.WIRE}
    stick = {name.partition(".")[2] for name, kind in WORLD_FAULTS.items() if kind.target is Target.STICK}
    assert wire == set(WIRE_NAMES)
    assert stick == {*ZIGBEE_NAMES, *ZWAVE_NAMES}


@pytest.mark.parametrize("kind", EVERY)
def test_what_is_usual_and_what_is_drawn_can_be_said(kind: WorldFault) -> None:
    rng = random.Random(7)
    for options in [kind.complete({}), *(kind.draw(rng) for _ in range(20))]:
        assert kind.complete(options) == options


@pytest.mark.parametrize("kind", EVERY)
def test_what_ends_by_itself_says_when(kind: WorldFault) -> None:
    assert ("seconds" in kind.options) or kind.ends is not Ends.BY_ITSELF


def test_the_table_is_json_for_a_page() -> None:
    table = {it["name"]: it for it in json.loads(json.dumps(faults_json()))}
    assert table["air.loss"]["options"]["rate"] == {
        "type": "number",
        "about": "of one attempt",
        "unit": "chance",
        "lowest": 0,
        "highest": 1,
        "usual": 0.3,
        "drawn": [0.02, 0.6],
    }


@pytest.mark.parametrize("kind", EVERY)
async def test_struck_as_a_plan_has_it_and_healed_it_leaves_no_trace(kind: WorldFault) -> None:
    async with a_house() as home:
        before = _physical(home)
        rng = random.Random(kind.name)
        for target in kind.targets(home.world):
            heal = home.world.strike(kind.name, target, **kind.draw(rng))
            await asyncio.sleep(0.5)
            heal()
            heal()
        await asyncio.sleep(30)
        assert _physical(home) == before
        assert home.world.faults.active() == ()


@pytest.mark.parametrize("kind", [it for it in EVERY if WORLD_FAULTS[str(it.id)].ends is not Ends.AT_ONCE])
async def test_two_at_once_heal_in_any_order(kind: WorldFault) -> None:
    async with a_house() as home:
        before = _physical(home)
        target = kind.targets(home.world)[0]
        rng = random.Random(kind.name)
        heals = [home.world.strike(kind.name, target, **kind.draw(rng)) for _ in range(3)]
        for number in (1, 0, 2):
            heals[number]()
        await asyncio.sleep(1)
        assert _physical(home) == before


@pytest.mark.parametrize("home", ["family_house", "demo"])
async def test_every_fault_has_a_target_in_a_house_with_both_radios(home: str) -> None:
    from simulators.world import World

    world = World(read_home(home_file(home)), 1, still=True)
    assert [name for name, kind in WORLD_FAULTS.items() if not kind.targets(world)] == []
    for dongle in world.dongles.values():
        dongle.power_off()


async def test_the_latest_that_is_still_on_counts() -> None:
    value = [0.0]
    setting = Stacked(lambda: value[0], lambda it: value.__setitem__(0, it))
    first, second = setting.put(1.0), setting.put(2.0)
    assert value == [2.0]
    first()
    assert value == [2.0]
    second()
    assert value == [0.0]
    value[0] = 5.0
    setting.put(1.0)()
    assert value == [5.0]


async def test_a_fault_is_ended_by_its_name_or_with_all_others_and_after_its_seconds() -> None:
    async with a_house() as home:
        world = home.world
        for words in ("air.loss rate=0.5", "loss radio=zigbee", "device.dead device=hall.plug", "can seconds=3"):
            world.do("fault", *words.split())
        assert [it.name for it in world.faults.active()] == ["air.loss"] * 3 + ["device.dead", "stick.can"]
        world.do("fault", "air.loss", "rate=0", "radio=zigbee")
        assert [it.target for it in world.faults.active()] == ["zwave", "hall.plug", "zwave"]
        await asyncio.sleep(3.1)
        world.faults.heal("dead")
        assert [it.name for it in world.faults.active()] == ["air.loss"]
        world.faults.heal()
        assert world.faults.active() == ()


async def test_more_than_there_is_room_for_heals_the_oldest() -> None:
    async with a_house() as home:
        for _ in range(ACTIVE_MAX + 5):
            home.world.strike("air.loss", "zigbee", rate=0.1)
        assert len(home.world.faults.active()) == ACTIVE_MAX


def test_options_that_are_none_are_refused_with_what_there_is() -> None:
    for options, complaint in (
        ({"rate": 2}, "rate is a number from 0 to 1, not 2"),
        ({"rate": True}, "rate is a number from 0 to 1, not True"),
        ({"speed": 1}, "air.loss takes rate, not speed"),
    ):
        with pytest.raises(BadOption, match=complaint):
            WORLD_FAULTS["air.loss"].complete(options)
    with pytest.raises(BadOption, match=r"channel is a whole number from 0 to 26, not 11\.5"):
        WORLD_FAULTS["air.interference"].complete({"channel": 11.5})
