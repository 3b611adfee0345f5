"""MQTT in a WebSocket (MQTT 5.0, section 6; RFC 6455): for networks that let nothing through but the web.

Sits between TLS and the MQTT connection, to which it looks like the wire. wsproto does the protocol.
"""

import asyncio
from typing import Final, cast

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    RejectConnection,
    RejectData,
    Request,
    TextMessage,
)
from wsproto.utilities import ProtocolError

from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.port import ConnectFailed, Lost, Trouble

SUBPROTOCOL: Final = "mqtt"
"""MQTT 5.0, section 6.0 [MQTT-6.0.0-3]."""
HTTPS_PORT: Final = 443
_NOT_ALLOWED: Final = (401, 403)
_NOT_NOW: Final = (429, 503)


class WebSocket(asyncio.Protocol):
    """One WebSocket; `inner` hears `connection_made` when the other side has taken it, and then what comes in it."""

    def __init__(self, inner: asyncio.Protocol, address: Address, path: str) -> None:
        self._inner = inner
        self._address = address
        self._request = Request(
            host=address.host if address.port == HTTPS_PORT else str(address), target=path, subprotocols=[SUBPROTOCOL]
        )
        self._socket = WSConnection(ConnectionType.CLIENT)
        self._wire: asyncio.Transport | None = None
        self._accepted = False
        self._failure: ConnectFailed | None = None

    # What asyncio tells it.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = cast("asyncio.Transport", transport)
        self._say(self._request)

    def data_received(self, data: bytes) -> None:
        if self._failure is not None:
            return
        try:
            self._socket.receive_data(data)
            for event in self._socket.events():
                self._take(event)
        except ProtocolError as error:
            self._fail(Lost(Trouble.PROTOCOL, f"{self._address} does not speak WebSocket: {str(error)[:100]}"))

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.abort()
        self._inner.connection_lost(self._failure or exc)

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    # What the MQTT connection asks of its wire.

    def write(self, data: bytes) -> None:
        if self._accepted:
            self._say(BytesMessage(data=data))

    def close(self) -> None:
        assert self._wire is not None
        if self._accepted:
            self._accepted = False
            self._say(CloseConnection(code=1000))
        self._wire.close()

    def abort(self) -> None:
        assert self._wire is not None
        self._accepted = False
        self._wire.abort()

    def pause_reading(self) -> None:
        assert self._wire is not None
        self._wire.pause_reading()

    def resume_reading(self) -> None:
        assert self._wire is not None
        self._wire.resume_reading()

    def set_write_buffer_limits(self, high: int) -> None:
        assert self._wire is not None
        self._wire.set_write_buffer_limits(high)

    # What the other side says.

    def _take(self, event: Event) -> None:
        match event:
            case AcceptConnection(subprotocol=subprotocol):
                self._taken(subprotocol)
            case BytesMessage(data=data):
                # Packets need not begin where messages do [MQTT-6.0.0-2].
                self._inner.data_received(bytes(data))
            case RejectConnection(status_code=status):
                self._rejected(status)
            case Ping():
                self._say(event.response())
            case CloseConnection(code=code):
                self._fail(Lost(Trouble.CLOSED, f"{self._address} closed the WebSocket (code {int(code)})"))
            case TextMessage():
                self._fail(Lost(Trouble.PROTOCOL, f"{self._address} sent text where MQTT has none"))
            case RejectData() | _:
                """Of a page that nobody reads; Pong."""

    def _taken(self, subprotocol: str | None) -> None:
        if subprotocol != SUBPROTOCOL:
            self._fail(Lost(Trouble.PROTOCOL, f"{self._address} has a WebSocket, but not for MQTT"))
        else:
            self._accepted = True
            self._inner.connection_made(cast("asyncio.BaseTransport", self))

    def _rejected(self, status: int) -> None:
        where = f"{self._address}{self._request.target}"
        if status in _NOT_ALLOWED:
            self._fail(Lost(Trouble.IDENTITY, f"{where} does not let the hub in ({status})"))
        elif status in _NOT_NOW:
            self._fail(Lost(Trouble.REFUSED, f"{where} takes no connections now ({status})"))
        else:
            self._fail(Lost(Trouble.PROTOCOL, f"{where} has no WebSocket for MQTT (it answered {status})"))

    def _say(self, event: Event) -> None:
        assert self._wire is not None
        self._wire.write(self._socket.send(event))

    def _fail(self, lost: Lost) -> None:
        """Told as the end of the wire."""
        if self._failure is None and self._wire is not None:
            self._failure = ConnectFailed(lost)
            self._accepted = False
            self._wire.abort()
