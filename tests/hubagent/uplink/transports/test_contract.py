"""What `port.py` promises, held against every transport: one set of tests, one line of `SUBJECTS` a transport."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final

import pytest

from hubagent.uplink.message.channel import Down, Up
from hubagent.uplink.message.codec import FRAME_MAX
from hubagent.uplink.transports.port import CONNECT_TIMEOUT_S, ConnectFailed, Connection, Trouble
from tests.helpers.hurried_loop import run_hurried
from tests.hubagent.uplink.transports.an_ear import FAREWELL, WritingEar
from tests.hubagent.uplink.transports.coap_far_side import a_coap_far_side
from tests.hubagent.uplink.transports.far_side import FarSide, an_mqtt_far_side, an_mqtt_websocket_far_side

Subject = Callable[[Path], AbstractAsyncContextManager[FarSide]]

SUBJECTS: Final[dict[str, Subject]] = {
    "mqtt": an_mqtt_far_side,
    "mqtt-websocket": an_mqtt_websocket_far_side,
    "coap": a_coap_far_side,
}

pytestmark = [pytest.mark.real_time, pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)]

FULL_MAX: Final = 1_000_000
"""Bytes that a connection may hold for a peer that takes none."""
SILENCE_MAX_S: Final = 20.0
SLACK_S: Final = 2.0
"""Of a hurried second, what the test's machine may be late."""


@pytest.fixture(autouse=True)
def nothing_is_left_open() -> Iterator[None]:
    """A socket that is forgotten warns when it is collected, and warnings are errors."""
    yield
    gc.collect()


async def connected(far: FarSide) -> tuple[Connection, WritingEar]:
    ear = WritingEar()
    return await far.transport.connect(ear, FAREWELL), ear


async def end(far: FarSide, connection: Connection) -> None:
    connection.close()
    async with asyncio.timeout(5):
        await far.transport.closed()


async def has_room(connection: Connection, ear: WritingEar) -> None:
    while not connection.ready:
        ear.room.clear()
        await ear.room.wait()


