"""The bench of live homes: they live, and their loop's lateness is seen."""

import asyncio

import pytest

from simulators.bench.fleet.fleet import Fleet, measure_fleet, table
from simulators.bench.fleet.shard import lags
from simulators.bench.fleet.small_home import small_home


def test_a_home_of_the_fleet_has_twenty_devices_on_both_radios() -> None:
    devices = small_home(1).device
    assert len(devices) == 20
    assert {it.radio for it in devices} == {"zwave", "zigbee"}


@pytest.mark.real_time
async def test_a_loop_that_is_held_up_is_seen_to_be_late() -> None:
    loop = asyncio.get_running_loop()

    def hold_up() -> None:
        until = loop.time() + 0.05
        while loop.time() < until:
            pass

    loop.call_later(0.05, hold_up)
    found = await lags(0.2)
    assert max(found) > 0.02 > sorted(found)[len(found) // 2]


@pytest.mark.real_time
async def test_homes_live_in_processes_of_their_own_and_report() -> None:
    fleet = await measure_fleet(2, 2, 12.0, lambda _: None)
    assert (fleet.homes, fleet.processes) == (2, 2)
    assert fleet.reports_per_s > 0
    assert fleet.kb_per_home > 100


def test_the_table_is_in_milliseconds_and_megabytes() -> None:
    fleet = Fleet(100, 2, 0.0002, 0.004, 0.03, 0.5, 2048.0, 120.0)
    assert table([fleet])[1] == [("100", "2", "0.20 ms", "4.00 ms", "30.0 ms", "0.50", "2.0 MB", "120")]
    assert fleet.in_time
