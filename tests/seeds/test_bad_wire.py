"""Seeded runs over a wire that loses and damages bytes. HUBAGENT_SEEDS sets how many (`make seeds`: thousands)."""

import os
import random
from collections import Counter

import pytest

from drivers.zwave.exchange import Answer, Answered, Call, Priority
from drivers.zwave.serial_api.controller_info import GetLibraryVersion
from drivers.zwave.serial_api.send_data import SendData, SendDataCallback, TransmitStatus
from tests.helpers.link_pair import LinkPair

SEEDS = int(os.environ.get("HUBAGENT_SEEDS", "300"))
COMMANDS = 12


def _run(seed: int) -> tuple[LinkPair, dict[bytes, list[Answer]]]:
    rng = random.Random(f"plan {seed}")
    pair = LinkPair(
        loss=rng.uniform(0, 0.3), corruption=rng.uniform(0, 0.3), duplication=rng.uniform(0, 0.1), seed=seed
    )
    answers: dict[bytes, list[Answer]] = {}

    def command(name: bytes) -> Call:
        answers[name] = []
        return Call(lambda callback_id: SendData(3, name, 0x25, callback_id), Priority.COMMAND, answers[name].append)

    def question(name: bytes) -> Call:
        answers[name] = []
        return Call(lambda _: GetLibraryVersion(), Priority.POLL, answers[name].append)

    for number in range(COMMANDS):
        at = rng.uniform(0, 60)
        name = bytes((0x70, number, 0x70))
        kind = command if rng.random() < 0.8 else question
        pair.clock.after(at, lambda kind=kind, name=name: pair.call(kind(name)))  # type: ignore[misc]
        if rng.random() < 0.3:
            report = bytes((0, 3, 3, 0x25, 3, number))
            pair.clock.after(rng.uniform(0, 60), lambda report=report: pair.controller.say(0, 4, report))  # type: ignore[misc]
    pair.run_for(60)
    pair.run_until_idle()
    pair.run_for(120)
    return pair, answers


@pytest.mark.parametrize("block", range(10))
def test_every_command_is_answered_once_and_executed_at_most_once(block: int) -> None:
    for seed in range(block, SEEDS, 10):
        pair, answers = _run(seed)
        executed = Counter(pair.controller.executed)
        for name, given in answers.items():
            assert len(given) == 1, f"seed {seed}: {name.hex()} was answered {given}"
            assert executed[name] <= 1, f"seed {seed}: {name.hex()} was executed {executed[name]} times"
            answer = given[0]
            if isinstance(answer, Answered) and isinstance(answer.callback, SendDataCallback):
                delivered = answer.callback.status is TransmitStatus.OK
                assert not delivered or executed[name], f"seed {seed}: {name.hex()} was not executed: {answer}"
        assert pair.host.next_deadline() is None, f"seed {seed}: something is still awaited"


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
