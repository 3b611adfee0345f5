import asyncio
from collections.abc import Mapping

import pytest

from simulators.cable import MemoryCable
from simulators.faults import FAULTS, Direction, FaultyWire, WireFaults
from simulators.virtual_time import run_virtual
from tests.simulators.ends import End

FRAMES = [bytes((0x01, 0x04, number, 0x13, number)) for number in range(200)]


async def _received(faults: WireFaults) -> End:
    """What a host receives of FRAMES, one a second, over a wire with `faults`."""
    cable, dongle, host = MemoryCable(), End(), End()
    wire = FaultyWire(dongle, cable, faults)
    await cable.plug(wire)
    cable.open(host)
    for frame in FRAMES:
        dongle.write(frame)
        await asyncio.sleep(1)
    await asyncio.sleep(60)
    wire.close()
    return host


async def test_a_wire_without_faults_changes_nothing_and_takes_no_time() -> None:
    host = await _received(WireFaults(1))
    assert [data for _, data in host.chunks] == FRAMES
    assert [time for time, _ in host.chunks] == list(range(200))


def test_the_same_seed_gives_the_same_bytes_at_the_same_times() -> None:
    rates = dict.fromkeys(FAULTS, 0.05)

    def chunks(seed: int) -> list[tuple[float, bytes]]:
        return run_virtual(lambda: _received(WireFaults(seed, rates))).chunks

    assert chunks(7) == chunks(7)
    assert chunks(8) != chunks(7)


@pytest.mark.parametrize(
    ("rates", "length"),
    [({"lose": 1}, 0), ({"drop_byte": 1}, 800), ({"flip": 1}, 1000), ({"duplicate": 1}, 2000), ({"late": 1}, 1000)],
)
async def test_a_fault_at_rate_one_strikes_every_write(rates: Mapping[str, float], length: int) -> None:
    host = await _received(WireFaults(3, rates))
    assert len(host.received) == length
    if length:
        assert [data for _, data in host.chunks] != FRAMES or "late" in rates


async def test_a_flip_changes_one_bit_of_each_write() -> None:
    host = await _received(WireFaults(3, {"flip": 1}))
    for (_, data), frame in zip(host.chunks, FRAMES, strict=True):
        assert (int.from_bytes(data, "big") ^ int.from_bytes(frame, "big")).bit_count() == 1


async def test_half_a_frame_is_its_beginning() -> None:
    host = await _received(WireFaults(3, {"half": 1}))
    assert 0 < len(host.received) < 1000
    by_second = {int(time): data for time, data in host.chunks}
    assert all(FRAMES[index].startswith(data) for index, data in by_second.items())


async def test_split_and_coalesced_bytes_all_arrive_in_their_order() -> None:
    split = await _received(WireFaults(3, {"split": 1}))
    assert split.received == b"".join(FRAMES)
    assert len(split.chunks) > len(FRAMES)


async def test_coalesced_writes_arrive_together() -> None:
    cable, dongle, host = MemoryCable(), End(), End()
    await cable.plug(FaultyWire(dongle, cable, WireFaults(1, {"coalesce": 1})))
    cable.open(host)
    dongle.write(b"ab")
    dongle.write(b"cd")
    await asyncio.sleep(1)
    assert host.received == b"abcd"
    assert len(host.chunks) < 3


async def test_a_stall_holds_back_everything_behind_it_and_then_lets_it_through() -> None:
    cable, dongle, host = MemoryCable(), End(), End()
    faults = WireFaults(1)
    await cable.plug(FaultyWire(dongle, cable, faults))
    cable.open(host)
    faults.ask_for("stall")
    for byte in (b"a", b"b", b"c"):
        dongle.write(byte)
        await asyncio.sleep(0.1)
    assert host.received == b""
    await asyncio.sleep(12)
    assert [data for _, data in host.chunks] == [b"abc"]


async def test_an_unplugged_dongle_comes_back_by_itself() -> None:
    cable, dongle, host = MemoryCable(), End(), End()
    faults = WireFaults(1)
    await cable.plug(FaultyWire(dongle, cable, faults))
    cable.open(host)
    faults.ask_for("unplug", Direction.TO_DONGLE)
    host.write(b"anyone there?")
    await asyncio.sleep(0.1)
    assert dongle.happened == ["made", "lost"]
    await asyncio.sleep(10)
    assert dongle.happened == ["made", "lost", "made"]


async def test_leaving_one_strike_out_leaves_the_others_where_they_are() -> None:
    rates = dict.fromkeys(FAULTS, 0.1)
    plan = WireFaults(5, rates)
    await _received(plan)
    left_out = plan.struck[10]
    shrunk = WireFaults(5, rates, frozenset({left_out}))
    await _received(shrunk)
    assert list(shrunk.struck) == [strike for strike in plan.struck if strike != left_out]


async def test_switching_a_fault_off_leaves_the_others_where_they_are() -> None:
    rates = dict.fromkeys(FAULTS, 0.1)
    everything, without = WireFaults(5, rates), WireFaults(5, {**rates, "flip": 0})
    await _received(everything)
    await _received(without)
    assert list(without.struck) == [strike for strike in everything.struck if strike.fault != "flip"]


def test_a_fault_that_does_not_exist_is_refused_with_the_names_of_those_that_do() -> None:
    with pytest.raises(ValueError, match=r"gremlins.*flip"):
        WireFaults(1, {"gremlins": 1})
