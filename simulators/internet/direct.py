"""A cloud that hubs are connected to, as with CoAP: it sees them come and go."""

from typing import Final

from hubagent.uplink.message.channel import Down
from hubagent.uplink.transports.port import Farewell, Lost, Trouble
from simulators.cloud.front import Receiver
from simulators.internet.line import Line

OUTSTANDING_MAX: Final = 64
"""Frames that a hub has not confirmed."""
BUFFER_MAX: Final = 256 * 1024
_REPLACED: Final = Lost(Trouble.REPLACED, "another connection has come with this name")


class Direct:
    """`network.Server`, and `simulators.cloud.front.Front`. `receiver` may be put in its place, and taken away."""

    def __init__(self) -> None:
        self.receiver: Receiver | None = None
        self._hubs: dict[str, Line] = {}

    # The network's side.

    def admits(self, hub: str) -> Lost | None:
        del hub
        return None if self.receiver is not None else Lost(Trouble.NETWORK, "the connection was refused")

    def opened(self, line: Line, farewell: Farewell) -> None:
        del farewell
        before = self._hubs.get(line.hub)
        self._hubs[line.hub] = line
        if before is not None:
            before.end(_REPLACED)

    def arrived(self, line: Line, channel: str, payload: bytes) -> str | None:
        if self.receiver is None:
            return "not now"
        self.receiver.received(line.hub, channel, payload)
        return None

    def writable(self, line: Line) -> None: ...

    def closed(self, line: Line, *, in_order: bool) -> None:
        del in_order
        if self._hubs.get(line.hub) is line:
            del self._hubs[line.hub]
            if self.receiver is not None:
                self.receiver.gone(line.hub)

    # The consumer's side.

    def send(self, hub: str, channel: Down, payload: bytes) -> bool:
        line = self._hubs.get(hub)
        if line is None or line.unanswered >= OUTSTANDING_MAX or line.down_size > BUFFER_MAX:
            return False
        line.send_down(channel, payload)
        return True

    def kick(self, hub: str) -> bool:
        line = self._hubs.get(hub)
        if line is not None:
            line.break_off(Lost(Trouble.CLOSED, "the cloud closed the connection"))
        return line is not None

    def refuse(self, _refusing: bool, /) -> bool:
        return False

    def listen(self, _listening: bool, /) -> bool:
        return False

    def gone(self) -> None:
        """The cloud's process has ended, and its connections with it."""
        self.receiver = None
        for line in list(self._hubs.values()):
            line.break_off(Lost(Trouble.CLOSED, "the cloud closed the connection"))
