"""Whatever a host sends, the Zigbee stick goes on: it answers each command once, and never falls over."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.zigbee.ezsp.frame import Command
from drivers.zigbee.ezsp.table import COMMANDS, command_type
from drivers.zigbee.ezsp.utilities import InvalidCommand, Nop
from simulators.virtual_time import run_virtual
from simulators.zigbee.network import Air
from tests.simulators.zigbee.bench_host import World

VERSIONS = (13, 14, 16, 17, 18, 19)
ENDS_THE_SESSION = {0x0000, 0x008F, 0x0104}
"""version, launchStandaloneBootloader and resetNode: after these the host has to begin anew."""
FRAMES = sorted(set(COMMANDS) - ENDS_THE_SESSION)

a_version = st.sampled_from(VERSIONS)
a_frame = st.tuples(st.one_of(st.sampled_from(FRAMES), st.integers(1, 0xFFFF)), st.binary(max_size=64))
a_zero_frame = st.tuples(st.sampled_from(FRAMES), st.integers(0, 64).map(bytes))


def usable(frame: tuple[int, bytes]) -> bool:
    return frame[0] not in ENDS_THE_SESSION


@given(a_version, st.lists(st.one_of(a_frame, a_zero_frame).filter(usable), max_size=12), st.booleans())
@settings(max_examples=150, deadline=None)
def test_arbitrary_commands_are_each_answered_once(version: int, frames: list[tuple[int, bytes]], up: bool) -> None:
    async def main() -> None:
        world = World("ab", "s", version=version, settled=True, air=Air(loss=0.1, duplicates=0.1))
        host = await (world.up() if up else world.plugged())
        for frame_id, payload in frames:
            answer = await host.raw_ask(frame_id, payload)
            assert answer.frame_id in (frame_id, InvalidCommand.ID)
            for ear in world.ears.values():
                ear.say(payload)
            await asyncio.sleep(0.3)
            world.network.press("a")
        await asyncio.sleep(60)
        await host.ask(Nop())
        world.unplug()

    run_virtual(main)


@given(st.lists(st.binary(max_size=40), max_size=12))
@settings(max_examples=100, deadline=None)
def test_arbitrary_bytes_leave_it_able_to_answer(pieces: list[bytes]) -> None:
    async def main() -> None:
        world = World("a", settled=True)
        await world.plugged()
        for piece in pieces:
            world.stick.data_received(piece)
            await asyncio.sleep(0.2)
        await world.host.connect()
        await world.host.ask(Nop())
        world.unplug()

    run_virtual(main)


def test_every_command_that_is_known_is_answered_in_its_own_shape_in_every_version() -> None:
    async def main() -> None:
        for version in VERSIONS:
            world = World("a", "s", version=version, settled=True)
            host = await world.up()
            for frame_id in FRAMES:
                kind: type[Command] | None = command_type(frame_id, version)
                answer = await host.raw_ask(frame_id, bytes(64))
                if kind is None:
                    assert answer.frame_id == InvalidCommand.ID
                elif answer.frame_id == frame_id:
                    said = kind.RESPONSE.from_bytes(answer.payload, version)
                    assert said.to_bytes(version) == answer.payload, kind
            world.unplug()

    run_virtual(main)
