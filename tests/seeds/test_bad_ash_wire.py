"""Seeded runs of ASH and EZSP over a wire that loses and damages bytes. How many, says `tests.helpers.seeds`."""

import asyncio
import random

import pytest

from drivers.zigbee.ash import ResetCode
from drivers.zigbee.exchange import (
    Answer,
    Answered,
    Call,
    PortClosed,
    PortNotOpened,
    PortOpened,
    Priority,
    StickStatus,
)
from simulators.virtual_time import run_virtual
from tests.helpers.ash_pair import ECHO, AshPair, ExchangePair, command
from tests.helpers.seeds import BLOCKS, replayable, seeds_of

SEEDS = 300
"""Where HUBAGENT_SEEDS does not say otherwise."""
COMMANDS = 12


def _later(seconds: float, action: object, *arguments: object) -> None:
    asyncio.get_running_loop().call_later(seconds, action, *arguments)  # type: ignore[arg-type]


# --- the links


async def _run_links(seed: int) -> None:
    rng = random.Random(f"plan {seed}")
    bad = rng.choice((0.02, 0.1, 0.3))
    pair = AshPair(
        loss=rng.uniform(0, bad),
        corruption=rng.uniform(0, bad),
        duplication=rng.uniform(0, bad / 2),
        seed=seed,
        window=rng.randrange(1, 8),
    )
    await asyncio.sleep(16)
    if not pair.link.connected:
        pair.close()  # so often was the RST or the RSTACK lost; that is another test's
        return
    there, back = ([bytes((number,)) + rng.randbytes(rng.randrange(3, 80)) for number in range(20)] for _ in range(2))
    for payload, moment in zip(there, sorted(rng.uniform(0, 20) for _ in there), strict=True):
        _later(moment, pair.send, payload)
    for payload, moment in zip(back, sorted(rng.uniform(0, 20) for _ in back), strict=True):
        _later(moment, pair.stick.send, payload)
    await asyncio.sleep(120)
    failed = pair.failed
    pair.close()
    if pair.unnoticed:
        return
    # Whatever has arrived is the beginning of what was sent, and it is all of it unless somebody says so.
    assert pair.at_stick == there[: len(pair.at_stick)], f"seed {seed}: other payloads arrived at the stick"
    assert pair.at_host == back[: len(pair.at_host)], f"seed {seed}: other payloads arrived at the host"
    if not failed:
        assert pair.at_stick == there, f"seed {seed}: {len(there) - len(pair.at_stick)} never arrived at the stick"
        assert pair.at_host == back, f"seed {seed}: {len(back) - len(pair.at_host)} never arrived at the host"
        assert pair.link.next_deadline() is None, f"seed {seed}: something is still awaited"


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_payload_arrives_once_and_in_order_or_the_link_says_that_it_failed(block: int) -> None:
    for seed in seeds_of(block, SEEDS):
        with replayable(seed, __file__):
            run_virtual(lambda seed=seed: _run_links(seed))  # type: ignore[misc]


# --- the exchanges


def _plan(pair: ExchangePair, rng: random.Random, seconds: float) -> tuple[dict[bytes, list[Answer]], list[bytes]]:
    """Commands and callbacks at random moments. Returns where the answers of the commands will be, and the callbacks
    that were said."""
    answers: dict[bytes, list[Answer]] = {}
    said: list[bytes] = []

    def say(payload: bytes) -> None:
        if pair.stick.send(bytes((pair.ncp.last_sequence, 0x90, 0x01, 0x45, 0x00)) + payload):
            said.append(payload)

    for number in range(COMMANDS):
        name = bytes((number, 0x7E, 0x7D, 0x11, number))
        answers[name] = []
        priority = rng.choice((Priority.COMMAND, Priority.CHECK, Priority.POLL))
        _later(rng.uniform(0, seconds), pair.call, Call(command(name), priority, answers[name].append))
        if rng.random() < 0.5:
            _later(rng.uniform(0, seconds), say, bytes((number,)))
    return answers, said


def _check(seed: int, pair: ExchangePair, answers: dict[bytes, list[Answer]], said: list[bytes]) -> None:
    if pair.unnoticed:
        return
    for name, given in answers.items():
        executed = pair.executed[name]
        assert len(given) == 1, f"seed {seed}: {name.hex()} was answered {given}"
        assert executed <= 1, f"seed {seed}: {name.hex()} was executed {executed} times"
        if isinstance(given[0], Answered):
            assert given[0] == Answered(ECHO, name), f"seed {seed}: {name.hex()} got another's answer: {given}"
            assert executed, f"seed {seed}: {name.hex()} was not executed: {given}"
        if not getattr(given[0], "maybe_done", True):
            assert not executed, f"seed {seed}: {name.hex()} was executed: {given}"
    heard = [payload for _, payload in pair.unsolicited]
    remaining = iter(said)
    assert all(payload in remaining for payload in heard), f"seed {seed}: heard {heard}, said {said}"


