import asyncio
import os
import tty
from functools import partial
from pathlib import Path

import pytest

from hubagent.runtime import PortError
from simulators.cable import BUFFER_MAX, MemoryCable, PtyCable, TcpCable, cable_at
from tests.simulators.ends import End


def _read_into(host: End, port: int) -> None:
    host.data_received(os.read(port, 4096))


def _same(end: End) -> End:
    return end


async def test_bytes_cross_a_memory_cable_in_the_next_round_and_all_at_once() -> None:
    cable, dongle, host = MemoryCable(), End(), End()
    await cable.plug(dongle)
    cable.open(host)
    host.write(b"ab")
    host.write(b"cd")
    dongle.write(b"xy")
    assert dongle.chunks == []
    await asyncio.sleep(0)
    assert [data for _, data in dongle.chunks] == [b"abcd"]
    assert host.received == b"xy"


async def test_what_a_dongle_says_to_nobody_is_lost() -> None:
    cable, dongle, host = MemoryCable(), End(), End()
    await cable.plug(dongle)
    dongle.write(b"hello?")
    cable.open(host)
    dongle.write(b"!")
    await asyncio.sleep(0)
    assert host.received == b"!"
    assert cable.lost_bytes == 6


async def test_a_memory_cable_has_one_host_at_a_time_and_none_while_unplugged() -> None:
    cable, dongle = MemoryCable(), End()
    with pytest.raises(PortError, match="nothing is plugged in"):
        cable.open(End())
    await cable.plug(dongle)
    first = cable.open(End())
    with pytest.raises(PortError, match="another program"):
        cable.open(End())
    first.close()
    cable.open(End())


async def test_pulling_the_dongle_out_takes_its_power_and_the_hosts_port() -> None:
    cable, dongle, host = MemoryCable(), End(), End()
    await cable.plug(dongle)
    cable.open(host)
    host.write(b"on its way")
    cable.unplug()
    cable.unplug()
    await asyncio.sleep(0)
    assert dongle.happened == ["made", "lost"]
    assert dongle.received == b""
    assert len(host.happened) == 2
    assert "the device is gone" in host.happened[1]
    cable.replug()
    cable.open(End())
    assert dongle.happened == ["made", "lost", "made"]


async def test_the_dongle_does_not_notice_hosts_that_come_and_go() -> None:
    cable, dongle = MemoryCable(), End()
    await cable.plug(dongle)
    for _ in range(3):
        cable.open(End()).close()
    await asyncio.sleep(0)
    assert dongle.happened == ["made"]


async def test_a_host_that_pauses_reading_gets_the_bytes_when_it_resumes() -> None:
    cable, dongle, host = MemoryCable(), End(), End()
    await cable.plug(dongle)
    transport = cable.open(host)
    transport.pause_reading()
    dongle.write(b"later")
    await asyncio.sleep(1)
    assert host.received == b""
    transport.resume_reading()
    await asyncio.sleep(0)
    assert host.received == b"later"


async def test_more_than_the_buffer_holds_is_lost_and_counted() -> None:
    cable, dongle, host = MemoryCable(), End(), End()
    await cable.plug(dongle)
    cable.open(host).pause_reading()
    dongle.write(bytes(BUFFER_MAX + 10))
    dongle.write(b"x")
    assert cable.lost_bytes == 11


