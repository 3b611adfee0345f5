"""The far end of a site's lines, with every frame that comes or goes in the trace."""

from hubagent.uplink.transports.port import Farewell, Lost
from simulators.internet.line import Line
from simulators.internet.network import Server
from simulators.site.trace import Trace


class WatchedServer:
    """A `network.Server`."""

    def __init__(self, server: Server, trace: Trace) -> None:
        self._server = server
        self._trace = trace

    def admits(self, hub: str) -> Lost | None:
        return self._server.admits(hub)

    def opened(self, line: Line, farewell: Farewell) -> None:
        self._trace.add("net", b"open")
        self._server.opened(line, farewell)

    def arrived(self, line: Line, channel: str, payload: bytes) -> str | None:
        self._trace.add(f"up {channel}", payload)
        return self._server.arrived(line, channel, payload)

    def writable(self, line: Line) -> None:
        self._server.writable(line)

    def closed(self, line: Line, *, in_order: bool) -> None:
        self._trace.add("net", b"closed in order" if in_order else b"closed")
        self._server.closed(line, in_order=in_order)
