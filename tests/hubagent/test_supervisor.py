"""keep_running: started anew, slower each time, and who has to be told of a port."""

import asyncio
import random
from pathlib import Path

import pytest

from hubagent.runtime import PortError
from hubagent.store.errors import StoreFailed
from hubagent.supervisor import FIRST_DELAY_S, LONGEST_DELAY_S, STABLE_S, keep_running


class Attempts:
    """Each attempt lasts `lasting_s` and raises `error`; notes when it began."""

    def __init__(self, error: Exception | None, lasting_s: float = 0.0, ready: bool = True) -> None:
        self.error = error
        self.lasting_s = lasting_s
        self.ready = ready
        self.began: list[float] = []
        self.reasons: list[str] = []

    async def attempt(self) -> None:
        self.began.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.lasting_s)
        if self.error is not None:
            raise self.error

    async def run_for(self, seconds: float) -> list[float]:
        """The waits between the attempts."""
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(seconds):
                await keep_running("x", self.attempt, lambda: self.ready, self.reasons.append, random.Random(1))
        return [later - sooner - self.lasting_s for sooner, later in zip(self.began, self.began[1:], strict=False)]


async def test_each_wait_is_longer_up_to_a_bound() -> None:
    waits = await Attempts(RuntimeError("bug")).run_for(1000)
    expected = [min(FIRST_DELAY_S * 2**count, LONGEST_DELAY_S) for count in range(len(waits))]
    assert len(waits) > 10
    assert all(0.8 * mean <= wait <= 1.2 * mean for wait, mean in zip(waits, expected, strict=True))


async def test_who_ran_a_stable_minute_starts_again_at_the_first_delay() -> None:
    waits = await Attempts(RuntimeError("bug"), lasting_s=STABLE_S).run_for(1000)
    assert len(waits) > 10
    assert max(waits) <= 1.2 * FIRST_DELAY_S


async def test_a_port_that_was_never_usable_is_passed_up() -> None:
    attempts = Attempts(PortError("/dev/x", "not there", "plug it in"), ready=False)
    with pytest.raises(PortError):
        await keep_running("x", attempts.attempt, lambda: False, attempts.reasons.append, random.Random(1))
    assert len(attempts.began) == 1


async def test_a_port_error_out_of_a_task_group_is_a_port_error() -> None:
    error = ExceptionGroup("tasks", [PortError("/dev/x", "not there", "plug it in")])
    attempts = Attempts(error, ready=False)
    with pytest.raises(PortError):
        await keep_running("x", attempts.attempt, lambda: False, attempts.reasons.append, random.Random(1))
    again = Attempts(error)
    await again.run_for(0.5)
    assert again.reasons[0].startswith("/dev/x: not there; plug it in; starting it again in")


async def test_a_port_that_was_lost_is_tried_again() -> None:
    attempts = Attempts(PortError("/dev/x", "not there", "plug it in"), ready=True)
    await attempts.run_for(10)
    assert len(attempts.began) > 2


async def test_the_reason_is_told_before_the_wait() -> None:
    attempts = Attempts(ValueError("odd"))
    await attempts.run_for(0.5)
    assert [reason.split(";")[0] for reason in attempts.reasons] == ["ValueError: odd"]


async def test_where_the_disk_is_that_cannot_be_written_is_for_this_hosts_log_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    attempts = Attempts(StoreFailed(Path("/var/lib/hubagent"), "database or disk is full"))
    await attempts.run_for(0.5)
    [reason] = attempts.reasons
    assert reason.startswith("the state cannot be written: database or disk is full; starting it again in")
    assert "x failed: /var/lib/hubagent: database or disk is full" in caplog.text


async def test_a_driver_that_ends_by_itself_is_started_anew() -> None:
    attempts = Attempts(None)
    await attempts.run_for(5)
    assert len(attempts.began) > 1
    assert {reason.split(";")[0] for reason in attempts.reasons} == {"it ended by itself"}


async def test_who_fails_while_it_is_told_to_end_is_not_started_again(caplog: pytest.LogCaptureFixture) -> None:
    async def attempt() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            raise OSError("the disk is full")

    failed: list[str] = []
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(keep_running("x", attempt, lambda: True, failed.append, random.Random(1)))
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.wait((task,))
    assert task.cancelled()
    assert failed == []
    assert "x did not end well: OSError: the disk is full" in caplog.text
