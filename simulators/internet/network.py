"""The network between hubs and their cloud, in virtual time, as a transport of the session's port.

A line carries frames both ways, late, slowly, or not at all; it is cut, or goes half-open and is given up after
SILENCE_S. At its far end is whoever serves: `Direct`, a cloud that hubs are connected to as with CoAP, or `Broker`, one
that keeps frames for a side that is away as with MQTT, and may lose what it had confirmed.

    weather = Weather(delay_s=0.04)
    net = Internet(loop, rng, weather, server)
    transport = net.transport("hub-00000001")
"""

import asyncio
import random
from dataclasses import dataclass
from typing import Final, Protocol

from hubagent.uplink.message.channel import Up
from hubagent.uplink.message.codec import FRAME_MAX
from hubagent.uplink.transports.port import (
    CONNECT_TIMEOUT_S,
    ConnectFailed,
    Connection,
    Ear,
    Farewell,
    Limits,
    Lost,
    Trouble,
)
from simulators.internet.line import IN_FLIGHT_MAX, Line

HANDSHAKES: Final = 3
"""Round trips until a connection is there: TCP, TLS, and the protocol's own welcome."""
CRAWL_BYTES_PER_S: Final = 100.0
"""A TLS handshake is some 4 kB, a frame of ours some hundred bytes."""


@dataclass
class Weather:
    """How the network is; what is set holds for lines there are and for those to come."""

    delay_s: float = 0.02
    """In each direction."""
    jitter_s: float = 0.0
    """At most so much more; frames of one line never overtake one another."""
    bytes_per_s: float | None = None
    refusing: bool = False
    """Nobody answers at the cloud's address."""
    trouble: Lost | None = None
    """Why nobody gets there at the moment: no name, a wrong certificate, a captive portal."""

    @property
    def crawling(self) -> bool:
        """So slow that no handshake ends in time, and a ping behind a frame is answered too late."""
        return self.bytes_per_s is not None and self.bytes_per_s < CRAWL_BYTES_PER_S


_RESET: Final = Lost(Trouble.NETWORK, "the connection was reset")


class Server(Protocol):
    """Who is at the far end of lines."""

    def admits(self, hub: str) -> Lost | None:
        """Why that hub is not let in now."""
        ...

    def opened(self, line: Line, farewell: Farewell) -> None: ...

    def arrived(self, line: Line, channel: str, payload: bytes) -> str | None:
        """A frame; returns why it is not taken."""
        ...

    def writable(self, line: Line) -> None:
        """A frame of ours was confirmed by the hub."""
        ...

    def closed(self, line: Line, *, in_order: bool) -> None: ...


class Internet:
    """All lines to one server."""

    def __init__(self, loop: asyncio.AbstractEventLoop, rng: random.Random, weather: Weather, server: Server) -> None:
        self.loop = loop
        self.rng = rng
        self.weather = weather
        self.server = server
        self.frozen = False
        """Half-open: nothing passes, and nobody is told."""
        self.passable = asyncio.Event()
        self.passable.set()
        self.lines: set[Line] = set()
        self.frames_up = 0
        self.knocks = 0
        """How often a hub has tried to get through."""

    def transport(self, hub: str) -> "InternetTransport":
        return InternetTransport(self, hub)

    def cut(self, lost: Lost = _RESET) -> None:
        """All lines are reset."""
        for line in self._in_order():
            line.break_off(lost)

    def clear_up(self) -> None:
        """The weather is better: what was under way at a crawl is as fast as it is now."""
        for line in self._in_order():
            line.hurry()

    def freeze(self) -> None:
        """Every line becomes half-open. Those that stay so for SILENCE_S are given up, by either side by itself."""
        self.frozen = True
        self.passable.clear()
        for line in self._in_order():
            line.go_silent()

    def thaw(self) -> None:
        """What was held back arrives, where nobody gave it up."""
        self.frozen = False
        self.passable.set()
        for line in self._in_order():
            line.go_on()

    def _in_order(self) -> list[Line]:
        return sorted(self.lines, key=lambda it: it.number)

    def latency_s(self) -> float:
        return self.weather.delay_s + self.rng.uniform(0, self.weather.jitter_s)


class InternetTransport:
    """The hub's way: `hubagent.uplink.transports.port.Transport`."""

    def __init__(self, net: Internet, hub: str) -> None:
        self._net = net
        self._hub = hub

    async def connect(self, ear: Ear, farewell: Farewell) -> Connection:
        net = self._net
        net.knocks += 1
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                for _ in range(HANDSHAKES):
                    await asyncio.sleep(2 * net.latency_s())
                    await net.passable.wait()
                    if net.weather.refusing:
                        raise ConnectFailed(Lost(Trouble.NETWORK, "the connection was refused"))
                    if net.weather.trouble is not None:
                        raise ConnectFailed(net.weather.trouble)
                    if net.weather.crawling:
                        # Its bytes are on their way for longer than anybody waits.
                        await asyncio.sleep(CONNECT_TIMEOUT_S)
        except TimeoutError as error:
            raise ConnectFailed(Lost(Trouble.NETWORK, "nobody answered in time")) from error
        refused = net.server.admits(self._hub)
        if refused is not None:
            raise ConnectFailed(refused)
        line = Line(net, self._hub, ear)
        net.server.opened(line, farewell)
        return HubEnd(line)

    async def closed(self) -> None: ...


class HubEnd:
    """A connection as the session sees it."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.limits = Limits(FRAME_MAX, IN_FLIGHT_MAX)
        self.description = "a simulated network"

    @property
    def ready(self) -> bool:
        return self._line.hub_ready()

    def send(self, channel: Up, payload: bytes) -> None:
        assert len(payload) <= self.limits.payload_max, f"{len(payload)} bytes"
        self._line.send_up(channel, payload)

    def close(self) -> None:
        self._line.close_by_hub()

    def die(self) -> None:
        """The hub's process is gone without a word; its kernel ends the connection, should the network let it."""
        self._line.die()
