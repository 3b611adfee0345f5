"""`kill -9` at any moment, on a real disk: what was committed and not acknowledged is there, no number comes twice."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hubagent.uplink.outbox.outbox import open_outbox
from tests.hubagent.uplink.outbox.an_outbox import EVENT, read_all
from tests.hubagent.uplink.outbox.writer import the_runtime

ROUNDS = 10


@pytest.mark.real_time
async def test_what_was_committed_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    """Fault 5: a process that is killed with its queue in memory."""
    rng = random.Random(7)
    committed: dict[tuple[int, int], int] = {}
    boots: set[int] = set()
    for _ in range(ROUNDS):
        acknowledged, wrote, boot = _write_until_killed(tmp_path, rng.randrange(1, 40))
        assert boot not in boots
        boots.add(boot)
        assert not wrote.keys() & committed.keys()
        committed |= wrote
        for epoch, upto in acknowledged.items():
            committed = {key: size for key, size in committed.items() if key[0] != epoch or key[1] > upto}
        outbox = open_outbox(tmp_path, the_runtime())
        assert outbox.boot not in boots
        boots.add(outbox.boot)
        kept = {
            (epoch, it.seq): len(it.content)
            for (name, epoch), messages in read_all(outbox).items()
            for it in messages
            if name is EVENT
        }
        assert committed.items() <= kept.items()
        outbox.close()
    assert len(committed) > ROUNDS


def _write_until_killed(folder: Path, lines: int) -> tuple[dict[int, int], dict[tuple[int, int], int], int]:
    """What it said that it acknowledged, by epoch; what it said was committed, with the sizes; and its boot."""
    acknowledged: dict[int, int] = {}
    committed: dict[tuple[int, int], int] = {}
    boot = 0
    with subprocess.Popen(
        [sys.executable, "-m", "tests.hubagent.uplink.outbox.writer", str(folder)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        for number, line in enumerate(writer.stdout):
            if not line.endswith("\n"):
                break  # killed while it said this
            word, *numbers = line.split()
            match word, [int(it) for it in numbers]:
                case "boot", [boot]:
                    pass
                case "committed", [epoch, *pairs]:
                    committed |= {(epoch, seq): size for seq, size in zip(pairs[::2], pairs[1::2], strict=True)}
                case "acknowledging", [epoch, seq]:
                    acknowledged[epoch] = seq
            if number == lines:
                # Wherever it is by now.
                writer.send_signal(signal.SIGKILL)
    return acknowledged, committed, boot
