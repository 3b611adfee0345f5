"""A TCP connection to a name, whichever of its addresses answers first: Happy Eyeballs (RFC 8305).

asyncio has one of its own, which loses a socket when it is cancelled at the moment that the socket connects (3.11).
"""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain, zip_longest
from typing import Any, Final

from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.tls_trouble import reason_of

ATTEMPT_DELAY_S: Final = 0.25
"""The recommended Connection Attempt Delay (section 5)."""
ADDRESSES_MAX: Final = 8

_Resolved = tuple[int, Any]
"""Family, and address as `connect` wants it."""


async def reach(address: Address) -> socket.socket:
    """A connected socket that does not block. Raises OSError; socket.gaierror where the name has no address.

    Cancelled, it leaves none.
    """
    race = _Race()
    try:
        await race.run(_interleaved(await _resolve(address))[:ADDRESSES_MAX])
    except BaseException:
        race.close(but=None)
        raise
    race.close(but=race.winner)
    if race.winner is None:
        raise race.error()
    return race.winner


async def _resolve(address: Address) -> list[_Resolved]:
    """Anew each time: a service moves, and a hub runs for years."""
    try:
        literal = ipaddress.ip_address(address.host)
    except ValueError:
        found = await _looked_up(address)
        return [(family, sockaddr) for family, _, _, _, sockaddr in found]
    family = socket.AF_INET if literal.version == 4 else socket.AF_INET6
    return [(family, (address.host, address.port))]


async def _looked_up(address: Address) -> list[Any]:
    try:
        return await asyncio.get_running_loop().getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        # A name that DNS's letters cannot say: for the caller, one more that has no address.
        raise socket.gaierror(socket.EAI_NONAME, "there can be no such name") from error


def _interleaved(found: Sequence[_Resolved]) -> list[_Resolved]:
    """The families in turn, beginning with the one that the resolver put first (section 4)."""
    first = [it for it in found if it[0] == found[0][0]]
    others = [it for it in found if it[0] != found[0][0]]
    return [it for it in chain.from_iterable(zip_longest(first, others)) if it is not None]


class _Race:
    """One attempt after another, each begun when the one before failed or had its time; the first one wins."""

    def __init__(self) -> None:
        self.winner: socket.socket | None = None
        self._open: list[socket.socket] = []
        self._errors: list[tuple[str, OSError]] = []
        self._stirred = asyncio.Event()
        """An attempt has ended, one way or the other."""

    async def run(self, found: Sequence[_Resolved]) -> None:
        async with asyncio.TaskGroup() as group:
            attempts = []
            for resolved in found:
                attempts.append(group.create_task(self._try(*resolved)))
                with suppress(TimeoutError):
                    async with asyncio.timeout(ATTEMPT_DELAY_S):
                        await self._stir()
                if self.winner is not None:
                    break
            while self.winner is None and len(self._errors) < len(found):
                await self._stir()
            for attempt in attempts:
                attempt.cancel()

    def error(self) -> OSError:
        """Why nobody won."""
        if len(self._errors) == 1:
            return self._errors[0][1]
        reasons = "; ".join(f"{host}: {reason_of(error)}" for host, error in self._errors)
        return OSError(reasons or "its name has no address")

    def close(self, but: socket.socket | None) -> None:
        for one in self._open:
            if one is not but:
                one.close()

    async def _stir(self) -> None:
        await self._stirred.wait()
        self._stirred.clear()

    async def _try(self, family: int, sockaddr: Any) -> None:
        try:
            one = socket.socket(family, socket.SOCK_STREAM)
            self._open.append(one)
            one.setblocking(False)
            await asyncio.get_running_loop().sock_connect(one, sockaddr)
            self.winner = self.winner or one
        except OSError as error:
            self._errors.append((sockaddr[0], error))
        self._stirred.set()
