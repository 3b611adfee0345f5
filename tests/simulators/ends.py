"""The two ends of a cable, for tests: a dongle and a host that keep what they saw."""

import asyncio


class End(asyncio.Protocol):
    """Keeps what happened: "made", "lost", and the bytes with the time of their arrival."""

    def __init__(self, echo: bool = False) -> None:
        self.happened: list[str] = []
        self.chunks: list[tuple[float, bytes]] = []
        self.transport: asyncio.WriteTransport | None = None
        self._echo = echo
        self._arrived = asyncio.Event()

    @property
    def received(self) -> bytes:
        return b"".join(data for _, data in self.chunks)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        self.happened.append("made")
        self._arrived.set()

    def data_received(self, data: bytes) -> None:
        self.chunks.append((asyncio.get_running_loop().time(), data))
        self._arrived.set()
        if self._echo:
            self.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.happened.append(f"lost: {exc}" if exc else "lost")
        self._arrived.set()

    def write(self, data: bytes) -> None:
        assert self.transport is not None
        self.transport.write(data)

    async def until(self, length: int) -> bytes:
        """Wait until so many bytes arrived."""
        async with asyncio.timeout(5):
            while len(self.received) < length:
                self._arrived.clear()
                await self._arrived.wait()
        return self.received

    async def until_happened(self, what: str) -> None:
        async with asyncio.timeout(5):
            while not any(event.startswith(what) for event in self.happened):
                self._arrived.clear()
                await self._arrived.wait()
