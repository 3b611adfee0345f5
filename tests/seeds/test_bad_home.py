"""Whole homes under loss, corruption, faults of the stick, power cuts and a stick that is pulled out.

How many homes there are, and how one runs again, says `tests.helpers.seeds`.
"""

import asyncio
from collections.abc import Callable

import pytest

from drivers.zwave.driver import ZwaveDriver
from drivers.zwave.kind import KIND, ZwaveSettings
from drivers.zwave.serial_api.application import ReceiveStatus
from hubagent.model.capability import Command
from hubagent.model.device import DeviceId
from hubagent.model.event import Cause, CommandAnswered, Outcome
from simulators.virtual_time import run_virtual
from tests.helpers.bad_home import BadHome, MakeDriver
from tests.helpers.seeds import BLOCKS, replayable, seeds_of
from tests.helpers.zwave_home import PORT, ZwaveHome

SEEDS = 60
"""Homes, where HUBAGENT_SEEDS does not say otherwise."""
DEAF_AFTER_S = 100.0


def _run(seed: int, make_driver: MakeDriver | None = None) -> tuple[list[str], str]:
    async def main() -> tuple[list[str], str]:
        home = BadHome(seed) if make_driver is None else BadHome(seed, make_driver)
        return await home.run(), home.trace

    return run_virtual(main, seed=seed)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_wish_is_answered_once_and_truly_and_the_picture_is_true_again_after_the_faults(block: int) -> None:
    for seed in seeds_of(block, SEEDS):
        with replayable(seed, __file__):
            problems, _ = _run(seed)
            assert not problems, "; ".join(problems)


def test_the_same_seed_is_the_same_run() -> None:
    assert _run(3)[1] == _run(3)[1] != _run(4)[1]


def _driver_of(home: ZwaveHome) -> ZwaveDriver:
    driver = KIND.make(ZwaveSettings(port=PORT), home.runtime, home.records)
    assert isinstance(driver, ZwaveDriver)
    return driver


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ([Outcome.CONFIRMED], "was confirmed"),
        ([], "was answered 0 times"),
        ([Outcome.FAILED, Outcome.FAILED], "was answered 2 times"),
    ],
)
def test_the_checks_find_a_driver_that_lies(answers: list[Outcome], complaint: str) -> None:
    def liar(home: ZwaveHome) -> ZwaveDriver:
        def send(device: DeviceId, command: Command, cause: Cause, answered: Callable[[CommandAnswered], None]) -> None:
            for outcome in answers:
                answered(CommandAnswered(device, command, cause, outcome))

        driver = _driver_of(home)
        driver.send = send  # type: ignore[method-assign]  # the planted bug
        return driver

    problems, _ = _run(1, liar)
    assert any(complaint in problem for problem in problems)


def test_the_checks_find_a_driver_that_does_not_listen_any_more() -> None:
    def deaf(home: ZwaveHome) -> ZwaveDriver:
        driver = _driver_of(home)
        hear = driver.command_received

        def command_received(
            node_id: int, command: bytes, received_at: float, status: ReceiveStatus = ReceiveStatus.SINGLE
        ) -> None:
            if asyncio.get_running_loop().time() < DEAF_AFTER_S:
                hear(node_id, command, received_at, status)

        driver.command_received = command_received  # type: ignore[method-assign]  # the planted bug
        return driver

    problems = [problem for seed in range(3) for problem in _run(seed, deaf)[0]]
    assert any("reported is" in problem for problem in problems)


def test_the_checks_find_a_command_that_is_executed_twice() -> None:
    async def main(seed: int) -> list[str]:
        home = BadHome(seed)
        home.dimmer.ramps += [number / 10 for number in range(20, 40)] * 2
        return await home.run()

    problems = [problem for seed in range(3) for problem in run_virtual(lambda seed=seed: main(seed), seed=seed)]  # type: ignore[misc]
    assert any("executed" in problem for problem in problems)
