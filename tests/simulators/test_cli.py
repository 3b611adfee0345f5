"""The `sim` commands as processes: what they print where, and how they end."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.real_time

TIMEOUT_S = 60


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from hubagent.cli.main import main; main()", *arguments]


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "XDG_RUNTIME_DIR": str(folder)}


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(*arguments), env=_environment(folder), capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )


@contextmanager
def _up(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`sim up`, and the line with which it says that it is ready."""
    with subprocess.Popen(
        _command("sim", "up", *arguments),
        env=_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr is not None
            ready = next(line for line in process.stderr if line.startswith("ready in"))
            yield process, ready
        finally:
            process.kill()


def test_the_bundled_homes_are_listed(tmp_path: Path) -> None:
    homes = json.loads(_run(tmp_path, "sim", "list", "--json").stdout)
    assert [home["name"] for home in homes["homes"]] == ["demo", "family_house", "flat", "studio", "worst_day"]


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("up", "castle"), 2, "there is no home 'castle'"),
        (("up", "--zwave", "usb"), 2, "neither pty:PATH nor tcp://"),
        (("up", "--page", "8090"), 2, "neither HOST:PORT"),
        (("up", "--world-only", "--zwave", "pty:/nowhere/stick"), 3, "there is no folder /nowhere"),
        (("do", "press", "hall.light"), 3, "no simulated home is running"),
        (("do", "dance"), 2, "'dance' is nothing that can be done"),
    ],
)
def test_a_wrong_command_ends_with_its_code_and_one_clear_error(
    tmp_path: Path, arguments: tuple[str, ...], code: int, complaint: str
) -> None:
    done = _run(tmp_path, "sim", *arguments)
    assert done.returncode == code
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_what_can_go_wrong_is_listed_without_a_home(tmp_path: Path) -> None:
    done = _run(tmp_path, "sim", "do", "fault")
    assert done.returncode == 0
    assert re.search(
        r"^device\.reboot  +device=NAME .*seconds=2 s.*its firmware starts anew", done.stdout, re.MULTILINE
    )
    assert re.search(r"^air\.loss  +\[radio=NAME\] +rate=0\.3 chance ", done.stdout, re.MULTILINE)
    # 0 is not never.
    assert re.search(r"^wire\.flip .* rate=0 \(the next write only\), direction=to_host ", done.stdout, re.MULTILINE)


def test_a_folder_that_cannot_be_written_to_is_said_in_one_line(tmp_path: Path) -> None:
    state = tmp_path / "state"
    (state / "zwave-stick.json.new").mkdir(parents=True)
    done = _run(tmp_path, "sim", "up", "studio", "--world-only", "--state", str(state))
    assert done.returncode == 1
    file = state / "zwave-stick.json"
    assert done.stderr == f"error: {file} cannot be written: Is a directory; name another folder with --state\n"
    (tmp_path / "file").touch()
    done = _run(tmp_path, "sim", "up", "studio", "--world-only", "--state", str(tmp_path / "file" / "state"))
    assert done.returncode == 2
    assert done.stderr == f"error: --state: {tmp_path}/file/state cannot be made: Not a directory\n"


def test_a_snapshot_that_is_none_is_called_so_with_what_it_should_be(tmp_path: Path) -> None:
    file = tmp_path / "lamp.json"
    file.write_text('{"ieee": ')
    done = _run(tmp_path, "sim", "up", "studio", "--zigbee-device", str(file), "--api", "off")
    assert done.returncode == 2
    assert f"{file}: the file: Invalid JSON" in done.stderr
    assert "ZHA" in done.stderr
    assert "--fresh" not in done.stderr


def test_a_world_without_an_agent_offers_its_stick_and_ends_at_ctrl_c(tmp_path: Path) -> None:
    with _up(tmp_path, "studio", "--world-only", "--zwave", "tcp://127.0.0.1:0") as (process, ready):
        port = re.search(r"socket://127\.0\.0\.1:(\d+)", ready)
        assert port is not None
        with socket.create_connection(("127.0.0.1", int(port[1])), timeout=TIMEOUT_S) as stick:
            stick.sendall(bytes.fromhex("01030002fe"))
            assert stick.recv(1) == b"\x06"
        assert _run(tmp_path, "sim", "do", "press", "studio.light").returncode == 0
        shown = json.loads(_run(tmp_path, "sim", "show", "--json").stdout)
        assert shown["devices"][0]["state"] == {"on": True}
        process.send_signal(signal.SIGINT)
        assert process.wait(TIMEOUT_S) == 130
        assert process.stderr is not None
        assert process.stderr.read().strip() == ""
    assert list((tmp_path / "hubagent").iterdir()) == []


def test_an_agent_that_cannot_start_on_its_world_ends_with_one_clear_error(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        api = f"127.0.0.1:{taken.getsockname()[1]}"
        done = _run(tmp_path, "sim", "up", "studio", "--api", api)
    assert done.returncode == 1
    assert f"error: {api}: the API cannot listen there" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_world_with_its_agent_shows_a_rule_at_work_and_ends_when_its_time_is_over(tmp_path: Path) -> None:
    done = _run(tmp_path, "sim", "up", "studio", "--api", "off", "--seconds", "5")
    assert done.returncode == 0
    assert "ready in" in done.stderr
    assert "studio.motion  occupied = " in done.stdout
    assert "Traceback" not in done.stderr
