"""`hubagent sim cloud` as people type it: what it says is enough to connect a hub."""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulators.cloud_cli import default_state
from tests.helpers.hub_process import hubagent

pytestmark = pytest.mark.real_time


def environment(folder: Path) -> dict[str, str]:
    own = {"XDG_RUNTIME_DIR": "run", "XDG_STATE_HOME": "state", "XDG_CONFIG_HOME": "config"}
    return {**os.environ, **{name: str(folder / below) for name, below in own.items()}, "NO_COLOR": "1"}


@pytest.fixture
def near() -> Iterator[Path]:
    """A folder with a short name, as a socket's path must be."""
    with tempfile.TemporaryDirectory(prefix="cloud-") as folder:
        yield Path(folder)


@contextmanager
def a_cloud(folder: Path, *options: str) -> Iterator[tuple[list[str], Mapping[str, str]]]:
    """Running, with what it said on stdout before it was ready, and the environment it is in."""
    around = environment(folder)
    command = [sys.executable, "-m", "hubagent", "sim", "cloud", "--any-ports", *options]
    with subprocess.Popen(
        command, env=around, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            ready = process.stderr.readline()
            assert ready.startswith("ready in "), ready + process.stderr.read()
            said: list[str] = []
            while not said or not said[-1].startswith("then:"):
                said.append(process.stdout.readline().rstrip("\n"))
            yield said, around
        finally:
            process.terminate()
            assert process.wait(10) == 0


def test_the_commands_that_it_prints_give_a_hub_its_identity(near: Path) -> None:
    with a_cloud(near) as (said, around):
        assert said[0].startswith("page: http://127.0.0.1:")
        line = next(it for it in said if it.lstrip().startswith("hubagent provision"))
        done = hubagent(*shlex.split(line)[1:], environment=dict(around))
        assert done.returncode == 0, done.stderr
        assert "this hub is hub-" in done.stderr
        url = next(it for it in said if it.lstrip().startswith("url = "))
        assert url.strip().startswith('url = "coaps+tcp://localhost:')


def test_a_running_cloud_is_told_what_to_do_and_asked_who_is_there(near: Path) -> None:
    with a_cloud(near, "--fresh") as (said, around):
        done = hubagent("sim", "cloud", "do", "stall", "seconds=5", environment=dict(around))
        assert (done.returncode, "for 5 s" in done.stdout) == (0, True), done.stderr
        done = hubagent("sim", "cloud", "do", "explode", environment=dict(around))
        assert (done.returncode, "there is refuse" in done.stderr) == (1, True)
        done = hubagent("sim", "cloud", "do", "stall", "seconds", environment=dict(around))
        assert done.returncode == 2
        done = hubagent("sim", "cloud", "show", environment=dict(around))
        assert said[0] in done.stdout
        assert "it misbehaves: stall" in done.stdout
        done = hubagent("sim", "cloud", "claim", environment=dict(around))
        assert done.stdout.startswith("hubagent provision --cloud https://localhost:")


def test_it_ends_by_itself(near: Path) -> None:
    done = hubagent("sim", "cloud", "--any-ports", "--fresh", "--seconds", "0.1", environment=environment(near))
    assert done.returncode == 0, done.stderr
    assert "ready in" in done.stderr


def test_without_a_running_cloud_there_is_nobody_to_ask(tmp_path: Path) -> None:
    done = hubagent("sim", "cloud", "show", environment=environment(tmp_path))
    assert (done.returncode, "start one with `hubagent sim cloud`" in done.stderr) == (3, True)


def test_mosquitto_that_is_missing_is_said_to_be(tmp_path: Path) -> None:
    around = {**environment(tmp_path), "PATH": "/nowhere"}
    done = hubagent("sim", "cloud", "--any-ports", "--mqtt", "--listen", "192.0.2.1", environment=around)
    assert (done.returncode, "is not this machine's" in done.stderr) == (3, True), done.stderr


def test_it_keeps_its_state_where_people_expect_it() -> None:
    assert default_state({"XDG_STATE_HOME": "/somewhere"}) == Path("/somewhere/hubagent-cloud")
    assert default_state({}).parts[-3:] == (".local", "state", "hubagent-cloud")


@pytest.mark.parametrize("command", [("up", "demo", "--seconds", "1"), ("cloud", "--any-ports", "--seconds", "1")])
def test_a_socket_that_no_system_takes_is_called_so_with_what_helps(near: Path, command: tuple[str, ...]) -> None:
    around = {**environment(near), "XDG_RUNTIME_DIR": str(near / ("long" * 30))}
    done = hubagent("sim", *command, "--fresh", environment=around)
    assert (done.returncode, "set XDG_RUNTIME_DIR to a folder with a shorter name" in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr
