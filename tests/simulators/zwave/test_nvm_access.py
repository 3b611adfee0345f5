"""Backup and restore of the stick's memory."""

import pytest

from drivers.zwave.serial_api.application import ApplicationCommand
from drivers.zwave.serial_api.nvm import NvmCommand, NvmOperation, NvmResponse, NvmStatus
from simulators.zwave.memory import IMAGE_BYTES
from tests.simulators.zwave.bench_host import BenchHost, World

OPEN, CLOSE = NvmOperation(NvmCommand.OPEN), NvmOperation(NvmCommand.CLOSE)


async def do(host: BenchHost, operation: NvmOperation) -> NvmResponse:
    return await host.answer(operation, NvmResponse, within_s=0.001)


async def backup(host: BenchHost) -> bytes:
    size = (await do(host, OPEN)).offset
    image = b""
    while len(image) < size:
        piece = await do(host, NvmOperation(NvmCommand.READ, len(image), 255))
        image += piece.data
        assert (piece.status is NvmStatus.END_OF_FILE) == (len(image) == size)
    await do(host, CLOSE)
    return image


async def restore(host: BenchHost, image: bytes) -> NvmResponse:
    await do(host, OPEN)
    for at in range(0, len(image), 240):
        await do(host, NvmOperation(NvmCommand.WRITE, at, data=image[at : at + 240]))
    return await do(host, CLOSE)


async def test_what_was_backed_up_is_there_again_after_a_restore() -> None:
    world = World("ab")
    host = world.plugged()
    world.network.include("a")
    home_id = world.network.memory.home_id
    image = await backup(host)
    assert len(image) == IMAGE_BYTES

    world.network.forget_all()
    world.network.include("b")
    assert (await restore(host, image)).accepted
    assert world.network.memory.home_id == home_id
    assert world.network.node_of("a") == 2
    assert world.network.node_of("b") is None


async def test_after_a_restore_its_devices_are_heard_again_and_others_are_not() -> None:
    world = World("ab")
    host = world.plugged()
    world.network.include("a")
    image = await backup(host)
    world.network.forget_all()
    world.network.include("b")
    await restore(host, image)
    world.switches["a"].toggle()
    world.switches["b"].toggle()
    await host.answer(OPEN, NvmResponse)
    assert [command.node_id for command in host.take(ApplicationCommand)] == [2]


async def test_an_image_that_is_not_ours_changes_nothing() -> None:
    world = World("a")
    host = world.plugged()
    world.network.include("a")
    assert (await restore(host, bytes(1000))).status is NvmStatus.ERROR
    assert world.network.node_of("a") == 2


@pytest.mark.parametrize("command", [NvmCommand.READ, NvmCommand.WRITE, NvmCommand.CLOSE])
async def test_nothing_is_done_before_it_is_opened(command: NvmCommand) -> None:
    host = World().plugged()
    assert (await do(host, NvmOperation(command))).status is NvmStatus.ERROR


async def test_reading_and_writing_do_not_mix() -> None:
    host = World().plugged()
    await do(host, OPEN)
    await do(host, NvmOperation(NvmCommand.READ, 0, 10))
    assert (await do(host, NvmOperation(NvmCommand.WRITE, 0, data=b"1"))).status is NvmStatus.MISMATCH


async def test_nothing_is_written_beyond_the_end() -> None:
    host = World().plugged()
    await do(host, OPEN)
    assert (await do(host, NvmOperation(NvmCommand.WRITE, IMAGE_BYTES - 1, data=b"12"))).status is NvmStatus.ERROR
