"""Whatever a host sends, the stick goes on: it answers, or acknowledges and stays silent, and never falls over."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.zwave.serial_api import setup
from drivers.zwave.serial_api.controller_info import GetHomeId, HomeId
from drivers.zwave.serial_api.table import REQUESTS
from drivers.zwave.serial_frame import DataFrame, FrameType
from simulators.virtual_time import run_virtual
from simulators.zwave.flavours import FLAVOURS
from tests.simulators.zwave.bench_host import World

FUNCTIONS = sorted({kind.FUNCTION for kind in REQUESTS} | {setup.FUNCTION})
SETUP_COMMANDS = [kind.COMMAND for kind in setup.REQUESTS]

a_payload = st.binary(max_size=24)
a_setup = st.builds(lambda command, rest: bytes((command,)) + rest, st.sampled_from(SETUP_COMMANDS), a_payload)
a_request = st.one_of(
    st.tuples(
        st.sampled_from(FUNCTIONS), st.builds(lambda node, rest: bytes((node,)) + rest, st.integers(0, 4), a_payload)
    ),
    st.tuples(st.just(setup.FUNCTION), a_setup),
)


async def _still_answers(world: World) -> None:
    """Whatever it is doing now, it ends, or a reset ends it."""
    host = world.host
    await asyncio.sleep(60)
    host.frames.clear()
    assert (await host.answer(GetHomeId(), HomeId)).node_id == 1


@given(st.sampled_from(sorted(FLAVOURS)), st.lists(a_request, max_size=12), st.integers(0, 2))
@settings(max_examples=150, deadline=None)
def test_arbitrary_requests_leave_it_able_to_answer(
    flavour: str, requests: list[tuple[int, bytes]], dead_nodes: int
) -> None:
    async def main() -> None:
        world = World("abc", flavour=FLAVOURS[flavour])
        host = world.plugged()
        for name in "ab":
            world.network.include(name)
        for name in "ab"[:dead_nodes]:
            world.network.cut_power(name)
        for function, payload in requests:
            world.stick.data_received(DataFrame(FrameType.REQUEST, function, payload).to_bytes())
            await asyncio.sleep(0.5)
            world.network.press("c")
        await _still_answers(world)
        assert host.stick.lost_frames == 0

    run_virtual(main)


@given(st.lists(st.binary(max_size=40), max_size=12))
@settings(max_examples=150, deadline=None)
def test_arbitrary_bytes_leave_it_able_to_answer(pieces: list[bytes]) -> None:
    async def main() -> None:
        world = World("a")
        world.plugged()
        for piece in pieces:
            world.stick.data_received(piece)
            await asyncio.sleep(0.2)
        await _still_answers(world)

    run_virtual(main)
