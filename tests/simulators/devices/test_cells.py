import asyncio
from itertools import pairwise

import pytest

from simulators.devices.cells import ASLEEP_MA, CELLS, FRAME_MAH, YEAR_S, Cell, Cells
from simulators.devices.clock import DeviceClock
from simulators.devices.sensors import DoorSensor
from tests.simulators.world_faults.a_world import AWorld

MONTH_S = YEAR_S / 12


def _cells(mah: float = 100.0, level: float = 100.0, lost_a_year: float = 0.0) -> Cells:
    return Cells(asyncio.get_running_loop(), Cell(mah, lost_a_year), level=level)


async def test_cells_seep_away_by_themselves_and_no_timer_counts() -> None:
    cells = _cells(lost_a_year=0.02)
    cells.draw(0.0)
    await asyncio.sleep(YEAR_S)
    assert cells.level == pytest.approx(98.0)


async def test_what_is_drawn_all_the_time_and_each_time_adds_up() -> None:
    cells = _cells(mah=100.0)
    cells.draw(0.01)
    await asyncio.sleep(1000 * 3600)
    cells.spend(5.0)
    assert cells.level == pytest.approx(85.0)
    cells.draw(ASLEEP_MA)
    assert cells.level == pytest.approx(85.0)


async def test_a_device_says_so_at_each_five_percent_and_at_each_one_below_fifteen() -> None:
    cells = _cells()
    said: list[float] = []
    sensor = DoorSensor(battery=cells)
    sensor.listen(lambda attribute: said.append(round(cells.level, 1)) if attribute == "battery" else None)
    for _ in range(1000):
        cells.spend(0.1)
        await asyncio.sleep(0)
    assert said[:3] == pytest.approx([95.0, 90.0, 85.0], abs=0.2)
    below = [it for it in said if it <= 15]
    assert len(below) == 15
    assert all(0.8 < one - other < 1.2 for one, other in pairwise(below))


async def test_empty_cells_are_told_of_and_exchanged_ones_too() -> None:
    told: list[bool] = []
    cells = _cells(mah=1.0)
    cells.watch_empty(told.append)
    cells.spend(2.0)
    await asyncio.sleep(0)
    assert cells.empty
    cells.level = 100.0
    await asyncio.sleep(0)
    assert told == [True, False]


async def test_the_weaker_the_more_often_it_fails_and_never_while_there_is_enough() -> None:
    failures = {}
    for level in (3.1, 2.0, 0.5):
        cells = _cells(level=level)
        failures[level] = sum(cells.fails() for _ in range(1000))
    assert failures[3.1] == 0
    assert 250 < failures[2.0] < 420
    assert 780 < failures[0.5] < 880


async def test_what_is_left_outlives_a_restart_of_the_world() -> None:
    cells = _cells()
    cells.spend(30.0)
    other = _cells()
    other.restore(cells.kept())
    assert other.level == pytest.approx(70.0)


@pytest.mark.parametrize(
    ("device", "least", "most"),
    [("hall.door", 0.2, 10.0), ("hall.window", 0.2, 10.0), ("hall.lock", 0.2, 10.0), ("hall.latch", 0.2, 10.0)],
)
async def test_sleepers_of_both_radios_and_locks_last_for_years(device: str, least: float, most: float) -> None:
    home = AWorld("hall.door door zigbee", "hall.window door zwave", "hall.lock lock zigbee", "hall.latch lock zwave")
    async with home.running(3600):
        before = home.device(device).battery.level
        await asyncio.sleep(86_400)
        a_month = (before - home.device(device).battery.level) * 30
        assert least < a_month < most


async def test_what_is_used_more_is_empty_sooner() -> None:
    home = AWorld("hall.door door zigbee", "hall.other door zigbee")
    async with home.running(60):
        for number in range(500):
            home.device("hall.door").set_open(number % 2 == 0)
            await asyncio.sleep(60)
        levels = {name: home.device(name).battery.level for name in ("hall.door", "hall.other")}
        spent = (levels["hall.other"] - levels["hall.door"]) / 100 * CELLS["door"].mah
        assert spent > 500 * FRAME_MAH


async def test_a_clock_counts_as_fast_as_its_crystal_is_and_goes_on_from_there() -> None:
    loop = asyncio.get_running_loop()
    exact, fast = DeviceClock(loop), DeviceClock(loop, 100.0)
    await asyncio.sleep(10_000)
    assert exact.count() == loop.time()
    assert fast.count() == pytest.approx(10_001)
    assert fast.lasts_s(10_001) == pytest.approx(10_000)
    fast.ppm = 0.0
    await asyncio.sleep(10)
    assert fast.count() == pytest.approx(10_011)


async def test_clocks_of_a_world_drift_apart_and_the_same_seed_gives_the_same() -> None:
    def ppm(seed: int) -> list[float]:
        home = AWorld("hall.door door zigbee", "hall.window door zwave", "hall.lamp switch zigbee", seed=seed)
        return [it.clock.ppm for dongle in home.world.dongles.values() for it in dongle.nodes.values()]

    assert ppm(1) == ppm(1)
    assert len(set(ppm(1))) == 3
    assert all(abs(it) <= 150 for it in ppm(2))


async def test_each_sleeper_wakes_by_its_own_clock() -> None:
    home = AWorld("hall.window door zwave", "hall.hatch door zwave")
    async with home.running(60):
        wakes = {}
        for name in ("hall.window", "hall.hatch"):
            sleep = home.zwave.nodes[name].sleep
            assert sleep is not None
            sleep.wake()
        home.forget()
        await asyncio.sleep(10 * 86_400)
        for name in ("hall.window", "hall.hatch"):
            at = [at for at, data in home.heard[name] if data == b"\x84\x07"]
            wakes[name] = (at[-1] - at[2]) / (len(at) - 3)
        clocks = {name: home.zwave.nodes[name].clock.ppm for name in wakes}
        apart = wakes["hall.window"] / wakes["hall.hatch"] - 1
        assert apart * 1e6 == pytest.approx(clocks["hall.hatch"] - clocks["hall.window"], abs=0.1)
        assert abs(apart) > 1e-6
