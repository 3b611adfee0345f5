"""Seeded runs over a wire that loses and damages bytes. How many, says `tests.helpers.seeds`."""

import random
from collections import Counter

import pytest

from drivers.zwave.exchange import Answer, Answered, Call, PortClosed, PortNotOpened, PortOpened, Priority
from drivers.zwave.serial_api.controller_info import GetLibraryVersion
from drivers.zwave.serial_api.send_data import SendData, SendDataCallback, TransmitStatus
from tests.helpers.link_pair import LinkPair
from tests.helpers.seeds import BLOCKS, replayable, seeds_of

SEEDS = 300
"""Where HUBAGENT_SEEDS does not say otherwise."""
COMMANDS = 12


def _plan(pair: LinkPair, rng: random.Random, seconds: float) -> dict[bytes, list[Answer]]:
    """Commands, questions and reports at random moments. Returns where their answers will be, by command."""
    answers: dict[bytes, list[Answer]] = {}
    for number in range(COMMANDS):
        name = bytes((0x70, number, 0x70))
        answers[name] = []
        if rng.random() < 0.8:
            call = Call(lambda i, name=name: SendData(3, name, 0x25, i), Priority.COMMAND, answers[name].append)  # type: ignore[misc]
        else:
            call = Call(lambda _: GetLibraryVersion(), Priority.POLL, answers[name].append)
        pair.clock.after(rng.uniform(0, seconds), lambda call=call: pair.call(call))  # type: ignore[misc]
        if rng.random() < 0.3:
            report = bytes((0, 3, 3, 0x25, 3, number))
            pair.clock.after(rng.uniform(0, seconds), lambda report=report: pair.controller.say(0, 4, report))  # type: ignore[misc]
    return answers


def _check(seed: int, pair: LinkPair, answers: dict[bytes, list[Answer]]) -> None:
    executed = Counter(pair.controller.executed)
    for name, given in answers.items():
        assert len(given) == 1, f"seed {seed}: {name.hex()} was answered {given}"
        assert executed[name] <= 1, f"seed {seed}: {name.hex()} was executed {executed[name]} times"
        answer = given[0]
        if isinstance(answer, Answered) and isinstance(answer.callback, SendDataCallback):
            delivered = answer.callback.status is TransmitStatus.OK
            assert not delivered or executed[name], f"seed {seed}: {name.hex()} was not executed: {answer}"
        if not getattr(answer, "maybe_done", True):
            assert not executed[name], f"seed {seed}: {name.hex()} was executed: {answer}"


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_command_is_answered_once_and_executed_at_most_once(block: int) -> None:
    for seed in seeds_of(block, SEEDS):
        with replayable(seed, __file__):
            rng = random.Random(f"plan {seed}")
            loss, corruption, duplication = rng.uniform(0, 0.3), rng.uniform(0, 0.3), rng.uniform(0, 0.1)
            pair = LinkPair(loss=loss, corruption=corruption, duplication=duplication, seed=seed)
            answers = _plan(pair, rng, 60)
            pair.run_for(60)
            pair.run_until_idle()
            _check(seed, pair, answers)
            pair.run_for(120)
            assert pair.host.next_deadline() is None, f"seed {seed}: something is still awaited"


def _misbehave(pair: LinkPair, rng: random.Random) -> None:
    """Something happens to the controller, and passes."""
    controller, after = pair.controller, pair.clock.after
    lasts_s = rng.choice((0.5, 5.0, 60.0))
    match rng.randrange(8):
        case 0:
            pair.feed(PortClosed("unplugged"))
        case 1:
            controller.mute = True
            after(lasts_s, lambda: setattr(controller, "mute", False))
        case 2:
            controller.no_callbacks = True
            after(lasts_s, lambda: setattr(controller, "no_callbacks", False))
        case 3 if not (pair.to_host.loss or pair.to_host.corruption):
            # On a bad wire its missing response would be all that tells that a command with a lost ACK was executed.
            controller.no_responses = True
            after(lasts_s, lambda: setattr(controller, "no_responses", False))
        case 4:
            controller.jammed = rng.randrange(1, 12)
        case 5:
            controller.refuses = rng.randrange(1, 20)
        case 6:
            controller.say(0, 0x0A, bytes((3, 0, 1, 2, 7, 0, 0)))
        case 7:
            pair.on_reopen = lambda: PortNotOpened("no such file")
            after(lasts_s, lambda: setattr(pair, "on_reopen", PortOpened))


@pytest.mark.parametrize("block", range(BLOCKS))
def test_a_misbehaving_controller_leaves_no_call_over_and_none_is_executed_twice(block: int) -> None:
    for seed in seeds_of(block, SEEDS):
        with replayable(seed, __file__):
            rng = random.Random(f"misbehaviour {seed}")
            pair = LinkPair(loss=rng.choice((0.0, 0.05)), corruption=rng.choice((0.0, 0.05)), seed=seed)
            for _ in range(rng.randrange(1, 6)):
                pair.clock.after(rng.uniform(0, 120), lambda pair=pair, rng=rng: _misbehave(pair, rng))  # type: ignore[misc]
            answers = _plan(pair, rng, 120)
            pair.run_for(120)
            pair.run_until_idle()
            _check(seed, pair, answers)
            pair.run_for(300)
            last: list[Answer] = []
            pair.to_host.loss = pair.to_host.corruption = pair.to_controller.loss = pair.to_controller.corruption = 0.0
            pair.controller.refuses = pair.controller.jammed = 0
            pair.run_for(300)
            pair.call(Call(lambda i: SendData(3, b"last", 0x25, i), Priority.COMMAND, last.append))
            pair.run_until_idle()
            assert isinstance(last[0], Answered), f"seed {seed}: it did not recover: {last}"


def test_on_a_sound_wire_every_command_is_delivered() -> None:
    pair = LinkPair()
    answers: list[Answer] = []
    for number in range(200):
        command = bytes((0x25, 0x01, number))
        pair.call(Call(lambda i, command=command: SendData(3, command, 0x25, i), Priority.COMMAND, answers.append))  # type: ignore[misc]
    pair.run_until_idle()
    assert len(answers) == 200
    assert all(isinstance(answer, Answered) for answer in answers)
    assert pair.controller.executed == [bytes((0x25, 0x01, number)) for number in range(200)]