async def _run_exchanges(seed: int) -> None:
    rng = random.Random(f"plan {seed}")
    pair = ExchangePair(
        loss=rng.uniform(0, 0.2), corruption=rng.uniform(0, 0.2), duplication=rng.uniform(0, 0.1), seed=seed
    )
    answers, said = _plan(pair, rng, 60)
    await asyncio.sleep(600)
    pair.sound()
    await asyncio.sleep(200)
    pair.close()
    _check(seed, pair, answers, said)
    assert pair.host.idle, f"seed {seed}: calls are left over"
    if not pair.unnoticed:
        assert pair.host.status is StickStatus.READY, f"seed {seed}: it did not recover"


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_command_is_answered_once_and_executed_at_most_once(block: int) -> None:
    for seed in seeds_of(block, SEEDS):
        with replayable(seed, __file__):
            run_virtual(lambda seed=seed: _run_exchanges(seed))  # type: ignore[misc]


def _misbehave(pair: ExchangePair, rng: random.Random) -> None:
    """Something happens to the NCP, and passes."""
    lasts_s = rng.choice((0.5, 5.0, 60.0))
    match rng.randrange(10):
        case 0:
            pair.feed(PortClosed("unplugged"))
        case 1:
            pair.stick.error(rng.choice((ResetCode.ASSERT, ResetCode.ACK_TIMEOUTS, 0x99)))
        case 2:
            pair.ncp.versioned = False
            pair.stick.power_on(rng.choice((ResetCode.POWER_ON, ResetCode.SOFTWARE, ResetCode.WATCHDOG)))
        case 3:
            pair.ncp.answers = False
            _later(lasts_s, setattr, pair.ncp, "answers", True)
        case 4:
            pair.to_host.dead = True
            _later(lasts_s, setattr, pair.to_host, "dead", False)
        case 5:
            pair.to_stick.dead = True
            _later(lasts_s, setattr, pair.to_stick, "dead", False)
        case 6:
            pair.on_reopen = lambda: PortNotOpened("no such file")
            _later(lasts_s, setattr, pair, "on_reopen", PortOpened)
        case 7:
            pair.ncp.slow_s = rng.uniform(0, 15)
            _later(lasts_s, setattr, pair.ncp, "slow_s", 0.0)
        case 8:
            pair.stick.reboot_s = rng.uniform(0, 6)
            _later(lasts_s, setattr, pair.stick, "reboot_s", 0.05)
        case 9:
            pair.to_host.write(rng.randbytes(200))


async def _run_misbehaviour(seed: int) -> None:
    rng = random.Random(f"misbehaviour {seed}")
    pair = ExchangePair(loss=rng.choice((0.0, 0.05)), corruption=rng.choice((0.0, 0.05)), seed=seed)
    for _ in range(rng.randrange(1, 6)):
        _later(rng.uniform(0, 120), _misbehave, pair, rng)
    answers, said = _plan(pair, rng, 120)
    await asyncio.sleep(600)
    pair.sound()
    await asyncio.sleep(200)
    _check(seed, pair, answers, said)
    last: list[Answer] = []
    pair.call(Call(command(b"last"), Priority.COMMAND, last.append))
    await asyncio.sleep(60)
    pair.close()
    assert last == [Answered(ECHO, b"last")], f"seed {seed}: it did not recover: {last}"


@pytest.mark.parametrize("block", range(BLOCKS))
def test_a_misbehaving_ncp_leaves_no_call_over_and_nothing_is_executed_twice(block: int) -> None:
    for seed in seeds_of(block, SEEDS):
        with replayable(seed, __file__):
            run_virtual(lambda seed=seed: _run_misbehaviour(seed))  # type: ignore[misc]


def test_on_a_sound_wire_every_command_is_answered_and_every_callback_heard() -> None:
    async def run() -> None:
        pair = ExchangePair()
        answers: list[Answer] = []
        for number in range(200):
            pair.call(Call(command(bytes((number,))), Priority.COMMAND, answers.append))
        await asyncio.sleep(1)
        for number in range(60):
            pair.ncp.callback(bytes((number,)))
        await asyncio.sleep(30)
        pair.close()
        assert answers == [Answered(ECHO, bytes((number,))) for number in range(200)]
        assert pair.unsolicited == [(0x0045, bytes((number,))) for number in range(60)]

    run_virtual(run)
