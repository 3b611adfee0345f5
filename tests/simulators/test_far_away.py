"""`sim up --cloud`: a simulated home that somebody far away sees, and whose lamp they tap."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

pytestmark = pytest.mark.real_time

COMMAND = (sys.executable, "-m", "hubagent", "sim", "up")


@contextmanager
def up(folder: Path, *options: str) -> Iterator[tuple[IO[str], IO[str]]]:
    """Its stdout and stderr, while it runs."""
    around = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "NO_COLOR": "1"}
    command = (*COMMAND, "demo", "--cloud", "--api", "off", "--seconds", "40", *options)
    with subprocess.Popen(
        command, env=around, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            yield process.stdout, process.stderr
        finally:
            process.terminate()
            process.communicate(timeout=20)


def line_with(stream: IO[str], words: str) -> str:
    for line in stream:
        if words in line:
            return line.rstrip("\n")
    raise AssertionError(f"it ended without saying {words!r}")


def test_the_time_of_a_tap_far_away_is_shown_beside_the_same_tap_at_home(tmp_path: Path) -> None:
    with up(tmp_path, "--fresh") as (stdout, stderr):
        assert "its page: http://127.0.0.1:" in line_with(stderr, "in the cloud")
        far = line_with(stdout, "a tap far away")
        near = line_with(stdout, "the same tap at home")
    pattern = re.compile(r"(\S+)  on = (true|false), there and back in [0-9.]+ ms$")
    there, here = pattern.search(far), pattern.search(near)
    assert there is not None
    assert here is not None
    assert there[1] == here[1]
    assert there[2] != here[2]


def test_a_home_that_is_kept_is_the_same_hub_tomorrow(tmp_path: Path) -> None:
    names = []
    for _ in range(2):
        with up(tmp_path, "--state", "kept") as (_, stderr):
            names.append(line_with(stderr, "in the cloud").split()[3])
            line_with(stderr, "ready in")
    assert names[0] == names[1]
    assert not list((tmp_path / "kept" / "agent").rglob("seal.key"))


def test_a_cloud_without_an_agent_makes_no_sense(tmp_path: Path) -> None:
    done = subprocess.run(
        (*COMMAND, "--world-only", "--cloud"), capture_output=True, text=True, check=False, timeout=30, cwd=tmp_path
    )
    assert (done.returncode, "--world-only leaves it out" in done.stderr) == (2, True)