async def test_frames_arrive_in_order_in_both_directions(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        connection, ear = await connected(far)
        for number in range(300):
            await has_room(connection, ear)
            connection.send(Up.EVENT, b"up %d" % number)
        assert [await far.frame() for _ in range(300)] == [("evt", b"up %d" % number) for number in range(300)]
        for number in range(30):
            far.send(Down.COMMAND, b"down %d" % number)
        assert [await ear.frames.get() for _ in range(30)] == [("cmd", b"down %d" % number) for number in range(30)]
        await end(far, connection)
        assert ear.ends.empty()


@pytest.mark.parametrize("channel", list(Up), ids=lambda it: it.value)
async def test_a_frame_travels_on_its_channel(subject: Subject, tmp_path: Path, channel: Up) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        connection, _ = await connected(far)
        connection.send(channel, b"x")
        assert await far.frame() == (channel.value, b"x")
        await end(far, connection)


async def test_the_largest_frames_pass(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        connection, ear = await connected(far)
        assert connection.limits.payload_max == FRAME_MAX
        connection.send(Up.EVENT, bytes(FRAME_MAX))
        assert await far.frame() == ("evt", bytes(FRAME_MAX))
        far.send(Down.COMMAND, bytes(FRAME_MAX))
        assert await ear.frames.get() == ("cmd", bytes(FRAME_MAX))
        await end(far, connection)


async def test_what_is_not_confirmed_fills_the_window_and_then_there_is_room_again(
    subject: Subject, tmp_path: Path
) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        connection, ear = await connected(far)
        far.hold_back(True)
        count = 0
        while connection.ready:
            connection.send(Up.EVENT, b"%d" % count)
            count += 1
        assert count == connection.limits.in_flight_max
        for _ in range(count):
            await far.frame()
        assert ear.writables == 0
        far.hold_back(False)
        await ear.room.wait()
        assert connection.ready
        connection.send(Up.EVENT, b"on it goes")
        assert await far.frame() == ("evt", b"on it goes")
        await end(far, connection)


async def test_a_frozen_peer_fills_a_small_buffer_and_no_more(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        connection, ear = await connected(far)
        far.network.stall()
        taken = 0
        while connection.ready:
            connection.send(Up.TELEMETRY, bytes(FRAME_MAX))
            taken += FRAME_MAX
            await asyncio.sleep(0)
        assert 0 < taken < FULL_MAX
        far.network.resume()
        await ear.room.wait()
        assert connection.ready
        await end(far, connection)


async def test_a_word_of_goodbye_may_be_sent_when_nothing_else_may(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        connection, _ = await connected(far)
        far.hold_back(True)
        while connection.ready:
            connection.send(Up.EVENT, b"x")
        connection.send(Up.PRESENCE, b"goodbye")
        await end(far, connection)
        said = [await far.frame() for _ in range(connection.limits.in_flight_max + 1)]
        assert said[-1] == ("presence", b"goodbye")


async def test_a_frame_that_is_not_taken_is_told(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        connection, ear = await connected(far)
        far.refuse_frames()
        connection.send(Up.ALARM, b"smoke")
        channel, reason = await ear.refusals.get()
        assert channel is Up.ALARM
        assert reason
        assert connection.ready
        await end(far, connection)


async def test_a_close_without_a_word_is_a_loss_that_is_told_once(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        connection, ear = await connected(far)
        far.kick()
        assert (await ear.ends.get()).trouble is Trouble.CLOSED
        assert not connection.ready
        connection.send(Up.EVENT, b"swallowed")
        connection.close()
        connection.close()
        await far.transport.closed()
        assert ear.ends.empty()


async def test_a_broken_network_is_a_loss(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        connection, ear = await connected(far)
        far.network.cut()
        assert (await ear.ends.get()).trouble in {Trouble.CLOSED, Trouble.NETWORK}
        await end(far, connection)
        assert ear.ends.empty()


async def test_a_close_lets_what_was_sent_leave_and_is_told_to_nobody(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        connection, ear = await connected(far)
        connection.send(Up.EVENT, bytes(FRAME_MAX))
        connection.send(Up.PRESENCE, b"goodbye")
        connection.close()
        connection.send(Up.EVENT, b"swallowed")
        await far.transport.closed()
        assert [await far.frame(), await far.frame()] == [("evt", bytes(FRAME_MAX)), ("presence", b"goodbye")]
        await far.gone()
        assert (ear.ends.empty(), ear.refusals.empty(), ear.writables) == (True, True, 0)


async def test_a_frozen_peer_does_not_hold_up_a_close(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        connection, _ = await connected(far)
        far.network.stall()
        while connection.ready:
            connection.send(Up.EVENT, bytes(FRAME_MAX))
        await end(far, connection)


async def test_a_transport_connects_again_when_its_connection_is_over(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        for number in range(3):
            connection, ear = await connected(far)
            connection.send(Up.EVENT, b"%d" % number)
            assert await far.frame() == ("evt", b"%d" % number)
            if number == 1:
                far.kick()
                await ear.ends.get()
            else:
                await end(far, connection)


async def test_nothing_is_told_before_connect_has_returned(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        early = far.send_early(Down.COMMAND, b"early")
        connection, ear = await connected(far)
        assert ear.frames.empty()
        if early:
            assert await ear.frames.get() == ("cmd", b"early")
        await end(far, connection)


async def test_what_is_not_the_protocol_is_named_so(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        _, ear = await connected(far)
        far.garble()
        assert (await ear.ends.get()).trouble is Trouble.PROTOCOL
        await far.transport.closed()
        assert ear.ends.empty()


async def test_who_is_turned_away_is_told_that_it_was_refused(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        far.turn_away()
        with pytest.raises(ConnectFailed) as failed:
            await connected(far)
        assert failed.value.lost.trouble is Trouble.REFUSED
        await far.transport.closed()


async def test_where_nobody_listens_the_network_is_to_blame(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(20), subject(tmp_path) as far:
        far.network.refuse()
        with pytest.raises(ConnectFailed) as failed:
            await connected(far)
        assert failed.value.lost.trouble is Trouble.NETWORK
        await far.transport.closed()


async def test_a_connect_that_is_cancelled_at_any_moment_leaves_nothing(subject: Subject, tmp_path: Path) -> None:
    async with asyncio.timeout(30), subject(tmp_path) as far:
        steps, finished = 0, False
        while not finished:
            ear = WritingEar()
            before = asyncio.all_tasks()
            async with asyncio.TaskGroup() as group:
                connecting = group.create_task(far.transport.connect(ear, FAREWELL))
                for _ in range(steps):
                    await asyncio.sleep(0)
                finished = connecting.done()
                connecting.cancel()
            if finished:
                connecting.result().close()
            await far.transport.closed()
            await far.network.empty()
            await asyncio.gather(*asyncio.all_tasks() - before, return_exceptions=True)
            assert ear.ends.empty()
            steps += 1 if steps < 60 else 7


def test_a_connection_that_is_not_welcomed_in_time_is_given_up(subject: Subject, tmp_path: Path) -> None:
    async def main() -> None:
        async with subject(tmp_path) as far:
            far.keep_waiting()
            began = asyncio.get_running_loop().time()
            with pytest.raises(ConnectFailed) as failed:
                await connected(far)
            assert failed.value.lost.trouble in {Trouble.NETWORK, Trouble.PROTOCOL}
            took = asyncio.get_running_loop().time() - began
            assert CONNECT_TIMEOUT_S <= took <= CONNECT_TIMEOUT_S + SLACK_S
            await far.transport.closed()

    run_hurried(main)


def test_a_handshake_that_gets_no_answer_is_given_up(subject: Subject, tmp_path: Path) -> None:
    async def main() -> None:
        async with subject(tmp_path) as far:
            far.network.stall()
            began = asyncio.get_running_loop().time()
            with pytest.raises(ConnectFailed) as failed:
                await connected(far)
            assert failed.value.lost.trouble is Trouble.NETWORK
            assert asyncio.get_running_loop().time() - began <= CONNECT_TIMEOUT_S + SLACK_S
            await far.transport.closed()

    run_hurried(main)


@pytest.mark.parametrize("sending", [False, True], ids=["idle", "sending"])
def test_a_half_open_connection_is_noticed_within_twenty_seconds(
    subject: Subject, tmp_path: Path, sending: bool
) -> None:
    """Fault 3: half-open TCP."""

    async def main() -> None:
        async with subject(tmp_path) as far:
            connection, ear = await connected(far)
            far.network.stall()
            began = asyncio.get_running_loop().time()
            while sending and connection.ready:
                connection.send(Up.EVENT, b"into the void")
            assert (await ear.ends.get()).trouble is Trouble.SILENCE
            assert asyncio.get_running_loop().time() - began < SILENCE_MAX_S
            await far.transport.closed()
            assert ear.ends.empty()

    run_hurried(main)


def test_a_quiet_connection_lasts(subject: Subject, tmp_path: Path) -> None:
    async def main() -> None:
        async with subject(tmp_path) as far:
            connection, ear = await connected(far)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(60):
                    await ear.ends.get()
            connection.send(Up.EVENT, b"still here")
            assert await far.frame() == ("evt", b"still here")
            await end(far, connection)

    run_hurried(main)
