"""A hub and its home as they run in earnest: the agent in one process, the simulated home in another."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from simulators.bench.subjects import START_S, SubjectBroken
from simulators.bench.uplink.site import Site

HOME: Final = "demo"
LAMP: Final = "kitchen.light"
"""One that is switched without a ramp: what is measured is the way, not the lamp."""
_LINES_KEPT: Final = 5


@asynccontextmanager
async def a_home(folder: Path) -> AsyncIterator[dict[str, str]]:
    """The demo's home without an agent; by radio, where its stick is. Raises SubjectBroken.

    Its air takes no time: what is measured is the way, not the simulation of a radio.
    """
    ports = {radio: free_tcp_port() for radio in ("zwave", "zigbee")}
    places = [word for radio, port in ports.items() for word in (f"--{radio}", f"tcp://127.0.0.1:{port}")]
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder)}
    _make(folder)
    async with a_process("sim", "up", HOME, "--world-only", "--state", str(folder), *places, environment=environment):
        swift = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hubagent", "sim", "do", "fault", "air.frame_s", "seconds=0", env=environment
        )
        if await swift.wait() != 0:
            raise SubjectBroken("the simulated home does not take air.frame_s")
        yield {radio: f"socket://127.0.0.1:{port}" for radio, port in ports.items()}


@asynccontextmanager
async def a_hub(folder: Path, sticks: dict[str, str], site: Site, port: int | None = None) -> AsyncIterator[None]:
    """`hubagent run`, from when its radios are up, if it has any; it reaches `site`, maybe through `port`.

    Raises SubjectBroken.
    """
    seal = site.identify(folder / "state")
    config = folder / "hub.toml"
    drivers = "".join(f'[drivers.{radio}]\nport = "{stick}"\n' for radio, stick in sticks.items())
    config.write_text(
        f'[hub]\nname = "bench"\nstate_dir = "state"\n{drivers}[api]\nlisten = "off"\n'
        f'[uplink]\nurl = "{site.url(port)}"\nfallbacks = false\n[identity]\nseal = "file:{seal}"\n',
        encoding="utf-8",
    )
    async with a_process("run", "--config", str(config)):
        yield


@asynccontextmanager
async def a_process(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`hubagent ARGUMENTS`, from when it has said "ready". Raises SubjectBroken."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "hubagent",
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    try:
        async with asyncio.TaskGroup() as tasks:
            await _ready(process, arguments[0])
            # A pipe that nobody reads would stop it in the end.
            reading = tasks.create_task(_read_on(process))
            yield process
            reading.cancel()
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def _ready(process: asyncio.subprocess.Process, name: str) -> None:
    assert process.stderr is not None
    said: list[str] = []
    try:
        async with asyncio.timeout(START_S):
            async for line in process.stderr:
                said.append(line.decode(errors="replace").rstrip())
                if said[-1].startswith("ready"):
                    return
    except TimeoutError:
        said.append(f"and then nothing for {START_S:g} s")
    raise SubjectBroken(f"hubagent {name} did not become ready: " + "\n".join(said[-_LINES_KEPT:]))


async def _read_on(process: asyncio.subprocess.Process) -> None:
    assert process.stderr is not None
    while await process.stderr.read(65536):
        pass


def _make(folder: Path) -> None:
    folder.mkdir(parents=True)


def free_tcp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
