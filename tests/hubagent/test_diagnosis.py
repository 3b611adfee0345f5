"""What doctor finds out about ports and the state's folder."""

import asyncio
import errno
import os
import pty
import pwd
import tempfile
import tty
from pathlib import Path

import pytest

from hubagent.cli.drivers import own_schemes
from hubagent.diagnosis import Grade, differences, examine_neighbours, examine_port, examine_state, remedy
from tests.helpers.an_agent import a_config, an_agent
from tests.helpers.fake_driver import FakeKind

pytestmark = pytest.mark.real_time


async def test_a_port_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    [finding] = await examine_port("x", str(tmp_path / "ttyX"))
    assert finding.grade is Grade.BAD
    assert "is not there; there is" in finding.text


async def test_a_file_is_no_port(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    [finding] = await examine_port("x", str(tmp_path / "file"))
    assert finding.text.endswith("is not a serial port")


async def test_a_port_that_somebody_has_open_is_told_with_who() -> None:
    first, second = pty.openpty()
    tty.setraw(second)
    try:
        [finding] = await examine_port("x", os.ttyname(second))
    finally:
        os.close(first)
        os.close(second)
    assert finding.grade is Grade.DOUBTFUL
    assert f"(pid {os.getpid()})" in finding.text


async def test_an_address_that_accepts_is_good_and_one_that_refuses_is_not() -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    [good] = await examine_port("x", f"socket://127.0.0.1:{port}")
    server.close()
    await server.wait_closed()
    [bad] = await examine_port("x", f"socket://127.0.0.1:{port}")
    assert (good.grade, bad.grade) == (Grade.GOOD, Grade.BAD)
    assert "Connection refused" in bad.text


@pytest.mark.parametrize(
    ("port", "said"),
    [
        ("socket://127.0.0.1:99999", "socket://127.0.0.1:99999 is not an address"),
        ("socket://[::1", "socket://[::1 is not an address"),
        ("tcp://127.0.0.1", "tcp://127.0.0.1 is not an address"),
        ("socket://stick..example:5555", "no host is called stick..example"),
    ],
)
async def test_an_address_that_can_be_none_is_told_and_not_taken_for_good(port: str, said: str) -> None:
    [finding] = await examine_port("x", port)
    assert (finding.grade, finding.text) == (Grade.BAD, said)
    assert finding.fix
    assert examine_neighbours("x", port) == []


@pytest.mark.parametrize(
    ("port", "grade", "said"),
    [
        ("sim://home", Grade.GOOD, "sim://home is opened by what is installed for sim://"),
        ("nosuch://home", Grade.DOUBTFUL, "nothing is installed that opens nosuch:// for the driver"),
        # As openers are found: by the letters that were written.
        ("SIM://home", Grade.DOUBTFUL, "nothing is installed that opens sim:// for the driver"),
    ],
)
async def test_a_scheme_that_nothing_opens_is_not_taken_for_good(port: str, grade: Grade, said: str) -> None:
    [finding] = await examine_port("x", port, {"sim"})
    assert (finding.grade, finding.text) == (grade, said)


async def test_what_is_installed_opens_ports_of_the_simulated_home() -> None:
    assert own_schemes() == {"sim"}


async def test_names_that_are_too_long_are_told_and_no_trace(tmp_path: Path) -> None:
    name = 300 * "x"
    [port] = await examine_port("x", f"/dev/{name}")
    assert (port.grade, port.text) == (Grade.BAD, f"/dev/{name} cannot be looked at: File name too long")
    [state] = examine_state(tmp_path / name)
    assert (state.grade, state.text) == (Grade.BAD, "cannot be used for the state: File name too long")
    assert differences({"drivers": {}}, tmp_path / name, {}, ()) == []


async def test_a_host_with_two_addresses_that_both_refuse_is_no_error_of_input_and_output(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def refused(*_arguments: object) -> None:
        raise OSError("Multiple exceptions: [Errno 111] Connect call failed, [Errno 111] Connect call failed")

    monkeypatch.setattr(asyncio, "open_connection", refused)
    [finding] = await examine_port("x", "socket://localhost:5555")
    assert "localhost:5555 cannot be reached: Multiple exceptions: [Errno 111] Connect call failed" in finding.text


def test_a_state_that_can_be_made_is_good_and_nothing_is_made(tmp_path: Path) -> None:
    [finding] = examine_state(tmp_path / "a" / "b")
    assert finding.grade is Grade.GOOD
    assert not (tmp_path / "a").exists()


def test_a_state_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    [finding] = examine_state(tmp_path / "file" / "state")
    assert finding.grade is Grade.BAD


def test_a_state_that_nobody_can_make_is_told_as_the_agent_says_it() -> None:
    """Not even root, who may write everywhere."""
    [finding] = examine_state(Path("/proc/nix"))
    assert finding.grade is Grade.BAD
    assert finding.text.startswith("cannot be used for the state: ")


def test_a_state_that_is_a_services_own_is_not_to_be_made_writable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(**_arguments: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", denied)
    [ours] = examine_state(tmp_path)
    assert (ours.grade, "writable" in ours.fix) == (Grade.BAD, True)
    owner = pwd.getpwuid(os.geteuid()).pw_name
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    [finding] = examine_state(tmp_path)
    assert (finding.grade, finding.text) == (
        Grade.DOUBTFUL,
        f"is {owner}'s, and nothing can be seen of it from here",
    )
    assert f"sudo -u {owner} hubagent doctor" in finding.fix


def test_a_state_that_is_looked_at_is_as_before(tmp_path: Path) -> None:
    examine_state(tmp_path)
    assert list(tmp_path.iterdir()) == []


STATUS = {"drivers": {"zwave": {"port": "/dev/a"}, "zigbee": {"condition": "troubled"}}}


async def test_an_agent_is_known_by_its_drivers_ports_and_state(tmp_path: Path) -> None:
    config = a_config(tmp_path)
    drivers = ["zwave", "zigbee"]
    async with an_agent(tmp_path, FakeKind(), config):
        assert differences(STATUS, config.state_dir, {"zwave": "/dev/a", "zigbee": "/dev/z"}, drivers) == []
        assert differences(STATUS, config.state_dir, {"zwave": "/dev/b"}, ["zwave", "knx"]) == [
            "it has no driver knx",
            "it has a driver zigbee",
            "its zwave stick is at /dev/a, not at /dev/b",
        ]
    for state in (config.state_dir, tmp_path / "none"):
        assert differences(STATUS, state, {}, drivers) == [f"it does not use the state in {state}"]


@pytest.mark.parametrize(
    ("driver", "port", "said"),
    [
        ({"status": "port lost"}, "/dev/ttyACM0", "plug it in again"),
        ({"status": "port lost"}, "socket://10.0.0.1:5555", "look whether what offers that port runs"),
        ({"status": "unresponsive"}, "/dev/ttyACM0", "unplug the stick"),
        ({}, None, "the agent's log"),
    ],
)
def test_a_driver_in_trouble_has_a_remedy(driver: dict[str, str], port: str | None, said: str) -> None:
    assert remedy(driver, port).startswith(said)


async def test_a_state_in_use_is_told_with_by_whom(tmp_path: Path) -> None:
    config = a_config(tmp_path)
    async with an_agent(tmp_path, FakeKind(), config):
        [finding] = examine_state(config.state_dir)
        assert finding.text == f"used by hubagent (pid {os.getpid()})"
