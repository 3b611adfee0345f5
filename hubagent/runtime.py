"""The seams: everything the agent takes from the machine it runs on, in one frozen value.

Wall clock, entropy, random streams, serial ports, connections and the store's file come through here and from nowhere
else; the monotonic clock is `loop.time()`. So the whole agent runs in virtual time from a seed, without a patch.
"""

import asyncio
import os
import random
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class PortError(Exception):
    """A port that cannot be opened. `reason` says what is wrong, `remedy` what to do about it."""

    def __init__(self, port: str, reason: str, remedy: str) -> None:
        super().__init__(f"{port}: {reason}; {remedy}")
        self.port = port
        self.reason = reason
        self.remedy = remedy


class OpenSerial(Protocol):
    """Opens a serial port, TCP socket or simulated cable, by path or URL, as an asyncio transport."""

    async def __call__(self, port: str, baud: int, protocol: asyncio.Protocol) -> asyncio.WriteTransport:
        """Connect `protocol` to `port`. `transport.write` sends at once whatever can be sent at once.

        Raises PortError: not there, busy, no permission.
        """
        ...


class Connect(Protocol):
    """Opens a connection to a host on the network: plain TCP, or TLS with the host's name verified."""

    async def __call__(
        self, host: str, port: int, /, *, tls: bool
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Raises OSError (ssl.SSLError is one)."""
        ...


async def _connect(host: str, port: int, *, tls: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    import ssl  # noqa: PLC0415 - most hubs call nobody, and it takes 10 ms

    return await asyncio.open_connection(host, port, ssl=ssl.create_default_context() if tls else None)


def _open_database(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=True)


@dataclass(frozen=True, slots=True)
class Runtime:
    wall: Callable[[], float]
    """Unix seconds; may step. For stamps and schedules only."""
    entropy: Callable[[int], bytes]
    """So many bytes for keys and nonces."""
    rng: Callable[[str], random.Random]
    """One random stream a name: jitter, back-off."""
    open_serial: OpenSerial
    open_database: Callable[[Path], sqlite3.Connection] = _open_database
    connect: Connect = _connect


def real_runtime(open_serial: OpenSerial) -> Runtime:
    """The machine as it is."""
    return Runtime(
        wall=time.time,  # noqa: TID251 - this is the seam
        entropy=os.urandom,  # noqa: TID251 - this is the seam
        rng=lambda name: random.Random(f"{name}:{os.urandom(16).hex()}"),  # noqa: S311, TID251 - jitter, not secrets
        open_serial=open_serial,
    )
