"""One seed is one run: whatever the version of Python, and whatever it hashes strings to.

Each of `runs` is carried out by processes of their own: this Python with two seeds of its hashes and with one that it
draws, and a second Python.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.determinism.runs import RUNS
from tests.interop.peers import PROJECT, need

SECOND = PROJECT / ".second-python" / "bin" / "python"
VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


def runs_of(python: str | Path, hash_seed: str) -> dict[str, str]:
    """By run, its hash."""
    told = _output(python, ["-m", "tests.determinism.runs"], hash_seed)
    return dict(line.split() for line in told.splitlines())


def _output(python: str | Path, arguments: list[str], hash_seed: str = "random") -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ended = subprocess.run(
        [python, *arguments],
        cwd=PROJECT,
        env={**environment, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    return ended.stdout


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    found = runs_of(sys.executable, "0")
    assert set(found) == set(RUNS)
    return found


def test_every_run_is_another_one(expected: dict[str, str]) -> None:
    assert len(set(expected.values())) == len(expected)


@pytest.mark.parametrize("hash_seed", ["1", "random"])
def test_the_hashes_of_strings_change_nothing(hash_seed: str, expected: dict[str, str]) -> None:
    assert runs_of(sys.executable, hash_seed) == expected


def test_another_python_changes_nothing(expected: dict[str, str]) -> None:
    if os.environ.get("HUBAGENT_NO_SECOND_PYTHON") == "1":
        pytest.skip("this machine has no second Python")
    need(SECOND.exists(), "there is no second Python (make second-python)")
    assert _output(SECOND, ["-c", VERSION]) != _output(sys.executable, ["-c", VERSION])
    assert runs_of(SECOND, "random") == expected
