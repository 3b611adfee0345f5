"""The whole agent, as a process, on zwave-js' own mock stick; and on the mock server as its makers start it."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.an_agent import a_free_port
from tests.helpers.beside import beside
from tests.interop.zwave_js.mock_server import mock_server
from tests.interop.zwave_js.mock_stick import Kind, MockStick, mock_stick

pytestmark = [pytest.mark.interop, pytest.mark.real_time]

PROJECT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT), "NO_COLOR": "1"}
READY_S = 30.0
INTERVIEWS_S = 60.0
SILENT = 5
"""The exit code of a command to a device that does not answer."""

RULE = """
[[rule]]
name = "light follows motion"
when = "sensor_7 becomes occupied"
do = [{ set = "switch_2", on = true }]
"""


class Hub:
    """A running agent, seen through the command line."""

    def __init__(self, config: Path) -> None:
        self._config = config

    async def run(self, *arguments: str) -> tuple[int, str]:
        """The exit code and the stdout of a command."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hubagent", "--config", str(self._config), *arguments),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=ENVIRONMENT,
        )
        said, complained = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode() or complained.decode()

    async def devices(self) -> dict[int, dict[str, Any]]:
        """By address; parts of devices left out."""
        code, said = await self.run("devices", "--json")
        assert code == 0, said
        return {it["address"]: it for it in json.loads(said)["devices"] if "/" not in it["id"]}

    async def all_are(self, state: str, addresses: set[int]) -> dict[int, dict[str, Any]]:
        async with asyncio.timeout(INTERVIEWS_S):
            while True:
                devices = await self.devices()
                if addresses <= {address for address, device in devices.items() if device["state"] == state}:
                    return devices


def write_config(folder: Path, port: str) -> Path:
    host, number = a_free_port()
    path = folder / "hub.toml"
    path.write_text(
        f'[hub]\nstate_dir = "state"\n[drivers.zwave]\nport = "{port}"\n'
        f'[rules]\nfiles = ["rules.toml"]\n[api]\nlisten = "{host}:{number}"\n',
        encoding="utf-8",
    )
    (folder / "rules.toml").write_text(RULE, encoding="utf-8")
    return path


@asynccontextmanager
async def a_hub(config: Path) -> AsyncIterator[Hub]:
    """The agent is ready; it is killed at the end, as by a power cut."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hubagent", "run", "--config", str(config)),
        stderr=asyncio.subprocess.PIPE,
        env=ENVIRONMENT,
    )
    is_ready = asyncio.Event()
    try:
        async with beside(_listen(process, is_ready), "what the agent says"):
            async with asyncio.timeout(READY_S):
                await is_ready.wait()
            yield Hub(config)
    finally:
        process.kill()
        await process.wait()


async def _listen(process: asyncio.subprocess.Process, is_ready: asyncio.Event) -> None:
    """What the agent logs is shown where the test fails."""
    assert process.stderr is not None
    async for line in process.stderr:
        print(line.decode(), end="")
        if line.startswith(b"ready"):
            is_ready.set()
    raise AssertionError("the agent has ended")


async def test_the_agent_brings_up_controls_and_remembers_the_mock_home(tmp_path: Path) -> None:
    kinds = (Kind.SWITCH, Kind.DIMMER, Kind.LOCK, Kind.MOTION, Kind.STRIP, Kind.THERMOSTAT)
    async with mock_stick(tmp_path, *kinds) as stick:
        config = write_config(tmp_path, stick.url)
        async with a_hub(config) as hub:
            devices = await hub.all_are("ready", {int(kind) for kind in kinds})
            assert devices[Kind.LOCK]["capabilities"]["door_lock"]["locked"] is False
            assert devices[Kind.THERMOSTAT]["capabilities"]["temperature_measurement"]["temperature"] == 21.5
            await controls(hub, stick)
            await a_rule_reacts(hub, stick)
            await stick.deafen(Kind.DIMMER)
            assert (await hub.run("set", "dimmer_3", "level=10"))[0] == SILENT
            assert (await hub.devices())[Kind.DIMMER]["state"] == "dead"
            await stick.cure(Kind.DIMMER)
        await stick.forget()
        async with a_hub(config) as hub:
            await hub.all_are("ready", {int(kind) for kind in kinds})
            # It was killed, and still asks nobody again who he is: no Manufacturer Specific, Version, Association.
            assert not [command for command in await stick.heard() if command[:2] in ("72", "86", "85", "59")]


async def controls(hub: Hub, stick: MockStick) -> None:
    for device, values, kind, expected in (
        ("switch_2", "on=true", Kind.SWITCH, "2501ff"),
        ("dimmer_3", "level=40", Kind.DIMMER, "260128"),
        ("lock_4", "locked=true", Kind.LOCK, "6201ff"),
        ("switch_12/2", "on=true", Kind.STRIP, "600d0002" + "2501ff"),
        ("thermostat_5", "mode=heat", Kind.THERMOSTAT, "400101"),
    ):
        await stick.forget()
        code, said = await hub.run("set", device, values)
        assert code == 0, said
        assert any(expected in command for command in await stick.heard(kind))
    assert (await hub.run("set", "switch_2", "on=false"))[0] == 0
    code, said = await hub.run("get", "dimmer_3", "level_control.level", "--json")
    assert (code, json.loads(said)["value"]) == (0, 40)


async def a_rule_reacts(hub: Hub, stick: MockStick) -> None:
    await stick.forget()
    await stick.says(Kind.MOTION, "7105000000ff070800")
    await stick.hears(Kind.SWITCH, "6c01", timeout_s=5.0)
    assert any("2501ff" in command for command in await stick.heard(Kind.SWITCH))


async def test_the_agent_comes_up_on_the_mock_server_as_its_makers_start_it(tmp_path: Path) -> None:
    async with mock_server(tmp_path) as url, a_hub(write_config(tmp_path, url)) as hub:
        hearing = {int(kind) for kind in Kind} - {Kind.SLEEPER, Kind.JOINING}
        devices = await hub.all_are("ready", hearing)
        assert devices[Kind.ROOM_SENSOR]["capabilities"]["temperature_measurement"]["temperature"] == 19.25
        code, said = await hub.run("set", "switch_2", "on=true")
        assert code == 0, said
