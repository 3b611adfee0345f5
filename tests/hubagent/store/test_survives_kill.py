"""`kill -9` at any moment: what was acknowledged is there afterwards, and the state opens without complaint."""

import logging
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.store_writer import records_of

ROUNDS = 12


@pytest.mark.real_time
async def test_what_was_acknowledged_before_a_kill_is_there_after_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    rng = random.Random(7)
    acknowledged = -1
    for round_number in range(ROUNDS):
        acknowledged = _write_until_killed(tmp_path, acknowledged + 1, rng.randrange(1, 60))
        kept = records_of(tmp_path)
        missing = [number for number in range(acknowledged + 1) if str(number) not in kept]
        assert missing == [], f"round {round_number}"
    assert caplog.text == ""
    assert acknowledged > ROUNDS


def _write_until_killed(folder: Path, first: int, after: int) -> int:
    """Kill a writer once it has acknowledged `after` records more; the last number that it acknowledged."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.helpers.store_writer", str(folder), str(first)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        last = first - 1
        for line in writer.stdout:
            last = int(line)
            if last == first + after:
                # Wherever it is by now: between two records, or in the middle of one.
                writer.send_signal(signal.SIGKILL)
        return last