@pytest.mark.real_time
async def test_a_pty_carries_every_byte_value_both_ways_and_survives_reopening(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    cable, dongle = PtyCable(tmp_path / "stick"), End(echo=True)
    await cable.plug(dongle)
    every_byte = bytes(range(256))
    for round_ in range(1, 3):
        port = os.open(cable.address, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(port)
        host = End()
        loop.add_reader(port, _read_into, host, port)
        os.write(port, every_byte)
        assert await dongle.until(256 * round_) == every_byte * round_
        assert await host.until(256) == every_byte
        loop.remove_reader(port)
        os.close(port)
    assert dongle.happened == ["made"]
    await cable.close()
    assert not (tmp_path / "stick").is_symlink()


@pytest.mark.real_time
async def test_a_pty_comes_back_at_the_same_path_after_unplugging(tmp_path: Path) -> None:
    cable, dongle = PtyCable(tmp_path / "stick"), End()
    await cable.plug(dongle)
    cable.unplug()
    with pytest.raises(FileNotFoundError):
        os.open(cable.address, os.O_RDWR)
    cable.replug()
    os.close(os.open(cable.address, os.O_RDWR | os.O_NOCTTY))
    await cable.close()
    assert dongle.happened == ["made", "lost", "made", "lost"]


@pytest.mark.real_time
async def test_a_pty_takes_no_path_that_is_in_use(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("precious")
    with pytest.raises(PortError, match="a file is there already"):
        await PtyCable(tmp_path / "notes.txt").plug(End())
    with pytest.raises(PortError, match="there is no folder"):
        await PtyCable(tmp_path / "nowhere" / "stick").plug(End())


@pytest.mark.real_time
async def test_a_tcp_port_serves_one_client_and_then_the_next() -> None:
    loop = asyncio.get_running_loop()
    cable, dongle = TcpCable("127.0.0.1", 0), End(echo=True)
    await cable.plug(dongle)
    port = int(cable.address.rpartition(":")[2])
    for round_ in range(1, 3):
        host, intruder = End(), End()
        transport, _ = await loop.create_connection(partial(_same, host), "127.0.0.1", port)
        transport.write(b"hello")
        assert await host.until(5) == b"hello"
        await loop.create_connection(partial(_same, intruder), "127.0.0.1", port)
        await intruder.until_happened("lost")
        transport.write(b"again")
        assert await host.until(10) == b"helloagain"
        assert await dongle.until(10 * round_)
        transport.close()
        await host.until_happened("lost")
    assert dongle.happened == ["made"]
    await cable.close()


@pytest.mark.real_time
async def test_a_tcp_client_is_cut_off_by_unplugging_and_served_after_replugging() -> None:
    loop = asyncio.get_running_loop()
    cable, dongle = TcpCable("127.0.0.1", 0), End(echo=True)
    await cable.plug(dongle)
    port = int(cable.address.rpartition(":")[2])
    host, early, late = End(), End(), End()
    _, host = await loop.create_connection(lambda: host, "127.0.0.1", port)
    host.write(b"x")
    await host.until(1)
    cable.unplug()
    await host.until_happened("lost")
    await loop.create_connection(lambda: early, "127.0.0.1", port)
    await early.until_happened("lost")
    cable.replug()
    transport, _ = await loop.create_connection(lambda: late, "127.0.0.1", port)
    late.write(b"back")
    assert await late.until(4) == b"back"
    transport.close()
    await late.until_happened("lost")
    await cable.close()


@pytest.mark.real_time
async def test_a_tcp_port_in_use_is_an_error_that_says_so() -> None:
    cable = TcpCable("127.0.0.1", 0)
    await cable.plug(End())
    port = int(cable.address.rpartition(":")[2])
    with pytest.raises(PortError, match=f"127.0.0.1:{port}.*in use"):
        await TcpCable("127.0.0.1", port).plug(End())
    await cable.close()


@pytest.mark.parametrize(
    "place", ["", "pty:", "tcp://", "tcp://127.0.0.1", "tcp://:5555", "tcp://host:99999", "udp://x:1"]
)
def test_a_place_that_names_no_cable_is_refused(place: str) -> None:
    with pytest.raises(ValueError, match=r"neither|Port"):
        cable_at(place)


def test_places_name_their_cables() -> None:
    assert isinstance(cable_at("pty:/tmp/stick"), PtyCable)
    assert cable_at("tcp://127.0.0.1:5555").address == "socket://127.0.0.1:5555"
    assert isinstance(cable_at("sim://home"), MemoryCable)
