"""The seams of `hubagent.runtime`, simulated: clock, entropy, random streams, ports and databases from one seed."""

import asyncio
import random
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from hubagent.runtime import PortError, Runtime
from simulators.cable import MemoryCable

START = 1_767_225_600.0
"""2026-01-01 00:00 UTC: where the wall clock stands when the loop's stands at 0."""


def simulated_runtime(
    seed: object, ports: Mapping[str, MemoryCable], *, state: Path | None = None, start: float = START
) -> Runtime:
    """What the agent takes from its machine, all of it from `seed`.

    `ports` are the serial ports there are, by name. Databases are kept in the folder `state`, by the name that the
    agent gives them; without it each is in memory and gone when it is closed.
    """
    streams: dict[str, random.Random] = {}

    def rng(name: str) -> random.Random:
        return streams.setdefault(name, random.Random(f"{seed}:{name}"))  # noqa: S311 - a simulation's

    async def open_serial(port: str, baud: int, protocol: asyncio.Protocol) -> asyncio.WriteTransport:  # noqa: ARG001
        if port not in ports:
            raise PortError(port, "there is no such port", f"ports of this simulation: {', '.join(sorted(ports))}")
        return ports[port].open(protocol)

    async def connect(host: str, port: int, *, tls: bool) -> NoReturn:
        raise ConnectionRefusedError(f"{'TLS' if tls else 'TCP'} to {host}:{port}: this simulation has no network")

    def open_database(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(":memory:" if state is None else state / path.name, isolation_level=None)

    return Runtime(
        wall=lambda: start + asyncio.get_running_loop().time(),
        entropy=random.Random(f"{seed}:entropy").randbytes,  # noqa: S311 - a simulation's
        rng=rng,
        open_serial=open_serial,
        open_database=open_database,
        connect=connect,
    )
